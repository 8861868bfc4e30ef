"""Label rows -> what is wrong with them: faults, which spoil scoring or training, and warnings, which a reader weighs.

In: rows in the gold format with the place where each stands; out: findings.  Only the labels are looked at; that a row
is an article at all is checked where it is read (jsonlines.py).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from kg import labels
from kg.labels import Row
from kg.names import key
from kg.schema import Schema

Text = Annotated[str, StringConstraints(min_length=1)]

BOOK_MARKS = "《》〈〉"
# 我国, 全省: what such a word stands for may have a name as short (中国).
RELATIVE_PLACE = re.compile("[我全].")
MENDED = "write it without"
# What kg extract says of an entity besides: no slip of the hand.
EXTRACTED = frozenset({"id", "mentions"})


class EntityLabel(BaseModel):
    """An entity of a row; further keys are kept for ``unknown_keys``, nobody else reads them."""

    model_config = ConfigDict(extra="allow", frozen=True)
    type: Text
    name: Text
    surfaces: Annotated[tuple[Text, ...], Field(min_length=1)]


class RelationLabel(BaseModel):
    """A relation of a row; further keys are its attributes."""

    model_config = ConfigDict(extra="allow", frozen=True)
    head: Text
    type: Text
    tail: Text


class _Labels(BaseModel):
    model_config = ConfigDict(frozen=True)
    entities: tuple[EntityLabel, ...]
    relations: tuple[RelationLabel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """One article's labels and what they are checked against.

    ``text`` is headline and body, ``generic`` matches surfaces that name nothing.
    """

    body: str
    text: str
    entities: tuple[EntityLabel, ...]
    relations: tuple[RelationLabel, ...]
    schema: Schema
    generic: re.Pattern[str]

    @property
    def surfaces(self) -> list[tuple[EntityLabel, str]]:
        return [(entity, surface) for entity in self.entities for surface in entity.surfaces]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was found in the labels of ``article``, which stands at ``where`` (file:line); ``text`` says what to do."""

    where: str
    article: str
    text: str
    is_fault: bool

    def __str__(self) -> str:
        return f"{self.where}: article {self.article}: {self.text}"


def check(rows: Iterable[tuple[str, Row]], schema: Schema, generic: re.Pattern[str]) -> Iterator[Finding]:
    """Yield what is wrong with each of ``rows``, given with its place, faults before warnings."""
    place_by_id: dict[str, str] = {}
    for where, row in rows:
        id_ = str(row["id"])
        faults, warnings = _read(row, schema, generic)
        if id_ in place_by_id:
            faults = [f"its id stands at {place_by_id[id_]} already; give each article its own", *faults]
        place_by_id.setdefault(id_, where)
        for found, is_fault in ((faults, True), (warnings, False)):
            for text in dict.fromkeys(found):
                yield Finding(where=where, article=id_, text=text, is_fault=is_fault)


def summary(rows: Iterable[Row], schema: Schema) -> str:
    """Return in one line how many articles, and how many entities and relations of each type, ``rows`` hold."""
    rows = list(rows)
    entities = Counter(entity["type"] for row in rows for entity in row["entities"])
    relations = Counter(relation["type"] for row in rows for relation in row["relations"])
    return "; ".join(
        (
            f"{len(rows)} articles",
            _counts("entities", entities, schema.entities),
            _counts("relations", relations, schema.relations),
        )
    )


def _read(row: Row, schema: Schema, generic: re.Pattern[str]) -> tuple[list[str], list[str]]:
    try:
        parsed = _Labels.model_validate(row)
    except ValidationError as error:
        return [f"{_told(error)}; see training/GUIDELINES.md for the format"], []
    found = Labels(
        body=row["text"],
        text=labels.full_text(row),
        entities=parsed.entities,
        relations=parsed.relations,
        schema=schema,
        generic=generic,
    )
    faults = [text for rule in FAULTS for text in rule(found)]
    return faults, [text for rule in WARNINGS for text in rule(found)]


def _told(error: ValidationError) -> str:
    return "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())


def no_text(found: Labels) -> Iterator[str]:
    """An article without a body, which nothing can be read in."""
    if not found.body.strip():
        yield "has no text; give its body as text, or leave the line out"


def unknown_types(found: Labels) -> Iterator[str]:
    """A type that schema.yaml does not declare."""
    for given, known in ((found.entities, found.schema.entities), (found.relations, found.schema.relations)):
        for type_ in (label.type for label in given if label.type not in known):
            yield f"unknown type '{type_}'; use one of: {', '.join(known)}"


def blank_ends(found: Labels) -> Iterator[str]:
    """A surface or a name that begins or ends with white space."""
    texts = [*(surface for _, surface in found.surfaces), *(entity.name for entity in found.entities)]
    for text in texts:
        if text != text.strip():
            yield f"'{text}' begins or ends with white space; {MENDED}"


def absent_surfaces(found: Labels) -> Iterator[str]:
    """A surface that is no substring of headline and text."""
    for entity, surface in found.surfaces:
        if surface not in found.text:
            yield f"'{surface}' ({entity.name}) does not stand in title or text; copy it from there or take it out"


def shared_surfaces(found: Labels) -> Iterator[str]:
    """A surface that is listed twice: where it stands does not tell which entity is meant."""
    owners: dict[str, list[str]] = defaultdict(list)
    for entity, surface in found.surfaces:
        owners[surface].append(f"{entity.name} ({entity.type})")
    for surface, names in owners.items():
        if len(set(names)) > 1:
            yield f"'{surface}' belongs to {' and '.join(dict.fromkeys(names))}; leave it with the one it mostly means"
        elif len(names) > 1:
            yield f"'{surface}' stands twice under {names[0]}; keep one"


