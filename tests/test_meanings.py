"""What a name stands for where no rule knows it."""

import pytest

from kg.meanings import as_printed, in_phrase, meaning_of, of_this_article
from tests.naming import context_of


@pytest.mark.parametrize(
    ("type_", "surface", "home", "id_"),
    [
        ("Place", "人民路", ("太原市",), "Place:人民路@1401"),
        ("Place", "人民路", (), "Place:人民路"),
        ("Place", "红旗农场", ("哈尔滨市",), "Place:红旗农场@2301"),
        ("Organisation", "红旗农场", ("太原市",), "Organisation:红旗农场@1401"),
        ("Place", "太原人民路", ("大同市",), "Place:太原人民路"),
        ("Place", "云冈石窟", ("太原市",), "Place:云冈石窟"),
        ("Organisation", "花园村委会", ("太原市",), "Organisation:花园村委会@1401"),
        ("Person", "人民路", ("太原市",), "Person:人民路"),
    ],
)
def test_as_printed_parts_what_every_town_has(type_: str, surface: str, home: tuple[str, ...], id_: str) -> None:
    context = context_of(f"{surface}。", (type_, surface), home=home)
    assert as_printed(context.names[0], context).id == id_


@pytest.mark.parametrize(
    ("type_", "surface", "body", "found"),
    [
        ("Organisation", "中央", "各民主党派中央出席。", ("Organisation:民主党派中央", "part of a phrase")),
        ("Organisation", "中央", "中央决定开发横琴。", None),
        ("Place", "南方", "全球南方国家合作。", ("Place:全球南方", "part of a phrase")),
        ("Place", "西方", "西方国家制裁。", ("Place:西方", "as printed")),
        ("Place", "西方", "中方愿同西方加强合作。", None),
        ("Place", "西方", "西方愿同中方合作。", None),
        ("Place", "东北", "辽宁东北部有雨。", ("Place:东北@a1", "part of a phrase")),
        ("Organisation", "央行", "财长和央行行长会议。", ("Organisation:央行@a1", "part of a phrase")),
        ("Place", "首都", "首都各界群众观礼。", None),
        ("Place", "首都", "苏丹首都交火。", ("Place:首都@a1", "part of a phrase")),
    ],
)
def test_in_phrase_hears_the_words_around(type_: str, surface: str, body: str, found: tuple[str, str] | None) -> None:
    context = context_of(body, (type_, surface))
    meaning = in_phrase(context.names[0], context)
    assert (meaning and (meaning.id, meaning.rule)) == found


@pytest.mark.parametrize(
    ("body", "places", "ids"),
    [
        ("首都喀土穆交火。", ("喀土穆",), {"Place:喀土穆"}),
        ("首都北京升国旗。", ("北京",), {None}),
        ("德国说首都安全。", ("德国",), {"Place:首都@a1"}),
        ("德国人在北京，首都安全。", ("德国", "北京"), {None}),
        ("首都北京与首都柏林。", ("北京", "柏林"), {None, "Place:柏林"}),
    ],
)
def test_a_capital_is_the_city_that_the_text_says(body: str, places: tuple[str, ...], ids: set[str | None]) -> None:
    context = context_of(body, *((("Place", place)) for place in (*places, "首都")))
    meanings = [in_phrase(name, context) for name in context.names if name.text == "首都"]
    assert {meaning and meaning.id for meaning in meanings} == ids


def test_of_this_article_keeps_a_name_to_its_article() -> None:
    context = context_of("区教育局。", ("Organisation", "区教育局"))
    assert of_this_article(context.names[0], context, "test").id == "Organisation:区教育局@a1"


def test_meaning_of_folds_the_id_and_keeps_the_name() -> None:
    meaning = meaning_of("Organisation", "太原钢铁（集团）有限公司", "test")
    assert (meaning.id, meaning.name) == ("Organisation:太原钢铁(集团)有限公司", "太原钢铁（集团）有限公司")
