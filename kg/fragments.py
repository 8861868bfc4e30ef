"""Page text -> fragments: runs of paragraphs that certainly stand together, with what stands above and below them.

A fragment ends where a byline closes it, where a sentence is cut off, where a lead (本报讯) or a headline begins
another article.  Which fragments belong together is decided in stitching.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from kg import headings, language, lines
from kg.bylines import Names
from kg.layout import Layout
from kg.lines import Line, is_open

LONGEST_CAPTION = 300
LONGEST_SUBHEAD = 13
OWN_WORDS = 0.1  # of a longer subhead, that its article has above it
Stack = tuple[tuple[int, str], ...]  # (heading level, text) of each line, from top to bottom


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragment:
    """Paragraphs that stand together, on from page line ``line``; ``stack`` are the heading lines right above them.

    ``is_lead``: begins an article; ``is_open``: its last sentence is cut off; ``is_closed``: a byline ends it;
    ``is_next``: stands right below the fragment before it, and only an article that broke off further up speaks
    against their being one.
    """

    line: int
    stack: Stack
    paragraphs: tuple[str, ...]
    names: tuple[Names, ...]
    is_lead: bool
    is_open: bool
    is_closed: bool
    is_photo: bool
    is_next: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A section label, and how many fragments stand before it."""

    text: str
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A page taken to pieces; ``headlines`` are the stacks, with their line, that have no text below them."""

    fragments: tuple[Fragment, ...]
    labels: tuple[Label, ...]
    headlines: tuple[tuple[int, Stack], ...]


@dataclass(slots=True)
class _Draft:
    """A fragment while its lines are being read."""

    line: int
    stack: Stack = ()
    paragraphs: list[str] = field(default_factory=list)
    names: list[Names] = field(default_factory=list)
    is_closed: bool = False
    is_photo: bool = False
    is_next: bool = False


@dataclass(slots=True)
class _Reading:
    """What has been read of a page so far; ``is_interrupted``: an article broke off, any paragraph may be its next."""

    has_ends: bool  # bylines or leads tell where articles end
    siblings: frozenset[int]
    drafts: list[_Draft] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    headlines: list[tuple[int, Stack]] = field(default_factory=list)
    waiting: list[Line] = field(default_factory=list)  # headings whose text has not come yet
    opening: list[Names] = field(default_factory=list)  # a byline between headline and text
    current: _Draft | None = None
    is_interrupted: bool = False


def read(text: str, layout: Layout) -> Sheet:
    """Take a page's text to pieces: fragments in order, section labels, headlines without text below them."""
    rows = lines.read(text, layout)
    reading = _Reading(
        has_ends=any(line.names or layout.dateline.match(line.text) for line in rows),
        siblings=lines.siblings(rows),
    )
    for place, line in enumerate(rows):
        if line.kind == "heading":
            reading.waiting.append(line)
        elif line.kind == "byline":
            _take_byline(reading, line, layout, opens=place + 1 < len(rows) and rows[place + 1].kind == "text")
        else:
            _take_paragraph(reading, line, layout)
    _take_labels(reading, layout)
    _drop_headline(reading)
    return Sheet(
        fragments=tuple(_fragment(draft, layout) for draft in reading.drafts),
        labels=tuple(reading.labels),
        headlines=tuple(reading.headlines),
    )


def _fragment(draft: _Draft, layout: Layout) -> Fragment:
    return Fragment(
        line=draft.line,
        stack=draft.stack,
        paragraphs=tuple(draft.paragraphs),
        names=tuple(draft.names),
        is_lead=bool(layout.dateline.match(draft.paragraphs[0])),
        is_open=not draft.is_closed and is_open(draft.paragraphs[-1]),
        is_closed=draft.is_closed,
        is_photo=draft.is_photo,
        is_next=draft.is_next,
    )


def _take_labels(reading: _Reading, layout: Layout) -> None:
    """Take the section labels off the top of the waiting headings: they stand beside articles, not above one text."""
    count = len(headings.read_stack(_stack(reading.waiting), layout).sections)
    reading.labels += [Label(text=line.text, after=len(reading.drafts)) for line in reading.waiting[:count]]
    del reading.waiting[:count]


def _stack(rows: Sequence[Line]) -> Stack:
    return tuple((line.level, line.text) for line in rows)


def _drop_headline(reading: _Reading) -> None:
    """Keep a headline that has no text below it: its article stands elsewhere on the page."""
    if reading.waiting:
        reading.headlines.append((reading.waiting[0].number, _stack(reading.waiting)))
    reading.waiting = []


def _take_byline(reading: _Reading, line: Line, layout: Layout, *, opens: bool) -> None:
    if line.names is None:
        return
    if opens and (reading.waiting or reading.current is None):
        reading.opening.append(line.names)
        return
    _take_labels(reading, layout)
    _drop_headline(reading)
    if reading.current:
        _close(reading, line.names, layout)
    elif reading.drafts:
        reading.drafts[-1].names.append(line.names)


def _close(reading: _Reading, names: Names, layout: Layout) -> None:
    """End the current fragment with its byline; under a picture's credit only the caption right above it is meant."""
    draft = reading.current
    if draft is None:
        return
    caption = draft.paragraphs[-1]
    is_credit = bool(names.photographers) and not names.reporters
    if is_credit and len(draft.paragraphs) > 1 and _is_caption(caption, layout):
        draft.paragraphs.pop()
        reading.is_interrupted = True
        draft = _Draft(line=draft.line, paragraphs=[caption])
        reading.drafts.append(draft)
    draft.is_photo = is_credit and len(draft.paragraphs) == 1
    draft.names.append(names)
    draft.is_closed = True
    reading.current = None


def _is_caption(text: str, layout: Layout) -> bool:
    return len(text) <= LONGEST_CAPTION and bool(layout.caption.match(text))


def _is_subhead(reading: _Reading, current: _Draft) -> bool:
    """Tell whether the heading below an article without a byline parts it instead of beginning another.

    On a page where nothing else ends or begins an article, every heading does.
    """
    if not reading.has_ends or len(reading.waiting) != 1 or headings.DASH.match(reading.waiting[0].text):
        return False
    line = reading.waiting[0]
    if len(line.text) <= LONGEST_SUBHEAD or line.number in reading.siblings:
        return True
    above = language.terms("".join(current.paragraphs))
    return language.coverage(language.terms(line.text), above, {}) >= OWN_WORDS


def _take_paragraph(reading: _Reading, line: Line, layout: Layout) -> None:
    _take_labels(reading, layout)
    current = reading.current
    is_lead = bool(layout.dateline.match(line.text))
    breaks = current is not None and is_open(current.paragraphs[-1])
    if current and not is_lead and not breaks and _is_subhead(reading, current):
        reading.waiting = []
    begins = bool(reading.waiting) or is_lead
    reading.is_interrupted |= begins and current is not None
    if begins or current is None or breaks or reading.is_interrupted:
        current = _Draft(
            line=reading.waiting[0].number if reading.waiting else line.number,
            stack=_stack(reading.waiting),
            names=reading.opening,
            is_next=current is not None and not begins and not breaks,
        )
        reading.drafts.append(current)
        reading.current, reading.waiting, reading.opening = current, [], []
    current.paragraphs.append(line.text)
    if line.names:
        _close(reading, line.names, layout)