def shared_names(found: Labels) -> Iterator[str]:
    """Two entities of one name, which the ends of relations could not tell apart."""
    types: dict[str, list[str]] = defaultdict(list)
    for entity in found.entities:
        types[entity.name].append(entity.type)
    for name, given in types.items():
        if len(set(given)) > 1:
            yield f"'{name}' is the name of a {' and of a '.join(given)}; give one of them another name"
        elif len(given) > 1:
            yield f"'{name}' is the name of two entities ({given[0]}); make them one"


def wrong_ends(found: Labels) -> Iterator[str]:
    """An end of a relation that is no entity of the article, or is of a type that the relation does not take."""
    type_by_name = {entity.name: entity.type for entity in found.entities}
    for relation in found.relations:
        declared = found.schema.relations.get(relation.type)
        for side, name in (("head", relation.head), ("tail", relation.tail)):
            type_ = type_by_name.get(name)
            allowed = getattr(declared, side) if declared else ()
            if type_ is None:
                yield f"{relation.type}: {side} '{name}' is the name of no entity; add the entity or mend the name"
            elif declared and type_ not in allowed:
                known = " or ".join(allowed)
                yield f"{relation.type}: {side} '{name}' is a {type_}, not a {known}; mend it or take the relation out"


def self_relations(found: Labels) -> Iterator[str]:
    """A relation from an entity to itself."""
    for relation in found.relations:
        if relation.head == relation.tail:
            yield f"{relation.type}: '{relation.head}' is both head and tail; mend one or take the relation out"


def repeated_relations(found: Labels) -> Iterator[str]:
    """A relation that stands there already, perhaps the other way round where the ends may be swapped."""
    seen: list[dict[str, Any]] = []
    for relation in found.relations:
        declared = found.schema.relations.get(relation.type)
        row = relation.model_dump()
        if declared and declared.symmetric:
            row["head"], row["tail"] = sorted((relation.head, relation.tail))
        if row in seen:
            yield f"{relation.type} of '{relation.head}' and '{relation.tail}' stands twice; keep one"
        seen.append(row)


def wrong_attributes(found: Labels) -> Iterator[str]:
    """An attribute that the relation type does not have, or that is no text."""
    for relation in found.relations:
        declared = found.schema.relations.get(relation.type)
        for name, value in (relation.model_extra or {}).items() if declared else ():
            if declared and name not in declared.attributes:
                known = ", ".join(declared.attributes) or "none"
                yield f"{relation.type}: unknown attribute '{name}' (it has: {known}); rename it or take it out"
            elif value is not None and not (isinstance(value, str) and value.strip()):
                yield f"{relation.type}: {name} {value!r} is no text; give the words of the article, or null"


def unknown_keys(found: Labels) -> Iterator[str]:
    """A key of an entity that nobody reads: by a slip of the hand, what stands there would be lost in silence."""
    known = ", ".join(EntityLabel.model_fields)
    for entity in found.entities:
        for name in sorted((entity.model_extra or {}).keys() - EXTRACTED):
            yield f"'{entity.name}' has an unknown key '{name}' (known: {known}); rename it or take it out"


def generic_surfaces(found: Labels) -> Iterator[str]:
    """A surface that refers without naming: 该行, 本市, 公司."""
    for entity, surface in found.surfaces:
        if found.generic.fullmatch(surface):
            yield f"'{surface}' ({entity.name}) names nothing by itself; take it out unless it is a name here"


def book_marks(found: Labels) -> Iterator[str]:
    """A surface or a name with 《》 around it, which belong to the sentence."""
    texts = [*(surface for _, surface in found.surfaces), *(entity.name for entity in found.entities)]
    for text in texts:
        if text[0] in BOOK_MARKS or text[-1] in BOOK_MARKS:
            yield f"'{text}' begins or ends with a book mark; {MENDED}"


def short_names(found: Labels) -> Iterator[str]:
    """A name that is neither a surface nor part of one nor longer; quotes, book marks and white space do not count."""
    for entity in found.entities:
        full = [surface for surface in entity.surfaces if not RELATIVE_PLACE.fullmatch(surface)]
        shortest = min(full, key=lambda surface: len(key(surface)), default="")
        is_part = any(key(entity.name) in key(surface) for surface in entity.surfaces)
        if not is_part and len(key(entity.name)) <= len(key(shortest)):
            yield f"name '{entity.name}' is no surface of it and no longer than '{shortest}'; give the fullest form"


def missed_surfaces(found: Labels) -> Iterator[str]:
    """A name that stands somewhere in the text within no surface."""
    spans = [span for _, surface in found.surfaces for span in _spans(surface, found.text)]
    for entity in found.entities:
        places = _spans(entity.name, found.text)
        if any(not any(start <= first and last <= end for start, end in spans) for first, last in places):
            yield f"'{entity.name}' stands in the text but not among its surfaces; add it if it means the {entity.type}"


def _spans(surface: str, text: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(re.escape(surface), text)]


def _counts(what: str, counts: Mapping[str, int], known: Iterable[str]) -> str:
    return f"{what}: {', '.join(f'{counts[type_]} {type_}' for type_ in known if type_ in counts) or 'none'}"


Rule = Callable[[Labels], Iterator[str]]
FAULTS: tuple[Rule, ...] = (
    no_text,
    unknown_types,
    blank_ends,
    absent_surfaces,
    shared_surfaces,
    shared_names,
    wrong_ends,
    self_relations,
    repeated_relations,
    wrong_attributes,
)
WARNINGS: tuple[Rule, ...] = (unknown_keys, generic_surfaces, book_marks, short_names, missed_surfaces)
