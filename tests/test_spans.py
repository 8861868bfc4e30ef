"""Rules on mentions: marks are not cut, names run to their head, relative places and repetitions are found."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import schema, spans
from kg.records import Mention
from tests.records import article

RULES = spans.compile_rules(schema.load())


def mention(text: str, name: str, type_: str = "Programme") -> Mention:
    start = text.index(name)
    return Mention(article_id="a1", start=start, end=start + len(name), text=name, type=type_)


def repaired(text: str, *names: str, type_: str = "Programme") -> list[str]:
    found = spans.repair(article(text), [mention(text, name, type_) for name in names], RULES)
    return [mention.text for mention in found]


@pytest.mark.parametrize(
    ("text", "found", "expected"),
    [
        ("举办“安愉人生”。", "安愉人生”", ["“安愉人生”"]),
        ("开展“暖冬送衣”公益行动，", "“暖冬送衣”", ["“暖冬送衣”公益行动"]),
        ("“时光中的回响——行走的思政课”开展", "行走的思政课”", ["“时光中的回响——行走的思政课”"]),
        ("获优秀交易机构（平台）奖。", "优秀交易机构（平台", ["优秀交易机构（平台）"]),
        ("“车辆进站，请大家靠边。”他说。“这里", "“车辆进站，请大家靠边。", []),
        ("砺石公司（以下简称“砺石”）成立", "（以下简称“砺石”）", ["以下简称“砺石”"]),
        ("启动“夜塾”，并参加活动", "“夜塾”", ["“夜塾”"]),
        ("启动“夜塾”的项目", "“夜塾”", ["“夜塾”"]),
        ("“暖巢”获第三届志愿服务项目大赛", "“暖巢”", ["“暖巢”"]),
        ("公布“匠星”首批8个试点", "“匠星”", ["“匠星”"]),
        ("2024数据资产管理峰会", "2024数据资产管理峰会", ["2024数据资产管理峰会"]),
    ],
)
def test_repair_completes_a_programme(text: str, found: str, expected: list[str]) -> None:
    assert repaired(text, found) == expected


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        (
            "尖草坪区汇丰街道社区党委",
            "Place:尖草坪区 Organisation:汇丰街道社区党委",
            "Organisation:尖草坪区汇丰街道社区党委",
        ),
        ("苏州市市科技局", "Place:苏州市 Organisation:市科技局", "Place:苏州市 Organisation:市科技局"),
        ("尖草坪区，汇丰街道", "Place:尖草坪区 Organisation:汇丰街道", "Place:尖草坪区 Organisation:汇丰街道"),
        # A body may stand behind several places; a street office that is named alone is a name of its own.
        (
            "北江区云亭街道柳湾社区",
            "Place:北江区 Place:云亭街道 Organisation:柳湾社区",
            "Organisation:北江区云亭街道柳湾社区",
        ),
        (
            "我市北江区柳湾社区",
            "Place:我市 Place:北江区 Organisation:柳湾社区",
            "Place:我市 Organisation:北江区柳湾社区",
        ),
        ("北江区云亭街道", "Place:北江区 Organisation:云亭街道", "Place:北江区 Organisation:云亭街道"),
        ("瑞河高速东岭段", "Place:瑞河高速 Place:东岭段", "Place:瑞河高速东岭段"),
        ("瑞河市东岭段", "Place:瑞河市 Place:东岭段", "Place:瑞河市 Place:东岭段"),
        (
            "瑞河市人民法院“晨光”团队",
            "Organisation:瑞河市人民法院 Organisation:“晨光”团队",
            "Organisation:瑞河市人民法院“晨光”团队",
        ),
        ("美国优步公司", "Place:美国 Organisation:优步公司", "Place:美国 Organisation:优步公司"),
        ("辽宁大学蒲河校区", "Organisation:辽宁大学 Place:蒲河校区", "Organisation:辽宁大学蒲河校区"),
        ("联合国巴勒斯坦", "Organisation:联合国 Place:巴勒斯坦", "Organisation:联合国 Place:巴勒斯坦"),
        (
            "某大学文学院古籍所",
            "Organisation:某大学 Organisation:文学院 Organisation:古籍所",
            "Organisation:某大学文学院 Organisation:古籍所",
        ),
        (
            "某大学文学院张力",
            "Organisation:某大学 Organisation:文学院 Person:张力",
            "Organisation:某大学文学院 Person:张力",
        ),
        (
            "登上绿金ESG 50榜单",
            "Organisation:绿金E Programme:SG Programme:50榜单",
            "Programme:绿金ESG Programme:50榜单",
        ),
        ("日本Nidec公司", "Organisation:日本Ni", "Organisation:日本Nidec"),
        ("在IoT大会上", "Programme:oT大会", "Programme:IoT大会"),
        ("今年2024大会", "Programme:24大会", "Programme:2024大会"),
        ("有5G工厂", "Organisation:G工厂", "Organisation:5G工厂"),
        ("“双碳学院”揭牌", "Programme:“双碳学院”", "Organisation:“双碳学院”"),
        ("“双碳学院”公益行动", "Programme:“双碳学院”公益行动", "Programme:“双碳学院”公益行动"),
        ("国际科技创新中心", "Programme:国际科技创新中心", "Programme:国际科技创新中心"),
        ("到长风校区去", "Place:长风校区", "Organisation:长风校区"),
        ("在瑞河车务段，", "Place:瑞河车务段", "Organisation:瑞河车务段"),
        ("瑞河“砚边书馆”", "Place:“砚边书馆”", "Organisation:“砚边书馆”"),
        ("下云台矿去", "Place:云台矿", "Organisation:云台矿"),
        ("买云台金矿去", "Place:云台金矿", "Place:云台金矿"),
        ("参观瑞河县委旧址", "Organisation:瑞河县委旧址", "Place:瑞河县委旧址"),
        ("从火箭军某旅退役", "Organisation:火箭军", "Organisation:火箭军某旅"),
        ("火箭军某部门", "Organisation:火箭军", "Organisation:火箭军"),
        ("润泽工程三期开工", "Programme:润泽工程", "Programme:润泽工程三期"),
        ("天祥集团（Intertek）参与", "Organisation:天祥集团", "Organisation:天祥集团（Intertek）"),
        ("天祥集团（下称“天祥”）", "Organisation:天祥集团", "Organisation:天祥集团"),
        ("第六期研修班开班", "Programme:研修班", "Programme:第六期研修班"),
        ("2023—2024年度第2届花节", "Programme:花节", "Programme:2023—2024年度第2届花节"),
        ("首批“微光”试点", "Programme:“微光”", "Programme:首批“微光”试点"),
        ("2024年，花节开幕", "Programme:花节", "Programme:花节"),
        ("第六期研修班", "Organisation:研修班", "Organisation:研修班"),
    ],
)
def test_repair_takes_in_what_belongs_to_a_name(text: str, names: str, expected: str) -> None:
    found = [mention(text, name, type_) for type_, _, name in (part.partition(":") for part in names.split())]
    assert [f"{m.type}:{m.text}" for m in spans.repair(article(text), found, RULES)] == expected.split()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我市和全省都在发展", ["我市", "全省"]),
        ("安全区域和全区域协同", []),
        ("我国首个", ["我国"]),
    ],
)
def test_repair_finds_relative_places(text: str, expected: list[str]) -> None:
    assert repaired(text) == expected


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("[查看原文](https://tv.example.com/2022/09/VIDE.shtml)", "https"),
        ("见www.ruihe-cup.org.cn，", "ruihe-cup"),
        ("投稿：Wang.Ming@ruihe.com.cn（", "Wang.Ming"),
    ],
)
def test_repair_finds_nothing_in_addresses(text: str, name: str) -> None:
    assert repaired(text, name, type_="Person") == []


@pytest.mark.parametrize(
    ("text", "name", "type_", "expected"),
    [
        ("发车点在东广场。", "东广场", "Place", []),
        ("住在6号楼。", "6号楼", "Place", []),
        ("太原南站东广场。", "太原南站东广场", "Place", ["太原南站东广场"]),
        ("“云杉养护关键技术”获奖", "“云杉养护关键技术”", "Programme", []),
        ("“云杉养护技术”大赛", "“云杉养护技术”大赛", "Programme", ["“云杉养护技术”大赛"]),
    ],
)
def test_repair_drops_what_names_nothing(text: str, name: str, type_: str, expected: list[str]) -> None:
    assert repaired(text, name, type_=type_) == expected


def test_repair_keeps_names_beside_addresses() -> None:
    assert repaired("瑞和杯https://ruihe.cn瑞和杯", "瑞和杯") == ["瑞和杯", "瑞和杯"]


def test_repair_is_not_held_up_by_a_long_latin_word() -> None:
    # A minute and more where each of its letters may be the first of a letter box.
    assert repaired("a" * 200_000 + "。瑞和杯", "瑞和杯") == ["瑞和杯"]


def test_repair_finds_a_name_everywhere_but_inside_longer_names() -> None:
    text = "能裕公司投产。能裕公司董事会说，大能裕公司集团不是它。"
    found = spans.repair(
        article(text),
        [mention(text, "能裕公司", "Organisation"), mention(text, "大能裕公司集团", "Organisation")],
        RULES,
    )
    assert [(m.start, m.text) for m in found] == [(0, "能裕公司"), (7, "能裕公司"), (16, "大能裕公司集团")]


@given(st.text(alphabet="“”‘’《》（）我市活动甲乙。\n", max_size=60), st.data())
def test_repaired_mentions_are_slices_in_order_without_overlap(text: str, data: st.DataObject) -> None:
    starts = data.draw(st.lists(st.integers(0, max(0, len(text) - 1)), max_size=5, unique=True)) if text else []
    mentions = [
        Mention(article_id="a1", start=start, end=end, text=text[start:end], type="Programme")
        for start in starts
        for end in [data.draw(st.integers(start + 1, len(text)))]
    ]
    found = spans.repair(article(text), mentions, RULES)
    assert all(text[m.start : m.end] == m.text for m in found)
    assert all(left.end <= right.start for left, right in itertools.pairwise(found))
