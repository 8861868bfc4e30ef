"""What counts as right at each level; that the counts are those of the annotation's score.py: test_scorer.py."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import matching
from kg.scorer import LEVELS

TEXT = "太原市教育局\n太原市教育局局长王明来到太原，以代表团同行。"
#       0     6  7     13 15  17  19  21
GOLD: dict[str, Any] = {
    "id": "a",
    "title": "太原市教育局",
    "text": TEXT.split("\n")[1],
    "entities": [
        {"type": "Organisation", "name": "太原市教育局", "surfaces": ["太原市教育局"]},
        {"type": "Person", "name": "王明", "surfaces": ["王明"]},
        {"type": "Place", "name": "太原市", "surfaces": ["太原"]},
        {"type": "Place", "name": "以色列", "surfaces": ["以"]},
    ],
    "relations": [{"head": "王明", "type": "HOLDS_POSITION", "tail": "太原市教育局"}],
}
HEAD, BODY, WANG, CITY = (0, 6), (7, 13), (15, 17), (19, 21)


def predicted(*spans: tuple[str, tuple[int, int]]) -> dict[str, Any]:
    """Return a prediction with one entity for each mention."""
    return {
        "id": "a",
        "entities": [
            {"type": type_, "name": TEXT[start:end], "surfaces": [], "mentions": [{"start": start, "end": end}]}
            for type_, (start, end) in spans
        ],
    }


def counts(verdict: matching.Verdict) -> tuple[int, int, int]:
    return len(verdict.right), len(verdict.wrong), len(verdict.missed)


def test_gold_mentions_are_all_places_of_surfaces_of_two_characters_and_more() -> None:
    found = [
        (mention["type"], mention["text"], mention["start"], mention["end"]) for mention in matching.gold_mentions(GOLD)
    ]
    assert found == [
        ("Organisation", "太原市教育局", *HEAD),
        ("Organisation", "太原市教育局", *BODY),
        ("Person", "王明", *WANG),
        ("Place", "太原", *CITY),
    ]


@pytest.mark.parametrize(
    ("guesses", "strict", "lenient"),
    [
        pytest.param([("Person", WANG)], (1, 0, 3), (1, 0, 3), id="span and type"),
        pytest.param([("Place", WANG)], (0, 1, 4), (0, 1, 4), id="wrong type"),
        pytest.param([("Person", (13, 17))], (0, 1, 4), (1, 0, 3), id="too long"),
        pytest.param([("Organisation", (10, 13))], (0, 1, 4), (1, 0, 3), id="cut short"),
        pytest.param([("Organisation", (0, 13))], (0, 1, 4), (1, 0, 3), id="one over two is one"),
        pytest.param(
            [("Organisation", (7, 10)), ("Organisation", (10, 13))], (0, 2, 4), (1, 1, 3), id="two in one are one"
        ),
        pytest.param(
            [("Organisation", (7, 10)), ("Organisation", BODY)], (1, 1, 3), (1, 1, 3), id="the exact one comes first"
        ),
        pytest.param([("Person", WANG), ("Person", WANG)], (1, 0, 3), (1, 0, 3), id="the same place twice is one"),
        pytest.param([("Place", (22, 23))], (0, 0, 4), (0, 0, 4), id="one character is not judged"),
        pytest.param([("Date", WANG)], (0, 0, 4), (0, 0, 4), id="types outside the annotation are not judged"),
        pytest.param([("Person", (17, 19))], (0, 1, 4), (0, 1, 4), id="side by side is no overlap"),
    ],
)
def test_mentions(
    guesses: list[tuple[str, tuple[int, int]]], strict: tuple[int, int, int], lenient: tuple[int, int, int]
) -> None:
    assert counts(matching.mentions(GOLD, predicted(*guesses))) == strict
    assert counts(matching.lenient_mentions(GOLD, predicted(*guesses))) == lenient


def test_mentions_of_a_surface_that_two_gold_types_claim_are_not_judged() -> None:
    claimed = {**GOLD, "entities": [*GOLD["entities"], {"type": "Organisation", "name": "太原", "surfaces": []}]}
    assert counts(matching.mentions(claimed, predicted(("Place", CITY)))) == (0, 0, 3)


def test_predictions_without_places_are_placed_as_gold_is() -> None:
    assert counts(matching.mentions(GOLD, GOLD)) == (4, 0, 0)
    assert counts(matching.mentions(GOLD, {"id": "a", "entities": []})) == (0, 0, 4)


def test_people_of_the_byline_have_no_place() -> None:
    reporter = {"type": "Person", "name": "刘小敏", "surfaces": ["刘小敏"], "mentions": []}
    assert counts(matching.mentions(GOLD, {"id": "a", "entities": [reporter]})) == (0, 0, 4)


def test_a_relation_end_that_was_not_predicted_is_looked_up_among_gold_names() -> None:
    end = matching.end_finder(GOLD, predicted(("Place", WANG), ("Organisation", BODY)))
    assert [end("太原市教育局"), end("王明"), end("太原"), end("张三")] == [0, None, 2, None]


SPANS = st.lists(
    st.tuples(
        st.sampled_from(["Place", "Person", "Organisation"]),
        st.tuples(st.integers(0, 20), st.integers(1, 8)).map(lambda pair: (pair[0], min(len(TEXT), sum(pair)))),
    ),
    max_size=8,
)


@given(SPANS)
def test_an_overlap_is_right_at_least_as_often_as_an_exact_span(spans: list[tuple[str, tuple[int, int]]]) -> None:
    strict = matching.mentions(GOLD, predicted(*spans))
    lenient = matching.lenient_mentions(GOLD, predicted(*spans))
    assert len(lenient.right) >= len(strict.right)
    assert sum(counts(lenient)) <= sum(counts(strict))


@given(SPANS)
def test_every_gold_item_is_either_found_or_missed(spans: list[tuple[str, tuple[int, int]]]) -> None:
    guess = {**predicted(*spans), "relations": GOLD["relations"]}
    gold_sizes = {"entity": 4, "mention": 4, "mention-lenient": 4, "relation": 1}
    for level, size in gold_sizes.items():
        verdict = LEVELS[level](GOLD, guess)
        assert len(verdict.right) + len(verdict.missed) == size
        assert all(truth["type"] == found["type"] for truth, found in verdict.right)
