"""Page text -> lines, each a paragraph, a heading or a byline; boilerplate is left out.

The hard case is a bare short line: a headline, or the beginning of a sentence that its column cut off.  Its form and
what stands above and below it decide, as log odds that are added up.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from kg import bylines, headings, language, listings, wrapping
from kg.bylines import NOBODY, Names
from kg.layout import Layout
from kg.numerals import page_label
from kg.seams import PAIRS
from kg.traditional import fold
from kg.wrapping import ENDED

LONGEST_BOILERPLATE = 160
LONGEST_ADVERT = 80
LONGEST_KICKER = 26
LONGEST_BARE_NAME = 3
LONGEST_SHORT = 4  # of a heading that may be a section's label
HAN_ONLY = re.compile("[\u4e00-\u9fff]{2,3}")
COMMON_WORD = 50  # times in the dictionary's corpus
SALUTATION = re.compile(r"各|尊敬|敬爱|亲爱|编辑")
EDGE = 5  # rows at the top and at the foot of a page where its head may stand
MOST_PAGE_NAMES = 4
SEPARATORS = " \u3000\t|｜/／·,，;；、:：—-–_"
COMMA = re.compile("[，,]")
NUMBER = re.compile(r"\d{1,3}(?=[\s\u3000|｜/／]|$)")
BRIEF = re.compile(r"^([●◆■▲▼★◇○▪•◎※►▶])\s*(?=\S)")
EDITORS_NOTE = re.compile(r"[（(【]?(?:编者按|编者的话|编前|编前语|开栏的话|編者按)[】)）]?[:：]?")
DIALOGUE = re.compile(r"^[^：:，。“”]{1,10}[：:].*[？?]$")
SIBLINGS = 1.5
ALIKE = 2.5
# Log odds that a bare short line is a heading, by its surroundings.
SECTION = 5.0
NOTICE = 2.0  # 关于部分路段临时管制的通告
BARE_AMONG_MARKED = -1.0
IN_STACK = 1.5
ABOVE_SUBTITLE = 3.0
BESIDE_MARKED = 2.0
AFTER_END = 2.0
ABOVE_WRITER = 2.5
BELOW_SECTION = 2.5
BEFORE_LEAD = 2.5
WORD = 2.0  # of language.words_made: 40 % of cut sentences, 0.2 % of headings and the texts below them
ONE_SENTENCE = -5.0
READS_ON = 0.3
NEUTRAL = 0.5
BEGINS = 0.7  # of language.begins, beside language.reads_on
MOST_READING = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of the page, on its lines ``number`` to ``last``: text, heading, byline or note (下转第3版).

    ``level`` is a heading's, ``mark`` the sign that stood before the text (●, ▲), ``names`` the closing byline;
    ``turns_to`` is the page on which its article goes on, ``turned_from`` the page from which it comes; ``is_row``:
    ends without a full stop, as a verse does or who signs a notice.
    """

    number: int
    last: int
    kind: str
    text: str
    level: int = 0
    mark: str = ""
    names: Names | None = None
    turns_to: str | None = None
    turned_from: str | None = None
    is_row: bool = False


def is_open(paragraph: str) -> bool:
    """Tell whether a paragraph breaks off: no closing punctuation, or a quote or bracket left open."""
    if not ENDED.search(paragraph):
        return True
    return any(paragraph.count(left) > paragraph.count(right) for left, right in PAIRS.items())


def _lines(text: str, layout: Layout) -> Iterator[Line]:
    rows = wrapping.unwrap(text)
    above = ""
    for place, row in enumerate(rows):
        level, line = headings.strip_mark(row.text)
        is_at_edge = place < EDGE or place >= len(rows) - EDGE
        is_notices_day = listings.is_day(line) and listings.is_signer(above, layout)
        if not line or (is_left_out(line, layout, is_at_edge=is_at_edge) and not is_notices_day):
            continue
        above = line
        line, turns_to = _without_note(line, layout.turns_to)
        line, turned_from = _without_note(line, layout.turned_from)
        yield replace(
            _classified(line, level, layout),
            number=row.first,
            last=row.last,
            turns_to=turns_to,
            turned_from=turned_from,
        )


def is_left_out(line: str, layout: Layout, *, is_at_edge: bool) -> bool:
    """Tell whether a line belongs to no article: the page's head and foot, editors, hotlines, advertisements."""
    plain = fold(line)
    if len(plain) > LONGEST_BOILERPLATE:
        return False
    if layout.turns_to.search(plain) or layout.turned_from.search(plain):
        return False
    if layout.boilerplate.fullmatch(plain) or _is_page_head(plain, layout, is_at_edge=is_at_edge):
        return True
    return len(plain) <= LONGEST_ADVERT and not ENDED.search(plain) and bool(layout.advert.search(plain))


