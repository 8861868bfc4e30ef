"""Page text -> fragments: runs of paragraphs that certainly stand together, with what stands above and below them.

A fragment ends where a byline closes it, where a sentence is cut off, where a lead (本报讯) or a headline begins
another article.  Which fragments belong together is decided in stitching.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kg import bylines, headings, lines, subheads
from kg.bylines import Names
from kg.layout import Layout
from kg.lines import EDITORS_NOTE, Line, is_open
from kg.traditional import fold

LONGEST_CAPTION = 300
CLOSERS = "）) 】]"
LOOKED_BACK = 3000  # characters above a heading: a page with a thousand headings stays linear
SHORT_CAPTION = 120  # above a credit, whatever it begins with
PICTURE_MARKS = frozenset("▲▼►▶")  # before a caption; the other marks stand before a brief
Stack = tuple[Line, ...]  # heading lines from top to bottom


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragment:
    """Paragraphs that stand together; ``stack`` are the heading lines right above them, ``subheads`` those between.

    ``line`` is the page's line that it begins on, its headings included, ``text_line`` that of its first paragraph;
    ``used`` are all the lines that it is made of.  ``is_lead``: begins an article; ``is_day``: begins with a day, as
    news do; ``is_named``: says at its beginning who wrote it; ``is_signed``: says so at its end; ``is_open``: its last
    sentence is cut off; ``is_closed``: a byline ends it; ``is_parted``: a byline, maybe that of another article, stands
    on a line of its own where the sentence is cut off; ``is_next``: stands right below the fragment before it, and only
    an article that broke off further up speaks against their being one.  ``turns_to`` and ``turned_from`` are the pages
    that it says it goes on on and comes from.
    """

    line: int
    text_line: int
    stack: Stack
    subheads: Stack
    used: tuple[Line, ...]
    paragraphs: tuple[str, ...]
    names: tuple[Names, ...]
    turns_to: str | None
    turned_from: str | None
    mark: str
    is_lead: bool
    is_day: bool
    is_named: bool
    is_signed: bool
    is_open: bool
    is_closed: bool
    is_parted: bool
    is_photo: bool
    is_next: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A section label, and how many fragments stand before it."""

    line: Line
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A page taken to pieces; ``headlines`` are the stacks that have no text below them."""

    fragments: tuple[Fragment, ...]
    labels: tuple[Label, ...]
    headlines: tuple[Stack, ...]


@dataclass(slots=True)
class _Draft:
    """A fragment while its lines are being read."""

    stack: Stack = ()
    subheads: list[Line] = field(default_factory=list)
    used: list[Line] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    names: list[Names] = field(default_factory=list)
    turns_to: str | None = None
    turned_from: str | None = None
    mark: str = ""
    is_lead: bool = False
    is_note: bool = False  # 编者按: the article itself begins below
    is_named: bool = False
    is_signed: bool = False
    is_closed: bool = False
    is_parted: bool = False
    is_photo: bool = False
    is_next: bool = False
    ends_in_row: bool = False

    def breaks_off(self) -> bool:
        """Tell whether the text so far ends within a sentence."""
        return not self.ends_in_row and is_open(self.paragraphs[-1])


@dataclass(slots=True)
class _Reading:
    """What has been read of a page so far; ``is_interrupted``: an article broke off, any paragraph may be its next."""

    has_ends: bool  # bylines or leads tell where articles end
    siblings: Mapping[int, float]
    briefs: frozenset[str]  # marks that begin an article each
    pictures: frozenset[int]  # lines that a mark (▲) shows to be captions
    drafts: list[_Draft] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    headlines: list[Stack] = field(default_factory=list)
    waiting: list[Line] = field(default_factory=list)  # headings whose text has not come yet
    opening: list[Line] = field(default_factory=list)  # bylines between headline and text
    turned_from: Line | None = None  # a note whose text has not come yet
    current: _Draft | None = None
    is_interrupted: bool = False


def read(text: str, layout: Layout) -> Sheet:
    """Take a page's text to pieces: fragments in order, section labels, headlines without text below them."""
    rows = lines.read(text, layout)
    reading = _Reading(
        has_ends=any(line.names or layout.dateline.match(fold(line.text)) for line in rows),
        siblings=lines.siblings(rows),
        briefs=_briefs(rows, layout),
        pictures=_pictures(rows),
    )
    for place, line in enumerate(rows):
        if line.kind == "heading":
            reading.waiting.append(line)
        elif line.kind == "byline":
            below = rows[place + 1] if place + 1 < len(rows) else None
            _take_byline(reading, line, layout, below=below if below and below.kind == "text" else None)
        elif line.kind == "text":
            _take_paragraph(reading, line, layout)
        if line.turned_from and line.kind != "text":
            reading.turned_from = line
        if line.turns_to and line.kind != "heading":  # a heading's note is not about the article above it
            _take_turn(reading, line)
    _take_labels(reading, layout)
    _drop_headline(reading)
    return Sheet(
        fragments=tuple(_fragment(draft, layout) for draft in reading.drafts),
        labels=tuple(reading.labels),
        headlines=tuple(reading.headlines),
    )


