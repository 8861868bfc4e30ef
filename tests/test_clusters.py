"""B-cubed by hand: the examples of Bagga and Baldwin (1998), names that are not judged, and what always holds."""

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import clusters, scorer
from kg.scorer import ALL, CLUSTER, PRF


def row(*entities: Iterable[str], type_: str = "Organisation") -> dict[str, Any]:
    """Return a row of an article whose entities have these surfaces."""
    made = [{"type": type_, "name": "、".join(surfaces), "surfaces": list(surfaces)} for surfaces in entities]
    return {"id": "a", "title": None, "text": "。", "entities": made, "relations": []}


def score(gold: dict[str, Any], predicted: dict[str, Any]) -> PRF:
    return scorer.total(scorer.count([(gold, predicted)], CLUSTER))[ALL]


# Twelve names of three things, as in the paper's first figure.
TRUTH = row("12345", "67", "89ABC")


@pytest.mark.parametrize(
    ("predicted", "precision", "recall"),
    [
        pytest.param(row("12345", "6789ABC"), 16 / 21, 1.0, id="the paper: a small thing joins a large one"),
        pytest.param(row("1234589ABC", "67"), 7 / 12, 1.0, id="the paper: two large ones join"),
        pytest.param(row("123456789ABC"), (25 + 4 + 25) / 144, 1.0, id="all in one"),
        pytest.param(row(*"123456789ABC"), 1.0, 3 / 12, id="all apart"),
        pytest.param(row("123", "45", "67", "89ABC"), 1.0, (9 / 5 + 4 / 5 + 2 + 5) / 12, id="one name in two"),
        pytest.param(TRUTH, 1.0, 1.0, id="as gold"),
    ],
)
def test_judge_by_hand(predicted: dict[str, Any], precision: float, recall: float) -> None:
    found = score(TRUTH, predicted)
    assert (found.precision, found.recall) == pytest.approx((precision, recall))
    assert found.f1 == pytest.approx(2 * precision * recall / (precision + recall))
    assert (found.gold, found.predicted) == (12, 12)


def test_names_that_one_row_lacks_are_not_judged() -> None:
    assert score(row(["太重集团", "太重"]), row(["太重集团", "太钢"])) == PRF(tp=1)
    assert score(row(["太重集团"]), row(["太重集团"], type_="Place")) == PRF()
    assert score(row(["今天"], type_="Date"), row(["今天"], type_="Date")) == PRF()
    assert score(row(["太重集团"]), row()) == PRF()


def test_a_name_of_two_entities_is_not_judged() -> None:
    gold = row(["四川", "全省"], ["江苏"])
    assert score(gold, row(["四川", "全省"], ["江苏", "全省"])) == PRF(tp=2)


def test_quotation_marks_do_not_make_two_names() -> None:
    assert score(row(["“夜塾”", "夜塾计划"]), row(["夜塾", "《夜塾计划》"])).gold == 2


def test_an_entity_without_surfaces_stands_by_its_name() -> None:
    gold = {**row(), "entities": [{"type": "Person", "name": "王明"}]}
    assert score(gold, {**row(), "entities": [{"type": "Person", "name": "王明", "surfaces": []}]}) == PRF(tp=1)


def test_counts_add_up_by_type_and_over_articles() -> None:
    gold, apart, together = row("12"), row("1", "2"), row("12")
    both = {**gold, "entities": [*gold["entities"], *row("12", type_="Person")["entities"]]}
    by_type = scorer.total(scorer.count([(both, both), (gold, apart), (gold, together)], CLUSTER))
    assert {type_: (found.gold, found.recall) for type_, found in by_type.items()} == {
        "Organisation": (6, 5 / 6),
        "Person": (2, 1.0),
        ALL: (8, 7 / 8),
    }


def test_pairs_are_together_in_both_or_in_one() -> None:
    verdict = clusters.pairs(row(["太重集团", "太重", "“重机”"], ["太钢"]), row(["太重集团", "太重"], ["重机", "太钢"]))
    assert [truth["name"] for truth, _ in verdict.right] == ["太重 = 太重集团"]
    assert [guess["name"] for guess in verdict.wrong] == ["太钢 = “重机”"]
    assert [truth["surfaces"] for truth in verdict.missed] == [["“重机”", "太重集团"], ["太重", "“重机”"]]


NAMES = "甲乙丙丁戊己"
PARTITIONS = st.lists(st.integers(0, 3), min_size=len(NAMES), max_size=len(NAMES)).map(
    lambda places: row(*("".join(n for n, p in zip(NAMES, places, strict=True) if p == place) for place in set(places)))
)


@given(PARTITIONS, PARTITIONS)
def test_what_always_holds(gold: dict[str, Any], predicted: dict[str, Any]) -> None:
    found, back = score(gold, predicted), score(predicted, gold)
    assert (found.precision, found.recall) == pytest.approx((back.recall, back.precision))
    assert found.gold == found.predicted == len(NAMES)
    assert 0 < found.f1 <= 1 + 1e-9
    verdict = clusters.pairs(gold, predicted)
    assert (found.precision == pytest.approx(1)) == (not verdict.wrong)
    assert (found.recall == pytest.approx(1)) == (not verdict.missed)


@given(PARTITIONS)
def test_gold_itself_is_perfect_and_the_two_ends_are_perfect_on_one_side(gold: dict[str, Any]) -> None:
    assert score(gold, gold) == PRF(tp=len(NAMES))
    sizes = [len(entity["surfaces"]) for entity in gold["entities"]]
    whole, apart = score(gold, row(NAMES)), score(gold, row(*NAMES))
    assert (whole.recall, apart.precision) == pytest.approx((1.0, 1.0))
    assert whole.precision == pytest.approx(sum(size * size for size in sizes) / len(NAMES) ** 2)
    assert apart.recall == pytest.approx(len(sizes) / len(NAMES))
