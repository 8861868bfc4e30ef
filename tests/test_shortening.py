"""Each rule by which a short name stands for a fuller one, and each veto, with its own cases."""

import pytest

from kg import gazetteer, lexicon, shortening
from kg.clues import Clues
from kg.shortening import MERGES, VETOES


def clues_of(
    *, definitions: dict[str, str] | None = None, quoted: dict[str, str] | None = None, surfaces: tuple[str, ...] = ()
) -> Clues:
    return Clues(
        lexicon=lexicon.load(),
        gazetteer=gazetteer.load(),
        near=frozenset({"1401", "14"}),
        definitions=definitions or {},
        quoted={full: frozenset({word}) for full, word in (quoted or {}).items()},
        surfaces={surface: frozenset({surface}) for surface in surfaces},
    )


RULES = {rule.__name__: rule for rules in MERGES.values() for rule in rules} | {rule.__name__: rule for rule in VETOES}


@pytest.mark.parametrize(
    ("rule", "short", "full", "expected"),
    [
        ("legal_form_dropped", "太原重工", "太原重工股份有限公司", True),
        ("legal_form_dropped", "太原重工", "太原重工新能源装备有限公司", False),
        ("core_of_company", "能裕公司", "定襄县能裕新能源有限公司", True),
        ("core_of_company", "西北工业大学", "西北工业大学资产经营公司", False),
        ("core_of_company", "太原", "太原重工股份有限公司", False),
        ("core_of_company", "太原食品集团", "太原食品产业集团有限公司", True),
        ("core_of_company", "晋能控股集团", "晋能控股煤业集团有限公司", False),
        ("company_by_initials", "太重集团", "太原重型机械集团有限公司", True),
        ("company_by_initials", "太重集团", "大同重型机械集团有限公司", False),
        ("company_by_initials", "太重", "太原重型机械集团有限公司", False),
        ("end_of_fuller_name", "坞城校区", "山西大学坞城校区", True),
        ("end_of_fuller_name", "南亚", "东南亚", False),
        ("bracket_dropped", "山西农业大学", "山西农业大学(山西省农业科学院)", True),
        ("university_dropped", "太原理工", "太原理工大学", True),
        ("common_words_dropped", "阳郭法庭", "临渭区人民法院阳郭人民法庭", True),
        ("abbreviated", "兰大二院", "兰州大学第二医院", True),
        ("abbreviated", "武大附中", "武汉大学附属中学", True),
        ("abbreviated", "侯马开发区", "侯马经济开发区", True),
        ("abbreviated", "山西大学", "山西医科大学", False),
        ("character_doubled", "太重重工", "太原重工", True),
        ("character_doubled", "太源重工", "太原重工", False),
        ("character_doubled", "太重重工业", "太原重工", False),
        ("beginning_of_place", "碛口", "碛口古镇", True),
        ("beginning_of_place", "大别山", "大别山区", True),
        ("beginning_of_place", "竞秀公园", "竞秀公园站", False),
        ("beginning_of_place", "五一路", "五一路站", False),
        ("edition_dropped", "进博会", "第六届进博会", True),
        ("beginning_of_programme", "十四五", "十四五规划", True),
        ("beginning_of_programme", "中非合作论坛", "中非合作论坛大会", False),
        ("end_without_head", "3号线一期", "太原轨道交通3号线一期工程", True),
        ("abbreviated_event", "进博会", "第六届中国国际进口博览会", True),
        ("abbreviated_event", "进博会", "第六届中国国际消费品博览会", False),
        ("part_of_foreign_name", "米莱", "哈维尔·米莱", True),
        ("part_of_foreign_name", "张伟", "张伟明", False),
        ("surname_and_title", "习主席", "习近平", True),
        ("surname_and_title", "习主席", "习书记", False),
        ("surname_of_four", "高市", "高市早苗", True),
        ("other_number", "市三院", "太原市第二人民医院", True),
        ("other_number", "市三院", "太原市第三人民医院", False),
        ("other_edition", "第五届进博会", "第六届进博会", True),
        ("other_edition", "第二次廉政会议", "国务院第二次廉政会议", False),
        ("other_place", "湖北省人民政府", "河北省人民政府", True),
        ("other_place", "小店区教育局", "太原市小店区教育局", False),
        ("registered_name", "中车株洲电力机车有限公司", "中车株洲电力机车研究所有限公司", True),
        ("registered_name", "晋钛新材料有限公司", "山西晋钛新材料股份有限公司", False),
        ("generic_word", "大学", "山西大学", True),
    ],
)
def test_rule(rule: str, short: str, full: str, expected: bool) -> None:
    assert RULES[rule](short, full, clues_of(surfaces=("太原重工",))) is expected


def test_defined_in_text_reads_what_stands_before_the_bracket() -> None:
    clues = clues_of(definitions={"晋钛新材": "记者来到山西晋钛新材料股份有限公司"})
    assert shortening.defined_in_text("晋钛新材", "山西晋钛新材料股份有限公司", clues)
    assert not shortening.defined_in_text("晋钛新材", "山西启元精密铸造有限公司", clues)


def test_quoted_word_stands_for_the_name_that_quotes_it() -> None:
    clues = clues_of(quoted={"蓝马甲助老行动": "蓝马甲", "盛京工匠命名大会": "盛京工匠"})
    assert shortening.quoted_word("蓝马甲", "蓝马甲助老行动", clues)
    assert not shortening.quoted_word("盛京工匠", "盛京工匠命名大会", clues)


def test_quoted_word_with_head() -> None:
    clues = clues_of(quoted={"文瀛夜塾青年充电续航计划": "文瀛夜塾"})
    assert shortening.quoted_word_with_head("夜塾计划", "文瀛夜塾青年充电续航计划", clues)
    assert not shortening.quoted_word_with_head("夜市计划", "文瀛夜塾青年充电续航计划", clues)
    assert not shortening.quoted_word_with_head("夜塾", "文瀛夜塾青年充电续航计划", clues)


def test_every_rule_has_a_case() -> None:
    tested = {"defined_in_text", "quoted_word", "quoted_word_with_head"}
    marks = test_rule.pytestmark  # type: ignore[attr-defined]
    tested |= {case[0] for case in marks[0].args[1]}
    assert tested == set(RULES)


def test_stands_for_prefers_the_stronger_rule_and_obeys_vetoes() -> None:
    clues = clues_of()
    assert shortening.stands_for("Organisation", "太原重工", "太原重工股份有限公司", clues) is not None
    assert shortening.stands_for("Organisation", "大学", "山西大学", clues) is None
    assert shortening.stands_for("Organisation", "太原重工", "太原重工", clues) is None
    assert shortening.stands_for("Organisation", "甲乙丙", "山西大学", clues) is None
    assert shortening.stands_for("Unheard", "太原重工", "太原重工股份有限公司", clues) is None
