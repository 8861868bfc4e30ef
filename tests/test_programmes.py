"""Each rule of a programme's name with its own cases; None where no rule may answer."""

import pytest

from kg.context import PROGRAMME
from kg.programmes import RULES
from tests.naming import answer, context_of

CASES: list[tuple[str | None, str, tuple[str, ...], str | None]] = [
    ("well_known_programme", "党的二十大", ("太原市",), "中国共产党第二十次全国代表大会"),
    ("session", "市政协十四届六次会议", ("太原市",), "政协太原市第十四届委员会第六次会议"),
    ("session", "大同市十六届人大五次会议", ("太原市",), "大同市第十六届人民代表大会第五次会议"),
    ("session", "市委十一届六次全会", ("太原市",), "中共太原市第十一届委员会第六次全体会议"),
    (None, "市政协十四届六次会议", (), None),
    (None, "太原市三届四次会议", ("太原市",), None),
]


@pytest.mark.parametrize(("rule", "surface", "home", "full"), CASES)
def test_rule_gives_full_name(rule: str | None, surface: str, home: tuple[str, ...], full: str | None) -> None:
    found = answer(RULES, context_of(f"{surface}。", (PROGRAMME, surface), home=home), surface)
    assert (found[0] if found else None, found[1].name if found else None) == (rule, full)


def test_every_rule_has_a_case() -> None:
    assert {rule.__name__ for rule in RULES} == {case[0] for case in CASES} - {None}
