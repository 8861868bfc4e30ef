"""Pages of an issue -> Article: its articles as an editor would cut them out.

In: the pages' text, with columns broken in mid-sentence, articles interleaved, headlines far from their text.  Out:
articles with headline, byline, date and whole paragraphs, and for every join the reason.  Reads no file; the rules come
in as a Layout.
"""

import hashlib
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kg import arrangement, bylines, datelines, fragments, headings, language, seams, stitching
from kg.fragments import Fragment, Label, Stack
from kg.layout import Layout
from kg.lines import Line
from kg.numerals import page_label
from kg.records import Article, Join, Page
from kg.traditional import fold

BETTER_FIT = 0.15
LEAST_FIT = 0.12  # of a headline's terms that a text must have when they stand apart ...
GOOD_FIT = 0.25  # ... and when the text right below it has some too
NO_FIT = 0.05
LONGEST_BRIEF = 240
CLOSE = 3  # lines from a label to the text right below it, empty ones counted
SHOWN = 12  # characters of a join's ends
# A join's margin (stitching.Link) -> the share of such joins that are right, fitted to bench/results/articles.md.
CONFIDENCE_SLOPE = 0.45
CONFIDENCE_BASE = 2.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What became of a line of a page: ``kind`` says what it was taken for, ``article`` where it went (by place)."""

    page: int
    line: Line
    kind: str
    article: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """The articles of an issue, and every line that was read, page by page; lines left out of both are boilerplate."""

    articles: tuple[Article, ...]
    pieces: tuple[Piece, ...]


@dataclass(slots=True)
class _Draft:
    """An article in the making: its fragments in reading order, and the joins between them."""

    page: Page
    line: int
    members: tuple[int, ...]
    chain: list[tuple[Page, Fragment]]
    stack: Stack
    joins: list[Join]
    paragraphs: tuple[str, ...] = ()
    subheads: tuple[Line, ...] = ()
    sections: list[tuple[Page, Line]] = field(default_factory=list)
    parent: str = ""


def parse(pages: Sequence[Page], layout: Layout) -> Iterator[Article]:
    """Yield the articles of an issue's ``pages``, page by page in the order in which they begin.

    An article without a headline has the title None; a photo's caption is an article of kind ``photo``.  Its id is the
    issue's id and a hash of headline and first forty characters, so that it outlives corrections further down; a notice
    printed on two pages is two articles.  A page without article text yields nothing.
    """
    yield from cut(pages, layout).articles


def cut(pages: Sequence[Page], layout: Layout) -> Cut:
    """Return what ``parse`` yields together with what became of every line."""
    drafts: list[_Draft] = []
    unplaced: list[Piece] = []
    for page in pages:
        sheet = fragments.read(page.text, layout)
        found, strange = _assemble(page, sheet.fragments)
        lost = _give_headlines(found, [*sheet.headlines, *strange])
        for draft in found:
            _raise_subhead(draft)
        found.sort(key=lambda draft: draft.line)
        unplaced += [
            Piece(page=page.number, line=label.line, kind="section", article=None)
            for label in _give_sections(page, found, sheet.labels, layout)
        ]
        unplaced += [
            Piece(page=page.number, line=line, kind="headline", article=None) for stack in lost for line in stack
        ]
        drafts += found
    _join_pages(drafts)
    seen: dict[str, int] = {}
    positions: Counter[int] = Counter()
    articles = []
    for draft in drafts:
        positions[draft.page.number] += 1
        articles.append(_article(draft, position=positions[draft.page.number], layout=layout, seen=seen))
    pieces = {
        (piece.page, piece.line): piece  # a label that several briefs share is the first one's
        for number, draft in reversed(list(enumerate(drafts)))
        for piece in _pieces(draft, number)
    }
    for number, draft in enumerate(drafts):
        for line in draft.stack:  # last: one that was given to a text elsewhere is no longer the one's below it
            headline = Piece(page=draft.page.number, line=line, kind="headline", article=number)
            pieces[headline.page, headline.line] = headline
    return Cut(
        articles=tuple(articles),
        pieces=tuple(sorted([*pieces.values(), *unplaced], key=lambda piece: (piece.page, piece.line.number))),
    )


def _pieces(draft: _Draft, number: int) -> Iterator[Piece]:
    for page, line in draft.sections:
        yield Piece(page=page.number, line=line, kind="section", article=number)
    for page, fragment in draft.chain:
        for line in fragment.used:
            is_subhead = line in draft.subheads
            kind = "subhead" if is_subhead else "headline" if line.kind == "heading" else line.kind
            yield Piece(page=page.number, line=line, kind=kind, article=number)


def _assemble(page: Page, found: Sequence[Fragment]) -> tuple[list[_Draft], list[Stack]]:
    """Follow the links from fragment to fragment; every fragment is in exactly one draft.

    Also return the headings that stand above a fragment and are another article's.
    """
    link_by_tail = {link.tail: link for link in stitching.links(found)}
    drafts: list[_Draft] = []
    strange: list[Stack] = []
    for first in sorted(set(range(len(found))) - {link.head for link in link_by_tail.values()}):
        members, joins, subheads = [first], [], [*found[first].subheads]
        stack = found[first].stack
        while link := link_by_tail.get(members[-1]):
            fragment = found[link.head]
            members.append(link.head)
            joins.append(_join(page, found[link.tail], fragment, link.reasons, confidence=_confidence(link.margin)))
            if link.role == stitching.HEADLINE:
                stack = fragment.stack
            elif link.role == stitching.STRANGE:
                strange.append(fragment.stack)
            else:
                subheads += fragment.stack
            subheads += fragment.subheads
        drafts.append(
            _Draft(
                page=page,
                line=min(found[number].line for number in members),
                members=tuple(members),
                chain=[(page, found[number]) for number in members],
                stack=stack,
                subheads=tuple(subheads),
                joins=joins,
                paragraphs=_paragraphs([found[number] for number in members]),
            )
        )
    return drafts, strange


def _confidence(margin: float) -> float:
    return round(1 / (1 + math.exp(-(CONFIDENCE_BASE + CONFIDENCE_SLOPE * margin))), 2)


def _join(
    page: Page, first: Fragment, second: Fragment, reasons: tuple[tuple[str, float], ...], *, confidence: float
) -> Join:
    tail, head = first.paragraphs[-1], second.paragraphs[0]
    twice = seams.doubled(tail, head) if first.is_open else 0
    return Join(
        page=page.number,
        line=second.text_line + 1,
        tail=tail[-SHOWN:],
        head=head[:SHOWN],
        repaired=head[:twice],
        reasons=tuple((name, round(weight, 2)) for name, weight in reasons if abs(weight) >= 0.005),
        confidence=confidence,
    )


def _paragraphs(chain: Sequence[Fragment]) -> tuple[str, ...]:
    whole: list[str] = []
    for number, fragment in enumerate(chain):
        paragraphs = list(fragment.paragraphs)
        if number and chain[number - 1].is_open:
            whole[-1] = seams.join(whole[-1], paragraphs.pop(0))
        whole += paragraphs
    return tuple(whole)


def _join_pages(drafts: list[_Draft]) -> None:
    """Put the parts together that notes tie: 下转第3版 on page 1 and 上接第1版 on page 3.

    Both have to stand there; of several the most alike are paired.  A headline printed again above the second part is
    dropped.
    """
    options: dict[tuple[int, int], float] = {}
    for tail, first in enumerate(drafts):
        turns_to = first.chain[-1][1].turns_to
        if not turns_to:
            continue
        for head, second in enumerate(drafts):
            turned_from = second.chain[0][1].turned_from
            if turned_from and _is_page(second.page, turns_to) and _is_page(first.page, turned_from):
                options[tail, head] = 1.0 + _likeness(first, second)
    gone: set[int] = set()
    # Notes that lead round in a ring make no chain: their parts stay apart.
    for start, *others in arrangement.chains(arrangement.assign(options)):
        for place in others:
            _append(drafts[start], drafts[place])
            gone.add(place)
    drafts[:] = [draft for number, draft in enumerate(drafts) if number not in gone]


def _is_page(page: Page, label: str) -> bool:
    return page_label(page.label or str(page.number)) == label


def _likeness(first: _Draft, second: _Draft) -> float:
    texts = [language.terms("".join([*(line.text for line in one.stack), *one.paragraphs])) for one in (first, second)]
    return language.likeness(*(language.weighed(terms, {}) for terms in texts))


def _append(first: _Draft, second: _Draft) -> None:
    tail, head = first.chain[-1][1], second.chain[0][1]
    first.joins += [_join(second.page, tail, head, (("notes", 1.0),), confidence=0.99), *second.joins]
    paragraphs = list(second.paragraphs)
    if tail.is_open:
        first.paragraphs = (*first.paragraphs[:-1], seams.join(first.paragraphs[-1], paragraphs.pop(0)))
    first.paragraphs += tuple(paragraphs)
    first.chain += second.chain
    first.subheads += second.subheads
    first.sections += second.sections


def _give_headlines(drafts: Sequence[_Draft], headlines: Sequence[Stack]) -> list[Stack]:
    """Give headlines to texts without one, the best fit first; return those that fit none.

    On offer are those that have no text below them, and of several in one stack those that fit another text better than
    the one below them.
    """
    bare = [draft for draft in drafts if not draft.stack and not draft.chain[0][1].is_photo]
    bare_terms = [_terms(draft) for draft in bare]
    weights = language.rarity(bare_terms)
    offers: list[tuple[Stack, _Draft | None]] = [(group, None) for stack in headlines for group in _groups(stack)]
    offers += [(group, draft) for draft in drafts if bare for group in _groups(draft.stack) if draft.stack != group]
    fits = []
    for number, (group, owner) in enumerate(offers):
        terms = language.terms(" ".join(line.text for line in group))
        own = language.coverage(terms, _terms(owner), weights) if owner else 0.0
        for place, text_terms in enumerate(bare_terms):
            fit = language.coverage(terms, text_terms, weights)
            if fit >= (LEAST_FIT if own <= NO_FIT else max(GOOD_FIT, own + BETTER_FIT)):
                fits.append((own - fit, number, place))
    taken: dict[int, int] = {}
    for fit, number, place in sorted(fits):
        group, owner = offers[number]
        if number not in taken and not bare[place].stack and (owner is None or owner.stack != group):
            _take_headline(bare[place], group, owner, fit=-fit)
            taken[number] = place
    return _unplaced(bare, headlines, {offers[number][0]: place for number, place in taken.items()})


def _raise_subhead(draft: _Draft) -> None:
    """Make the one subhead of a lead (本报讯) without a headline its headline: it stands below its beginning."""
    if not draft.stack and len(draft.subheads) == 1 and draft.chain[0][1].is_lead:
        draft.stack, draft.subheads = draft.subheads, ()


def _terms(draft: _Draft) -> Counter[str]:
    return language.terms("".join(draft.paragraphs))


def _groups(stack: Stack) -> list[Stack]:
    """Return a stack's headlines, each with the dashed lines below it."""
    groups: list[Stack] = []
    for line in stack:
        if groups and headings.DASH.match(line.text):
            groups[-1] = (*groups[-1], line)
        else:
            groups.append((line,))
    return groups


