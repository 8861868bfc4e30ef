"""A person's word -> a line in the ledger, then the graph as it says: names are looked up, contradictions refused.

The line is written before the graph is changed: if that fails, the next ``kg ingest`` does it.
"""

import datetime
from collections.abc import Callable, Sequence
from pathlib import Path

from kg import ledger, reconcile
from kg.context import PERSON
from kg.errors import InputError
from kg.gazetteer import Gazetteer
from kg.ledger import DROP, MERGE, RENAME, SPLIT, UNDO, Decisions, Line, bare, is_id
from kg.names import key
from kg.reconcile import Reread
from kg.records import ONE_OF_SEVERAL, Decision
from kg.store import Store
from kg.transaction import Change

# So many of several entities of one name are listed.
LISTED = 10


def entity(store: Store, name: str) -> str:
    """Return the id of the one entity that ``name`` stands for: any of its names, one given by a person, or its id.

    Raises InputError where there is none or more than one.
    """
    if is_id(name):
        if not store.query("MATCH (e:Entity {id: $id}) RETURN e.id", {"id": ledger.normal(name)}).rows:
            raise InputError(f"{name}: no such entity in the graph; kg show prints ids")
        return ledger.normal(name)
    if not key(name).strip():
        raise InputError("the name is empty; write it as the articles do, or give an entity's id")
    query = "MATCH (:Alias {id: $key})-[:NAMES]->(e:Entity) RETURN DISTINCT e.id AS id ORDER BY id"
    found = [str(id_) for (id_,) in store.query(query, {"key": key(name)}).rows]
    if not found:
        raise InputError(f"{name}: nothing of this name in the graph; {_dropped(store, name) or _near(store, name)}")
    if len(found) > 1:
        listed = ", ".join(f"{id_} ({_known_by(store, id_)})" for id_ in found[:LISTED])
        listed += " …" if len(found) > LISTED else ""
        raise InputError(f"{name}: is the name of {len(found)} entities; give one of {listed}")
    return found[0]


def _known_by(store: Store, id_: str) -> str:
    """Return what tells an entity from its namesakes: the last post or place told of it, else a headline."""
    told = (
        "MATCH (:Entity {id: $id})-[r:HOLDS_POSITION|LOCATED_IN|PART_OF]->(where:Entity) "
        "RETURN where.name AS name, coalesce(r.title, '') AS title "
        "ORDER BY CASE type(r) WHEN 'HOLDS_POSITION' THEN 0 ELSE 1 END, coalesce(r.date, '') DESC, name, title LIMIT 1"
    )
    headline = (
        "MATCH (:Entity {id: $id})--(a:Article) RETURN coalesce(a.title, left(a.text, 20) + '…') AS headline "
        "ORDER BY coalesce(a.date, '') DESC, a.id LIMIT 1"
    )
    rows = store.query(told, {"id": id_}).rows or store.query(headline, {"id": id_}).rows
    return "".join(str(part) for row in rows for part in row)


def _dropped(store: Store, name: str) -> str:
    query = (
        "MATCH (n:Naming {alias: $key}) WHERE NOT EXISTS { MATCH (e:Entity {id: n.entity}) } "
        "RETURN DISTINCT n.entity AS id ORDER BY id LIMIT 1"
    )
    found = store.query(query, {"key": key(name)}).rows
    return f"{found[0][0]} was dropped: kg decisions tells its number, kg undo NUMBER brings it back" if found else ""


def _near(store: Store, name: str) -> str:
    query = "MATCH (a:Alias) WHERE a.id CONTAINS $key OR $key CONTAINS a.id AND size(a.id) > 1 RETURN a.name AS name "
    near = [str(found) for (found,) in store.query(query + f"ORDER BY name LIMIT {LISTED}", {"key": key(name)}).rows]
    return f"there are {', '.join(near)}" if near else "write it as the articles do, or give an entity's id"


def _subject(store: Store, name: str) -> str:
    """Return the id that a decision about ``name`` is to stand under.

    A person's is the one with the place of the post, where articles give it, though no namesake needs it yet.
    """
    id_ = entity(store, name)
    if not id_.startswith(f"{PERSON}:"):
        return id_
    query = "MATCH (n:Naming {entity: $id}) WHERE n.own RETURN DISTINCT n.read_as AS id"
    known = [str(read_as) for (read_as,) in store.query(query, {"id": id_}).rows if bare(str(read_as)) == bare(id_)]
    return max([id_, *sorted(known)], key=len)


def merge(store: Store, one: str, other: str) -> list[Line]:
    """Return the lines by which ``one`` becomes part of ``other``."""
    ids = _subject(store, one), _subject(store, other)
    if ids[0] == ids[1]:
        raise InputError(f"{one}: is {other} already ({ids[0]}); nothing to merge")
    return [(MERGE, *ids)]


