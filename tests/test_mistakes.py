"""Kinds of mistakes with their sentences; together they are all that was counted as wrong or missed."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import mistakes, scorer
from kg.mistakes import Mistake
from kg.scorer import CLUSTER, LEVELS

TITLE = "太原市教育局开会"
BODY = "太原市教育局局长王明出席。王明来到太钢集团。太钢集团和省教育厅合作。"
TEXT = f"{TITLE}\n{BODY}"
GOLD: dict[str, Any] = {
    "id": "a",
    "title": TITLE,
    "text": BODY,
    "entities": [
        {"type": "Organisation", "name": "太原市教育局", "surfaces": ["太原市教育局"]},
        {"type": "Person", "name": "王明", "surfaces": ["王明"]},
        {"type": "Organisation", "name": "太原钢铁集团", "surfaces": ["太钢集团"]},
        {"type": "Organisation", "name": "山西省教育厅", "surfaces": ["省教育厅"]},
        {"type": "Person", "name": "刘小敏", "surfaces": []},
    ],
    "relations": [
        {"head": "王明", "type": "HOLDS_POSITION", "tail": "太原市教育局"},
        {"head": "太原钢铁集团", "type": "PARTNERED_WITH", "tail": "山西省教育厅"},
    ],
}
FIRST, SECOND, THIRD = "太原市教育局局长王明出席。", "王明来到太钢集团。", "太钢集团和省教育厅合作。"

Line = tuple[str, str, str, str, str]


def entity(type_: str, name: str, *surfaces: str, at: tuple[int, int] | None = None) -> dict[str, Any]:
    places = {"mentions": [{"start": at[0], "end": at[1]}]} if at else {}
    return {"type": type_, "name": name, "surfaces": list(surfaces), **places}


def relation(head: str, type_: str, tail: str, **more: str) -> dict[str, Any]:
    return {"head": head, "type": type_, "tail": tail, **more}


def without(*names: str) -> list[dict[str, Any]]:
    return [truth for truth in GOLD["entities"] if truth["name"] not in names]


def find(predicted: dict[str, Any], level: str) -> list[Mistake]:
    return list(mistakes.find([(GOLD, {"id": "a", **predicted})], [level]))


def lines(predicted: dict[str, Any], level: str) -> list[Line]:
    return [
        (mistake.kind, mistake.type, mistake.gold, mistake.predicted, mistake.sentence)
        for mistake in find(predicted, level)
    ]


@pytest.mark.parametrize(
    ("entities", "expected"),
    [
        pytest.param(GOLD["entities"], [], id="none"),
        pytest.param(without("王明"), [("missed", "Person", "王明", "", FIRST)], id="missed"),
        pytest.param(without("刘小敏"), [("missed", "Person", "刘小敏", "", "")], id="missed outside the text"),
        pytest.param(
            [*GOLD["entities"], entity("Person", "合作")], [("wrong", "Person", "", "合作", THIRD)], id="wrong"
        ),
        pytest.param(
            [*without("王明"), entity("Place", "王明")],
            [("wrong type", "Person", "王明", "王明 (Place)", FIRST)],
            id="wrong type",
        ),
        pytest.param(
            [*without("太原市教育局"), entity("Organisation", "教育局")],
            [("cut short", "Organisation", "太原市教育局", "教育局", TITLE)],
            id="cut short",
        ),
        pytest.param(
            [*without("太原钢铁集团"), entity("Organisation", "来到太钢集团")],
            [("too long", "Organisation", "太原钢铁集团", "来到太钢集团", SECOND)],
            id="too long",
        ),
        pytest.param(
            [*without("太原钢铁集团"), entity("Organisation", "太原钢铁集团"), entity("Organisation", "太钢集团")],
            [("unmerged alias", "Organisation", "太原钢铁集团", "太钢集团", SECOND)],
            id="unmerged alias",
        ),
        pytest.param(
            [*without("太原钢铁集团", "山西省教育厅"), entity("Organisation", "太钢集团", "省教育厅")],
            [("false merge", "Organisation", "山西省教育厅", "太钢集团", THIRD)],
            id="false merge",
        ),
        pytest.param(
            [*without("王明", "太原市教育局"), entity("Place", "王明"), entity("Place", "王明")],
            [
                ("missed", "Organisation", "太原市教育局", "", TITLE),
                ("wrong type", "Person", "王明", "王明 (Place)", FIRST),
                ("wrong", "Place", "", "王明", FIRST),
            ],
            id="one for one, in text order",
        ),
    ],
)
def test_mistakes_in_entities(entities: list[dict[str, Any]], expected: list[Line]) -> None:
    assert lines({"entities": entities}, "entity") == expected


@pytest.mark.parametrize(
    ("type_", "span", "expected"),
    [
        ("Person", (17, 19), []),
        ("Place", (17, 19), [("wrong type", "Person", "王明", "王明 (Place)", FIRST)]),
        ("Person", (16, 19), [("too long", "Person", "王明", "长王明", FIRST)]),
        ("Person", (18, 20), [("shifted", "Person", "王明", "明出", FIRST)]),
        ("Organisation", (12, 15), [("cut short", "Organisation", "太原市教育局", "教育局", FIRST)]),
        ("Person", (19, 21), [("wrong", "Person", "", "出席", FIRST)]),
    ],
)
def test_mistakes_in_mentions(type_: str, span: tuple[int, int], expected: list[Line]) -> None:
    predicted = {"entities": [entity(type_, TEXT[slice(*span)], at=span)]}
    assert [line for line in lines(predicted, "mention") if line[0] != "missed"] == expected


def test_a_missed_mention_is_shown_where_it_stands() -> None:
    assert lines({"entities": []}, "mention")[:3] == [
        ("missed", "Organisation", "太原市教育局", "", TITLE),
        ("missed", "Organisation", "太原市教育局", "", FIRST),
        ("missed", "Person", "王明", "", FIRST),
    ]


@pytest.mark.parametrize(
    ("relations", "expected"),
    [
        pytest.param(
            [],
            [
                ("missed", "HOLDS_POSITION", "王明 → 太原市教育局", "", FIRST),
                ("missed", "PARTNERED_WITH", "太原钢铁集团 → 山西省教育厅", "", THIRD),
            ],
            id="missed, with the sentence that holds both ends",
        ),
        pytest.param(
            [*GOLD["relations"], relation("太钢集团", "OWNS", "太原市教育局")],
            [("wrong", "OWNS", "", "太钢集团 → 太原市教育局", SECOND)],
            id="wrong; no sentence holds both ends",
        ),
        pytest.param(
            [GOLD["relations"][1], relation("太原市教育局", "HOLDS_POSITION", "王明")],
            [("reversed", "HOLDS_POSITION", "王明 → 太原市教育局", "太原市教育局 → 王明", FIRST)],
            id="reversed",
        ),
        pytest.param(
            [GOLD["relations"][0], relation("太钢集团", "OWNS", "省教育厅")],
            [
                (
                    "wrong type",
                    "PARTNERED_WITH",
                    "太原钢铁集团 → 山西省教育厅",
                    "太钢集团 → 省教育厅 (OWNS)",
                    THIRD,
                )
            ],
            id="wrong type",
        ),
        pytest.param(
            [*GOLD["relations"], relation("王明", "OWNS", "会")],
            [("wrong end", "OWNS", "", "王明 → 会", FIRST)],
            id="wrong end",
        ),
        pytest.param(
            [*GOLD["relations"], relation("张三", "OWNS", "李四")],
            [("wrong end", "OWNS", "", "张三 → 李四", "")],
            id="ends outside the text",
        ),
    ],
)
def test_mistakes_in_relations(relations: list[dict[str, Any]], expected: list[Line]) -> None:
    assert lines({"entities": GOLD["entities"], "relations": relations}, "relation") == expected


def test_a_missed_relation_tells_whether_an_end_was_missed() -> None:
    kinds = [line[0] for line in lines({"entities": without("王明")}, "relation")]
    assert kinds == ["missed end", "missed"]


def test_a_wrong_relation_carries_its_rule_and_its_own_sentence() -> None:
    wrong = relation("王明", "OWNS", "太钢集团", rule="owner first", sentence="王明来到\n太钢集团。")
    (mistake,) = find({"entities": GOLD["entities"], "relations": [*GOLD["relations"], wrong]}, "relation")
    assert (mistake.rule, mistake.sentence) == ("owner first", "王明来到 太钢集团。")


def test_to_table_has_a_row_a_mistake() -> None:
    table = mistakes.to_table(find({"entities": without("王明")}, "entity"))
    assert table.columns == ("level", "kind", "type", "gold", "predicted", "rule", "sentence", "article")
    assert table.rows == (("entity", "missed", "Person", "王明", "", "", FIRST, "a"),)
    assert mistakes.to_table([]).rows == ()


def test_names_wrongly_together_and_apart_are_mistakes_of_clusters() -> None:
    truth = entity("Organisation", "太原钢铁集团", "太钢集团", "太钢")
    gold = {**GOLD, "text": f"{BODY}太钢获奖。", "entities": [*without("太原钢铁集团"), truth]}
    guesses = [
        *without("太原钢铁集团", "山西省教育厅"),
        entity("Organisation", "太钢集团"),
        entity("Organisation", "太钢"),
    ]
    (missed,) = mistakes.find([(gold, {"id": "a", "entities": guesses})], [CLUSTER])
    assert (missed.kind, missed.gold, missed.predicted, missed.sentence) == ("missed", "太钢 = 太钢集团", "", SECOND)
    guesses = [entity("Organisation", "太原市教育局", "太原市教育局", "省教育厅")]
    (wrong,) = find({"entities": guesses}, CLUSTER)
    assert (wrong.kind, wrong.gold, wrong.predicted) == ("wrong", "", "省教育厅 = 太原市教育局")


# Which of the two counts a kind adds to.
WRONG = {"wrong", "wrong end", "unmerged alias"}
MISSED = {"missed", "missed end", "false merge"}
NAMES = st.sampled_from(["太原市教育局", "教育局", "王明", "太原钢铁集团", "太钢集团", "省教育厅", "刘小敏", "和省"])
PREDICTED = st.fixed_dictionaries(
    {
        "id": st.just("a"),
        "entities": st.lists(
            st.builds(entity, st.sampled_from(["Person", "Organisation"]), NAMES, NAMES, NAMES), max_size=6
        ),
        "relations": st.lists(
            st.builds(relation, NAMES, st.sampled_from(["HOLDS_POSITION", "PARTNERED_WITH", "OWNS"]), NAMES), max_size=6
        ),
    }
)


@settings(max_examples=200, deadline=None)
@given(PREDICTED)
def test_mistakes_are_all_that_was_counted(predicted: dict[str, Any]) -> None:
    for level in LEVELS.keys() - {CLUSTER}:
        found = find(predicted, level)
        wrong = sum(mistake.kind not in MISSED for mistake in found)
        missed = Counter(mistake.type for mistake in found if mistake.kind not in WRONG)
        totals = scorer.total(scorer.count([(GOLD, predicted)], level))
        assert wrong == totals[scorer.ALL].fp
        assert dict(missed) == {type_: prf.fn for type_, prf in totals.items() if prf.fn and type_ != scorer.ALL}
