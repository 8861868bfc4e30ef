"""An e-paper's HTML page -> page text: headline stack and paragraphs, without what surrounds them.

The text is found by trafilatura (Apache-2.0); of the page's other blocks those are kept that are headlines: elements
that e-papers use for them, headings, and what stands right above the text and is no link.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import lxml.etree
import lxml.html
import trafilatura
from lxml.html import HtmlElement

from kg.errors import InputError

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "founder-title",
        "founder-introtitle",
        "founder-subtitle",
        "founder-author",
        "founder-content",
    ]
)
DROPPED = ("script", "style", "noscript", "textarea", "template", "select", "button", "iframe", "svg", "object")
HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6", "founder-title"])
LOWER = frozenset(["h2", "h3", "h4", "h5", "h6"])
STACKED = frozenset(["founder-introtitle", "founder-subtitle", "founder-author"])
TITLE_CLASS = re.compile(r"(?:^|[-_ ])(?:title|biaoti|bt|headline|tit|h1)(?:$|[-_ \d])", re.IGNORECASE)
STACK_CLASS = re.compile(
    r"(?:^|[-_ ])(?:intro(?:title)?|sub-?title|subtit|kicker|pretitle|yinti|futi|jianti)(?:$|[-_ \d])", re.IGNORECASE
)
# visibility: hidden is how WeChat saves a whole article.
HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
# What stands below an article on its web page, to the page's end.
END = re.compile(
    "(?:推荐阅读|相关(?:新闻|阅读|报道|链接)|相關新聞|精选留言|网友评论|网友留言|热门(?:排行|评论|新闻)|猜你喜欢"
    r"|延伸阅读|更多阅读|评论区?)\W*\d*\W*"
)
# A line break of the source between two Chinese characters is nothing; elsewhere it is a space.
WITHIN = re.compile(
    r"(?<=[\u2018-\u201d\u3000-\u9fff\uff01-\uff5e])[ \t]*[\r\n][ \t\r\n]*(?=[\u2018-\u201d\u3000-\u9fff\uff01-\uff5e])"
)
PRINTED = re.compile(r"\s*《[^》]{2,12}》\s*[（(]\s*\d{4}\s?年[^（()）]{4,24}版\s*[）)]$")  # where it was printed
WRITER = re.compile("记者|記者|通讯员|通訊員|作者|^□")
BOLD = frozenset(["b", "strong", "font", "big"])
LONGEST_HEADING = 60
TAIL = 2  # blocks below the text that may be its byline
REACH = 8  # blocks above the text in which its headline may stand
ALL_BOLD = 0.9  # of a block's characters: it may be a headline, where no heading element is used
LINKED = 0.5  # of a block's characters: it is a menu
SHORTEST_TEXT = 12  # of a paragraph that shows where the text is
SHORTEST_TITLE = 8  # anything shorter may be the paper's or the section's name
SHORTEST_TWICE = 20  # a paragraph this long stands once
FEWEST_CHARACTERS = 30
SENTENCE = re.compile("[，。！？；：]")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """A run of text that a browser sets as a block; ``role`` is title, lower (h2 to h6), stack (kicker,
    subtitle), bold, link or text.
    """

    text: str
    role: str


def read(source: str, where: str) -> str:
    """Return the page's headlines, marked with ##, and its paragraphs; raises InputError where it has no article."""
    try:
        tree = lxml.html.document_fromstring(
            re.sub(r"^\s*<\?xml[^>]*\?>", "", source), parser=lxml.html.HTMLParser(huge_tree=True)
        )
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError, ValueError) as error:
        raise InputError(f"{where}: no text on this web page; save it from the browser once it has loaded") from error
    _prune(tree)
    blocks = list(_ranked(list(_blocks(tree))))
    main = _main_text(tree)
    lines = list(_chosen(blocks, main))
    texts = [line for line in lines if not line.startswith("#") and SENTENCE.search(line)]
    if sum(map(len, texts)) < FEWEST_CHARACTERS:
        links = sum(block.role == "link" for block in blocks)
        reason = f"only a list of {links} links; give the pages behind them" if links > 3 else _no_text(tree)
        raise InputError(f"{where}: {reason}")
    return "\n\n".join(lines)


def _no_text(tree: HtmlElement) -> str:
    if tree.xpath("//img|//frame"):
        return "no text on this web page, only pictures or frames; give the text that they show"
    return "no text on this web page; save it from the browser once it has loaded"


def _prune(tree: HtmlElement) -> None:
    """Take out what no reader sees; tables that lay the page out become plain blocks."""
    for element in list(tree.iter()):
        is_comment = not isinstance(element.tag, str)
        is_hidden = not is_comment and (element.get("hidden") is not None or HIDDEN.search(element.get("style") or ""))
        if is_comment or element.tag in DROPPED or is_hidden:
            _drop(element)
    for element in tree.iter("table", "tbody", "thead", "tr", "td", "th"):
        element.tag = "div"