def _briefs(rows: Sequence[Line], layout: Layout) -> frozenset[str]:
    """Return the marks (●) that begin a brief on this page: two or more, each signed, or below a section's label."""
    found = set()
    for mark in {row.mark for row in rows if row.mark} - PICTURE_MARKS:
        places = [place for place, row in enumerate(rows) if row.mark == mark and row.kind == "text"]
        signed = sum(bool(rows[place].names) for place in places)
        above = rows[places[0] - 1] if places and places[0] else None
        is_below_label = above is not None and above.kind == "heading" and headings.is_section(above.text, layout)
        if len(places) > 1 and (2 * signed >= len(places) or is_below_label):
            found.add(mark)
    return frozenset(found)


def _pictures(rows: Sequence[Line]) -> frozenset[int]:
    found = set()
    for place, row in enumerate(rows):
        below = rows[place + 1] if place + 1 < len(rows) else None
        names = row.names or (below.names if below and below.kind == "byline" else None)
        if row.mark in PICTURE_MARKS and row.kind == "text" and names and names.photographers:
            found.add(row.number)
    return frozenset(found)


def _fragment(draft: _Draft, layout: Layout) -> Fragment:
    texts = [line for line in draft.used if line.kind == "text"]
    return Fragment(
        line=min(line.number for line in (*draft.stack, *draft.used)),
        text_line=texts[0].number,
        stack=draft.stack,
        subheads=tuple(draft.subheads),
        used=tuple(sorted({*draft.stack, *draft.used}, key=lambda line: line.number)),
        paragraphs=tuple(draft.paragraphs),
        names=tuple(draft.names),
        turns_to=draft.turns_to,
        turned_from=draft.turned_from,
        mark=draft.mark,
        is_lead=draft.is_lead,
        is_day=bool(layout.caption.match(fold(draft.paragraphs[0]))),
        is_named=draft.is_named,
        is_signed=draft.is_signed,
        is_open=not draft.is_closed and draft.breaks_off(),
        is_closed=draft.is_closed,
        is_parted=draft.is_parted,
        is_photo=draft.is_photo,
        is_next=draft.is_next,
    )


def _take_labels(reading: _Reading, layout: Layout) -> bool:
    """Take the section labels off the top of the waiting headings: they stand beside articles, not above one text."""
    count = headings.labels_above(pairs(reading.waiting), layout)
    reading.labels += [Label(line=line, after=len(reading.drafts)) for line in reading.waiting[:count]]
    del reading.waiting[:count]
    return count > 0


