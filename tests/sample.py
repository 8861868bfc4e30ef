"""The two sample pages as a graph of rows, built by hand from their annotation: what report tests ask questions of.

No stage of kg made it, so a golden report changes only when the report does.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import TypedDict

from kg.names import key
from kg.records import EdgeRow, Graph, JSONValue, NodeRow
from kg.text import sentences

GOLD = Path(__file__).parent / "gold"
ISSUES = {"p1": ("sample-2025-11-15", "2025-11-15"), "p2": ("sample-2024-12-06", "2024-12-06")}
HOME = ("太原市", "山西省")
PARENTS = {
    "小店区": "太原市",
    "尖草坪区": "太原市",
    "清徐县": "太原市",
    "左权县": "晋中市",
    "祁县": "晋中市",
    "定襄县": "忻州市",
    "太原市": "山西省",
    "晋中市": "山西省",
    "忻州市": "山西省",
    "晋城市": "山西省",
    "长治市": "山西省",
}


class GoldEntity(TypedDict):
    """One entity of the annotation."""

    type: str
    name: str
    surfaces: list[str]


class GoldArticle(TypedDict):
    """One article of seeds.articles.jsonl joined with its entities and relations in seeds.gold.jsonl."""

    id: str
    page: int
    kind: str
    kicker: str | None
    title: str | None
    subtitle: str | None
    section: str | None
    byline: list[str]
    photographers: list[str]
    date: str | None
    body: str
    entities: list[GoldEntity]
    relations: list[dict[str, str | None]]


def articles() -> list[GoldArticle]:
    """Return the annotated articles of both pages in printed order."""
    annotation = {row["id"]: row for row in _rows("seeds.gold.jsonl")}
    return [
        {**row, "entities": annotation[row["id"]]["entities"], "relations": annotation[row["id"]]["relations"]}
        for row in _rows("seeds.articles.jsonl")
    ]


def graph(issue: str, rows: Iterable[GoldArticle] | None = None) -> Graph:
    """Return the rows of ``issue`` (p1 or p2) for ``Store.replace``; its sha256 covers all of them."""
    id_, date = ISSUES[issue]
    nodes: list[NodeRow] = []
    edges: list[EdgeRow] = []
    for position, article in enumerate((row for row in rows or articles() if row["id"].startswith(issue)), start=1):
        nodes.append(_article(article, position, date))
        edges.append(_edge("CONTAINS", ("Issue", id_), ("Article", article["id"]), position=position))
        for entity in article["entities"]:
            nodes.extend(_entity_nodes(entity))
            edges.extend(_entity_edges(article, entity))
        edges.extend(_relations(article, date))
    sha256 = hashlib.sha256(repr((nodes, edges)).encode()).hexdigest()
    nodes.append(
        _node(
            "Issue",
            id_,
            publication=None,
            date=date,
            home=HOME,
            sources=(f"{id_}.txt",),
            sha256=sha256,
            recognizer="gold",
            ingested_at="2025-11-16T08:00:00+00:00",
        )
    )
    return Graph(
        nodes=tuple({(node.labels[0], node.id): node for node in nodes}.values()),
        edges=tuple({(edge.type, edge.source, edge.target, *edge.key.items()): edge for edge in edges}.values()),
    )


def _rows(name: str) -> Iterator[GoldArticle]:
    with (GOLD / name).open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _text(article: GoldArticle) -> str:
    return f"{article['title']}\n{article['body']}" if article["title"] else article["body"]


def _node(label: str, id_: str, **properties: JSONValue) -> NodeRow:
    return NodeRow(labels=(label,), id=id_, properties=properties)


def _edge(type_: str, source: tuple[str, str], target: tuple[str, str], **properties: JSONValue) -> EdgeRow:
    return EdgeRow(type=type_, source=source, target=target, key={}, properties=properties)


def _article(article: GoldArticle, position: int, issue_date: str) -> NodeRow:
    return _node(
        "Article",
        article["id"],
        title=article["title"],
        kicker=article["kicker"],
        subtitle=article["subtitle"],
        section=article["section"],
        kind=article["kind"],
        date=article["date"] or issue_date,
        page=1,
        position=position,
        text=_text(article),
    )


def _id(type_: str, name: str) -> str:
    return f"{type_}:{key(name)}"


def _entity_node(type_: str, name: str) -> NodeRow:
    properties = {"name": name, "key": key(name), "type": type_}
    return NodeRow(labels=("Entity", type_), id=_id(type_, name), properties=properties)


def _ancestors(entity: GoldEntity) -> list[str]:
    chain = [entity["name"]] if entity["type"] == "Place" else []
    while chain and chain[-1] in PARENTS:
        chain.append(PARENTS[chain[-1]])
    return chain


def _entity_nodes(entity: GoldEntity) -> Iterator[NodeRow]:
    yield _entity_node(entity["type"], entity["name"])
    for place in _ancestors(entity)[1:]:
        yield _entity_node("Place", place)
    for name in (*entity["surfaces"], entity["name"]):
        yield _node("Alias", key(name), key=key(name), name=name)


def _entity_edges(article: GoldArticle, entity: GoldEntity) -> Iterator[EdgeRow]:
    text, this = _text(article), ("Entity", _id(entity["type"], entity["name"]))
    printed = [surface for surface in entity["surfaces"] if surface in text]
    for alias in sorted({key(name) for name in (entity["name"], *entity["surfaces"])}):
        yield _edge("NAMES", ("Alias", alias), this)
    if printed:
        yield _edge(
            "MENTIONS",
            ("Article", article["id"]),
            this,
            count=sum(text.count(surface) for surface in printed),
            surfaces=tuple(printed),
            aliases=tuple(map(key, printed)),
            offsets=tuple(sorted(text.index(surface) for surface in printed)),
            in_title=any(surface in (article["title"] or "") for surface in printed),
        )
    for type_, people in (("WROTE", article["byline"]), ("PHOTOGRAPHED", article["photographers"])):
        if entity["type"] == "Person" and entity["name"] in people:
            yield _edge(type_, this, ("Article", article["id"]))
    chain = _ancestors(entity)
    for place, parent in pairwise(chain):
        yield EdgeRow(
            type="PART_OF",
            source=("Entity", _id("Place", place)),
            target=("Entity", _id("Place", parent)),
            key={"source": "gazetteer"},
            properties={},
        )


def _relations(article: GoldArticle, issue_date: str) -> Iterator[EdgeRow]:
    entity_by_name = {entity["name"]: entity for entity in article["entities"]}
    for relation in article["relations"]:
        head, tail = entity_by_name[str(relation["head"])], entity_by_name[str(relation["tail"])]
        start, end = _evidence(_text(article), head, tail)
        attributes = {name: value for name, value in relation.items() if name not in ("head", "type", "tail")}
        yield EdgeRow(
            type=str(relation["type"]),
            source=("Entity", _id(head["type"], head["name"])),
            target=("Entity", _id(tail["type"], tail["name"])),
            key={"article_id": article["id"], "start": start},
            properties={
                "date": article["date"] or issue_date,
                "sentence": _text(article)[start:end].strip(),
                "end": end,
                "rule": "gold",
                "confidence": 1.0,
                **{name: value for name, value in attributes.items() if value},
            },
        )


def _evidence(text: str, head: GoldEntity, tail: GoldEntity) -> tuple[int, int]:
    """Return the first sentence that names both ends, else the first that names the rarer of them."""

    def weight(span: tuple[int, int]) -> float:
        sentence = text[slice(*span)]
        return sum(
            1 / sum(map(text.count, entity["surfaces"]))
            for entity in (head, tail)
            if any(surface in sentence for surface in entity["surfaces"])
        )

    return max(sentences(text), key=weight)
