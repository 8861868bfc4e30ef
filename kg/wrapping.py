"""Page text -> rows, one a paragraph: lines that were cut at a column's width are put together again.

A page comes with one paragraph a line, or hard-wrapped as its columns were set.  The second is told by its form: most
lines are as wide as the widest ones around them and break off in mid-sentence.  Which paragraphs belong to one article
is decided in stitching.py.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from kg import headings

ENDED = re.compile(
    r"(?:[。！？!?；;：:]|…|(?<!\d)[.])[”’」』）)》\"]*$|[。！？!?；;…][”’」』]*\s*[（(][^（()）]*[）)]$"
)
NARROWEST = 7.0  # a column, in Chinese characters; anything below is a heading, a name, a piece
WIDEST = 50.0
LEAST_LINES = 4  # of one width that break off, before they count as a column
LEAST_SHARE = 0.45
CLEARLY = 1.3
SLACK = 1.6  # characters: punctuation is squeezed in at a line's end or taken over from the next
INDENTED = re.compile(r"^(?:\u3000{2}|[ \t\xa0]{2,8}(?=\S)|\u3000[ \xa0]?)(?=[^\s\u3000])")
CREDIT = re.compile(r"[。！？”][\s\u3000]*[^。，！？]{2,24}摄(?:影)?$")  # ends a picture's caption
TOKEN = re.compile(r"[0-9A-Za-z][0-9A-Za-z.,%/\-]*")  # is not parted at a line's end


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One paragraph, heading or byline of the page, on its lines ``first`` to ``last`` (from 0)."""

    first: int
    last: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    number: int
    text: str
    width: float
    halves: float  # what half-width characters lack of a whole one each
    is_indented: bool
    is_after_gap: bool


def unwrap(text: str) -> list[Row]:
    """Return the rows of a page's text, empty lines left out; text that is not hard-wrapped keeps its lines."""
    lines = _even(list(_lines(text)))
    page = _column_width(lines)
    rows: list[Row] = []
    for block in _blocks(lines):
        # A short block says too little by itself: it is set as the page is, unless a line is wider.
        fits = page is not None and all(line.width <= page + 2 * SLACK for line in block)
        rows += _joined(block, _column_width(block) or (page if fits else None))
    return rows


def _lines(text: str) -> Iterator[_Line]:
    is_after_gap = True
    for number, raw in enumerate(text.splitlines()):
        stripped = raw.strip()
        if not stripped:
            is_after_gap = True
            continue
        is_indented = bool(INDENTED.match(raw))
        yield _Line(
            number=number,
            text=stripped,
            width=width(raw.rstrip()),
            halves=len(raw.rstrip()) - width(raw.rstrip()),
            is_indented=is_indented,
            is_after_gap=is_after_gap,
        )
        is_after_gap = False


def _even(lines: list[_Line]) -> list[_Line]:
    """Return the lines with their number of characters as width where that is what they were cut at."""
    counted = [replace(line, width=line.width + line.halves) for line in lines]
    return counted if _evenness(counted) > CLEARLY * _evenness(lines) else lines


def _evenness(lines: Sequence[_Line]) -> int:
    """Return how many lines that break off have the commonest width, in whole characters."""
    widths = Counter(int(line.width) for line in lines if line.width >= NARROWEST and not ENDED.search(line.text))
    return max(widths.values(), default=0)


def width(text: str) -> float:
    """Return how wide ``text`` is set, in Chinese characters: a Latin letter or digit takes half of one."""
    return sum(1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.5 for char in text)


def _blocks(lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    """Cut at empty lines, unless nearly every line stands between two of them."""
    gaps = sum(line.is_after_gap for line in lines)
    if 2 * gaps > len(lines):
        yield list(lines)
        return
    number = 0

    def block(line: _Line) -> int:
        nonlocal number
        number += line.is_after_gap
        return number

    for _, group in groupby(lines, block):
        yield list(group)


def _column_width(lines: Sequence[_Line]) -> float | None:
    """Return the width that the block's lines are cut at, or None when they are whole paragraphs."""
    broken = [line for line in lines if NARROWEST <= line.width <= WIDEST and not ENDED.search(line.text)]
    counts = Counter(round(line.width) for line in broken)
    best, most = None, 0
    for size in counts:
        near = counts[size - 1] + counts[size] + counts[size + 1]
        if (near, size) > (most, best or 0):
            best, most = size, near
    full = sum(line.width > NARROWEST for line in lines)
    if best is None or most < LEAST_LINES or most < LEAST_SHARE * full:
        return None
    if sum(line.width > best + 2 * SLACK for line in lines) > full // 10:
        return None
    near_widths = Counter(line.width for line in broken if abs(line.width - best) <= 1.5)
    return max(near_widths, key=lambda size: (near_widths[size], size))


def _joined(lines: Sequence[_Line], column: float | None) -> Iterator[Row]:
    start = 0
    for place in range(1, len(lines) + 1):
        if place < len(lines) and column and _goes_on(lines, place - 1, column):
            continue
        piece = lines[start:place]
        text = piece[0].text
        for line in piece[1:]:
            text += f" {line.text}" if _needs_space(text, line.text) else line.text
        yield Row(first=piece[0].number, last=piece[-1].number, text=text)
        start = place


def _goes_on(lines: Sequence[_Line], place: int, column: float) -> bool:
    """Tell whether the line after ``place`` belongs to the same paragraph."""
    line, after = lines[place], lines[place + 1]
    if after.is_indented or headings.strip_mark(line.text)[0] or headings.strip_mark(after.text)[0]:
        return False
    if CREDIT.search(line.text):
        return False
    if line.width > column + 1 and headings.is_heading(line.text):
        return False
    if headings.DASH.match(after.text) and headings.is_heading(after.text) and after.width < column - SLACK:
        return False
    if _is_headline(lines, place + 1, column):
        return False
    token = TOKEN.match(after.text)
    room = column + SLACK - line.width
    if room > max(2 * SLACK, width(token.group()) if token else 0.0):
        return False
    if ENDED.search(line.text) and not ENDED.search(after.text) and after.width < column - 2 * SLACK:
        # A paragraph that happens to fill its last line, and a heading below it.
        return place + 2 < len(lines) and not lines[place + 2].is_indented and not headings.is_heading(after.text)
    return True


def _is_headline(lines: Sequence[_Line], place: int, column: float) -> bool:
    """Tell whether a line that does not fill its column is a headline: no sentence ends, a paragraph begins below.

    The line above may break off: its text goes on elsewhere on the page.
    """
    line, below = lines[place], lines[place + 1] if place + 1 < len(lines) else None
    if below is None or not (below.is_indented or headings.DASH.match(below.text)):
        return False
    if line.width >= column - SLACK or ENDED.search(line.text) or not headings.is_heading(line.text):
        return False
    return headings.likelihood(line.text) > 0


def _needs_space(text: str, following: str) -> bool:
    return text[-1].isascii() and text[-1].isalpha() and following[0].isascii() and following[0].isalnum()
