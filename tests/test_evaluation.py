"""Tables that kg evaluate prints, and what it says of rows that cannot be scored."""

from typing import Any

import pytest

from kg import evaluation
from kg.errors import InputError

GOLD: dict[str, Any] = {
    "id": 7,
    "title": "开会",
    "text": "王明来到太原。",
    "entities": [{"type": "Person", "name": "王明", "surfaces": ["王明"]}],
    "relations": [],
}
PERSON = GOLD["entities"][0]


def placed(*mentions: Any) -> dict[str, Any]:
    return {"id": 7, "entities": [{**PERSON, "mentions": list(mentions)}]}


def test_scores_leave_the_interval_of_a_single_article_empty() -> None:
    table = evaluation.scores([(GOLD, GOLD)], ["entity", "relation"])
    assert table.columns == ("level", "type", "precision", "recall", "f1", "f1_low", "f1_high", "gold", "predicted")
    assert table.rows == (
        ("entity", "Person", 1.0, 1.0, 1.0, None, None, 1, 1),
        ("entity", "all", 1.0, 1.0, 1.0, None, None, 1, 1),
        ("relation", "all", 0.0, 0.0, 0.0, None, None, 0, 0),
    )


def test_scores_have_an_interval_by_type() -> None:
    table = evaluation.scores([(GOLD, GOLD), (GOLD, {"id": 7, "entities": []})], ["mention"])
    assert table.rows == (
        ("mention", "Person", 1.0, 0.5, 0.667, 0.0, 1.0, 2, 1),
        ("mention", "all", 1.0, 0.5, 0.667, 0.0, 1.0, 2, 1),
    )


def test_scores_of_clusters_count_names() -> None:
    gold = {**GOLD, "entities": [{**PERSON, "surfaces": ["王明", "老王", "王总"]}]}
    apart = {
        "id": 7,
        "entities": [{**PERSON, "surfaces": ["王明", "老王"]}, {**PERSON, "name": "王总", "surfaces": []}],
    }
    table = evaluation.scores([(gold, apart)], ["cluster"])
    assert table.rows == tuple(("cluster", type_, 1.0, 0.556, 0.714, None, None, 3, 3) for type_ in ("Person", "all"))


def test_comparison_has_both_systems_side_by_side() -> None:
    nothing = {"id": 7, "entities": []}
    table = evaluation.comparison([(GOLD, GOLD)] * 30, [(GOLD, nothing)] * 30, ["entity"])
    assert table.columns == ("level", "type", "gold", "f1", "other_f1", "difference", "p")
    assert table.rows == (("entity", "Person", 30, 1.0, 0.0, 1.0, 0.0002), ("entity", "all", 30, 1.0, 0.0, 1.0, 0.0002))


def test_comparison_has_the_types_that_the_other_system_alone_predicts() -> None:
    other = {"id": 7, "entities": [*GOLD["entities"], {"type": "Place", "name": "太原"}]}
    table = evaluation.comparison([(GOLD, GOLD)], [(GOLD, other)], ["entity"])
    assert [row[:3] for row in table.rows] == [("entity", "Person", 1), ("entity", "Place", 0), ("entity", "all", 1)]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "g: no articles in it; give gold as JSON lines"),
        ([{"id": 1, "text": ""}], "g: article 1 has no entities, relations; see tests/gold"),
        (
            [GOLD, {**GOLD, "entities": [{"name": "王明"}]}],
            "g: article 2: entities 1 lacks type, name; give each as text",
        ),
        ([{**GOLD, "entities": {}}], "g: article 1: entities is no list; give one object for each"),
        ([GOLD, GOLD], f"g: article 2: id {GOLD['id']} stands there already; give each article once"),
        (
            [{**GOLD, "entities": [{"type": "Person", "name": "王明", "surfaces": [1, None]}]}],
            "g: article 1: entities 1: surfaces are no list of texts",
        ),
        ([{**GOLD, "relations": [{"head": "王明"}]}], "g: article 1: relations 1 lacks head, type, tail;"),
        (
            [{**GOLD, "relations": [{"head": "王明", "type": "OWNS", "tail": "太原"}]}],
            "g: article 1: relation end '太原' is no entity of it; add it or mend it",
        ),
    ],
)
def test_gold_that_cannot_be_scored_is_named(rows: list[dict[str, Any]], message: str) -> None:
    with pytest.raises(InputError) as caught:
        evaluation.check_gold(rows, "g")
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"id": 7}], "p: article 1 has no entities; give what kg extract prints"),
        ([GOLD, {"id": 8, "entities": ["王明"]}], "p: article 2: entities 1 lacks type, name;"),
        ([{"id": 8, "entities": []}], "p: holds no article of the gold (by id); give what kg extract prints"),
        ([], "p: holds no article of the gold (by id);"),
        (
            [{"id": 7, "entities": [PERSON, *placed()["entities"]]}],
            "p: article 1: '王明' has no mentions, others have; give them for all or for none",
        ),
        (
            [placed({"start": 3})],
            "p: article 1: '王明' does not stand at {'start': 3}; count start and end in headline",
        ),
        ([placed({"start": 3, "end": 3})], "p: article 1: '王明' does not stand at"),
        ([placed({"start": 3, "end": 99})], "p: article 1: '王明' does not stand at"),
        (
            [placed({"start": 3, "end": 5}, {"start": 0, "end": 2, "text": "王明"})],
            "p: article 1: '王明' does not stand",
        ),
        ([placed([3, 5])], "p: article 1: '王明' does not stand at [3, 5];"),
    ],
)
def test_predictions_that_cannot_be_scored_are_named(rows: list[dict[str, Any]], message: str) -> None:
    with pytest.raises(InputError) as caught:
        evaluation.check_predictions(rows, [GOLD], "p")
    assert str(caught.value).startswith(message)


def test_predictions_of_further_articles_and_with_good_places_pass() -> None:
    evaluation.check_predictions([placed({"start": 3, "end": 5, "text": "王明"})], [GOLD], "p")
    evaluation.check_predictions([GOLD, {**placed({"start": 99, "end": 100}), "id": 8}], [GOLD], "p")