def split(store: Store, whole: str, names: Sequence[str]) -> list[Line]:
    """Return the lines by which ``names`` no longer are names of ``whole``; without any, all but its own.

    Raises InputError where there is nothing to split off; an id of the same name goes only where it is given.
    """
    id_ = entity(store, whole)
    query = "MATCH (n:Naming {entity: $id}) WHERE n.rule <> $unsure RETURN DISTINCT n.alias, n.read_as"
    rows = store.query(query, {"id": id_, "unsure": ONE_OF_SEVERAL}).rows
    namings = [(str(alias), str(read_as)) for alias, read_as in rows]
    own = bare(id_)
    known = sorted({alias for alias, _ in namings} - {own})
    parts = sorted({read_as for _, read_as in namings} - {id_})
    wanted = list(dict.fromkeys(ledger.normal(name) if is_id(name) else key(name) for name in names)) or known
    strange = [name for name in wanted if name not in known and name not in parts]
    if not wanted:
        raise InputError(f"{whole}: has no other name; there is nothing to split off")
    if strange:
        choice = f"its names are {', '.join([*known, *parts])}" if known or parts else "it has no other name"
        raise InputError(f"{whole}: {strange[0]} cannot be split off; {choice}")
    lines = [(SPLIT, id_, name) for name in wanted]
    # Where an article's own reading ties the name to what only leads here, that tie is cut too.
    lines += [
        (SPLIT, read_as, alias)
        for alias, read_as in sorted(namings)
        if alias in wanted and read_as != id_ and bare(read_as) != alias
    ]
    return lines


def rename(store: Store, one: str, name: str) -> list[Line]:
    """Return the line by which an entity is shown under another name."""
    if not key(name).strip():
        raise InputError("the new name is empty; give one")
    # Read from the ledger again, the name has to be the same.
    return [(RENAME, _subject(store, one), " ".join(name.split()))]


def drop(store: Store, one: str) -> list[Line]:
    """Return the line by which an entity and all that is said of it leaves the graph."""
    return [(DROP, _subject(store, one), "")]


def staying(store: Store, lines: Sequence[Line]) -> list[str]:
    """Return those that ``lines`` drop and that are still there: a city stays, since its districts lie in it."""
    dropped = [entity for action, entity, _ in lines if action == DROP]
    query = "UNWIND $ids AS id MATCH (e:Entity {id: id}) RETURN e.id AS id ORDER BY id"
    return [str(id_) for (id_,) in store.query(query, {"ids": dropped}).rows]


def undo(decisions: Sequence[Decision], number: int | None, where: Path) -> list[Line]:
    """Return the lines that take back decision ``number`` as kg decisions lists it, or the last one that holds.

    All lines that one command wrote go together; of those that come with kg each stands for itself.
    """
    made = [*decisions, *ledger.defaults()]
    holding = ledger.standing(decisions, ledger.defaults())
    own = [decision for decision in decisions if decision in holding]
    if number is None and not own:
        raise InputError(f"{where}: holds no decision; there is nothing to undo")
    if number is not None and not 1 <= number <= len(made):
        raise InputError(f"{where}: has no decision {number}; kg decisions lists them")
    chosen = own[-1] if number is None else made[number - 1]
    if chosen not in holding:
        raise InputError(f"{where}: decision {number} does not hold any more; there is nothing to undo")
    together = [decision for decision in own if _command(decision) == _command(chosen)] or [chosen]
    return [(UNDO + decision.action, decision.entity, decision.other) for decision in together]


def _command(decision: Decision) -> tuple[str, ...]:
    """Return what the lines that one command wrote have in common."""
    return decision.when, decision.who, decision.action, decision.why


def write(
    store: Store,
    path: Path,
    lines: Sequence[Line],
    *,
    who: str,
    why: str,
    knows: Callable[[str], bool] = bool,
) -> None:
    """Add lines to the ledger; ``knows`` tells the types of entities.

    Raises InputError, with nothing written, if they contradict it or if it is not the one that the graph was made with.
    """
    new = _decisions(lines, who=who, why=why)

    def work(change: Change) -> None:
        change.begin()
        held = ledger.read(path, knows, then=new)
        wrong, numbers = ledger.contradiction([*held, *new])
        if wrong and not ledger.contradiction(held)[0]:
            before = [number for number in numbers if number <= len(held)]
            first = f"; first take decision {before[0]} back: kg undo {before[0]}" if before else ""
            raise InputError(f"{path}: {wrong}{first}")
        reconcile.made_with(change, _settled([*held, *new], path), where=str(path))
        ledger.append(path, new)

    store.change(work)


def _settled(decisions: Sequence[Decision], path: Path) -> Decisions:
    return ledger.settle(decisions, str(path), shipped=ledger.defaults())


def _decisions(lines: Sequence[Line], *, who: str, why: str) -> list[Decision]:
    when = datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")
    return [Decision(when=when, who=who, action=a, entity=e, other=o, why=why) for a, e, o in lines]


def restore(store: Store, path: Path, *, who: str) -> list[Line]:
    """Write into the ledger what the graph was made with and the ledger lacks; return these lines.

    Raises InputError, with nothing written, if they contradict what stands there.
    """
    held = ledger.read(path)
    seen = _settled(held, path).seen
    lost = sorted(store.change(lambda change: change.begin()) - seen)
    new = _decisions(lost, who=who, why="restored from the graph")
    _settled([*held, *new], path)
    if new:
        ledger.append(path, new)
    return lost


def put_into_force(
    store: Store, path: Path, gazetteer: Gazetteer, reread: Reread, knows: Callable[[str], bool] = bool
) -> Decisions:
    """Bring the graph to what the ledger says, and return that.

    The ledger is read while no other command can write to the graph: a line that came in meanwhile is among the rest.
    ``knows`` tells the types of entities.
    """

    def work(change: Change) -> Decisions:
        change.begin()
        decisions = _settled(ledger.read(path, knows), path)
        reconcile.replay(change, decisions, where=str(path), gazetteer=gazetteer, reread=reread)
        return decisions

    return store.change(work)
