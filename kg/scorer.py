"""Gold rows + predicted rows -> counts of right, wrong and missed: by article, by type, and their sums.

The counts of one article are what everything else is made of: totals are their sums, significance.py draws from them.
What is right is decided in matching.py, and in clusters.py for the level cluster, where a name is right in part.  Reads
no file.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from kg import clusters, matching
from kg.labels import Row
from kg.matching import Verdict

ALL = "all"
CLUSTER = "cluster"
UNREAD: Row = {"entities": [], "relations": []}
LEVELS: Mapping[str, Callable[[Row, Row], Verdict]] = {
    "entity": matching.entities,
    "mention": matching.mentions,
    "mention-lenient": matching.lenient_mentions,
    "relation": matching.relations,
    CLUSTER: clusters.pairs,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PRF:
    """Counts of right, wrong and missed, which add up; the ratios are derived from them.

    ``tp`` of the predictions are right.  As many gold items are found, unless items are right in part (B-cubed): then
    ``found_beyond`` more are.
    """

    tp: float = 0
    fp: float = 0
    fn: float = 0
    found_beyond: float = 0

    def __add__(self, other: "PRF") -> "PRF":
        return PRF(
            tp=self.tp + other.tp,
            fp=self.fp + other.fp,
            fn=self.fn + other.fn,
            found_beyond=self.found_beyond + other.found_beyond,
        )

    @property
    def found(self) -> float:
        return self.tp + self.found_beyond

    @property
    def predicted(self) -> int:
        return round(self.tp + self.fp)

    @property
    def gold(self) -> int:
        return round(self.found + self.fn)

    @property
    def precision(self) -> float:
        return self.tp / max(1, self.predicted)

    @property
    def recall(self) -> float:
        return self.found / max(1, self.gold)

    @property
    def f1(self) -> float:
        return f1(self.tp, self.predicted, self.found, self.gold)


# By type, in alphabetical order, and then under ALL.
Counts = Mapping[str, PRF]


def f1(right: float, predicted: float, found: float, gold: float) -> float:
    """Return the harmonic mean of precision (right of the predicted) and recall (found of the gold ones)."""
    return 2 * right * found / max(1, right * gold + found * predicted)


def pairs(gold_rows: Iterable[Row], predicted_rows: Iterable[Row]) -> list[tuple[Row, Row]]:
    """Put each gold article beside its prediction, by id; one that was not predicted has nothing in it."""
    predicted_by_id = {str(row["id"]): row for row in predicted_rows}
    return [(gold, predicted_by_id.get(str(gold["id"]), UNREAD)) for gold in gold_rows]


def count(articles: Iterable[tuple[Row, Row]], level: str) -> list[Counts]:
    """Return what was counted in each article (gold and predicted row) at a level of LEVELS."""
    if level == CLUSTER:
        return [_count_clusters(gold, predicted) for gold, predicted in articles]
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


def _count_clusters(gold: Row, predicted: Row) -> Counts:
    """Count by B-cubed: each name adds its own precision and recall, so that the ratios are means over names."""
    by_type: dict[str, PRF] = {}
    for name in sorted(clusters.judge(gold, predicted), key=lambda name: name.type):
        precision, recall = name.precision, name.recall
        share = PRF(tp=precision, fp=1 - precision, fn=1 - recall, found_beyond=recall - precision)
        by_type[name.type] = by_type.get(name.type, PRF()) + share
    return {**by_type, ALL: sum(by_type.values(), PRF())}
