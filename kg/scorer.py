"""Gold rows + predicted rows -> counts of right, wrong and missed: by article, by type, and their sums.

The counts of one article are what everything else is made of: totals are their sums, significance.py draws from them.
What is right is decided in matching.py.  Reads no file.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from kg import matching
from kg.matching import Row, Verdict

ALL = "all"
UNREAD: Row = {"entities": [], "relations": []}
LEVELS: Mapping[str, Callable[[Row, Row], Verdict]] = {
    "entity": matching.entities,
    "mention": matching.mentions,
    "mention-lenient": matching.lenient_mentions,
    "relation": matching.relations,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PRF:
    """Counts of right, wrong and missed, which add up; the ratios are derived from them."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    def __add__(self, other: "PRF") -> "PRF":
        return PRF(tp=self.tp + other.tp, fp=self.fp + other.fp, fn=self.fn + other.fn)

    @property
    def precision(self) -> float:
        return self.tp / max(1, self.tp + self.fp)

    @property
    def recall(self) -> float:
        return self.tp / max(1, self.tp + self.fn)

    @property
    def f1(self) -> float:
        return 2 * self.tp / max(1, 2 * self.tp + self.fp + self.fn)


# By type, in alphabetical order, and then under ALL.
Counts = Mapping[str, PRF]


def pairs(gold_rows: Iterable[Row], predicted_rows: Iterable[Row]) -> list[tuple[Row, Row]]:
    """Put each gold article beside its prediction, by id; one that was not predicted has nothing in it."""
    predicted_by_id = {str(row["id"]): row for row in predicted_rows}
    return [(gold, predicted_by_id.get(str(gold["id"]), UNREAD)) for gold in gold_rows]


def count(articles: Iterable[tuple[Row, Row]], level: str) -> list[Counts]:
    """Return what was counted in each article (gold and predicted row) at a level of LEVELS."""
    return [_count(LEVELS[level](gold, predicted)) for gold, predicted in articles]


def total(counts: Iterable[Counts]) -> dict[str, PRF]:
    """Return the sums over articles."""
    sums: dict[str, PRF] = {}
    for by_type in counts:
        for type_, prf in by_type.items():
            sums[type_] = sums.get(type_, PRF()) + prf
    whole = sums.pop(ALL, PRF())
    return {**{type_: sums[type_] for type_ in sorted(sums)}, ALL: whole}


def _count(verdict: Verdict) -> Counts:
    right = Counter(guess["type"] for _, guess in verdict.right)
    wrong = Counter(guess["type"] for guess in verdict.wrong)
    missed = Counter(truth["type"] for truth in verdict.missed)
    by_type = {
        type_: PRF(tp=right[type_], fp=wrong[type_], fn=missed[type_]) for type_ in sorted(right | wrong | missed)
    }
    return {**by_type, ALL: sum(by_type.values(), PRF())}
