import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import wrapping
from tests import pages

FIRST = (
    "汾河水库除险加固工程昨日开工，水库大坝将加高两米，溢洪道将拓宽，下游的三个乡镇从此不再担心汛期，"
    "沿岸的农田也有了保障，水库管理局负责人说工程明年完工。"
)
SECOND = (
    "为了不影响灌溉，施工分成三期进行，第一期只放低水位三米，渠道照常供水，等到秋收之后再排空库底，"
    "清理多年沉积下来的泥沙，运往荒滩造田。"
)
# Without Latin words: cut by the end of a line, one cannot be told from two.
SAMPLE = [
    part
    for _, paragraphs in pages.read_articles(pages.SAMPLE)
    for part in paragraphs
    if not re.search("[A-Za-z]{2}", part)
]


def wrapped(paragraph: str, width: int, indent: str = "") -> str:
    """Set a paragraph at ``width`` characters a line, as a column is: digits and Latin letters take half of one."""
    lines = [indent]
    for character in paragraph:
        if wrapping.width(lines[-1] + character) > width:
            lines.append("")
        lines[-1] += character
    return "\n".join(lines)


def texts(text: str) -> list[str]:
    return [row.text for row in wrapping.unwrap(text)]


@pytest.mark.parametrize("width", [14, 16, 20, 24, 33])
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_unwrap_joins_a_column(width: int, gap: str) -> None:
    column = gap.join(wrapped(part, width, "\u3000\u3000") for part in (FIRST, SECOND))
    assert texts(column) == [FIRST, SECOND]


@pytest.mark.parametrize("headline", ["市属国企再整合", "夜班公交 开到家门口"])
def test_unwrap_keeps_a_headline_apart_from_the_text_that_breaks_off_above(headline: str) -> None:
    column = wrapped(FIRST, 20, "\u3000\u3000").split("\n")[:3]
    below = wrapped(SECOND, 20, "\u3000\u3000")
    page = "\n".join([wrapped(SECOND, 20, "\u3000\u3000"), *column, headline, below])
    assert texts(page)[2:] == [headline, SECOND]


def test_unwrap_joins_the_end_of_a_piece_that_is_no_headline() -> None:
    column = wrapped(FIRST, 20, "\u3000\u3000").split("\n")[:3]
    page = "\n".join(
        [wrapped(SECOND, 20, "\u3000\u3000"), *column, "据水库管理局负责", wrapped(SECOND, 20, "\u3000\u3000")]
    )
    assert texts(page)[1].endswith("据水库管理局负责")


def test_unwrap_tells_the_lines_of_each_row() -> None:
    first, second = wrapped(FIRST, 20, "\u3000\u3000"), wrapped(SECOND, 20, "\u3000\u3000")
    rows = wrapping.unwrap(f"\n{first}\n\n{second}\n")
    count = first.count("\n") + 1
    assert [(row.first, row.last) for row in rows] == [(1, count), (count + 2, count + 2 + second.count("\n"))]


@pytest.mark.parametrize(
    "lines",
    [
        ["## 汾河水库除险加固", FIRST, SECOND, "（张洋）"],
        ["汾河水库除险加固", FIRST, "市图书馆新馆开放", SECOND, "小学生走进博物馆", SECOND, "城郊公交线路调整", FIRST],
        [FIRST, "作为", "全国最大的基地，它已开工。", SECOND],
        [],
    ],
    ids=["paragraphs", "headings", "broken columns", "nothing"],
)
def test_unwrap_leaves_whole_paragraphs(lines: list[str]) -> None:
    for gap in ("\n", "\n\n"):
        assert texts(gap.join(lines)) == lines


def test_unwrap_keeps_a_marked_heading_apart() -> None:
    column = f"{wrapped(FIRST, 20)}\n## 市图书馆新馆昨日开放迎来八百名首批读者\n{wrapped(SECOND, 20)}"
    assert texts(column) == [FIRST, "## 市图书馆新馆昨日开放迎来八百名首批读者", SECOND]


