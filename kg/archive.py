"""Readings <-> rows of the graph's inner layer: what each article was read to say, before any decision.

The visible graph (entities, mentions, relations) is made from these, so that a merge, a split or a drop can be taken
back: ``(:Reading {id, packed})-[:USES]->(:Naming)``.  A Naming is shared by all articles that call a thing alike.
"""

import base64
import zlib
from collections.abc import Iterable

from pydantic import TypeAdapter

from kg.gazetteer import Gazetteer
from kg.names import key
from kg.records import ONE_OF_SEVERAL, EdgeRow, Entity, Graph, Issue, JSONValue, Naming, NodeRow, Reading

_READING = TypeAdapter(Reading)


def pack(reading: Reading) -> str:
    """Return the whole reading as one short text of ASCII characters."""
    return base64.b64encode(zlib.compress(_READING.dump_json(reading), 9)).decode("ascii")


def unpack(packed: str) -> Reading:
    """Return what ``pack`` was given."""
    return _READING.validate_json(zlib.decompress(base64.b64decode(packed)))


def namings(reading: Reading, home: str) -> list[Naming]:
    """Return what the article calls its entities; ``home`` is the code of the paper's province, or ""."""
    found = {naming for entity in reading.entities for naming in _namings(entity, home)}
    return sorted(found, key=lambda naming: (naming.read_as, naming.alias, naming.rule))


def _namings(entity: Entity, home: str) -> Iterable[Naming]:
    own = key(entity.name)
    yield Naming(alias=own, read_as=entity.id, rule="full name", home=home, own=True)
    for alias in entity.aliases:
        name = key(alias.text)
        if name != own:
            yield Naming(alias=name, read_as=entity.id, rule=alias.rule, home=home, own=False)
    for other in entity.perhaps:
        yield Naming(alias=own, read_as=other, rule=ONE_OF_SEVERAL, home=home, own=False)


def province(issue: Issue, gazetteer: Gazetteer) -> str:
    """Return the code of the province that an issue's paper is from, "" where it has no home."""
    home = gazetteer.home(issue.home)
    return home[0].code[:2] if home else ""


def to_rows(readings: Iterable[Reading], gazetteer: Gazetteer) -> Graph:
    """Return the rows of the inner layer; the ``entity`` of a naming is none of them, for it may be known already."""
    nodes: dict[tuple[str, str], NodeRow] = {}
    edges = []
    for reading in readings:
        article_id = reading.article.id
        nodes["Reading", article_id] = NodeRow(labels=("Reading",), id=article_id, properties={"packed": pack(reading)})
        for naming in namings(reading, province(reading.article.issue, gazetteer)):
            node = _naming_row(naming)
            nodes["Naming", node.id] = node
            edges.append(
                EdgeRow(type="USES", source=("Reading", article_id), target=("Naming", node.id), key={}, properties={})
            )
    return Graph(nodes=tuple(nodes.values()), edges=tuple(edges))


def _naming_row(naming: Naming) -> NodeRow:
    properties: dict[str, JSONValue] = {
        "alias": naming.alias,
        "read_as": naming.read_as,
        "rule": naming.rule,
        "home": naming.home,
        "own": naming.own,
    }
    return NodeRow(
        labels=("Naming",), id="|".join((naming.alias, naming.rule, naming.home, naming.read_as)), properties=properties
    )
