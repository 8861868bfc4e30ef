"""Readings and decisions -> the graph, so that it is what all of them say, in whatever order they came.

``store`` puts an issue in, ``withdraw`` takes one out, ``replay`` puts decisions into force, each within the
transaction that it is given.  Only what a change can reach is looked at: the namings at its aliases and the entities
that these lead to.  Articles of other issues are written again where one of their entities leads elsewhere now.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial

from kg import archive, graph, identity
from kg.errors import InputError
from kg.gazetteer import Gazetteer
from kg.identity import Identities
from kg.ledger import DROP, RENAME, SPLIT, Decisions, Line, is_id, normal
from kg.records import Issue, Reading
from kg.transaction import Change

Reread = Callable[[Reading, Decisions], Reading]


def store(
    change: Change,
    issue: Issue,
    readings: Sequence[Reading],
    *,
    recognizer: str,
    decisions: Decisions,
    gazetteer: Gazetteer,
    ingested_at: str,
) -> None:
    """Make ``readings`` all there is of ``issue``; ``ingested_at`` is the only thing stored that depends on the day.

    Raises InputError, with nothing written, if one of its articles belongs to another issue.
    """
    articles = [reading.article for reading in readings]
    article_ids = [article.id for article in articles]
    change.refuse_foreign(issue.id, article_ids)
    aliases = change.take_out(issue.id)
    change.put(graph.document_rows(issue, articles, recognizer=recognizer, ingested_at=ingested_at), dates={})
    ids, more = _archive(change, readings, gazetteer)
    _reconcile(change, ids | _called(change, {*aliases, *more}), decisions, gazetteer, articles=article_ids)


def withdraw(change: Change, issue_id: str, *, decisions: Decisions, gazetteer: Gazetteer) -> bool:
    """Leave the graph as if the issue had never been stored; return whether it was."""
    aliases = change.take_out(issue_id)
    found = change.withdraw(issue_id)
    _reconcile(change, _called(change, aliases), decisions, gazetteer)
    return found


def replay(change: Change, decisions: Decisions, *, where: str, gazetteer: Gazetteer, reread: Reread) -> None:
    """Bring the graph from the decisions that it was made with to ``decisions``; nothing to do where they are the same.

    ``reread`` reads an article again whose names a person split.  Raises InputError, naming ``where``, if decisions
    that the graph was made with are gone without having been taken back.
    """
    changed = made_with(change, decisions, where=where) ^ decisions.lines
    if not changed:
        return
    entities = {id_ for _, entity, other in changed for id_ in (entity, other) if is_id(id_)}
    again, ids = _read_again(change, changed, decisions, gazetteer, reread)
    ids |= entities | {naming.read_as for naming in change.namings("entity", entities)}
    renewed = {entity for action, entity, _ in changed if action in (DROP, RENAME)}
    renewed |= {naming.read_as for naming in change.namings("entity", renewed)}
    _reconcile(change, ids, decisions, gazetteer, articles=again, renewed=renewed)
    change.rename({entity: decisions.names.get(entity) for action, entity, _ in changed if action == RENAME})
    change.remember(decisions.lines)


def made_with(change: Change, decisions: Decisions, *, where: str) -> frozenset[Line]:
    """Return the decisions that the graph was made with.

    Raises InputError, naming ``where``, if some are gone from ``decisions`` without having been taken back.
    """
    held = change.begin()
    # What an earlier kg remembered may have ids as a person wrote them.
    lost = {line for line in held if not {line, _normal(line)} & decisions.seen}
    if lost:
        example = " ".join(filter(None, min(lost)))
        raise InputError(
            f"{where}: lacks {len(lost)} decisions that the graph was made with, such as '{example}'; "
            "give their file with --ledger, or have them written anew with kg decisions --restore"
        )
    return held


def _normal(line: Line) -> Line:
    action, entity, other = line
    return action, normal(entity), normal(other) if action != RENAME and is_id(other) else other


def _read_again(
    change: Change,
    changed: Iterable[Line],
    decisions: Decisions,
    gazetteer: Gazetteer,
    reread: Reread,
) -> tuple[list[str], set[str]]:
    """Read the articles again that use a name split off or put back; return their ids, and all ids in them."""
    names = {other for action, _, other in changed if action == SPLIT and not is_id(other)}
    article_ids = change.articles_that_use("alias", names)
    before = _readings(change, article_ids)
    readings = [reread(reading, decisions) for reading in before]
    aliases = change.forget(article_ids)
    ids, more = _archive(change, readings, gazetteer)
    return article_ids, ids | _called(change, {*aliases, *more})


def _archive(change: Change, readings: Sequence[Reading], gazetteer: Gazetteer) -> tuple[set[str], set[str]]:
    """Put readings into the inner layer; return the ids that they give to entities, and the aliases they use."""
    rows = archive.to_rows(readings, gazetteer)
    change.put(rows, dates={})
    namings = [node.properties for node in rows.nodes if node.labels[0] == "Naming"]
    return {str(naming["read_as"]) for naming in namings}, {str(naming["alias"]) for naming in namings}


def _called(change: Change, aliases: Collection[str]) -> set[str]:
    """Return the ids of those whose full name is one of ``aliases``: where they lead may have changed."""
    return {naming.read_as for naming in change.namings("alias", aliases) if naming.own}


def _readings(change: Change, article_ids: Collection[str]) -> list[Reading]:
    return [archive.unpack(packed) for packed in change.packed(article_ids)]


def _reconcile(
    change: Change,
    ids: Collection[str],
    decisions: Decisions,
    gazetteer: Gazetteer,
    *,
    articles: Collection[str] = (),
    renewed: Collection[str] = (),
) -> None:
    """Let ``ids`` lead where they lead now, and write ``articles`` and all others that use one which moved.

    ``renewed`` count as moved.
    """
    before, identities, moved = _closure(change, set(ids), decisions, set(renewed))
    change.attach(identities.entity_by_id)
    concerned = {*articles, *change.articles_that_use("read_as", moved)}
    readings = _readings(change, concerned)
    used = {entity.id for reading in readings for entity in reading.entities}
    entity_by_id = {
        naming.read_as: naming.entity for naming in change.namings("read_as", used) if naming.entity is not None
    }
    led = [identity.apply(reading, entity_by_id, decisions.dropped) for reading in readings]
    change.clear(sorted(concerned))
    dates = {reading.article.id: reading.article.date or reading.article.issue.date for reading in led}
    rows = graph.entity_rows(led, ancestors=gazetteer.ancestors, names=decisions.names)
    change.put(rows, dates)
    at = {*before.values(), *identities.entity_by_id.values()}
    change.doubt(identities.entity_by_id, at, identities.doubts)


def _closure(
    change: Change, ids: set[str], decisions: Decisions, renewed: set[str]
) -> tuple[Mapping[str, str], Identities, set[str]]:
    """Return where all that ``ids`` can reach led before and leads now, and which of it moved."""
    while True:
        before = {naming.read_as: naming.entity for naming in change.namings("read_as", ids) if naming.entity}
        identities = identity.identify(ids, decisions, partial(change.namings, "alias"))
        moved = renewed | {id_ for id_, entity in before.items() if identities.entity_by_id[id_] != entity}
        left = {before[id_] for id_ in moved if id_ in before}
        reached = {naming.read_as for naming in change.namings("entity", left)} | set(change.doubters(left))
        reached |= _called(change, {naming.alias for naming in change.namings("read_as", moved)})
        if reached <= ids:
            return before, identities, moved
        ids |= reached
