"""What is kept of a web page: headlines and paragraphs in reading order, and nothing that surrounds them."""

from pathlib import Path

import pytest

from kg.errors import InputError
from kg.webpage import read

WEB = Path(__file__).parent / "cases" / "web"
HEADLINE = "我市新建图书馆"
# Longer than a headline: shorter paragraphs are not looked at when a text stands twice.
FIRST = (
    "本报讯 3月18日，记者从市文化局获悉，新建的图书馆今日正式开放，首日接待读者三千余人次"
    "，自修室座无虚席，开馆前已有数百名市民在门外排队等候。"
)
SECOND = (
    "馆长王明说，今后每周开放六天，欢迎市民前来阅读，周末还将举办读书会，由市作家协会"
    "会员领读经典，为方便读者增设了饮水点和一百二十盏护眼台灯。"
)
ARTICLE = f"<h1>{HEADLINE}</h1><p>{FIRST}</p><p>{SECOND}</p>"
TEXT = [f"## {HEADLINE}", FIRST, SECOND]
OTHER = "清河县水利局组织干部检查三座水库的防汛准备，逐一查看泄洪设备，要求各乡镇落实责任，汛期二十四小时值班。"


def blocks(body: str, head: str = "") -> list[str]:
    source = f"<html><head><title>太原日报</title>{head}</head><body>{body}</body></html>"
    return read(source, "page.html").split("\n\n")


@pytest.mark.parametrize("path", sorted(WEB.glob("*.html")), ids=lambda path: path.stem)
def test_read_takes_the_articles_of_a_page(path: Path) -> None:
    expected = path.with_suffix(".txt").read_text(encoding="utf-8")
    assert read(path.read_text(encoding="utf-8"), path.name) == expected.removesuffix("\n")


def test_the_pages_are_there() -> None:
    assert len(list(WEB.glob("*.html"))) >= 6


def test_read_takes_the_headline_stack_of_an_e_paper() -> None:
    stack = (
        f"<founder-introtitle>文化惠民</founder-introtitle><founder-title>{HEADLINE}</founder-title>"
        "<founder-subtitle>——首日接待三千人</founder-subtitle>"
    )
    text = f"<founder-content><P>　　{FIRST}</P><P>　　{SECOND}</P></founder-content>"
    body = f"<table><tr><td>{stack}</td></tr><tr><td><div id=ozoom>{text}</div></td></tr></table>"
    found = [block.strip("\u3000") for block in blocks(body)]
    assert found == ["文化惠民", f"## {HEADLINE}", "——首日接待三千人", FIRST, SECOND]


@pytest.mark.parametrize(
    ("headline", "expected"),
    [
        (f"<h3>{HEADLINE}</h3>", f"## {HEADLINE}"),
        (f'<div class="title">{HEADLINE}</div>', f"## {HEADLINE}"),
        (f'<div id="news_title"><span>{HEADLINE}</span></div>', f"## {HEADLINE}"),
        (f'<table><tr><td class="bt">{HEADLINE}</td></tr></table>', f"## {HEADLINE}"),
        (f'<p class="sub-title">{HEADLINE}</p>', HEADLINE),
        (f"<p><b>{HEADLINE}</b></p>", HEADLINE),
        (f"<center><font size=5>{HEADLINE}</font></center>", HEADLINE),
    ],
)
def test_read_knows_a_headline(headline: str, expected: str) -> None:
    assert blocks(f"{headline}<p>{FIRST}</p><p>{SECOND}</p>") == [expected, FIRST, SECOND]


@pytest.mark.parametrize(
    "above",
    [
        '<p><b><a href="1.htm">我市召开春耕会议</a></b></p>',
        '<h2><a href="1.htm">我市召开春耕会议</a></h2>',
        "<p>今日八版　总第八千期</p>",
    ],
    ids=["bold link", "heading link", "plain"],
)
def test_read_takes_nothing_else_above_the_text(above: str) -> None:
    assert blocks(above + ARTICLE) == TEXT