def _is_page_head(line: str, layout: Layout, *, is_at_edge: bool) -> bool:
    if layout.paper.fullmatch(line):
        return True
    marks = names = position = 0
    while position < len(line):
        is_set_off = position == 0 or line[position - 1] in SEPARATORS
        number = NUMBER.match(line, position) if is_set_off else None
        if line[position] in SEPARATORS:
            position += 1
        elif match := layout.page_mark.match(line, position) or layout.paper.match(line, position):
            marks += match.re is layout.page_mark
            position = match.end()
        elif number and (is_at_edge or headings.is_section(line[number.end() :].strip(SEPARATORS), layout)):
            marks += 1
            position = number.end()
        elif (is_at_edge or marks) and (match := layout.page_name.match(line, position)):
            names += 1
            position = match.end()
        else:
            return False
    # Further down 周日，听宋词 is a headline.
    return marks > 0 and (names <= MOST_PAGE_NAMES if is_at_edge else names <= 1 and not COMMA.search(line))


def _without_note(line: str, note: re.Pattern[str]) -> tuple[str, str | None]:
    """Take a note such as （下转第3版） off either end of the line; return the rest and the page that it means."""
    for match in note.finditer(fold(line)):
        if not line[: match.start()].strip() or not line[match.end() :].strip("。 "):
            return (line[: match.start()] + line[match.end() :]).strip(), page_label(match["page"])
    return line, None


def _classified(line: str, level: int, layout: Layout) -> Line:
    if not line:
        return Line(number=0, last=0, kind="note", text=line)
    if EDITORS_NOTE.fullmatch(line):
        return Line(number=0, last=0, kind="heading", text=line, level=level)
    # 记者跑腿帮 is a column; □ 席景行 and 【记者张洋】, which have a label's form too, are bylines.
    is_column = bool(HAN_ONLY.match(line)) and headings.is_section(line, layout)
    if len(line) <= bylines.LONGEST and not is_column and (names := bylines.read_line(line, layout)):
        return Line(number=0, last=0, kind="byline", text=line, names=names)
    mark = match.group(1) if (match := BRIEF.match(line)) else ""
    line = line[match.end() :] if match else line
    rest, closing = bylines.split_closing(line, layout)
    is_form = headings.is_heading(line) and not DIALOGUE.match(line)
    if not closing and (is_form or (level and not ENDED.search(line))):
        return Line(number=0, last=0, kind="heading", text=line, level=level, mark=mark)
    return Line(number=0, last=0, kind="text", text=rest, mark=mark, names=closing)


def read(text: str, layout: Layout) -> list[Line]:
    """Return the lines of a page's text that are not empty and no boilerplate, each with what it is."""
    lines = list(_lines(text, layout))
    marked = sum(line.level > 0 for line in lines) > 1
    listed = _listed(lines, layout)
    settled: list[Line] = []
    headline = ""
    for place, line in enumerate(lines):
        before = settled[-1] if settled else None
        after = lines[place + 1] if place + 1 < len(lines) else None
        is_bare = line.kind == "heading" and not line.level and not headings.DASH.match(line.text)
        if place in listed:
            settled.append(replace(line, kind="text", is_row=True))
        elif line.kind == "heading" and (names := _signed(line, before, after, layout)):
            settled.append(replace(line, kind="byline", names=names))
        elif is_bare and _gives_notice(line, before, after, headline, layout):
            settled.append(replace(line, kind="text", is_row=True, names=None if _is_day(after) else NOBODY))
        elif is_bare and listings.is_day(line.text):
            settled.append(replace(line, kind="note"))  # of a notice that stands elsewhere
        elif is_bare and not _is_bare_heading(line, before, after, layout, marked=marked):
            settled.append(replace(line, kind="text"))
        elif _announces(line, before, after):
            settled.append(replace(line, kind="heading"))
        else:
            settled.append(line)
        headline = settled[-1].text if settled[-1].kind == "heading" else headline
    return settled


def _listed(lines: Sequence[Line], layout: Layout) -> frozenset[int]:
    """Return the places of the rows of lists and verses."""
    bare = [
        line.text
        if line.kind == "heading"
        and not line.level
        and not headings.DASH.match(line.text)
        and not headings.is_section(line.text, layout)
        else ""
        for line in lines
    ]
    below_bylines = {
        place + 2
        for place, (first, second) in enumerate(pairwise(lines))
        if first.kind == "heading" and second.kind == "byline"
    }
    alone = {place for place, text in enumerate(bare) if text and listings.is_row(text)}
    return listings.rows(bare, below_bylines) | alone


def _gives_notice(line: Line, before: Line | None, after: Line | None, headline: str, layout: Layout) -> bool:
    """Tell whether the line is the body that gives the notice above, or the day below its name."""
    if before is None or before.kind != "text":
        return False
    if listings.is_day(line.text):
        return before.is_row
    if not listings.is_signer(line.text, layout):
        return False
    if _is_day(after):
        return True
    has_ended = not before.names and (before.is_row or not is_open(before.text))
    return has_ended and (after is None or layout.notice.fullmatch(fold(headline)) is not None)


