"""An entity's id -> its card: names with reasons, statements with sentence and source, articles, what it may be.

Reads the graph through the ``query`` that it is given; prints nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg.ledger import MERGE, bare, unpack
from kg.records import ONE_OF_SEVERAL, Query

_ENTITY = """
MATCH (e:Entity {id: $id})
RETURN e.id AS id, e.type AS type, e.name AS name, e.articles AS articles, e.first_seen AS first_seen,
    e.last_seen AS last_seen
"""
_NAMINGS = """
MATCH (n:Naming {entity: $id}) WHERE n.rule <> $unsure
RETURN DISTINCT n.alias AS alias, n.read_as AS read_as, n.rule AS rule, n.own AS own ORDER BY alias, rule, read_as
"""
_LEDGER = "MATCH (l:Ledger {id: 'ledger'}) UNWIND l.decisions AS line RETURN line"
_STATEMENTS = """
MATCH (e:Entity {id: $id})-[r]-(other:Entity) WHERE r.article_id IS NOT NULL
WITH DISTINCT r, other, startNode(r).id = $id AS is_head
MATCH (a:Article {id: r.article_id})<-[:CONTAINS]-(i:Issue)
RETURN type(r) AS relation, is_head AS is_head, other.name AS other, r.date AS date, r.title AS title, r.role AS role,
    r.stake AS stake, r.amount AS amount, r.status AS status, r.sentence AS sentence, r.confidence AS confidence,
    r.rule AS rule, i.publication AS publication, i.date AS issue_date, a.page AS page,
    coalesce(a.title, left(a.text, 20) + '…') AS headline
ORDER BY relation, is_head DESC, coalesce(date, '') DESC, a.id, r.start, other
LIMIT $limit
"""
_WRITTEN = """
MATCH (:Entity {id: $id})-[r:WROTE|PHOTOGRAPHED]->(a:Article)<-[:CONTAINS]-(i:Issue)
RETURN DISTINCT type(r) AS relation, i.publication AS publication, i.date AS issue_date, a.page AS page,
    coalesce(a.title, left(a.text, 20) + '…') AS headline, a.id AS article
ORDER BY relation DESC, coalesce(issue_date, '') DESC, article LIMIT $limit
"""
_DOUBTS = """
MATCH (e:Entity {id: $id})-[r:MAYBE_SAME]-(other:Entity)
RETURN DISTINCT other.id AS id, other.name AS name, r.score AS score, r.reason AS reason ORDER BY score DESC, id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What the graph knows of one entity; ``statements`` and ``written`` are rows of their queries."""

    entity: Mapping[str, Any]
    reasons: Mapping[str, Sequence[str]]
    statements: Sequence[Mapping[str, Any]]
    written: Sequence[Mapping[str, Any]]
    doubts: Sequence[Mapping[str, Any]]


def card(entity_id: str, query: Query, *, limit: int) -> Card:
    """Return the card of the entity, with ``limit`` statements at most, and as many articles of a reporter."""
    (entity,) = query(_ENTITY, {"id": entity_id}).dicts()
    decided = (unpack(row["line"]) for row in query(_LEDGER, {}).dicts())
    merged = {entity for action, entity, _ in decided if action == MERGE}
    reasons: dict[str, list[str]] = {}
    namings = query(_NAMINGS, {"id": entity_id, "unsure": ONE_OF_SEVERAL}).dicts()
    rules = {naming["alias"]: naming["rule"] for naming in namings if not naming["own"]}
    for naming in namings:
        reason = _reason(naming, entity_id, merged, rules)
        if reason and reason not in reasons.setdefault(naming["alias"], []):
            reasons[naming["alias"]].append(reason)
    return Card(
        entity=entity,
        reasons={name: found for name, found in reasons.items() if found},
        statements=query(_STATEMENTS, {"id": entity_id, "limit": limit}).dicts(),
        written=query(_WRITTEN, {"id": entity_id, "limit": limit}).dicts(),
        doubts=query(_DOUBTS, {"id": entity_id}).dicts(),
    )


def _reason(naming: Mapping[str, Any], entity_id: str, merged: set[str], rules: Mapping[str, str]) -> str:
    """Say why a name is the entity's: its article's rule, another article's, or a person; "" of its own full name."""
    read_as = naming["read_as"]
    if read_as == entity_id or not naming["own"]:
        return "" if naming["own"] else str(naming["rule"])
    if read_as in merged:
        return "merged by hand"
    if bare(read_as) == bare(entity_id):
        return f"same name, read as {read_as}"
    return f"{rules.get(naming['alias'], 'by way of another name')}, in another article"


def to_object(card: Card) -> dict[str, Any]:
    """Return the card as a plain object for JSON."""
    return {
        **card.entity,
        "names": {name: list(reasons) for name, reasons in card.reasons.items()},
        "statements": list(card.statements),
        "written": list(card.written),
        "maybe_same": list(card.doubts),
    }


def to_lines(card: Card) -> Iterator[str]:
    """Yield the card as text, each statement ready to be cited."""
    entity = card.entity
    yield f"{entity['name']}  ({entity['id']})"
    seen = " to ".join(dict.fromkeys(filter(None, (entity["first_seen"], entity["last_seen"]))))
    yield f"{entity['articles'] or 0} articles{f', {seen}' if seen else ''}"
    if card.reasons:
        yield "\nnames"
        for name, reasons in card.reasons.items():
            yield f"  {name}  ({'; '.join(reasons)})"
    relation = None
    for row in card.statements:
        if row["relation"] != relation:
            relation = row["relation"]
            yield f"\n{relation}"
        yield f"  {_fact(row)}"
        yield f"    {' '.join(row['sentence'].split())}"
        yield f"    -- {_source(row)}"
    for relation in dict.fromkeys(row["relation"] for row in card.written):
        yield f"\n{relation}"
        yield from (f"  {_source(row)}" for row in card.written if row["relation"] == relation)
    if card.doubts:
        yield "\nmaybe the same (kg review)"
        for doubt in card.doubts:
            yield f"  {doubt['name']}  ({doubt['id']}; {doubt['score']}, {doubt['reason']})"


def _fact(row: Mapping[str, Any]) -> str:
    arrow = "->" if row["is_head"] else "<-"
    details = [str(row[name]) for name in ("title", "role", "stake", "amount", "status") if row[name]]
    told = f"  [{', '.join(details)}]" if details else ""
    return f"{arrow} {row['other']}{told}  {row['date'] or ''}  ({row['rule']}, {row['confidence']})"


def _source(row: Mapping[str, Any]) -> str:
    """Return publication, day, page and headline as a reader cites them."""
    issue = " ".join(filter(None, (row["publication"], row["issue_date"])))
    return f"{issue + ', ' if issue else ''}page {row['page']}: {row['headline']}"
