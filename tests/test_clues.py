"""What the article says of its names: definitions, quoted words, printed forms; and a company's own word."""

import pytest

from kg.clues import Clues, collect
from kg.meanings import as_printed
from tests.naming import context_of


def clues_of(body: str, *names: tuple[str, str]) -> Clues:
    context = context_of(body, *names)
    return collect(context, {name: as_printed(name, context) for name in context.names})


@pytest.mark.parametrize(
    ("body", "short"),
    [
        ("山西晋钛新材料股份有限公司（以下简称“晋钛新材”）投产。", "晋钛新材"),
        ("山西晋钛新材料股份有限公司（下称晋钛新材）投产。", "晋钛新材"),
        ("山西晋钛新材料股份有限公司（晋钛新材）投产。", None),
    ],
)
def test_collect_reads_definitions(body: str, short: str | None) -> None:
    expected = {short: "山西晋钛新材料股份有限公司"} if short else {}
    assert clues_of(body).definitions == expected


def test_collect_reads_quoted_words() -> None:
    name = "2024“守敬杯——智造”机器人大赛"
    assert clues_of(f"{name}。", ("Programme", name)).quoted == {
        "2024守敬杯-智造机器人大赛": frozenset({"守敬杯-智造", "守敬杯"})
    }


@pytest.mark.parametrize(
    ("body", "renamed", "beside"),
    [
        ("红星厂（今太原红星机械有限公司）。", True, False),
        ("“红星厂”（现“太原红星机械有限公司”）。", True, False),
        ("红星厂（太原红星机械有限公司）。", False, True),
        ("红星厂（太原红星机械有限公司，600482）。", False, True),
        ("红星厂（太原红星机械有限公司的前身）。", False, False),
        ("红星厂、太原红星机械有限公司。", False, False),
    ],
)
def test_collect_reads_names_in_brackets(body: str, renamed: bool, beside: bool) -> None:
    old, new = "红星厂", "太原红星机械有限公司"
    clues = clues_of(body, ("Organisation", old), ("Organisation", new))
    both_ways = {old: frozenset({new}), new: frozenset({old})}
    assert clues.renamed == (both_ways if renamed else {})
    assert clues.beside == (both_ways if beside else {})


@pytest.mark.parametrize(
    ("behind", "heads"),
    [
        ("、紫阳等街道", {"街道"}),
        ("、紫阳、清波三个乡镇", {"乡", "镇"}),
        ("三镇街", {"镇", "街道"}),
        ("和紫阳街道", None),
        ("，紫阳等街道", None),
        ("、紫阳街道", None),
    ],
)
def test_collect_reads_the_head_of_a_list(behind: str, heads: set[str] | None) -> None:
    expected = {"南星": frozenset(heads)} if heads else {}
    assert clues_of(f"南星{behind}。", ("Place", "南星")).shared_heads == expected


def test_collect_keeps_printed_forms() -> None:
    assert clues_of("太原重工。", ("Organisation", "太原重工")).surfaces == {"太原重工": frozenset({"太原重工"})}


@pytest.mark.parametrize(
    ("company", "core"),
    [
        ("定襄县能裕新能源有限公司", "能裕新能源"),
        ("太原重工股份有限公司", "重工"),
        ("中国石油有限公司", "石油"),
        ("能裕新能源有限公司", "能裕新能源"),
    ],
)
def test_core(company: str, core: str) -> None:
    assert clues_of("。").core(company) == core


def test_cores_drop_one_place_after_the_other() -> None:
    assert list(clues_of("。").cores("广西柳州钢铁集团有限公司")) == ["柳州钢铁", "钢铁"]


@pytest.mark.parametrize(("text", "expected"), [("太原", True), ("山西", True), ("盐湖", False), ("能裕", False)])
def test_is_city(text: str, expected: bool) -> None:
    assert clues_of("。").is_city(text) is expected


@pytest.mark.parametrize(
    ("body", "titles"),
    [
        ("市委副书记、市长王明说。", {"书记", "市长"}),
        ("市长到场，记者王明报道。", {"记者"}),
        ("王明院士来访。", {"院士"}),
        ("市长会见王明。", set()),
    ],
)
def test_collect_reads_titles_beside_a_name(body: str, titles: set[str]) -> None:
    assert clues_of(body, ("Person", "王明")).titles == {"王明": titles}


def test_end_takes_the_longest_suffix() -> None:
    assert [clues_of("。").end(name, "outpost") for name in ("山东分公司", "山东")] == ["分公司", ""]


def test_collect_says_of_which_country_a_bare_ministry_is() -> None:
    body = "俄罗斯国防部说。乌克兰解除国防部多人职务。"
    names = (("Organisation", "俄罗斯国防部"), ("Place", "乌克兰"), ("Organisation", "国防部"))
    assert clues_of(body, *names).owners == {"国防部": frozenset({"乌克兰"})}
    assert clues_of("国防部说。", names[2]).owners == {"国防部": frozenset({None})}
    assert clues_of("俄罗斯国防部说。", names[0]).owners == {}
