"""Doubts as questions on a real graph, and what an answer decides."""

import pytest

from kg import review, show
from kg.pipeline import Tools
from kg.store import Store
from tests.world import FULL, NAMES, SHORT, World, finding

OTHER = "恒谷重型机器集团有限公司"


@pytest.fixture
def doubtful(store: Store, tools: Tools) -> World:
    """A short form that two articles use for two bodies, and one for nobody."""
    world = World(store, finding(tools, *NAMES, ("Organisation", OTHER)))
    world.ingest("a")
    world.ingest("b")
    world.ingest("d", f"{OTHER}（以下简称“恒重集团”）开工，恒重集团与太原市教育局签约。")
    return world


def test_questions_show_both_with_a_sentence(doubtful: World) -> None:
    asked = list(review.questions(doubtful.store.query))
    assert {(question.one, question.two) for question in asked} == {(SHORT, FULL), (SHORT, f"Organisation:{OTHER}")}
    text = next(question.text for question in asked if question.two == FULL)
    assert text.splitlines()[0] == f"恒重集团  ({SHORT}, 1 articles)"
    assert "恒重集团与太原市教育局签约" in text
    assert text.splitlines()[-1] == "maybe the same: defined in text, 0.475"
    assert [doubt["id"] for doubt in show.card(SHORT, doubtful.store.query, limit=0).doubts] == [
        FULL,
        f"Organisation:{OTHER}",
    ]


def test_same_settles_it(doubtful: World) -> None:
    question = next(q for q in review.questions(doubtful.store.query) if q.two == FULL)
    for line in review.same(question):
        doubtful.decide(*line)
    assert doubtful.entities()[FULL] == 2
    assert list(review.questions(doubtful.store.query)) == []


def test_an_answer_may_settle_another_question(doubtful: World) -> None:
    asked = list(review.questions(doubtful.store.query))
    assert all(review.is_open(question, doubtful.store.query) for question in asked)
    for line in review.same(next(question for question in asked if question.two == FULL)):
        doubtful.decide(*line)
    assert not any(review.is_open(question, doubtful.store.query) for question in asked)


def test_different_leaves_it_to_the_other(doubtful: World) -> None:
    question = next(q for q in review.questions(doubtful.store.query) if q.two != FULL)
    for line in review.different(question):
        doubtful.decide(*line)
    assert list(review.questions(doubtful.store.query)) == []
    assert SHORT not in doubtful.entities()


def test_different_of_namesakes_names_the_one_of_the_other_place() -> None:
    one, two = "Person:张伟@1401", "Person:张伟@1405"
    question = review.Question(one=one, two=two, read_as=one, other=two, text="")
    assert review.different(question) == [("split", two, one)]