def _take_headline(draft: _Draft, group: Stack, owner: _Draft | None, *, fit: float) -> None:
    draft.line = min(draft.line, group[0].number)
    draft.stack = group
    if owner:
        owner.stack = tuple(line for line in owner.stack if line not in group)
    join = Join(
        page=draft.page.number,
        line=group[0].number + 1,
        tail="",
        head=group[0].text,
        repaired="",
        reasons=(("headline", round(fit, 2)),),
        confidence=round(min(0.99, 0.5 + fit), 2),
    )
    draft.joins.insert(0, join)


def _unplaced(bare: Sequence[_Draft], headlines: Sequence[Stack], taken: Mapping[Stack, int]) -> list[Stack]:
    """Return the headlines that nobody took; a kicker goes where its headline went."""
    left = []
    for stack in headlines:
        groups = _groups(stack)
        places = [taken[group] for group in groups if group in taken]
        rest = [group for group in groups if group not in taken]
        if len(places) == 1 and rest:
            bare[places[0]].stack = stack
        elif rest:
            left += rest
    return left


def _give_sections(page: Page, drafts: Sequence[_Draft], labels: Sequence[Label], layout: Layout) -> list[Label]:
    """Give each label to an article and return the others; two labels make a section with sub-sections.

    The upper one is carried on while lower ones follow: with 为民创城不停步 above and 法治宣传教育 below one article
    and 文明校园创建 at the next, both get the first label.
    """
    left: list[Label] = []
    place_by_fragment = {number: place for place, draft in enumerate(drafts) for number in draft.members}
    counts = [language.terms("".join(draft.paragraphs)) for draft in drafts]
    for number, label in enumerate(labels):
        above, below = place_by_fragment.get(label.after - 1), place_by_fragment.get(label.after)
        has_sibling = any(other.after == label.after for other in labels[number + 1 :])
        given = {place for place, draft in enumerate(drafts) if draft.sections}
        place = _place(language.terms(label.line.text), above, below, counts, given, has_sibling=has_sibling)
        if place is None:
            left.append(label)
        else:
            drafts[place].sections.append((page, label.line))
    _carry_on_groups(drafts, layout)
    parent = ""
    for draft in drafts:
        own = [line.text for _, line in draft.sections]
        parent = own[0] if len(own) > 1 else parent if own else ""
        draft.parent = parent if len(own) == 1 else ""
    return left