def _part_stack(reading: _Reading, layout: Layout) -> None:
    """Part the waiting headings at a section's label within them: the text of those above it stands elsewhere."""
    waiting = reading.waiting
    inner = [place for place in range(1, len(waiting) - 1) if headings.is_section(waiting[place].text, layout)]
    above = waiting[: inner[-1]] if inner else []
    if above and not all(headings.is_section(line.text, layout) for line in above):
        reading.headlines.append(tuple(above))
        reading.waiting = waiting[inner[-1] :]


def pairs(stack: Sequence[Line]) -> list[tuple[int, str]]:
    """Return the (level, text) of heading lines, as headings.read_stack wants them."""
    return [(line.level, line.text) for line in stack]


def _drop_headline(reading: _Reading) -> None:
    """Keep a headline that has no text below it: its article stands elsewhere on the page."""
    if reading.waiting:
        reading.headlines.append(tuple(reading.waiting))
    reading.waiting = []


def _take_byline(reading: _Reading, line: Line, layout: Layout, *, below: Line | None) -> None:
    if line.names is None:
        return
    opens = below is not None
    breaks = reading.current is not None and reading.current.breaks_off()
    if below and reading.current and _is_credit_above(line.names, reading.current, below, layout):
        reading.current = None
        reading.is_interrupted = True
    if opens and (reading.waiting or reading.current is None or (breaks and line.names.named_role)):
        # Below a sentence that breaks off it ends nothing: another article begins.
        reading.opening.append(line)
        return
    _take_labels(reading, layout)
    _drop_headline(reading)
    if reading.current and reading.current.is_note and opens:
        reading.current.names.append(line.names)
        reading.current.used.append(line)
        reading.current.is_named = True
    elif reading.current:
        _close(reading, line, layout)
    elif reading.drafts:
        _sign_last(reading, line, line.names)
    else:
        reading.opening.append(line)  # 本报记者 … above the page's first headline


def _sign_last(reading: _Reading, line: Line, names: Names) -> None:
    """Give a byline to what stands above it; below a picture's credit, to the article that the picture stands in."""
    unsigned = [draft for draft in reading.drafts if not draft.is_photo and not draft.is_closed]
    is_articles = reading.drafts[-1].is_photo and bool(names.reporters) and bool(unsigned)
    draft = unsigned[-1] if is_articles else reading.drafts[-1]
    draft.names.append(names)
    draft.used.append(line)
    if is_articles:
        draft.is_closed = draft.is_signed = True


def _is_credit_above(names: Names, current: _Draft, below: Line, layout: Layout) -> bool:
    """Tell whether a picture's credit stands above its caption: the text below it is one, the text above is none."""
    return names.is_credit and _is_caption(below.text, layout) and not _is_caption(current.paragraphs[-1], layout)


def _take_turn(reading: _Reading, line: Line) -> None:
    """下转第3版: what goes on below the note is another article."""
    draft = reading.current or (reading.drafts[-1] if reading.drafts else None)
    if draft:
        draft.turns_to = line.turns_to
        draft.used.append(line)
    reading.current = None


def _close(reading: _Reading, line: Line, layout: Layout) -> None:
    """End the current fragment with its byline; under a picture's credit only the caption right above it is meant."""
    draft, names = reading.current, line.names
    if draft is None or names is None:
        return
    caption = draft.paragraphs[-1]
    is_credit = names.is_credit
    is_report = fold(line.text).rstrip(CLOSERS).endswith(("报道", "报导"))
    is_caption = _is_caption(caption, layout) or (len(caption) <= SHORT_CAPTION and not is_report)
    if is_credit and is_report and not is_caption:
        # 张三 摄影报道 below an article: he wrote it too.
        names = Names(reporters=names.photographers, photographers=names.photographers, named_role=True)
        is_credit = False
    if is_credit and len(draft.paragraphs) > 1 and is_caption:
        draft.paragraphs.pop()
        reading.is_interrupted = True
        draft = _Draft(used=[draft.used.pop()], paragraphs=[caption])
        reading.drafts.append(draft)
    draft.is_photo = is_credit and len(draft.paragraphs) == 1
    draft.is_signed = bool(names.reporters)
    draft.names.append(names)
    if line not in draft.used:
        draft.used.append(line)
    draft.is_parted = line.kind == "byline" and draft.breaks_off() and not draft.is_photo
    draft.is_closed = not draft.is_parted
    reading.current = None