def _is_day(line: Line | None) -> bool:
    return line is not None and listings.is_day(line.text)


def _signed(line: Line, before: Line | None, after: Line | None, layout: Layout) -> Names | None:
    """Read the line as its writer's name, where that may stand: below a headline, or below a text that has ended."""
    if before is None:
        return None
    opens = before.kind == "heading" and after is not None and after.kind == "text"
    closes = before.kind == "text" and not is_open(before.text)
    is_short = opens and not line.level and len(line.text) <= LONGEST_BARE_NAME
    # 叶向阳 below a headline is its writer, and so is 老球皮; 郑重, a word like any other, need not be.
    is_bare_name = is_short and (bylines.is_name(line.text, layout) or HAN_ONLY.fullmatch(line.text) is not None)
    is_bare_name = is_bare_name and language.count(line.text) < COMMON_WORD and len(before.text) > LONGEST_SHORT
    if is_bare_name and not headings.is_section(line.text, layout):
        return Names(reporters=(line.text,), photographers=(), named_role=True)
    words = line.text.split()
    if opens and not line.level and len(words) > 1 and all(bylines.is_name(fold(word), layout) for word in words):
        return Names(reporters=tuple(words), photographers=(), named_role=True)
    return bylines.signature(line.text, layout) if opens or closes else None


def _announces(line: Line, before: Line | None, after: Line | None) -> bool:
    """对话某某： above a headline is its kicker, though no heading ends in a colon elsewhere."""
    if line.kind != "text" or line.names or len(line.text) > LONGEST_KICKER or line.text[-1] not in "：:":
        return False
    if SALUTATION.match(line.text):
        return False
    is_beginning = before is None or before.kind != "text" or not is_open(before.text)
    return is_beginning and after is not None and after.kind == "heading"


def _is_bare_heading(line: Line, before: Line | None, after: Line | None, layout: Layout, *, marked: bool) -> bool:
    if layout.dateline.match(fold(line.text)):
        return False
    return headings.likelihood(line.text) + _surroundings(line, before, after, layout, marked=marked) >= 0


def _surroundings(line: Line, before: Line | None, after: Line | None, layout: Layout, *, marked: bool) -> float:
    """Return the log odds that a bare line is a heading by what stands above and below it."""
    neighbours = [other for other in (before, after) if other]
    if headings.is_section(line.text, layout):
        return SECTION
    odds = NOTICE if layout.notice.fullmatch(fold(line.text)) else 0.0
    if after and _is_writer(after, layout) and (before is None or before.kind != "text" or not is_open(before.text)):
        odds += ABOVE_WRITER
    if before and before.kind == "heading" and headings.is_section(before.text, layout):
        odds += BELOW_SECTION
    if marked:
        odds += BESIDE_MARKED if any(other.level for other in neighbours) else BARE_AMONG_MARKED
    if before is None or before.names:
        odds += AFTER_END
    if before and before.kind == "heading" and not headings.is_section(before.text, layout):
        odds += IN_STACK
    if after and headings.DASH.match(after.text):
        odds += ABOVE_SUBTITLE
    if after and after.kind == "text":
        odds += BEFORE_LEAD if layout.dateline.match(fold(after.text)) else _reading(line.text, after.text)
    if before and before.kind == "text" and not before.names and is_open(before.text):
        odds += _reading(before.text, line.text)
    return odds


def _is_writer(line: Line, layout: Layout) -> bool:
    return line.kind == "byline" or (line.kind == "heading" and bylines.signature(line.text, layout) is not None)


def _reading(tail: str, head: str) -> float:
    """Return the log odds that ``tail`` and ``head`` are two texts; a word across the seam tells that they are one."""
    if language.words_made(tail, head) > WORD:
        return ONE_SENTENCE
    evidence = language.reads_on(tail, head) - BEGINS * language.begins(head)
    return min(MOST_READING, max(-MOST_READING, READS_ON * (NEUTRAL - evidence)))


def siblings(lines: Sequence[Line]) -> dict[int, float]:
    """Return, for the headings between the paragraphs of one byline, the log odds that they part its article.

    One says nothing; several may be its subheads, the more so where they are alike: 聚焦“经济强” …, 聚焦“产业优” ….
    """
    found: dict[int, float] = {}
    region: list[Line] = []
    for before, line in pairwise(lines):
        if line.kind == "heading" and before.kind == "text" and not before.names:
            region.append(line)
        if line.names:
            for one in region if len(region) > 1 else ():
                is_alike = any(_are_alike(one.text, other.text) for other in region if other is not one)
                found[one.number] = SIBLINGS + (ALIKE if is_alike else 0.0)
            region = []
    return found


def _are_alike(first: str, second: str) -> bool:
    return first[:2] == second[:2] or (len(first) == len(second) and (" " in first) == (" " in second))