@pytest.mark.parametrize(
    "unseen",
    [
        f'<script>var text = "{OTHER}";</script>',
        f"<style>p:before {{ content: '{OTHER}' }}</style>",
        f"<noscript>{OTHER}</noscript>",
        f"<textarea>{OTHER}</textarea>",
        f"<template><p>{OTHER}</p></template>",
        f'<div style="color:red; DISPLAY : none"><p>{OTHER}</p></div>',
        f"<p hidden>{OTHER}</p>",
        f"<!-- {OTHER} -->",
        f"<select><option>{OTHER}</option></select>",
        f'<img alt="{OTHER}" src="1.jpg">',
    ],
)
@pytest.mark.parametrize("is_inside", [True, False])
def test_read_leaves_out_what_no_reader_sees(unseen: str, *, is_inside: bool) -> None:
    body = ARTICLE.replace("馆长王明", f"{unseen}馆长王明") if is_inside else unseen + ARTICLE
    if is_inside and unseen.startswith(("<p", "<div", "<template")):
        body = ARTICLE.replace("</p><p>", f"</p>{unseen}<p>")
    assert blocks(body) == TEXT


def test_read_keeps_the_text_behind_what_it_leaves_out() -> None:
    body = f"<h1>{HEADLINE}</h1><p>{FIRST[:9]}<!-- x -->{FIRST[9:20]}<script>x</script>{FIRST[20:]}</p><p>{SECOND}</p>"
    assert blocks(body) == TEXT


def test_read_joins_what_stands_in_one_block() -> None:
    body = (
        f"<h1>我市<span>新建</span>图书馆</h1><p>{FIRST[:9]}<b>{FIRST[9:20]}</b><span>{FIRST[20:]}</span></p>"
        f'<p>{SECOND[:9]}<a href="1.htm">{SECOND[9:12]}</a>{SECOND[12:]}</p>'
    )
    assert blocks(body) == TEXT


def test_read_parts_text_at_line_breaks() -> None:
    body = f'<div class="title">{HEADLINE}</div><div>&nbsp;&nbsp;{FIRST}<br><br/>&nbsp;&nbsp;{SECOND}<br>（张三）</div>'
    assert [block.strip() for block in blocks(body)] == [*TEXT, "（张三）"]


def test_read_turns_character_references_into_characters() -> None:
    escaped = "".join(f"&#{ord(char)};" for char in FIRST)
    assert blocks(f"<h1>&ldquo;新建&rdquo;图书馆</h1><p>{escaped}</p><p>{SECOND}</p>") == [
        "## “新建”图书馆",
        FIRST,
        SECOND,
    ]


def test_read_takes_several_articles() -> None:
    body = f"{ARTICLE}<p>（张三）</p><h2>清河检查水库</h2><p>本报讯 {OTHER}</p><p>（李四）</p>"
    assert blocks(body) == [*TEXT, "（张三）", "## 清河检查水库", f"本报讯 {OTHER}", "（李四）"]


@pytest.mark.parametrize("wrapping", ["{}{}", "<div>{}</div><div class='mobile'>{}</div>"])
def test_read_takes_a_text_that_stands_twice_once(wrapping: str) -> None:
    assert blocks(wrapping.format(ARTICLE, ARTICLE)) == TEXT


def test_read_keeps_a_short_line_that_an_article_repeats() -> None:
    body = f"<h1>{HEADLINE}</h1><p>{FIRST}</p><p>“来！”</p><p>{SECOND}</p><p>“来！”</p><p>{OTHER}</p>"
    assert blocks(body) == [*TEXT[:2], "“来！”", SECOND, "“来！”", OTHER]


