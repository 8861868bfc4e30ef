"""What would be done to a graph: the very transactions of a real run, compared before and after, then rolled back.

In: an open store.  Out: a store to work with in its place, and after each step the rows of the visible graph that it
made appear, vanish or change.  Only what a step reached is looked at (``Change.reached``), not the whole graph.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from kg.records import Query, Table
from kg.store import Store
from kg.transaction import READ_AS, Change

Row = dict[str, Any]
# What can be reached: label and id.
Owner = tuple[str, str]
# Kind, and what tells it from others of its kind.
Fact = tuple[object, ...]
Facts = dict[Fact, Row]

# So many names that would lead elsewhere stand in a line.
SHOWN = 5
LEADS = "leads"
# The clock's, not the issue's: a real run has another one.
_TIME = "ingested_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Rows of one kind: ``cypher`` finds those that belong to ``label`` nodes by their ``$ids``.

    The column ``owner`` is one of the ids, ``row`` holds properties, others join them; ``key`` are those that tell rows
    of one owner apart.
    """

    name: str
    label: str
    cypher: str
    key: tuple[str, ...] = ()


_TO_ARTICLE = "MATCH (:Article {id: id})-[r:MENTIONS|WROTE|PHOTOGRAPHED]-(e:Entity) "
KINDS = (
    Kind(name="issues", label="Issue", cypher="MATCH (n:Issue {id: id}) RETURN id AS owner, n AS row"),
    Kind(
        name="articles",
        label="Article",
        cypher="MATCH (n:Article {id: id})<-[:CONTAINS]-(i:Issue) RETURN id AS owner, i.id AS issue, n AS row",
    ),
    Kind(
        name="entities",
        label="Entity",
        cypher="MATCH (n:Entity {id: id}) OPTIONAL MATCH (n)<-[:NAMES]-(a:Alias) WITH id, n, a.name AS name "
        "ORDER BY name WITH id, n, collect(name) AS names "
        "OPTIONAL MATCH (n)-[:PART_OF {source: 'gazetteer'}]->(p:Entity) "
        "WITH id, n, names, p.id AS part ORDER BY part RETURN id AS owner, names, collect(part) AS part_of, n AS row",
    ),
    Kind(
        name="mentions",
        label="Article",
        cypher=_TO_ARTICLE + "RETURN id AS owner, id AS article_id, e.id AS entity, r AS row",
        key=("type", "entity"),
    ),
    Kind(
        name="relations",
        label="Article",
        cypher=_TO_ARTICLE + "WITH DISTINCT id, e MATCH (e)-[r]->(other:Entity) WHERE r.article_id = id "
        "RETURN id AS owner, e.id AS head, other.id AS tail, r AS row",
        key=("head", "type", "tail", "start"),
    ),
    Kind(
        name="doubts",
        label=READ_AS,
        cypher="MATCH (n:Naming {read_as: id}) WITH DISTINCT id, n.entity AS entity "
        "MATCH (e:Entity {id: entity})-[r:MAYBE_SAME]->(other:Entity) WHERE r.read_as = id "
        "RETURN id AS owner, e.id AS one, other.id AS two, r AS row",
        key=("one", "two", "other"),
    ),
    Kind(
        name=LEADS,
        label=READ_AS,
        cypher="MATCH (n:Naming {read_as: id}) RETURN DISTINCT id AS owner, n.entity AS entity, {} AS row",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a step does, by kind: rows that appear, rows that vanish, and of those that change what was and what is.

    ``elsewhere`` are (what articles call it, where that led, where it leads now): a later issue may say what a short
    form in earlier ones means.
    """

    appear: Mapping[str, tuple[Row, ...]]
    vanish: Mapping[str, tuple[Row, ...]]
    change: Mapping[str, tuple[tuple[Row, Row], ...]]
    elsewhere: tuple[tuple[str, str, str], ...]


@contextmanager
def rehearse(store: Store) -> Iterator[tuple[Store, Callable[[], Changes]]]:
    """Give a store to work with, of which nothing lasts, and a function that says what was done since it last did."""
    begun: list[Change] = []
    known: dict[Owner, Facts] = {}
    with store.rehearsal(begun.append) as trial:

        def changes() -> Changes:
            reached = {(label, id_) for change in begun for label, ids in change.reached.items() for id_ in ids}
            begun.clear()
            # What no earlier step reached is still as it lies outside the rehearsal.
            before = _facts(store.query, reached - known.keys()) | {o: known[o] for o in reached & known.keys()}
            after = _facts(trial.query, reached)
            known.update(after)
            return _compared(_together(before), _together(after))

        yield trial, changes


def _facts(query: Query, owners: Collection[Owner]) -> dict[Owner, Facts]:
    found: dict[Owner, Facts] = {owner: {} for owner in owners}
    for kind in KINDS:
        ids = sorted(id_ for label, id_ in owners if label == kind.label)
        table = query(f"UNWIND $ids AS id {kind.cypher}", {"ids": ids}) if ids else Table(columns=(), rows=())
        for row in table.dicts():
            owner = row.pop("owner")
            row |= row.pop("row")
            row.pop(_TIME, None)
            found[kind.label, owner][(kind.name, owner, *(row[column] for column in kind.key))] = row
    return found


def _together(facts: Mapping[Owner, Facts]) -> Facts:
    return {fact: row for owned in facts.values() for fact, row in owned.items()}


def _compared(before: Facts, after: Facts) -> Changes:
    both = before.keys() & after.keys()
    changed = sorted((fact for fact in both if before[fact] != after[fact]), key=repr)
    leads = [(fact, before[fact]["entity"], after[fact]["entity"]) for fact in changed if fact[0] == LEADS]
    names = [kind.name for kind in KINDS if kind.name != LEADS]
    gone, new = (sorted(one.keys() - other.keys(), key=repr) for one, other in ((before, after), (after, before)))
    return Changes(
        appear={name: tuple(after[fact] for fact in new if fact[0] == name) for name in names},
        vanish={name: tuple(before[fact] for fact in gone if fact[0] == name) for name in names},
        change={name: tuple((before[fact], after[fact]) for fact in changed if fact[0] == name) for name in names},
        elsewhere=tuple((str(fact[1]), was, now) for fact, was, now in leads if was and now),
    )


def summary(changes: Changes) -> str:
    """Return in a few words how much would appear, vanish and change; "" where nothing would."""
    counts = [
        (verb, [f"{len(rows[name])} {name}" for name in rows if rows[name]])
        for verb, rows in (("appear", changes.appear), ("vanish", changes.vanish), ("change", changes.change))
    ]
    ways = [f"{read_as} → {now}" for read_as, _, now in changes.elsewhere]
    more = [f"{len(ways) - SHOWN} more"] if len(ways) > SHOWN else []
    counts.append(("lead elsewhere", [*ways[:SHOWN], *more]))
    return "; ".join(f"would {verb}: {', '.join(told)}" for verb, told in counts if told)


def to_object(changes: Changes) -> dict[str, Any]:
    """Return the rows as a plain object; of what changes, only the properties that do, besides what names it."""
    return {
        "appear": {name: list(rows) for name, rows in changes.appear.items()},
        "vanish": {name: list(rows) for name, rows in changes.vanish.items()},
        "change": {
            kind.name: [_difference(was, now, kind) for was, now in changes.change[kind.name]]
            for kind in KINDS
            if kind.name in changes.change
        },
        "elsewhere": [{"read_as": name, "before": was, "after": now} for name, was, now in changes.elsewhere],
    }


def _difference(was: Row, now: Row, kind: Kind) -> dict[str, Any]:
    named = {column: now[column] for column in ("id", "article_id", *kind.key) if column in now}
    differing = sorted(name for name in was.keys() | now.keys() if was.get(name) != now.get(name))
    return {
        **named,
        "before": {name: was.get(name) for name in differing},
        "after": {name: now.get(name) for name in differing},
    }
