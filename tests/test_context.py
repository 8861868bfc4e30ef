"""An article's names and the divisions it is anchored to, and which one 全市 means where."""

import pytest

from kg import gazetteer
from kg.context import ORGANISATION, PLACE, is_called, is_level
from tests.naming import context_of


@pytest.mark.parametrize(
    ("code", "level", "expected"),
    [
        ("14", "省", True),
        ("15", "自治区", True),
        ("15", "区", False),
        ("1401", "市", True),
        ("140109", "区", True),
        ("2224", "州", True),
        ("1525", "盟", True),
        ("1401", "省", False),
    ],
)
def test_is_level(code: str, level: str, expected: bool) -> None:
    assert is_level(gazetteer.load().division_by_code[code], level) is expected


def test_gather_takes_home_and_named_divisions_for_near() -> None:
    context = context_of("大同市教育局到寿光。", (ORGANISATION, "大同市教育局"), (PLACE, "寿光"))
    assert {"1401", "14", "1402", "370783"} == context.near
    assert [anchor.position for anchor in context.anchors] == [0, 7]


def test_gather_finds_a_namesake_by_the_city_behind_it() -> None:
    context = context_of("鼓楼区在南京。", (PLACE, "鼓楼区"), (PLACE, "南京"), home=())
    assert [anchor.division.code for anchor in context.anchors] == ["320106", "3201"]


def test_gather_parts_a_relative_place_by_what_it_means() -> None:
    context = context_of(
        "在苏州市，全市动员；在昆山市，全市动员。", *((PLACE, name) for name in ("苏州市", "昆山市", "全市")), home=()
    )
    about = {name.start: name.about.name for name in context.names if name.text == "全市" and name.about}
    assert list(about.values()) == ["苏州市", "昆山市"]


@pytest.mark.parametrize(("text", "name"), [("寿光", "寿光市"), ("东湖", None), ("清徐", "清徐县"), ("人民路", None)])
def test_division_distrusts_a_far_short_name(text: str, name: str | None) -> None:
    found = context_of("。").division(text)
    assert (found.name if found else None) == name


@pytest.mark.parametrize(("town", "name"), [("华亭镇", None), ("吴店镇", "华亭市")])
def test_division_heeds_a_town_of_that_name(town: str, name: str | None) -> None:
    found = context_of(f"{town}。", (PLACE, town), home=("上海市",)).division("华亭")
    assert (found.name if found else None) == name


def test_division_of_level_takes_the_headline_s_city_unless_the_paper_says_my() -> None:
    context = context_of("晋城。晋城。", (PLACE, "晋城"), title="晋城稳中向好")
    found = [context.division_of_level("市", 10, own=own) for own in (False, True)]
    assert [division.name for division in found if division] == ["晋城市", "太原市"]


@pytest.mark.parametrize(("sign", "country"), [("中", "中国"), ("俄", "俄罗斯"), ("巴", "巴西"), ("火", None)])
def test_country_of_sign(sign: str, country: str | None) -> None:
    assert context_of("巴西总统访华。", (PLACE, "巴西")).country_of_sign(sign) == country


@pytest.mark.parametrize(
    ("home", "city"), [(("柳州市",), "柳州市"), (("太原市",), "太原市"), (("山西省",), "太原市"), ((), None)]
)
def test_named_place_prefers_the_paper_s_own_city(home: tuple[str, ...], city: str | None) -> None:
    assert context_of("太原市。", (PLACE, "太原市"), home=home).named_place("龙城") == (city or "太原市")


def test_gather_takes_a_full_name_beside_its_short_one() -> None:
    context = context_of("朝阳。朝阳区。", (PLACE, "朝阳"), (PLACE, "朝阳区"), home=("北京市",))
    assert {anchor.division.code for anchor in context.anchors} == {"110105"}


@pytest.mark.parametrize(("text", "expected"), [("碛口镇", True), ("全镇", False), ("镇", False), ("碛口", False)])
def test_is_called(text: str, expected: bool) -> None:
    assert is_called(text, "镇") is expected


def test_a_sign_is_the_country_that_the_article_names_most() -> None:
    names = [(PLACE, name) for name in ("巴西", "巴基斯坦", "中非共和国", "中非")]
    assert context_of("巴西，巴基斯坦，巴西。", *names).country_of_sign("巴") == "巴西"
    assert context_of("巴西，巴基斯坦。", *names).country_of_sign("巴") == "巴勒斯坦"
    assert context_of("巴基斯坦。", *names).country_of_sign("巴") == "巴基斯坦"
    assert not context_of("中非友好。", *names).countries
