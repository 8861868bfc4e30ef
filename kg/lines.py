"""Page text -> lines, each a paragraph, a heading or a byline; boilerplate is left out.

The hard case is a bare short line: a headline, or the beginning of a sentence that its column cut off.  Its form and
what stands above and below it decide, as log odds that are added up.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kg import bylines, headings, language
from kg.bylines import Names
from kg.layout import Layout

LONGEST_BOILERPLATE = 160
# Log odds that a bare short line is a heading, by its surroundings.
SECTION = 5.0
BARE_AMONG_MARKED = -1.0
IN_STACK = 1.5
ABOVE_SUBTITLE = 3.0
BESIDE_MARKED = 2.0
AFTER_END = 2.0
BEFORE_LEAD = 2.5
WORD = 2.0  # of language.words_made: 40 % of cut sentences, 0.2 % of headings and the texts below them
ONE_SENTENCE = -5.0
READS_ON = 0.3
NEUTRAL = 0.5  # of language.reads_on
MOST_READING = 1.0
ENDED = re.compile(r"(?:[。！？!?；;：:]|…|(?<!\d)[.])[”’」』）)》\"]*$|[。！？!?；;…]\s*[（(][^（()）]*[）)]$")
PAIRS = {"“": "”", "‘": "’", "（": "）", "《": "》", "「": "」", "『": "』"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the page: its number there, what it is (text, heading or byline), heading level, closing byline."""

    number: int
    kind: str
    text: str
    level: int = 0
    names: Names | None = None


def is_open(paragraph: str) -> bool:
    """Tell whether a paragraph breaks off: no closing punctuation, or a quote or bracket left open."""
    if not ENDED.search(paragraph):
        return True
    return any(paragraph.count(left) > paragraph.count(right) for left, right in PAIRS.items())


def _lines(text: str, layout: Layout) -> Iterator[Line]:
    for number, raw in enumerate(text.splitlines()):
        level, line = headings.strip_mark(raw.strip())
        if not line or (len(line) <= LONGEST_BOILERPLATE and layout.boilerplate.fullmatch(line)):
            continue
        if len(line) <= bylines.LONGEST and (names := bylines.read_line(line, layout)):
            yield Line(number=number, kind="byline", text=line, names=names)
        elif headings.is_heading(line) or (level and not ENDED.search(line)):
            yield Line(number=number, kind="heading", text=line, level=level)
        else:
            rest, closing = bylines.split_closing(line, layout)
            yield Line(number=number, kind="text", text=rest, names=closing)


def read(text: str, layout: Layout) -> list[Line]:
    """Return the lines of a page's text that are not empty and no boilerplate, each with what it is."""
    lines = list(_lines(text, layout))
    marked = sum(line.level > 0 for line in lines) > 1
    settled: list[Line] = []
    for place, line in enumerate(lines):
        before = settled[-1] if settled else None
        after = lines[place + 1] if place + 1 < len(lines) else None
        is_bare = line.kind == "heading" and not line.level and not headings.DASH.match(line.text)
        if is_bare and not _is_bare_heading(line, before, after, layout, marked=marked):
            settled.append(Line(number=line.number, kind="text", text=line.text))
        else:
            settled.append(line)
    return settled


def _is_bare_heading(line: Line, before: Line | None, after: Line | None, layout: Layout, *, marked: bool) -> bool:
    if layout.dateline.match(line.text):
        return False
    return headings.likelihood(line.text) + _surroundings(line, before, after, layout, marked=marked) >= 0


def _surroundings(line: Line, before: Line | None, after: Line | None, layout: Layout, *, marked: bool) -> float:
    """Return the log odds that a bare line is a heading by what stands above and below it."""
    neighbours = [other for other in (before, after) if other]
    if headings.is_section(line.text, layout):
        return SECTION
    odds = 0.0
    if marked:
        odds += BESIDE_MARKED if any(other.level for other in neighbours) else BARE_AMONG_MARKED
    if before is None or before.names:
        odds += AFTER_END
    if before and before.kind == "heading" and not headings.is_section(before.text, layout):
        odds += IN_STACK
    if after and headings.DASH.match(after.text):
        odds += ABOVE_SUBTITLE
    if after and after.kind == "text":
        odds += BEFORE_LEAD if layout.dateline.match(after.text) else _reading(line.text, after.text)
    if before and before.kind == "text" and not before.names and is_open(before.text):
        odds += _reading(before.text, line.text)
    return odds


def _reading(tail: str, head: str) -> float:
    """Return the log odds that ``tail`` and ``head`` are two texts; a word across the seam tells that they are one."""
    if language.words_made(tail, head) > WORD:
        return ONE_SENTENCE
    return min(MOST_READING, max(-MOST_READING, READS_ON * (NEUTRAL - language.reads_on(tail, head))))


def siblings(lines: Sequence[Line]) -> frozenset[int]:
    """Return the numbers of headings of which several stand between the paragraphs of one byline: they part it."""
    found: set[int] = set()
    region: list[int] = []
    for before, line in pairwise(lines):
        if line.kind == "heading" and before.kind == "text" and not before.names:
            region.append(line.number)
        if line.names:
            found |= set(region) if len(region) > 1 else set()
            region = []
    return frozenset(found)
