"""What a name stands for where no rule knows it."""

import pytest

from kg.meanings import as_printed, meaning_of, of_this_article
from tests.naming import context_of


@pytest.mark.parametrize(
    ("type_", "surface", "home", "id_"),
    [
        ("Place", "人民路", ("太原市",), "Place:人民路@1401"),
        ("Place", "人民路", (), "Place:人民路"),
        ("Place", "太原人民路", ("大同市",), "Place:太原人民路"),
        ("Place", "云冈石窟", ("太原市",), "Place:云冈石窟"),
        ("Organisation", "花园村委会", ("太原市",), "Organisation:花园村委会@1401"),
        ("Person", "人民路", ("太原市",), "Person:人民路"),
    ],
)
def test_as_printed_parts_what_every_town_has(type_: str, surface: str, home: tuple[str, ...], id_: str) -> None:
    context = context_of(f"{surface}。", (type_, surface), home=home)
    assert as_printed(context.names[0], context).id == id_


def test_of_this_article_keeps_a_name_to_its_article() -> None:
    context = context_of("区教育局。", ("Organisation", "区教育局"))
    assert of_this_article(context.names[0], context, "test").id == "Organisation:区教育局@a1"


def test_meaning_of_folds_the_id_and_keeps_the_name() -> None:
    meaning = meaning_of("Organisation", "太原钢铁（集团）有限公司", "test")
    assert (meaning.id, meaning.name) == ("Organisation:太原钢铁(集团)有限公司", "太原钢铁（集团）有限公司")
