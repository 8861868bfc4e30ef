"""schema.yaml -> Schema: entity types and relation types, checked once so that no later code checks them again."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from kg.errors import SchemaError

PascalCase = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z]*$")]
UpperSnake = Annotated[str, StringConstraints(pattern=r"^[A-Z]+(_[A-Z]+)*$")]
SnakeCase = Annotated[str, StringConstraints(pattern=r"^[a-z]+(_[a-z]+)*$")]


# What kg/data holds that readings depend on.
TABLES = (".csv", ".npz", ".xz", ".yaml", ".zip")
# Names that the document side of the graph (graph.py) uses itself.
LABELS = ("Alias", "Article", "Entity", "Issue")
EDGES = ("CONTAINS", "MENTIONS", "NAMES", "PHOTOGRAPHED", "WROTE")
EVIDENCE = ("article_id", "confidence", "date", "end", "rule", "sentence", "source", "start")


class Join(BaseModel):
    """Two names that touch are one: a ``left`` that ``ends`` so and a ``right`` that ``begins`` so."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    left: PascalCase
    ends: re.Pattern[str]
    right: PascalCase
    begins: re.Pattern[str]


class Claim(BaseModel):
    """A name to which the model gives another ``type``, though its ``form`` (searched in it) tells this one."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    type: PascalCase
    form: re.Pattern[str]


class StandIn(BaseModel):
    """A ``word`` (公司, 该校) that stands for the last entity whose ``name`` looks so; regular expressions."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    word: re.Pattern[str]
    name: re.Pattern[str]


class EntityType(BaseModel):
    """An entity type: ``label`` for Chinese readers, ``tags`` that recognisers give it, and how its names are bounded.

    A name in quotation marks runs on to one of ``heads``; what ``lead`` finds right before a name and ``trail`` right
    behind it belongs to it; ``joins`` say which two names that touch are one name of this type, ``claims`` which names
    are of this type whatever the model says, ``nameless`` what is no name of this type whatever the model says, and
    ``stands`` which words stand for a name that was given before.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    label: str
    tags: tuple[str, ...]
    heads: tuple[str, ...] = ()
    lead: re.Pattern[str] | None = None
    trail: re.Pattern[str] | None = None
    joins: tuple[Join, ...] = ()
    claims: tuple[Claim, ...] = ()
    nameless: re.Pattern[str] | None = None
    stands: tuple[StandIn, ...] = ()


class Pattern(BaseModel):
    """A named template over a sentence (``clauses.py`` explains it), and where to look for an end it does not capture.

    ``seek`` is tried in order: ``next`` and ``previous`` in the sentence, ``subject`` its first, ``last`` before the
    sentence, ``main`` the most often named before it, ``paragraph`` the first before in the paragraph, ``topic`` the
    first in the body, ``home`` the paper's own place.  ``sought`` narrows the entity types; ``named`` maps the ending
    of the word captured as attribute to what the sought name must look like (馆长: 馆$): the empty ending fits all
    words, a word that fits none finds nothing.  ``raw`` patterns are read first, and what they cover is left out of the
    sentence for the others: those see ``A、B出席`` where the page has ``市长A、局长B出席``.  What an ``aside`` says in
    passing (A旗下的B) no word around it denies or plans.  ``confidence`` is the share right among what it found in
    development data.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: SnakeCase
    find: str
    seek: tuple[Literal["next", "previous", "subject", "last", "main", "paragraph", "topic", "home"], ...] = ()
    sought: tuple[PascalCase, ...] = ()
    named: dict[str, str] = {}
    raw: bool = False
    aside: bool = False
    confidence: float = Field(default=0.5, ge=0, le=1)


class Prefix(BaseModel):
    """When a name that starts with another one of its type is its part: 太原分行营业部 of 太原分行.

    ``types`` of entities it holds for, ``part`` what the rest of the longer name must look like, ``whole`` what the
    shorter name must look like (regular expressions), ``confidence`` as in a pattern.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: SnakeCase = "name_prefix"
    types: tuple[PascalCase, ...]
    part: str
    whole: str
    confidence: float = Field(default=0.5, ge=0, le=1)


class RelationType(BaseModel):
    """A relation type: the entity types allowed at its ends, the attributes an edge may carry, how text states it.

    ``folds`` are templates that only hide words from patterns that are not raw.  ``status`` maps what is said of a
    statement (denied: it is none) to the words that say so, ``reads`` an attribute to what it looks like in the
    sentence: its last group, or all of it (attributes.py reads both).  ``fills`` are templates that begin with an end
    and capture attributes of a relation that no pattern reads.  ``in_turn`` are the words that pair two lists of one
    length one by one (A、B分获X、Y).  ``least`` is the probability from which on such a relation counts that no pattern
    reads.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    label: str
    head: tuple[PascalCase, ...]
    tail: tuple[PascalCase, ...]
    attributes: tuple[SnakeCase, ...] = ()
    symmetric: bool = False
    words: dict[SnakeCase, tuple[str, ...]] = {}
    patterns: tuple[Pattern, ...] = ()
    folds: tuple[str, ...] = ()
    status: dict[Literal["denied", "former", "planned"], re.Pattern[str]] = {}
    reads: dict[SnakeCase, re.Pattern[str]] = {}
    fills: tuple[str, ...] = ()
    prefix: Prefix | None = None
    in_turn: re.Pattern[str] | None = None
    least: float = Field(default=0.6, ge=0, le=1)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    entities: dict[PascalCase, EntityType]
    relations: dict[UpperSnake, RelationType]


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """The checked schema; ``type_by_tag`` maps a recogniser's tag to an entity type."""

    entities: Mapping[str, EntityType]
    relations: Mapping[str, RelationType]
    type_by_tag: Mapping[str, str]

    def allows(self, relation: str, head: str, tail: str) -> bool:
        """Tell whether ``relation`` may run from a ``head`` to a ``tail`` entity type."""
        declared = self.relations[relation]
        return head in declared.head and tail in declared.tail


