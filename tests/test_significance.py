"""Intervals and the paired test: small cases worked out by hand, and agreement with counting every case."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import significance
from kg.scorer import ALL, PRF, Counts, total
from kg.significance import differences, intervals


def article(tp: int = 0, fp: int = 0, fn: int = 0, type_: str = "Place") -> Counts:
    prf = PRF(tp=tp, fp=fp, fn=fn)
    return {type_: prf, ALL: prf}


ARTICLES = st.lists(
    st.tuples(*[st.integers(0, 5)] * 3).map(lambda counts: article(*counts)),
    min_size=2,
    max_size=8,
)


def test_interval_of_one_good_and_one_bad_article_is_everything() -> None:
    # A quarter of the resamples has the bad one twice, a quarter the good one: more than a fortieth.
    assert intervals([article(tp=1), article(fn=1)])["Place"] == (0.0, 1.0)


def test_interval_of_articles_that_are_alike_is_one_value() -> None:
    assert intervals([article(tp=1, fp=1)] * 9)["Place"] == pytest.approx((2 / 3, 2 / 3))


def test_interval_narrows_with_more_articles() -> None:
    few = intervals([article(tp=3, fn=1), article(tp=2, fp=2)] * 4)[ALL]
    many = intervals([article(tp=3, fn=1), article(tp=2, fp=2)] * 40)[ALL]
    assert few is not None
    assert many is not None
    assert many[1] - many[0] < (few[1] - few[0]) / 2


def test_interval_leaves_a_fortieth_out_at_either_end() -> None:
    # The share q of good articles is binomial, 0.5 ± 1.96 · 0.05, and F1 is 2q / (1 + q).
    found = intervals([article(tp=1), article(fn=1)] * 50)[ALL]
    assert found == pytest.approx((2 * 0.402 / 1.402, 2 * 0.598 / 1.598), abs=0.008)


def test_interval_and_p_of_items_that_are_right_in_part() -> None:
    # Precision 1/2 and recall 1 in every article: F1 is 2/3 in whatever is drawn.
    half = {ALL: PRF(tp=2, fp=2, found_beyond=2)}
    assert intervals([half] * 9)[ALL] == pytest.approx((2 / 3, 2 / 3))
    found = differences([half] * 3, [article(tp=4)] * 3)[ALL]
    assert (found.f1, found.difference) == pytest.approx((2 / 3, -1 / 3))
    assert found.p == pytest.approx(2 / 8, abs=0.03)


def test_a_type_that_one_article_has_gets_no_interval() -> None:
    counts = [{**article(tp=3), "Person": PRF(tp=1)}, article(tp=1, fn=1)]
    found = intervals(counts)
    assert found["Person"] is None
    assert found["Place"] is not None
    assert intervals([article(tp=1)]) == {"Place": None, ALL: None}
    assert intervals([]) == {ALL: None}


def test_resamples_without_a_type_are_passed_over() -> None:
    # Both articles of the type are wholly right; a resample with neither of them says nothing about it.
    counts = [{"Person": PRF(tp=1), **article(tp=1)}] * 2 + [article(fn=1)] * 4
    assert intervals(counts)["Person"] == (1.0, 1.0)


@settings(max_examples=8, deadline=None)
@given(ARTICLES)
def test_interval_lies_within_the_possible_and_is_the_same_again(counts: list[Counts]) -> None:
    found = intervals(counts)
    assert all(pair is None or 0 <= pair[0] <= pair[1] <= 1 for pair in found.values())
    assert intervals(counts) == found
    assert list(found) == list(total(counts))


def test_a_system_against_itself_differs_by_nothing() -> None:
    counts = [article(tp=3, fn=1), article(tp=2, fp=2)]
    found = differences(counts, counts)[ALL]
    assert (found.difference, found.p) == (0.0, 1.0)


def test_always_right_against_always_wrong_on_three_articles_is_two_cases_of_eight() -> None:
    found = differences([article(tp=1)] * 3, [article(fn=1)] * 3)["Place"]
    assert (found.f1, found.other, found.difference) == (1.0, 0.0, 1.0)
    assert found.p == pytest.approx(2 / 8, abs=0.03)


def test_the_smallest_p_is_one_shuffle_the_one_that_was_seen() -> None:
    found = differences([article(tp=1)] * 60, [article(fn=1)] * 60)["Place"]
    assert found.p == 1 / (significance.SHUFFLES + 1)


def test_a_type_that_one_system_alone_predicts_is_compared_too() -> None:
    ours = [article(fp=1, type_="Person"), article(tp=1)]
    found = differences(ours, [article(tp=1), article(tp=1)])
    assert list(found) == ["Person", "Place", ALL]
    assert (found["Person"].f1, found["Person"].other, found["Person"].p) == (0.0, 0.0, 1.0)


@settings(max_examples=8, deadline=None)
@given(ARTICLES, st.data())
def test_p_is_the_share_of_all_ways_to_swap(ours: list[Counts], data: st.DataObject) -> None:
    theirs = data.draw(st.lists(st.sampled_from(ours), min_size=len(ours), max_size=len(ours)))
    seen = abs(total(ours)[ALL].f1 - total(theirs)[ALL].f1)
    as_far = 0
    for swaps in product((False, True), repeat=len(ours)):
        mine = [b if swap else a for a, b, swap in zip(ours, theirs, swaps, strict=True)]
        other = [a if swap else b for a, b, swap in zip(ours, theirs, swaps, strict=True)]
        as_far += abs(total(mine)[ALL].f1 - total(other)[ALL].f1) >= seen - 1e-9
    assert differences(ours, theirs)[ALL].p == pytest.approx(as_far / 2 ** len(ours), abs=0.04)


@settings(max_examples=8, deadline=None)
@given(ARTICLES)
def test_the_other_way_round_only_the_sign_changes(ours: list[Counts]) -> None:
    theirs = ours[1:] + ours[:1]
    there, back = differences(ours, theirs[::-1]), differences(theirs[::-1], ours)
    assert {type_: (-found.difference, found.p) for type_, found in there.items()} == {
        type_: (found.difference, found.p) for type_, found in back.items()
    }
