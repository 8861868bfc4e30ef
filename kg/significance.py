"""Counts by article -> how far chance alone could move an F1, and whether two systems differ by more than that.

Articles, not names, are what is drawn: names of one article are right or wrong together.  Both methods are seeded, so
the same counts always give the same figures.  Pure Python: they take a second or two for 500 articles; NumPy would
have to be loaded first, which nothing else that scores files needs.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress
from operator import add, itemgetter, sub
from statistics import quantiles

from kg.scorer import PRF, Counts, f1, total

SEED = 1979
RESAMPLES = 2000
SHUFFLES = 5000
# A fortieth cut off at either end leaves 95 %.
TAILS = 40
# Below this, two differences of F1 are the same number computed in two ways.
ROUNDING = 1e-12

Interval = tuple[float, float]
Columns = tuple[Sequence[float], Sequence[float], Sequence[float], Sequence[float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The F1 of two systems on the same articles and how often chance would part them as far (``p``)."""

    f1: float
    other: float
    p: float

    @property
    def difference(self) -> float:
        return self.f1 - self.other


def intervals(counts: Sequence[Counts]) -> dict[str, Interval | None]:
    """Return the 95 % interval of F1 by type: percentile bootstrap over articles (Efron 1979).

    Efron, "Bootstrap Methods: Another Look at the Jackknife", Annals of Statistics 7(1).  Resamples in which a type
    does not occur are passed over.  None for a type that fewer than two articles have: a single one cannot vary.
    """
    columns = {type_: _columns(counts, type_) for type_ in total(counts)}
    varying = {type_: four for type_, four in columns.items() if sum(map(any, zip(*four, strict=True))) > 1}
    values: dict[str, list[float]] = {type_: [] for type_ in varying}
    dice = random.Random(SEED)  # noqa: S311 - draws articles, guards no secret
    for _ in range(RESAMPLES if varying else 0):
        drawn = itemgetter(*dice.choices(range(len(counts)), k=len(counts)))
        for type_, four in varying.items():
            sums = [sum(drawn(column)) for column in four]
            if any(sums):
                values[type_].append(f1(*sums))
    return {type_: _middle(values[type_]) if type_ in varying else None for type_ in columns}


def differences(counts: Sequence[Counts], others: Sequence[Counts]) -> dict[str, Difference]:
    """Compare two systems by type on the same articles in the same order: approximate randomization (Noreen 1989).

    Noreen, "Computer-Intensive Methods for Testing Hypotheses", 1989; for F1: Yeh, "More accurate tests for the
    statistical significance of result differences", COLING 2000.  If the systems were equally good, it would not matter
    whose counts of an article are whose: each shuffle swaps them with probability one half.  ``p``, two-sided, is the
    share of shuffles that part the systems at least as far, the one seen counted with them.
    """
    ours, theirs = total(counts), total(others)
    types = list(total([*counts, *others]))
    columns = {type_: (_columns(counts, type_), _columns(others, type_)) for type_ in types}
    swings = {
        type_: [[b - a for a, b in zip(mine, other, strict=True)] for mine, other in zip(*both, strict=True)]
        for type_, both in columns.items()
    }
    sums = {type_: tuple([sum(column) for column in side] for side in both) for type_, both in columns.items()}
    seen = {type_: abs(f1(*a) - f1(*b)) - ROUNDING for type_, (a, b) in sums.items()}
    as_far = dict.fromkeys(types, 1)
    dice = random.Random(SEED)  # noqa: S311 - swaps articles, guards no secret
    for _ in range(SHUFFLES):
        swapped = dice.choices((False, True), k=len(counts))
        for type_, four in swings.items():
            more = [sum(compress(swing, swapped)) for swing in four]
            a, b = sums[type_]
            shuffled = f1(*map(add, a, more)) - f1(*map(sub, b, more))
            as_far[type_] += abs(shuffled) >= seen[type_]
    return {
        type_: Difference(
            f1=ours[type_].f1 if type_ in ours else 0.0,
            other=theirs[type_].f1 if type_ in theirs else 0.0,
            p=as_far[type_] / (SHUFFLES + 1),
        )
        for type_ in types
    }


def _columns(counts: Sequence[Counts], type_: str) -> Columns:
    """Return the four numbers an article whose sums over articles ``scorer.f1`` takes."""
    found = [by_type.get(type_, PRF()) for by_type in counts]
    return (
        [prf.tp for prf in found],
        [prf.predicted for prf in found],
        [prf.found for prf in found],
        [prf.gold for prf in found],
    )


def _middle(values: Sequence[float]) -> Interval:
    cuts = quantiles(values, n=TAILS, method="inclusive")
    return cuts[0], cuts[-1]