def _carry_on_groups(drafts: Sequence[_Draft], layout: Layout) -> None:
    """简讯 above the first of several short articles is the section of all."""
    label: tuple[Page, Line] | None = None
    mark = ""
    for draft in drafts:
        first = draft.chain[0][1]
        if first.is_photo:
            continue
        is_notice = any(layout.notice.fullmatch(fold(line.text)) for line in draft.stack)
        own = [one for one in draft.sections if layout.group.fullmatch(fold(one[1].text))]
        is_short = sum(map(len, draft.paragraphs)) <= LONGEST_BRIEF
        if own and is_short:
            label, mark = own[-1], first.mark
        elif draft.sections or not is_short or is_notice or first.mark != mark:
            label = None
        elif label:
            draft.sections = [label]


def _place(
    label: Counter[str],
    above: int | None,
    below: int | None,
    counts: Sequence[Counter[str]],
    given: set[int],
    *,
    has_sibling: bool,
) -> int | None:
    """Return the article that a label between two articles belongs to: the one below unless the one above fits better.

    Of two labels in a row the first goes to the article above when its neighbours there got theirs that way.
    """
    if above is None or below is None or above == below:
        return above if below is None else below
    fit_above, fit_below = (language.coverage(label, counts[place], {}) for place in (above, below))
    if fit_above != fit_below:
        return above if fit_above > fit_below else below
    return above if has_sibling and above not in given and above - 1 in given else below