@pytest.mark.parametrize(
    "label", ["推荐阅读", "相关新闻：", "相關新聞", "网友评论(16)", "【猜你喜欢】", "精选留言", "延伸阅读 >>"]
)
@pytest.mark.parametrize("tag", ["h3", "div", "strong"])
def test_read_ends_at_what_stands_below_an_article(label: str, tag: str) -> None:
    below = f"<div><{tag}>{label}</{tag}><p>{OTHER}</p><p>本报讯 {OTHER}</p></div>"
    if label.startswith("【"):
        below = below.replace("【", "").replace("】", "")
    assert blocks(f"{ARTICLE}<p>（张三）</p>{below}") == [*TEXT, "（张三）"]


def test_read_goes_on_where_an_article_speaks_of_comments() -> None:
    body = ARTICLE.replace("</p><p>", f"</p><p>推荐阅读活动由市图书馆发起，{OTHER}</p><p>")
    assert blocks(body) == [*TEXT[:2], f"推荐阅读活动由市图书馆发起，{OTHER}", SECOND]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "no text on this web page; save it from the browser"),
        ("404 Not Found", "no text on this web page; save it from the browser"),
        (
            '<script src="app.js"></script><noscript>请启用脚本后再看本页的全部内容。</noscript>',
            "no text on this web page; save",
        ),
        ('<img src="page.jpg" alt="第01版">', "no text on this web page, only pictures or frames"),
        (
            '<frameset cols="30%,70%"><frame src="a.htm"><frame src="b.htm"></frameset>',
            "no text on this web page, only pic",
        ),
        (
            "".join(
                f'<li><a href="content_{number}.htm">第{number}条消息的标题在这里</a></li>' for number in range(12)
            ),
            "only a list of 12 links; give the pages behind them",
        ),
    ],
    ids=["empty", "error", "script", "picture", "frames", "links"],
)
def test_read_names_a_page_without_an_article(body: str, reason: str) -> None:
    with pytest.raises(InputError) as error:
        blocks(body)
    assert str(error.value).startswith(f"page.html: {reason}")


@pytest.mark.parametrize("source", ["", "<", "<<<<", "</p>", "&#0;", "<!---->", "<!--", "<p>字", "<svg>" * 9, "\x01"])
def test_read_refuses_scraps_in_a_sentence(source: str) -> None:
    with pytest.raises(InputError, match=r"^page.html: no text on this web page"):
        read(source, "page.html")


@pytest.mark.parametrize(
    "source",
    [
        f'<?xml version="1.0" encoding="gb2312"?><html xmlns="http://www.w3.org/1999/xhtml"><body>{ARTICLE}</body></html>',
        f'<html><head><meta charset="x-unknown"></head><body>{ARTICLE}</body></html>',
        ARTICLE,
        f"<html><body><div></div></div></td>{ARTICLE.replace('</p>', '')}</i></span><scr",
        f"<html><body>{'<div>' * 200}{ARTICLE}{'</div>' * 200}</body></html>",
        f"<html><body>{ARTICLE}<!-- 广告位开始 {OTHER}",
    ],
    ids=["xml", "unknown charset", "no body", "broken tags", "nested", "open comment"],
)
def test_read_bears_with_damaged_markup(source: str) -> None:
    assert read(source, "page.html").split("\n\n") == TEXT


def test_read_takes_lower_headings_beside_the_headline_for_kicker_and_subtitle() -> None:
    printed = "《 人民日报 》（ 2025年11月16日 第 01 版）"
    above = f"<h3>文化惠民进行时</h3><h1>{HEADLINE}今日开放</h1><h2>首日接待三千人</h2><p>本报记者 张洋 {printed}</p>"
    found = blocks(f"{above}<p>{FIRST}</p><p>{SECOND}</p>")
    assert found == ["文化惠民进行时", f"## {HEADLINE}今日开放", "首日接待三千人", "本报记者 张洋", FIRST, SECOND]


def test_read_takes_lower_headings_for_headlines_below_a_short_one() -> None:
    assert blocks(f"<h1>太原日报</h1><h2>{HEADLINE}</h2><p>{FIRST}</p><p>{SECOND}</p>")[-3] == f"## {HEADLINE}"
