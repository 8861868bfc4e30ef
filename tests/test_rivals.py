"""What the other pairs of an article say of one: rows of numbers, made by hand from marked sentences."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import relations, rivals, schema
from kg.candidates import Candidate, candidates
from tests.test_relations import parse

RULES = relations.compile_rules(schema.load())
TYPES = tuple(RULES.schema.relations)
NAMES = [
    "【P高远】",
    "【P王明】",
    "【O文旅局】",
    "【O太重】",
    "【L太原】",
    "【G花节】",
    "出席",
    "主办",
    "，",
    "。",
    "、",
]


def pairs(marked: str) -> list[Candidate]:
    article, entities = parse(marked)
    stated = relations.extract(article, entities, RULES)
    return list(candidates(article, entities, stated, RULES))


def row(marked: str, wanted: str, likely: dict[str, float]) -> list[float]:
    """Return the numbers of the pair ``wanted`` (高远 PARTICIPATED_IN 花节); all but the ``likely`` score -3."""
    found = pairs(marked)
    called = [f"{one.head_id.partition(':')[2]} {one.type} {one.tail_id.partition(':')[2]}" for one in found]
    scores = [likely.get(name, -3.0) for name in called]
    return [float(value) for value in rivals.measures(found, scores, TYPES)[called.index(wanted)]]


def test_a_row_begins_with_the_score_and_how_the_pair_is_seen() -> None:
    measures = row("【P高远】出席【G花节】。", "高远 PARTICIPATED_IN 花节", {"高远 PARTICIPATED_IN 花节": 2.0})
    assert measures[:5] == [2.0, 1.0, 1.0, 0.0, 0.0]
    assert len(measures) == rivals.width(TYPES)


def test_rivals_share_an_end() -> None:
    marked = "【P高远】出席【G花节】，【P王明】来到【G花展】。"
    likely = {"高远 PARTICIPATED_IN 花展": 1.5, "王明 PARTICIPATED_IN 花节": 0.5}
    measures = row(marked, "高远 PARTICIPATED_IN 花节", likely)
    assert measures[5:9] == [1.5, rivals.LOWEST, 0.5, rivals.LOWEST]
    assert measures[9:11] == [pytest.approx(math.log(2))] * 2


def test_the_same_pair_under_another_type_is_seen_and_its_own_is_not() -> None:
    measures = row(
        "【O太重】出席【G花节】。",
        "太重 PARTICIPATED_IN 花节",
        {"太重 ORGANISED 花节": 1.0, "太重 PARTICIPATED_IN 花节": 4.0},
    )
    by_type = dict(zip(TYPES, measures[19:], strict=True))
    assert by_type["ORGANISED"] == 1.0
    assert by_type["PARTICIPATED_IN"] == rivals.LOWEST


@pytest.mark.parametrize(
    "marked",
    [
        "【P高远】、【P王明】出席【G花节】。",
        "【P高远】和【P王明】出席【G花节】。",
        "【O太重】董事长【P高远】，【O文旅局】局长【P王明】出席【G花节】。",
    ],
)
def test_who_stands_in_a_list_with_the_head_is_asked(marked: str) -> None:
    likely = {"王明 PARTICIPATED_IN 花节": 2.5}
    assert row(marked, "高远 PARTICIPATED_IN 花节", likely)[15:17] == [2.5, 2.5]


@pytest.mark.parametrize(
    "marked",
    [
        "【P高远】出席【G花节】，【P王明】没有来。",
        "【P高远】。【P王明】出席【G花节】。",
        "【P高远】看【P王明】出席【G花节】。",
    ],
)
def test_who_stands_in_no_list_is_not_asked(marked: str) -> None:
    likely = {"王明 PARTICIPATED_IN 花节": 2.5}
    assert row(marked, "高远 PARTICIPATED_IN 花节", likely)[15:17] == [rivals.LOWEST] * 2


def test_nothing_is_measured_of_nothing() -> None:
    assert rivals.measures([], [], TYPES).shape == (0, rivals.width(TYPES))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(NAMES), max_size=20), st.floats(-50, 50))
def test_every_row_is_finite_whatever_the_text(parts: list[str], score: float) -> None:
    found = pairs("".join(parts))
    rows = rivals.measures(found, [score] * len(found), TYPES)
    assert all(math.isfinite(value) for value in rows.ravel())
    assert rows.shape == (len(found), rivals.width(TYPES))
