"""Gold row + predicted row of one article -> which of its names stand for one thing, in gold and as predicted.

Judged are the distinct names (surfaces, quotation marks aside) that both rows have with the same type, each once
however often it stands: whether a name is found at all is asked by the other levels.  On names that both sides have,
B-cubed is what Bagga and Baldwin defined ("Algorithms for Scoring Coreference Chains", LREC workshop on linguistic
coreference, 1998).  A name that either row gives to two entities (全省, of two provinces in turn) is not judged.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from kg.labels import Row
from kg.matching import TYPES, Verdict, bare

Key = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One name, and the judged names (itself among them) of the gold entity and of the predicted entity it is in."""

    type: str
    name: str
    truth: frozenset[str]
    guess: frozenset[str]

    @property
    def precision(self) -> float:
        return len(self.truth & self.guess) / len(self.guess)

    @property
    def recall(self) -> float:
        return len(self.truth & self.guess) / len(self.truth)


def judge(gold: Row, predicted: Row) -> Iterator[Judged]:
    """Yield the judged names of an article in the order of gold."""
    truths, guesses = _entity_by_name(gold["entities"]), _entity_by_name(predicted["entities"])
    common = [name for name in truths if name in guesses]
    truth_members, guess_members = _members(common, truths), _members(common, guesses)
    for type_, name in common:
        truth, guess = truth_members[truths[type_, name]], guess_members[guesses[type_, name]]
        yield Judged(type=type_, name=name, truth=truth, guess=guess)


def pairs(gold: Row, predicted: Row) -> Verdict:
    """Judge the pairs of names that stand together: in both rows (right), as predicted (wrong) or in gold (missed).

    A pair is ``{type, name: 'A = B', surfaces: [A, B]}``.
    """
    printed = {bare(surface): surface for entity in gold["entities"] for surface in _surfaces(entity)}
    right, wrong, missed = [], [], []
    for one, other in combinations(judge(gold, predicted), 2):
        names = [printed[name] for name in sorted((one.name, other.name), key=lambda name: (len(name), name))]
        pair = {"type": one.type, "name": " = ".join(names), "surfaces": names}
        is_true = one.type == other.type and other.name in one.truth
        is_guessed = one.type == other.type and other.name in one.guess
        if is_true and is_guessed:
            right.append((pair, pair))
        elif is_guessed:
            wrong.append(pair)
        elif is_true:
            missed.append(pair)
    return Verdict(right=tuple(right), wrong=tuple(wrong), missed=tuple(missed))


def _entity_by_name(entities: Iterable[Row]) -> dict[Key, int]:
    """Return (type, name) -> index of the one entity that has it."""
    owners: dict[Key, set[int]] = defaultdict(set)
    for index, entity in enumerate(entities):
        for surface in _surfaces(entity) if entity["type"] in TYPES else ():
            owners[entity["type"], bare(surface)].add(index)
    return {name: min(found) for name, found in owners.items() if len(found) == 1}


def _surfaces(entity: Row) -> Iterable[str]:
    """Return the names that stand in the article; an entity without surfaces stands there by its full name."""
    return entity.get("surfaces") or (entity["name"],)


def _members(names: Iterable[Key], entity_by_name: Mapping[Key, int]) -> dict[int, frozenset[str]]:
    members: dict[int, set[str]] = defaultdict(set)
    for type_, name in names:
        members[entity_by_name[type_, name]].add(name)
    return {index: frozenset(found) for index, found in members.items()}
