"""The shipped vocabulary holds together, and an organ's short form becomes its full name."""

import pytest

from kg import lexicon
from kg.lexicon import Lexicon


@pytest.fixture(scope="module")
def words() -> Lexicon:
    return lexicon.load()


@pytest.mark.parametrize(
    ("before", "rest", "name"),
    [
        ("", "工信局", "太原市工业和信息化局"),
        ("", "委", "中共太原市委员会"),
        ("", "委宣传部", "中共太原市委宣传部"),
        ("", "委老干部局", "中共太原市委老干部局"),
        ("团", "委", "共青团太原市委员会"),
        ("", "人社局就业促进科", "太原市人力资源和社会保障局就业促进科"),
        ("", "图", "太原市图书馆"),
        ("", "图流通部", "太原市图书馆流通部"),
        ("", "图书馆", None),
        ("", "政府采购中心", None),
        ("", "委员会", None),
        ("", "三院", "太原市第三人民医院"),
        ("", "第五中学", "太原市第五中学校"),
        ("", "第五中学校", "太原市第五中学校"),
        ("", "园林局", None),
    ],
)
def test_organ(words: Lexicon, before: str, rest: str, name: str | None) -> None:
    assert words.organ(before, "太原市", rest) == name


def test_organ_whole_allows_nothing_behind(words: Lexicon) -> None:
    assert words.organ("", "太原市", "五中", whole=True) == "太原市第五中学校"
    assert words.organ("", "太原市", "五中滨河校区", whole=True) is None


def test_load_organs_have_one_place_in_form_and_name(words: Lexicon) -> None:
    for (before, after), name in words.organs.items():
        assert before or after
        assert name.count("{place}") == 1, name
        assert ("{n}" in after) == ("{n}" in name), name


@pytest.mark.parametrize(
    ("form", "behind", "expected"),
    [("图", "流通部", True), ("图", "书馆", False), ("委", "", True), ("委", "员会", False), ("政府办", "公厅", False)],
)
def test_is_complete(form: str, behind: str, expected: bool) -> None:
    assert lexicon.is_complete(form, behind) is expected


def test_ends_with_knows_the_kind(words: Lexicon) -> None:
    assert words.ends_with("人民路", "local_place")
    assert not words.ends_with("人民路", "local_org")


@pytest.mark.parametrize(
    ("short", "full", "cut"),
    [
        ("浙大", "浙江大学", "浙江大"),
        ("师大附中", "云南师范大学附属中学", "云南师范大学附中"),
        ("山西大学", "山西医科大学", "山西医科大学"),
        ("坞城校区", "山西大学", "山西大学"),
    ],
)
def test_cut_like(words: Lexicon, short: str, full: str, cut: str) -> None:
    assert words.cut_like(short, full) == cut


@pytest.mark.parametrize(
    ("name", "kind", "is_bare"),
    [
        ("工会", "bare_unit", True),
        ("集团公司团委", "bare_unit", True),
        ("太钢工会", "bare_unit", False),
        ("工会主席", "bare_unit", False),
        ("科技进步奖一等奖", "bare_award", True),
        ("省城", "bare_place", True),
        # Two ways to read each of 40 words: to try them all would take for ever.
        ("街道办事处" * 40 + "甲", "bare_unit", False),
    ],
)
def test_is_bare(words: Lexicon, name: str, kind: str, is_bare: bool) -> None:
    assert words.is_bare(name, kind) is is_bare
