"""decisions.csv <-> what a person decided: which entities are one, which names are not theirs, how they are called.

The ledger is a plain CSV with a line a decision, made to stand under version control; lines are added, never changed.
``defaults`` are decisions of the same form that come with kg; they hold where no line of the user's own says otherwise.
``settle`` says what holds after all lines, or which of them contradict each other.  What follows for the graph is said
in identity.py and resolve.py.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from kg.errors import InputError
from kg.names import key
from kg.records import Decision

COLUMNS = ("when", "who", "action", "entity", "other", "why")
MERGE, SPLIT, RENAME, DROP = ACTIONS = ("merge", "split", "rename", "drop")
UNDO = "undo "
# What git writes into a file that two people changed in one place.
CONFLICT = re.compile(r"^(?:<{7} |={7}$|>{7} )", re.MULTILINE)
DEFAULTS = Path(__file__).parent / "data" / "decisions.csv"

# What a decision says: action, entity, other.
Line = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """What holds: ``into`` entity -> the one it is part of; ``apart`` (entity, name that is none of its).

    ``lines`` are all decisions that hold, ``seen`` also those that were taken back, each as (action, entity, other).
    """

    into: Mapping[str, str] = field(default_factory=dict)
    apart: frozenset[tuple[str, str]] = frozenset()
    names: Mapping[str, str] = field(default_factory=dict)
    dropped: frozenset[str] = frozenset()
    lines: frozenset[Line] = frozenset()
    seen: frozenset[Line] = frozenset()


NONE = Decisions()


def read(path: Path, knows: Callable[[str], bool] = bool, *, then: Sequence[Decision] = ()) -> list[Decision]:
    """Return the decisions of a ledger in their order; a file that is not there, or is empty, holds none.

    Ids are brought to the form that the graph's have: 山西大學 in one is 山西大学.  Raises InputError that names the
    line of what is no decision, or has a type that nobody ``knows`` and is not taken back, there or by ``then``.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read as UTF-8 ({error}); mend it or give another --ledger") from error
    if not text.strip():
        return []
    if conflict := CONFLICT.search(text):
        line = text.count("\n", 0, conflict.start()) + 1
        raise InputError(
            f"{path}:{line}: holds the marks of a conflict; keep the lines of both sides, take the marks out"
        )
    # Strict: a quotation mark that is never closed would make all that follows part of one line.
    rows = csv.DictReader(io.StringIO(text), strict=True)
    made: list[Decision] = []
    lines: list[int] = []
    end = 0
    try:
        if tuple(rows.fieldnames or ()) != COLUMNS:
            raise InputError(f"{path}:1: is no ledger; its first line is {','.join(COLUMNS)}")
        end = rows.line_num
        for row in rows:
            made.append(_decision(row, f"{path}:{rows.line_num}"))
            lines.append(rows.line_num)
            end = rows.line_num
    except csv.Error as error:
        raise InputError(f"{path}:{end + 1}: is no CSV ({error}); mend the line") from error
    held = {line_of(decision) for decision in holding([*made, *then])}
    for number, decision in enumerate(made, 1):
        strange = [id_ for id_ in _ids(decision) if not knows(id_.partition(":")[0])]
        if strange and line_of(decision) in held:
            raise InputError(
                f"{path}:{lines[number - 1]}: '{strange[0]}' is of no known type; mend the line, or kg undo {number}"
            )
    return made


def _ids(decision: Decision) -> list[str]:
    """Return the entities of a decision by their ids; what stands beside one may be just a name."""
    is_other_id = decision.action.removeprefix(UNDO) in (MERGE, SPLIT) and is_id(decision.other)
    return [decision.entity, decision.other] if is_other_id else [decision.entity]


def _decision(row: Mapping[str | None, object], where: str) -> Decision:
    values = [row.get(column) for column in COLUMNS]
    if None in row or not all(isinstance(value, str) for value in values):
        raise InputError(f"{where}: has not {len(COLUMNS)} columns; mend the line")
    decision = Decision(**{column: str(row[column]).strip() for column in COLUMNS})
    action = decision.action.removeprefix(UNDO)
    for value in (decision.entity, decision.other):
        if any(unicodedata.category(char) == "Cc" for char in value):
            raise InputError(f"{where}: {value!r} holds a tab or a line break; take it out")
    if action not in ACTIONS:
        raise InputError(f"{where}: '{decision.action}' is no action; use {', '.join(ACTIONS)}, or undo before one")
    for value in [decision.entity, decision.other] if action == MERGE else [decision.entity]:
        if not is_id(value):
            raise InputError(f"{where}: '{value}' is no entity; write Type:name, as kg show prints it")
    if not decision.other and action != DROP:
        raise InputError(f"{where}: {action} lacks its second name, in the column other; add it")
    entity, *other = map(normal, _ids(decision))
    return replace(decision, entity=entity, other=other[0] if other else decision.other)


def normal(entity_id: str) -> str:
    """Return the id as the graph has it, its name as names are compared by: neither traditional nor in quotes."""
    type_, _, name = entity_id.partition(":")
    before, at, code = name.rpartition("@")
    return f"{type_}:{key(before)}@{code}" if before and at else f"{type_}:{key(name)}"


def is_id(text: str) -> bool:
    """Tell whether ``text`` has the form of an entity's id, such as Organisation:太重集团."""
    type_, colon, name = text.partition(":")
    return bool(colon and name and type_.isascii() and type_.isalpha() and type_[0].isupper())


