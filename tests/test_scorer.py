"""Scorer: fixed cases of its own, and agreement with the annotation's score.py where that is at hand."""

import importlib.util
import json
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import scorer
from kg.scorer import ALL, LEVELS, PRF

ORIGINAL = Path(__file__).parents[2] / "shared" / "gold" / "score.py"
REAL = ORIGINAL.with_name("seeds.gold.jsonl")

GOLD: dict[str, Any] = {
    "id": "a",
    "title": None,
    "text": "省工信厅潘海燕和省数据局。",
    "entities": [
        {"type": "Person", "name": "潘海燕", "surfaces": ["潘海燕"]},
        {"type": "Organisation", "name": "山西省工业和信息化厅", "surfaces": ["省工信厅"]},
        {"type": "Organisation", "name": "山西省数据局", "surfaces": ["省数据局"]},
        {"type": "Programme", "name": "“数据要素”大赛", "surfaces": ["“数据要素”大赛"]},
    ],
    "relations": [
        {"head": "潘海燕", "type": "HOLDS_POSITION", "tail": "山西省工业和信息化厅"},
        {"head": "山西省工业和信息化厅", "type": "PARTNERED_WITH", "tail": "山西省数据局"},
    ],
}


def row(
    entities: list[dict[str, Any]], relations: Sequence[tuple[str, str, str]] = (), article_id: str = "a"
) -> dict[str, Any]:
    return {
        "id": article_id,
        "entities": entities,
        "relations": [{"head": head, "type": type_, "tail": tail} for head, type_, tail in relations],
    }


def entity(type_: str, name: str, *surfaces: str) -> dict[str, Any]:
    return {"type": type_, "name": name, "surfaces": list(surfaces)}


def score(gold: list[dict[str, Any]], predicted: list[dict[str, Any]], level: str) -> dict[str, PRF]:
    return scorer.total(scorer.count(scorer.pairs(gold, predicted), level))


def test_prf_ratios_are_derived_from_counts_that_add_up() -> None:
    total = PRF(tp=1, fp=1) + PRF(tp=2, fn=1)
    assert total == PRF(tp=3, fp=1, fn=1)
    assert (total.precision, total.recall, total.f1) == (0.75, 0.75, 0.75)


def test_prf_where_items_are_right_in_part() -> None:
    half = PRF(tp=1.5, fp=0.5, fn=1.25, found_beyond=0.25)
    total = half + half
    assert (total.predicted, total.gold, total.found) == (4, 6, 3.5)
    assert (total.precision, total.recall) == (0.75, 3.5 / 6)
    assert total.f1 == pytest.approx(2 / (1 / 0.75 + 6 / 3.5))


def test_prf_of_nothing_is_zero() -> None:
    assert (PRF().precision, PRF().recall, PRF().f1) == (0.0, 0.0, 0.0)


def test_score_gold_against_itself_is_perfect() -> None:
    assert {level: score([GOLD], [GOLD], level)[ALL] for level in LEVELS} == {
        "entity": PRF(tp=4),
        "mention": PRF(tp=3),
        "mention-lenient": PRF(tp=3),
        "relation": PRF(tp=2),
        "cluster": PRF(tp=4),
    }


def test_score_article_without_prediction_is_missed() -> None:
    assert score([GOLD], [], "entity")[ALL] == PRF(fn=4)
    assert score([GOLD], [], "relation")[ALL] == PRF(fn=2)


def test_total_is_the_sum_over_articles_by_type() -> None:
    first = {"Place": PRF(tp=1), ALL: PRF(tp=1)}
    second = {"Person": PRF(fn=1), "Place": PRF(fp=2), ALL: PRF(fp=2, fn=1)}
    total = scorer.total([first, second])
    assert total == {"Person": PRF(fn=1), "Place": PRF(tp=1, fp=2), ALL: PRF(tp=1, fp=2, fn=1)}
    assert list(total) == ["Person", "Place", ALL]
    assert scorer.total([]) == {ALL: PRF()}


@pytest.mark.parametrize(
    ("predicted", "expected"),
    [
        pytest.param([entity("Organisation", "省工信厅")], PRF(tp=1, fn=3), id="a surface is enough"),
        pytest.param([entity("Programme", "数据要素大赛")], PRF(tp=1, fn=3), id="quotes do not matter"),
        pytest.param([entity("Place", "潘海燕")], PRF(fp=1, fn=4), id="wrong type"),
        pytest.param(
            [entity("Organisation", "省工信厅"), entity("Organisation", "山西省工业和信息化厅")],
            PRF(tp=1, fp=1, fn=3),
            id="alias left unmerged",
        ),
        pytest.param(
            [entity("Organisation", "省工信厅", "省工信厅", "省数据局")], PRF(tp=1, fn=3), id="false merge gets one"
        ),
        pytest.param([entity("Date", "今天")], PRF(fn=4), id="types outside the annotation are not judged"),
    ],
)
def test_score_entities(predicted: list[dict[str, Any]], expected: PRF) -> None:
    assert score([GOLD], [row(predicted)], "entity")[ALL] == expected