def project_file(name: str) -> Path:
    """Return the path of a file or folder that stands at the top of the repository and is packed into the wheel."""
    packed = Path(__file__).parent / name
    return packed if packed.exists() else Path(__file__).parent.parent / name


def digest(path: Path | None = None) -> str:
    """Return eight hex digits that change with what decides a reading besides the model.

    That is ``path`` (default: the shipped schema.yaml), the tables of kg/data, and the program itself.
    """
    content = hashlib.sha256()
    package = Path(__file__).parent
    tables = sorted(file for file in (package / "data").iterdir() if file.suffix in TABLES)
    for file in [path or project_file("schema.yaml"), *tables, *sorted(package.glob("*.py"))]:
        content.update(file.read_bytes())
    return content.hexdigest()[:8]


def load(path: Path | None = None) -> Schema:
    """Read and check ``path`` (default: the shipped schema.yaml).

    Raises SchemaError that lists every fault at once.
    """
    path = path or project_file("schema.yaml")
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SchemaError(f"{path}: cannot be read ({error.strerror}); give another file with --schema") from error
    except (yaml.YAMLError, ValueError) as error:
        raise SchemaError(f"{path}: is not YAML ({error}); mend the line") from error
    try:
        parsed = _File.model_validate(content)
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, fault['loc'])) or 'file'}: {fault['msg']}" for fault in error.errors()]
        raise SchemaError("\n".join(f"{path}: {fault}; see the comments at its top" for fault in faults)) from error
    faults = [
        *_unknown_ends(parsed),
        *_unknown_kin(parsed),
        *_shared_tags(parsed),
        *_reserved(parsed),
        *_undeclared(parsed),
    ]
    if faults:
        raise SchemaError("\n".join(f"{path}: {fault}" for fault in faults))
    type_by_tag = {tag: name for name, declared in parsed.entities.items() for tag in declared.tags}
    return Schema(entities=parsed.entities, relations=parsed.relations, type_by_tag=type_by_tag)


def _reserved(parsed: _File) -> list[str]:
    attributes = {name: declared.attributes for name, declared in parsed.relations.items()}
    return [
        *(
            f"entities.{name}: is a label of the graph itself; choose another"
            for name in parsed.entities
            if name in LABELS
        ),
        *(f"relations.{name}: is an edge of the graph itself; choose another" for name in attributes if name in EDGES),
        *(
            f"relations.{name}.attributes: '{attribute}' is part of every edge's evidence; choose another name"
            for name, declared in attributes.items()
            for attribute in declared
            if attribute in EVIDENCE
        ),
    ]


def _undeclared(parsed: _File) -> list[str]:
    return [
        f"relations.{name}: '{attribute}' is read but not among its attributes; add it there"
        for name, declared in parsed.relations.items()
        for attribute in [*declared.reads, *(["status"] if declared.status else [])]
        if attribute not in declared.attributes
    ]


def _unknown_ends(parsed: _File) -> list[str]:
    known = ", ".join(parsed.entities)
    return [
        f"relations.{name}.{end}: unknown type '{type_}'; declare it under entities or use one of: {known}"
        for name, declared in parsed.relations.items()
        for end, types in (("head", declared.head), ("tail", declared.tail))
        for type_ in types
        if type_ not in parsed.entities
    ]


def _unknown_kin(parsed: _File) -> list[str]:
    return [
        f"entities.{name}.{rule}: unknown type '{type_}'; use one of: {', '.join(parsed.entities)}"
        for name, declared in parsed.entities.items()
        for rule, types in (
            ("joins", [type_ for join in declared.joins for type_ in (join.left, join.right)]),
            ("claims", [claim.type for claim in declared.claims]),
        )
        for type_ in types
        if type_ not in parsed.entities
    ]


def _shared_tags(parsed: _File) -> list[str]:
    owner: dict[str, str] = {}
    faults = []
    for name, declared in parsed.entities.items():
        for tag in declared.tags:
            if owner.setdefault(tag, name) != name:
                faults.append(f"entities.{name}.tags: '{tag}' is also a tag of {owner[tag]}; keep it in one")
    return faults
