from kg.article import Cut, Piece
from kg.explain import explain
from kg.lines import Line
from kg.records import Join, Page
from tests import records

PAGES = (
    Page(
        issue=records.issue(),
        number=1,
        source="a1.txt",
        text="## 水库开工\n\n工程昨日开\n工，大坝加高，\n责编/王强\n新馆开放",
    ),
    Page(issue=records.issue(), number=2, source="a2.txt", text="，下游安澜。\n（张洋）"),
)


def piece(page: int, number: int, kind: str, article: int | None, *, last: int | None = None) -> Piece:
    line = Line(number=number, last=number if last is None else last, kind="text", text="")
    return Piece(page=page, line=line, kind=kind, article=article)


JOIN = Join(
    page=2,
    line=1,
    tail="大坝加高，",
    head="，下游安澜。",
    repaired="，",
    reasons=(("doubled", 2.6), ("topic", -0.25)),
    confidence=0.9,
)
FAR = Join(page=1, line=1, tail="", head="水库开工", repaired="", reasons=(("headline", 0.5),), confidence=0.99)
ARTICLE = records.article("工程昨日开工，大坝加高，下游安澜。", title="水库开工", byline=("张洋",), joins=(FAR, JOIN))
CUT = Cut(
    articles=(ARTICLE,),
    pieces=(
        piece(1, 0, "headline", 0),
        piece(1, 2, "text", 0, last=3),
        piece(1, 5, "headline", None),
        piece(2, 0, "text", 0),
        piece(2, 1, "byline", 0),
    ),
)


def test_explain_shows_every_line_and_every_join() -> None:
    assert list(explain(PAGES, CUT)) == [
        "a1.txt, page 1",
        "    1  headline    [1]  ## 水库开工",
        "    3  text        [1]  工程昨日开",
        "    4  text        [1]  工，大坝加高，",
        "    5  left out         责编/王强",
        "    6  headline         新馆开放",
        "",
        "a2.txt, page 2",
        "    1  text        [1]  ，下游安澜。",
        "    2  byline      [1]  （张洋）",
        "",
        "[1] 水库开工  (张洋)",
        "      page 1, line 1: headline “水库开工”  0.99",
        "          headline +0.50",
        "      page 2, line 1: …大坝加高， + ，下游安澜。…  (“，” printed twice)  0.90",
        "          doubled +2.60, topic -0.25",
    ]


def test_explain_shortens_long_lines_and_names_what_has_no_headline() -> None:
    text = "长" * 61
    page = Page(issue=records.issue(), number=1, source="a1.txt", text=text)
    article = records.article(f"{text}\n二段。", photographers=("高宇",))
    printed = list(explain((page,), Cut(articles=(article,), pieces=(piece(1, 0, "text", 0),))))
    assert printed[1] == f"    1  text        [1]  {'长' * 60}…"
    assert printed[3] == f"[1] (no headline) {'长' * 60}…  (高宇)"


def test_explain_page_without_articles() -> None:
    page = Page(issue=records.issue(), number=1, source="a1.txt", text="\n广告\n")
    assert list(explain((page,), Cut(articles=(), pieces=()))) == [
        "a1.txt, page 1",
        "    2  left out         广告",
        "",
    ]