def _is_headline(draft: _Draft) -> bool:
    """政法短波 alone above a long text is its headline; above a short one it is the section of a brief."""
    if draft.stack or draft.parent or len(draft.sections) != 1 or sum(map(len, draft.paragraphs)) <= LONGEST_BRIEF:
        return False
    _, line = draft.sections[0]
    return line.last < draft.chain[0][1].text_line <= line.last + CLOSE


def _article(draft: _Draft, *, position: int, layout: Layout, seen: dict[str, int]) -> Article:
    page, chain = draft.page, [fragment for _, fragment in draft.chain]
    headline = headings.read_stack(fragments.pairs(draft.stack), layout)
    sections = list(filter(None, [draft.parent, *(line.text for _, line in draft.sections), *headline.sections]))
    if _is_headline(draft):
        headline, sections = replace(headline, title=sections[-1]), sections[:-1]
    body = "\n".join(draft.paragraphs)
    # The days that a notice names lie ahead; a report of one begins as reports do.
    is_notice = bool(layout.notice.fullmatch(fold(headline.title or ""))) and not layout.dateline.match(fold(body))
    names = [names for fragment in chain for names in fragment.names]
    opening = bylines.opening(body, layout)
    names = [opening, *names] if opening else names
    digest = hashlib.sha256(f"{headline.title or ''}{body[:40]}".encode()).hexdigest()[:12]
    seen[digest] = seen.get(digest, 0) + 1
    suffix = f"-{seen[digest]}" if seen[digest] > 1 else ""
    return Article(
        id=f"{page.issue.id}#{digest}{suffix}",
        issue=page.issue,
        page=page.number,
        position=position,
        kind="photo" if chain[0].is_photo else "article",
        kicker=headline.kicker,
        title=headline.title,
        subtitle=headline.subtitle,
        section=" / ".join(sections) or None,
        byline=tuple(dict.fromkeys(name for one in names for name in one.reporters)),
        photographers=tuple(dict.fromkeys(name for one in names for name in one.photographers)),
        date=None if is_notice else datelines.resolve(draft.paragraphs[0], page.issue.date, layout),
        body=body,
        subheads=tuple(line.text for line in draft.subheads),
        joins=tuple(draft.joins),
    )