@pytest.mark.parametrize(
    ("relations", "expected"),
    [
        pytest.param([("潘海燕", "HOLDS_POSITION", "省工信厅")], PRF(tp=1, fn=1), id="ends by any name"),
        pytest.param([("山西省数据局", "PARTNERED_WITH", "省工信厅")], PRF(tp=1, fn=1), id="symmetric type swapped"),
        pytest.param([("省工信厅", "HOLDS_POSITION", "潘海燕")], PRF(fp=1, fn=2), id="other types have a direction"),
        pytest.param(
            [("潘海燕", "HOLDS_POSITION", "省工信厅"), ("潘海燕", "HOLDS_POSITION", "山西省工业和信息化厅")],
            PRF(tp=1, fn=1),
            id="the same relation counts once",
        ),
        pytest.param([("张三", "HOLDS_POSITION", "省工信厅")], PRF(fp=1, fn=2), id="unknown end"),
    ],
)
def test_score_relations(relations: list[tuple[str, str, str]], expected: PRF) -> None:
    assert score([GOLD], [row(GOLD["entities"], relations)], "relation")[ALL] == expected


@pytest.fixture(scope="module")
def original() -> ModuleType:
    if not ORIGINAL.exists():
        pytest.skip("the annotation's score.py is not beside this checkout")
    spec = importlib.util.spec_from_file_location("gold_score", ORIGINAL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def assert_same(original: ModuleType, gold: list[dict[str, Any]], predicted: list[dict[str, Any]]) -> None:
    entities, relations = original.score(gold, predicted)
    for counts, level in ((entities, "entity"), (relations, "relation")):
        by_type = score(gold, predicted, level)
        for type_, prf in by_type.items():
            if type_ != ALL:
                assert (counts[type_, "tp"], counts[type_, "fp"], counts[type_, "fn"]) == (prf.tp, prf.fp, prf.fn)
        assert {type_ for type_, _ in counts} == set(by_type) - {ALL}


def test_score_same_as_original_on_real_rows(original: ModuleType) -> None:
    if not REAL.exists():
        pytest.skip("the seeds' gold is not beside this checkout")
    with REAL.open(encoding="utf-8") as lines:
        gold = [json.loads(line) for line in lines]
    worse = [
        {**article, "entities": article["entities"][::-1][1:], "relations": article["relations"][::2]}
        for article in gold
    ]
    assert_same(original, gold, gold)
    assert_same(original, gold, worse)
    assert_same(original, gold, worse[::2])


NAMES = st.sampled_from(["甲", "乙", "丙", "“甲”", "《乙》", "丁"])
ENTITIES = st.lists(
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(["Person", "Organisation", "Programme"]),
            "name": NAMES,
            "surfaces": st.lists(NAMES, max_size=3),
        }
    ),
    max_size=5,
)
TYPES = st.sampled_from(["PARTNERED_WITH", "OWNS"])


@st.composite
def rows(draw: st.DrawFn, *, is_gold: bool) -> list[dict[str, Any]]:
    made = []
    for id_ in ("a", "b"):
        entities = draw(ENTITIES)
        names = [str(entity["name"]) for entity in entities]
        ends = st.sampled_from(names) if is_gold and names else NAMES
        count = 0 if is_gold and not entities else 5
        relations: list[tuple[str, str, str]] = draw(st.lists(st.tuples(ends, TYPES, ends), max_size=count))
        made.append(row(entities, relations, id_))
    return made


@settings(max_examples=300, deadline=None)
@given(gold=rows(is_gold=True), predicted=rows(is_gold=False))
def test_score_same_as_original_on_random_rows(
    original: ModuleType, gold: list[dict[str, Any]], predicted: list[dict[str, Any]]
) -> None:
    assert_same(original, gold, predicted)


@st.composite
def edited(draw: st.DrawFn) -> dict[str, Any]:
    """A gold article as a system might get it: things lost, renamed, of another type, merged, parted; ends swapped."""
    entities: list[dict[str, Any]] = []
    for truth in GOLD["entities"]:
        fate = draw(st.sampled_from(["kept", "lost", "renamed", "retyped", "merged", "parted"]))
        if fate == "merged" and entities:
            entities[-1] = {**entities[-1], "surfaces": [*entities[-1]["surfaces"], *truth["surfaces"]]}
        elif fate == "parted":
            entities += [entity(truth["type"], name) for name in {truth["name"], *truth["surfaces"]}]
        elif fate != "lost":
            type_ = "Place" if fate == "retyped" else truth["type"]
            name = truth["surfaces"][0] if fate == "renamed" else truth["name"]
            entities.append(entity(type_, name, *truth["surfaces"]))
    relations: list[tuple[str, str, str]] = []
    for relation in GOLD["relations"]:
        ends = [relation["head"], relation["tail"]]
        relations += draw(st.lists(st.tuples(st.sampled_from(ends), TYPES, st.sampled_from(ends)), max_size=2))
        relations += draw(st.sampled_from([[], [(ends[0], relation["type"], ends[1])], [(*ends[1:], "OWNS", ends[0])]]))
    return row(draw(st.permutations(entities)), draw(st.permutations(relations)))


@settings(max_examples=300, deadline=None)
@given(predicted=edited())
def test_score_same_as_original_on_edited_gold(original: ModuleType, predicted: dict[str, Any]) -> None:
    assert_same(original, [GOLD], [predicted])