def test_unwrap_keeps_short_headings_apart() -> None:
    first, second = wrapped(FIRST, 20, "\u3000\u3000"), wrapped(SECOND, 20, "\u3000\u3000")
    column = f"水库除险加固\n{first}\n灌溉不受影响\n{second}"
    assert texts(column) == ["水库除险加固", FIRST, "灌溉不受影响", SECOND]


def test_unwrap_sets_a_short_block_as_the_page_is() -> None:
    short = "市图书馆新馆昨日开放，读者凭身份证即可借书。"
    column = f"{wrapped(FIRST, 16)}\n\n{wrapped(SECOND, 16)}\n\n{wrapped(short, 16)}"
    assert texts(column) == [FIRST, SECOND, short]


def test_unwrap_ends_a_paragraph_at_a_short_line() -> None:
    column = f"{wrapped(FIRST, 20)}\n{wrapped(SECOND, 20)}"
    assert len(FIRST) % 20 < 17, "its last line leaves room"
    assert texts(column) == [FIRST, SECOND]


def test_unwrap_parts_latin_words_with_a_space() -> None:
    column = "\n".join(
        [
            "工程师们昨日在会上演示了新的 open",
            "source 平台，到会的三十家企业都说",
            "它能让中小工厂在三个月之内把生产线",
            "接入网络，而且不必更换旧的机床设备",
            "会议还决定在全市推广这一套做法。",
        ]
    )
    (text,) = texts(column)
    assert "open source 平台，到会的三十家企业都说它能让" in text


def test_unwrap_moves_a_number_to_the_next_line_whole() -> None:
    column = (
        f"{wrapped(SECOND[:51], 17)}\n农民的人均收入也随之增长到\n123456789.78元，城乡之间的差距\n{wrapped(FIRST, 17)}"
    )
    assert "增长到123456789.78元，城乡" in texts(column)[0]


@pytest.mark.parametrize(
    ("text", "width"), [("", 0.0), ("汾河", 2.0), ("ab1", 1.5), ("5G，汾河", 4.0), ("\u3000“水”", 4.0)]
)
def test_width(text: str, width: float) -> None:
    assert wrapping.width(text) == width


@given(
    paragraphs=st.lists(st.sampled_from(SAMPLE), min_size=3, max_size=4, unique=True),
    width=st.integers(12, 24),
)
@settings(deadline=None, max_examples=60, derandomize=True)
def test_unwrap_gives_indented_paragraphs_back(paragraphs: list[str], width: int) -> None:
    column = "\n".join(wrapped(part.replace(" ", ""), width, "\u3000\u3000") for part in paragraphs)
    assert texts(column) == [part.replace(" ", "") for part in paragraphs]


@given(st.lists(st.text("水库加固。，“”# a1\u3000", max_size=30), max_size=14))
@settings(deadline=None, max_examples=200, derandomize=True)
def test_unwrap_keeps_every_character_and_line_once(lines: list[str]) -> None:
    text = "\n".join(lines)
    rows = wrapping.unwrap(text)
    assert "".join("".join(row.text for row in rows).split()) == "".join(text.split())
    printed = [number for number, line in enumerate(text.splitlines()) if line.strip()]
    covered = [number for row in rows for number in range(row.first, row.last + 1)]
    assert [number for number in covered if number in printed] == printed
    assert covered == sorted(set(covered))


def test_unwrap_knows_columns_cut_by_the_number_of_characters() -> None:
    text = "9月12日投资3.26亿元的水库加固工程开工，2026年6月30日前完工，坝高由31.5米升到33.8米。" * 4
    assert texts("\n".join(wrapped(text, 14).split("\n"))) == [text]


def test_unwrap_ends_a_caption_at_its_credit() -> None:
    column = wrapped(FIRST, 17).split("\n")
    credit = "图为笋农在收购点过秤。 蓝旭东 摄"
    assert credit in texts("\n".join([*column, credit, *column]))
