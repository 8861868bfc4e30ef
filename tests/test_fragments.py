import pytest

from kg import fragments, layout
from kg.fragments import Fragment, Sheet

RULES = layout.load()
LEAD = "本报讯 汾河水库除险加固工程昨日开工，水库大坝将加高两米。"
TEXT = "水库管理局负责人说，工程将于明年汛期前完工，下游三个乡镇从此不再担心汛期。"
OPEN = "水库管理局负责人说，工程将于明年汛期前完工，下游三个乡镇的居民从此不必再为汛期担"
REST = "心，沿岸的农田也有了保障。"
LIBRARY = "本报讯 市图书馆新馆昨日开放，读者凭身份证即可借书。"
CAPTION = "11月14日，小学生在汾河公园认识越冬的候鸟。"
WATER_HEAD = "## 汾河水库除险加固工程"
LIBRARY_HEAD = "## 市图书馆新馆今日开放"


def read(*blocks: str) -> Sheet:
    return fragments.read("\n\n".join(blocks), RULES)


def paragraphs(sheet: Sheet) -> list[tuple[str, ...]]:
    return [fragment.paragraphs for fragment in sheet.fragments]


def stacks(sheet: Sheet) -> list[list[str]]:
    return [[line.text for line in fragment.stack] for fragment in sheet.fragments]


def people(fragment: Fragment) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    return [(names.reporters, names.photographers) for names in fragment.names]


def test_read_keeps_an_article_together_up_to_its_byline() -> None:
    sheet = read(WATER_HEAD, LEAD, TEXT, "（张洋）", LIBRARY_HEAD, LIBRARY, "（王丹）")
    assert paragraphs(sheet) == [(LEAD, TEXT), (LIBRARY,)]
    assert stacks(sheet) == [[WATER_HEAD[3:]], [LIBRARY_HEAD[3:]]]
    water, library = sheet.fragments
    assert [(one.line, one.text_line) for one in (water, library)] == [(0, 2), (8, 10)]
    assert [line.number for line in water.used] == [0, 2, 4, 6]
    assert people(water) == [(("张洋",), ())]
    assert (water.is_closed, water.is_signed, water.is_lead, water.is_open) == (True, True, True, False)
    assert not water.is_named


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        ([LEAD, TEXT, LIBRARY], [(LEAD, TEXT), (LIBRARY,)]),
        ([LEAD, OPEN, REST], [(LEAD, OPEN), (REST,)]),
        ([LEAD, f"{TEXT}（张洋）", REST], [(LEAD, TEXT), (REST,)]),
        ([LEAD, f"{OPEN}（下转第2版）", REST], [(LEAD, OPEN), (REST,)]),
        ([LEAD, f"（上接第1版）{TEXT}"], [(LEAD,), (TEXT,)]),
        ([LEAD, "（上接第1版）", TEXT], [(LEAD,), (TEXT,)]),
    ],
    ids=["a lead", "a break", "a byline", "a note", "a note at the beginning", "a note on its line"],
)
def test_read_begins_a_fragment_at(blocks: list[str], expected: list[tuple[str, ...]]) -> None:
    assert paragraphs(read(*blocks)) == expected


def test_read_tells_what_breaks_off_and_what_stands_right_below() -> None:
    sheet = read(WATER_HEAD, LEAD, OPEN, LIBRARY_HEAD, LIBRARY, REST, TEXT)
    assert paragraphs(sheet) == [(LEAD, OPEN), (LIBRARY,), (REST,), (TEXT,)]
    assert [one.is_open for one in sheet.fragments] == [True, False, False, False]
    assert [one.is_next for one in sheet.fragments] == [False, False, True, True]


@pytest.mark.parametrize(
    ("blocks", "turns_to", "turned_from"),
    [
        ([f"{TEXT}（下转第3版）"], "3", None),
        ([TEXT, "（下转第A04版）"], "A4", None),
        ([f"（上接第1版）{TEXT}"], None, "1"),
        ([WATER_HEAD, "（上接第1版）", TEXT], None, "1"),
        (["（上接第1版）", WATER_HEAD, TEXT], None, "1"),
        ([f"（上接第1版）{TEXT}", TEXT, "（下转第3版）"], "3", "1"),
        ([TEXT], None, None),
    ],
    ids=repr,
)
def test_read_takes_notes(blocks: list[str], turns_to: str | None, turned_from: str | None) -> None:
    (fragment,) = read(*blocks).fragments
    assert (fragment.turns_to, fragment.turned_from) == (turns_to, turned_from)
    assert "版）" not in "".join(fragment.paragraphs)


@pytest.mark.parametrize("credit", ["高宇 摄", "高宇 摄影报道", "（高宇 摄）", "本报记者 高宇 摄"])
def test_read_takes_the_caption_above_a_credit_out_of_the_article(credit: str) -> None:
    sheet = read(WATER_HEAD, LEAD, TEXT, CAPTION, credit, REST, "（张洋）")
    assert paragraphs(sheet) == [(LEAD, TEXT), (CAPTION,), (REST,)]
    assert [one.is_photo for one in sheet.fragments] == [False, True, False]
    assert [one.is_closed for one in sheet.fragments] == [False, True, True]
    assert people(sheet.fragments[1])[0][1] == ("高宇",)
    assert people(sheet.fragments[2]) == [(("张洋",), ())]


def test_read_takes_a_credit_above_its_caption() -> None:
    (photo,) = read("高宇 摄", CAPTION).fragments
    assert (photo.is_photo, photo.paragraphs, people(photo)) == (True, (CAPTION,), [((), ("高宇",))])


