import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import layout, lines
from kg.bylines import Names
from kg.lines import Line

RULES = layout.load()
LEAD = "本报讯 汾河水库除险加固工程昨日开工，水库大坝将加高两米。"
TEXT = "水库管理局负责人说，工程将于明年汛期前完工，下游三个乡镇从此不再担心汛期。"
OPEN = "水库管理局负责人说，工程将于明年汛期前完工，下游三个乡镇的居民从此不必再为汛期担"


def read(*printed: str) -> list[Line]:
    return lines.read("\n\n".join(printed), RULES)


def kinds(*printed: str) -> list[str]:
    return [line.kind for line in read(*printed)]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("## 汾河水库除险加固", "heading"),
        ("**汾河水库除险加固**", "heading"),
        ("——来自一线的报道", "heading"),
        ("志愿服务", "heading"),
        ("传统产业焕新 新兴产业崛起", "heading"),
        (TEXT, "text"),
        ("## 水库管理局负责人说，工程明年完工。", "text"),
        ("（张洋）", "byline"),
        ("本报记者 张洋", "byline"),
        ("高宇 摄影报道", "byline"),
        ("（下转第2版）", "note"),
        ("问：工程何时完工？", "text"),
    ],
    ids=repr,
)
def test_read_tells_what_a_line_is(line: str, kind: str) -> None:
    assert kinds(LEAD, "（王丹）", line, LEAD)[2] == kind


@pytest.mark.parametrize(
    ("printed", "place", "kind"),
    [
        ([OPEN, "心，农田也有了保障"], 1, "text"),
        ([LEAD, "（王丹）", "图书馆迎来首批读者", LEAD], 2, "heading"),
        (["## 记者见闻", "对话水库管理局局长：", "## 大坝加高两米"], 1, "heading"),
        (["各位读者：", TEXT], 0, "text"),
        (["## 大坝加高两米", "张洋", TEXT], 1, "byline"),
        (["本报讯 昨日", "工程开工，水库大坝将加高两米。"], 0, "text"),
    ],
    ids=repr,
)
def test_read_judges_by_the_lines_around(printed: list[str], place: int, kind: str) -> None:
    assert kinds(*printed)[place] == kind


def test_read_gives_names_levels_and_places() -> None:
    heading, text, byline = lines.read(f"\n## 汾河水库除险加固\n\n{LEAD}（记者 张洋）\n（高宇 摄）", RULES)
    assert (heading.number, heading.level, heading.text) == (1, 2, "汾河水库除险加固")
    assert (text.number, text.last, text.text) == (3, 3, LEAD)
    assert text.names == Names(reporters=("张洋",), photographers=(), named_role=True)
    assert byline.names == Names(reporters=(), photographers=("高宇",), named_role=True)


@pytest.mark.parametrize("mark", "●◆■▲★◇○※►")
def test_read_takes_a_mark_off(mark: str) -> None:
    (line,) = read(f"{mark} {TEXT}")
    assert (line.mark, line.text) == (mark, TEXT)


@pytest.mark.parametrize(
    ("printed", "text", "turns_to", "turned_from"),
    [
        (f"{TEXT}（下转第3版）", TEXT, "3", None),
        (f"{OPEN}（下转第A04版）", OPEN, "A4", None),
        (f"{TEXT}▶▶下转第8版", TEXT, "8", None),
        (f"{TEXT}下转第十二版", TEXT, "12", None),
        (f"（上接第1版）{TEXT}", TEXT, None, "1"),
        (f"(上接０１版){TEXT}", TEXT, None, "1"),
        (f"（上接第1版）{TEXT}（下转第5版）", TEXT, "5", "1"),
        (f"读者说：（下转第3版）这行字印错了。{TEXT}", f"读者说：（下转第3版）这行字印错了。{TEXT}", None, None),
    ],
    ids=repr,
)
def test_read_takes_notes_off_either_end(
    printed: str, text: str, turns_to: str | None, turned_from: str | None
) -> None:
    (line,) = read(printed)
    assert (line.text, line.turns_to, line.turned_from) == (text, turns_to, turned_from)


@pytest.mark.parametrize(
    ("paragraph", "is_open"),
    [
        (TEXT, False),
        (OPEN, True),
        ("他说：“工程明年完工。", True),
        ("他说：“工程明年完工。”", False),
        ("工程明年完工……", False),
        ("工程明年完工！（见图）", False),
        ("总投资1.", True),
        ("It was done.", False),
        ("大坝（含溢洪道。", True),
        ("下列三项：", False),
        ("工程昨日开工，", True),
    ],
    ids=repr,
)
def test_is_open(paragraph: str, is_open: bool) -> None:
    assert lines.is_open(paragraph) is is_open


@pytest.mark.parametrize(
    "line",
    [
        "本版编辑：张小明 李芳",
        "责编/王强 版式/刘洋",
        "新闻热线：0351-8222222",
        "广告",
        "第3版",
        "2025年11月15日 星期六",
        "太原晚报",
        "旺铺招租 地段繁华",
        "------",
        "來源：太原晚報",
        "責任編輯：張小明",
        "太原日报社版权所有 未经授权，不得转载",
        "技术支持：太原新闻网",
    ],
)
def test_is_left_out_anywhere(line: str) -> None:
    assert lines.is_left_out(line, RULES, is_at_edge=False)


@pytest.mark.parametrize("line", ["要闻 2025年11月15日 星期六 责编：王强 03", "太原晚报 03 民生"])
def test_is_left_out_at_the_edge(line: str) -> None:
    assert lines.is_left_out(line, RULES, is_at_edge=True)


