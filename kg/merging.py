"""Which names of one article come together: groups of names by id -> the group that each one joins.

In: names grouped by the id of their meaning.  Out: ``Step`` by id.  Whether two strings may be one is decided in
shortening.py; here a short name that two fuller ones could mean stays alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg import clues as kg_clues
from kg.clues import Clues
from kg.context import Context, Name
from kg.meanings import Meaning
from kg.names import key
from kg.shortening import MERGES, least_common, stands_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Where a group of names goes: the id of the fuller name, and the rule that led there."""

    id: str
    rule: str


def steps(
    groups: Mapping[str, Sequence[Name]], meanings: Mapping[Name, Meaning], context: Context
) -> tuple[dict[str, Step], dict[str, tuple[str, ...]]]:
    """Return id -> the step to a fuller name, for every group that another one swallows; steps never go in circles.

    Beside them, id -> the fuller names of which it may be any.  A group with a settled meaning is not swallowed, but
    others may join it.
    """
    forms_by_type: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for id_, group in groups.items():
        forms_by_type[group[0].type][id_] = tuple(sorted({key(meanings[name].name) for name in group}))
    settled = {meaning.id for meaning in meanings.values() if meaning.settled}
    clues = kg_clues.collect(context, meanings)
    found: dict[str, Step] = {}
    unsure: dict[str, tuple[str, ...]] = {}
    for type_, forms in forms_by_type.items():
        signs_by_id = {id_: frozenset("".join(own)) for id_, own in forms.items()}
        for id_ in sorted(forms.keys() - settled):
            # Most names share too little with any other to be compared.
            least, own = least_common(type_, forms[id_], clues), signs_by_id[id_]
            alike = [other for other, signs in signs_by_id.items() if len(own & signs) >= least and other != id_]
            fuller = _fuller(type_, id_, alike, forms, clues) if alike else None
            if isinstance(fuller, tuple):
                unsure[id_] = fuller
            elif fuller and follow(fuller.id, found)[0] != id_:
                found[id_] = fuller
    return found, unsure


def follow(id_: str, steps: Mapping[str, Step]) -> tuple[str, str]:
    """Return the id where ``id_`` ends up, and the rule of its first step ("" where it stays)."""
    rule = steps[id_].rule if id_ in steps else ""
    while id_ in steps:
        id_ = steps[id_].id
    return id_, rule


def _fuller(
    type_: str, id_: str, others: Iterable[str], forms: Mapping[str, Sequence[str]], clues: Clues
) -> Step | tuple[str, ...] | None:
    """Return the step to the one fuller name that the strongest rule finds, or to the one of several that covers all.

    Several that none covers are returned themselves.
    """
    ranks = {other: _rank(type_, forms[id_], forms[other], clues) for other in others}
    found = {other: rank for other, rank in ranks.items() if rank is not None}
    if not found:
        return None
    best = min(found.values())
    fullest, *rivals = sorted(
        (other for other in found if found[other] == best), key=lambda other: (len(other), other), reverse=True
    )
    if any(_rank(type_, forms[rival], forms[fullest], clues) is None for rival in rivals):
        return fullest, *rivals
    return Step(id=fullest, rule=MERGES[type_][best].__name__.replace("_", " "))


def _rank(type_: str, shorts: Sequence[str], fulls: Sequence[str], clues: Clues) -> int | None:
    ranks = (stands_for(type_, short, full, clues) for short in shorts for full in fulls)
    return min([rank for rank in ranks if rank is not None], default=None)
