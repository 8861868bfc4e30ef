"""Precision, recall and F1 of entities and relations: gold rows and predicted rows in, counts out.

Rows are plain dicts: ``{id, entities: [{type, name, surfaces}], relations: [{head, type, tail}]}``; further keys are
ignored.  Reads no file; ``kg evaluate`` prints what it returns.

An entity is right when its type is right and its name or a surface is the gold entity's name or a surface of it.  A
second prediction for the same gold entity (an alias left unmerged) is wrong; a prediction that covers two gold entities
(a false merge) gets one.  A relation is right when its type and both matched ends are.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg.errors import InputError
from kg.records import Table

Row = Mapping[str, Any]

ALL = "all"
# What the gold annotation holds: predictions of other types are not judged, the ends of these relations may be swapped.
TYPES = ("Person", "Organisation", "Place", "Programme")
SYMMETRIC = ("PARTNERED_WITH",)
# Quotation and book marks do not decide whether a name is right.
MARKS = dict.fromkeys(map(ord, "“”‘’《》〈〉\"'"))


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Counts by type and under ``all``."""

    entities: Mapping[str, PRF]
    relations: Mapping[str, PRF]


def score(gold_rows: Iterable[Row], predicted_rows: Iterable[Row]) -> Scores:
    """Compare predictions with gold by article id; an article that was not predicted counts as missed altogether."""
    predicted_by_id = {str(row["id"]): row for row in predicted_rows}
    entities: Counter[tuple[str, str]] = Counter()
    relations: Counter[tuple[str, str]] = Counter()
    for gold in gold_rows:
        predicted = predicted_by_id.get(str(gold["id"]), {"entities": [], "relations": []})
        guesses = [entity for entity in predicted["entities"] if entity["type"] in TYPES]
        gold_by_guess = match(gold["entities"], guesses)
        entities.update(_count_entities(gold["entities"], guesses, gold_by_guess))
        relations.update(_count_relations(gold, predicted, guesses, gold_by_guess))
    return Scores(entities=_by_type(entities), relations=_by_type(relations))


def check_gold(rows: Sequence[Row], where: str) -> None:
    """Raise InputError, which names the row, where ``rows`` lack what scoring reads."""
    if not rows:
        raise InputError(f"{where}: no articles in it; give gold as JSON lines (see tests/gold)")
    _check_fields(rows, ("id", "text", "entities", "relations"), where, "see tests/gold for the format")
    for number, row in enumerate(rows, 1):
        names = {entity["name"] for entity in row["entities"]}
        for end in (relation[side] for relation in row["relations"] for side in ("head", "tail")):
            if end not in names:
                raise InputError(
                    f"{where}: article {number}: relation end '{end}' is no entity of it; add it or mend it"
                )


def check_predictions(rows: Sequence[Row], where: str) -> None:
    """Raise InputError, which names the row, where ``rows`` lack what scoring reads."""
    _check_fields(rows, ("id", "entities"), where, "give what kg extract prints")


def _check_fields(rows: Sequence[Row], fields: Sequence[str], where: str, remedy: str) -> None:
    for number, row in enumerate(rows, 1):
        missing = [field for field in fields if field not in row]
        if missing:
            raise InputError(f"{where}: article {number} has no {', '.join(missing)}; {remedy}")


def to_table(scores: Scores) -> Table:
    """Lay scores out for printing: a row a type, entities before relations, ratios with three digits."""
    return Table(
        columns=("what", "type", "precision", "recall", "f1", "gold", "predicted"),
        rows=tuple(
            (
                what,
                name,
                *(round(ratio, 3) for ratio in (prf.precision, prf.recall, prf.f1)),
                prf.tp + prf.fn,
                prf.tp + prf.fp,
            )
            for what, counts in (("entity", scores.entities), ("relation", scores.relations))
            for name, prf in counts.items()
        ),
    )


def match(gold: Sequence[Row], guesses: Sequence[Row]) -> dict[int, int]:
    """Map indices of guesses to indices of gold, one to one: exact names first, then most names in common."""
    gold_names = [_names(entity) for entity in gold]
    guess_names = [_names(entity) for entity in guesses]
    candidates = sorted(
        (_bare(guess["name"]) != _bare(truth["name"]), -len(common), index, target)
        for index, guess in enumerate(guesses)
        for target, truth in enumerate(gold)
        if guess["type"] == truth["type"] and (common := guess_names[index] & gold_names[target])
    )
    matched: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, index, target in candidates:
        if index not in matched and target not in taken:
            matched[index] = target
            taken.add(target)
    return matched


def _bare(name: str) -> str:
    return name.translate(MARKS)


def _names(entity: Row) -> set[str]:
    return {_bare(name) for name in (entity["name"], *entity.get("surfaces", ()))}


def _count_entities(
    gold: Sequence[Row], guesses: Sequence[Row], gold_by_guess: Mapping[int, int]
) -> Counter[tuple[str, str]]:
    found = set(gold_by_guess.values())
    counts = Counter((guess["type"], "tp" if index in gold_by_guess else "fp") for index, guess in enumerate(guesses))
    counts.update((truth["type"], "fn") for index, truth in enumerate(gold) if index not in found)
    return counts


def _count_relations(
    gold: Row, predicted: Row, guesses: Sequence[Row], gold_by_guess: Mapping[int, int]
) -> Counter[tuple[str, str]]:
    by_name = {name: index for index, truth in enumerate(gold["entities"]) for name in _names(truth)}
    by_gold_name = {truth["name"]: index for index, truth in enumerate(gold["entities"])}
    by_guess_name = {guess["name"]: gold_by_guess.get(index) for index, guess in enumerate(guesses)}
    truths = {
        (by_gold_name[relation["head"]], relation["type"], by_gold_name[relation["tail"]])
        for relation in gold["relations"]
    }

    def end(name: str) -> int | None:
        return by_guess_name[name] if name in by_guess_name else by_name.get(_bare(name))

    counts: Counter[tuple[str, str]] = Counter()
    seen: set[tuple[int, str, int]] = set()
    for relation in predicted.get("relations", ()):
        head, type_, tail = end(relation["head"]), relation["type"], end(relation["tail"])
        if head is None or tail is None:
            counts[type_, "fp"] += 1
            continue
        key = (head, type_, tail)
        if type_ in SYMMETRIC and key not in truths:
            key = (tail, type_, head)
        if key in seen:
            continue
        seen.add(key)
        counts[type_, "tp" if key in truths else "fp"] += 1
    counts.update((type_, "fn") for _, type_, _ in truths - seen)
    return counts


def _by_type(counts: Counter[tuple[str, str]]) -> dict[str, PRF]:
    by_type = {
        type_: PRF(tp=counts[type_, "tp"], fp=counts[type_, "fp"], fn=counts[type_, "fn"])
        for type_ in sorted({type_ for type_, _ in counts})
    }
    return {**by_type, ALL: sum(by_type.values(), PRF())}