def append(path: Path, decisions: Sequence[Decision]) -> None:
    """Add decisions to a ledger; the file is made where there is none."""
    text = io.StringIO()
    rows = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    is_new = not path.exists() or path.stat().st_size == 0
    if is_new:
        rows.writeheader()
    for decision in decisions:
        rows.writerow({column: getattr(decision, column) for column in COLUMNS})
    try:
        ends_open = not is_new and path.read_bytes()[-1:] != b"\n"
        with path.open("a", encoding="utf-8", newline="") as ledger:
            ledger.write("\n" * ends_open + text.getvalue())
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror}); give another --ledger") from error


def pack(line: Line) -> str:
    """Return a line as the graph keeps it: its parts with tabs between them, which no part may hold (see ``read``)."""
    return "\t".join(line)


def unpack(packed: str) -> Line:
    """Return what ``pack`` was given."""
    action, entity, other = packed.split("\t", 2)
    return action, entity, other


def line_of(decision: Decision) -> Line:
    """Return what a decision says, whoever said it; an undone one and its undoing say the same."""
    action = decision.action.removeprefix(UNDO)
    other = key(decision.other) if action == SPLIT and not is_id(decision.other) else decision.other
    return action, decision.entity, other


def holding(decisions: Iterable[Decision]) -> list[Decision]:
    """Return the decisions that nothing has taken back, in their order; of renames of one entity the last."""
    held: dict[Line, Decision] = {}
    for decision in decisions:
        said = line_of(decision)
        held.pop(said, None)
        if not decision.action.startswith(UNDO):
            held[said] = decision
    names = {entity: other for action, entity, other in held if action == RENAME}
    return [held[said] for said in held if said[0] != RENAME or names[said[1]] == said[2]]


@lru_cache(maxsize=1)
def defaults() -> tuple[Decision, ...]:
    """Return the decisions that come with kg (kg/data/decisions.csv), read once."""
    return tuple(read(DEFAULTS))


def standing(decisions: Sequence[Decision], shipped: Sequence[Decision]) -> list[Decision]:
    """Return the decisions that hold, and of the ``shipped`` ones those that no decision takes back or contradicts."""
    held = holding([*shipped, *decisions])
    kept = [decision for decision in held if decision in decisions]
    lines = [line_of(decision) for decision in kept]
    for decision in held:
        if decision not in kept and not _contradiction([*lines, line_of(decision)]):
            kept.append(decision)
            lines.append(line_of(decision))
    return kept


def settle(decisions: Sequence[Decision], where: str, *, shipped: Sequence[Decision] = ()) -> Decisions:
    """Return what holds after all decisions; raises InputError that names those that cannot hold together.

    What a shipped merge made one is read as one (lexicon.py): where it does not hold, its name is split off.
    """
    wrong, numbers = contradiction(decisions)
    if wrong:
        told = f" (decisions {' and '.join(map(str, numbers))})" if numbers else ""
        raise InputError(f"{where}: contradicts itself: {wrong}{told}; kg undo NUMBER takes one back")
    lines = {line_of(decision) for decision in standing(decisions, shipped)}
    merges = {line for line in map(line_of, shipped) if line[0] == MERGE}
    lines |= {_split_of(line) for line in merges - lines}
    return Decisions(
        into={entity: other for action, entity, other in lines if action == MERGE},
        apart=frozenset((entity, other) for action, entity, other in lines if action == SPLIT),
        names={entity: other for action, entity, other in lines if action == RENAME},
        dropped=frozenset(entity for action, entity, _ in lines if action == DROP),
        lines=frozenset(lines),
        seen=frozenset([*map(line_of, decisions), *map(line_of, shipped), *map(_split_of, merges)]),
    )


def contradiction(decisions: Sequence[Decision]) -> tuple[str, list[int]]:
    """Return what decisions that hold cannot both say, and the numbers of each without which the others hold together.

    The numbers count from 1, as kg decisions lists them; "" and none where all hold together.
    """
    number_of = {line_of(decision): number for number, decision in enumerate(decisions, 1)}
    held = [line_of(decision) for decision in holding(decisions)]
    wrong = _contradiction(held)
    needed = [line for line in held if not _contradiction(other for other in held if other != line)] if wrong else []
    return wrong, sorted(number_of[line] for line in needed)


def _split_of(merge: Line) -> Line:
    _, entity, other = merge
    return SPLIT, other, bare(entity)


def _contradiction(said: Iterable[Line]) -> str:
    """Return what two of the lines cannot both say, "" where they hold together."""
    lines = list(said)
    merges = [(entity, other) for action, entity, other in lines if action == MERGE]
    apart = {(entity, other) for action, entity, other in lines if action == SPLIT}
    dropped = {entity for action, entity, _ in lines if action == DROP}
    into: dict[str, str] = {}
    for entity, other in merges:
        if entity.partition(":")[0] != other.partition(":")[0]:
            return f"{entity} and {other} are of two types; drop the wrong one"
        if into.setdefault(entity, other) != other:
            return f"{entity} is merged into both {into[entity]} and {other}"
    for start in into:
        entity, passed = start, {start}
        while entity in into:
            entity = into[entity]
            if entity in passed:
                return f"{start} is merged into itself, by way of {entity}"
            passed.add(entity)
    for entity, other in into.items():
        if {(other, entity), (other, bare(entity))} & apart:
            return f"{entity} is both merged into {other} and split off it"
        if entity in dropped:
            return f"{entity} is both dropped and merged into {other}"
    return ""


def bare(entity_id: str) -> str:
    """Return the name in an id: 鼓楼区 of Place:鼓楼区@320106."""
    name = entity_id.partition(":")[2]
    return name.rpartition("@")[0] or name
