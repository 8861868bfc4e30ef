"""Each rule by which a short name stands for a fuller one, with its own cases."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import shortening
from kg.shortening import MERGES
from tests.naming import clues_of

RULES = {rule.__name__: rule for rules in MERGES.values() for rule in rules}


@pytest.mark.parametrize(
    ("rule", "short", "full", "expected"),
    [
        ("legal_form_dropped", "太原重工", "太原重工股份有限公司", True),
        ("legal_form_dropped", "太原重工", "太原重工新能源装备有限公司", False),
        ("core_of_company", "能裕公司", "定襄县能裕新能源有限公司", True),
        ("core_of_company", "西北工业大学", "西北工业大学资产经营公司", False),
        ("core_of_company", "太原", "太原重工股份有限公司", False),
        ("core_of_company", "盐湖股份", "青海盐湖工业股份有限公司", True),
        ("core_of_company", "攀钢", "攀钢矿业公司", False),
        ("core_of_company", "双汇集团", "河南省漯河市双汇实业集团有限责任公司", True),
        ("core_of_company", "太原食品集团", "太原食品产业集团有限公司", True),
        ("core_of_company", "晋能控股集团", "晋能控股煤业集团有限公司", False),
        ("company_by_initials", "太重集团", "太原重型机械集团有限公司", True),
        ("company_by_initials", "太重集团", "大同重型机械集团有限公司", False),
        ("company_by_initials", "太重", "太原重型机械集团有限公司", False),
        ("brand_by_initials", "太重", "太原重型机械集团有限公司", True),
        ("brand_by_initials", "太重", "太原重型机械(集团)矿业有限公司", False),
        ("brand_by_initials", "晋体投", "晋城体育产业投资有限公司", True),
        ("brand_by_initials", "晋体投", "体育产业投资有限公司", False),
        ("brand_by_initials", "太重集团", "太原重型机械集团有限公司", False),
        ("legal_form_dropped", "汇川阀门", "太原市汇川阀门股份有限公司", True),
        ("legal_form_dropped", "汇川阀门", "太原市新汇川阀门股份有限公司", False),
        ("core_of_company", "蟒河镇", "蟒河镇强村发展有限公司", False),
        ("core_of_company", "华星集团", "华星新材料科技集团有限公司", True),
        ("own_word_and_end", "驮水分局", "国家税务总局桓台县税务局驮水税务分局", True),
        ("own_word_and_end", "驮水分局", "国家税务总局桓台县税务局驮水镇第二税务所分局", False),
        ("own_word_and_end", "山西分局", "国家税务总局山西税务分局", False),
        ("own_word_and_end", "驮水", "国家税务总局桓台县税务局驮水税务分局", False),
        ("own_house_and_end", "青石油田坪北项目部", "中国石化青石油田采气中心坪北项目部", True),
        ("own_house_and_end", "青石油田坪南项目部", "中国石化青石油田采气中心坪北项目部", False),
        ("own_house_and_end", "山西省坪北项目部", "中国石化山西省采气中心坪北项目部", False),
        ("abbreviated", "三江乡", "三江水族乡", True),
        ("abbreviated", "三江大学", "三江民族大学", False),
        ("abbreviated", "路灯处", "太原市路灯管理处", True),
        ("abbreviated", "龙安柚合作社", "龙安柚种植专业合作社", True),
        ("common_words_dropped", "五星二社区党委", "五星第二社区党委", True),
        ("own_word_and_end", "刑侦大队", "迎泽分局刑侦大队反诈中队", False),
        ("own_word_and_end", "教育部", "太原大学人工智能教育学部", False),
        ("core_of_company", "飞强", "湖北利川飞强茶业有限责任公司", True),
        ("university_dropped", "华西", "华西医院", True),
        ("university_dropped", "太原", "太原医院", False),
        ("abbreviated", "青禾园", "青禾文化产业园", True),
        ("abbreviated", "平湖经开", "平湖经济技术开发区", True),
        ("first_of_two", "风筝会", "第42届潍坊国际风筝会暨2025潍坊风筝嘉年华", True),
        ("first_of_two", "嘉年华", "第42届潍坊国际风筝会暨2025潍坊风筝嘉年华", False),
        ("first_of_two", "风筝会", "第42届潍坊国际风筝会", False),
        ("beginning_of_place", "六横", "六横岛", True),
        ("beginning_of_town", "柳市", "柳市镇", True),
        ("beginning_of_town", "陶寺", "陶寺镇", False),
        ("beginning_of_town", "段村", "段村镇", False),
        ("beginning_of_town", "娘子关", "娘子关镇", False),
        ("company_by_initials", "柳钢集团", "广西柳州钢铁集团有限公司", True),
        ("company_by_initials", "山西建投", "山西建设投资集团有限公司", True),
        ("company_by_initials", "洛阳钼业", "洛阳栾川钼业集团股份有限公司", True),
        ("company_by_initials", "辰汉农装", "洛阳辰汉农业装备科技股份有限公司", True),
        ("company_by_initials", "晋煤集团", "晋能控股煤业集团有限公司", False),
        ("company_by_initials", "太重集团", "太原重型机械集团", True),
        ("company_by_initials", "太重集团", "太重", False),
        ("end_of_fuller_name", "坞城校区", "山西大学坞城校区", True),
        ("end_of_fuller_name", "南亚", "东南亚", False),
        ("end_of_fuller_name", "文明办", "区文明办", True),
        ("end_of_fuller_name", "李家庄村委会", "上李家庄村委会", False),
        ("bracket_dropped", "山西农业大学", "山西农业大学(山西省农业科学院)", True),
        ("bracket_dropped", "中国石油大学", "中国石油大学(北京)", False),
        ("university_dropped", "太原理工", "太原理工大学", True),
        ("university_dropped", "复旦", "复旦大学", True),
        ("university_dropped", "郑州", "郑州大学", False),
        ("common_words_dropped", "阳郭法庭", "临渭区人民法院阳郭人民法庭", True),
        ("abbreviated", "兰大二院", "兰州大学第二医院", True),
        ("abbreviated", "武大附中", "武汉大学附属中学", True),
        ("abbreviated", "侯马开发区", "侯马经济开发区", True),
        ("abbreviated", "山西大学", "山西医科大学", False),
        ("abbreviated", "浙大", "浙江大学", True),
        ("abbreviated", "哈工大", "哈尔滨工业大学", True),
        ("abbreviated", "中国电科33所", "中国电子科技集团公司第三十三研究所", True),
        ("abbreviated", "长春光机所", "中国科学院长春光学精密机械与物理研究所", True),
        ("abbreviated", "国网晋城供电公司", "国网山西省电力公司晋城供电公司", True),
        ("abbreviated", "农学院", "中国农业大学国家农业绿色发展研究院", False),
        ("abbreviated", "中部地区", "中西部地区", False),
        ("common_words_dropped", "李家庄村委会", "上李家庄村委会", False),
        ("common_words_dropped", "成成中学晋源分校", "太原市成成中学校晋源分校", True),
        ("character_doubled", "太重重工", "太原重工", True),
        ("character_doubled", "太源重工", "太原重工", False),
        ("character_doubled", "太重重工业", "太原重工", False),
        ("beginning_of_place", "碛口", "碛口古镇", True),
        ("beginning_of_place", "大别山", "大别山区", True),
        ("beginning_of_place", "云冈石窟", "云冈石窟景区", True),
        ("beginning_of_place", "竞秀公园", "竞秀公园站", False),
        ("beginning_of_place", "五一路", "五一路站", False),
        ("edition_dropped", "进博会", "第六届进博会", True),
        ("edition_dropped", "杭州亚运会", "杭州第19届亚运会", True),
        ("beginning_of_programme", "十四五", "十四五规划", True),
        ("beginning_of_programme", "进博", "进博会", True),
        ("beginning_of_programme", "中非合作论坛", "中非合作论坛大会", False),
        ("end_without_head", "3号线一期", "太原轨道交通3号线一期工程", True),
        ("abbreviated_event", "进博会", "第六届中国国际进口博览会", True),
        ("abbreviated_event", "太马", "2024太原马拉松", True),
        ("abbreviated_event", "太原马拉松", "太原国际马拉松赛", True),
        ("abbreviated_event", "太原马拉松", "太原女子马拉松赛", False),
        ("abbreviated_event", "农产品交易会", "中国农产品交易会", True),
        ("abbreviated_event", "进博会", "第六届中国国际消费品博览会", False),
        ("part_of_foreign_name", "米莱", "哈维尔·米莱", True),
        ("part_of_foreign_name", "张伟", "张伟明", False),
        ("surname_and_title", "习主席", "习近平", True),
        ("surname_and_title", "习主席", "习书记", False),
        ("surname_of_four", "高市", "高市早苗", True),
        ("inner_legal_form_dropped", "中国工商银行太原分行", "中国工商银行股份有限公司太原分行", True),
        ("inner_legal_form_dropped", "星铁塔能源苏州分公司", "江苏星铁塔能源有限公司苏州分公司", True),
        ("inner_legal_form_dropped", "苏州分公司", "江苏星铁塔能源有限公司苏州分公司", False),
        ("inner_legal_form_dropped", "太原重工", "太原重工股份有限公司", False),
        ("numbered_school", "十二中", "太原市第十二中学校", True),
        ("numbered_school", "二中", "太原市第十二中学校", False),
        ("numbered_school", "育才中学", "太原市育才中学", False),
    ],
)
def test_rule(rule: str, short: str, full: str, expected: bool) -> None:
    assert RULES[rule](short, full, clues_of(surfaces=("太原重工", "陶寺遗址"))) is expected


def test_defined_in_text_reads_what_stands_before_the_bracket() -> None:
    clues = clues_of(definitions={"晋钛新材": "记者来到山西晋钛新材料股份有限公司"})
    assert shortening.defined_in_text("晋钛新材", "山西晋钛新材料股份有限公司", clues)
    assert not shortening.defined_in_text("晋钛新材", "山西启元精密铸造有限公司", clues)


def test_renamed_and_beside_read_what_stands_in_brackets() -> None:
    old, new, short = "太原永利铔厂", "山西化学工业有限公司", "化学工业公司"
    clues = clues_of(renamed={old: new}, beside={short: new, new: short})
    assert shortening.renamed_in_text(old, new, clues)
    assert not shortening.renamed_in_text(short, new, clues)
    assert shortening.beside_in_brackets(short, new, clues)
    assert not shortening.beside_in_brackets(new, short, clues)


def test_head_of_list_is_said_once_for_all() -> None:
    clues = clues_of(shared_heads={"南星": "街道"}, surfaces=("南星街道办事处",))
    assert shortening.head_of_list("南星", "上城区南星街道", clues)
    assert not shortening.head_of_list("南星", "南星桥", clues)
    assert not shortening.head_of_list("紫阳", "紫阳街道", clues)


def test_quoted_word_stands_for_the_name_that_quotes_it() -> None:
    clues = clues_of(quoted={"蓝马甲助老行动": "蓝马甲", "盛京工匠命名大会": "盛京工匠"})
    assert shortening.quoted_word("蓝马甲", "蓝马甲助老行动", clues)
    assert not shortening.quoted_word("盛京工匠", "盛京工匠命名大会", clues)
    assert shortening.quoted_word("数智调解", "数智调解分论坛", clues_of(quoted={"数智调解分论坛": "数智调解"}))


def test_same_quoted_word() -> None:
    clues = clues_of(
        quoted=dict.fromkeys(("好戏看山西进京展演", "好戏看山西2024进京展演", "好戏看山西周"), "好戏看山西")
    )
    assert shortening.same_quoted_word("好戏看山西进京展演", "好戏看山西2024进京展演", clues)
    assert not shortening.same_quoted_word("好戏看山西周", "好戏看山西2024进京展演", clues)
    assert not shortening.same_quoted_word("好戏开演", "好戏看山西2024进京展演", clues)
    cup = clues_of(quoted=dict.fromkeys(("集团矿工杯", "华星集团第三届矿工杯篮球赛"), "矿工杯"))
    assert shortening.same_quoted_word("集团矿工杯", "华星集团第三届矿工杯篮球赛", cup)


@pytest.mark.parametrize(
    ("short", "titles", "expected"),
    [
        ("李书记", {}, True),
        ("李书记", {"李建军": "市长"}, True),
        ("李书记", {"李建军": "记者"}, False),
        ("李校长", {}, False),
        ("李校长", {"李建军": "校长"}, True),
        ("王校长", {"李建军": "校长"}, False),
        ("李女士", {}, False),
    ],
)
def test_surname_and_title_heeds_the_titles_beside_the_name(short: str, titles: dict[str, str], expected: bool) -> None:
    assert shortening.surname_and_title(short, "李建军", clues_of(titles=titles)) is expected


def test_quoted_word_with_head() -> None:
    clues = clues_of(quoted={"文瀛夜塾青年充电续航计划": "文瀛夜塾"})
    assert shortening.quoted_word_with_head("夜塾计划", "文瀛夜塾青年充电续航计划", clues)
    assert not shortening.quoted_word_with_head("夜市计划", "文瀛夜塾青年充电续航计划", clues)
    assert not shortening.quoted_word_with_head("夜塾", "文瀛夜塾青年充电续航计划", clues)


def test_every_rule_has_a_case() -> None:
    tested = {"renamed_in_text", "beside_in_brackets", "head_of_list"}
    tested |= {"defined_in_text", "quoted_word", "quoted_word_with_head", "same_quoted_word"}
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


WORDS = (
    "山西|太原市|中国|太重|重型机械|集团|(集团)|有限|股份|公司|大学|第一|人民医院|法院|第三届|2025年|大会|“|·|李|书记"
)
PIECES = st.sampled_from(WORDS.split("|"))


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(list(MERGES)), st.lists(PIECES, min_size=1, max_size=5), st.lists(PIECES, min_size=1, max_size=6)
)
def test_any_two_names_can_be_compared(type_: str, short: list[str], full: list[str]) -> None:
    """Names that are nothing but a place and a legal form (太原市集团) have no word of their own."""
    rank = shortening.stands_for(type_, "".join(short), "".join(full), clues_of())
    assert rank is None or 0 <= rank < len(MERGES[type_])
    for rule in MERGES[type_]:
        rule("".join(short), "".join(full), clues_of())
