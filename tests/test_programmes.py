"""Each rule of a programme's name with its own cases; None where no rule may answer."""

import pytest

from kg.context import PROGRAMME
from kg.programmes import RULES
from tests.naming import answer, context_of

CASES: list[tuple[str | None, str, tuple[str, ...], str | None]] = [
    ("well_known_programme", "“一带一路”", ("太原市",), "“一带一路”倡议"),
    ("party_meeting", "党的二十大", ("太原市",), "中国共产党第二十次全国代表大会"),
    ("party_meeting", "十九大", (), "中国共产党第十九次全国代表大会"),
    ("party_meeting", "中共二十届四中全会", (), "中国共产党第二十届中央委员会第四次全体会议"),
    ("party_meeting", "二十届中央纪委三次全会", (), "中国共产党第二十届中央纪律检查委员会第三次全体会议"),
    (None, "四中全会", (), None),
    (None, "十大", (), None),
    ("session", "市政协十四届六次会议", ("太原市",), "政协太原市第十四届委员会第六次会议"),
    ("session", "大同市十六届人大五次会议", ("太原市",), "大同市第十六届人民代表大会第五次会议"),
    ("session", "市委十一届六次全会", ("太原市",), "中共太原市第十一届委员会第六次全体会议"),
    ("well_known_programme", "第六届进博会", (), "第六届中国国际进口博览会"),
    ("national_session", "十四届全国人大三次会议", (), "第十四届全国人民代表大会第三次会议"),
    ("national_session", "全国政协十四届三次会议", (), "政协第十四届全国委员会第三次会议"),
    ("national_session", "十四届全国政协三次会议", (), "政协第十四届全国委员会第三次会议"),
    (None, "市政协十四届六次会议", (), None),
    (None, "太原市三届四次会议", ("太原市",), None),
]


@pytest.mark.parametrize(("rule", "surface", "home", "full"), CASES)
def test_rule_gives_full_name(rule: str | None, surface: str, home: tuple[str, ...], full: str | None) -> None:
    found = answer(RULES, context_of(f"{surface}。", (PROGRAMME, surface), home=home), surface)
    assert (found[0] if found else None, found[1].name if found else None) == (rule, full)


@pytest.mark.parametrize(("surface", "settled"), [("十四五", True), ("进博会", False)])
def test_well_known_programme_with_a_number_of_its_own_has_no_editions(surface: str, settled: bool) -> None:
    found = answer(RULES, context_of(f"{surface}。", (PROGRAMME, surface)), surface)
    assert found
    assert found[1].settled is settled


def test_every_rule_has_a_case() -> None:
    assert {rule.__name__ for rule in RULES} == {case[0] for case in CASES} - {None}