def _is_caption(text: str, layout: Layout) -> bool:
    return len(text) <= LONGEST_CAPTION and bool(layout.caption.match(fold(text)))


def _is_subhead(reading: _Reading, current: _Draft, below: Line, layout: Layout) -> bool:
    """Tell whether the heading below an article without a byline parts it instead of beginning another.

    On a page where nothing else ends or begins an article, every heading does.
    """
    if not reading.has_ends or len(reading.waiting) != 1 or headings.DASH.match(reading.waiting[0].text):
        return False
    line = reading.waiting[0]
    if layout.notice.fullmatch(fold(line.text)):
        return False
    odds = subheads.odds(
        line.text,
        "".join(current.paragraphs)[-LOOKED_BACK:],
        below.text,
        is_named=current.is_named,
        is_day_below=bool(layout.caption.match(fold(below.text))),
        is_barer=not line.level and any(one.level for one in current.stack),
    )
    return odds + reading.siblings.get(line.number, 0.0) > 0


def _take_paragraph(reading: _Reading, line: Line, layout: Layout) -> None:
    _part_stack(reading, layout)
    # A heading with a section's label above it or a writer's name below it begins an article.
    begins_article = _take_labels(reading, layout) or bool(reading.opening)
    current = reading.current
    is_brief = bool(line.mark) and (line.mark in reading.briefs or line.number in reading.pictures)
    text = line.text if is_brief else line.mark + line.text
    is_lead = bool(layout.dateline.match(fold(text))) or is_brief
    breaks = current is not None and current.breaks_off()
    # A byline above it, and nothing else; below a sentence that breaks off it may be that of another article.
    is_lead |= bool(reading.opening) and not reading.waiting and not breaks
    turned_from = line if line.turned_from else reading.turned_from
    may_part = current is not None and not (is_lead or breaks or turned_from or begins_article)
    if current and may_part and _is_subhead(reading, current, line, layout):
        current.subheads += reading.waiting
        current.used += reading.waiting
        reading.waiting = []
    begins = bool(reading.waiting) or is_lead or turned_from is not None
    reading.is_interrupted |= begins and current is not None
    if begins or current is None or breaks or reading.is_interrupted:
        opening = bylines.opening(text, layout) if begins or current is None else None
        is_named = bool(opening and opening.reporters) or any(
            one.names and not one.names.is_credit for one in reading.opening
        )
        notes = [one for one in reading.waiting if EDITORS_NOTE.fullmatch(one.text)]
        turn = [turned_from] if turned_from and turned_from is not line else []
        current = _Draft(
            stack=tuple(one for one in reading.waiting if one not in notes),
            used=[*reading.opening, *notes, *turn],
            names=[one.names for one in reading.opening if one.names],
            turned_from=turned_from.turned_from if turned_from else None,
            mark=line.mark if is_brief else "",
            is_lead=is_lead,
            is_named=is_named,
            is_note=bool(notes) or EDITORS_NOTE.match(text) is not None,
            is_next=current is not None and not begins and not breaks,
        )
        reading.drafts.append(current)
        reading.current, reading.waiting, reading.opening, reading.turned_from = current, [], [], None
    current.paragraphs.append(text)
    current.used.append(line)
    current.ends_in_row = line.is_row
    credit = bool(current.names) and not any(names.reporters for names in current.names)
    if line.names:
        _close(reading, line, layout)
    elif credit and len(current.paragraphs) == 1 and _is_caption(text, layout):
        current.is_photo = current.is_closed = True
        reading.current = None