@pytest.mark.parametrize(
    "line",
    [
        "汾河水库除险加固",
        TEXT,
        LEAD,
        "11月14日，小学生在汾河公园认识越冬的候鸟。",
        "市民可拨打新闻热线0351-8222222反映，记者会逐一核实。",
        "（张洋）",
        "（下转第2版）",
        "交通运输部公路科学研究院承担技术支持，并按季度编制《零碳公路观察》简报。",
        "未经用户授权收集信息的三款应用被通报。",
        "佟宝山的儿子佟立新在一汽解放汽车有限公司商用车开发院干了3",  # cut within a number
    ],
)
@pytest.mark.parametrize("is_at_edge", [True, False])
def test_is_left_out_spares_articles(line: str, is_at_edge: bool) -> None:
    assert not lines.is_left_out(line, RULES, is_at_edge=is_at_edge)


def line_of(number: int, kind: str, text: str, *, is_signed: bool = False) -> Line:
    names = Names(reporters=("张洋",), photographers=(), named_role=True) if is_signed else None
    return Line(number=number, last=number, kind=kind, text=text, names=names)


def test_siblings_are_the_headings_before_one_byline() -> None:
    printed = [
        line_of(0, "heading", "城乡面貌焕新"),
        line_of(1, "text", TEXT),
        line_of(2, "heading", "聚焦产业优"),
        line_of(3, "text", TEXT),
        line_of(4, "heading", "聚焦百姓富裕生活"),
        line_of(5, "text", TEXT),
        line_of(6, "byline", "（张洋）", is_signed=True),
        line_of(7, "heading", "图书馆开放"),
        line_of(8, "text", TEXT),
        line_of(9, "heading", "小学生参观"),
        line_of(10, "text", TEXT, is_signed=True),
    ]
    assert lines.siblings(printed) == {2: lines.SIBLINGS + lines.ALIKE, 4: lines.SIBLINGS + lines.ALIKE}


def test_siblings_unlike_weigh_less() -> None:
    headings = ("夯实基础", "服务群众办好实事")
    printed = [line_of(0, "text", TEXT)]
    for heading in headings:
        printed += [line_of(len(printed), "heading", heading), line_of(len(printed) + 1, "text", TEXT)]
    printed.append(line_of(5, "byline", "（张洋）", is_signed=True))
    assert lines.siblings(printed) == {1: lines.SIBLINGS, 3: lines.SIBLINGS}


@given(st.lists(st.text("甲乙丙丁。，“”（）#●记者本报讯 12月日：-", max_size=40), max_size=12))
@settings(deadline=None, max_examples=150, derandomize=True)
def test_read_takes_any_text(printed: list[str]) -> None:
    found = read(*printed)
    assert [line.number for line in found] == sorted({line.number for line in found})
    assert {line.kind for line in found} <= {"heading", "text", "byline", "note"}
    assert all(line.number <= line.last for line in found)


NOTICE = "因污水管网改造施工，迎新街半幅封闭，禁止5吨以上货车通行，公交8路临时改走兴华北街。"


@pytest.mark.parametrize(
    ("printed", "place", "kind", "is_row"),
    [
        (["停水通知", NOTICE, "太原供水集团有限公司"], 2, "text", True),
        (["停水通知", NOTICE, "太原供水集团有限公司", "2025年3月12日"], 3, "text", True),
        (["停水通知", NOTICE, "太原供水集团有限公司", LEAD], 2, "text", True),
        (["图书馆迎来读者", LEAD, "太原市公安局交警支队", LEAD], 2, "heading", False),
        (["停水通知", f"{NOTICE}（张洋）", "太原供水集团有限公司", LEAD], 2, "heading", False),
        (["太原供水集团有限公司", NOTICE], 0, "heading", False),
        (["河滩上的石头", "文 沁", "它们并排躺着", "像一群走累了的孩子", "水来过", "听见上游的雪"], 4, "text", True),
        (["表彰名单", LEAD, "盛阿根 叶惠琴 潘建强 诸美芳 章国梁", LEAD], 2, "text", True),
    ],
    ids=repr,
)
def test_read_tells_rows_from_headings(printed: list[str], place: int, kind: str, *, is_row: bool) -> None:
    line = read(*printed)[place]
    assert (line.kind, line.is_row) == (kind, is_row)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("骑手、教师、码头班组…… 劳动奖颁给他们", "heading"),
        ("“井下搬家”从40天缩到9天", "heading"),
        ("星期六的理发摊摆了九年", "heading"),
        ("记者跑腿帮", "heading"),
        ("……今年的劳动奖颁给了他们", "text"),
    ],
)
def test_read_knows_unusual_headlines(line: str, kind: str) -> None:
    assert kinds(LEAD, "（王丹）", line, LEAD)[2] == kind


@pytest.mark.parametrize(
    "line",
    ["专业搬家 居民搬家 公司迁址", "金牌月嫂 专业保洁", "导读", "欢迎关注太原日报微信公众号", "xb@nwkd.edu.cn"],
)
def test_read_leaves_out_adverts(line: str) -> None:
    assert kinds(LEAD, "（王丹）", line, LEAD) == ["text", "byline", "text"]


def test_read_drops_a_notices_day_that_stands_alone() -> None:
    assert kinds("汾河水库除险加固", "太原供水集团有限公司", "2025年3月12日", LEAD)[2] == "note"


def test_read_knows_two_bare_names_below_a_headline() -> None:
    line = read("把群众的表情当成检查表", "宋怀瑾 杨牧之", TEXT)[1]
    assert line.names == Names(reporters=("宋怀瑾", "杨牧之"), photographers=(), named_role=True)