def test_read_who_photographed_a_report_wrote_it_too() -> None:
    (fragment,) = read(WATER_HEAD, LEAD, TEXT, "高宇 摄影报道").fragments
    assert (people(fragment), fragment.is_photo) == ([(("高宇",), ("高宇",))], False)


@pytest.mark.parametrize(
    "blocks",
    [[WATER_HEAD, "本报记者 张洋", TEXT, TEXT], [WATER_HEAD, f"本报讯（记者 张洋）{TEXT}", TEXT]],
    ids=["a line below the headline", "in the first words"],
)
def test_read_tells_who_wrote_it_at_the_beginning(blocks: list[str]) -> None:
    (fragment,) = read(*blocks).fragments
    assert (fragment.is_named, fragment.is_signed, fragment.is_closed) == (True, False, False)


@pytest.mark.parametrize(
    ("text", "is_lead", "is_day"), [(LEAD, True, False), (CAPTION, False, True), (TEXT, False, False)]
)
def test_read_tells_how_it_begins(text: str, is_lead: bool, is_day: bool) -> None:
    (fragment,) = read(WATER_HEAD, text).fragments
    assert (fragment.is_lead, fragment.is_day) == (is_lead, is_day)


@pytest.mark.parametrize("mark", "●◆■")
def test_read_briefs_begin_at_their_marks(mark: str) -> None:
    sheet = read("简讯", f"{mark} {TEXT}（张洋）", f"{mark} {CAPTION}（王丹）")
    assert paragraphs(sheet) == [(TEXT,), (CAPTION,)]
    assert [(one.mark, one.is_lead) for one in sheet.fragments] == [(mark, True), (mark, True)]
    assert [(label.line.text, label.after) for label in sheet.labels] == [("简讯", 0)]


def test_read_one_mark_alone_stays_in_the_text() -> None:
    (fragment,) = read(LEAD, f"● {TEXT}", REST).fragments
    assert fragment.paragraphs == (LEAD, f"●{TEXT}", REST)
    assert fragment.mark == ""


def test_read_labels_stand_beside_articles() -> None:
    sheet = read("志愿服务", WATER_HEAD, LEAD, "（张洋）", "文明校园创建", LIBRARY_HEAD, LIBRARY, "（王丹）")
    assert [(label.line.text, label.after) for label in sheet.labels] == [("志愿服务", 0), ("文明校园创建", 1)]
    assert stacks(sheet) == [[WATER_HEAD[3:]], [LIBRARY_HEAD[3:]]]


@pytest.mark.parametrize(
    "blocks", [[LEAD, "（张洋）", WATER_HEAD], [LEAD, WATER_HEAD, "（张洋）"]], ids=["at the end", "above a byline"]
)
def test_read_keeps_headlines_without_text(blocks: list[str]) -> None:
    sheet = read(*blocks)
    assert [[line.text for line in stack] for stack in sheet.headlines] == [[WATER_HEAD[3:]]]
    assert paragraphs(sheet) == [(LEAD,)]


def test_read_subheads_part_one_article() -> None:
    sheet = read(WATER_HEAD, LEAD, TEXT, "下游不再担心", TEXT, "（张洋）", LIBRARY_HEAD, LIBRARY, "（王丹）")
    assert paragraphs(sheet) == [(LEAD, TEXT, TEXT), (LIBRARY,)]
    assert [line.text for line in sheet.fragments[0].subheads] == ["下游不再担心"]
    assert stacks(sheet)[0] == [WATER_HEAD[3:]]


@pytest.mark.parametrize("text", ["", "\n \n", "本版编辑：张小明", "（张洋）", "（下转第2版）"], ids=repr)
def test_read_page_without_text(text: str) -> None:
    assert read(text) == Sheet(fragments=(), labels=(), headlines=())


def test_read_keeps_verses_and_who_signs_together() -> None:
    notice = "因污水管网改造施工，迎新街半幅封闭，禁止5吨以上货车通行，公交8路临时改走兴华北街。"
    (first, second) = read("停水通知", notice, "太原供水集团有限公司", "2025年3月12日", TEXT).fragments
    assert first.paragraphs == (notice, "太原供水集团有限公司", "2025年3月12日")
    assert (first.is_closed, first.is_open, second.paragraphs) == (True, False, (TEXT,))
    (poem,) = read("河滩上的石头", "文 沁", "它们并排躺着", "像一群走累了的孩子", "水来过", "听见上游的雪").fragments
    assert len(poem.paragraphs) == 4
    assert not poem.is_open


@pytest.mark.parametrize(
    ("stack", "left", "above"),
    [
        (["学做女主人 端好旅游碗", "一线传真", "春笋俏销沪杭"], [["学做女主人 端好旅游碗"]], ["春笋俏销沪杭"]),
        (["社会新闻", "一线传真", "春笋俏销沪杭"], [], ["春笋俏销沪杭"]),
        (["学做女主人 端好旅游碗", "一线传真"], [], ["学做女主人 端好旅游碗", "一线传真"]),
    ],
    ids=["a headline above a label", "two labels", "a label below"],
)
def test_read_parts_a_stack_at_a_label(stack: list[str], left: list[list[str]], above: list[str]) -> None:
    sheet = read(*stack, LIBRARY)
    assert [[line.text for line in one] for one in sheet.headlines] == left
    assert stacks(sheet) == [above]