def _drop(element: HtmlElement) -> None:
    parent = element.getparent()
    if parent is None:
        return
    tail = element.tail or ""
    before = element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def _main_text(tree: HtmlElement) -> str:
    """Return the text that trafilatura takes for the page's content, without white space."""
    text = trafilatura.extract(
        lxml.html.fromstring(lxml.html.tostring(tree, encoding="unicode")),
        include_comments=False,
        include_tables=True,
        favor_recall=True,
        deduplicate=False,
    )
    return _bare(text or "")


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def _blocks(tree: HtmlElement) -> Iterator[_Block]:
    """Yield the page's blocks in reading order, their inner elements' text joined."""
    pieces: list[str] = []
    linked = bold = 0
    within = Counter[str]()  # open links and bold elements
    role = "text"

    def take(text: str) -> None:
        nonlocal linked, bold
        pieces.append(text)
        linked += len(text.strip()) if within["link"] else 0
        bold += len(_bare(text)) if within["bold"] else 0

    def flush() -> Iterator[_Block]:
        nonlocal pieces, linked, bold
        text = re.sub(r"[ \t\r\n]+", " ", WITHIN.sub("", "".join(pieces))).strip()
        text = PRINTED.sub("", text)
        if text:
            is_bold = role == "text" and bold >= ALL_BOLD * len(_bare(text))
            yield _Block(text=text, role="link" if linked > LINKED * len(text) else "bold" if is_bold else role)
        pieces, linked, bold = [], 0, 0

    for event, element in lxml.etree.iterwalk(tree, events=("start", "end")):
        is_block = element.tag in BLOCKS or (element.tag == "span" and _own_role(element) != "text")
        if event == "start":
            if is_block:
                yield from flush()
                role = _role(element)
            within["link"] += element.tag == "a"
            within["bold"] += element.tag in BOLD
            take(element.text or "")
            continue
        within["link"] -= element.tag == "a"
        within["bold"] -= element.tag in BOLD
        if is_block:
            yield from flush()
            parent = element.getparent()
            role = _role(parent) if parent is not None else "text"
        take(element.tail or "")


def _role(element: HtmlElement) -> str:
    """Return the role of the element, or of the one right around it: <div class=title><p>…."""
    role, parent = _own_role(element), element.getparent()
    return _own_role(parent) if role == "text" and parent is not None else role


def _own_role(element: HtmlElement) -> str:
    name = f"{element.get('class') or ''} {element.get('id') or ''}"
    if element.tag in STACKED or STACK_CLASS.search(name):
        return "stack"
    if element.tag in HEADINGS or TITLE_CLASS.search(name):
        return "lower" if element.tag in LOWER and not TITLE_CLASS.search(name) else "title"
    return "text"


def _ranked(blocks: Sequence[_Block]) -> Iterator[_Block]:
    """Settle what h2 to h6 are: kicker and subtitle right beside the one headline in h1, else headlines themselves."""
    for is_stack, group in groupby(blocks, lambda block: block.role in ("title", "lower", "stack")):
        run = list(group)
        titles = [block for block in run if block.role == "title"]
        role = "stack" if is_stack and len(titles) == 1 and len(titles[0].text) >= SHORTEST_TITLE else "title"
        yield from (replace(block, role=role) if block.role == "lower" else block for block in run)


def _chosen(blocks: list[_Block], main: str) -> Iterator[str]:
    """Yield the blocks of the main text and the headlines above and between them."""
    is_main = [
        block.role != "link" and len(_bare(block.text)) >= SHORTEST_TEXT and _bare(block.text) in main
        for block in blocks
    ]
    if not any(is_main):
        return
    first, last = is_main.index(True), len(is_main) - 1 - is_main[::-1].index(True)
    ends = [place for place in range(first, len(blocks)) if END.fullmatch(blocks[place].text)]
    last = min(last, *ends) if ends else last
    heads = [place for place in range(max(0, first - REACH), first) if blocks[place].role in ("title", "stack")]
    seen: set[str] = set()
    for place, block in enumerate(blocks[: last + 1 + TAIL]):
        if place in ends:
            return
        is_short = len(block.text) <= LONGEST_HEADING and block.role != "link"
        is_heading = is_short and block.role in ("title", "stack", "bold") and first - REACH <= place <= last
        is_byline = bool(heads) and heads[-1] < place < first and WRITER.search(block.text) is not None
        is_inside = is_short and (is_byline or first <= place <= last or (place > last and _bare(block.text) in main))
        if not (is_heading or is_inside or (is_main[place] and place <= last)):
            continue
        if is_heading or len(block.text) > SHORTEST_TWICE:
            # Some pages hold their text twice, for another screen or for search engines.
            if block.text in seen:
                continue
            seen.add(block.text)
        yield f"## {block.text}" if is_heading and block.role == "title" else block.text
