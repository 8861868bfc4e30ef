"""A PDF's text in reading order, its paragraphs whole once cut into articles, and a sentence for each bad PDF."""

import io
from collections.abc import Callable

import pytest
from reportlab.lib.pagesizes import A3
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from kg import layout
from kg.article import parse
from kg.errors import InputError
from kg.pdf import read
from kg.records import Article, Issue, Page
from tests import printing

RULES = layout.load()
HEADLINE = "老城供水管网换新管"
PARAGRAPHS = (
    (
        "本报讯 3月18日，记者从临江市水务局获悉，老城区供水管网改造二期工程完工通水，涉及南门、书院、米市3个"
        "街道的41个小区，约3万名居民用上了清水。"
    ),
    (
        "老城区部分铸铁管已使用40余年，管壁结垢严重，早晚用水高峰时常出现黄水。去年8月，市水务局筹资6200万"
        "元，更换管道58公里、阀门1100余个，并为每栋楼安装了远传水表。"
    ),
    (
        "“以前洗菜要先放两分钟水，现在拧开就是清的。”家住书院街道青石巷的居民刘桂兰说。市水务局供水科科长曹建新"
        "介绍，三期工程将于今年6月开工，年底前老城区管网更新可全部完成。"
    ),
)
OTHER_HEADLINE = "县图书馆夜间开放受欢迎"
OTHER_PARAGRAPHS = (
    (
        "本报讯 3月17日晚8时，清河县图书馆二楼自修室座无虚席。自本月起，该馆将闭馆时间由下午6时延至晚9时3"
        "0分，半个月来夜间接待读者4300余人次。"
    ),
    (
        "为方便读者，图书馆增设了饮水点和120盏护眼台灯，每周三、周五晚还举办“灯下共读”活动，由县作家协会会员"
        "领读经典。馆长韩素云说，夜间开放将长期坚持。"
    ),
)


def printed(draw: Callable[[Canvas], object], **options: object) -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A3, **options)
    draw(canvas)
    canvas.save()
    return target.getvalue()


def page(**options: int) -> bytes:
    return printing.page([(HEADLINE, 24.0)], PARAGRAPHS, **options)


def bare(text: str) -> str:
    return "".join(text.split())


def articles_of(texts: list[str]) -> list[Article]:
    issue = Issue(id="page", publication=None, date="2025-03-18", home=(), sources=("page.pdf",), sha256="")
    pages = [Page(issue=issue, number=number, source="page.pdf", text=text) for number, text in enumerate(texts, 1)]
    return list(parse(pages, RULES))


@pytest.mark.parametrize(("width", "rows"), [(18, 20), (18, 8), (14, 6), (24, 5), (30, 3)])
def test_read_takes_columns_one_after_the_other(width: int, rows: int) -> None:
    (text,) = read(page(width=width, rows=rows), "page.pdf")
    assert text.startswith(f"## {HEADLINE}\n")
    assert bare(text).removeprefix(f"##{HEADLINE}") == bare("".join(PARAGRAPHS))


@pytest.mark.parametrize(("width", "rows"), [(18, 20), (18, 8), (14, 6), (24, 5)])
def test_read_gives_paragraphs_that_come_out_whole(width: int, rows: int) -> None:
    (article,) = articles_of(read(page(width=width, rows=rows), "page.pdf"))
    assert article.title == HEADLINE
    assert [bare(paragraph) for paragraph in article.body.split("\n")] == [bare(text) for text in PARAGRAPHS]


def test_read_indents_the_first_line_of_a_paragraph() -> None:
    (text,) = read(page(width=18, rows=8), "page.pdf")
    indented = [line for line in text.split("\n") if line.startswith("\u3000\u3000")]
    assert [line.strip("\u3000") for line in indented] == [paragraph[:16] for paragraph in PARAGRAPHS]


def test_read_marks_headlines_by_their_size() -> None:
    stack = [("传统产业焕新", 14.0), (HEADLINE, 24.0), ("三万居民告别黄水", 10.0)]
    (text,) = read(printing.page(stack, PARAGRAPHS, width=18, rows=8), "page.pdf")
    lines = [line.strip("\u3000") for line in text.split("\n") if line.strip()]
    assert f"## {HEADLINE}" in lines
    assert "三万居民告别黄水" in lines, "a line in the text's size is no headline"
    assert not any(line.startswith("##") for line in lines if bare(line) in bare("".join(PARAGRAPHS)))


def test_read_takes_articles_one_above_the_other() -> None:
    def draw(canvas: Canvas) -> None:
        printing.draw(canvas, [(HEADLINE, 24.0)], PARAGRAPHS, width=18, rows=6)
        printing.draw(canvas, [(OTHER_HEADLINE, 20.0)], OTHER_PARAGRAPHS, width=14, rows=5, top=800.0)

    texts = read(printed(draw), "page.pdf")
    assert bare(texts[0]) == bare(f"##{HEADLINE}{''.join(PARAGRAPHS)}##{OTHER_HEADLINE}{''.join(OTHER_PARAGRAPHS)}")
    found = articles_of(texts)
    assert [article.title for article in found] == [HEADLINE, OTHER_HEADLINE]
    assert [bare(article.body) for article in found] == [bare("".join(PARAGRAPHS)), bare("".join(OTHER_PARAGRAPHS))]


