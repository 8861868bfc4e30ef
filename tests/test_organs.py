"""Each rule of an organisation's name with its own cases; None where no rule may answer."""

import pytest

from kg.context import ORGANISATION, PLACE
from kg.organs import RULES
from tests.naming import answer, context_of

CASES: list[tuple[str | None, str, tuple[str, ...], str | None]] = [
    ("well_known_body", "国家发改委", ("太原市",), "国家发展和改革委员会"),
    ("well_known_body", "第十四届全国人大常委会", (), "全国人民代表大会常务委员会"),
    ("party_centre", "中国共产党第二十届中央委员会", (), "中共中央"),
    ("party_centre", "二十届中央", ("太原市",), "中共中央"),
    ("branch_office", "万柏林公安分局", ("太原市",), "太原市公安局万柏林分局"),
    (None, "公安分局", ("太原市",), None),
    ("street_office", "营盘街道", ("太原市",), "营盘街道办事处"),
    ("organ_of_level", "省工信厅", ("太原市",), "山西省工业和信息化厅"),
    ("organ_of_level", "团市委", ("太原市",), "共青团太原市委员会"),
    (None, "市场监管局", ("太原市",), None),
    ("organ_of_division", "晋城市委", ("太原市",), "中共晋城市委员会"),
    (None, "香港特别行政区政府", (), None),
    ("organ_of_short_place", "太原五中", ("太原市",), "太原市第五中学校"),
    ("organ_of_division", "太原市第十五届人大常委会", ("太原市",), "太原市人民代表大会常务委员会"),
    ("organ_of_division", "凉山州公安局", (), "凉山彝族自治州公安局"),
    ("well_known_body", "山西农业大学（山西省农业科学院）", ("太原市",), "山西农业大学"),
    ("organ_with_second_name", "省市场监管局（知识产权局）", ("太原市",), "山西省市场监督管理局（知识产权局）"),
    (None, "立方公司（技术中心）", ("太原市",), None),
    ("organ_of_short_place", "拱墅团区委", ("杭州市",), "共青团拱墅区委员会"),
    ("well_known_body", "一汽工会", (), "中国第一汽车集团有限公司工会"),
    ("street_office", "桥东街道办", ("太原市",), "桥东街道办事处"),
    ("organ_of_level", "街道办", ("太原市",), "街道办"),
    ("numbered_school", "十二中", ("太原市",), "太原市第十二中学校"),
    (None, "十二中", (), None),
    ("foreign_body", "俄外交部", (), "俄罗斯外交部"),
    (None, "华海军", (), None),
    ("term_of_office", "第六任香港特别行政区基本法委员会", (), "香港特别行政区基本法委员会"),
    (None, "立方公司", ("太原市",), None),
]


@pytest.mark.parametrize(("rule", "surface", "home", "full"), CASES)
def test_rule_gives_full_name(rule: str | None, surface: str, home: tuple[str, ...], full: str | None) -> None:
    found = answer(RULES, context_of(f"{surface}。", (ORGANISATION, surface), home=home), surface)
    assert (found[0] if found else None, found[1].name if found else None) == (rule, full)


def of(body: str, surface: str, *others: tuple[str, str], home: tuple[str, ...] = ("太原市", "山西省")) -> str | None:
    found = answer(RULES, context_of(body, (ORGANISATION, surface), *others, home=home), surface)
    return found[1].name if found else None


@pytest.mark.parametrize("other", [(ORGANISATION, "大同五中"), (PLACE, "清徐县")])
def test_numbered_school_is_not_the_city_s_where_the_text_names_another(other: tuple[str, str]) -> None:
    assert of(f"{other[1]}，五中。", "五中", other) is None


def test_party_centre_of_another_party_is_not_that_of_the_communists() -> None:
    names = ((ORGANISATION, "民盟中央"), (ORGANISATION, "第十三届中央委员会"))
    found = answer(RULES, context_of("民盟中央的第十三届中央委员会。", *names), "第十三届中央委员会")
    assert found is not None
    assert found[1].name == "中央委员会"


def test_term_of_office_counts_where_the_article_names_two() -> None:
    terms = "十九届中央委员会", "二十届中央委员会"
    assert [of("，".join(terms), term, *((ORGANISATION, other) for other in terms)) for term in terms] == [None, None]


def test_organ_of_level_is_of_the_paper_s_own_rank() -> None:
    other = (ORGANISATION, "永济市教育局")
    assert of("永济市教育局，市教育局。", "市教育局", other, home=("运城市", "山西省")) == "运城市教育局"


def test_organ_of_level_takes_the_district_of_a_party_committee() -> None:
    assert of("中共迎泽区委员会，区委。", "区委", (ORGANISATION, "中共迎泽区委员会")) == "中共迎泽区委员会"


def test_every_rule_has_a_case() -> None:
    assert {rule.__name__ for rule in RULES} == {case[0] for case in CASES} - {None}
