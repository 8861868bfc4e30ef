"""Each rule of a place's name with its own cases; None where no rule may answer."""

import pytest

from kg.context import PLACE
from kg.places import RULES
from tests.naming import answer, context_of

CASES: list[tuple[str | None, str, tuple[str, ...], str | None]] = [
    ("relative_place", "我市", ("太原市",), "太原市"),
    ("relative_place", "全省", ("太原市",), "山西省"),
    ("relative_place", "全县", ("太原市",), "全县"),
    ("nickname", "并州", ("太原市",), "太原市"),
    ("nickname", "龙城", ("柳州市",), "柳州市"),
    ("nickname", "大韩民国", (), "韩国"),
    ("nickname", "印尼", (), "印度尼西亚"),
    ("nickname", "赞比亚共和国", (), "赞比亚"),
    ("side_of_talks", "俄方", (), "俄罗斯"),
    (None, "火方", (), None),
    ("division", "定襄", ("太原市",), "定襄县"),
    ("division", "四川成都", (), "成都市"),
    ("division", "中国四川", (), "四川省"),
    ("division", "义井街道", ("太原市",), "义井街道"),
    ("transit_line", "地铁2号线", ("太原市",), "太原地铁2号线"),
    ("transit_line", "849路", ("太原市",), "太原公交849路"),
    (None, "大同地铁2号线", ("太原市",), None),
    (None, "849路", (), None),
    ("home_facility", "省体育中心", ("太原市",), "山西省体育中心"),
    (None, "省体育中心", (), None),
    (None, "市中心", ("太原市",), None),
    (None, "东湖", ("太原市",), None),
]


@pytest.mark.parametrize(("rule", "surface", "home", "full"), CASES)
def test_rule_gives_full_name(rule: str | None, surface: str, home: tuple[str, ...], full: str | None) -> None:
    found = answer(RULES, context_of(f"{surface}。", (PLACE, surface), home=home), surface)
    assert (found[0] if found else None, found[1].name if found else None) == (rule, full)


@pytest.mark.parametrize(
    ("villages", "full"), [(("李家庄村",), "李家庄村"), (("李家庄村", "张家庄村"), "全村"), (("碛口镇",), "全村")]
)
def test_relative_place_is_the_one_village_of_the_article(villages: tuple[str, ...], full: str) -> None:
    names = [(PLACE, name) for name in (*villages, "全村")]
    found = answer(RULES, context_of("，".join(name for _, name in names), *names), "全村")
    assert found
    assert found[1].name == full


@pytest.mark.parametrize(("other", "full"), [("塔吉克斯坦", "塔吉克斯坦"), ("越南", None)])
def test_side_of_talks_may_be_called_a_country(other: str, full: str | None) -> None:
    found = answer(RULES, context_of(f"{other}，塔国。", (PLACE, other), (PLACE, "塔国")), "塔国")
    assert (found[1].name if found else None) == full


def test_every_rule_has_a_case() -> None:
    assert {rule.__name__ for rule in RULES} == {case[0] for case in CASES} - {None}