def test_read_takes_articles_whose_columns_stand_in_line() -> None:
    # The white between the columns runs through both articles; the white between the articles is wider.
    def draw(canvas: Canvas) -> None:
        printing.draw(canvas, [(HEADLINE, 20.0)], PARAGRAPHS, width=24, rows=5)
        printing.draw(canvas, [(OTHER_HEADLINE, 20.0)], OTHER_PARAGRAPHS, width=24, rows=5, top=960.0)

    (text,) = read(printed(draw), "page.pdf")
    assert bare(text) == bare(f"##{HEADLINE}{''.join(PARAGRAPHS)}##{OTHER_HEADLINE}{''.join(OTHER_PARAGRAPHS)}")


def test_read_takes_columns_that_were_drawn_line_by_line() -> None:
    text = "".join(PARAGRAPHS)
    columns = [[text[start : start + 20] for start in range(first, first + 100, 20)] for first in (0, 100)]

    def draw(canvas: Canvas) -> None:
        canvas.setFont(printing.FONT, printing.SIZE)
        for row, lines in enumerate(zip(*columns, strict=True)):
            for column, line in enumerate(lines):
                canvas.drawString(40 + column * 21.2 * printing.SIZE, 1000 - row * printing.LEADING, line)

    assert bare(read(printed(draw), "page.pdf")[0]) == bare(text[:200])


def test_read_keeps_every_block_where_no_white_parts_the_page() -> None:
    # Four blocks around a fifth, as the vanes of a pinwheel: neither a column nor a row can be cut off.
    places = ((40, 1000, 24, 2), (300, 1000, 6, 9), (140, 880, 24, 2), (40, 960, 6, 9), (140, 950, 10, 2))
    blocks = [chr(0x4E00 + 100 * number) * (width * rows) for number, (_, _, width, rows) in enumerate(places)]

    def draw(canvas: Canvas) -> None:
        canvas.setFont(printing.FONT, printing.SIZE)
        for (left, top, width, rows), block in zip(places, blocks, strict=True):
            for row in range(rows):
                canvas.drawString(left, top - row * printing.LEADING, block[row * width : (row + 1) * width])

    (text,) = read(printed(draw), "page.pdf")
    assert sorted(text.split()) == sorted(
        block[:width] for (_, _, width, rows), block in zip(places, blocks, strict=True) for _ in range(rows)
    )


def test_read_takes_articles_side_by_side() -> None:
    def draw(canvas: Canvas) -> None:
        printing.draw(canvas, [(HEADLINE, 20.0)], PARAGRAPHS, width=14, rows=10)
        printing.draw(canvas, [(OTHER_HEADLINE, 20.0)], OTHER_PARAGRAPHS, width=14, rows=10, left=480.0)

    (text,) = read(printed(draw), "page.pdf")
    assert bare(text) == bare(f"##{HEADLINE}{''.join(PARAGRAPHS)}##{OTHER_HEADLINE}{''.join(OTHER_PARAGRAPHS)}")


def test_read_gives_one_text_a_page_and_none_for_an_empty_one() -> None:
    def draw(canvas: Canvas) -> None:
        printing.draw(canvas, [(HEADLINE, 24.0)], PARAGRAPHS, width=18, rows=8)
        canvas.showPage()
        canvas.rect(100, 100, 200, 200, fill=1)
        canvas.showPage()
        printing.draw(canvas, [(OTHER_HEADLINE, 24.0)], OTHER_PARAGRAPHS, width=18, rows=8)

    first, empty, second = read(printed(draw), "page.pdf")
    assert empty == ""
    assert bare(first) == bare(f"##{HEADLINE}{''.join(PARAGRAPHS)}")
    assert bare(second) == bare(f"##{OTHER_HEADLINE}{''.join(OTHER_PARAGRAPHS)}")


def test_read_opens_what_is_locked_against_changes_only() -> None:
    # Latin letters: reportlab locks the name of a Chinese font's encoding in a way that no reader opens.
    lock = StandardEncryption("", ownerPassword="owner", canModify=0)
    content = printed(lambda canvas: canvas.drawString(40, 900, "Printed, but not to be changed"), encrypt=lock)
    assert read(content, "page.pdf") == ["Printed, but not to be changed"]


@pytest.mark.parametrize("strength", [40, 128])
def test_read_names_a_locked_file(strength: int) -> None:
    lock = StandardEncryption("reader", ownerPassword="owner", strength=strength)
    content = printed(
        lambda canvas: printing.draw(canvas, [(HEADLINE, 24.0)], PARAGRAPHS, width=18, rows=8), encrypt=lock
    )
    with pytest.raises(
        InputError, match=r"^folder/page.pdf: is locked by a password; unlock it first \(qpdf --decrypt\)"
    ):
        read(content, "folder/page.pdf")


@pytest.mark.parametrize("number", ["", "第12版"])
def test_read_names_a_scan(number: str) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.rect(100, 100, 500, 800, fill=1)
        printing.draw(canvas, [(number, 12.0)], [], width=18, rows=8)

    with pytest.raises(
        InputError, match=r"^page.pdf: holds no text, only pictures of it; .*ocrmypdf -l chi_sim IN OUT"
    ):
        read(printed(draw), "page.pdf")


@pytest.mark.parametrize("content", [b"%PDF-1.4\n", b"%PDF-1.4\n" + b"junk " * 200], ids=["head", "junk"])
def test_read_names_a_broken_file(content: bytes) -> None:
    with pytest.raises(InputError, match=r"^page.pdf: is a broken PDF \(\w+\); print it to a new PDF"):
        read(content, "page.pdf")


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_read_names_a_file_that_is_cut_off(share: float) -> None:
    content = page(width=18, rows=8)
    with pytest.raises(InputError, match=r"^page.pdf: "):
        read(content[: int(share * len(content))], "page.pdf")
