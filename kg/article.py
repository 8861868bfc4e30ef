"""Page -> Article: the articles of a page as an editor would cut them out.

In: the page's text, with columns broken in mid-sentence, articles interleaved, headlines far from their text.  Out:
articles with headline, byline, date and whole paragraphs.  Reads no file; the rules come in as a Layout.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg import bylines, datelines, fragments, headings, language, stitching
from kg.bylines import byline
from kg.fragments import Fragment, Label, Stack
from kg.layout import Layout
from kg.records import Article, Page

__all__ = ["byline", "parse"]

LEAST_FIT = 0.25  # of a headline's terms that a text must have when they stand apart


@dataclass(slots=True)
class _Draft:
    """An article in the making: its fragments by number and in reading order."""

    line: int
    members: tuple[int, ...]
    chain: tuple[Fragment, ...]
    stack: Stack
    paragraphs: tuple[str, ...]
    sections: tuple[str, ...] = ()


def parse(page: Page, layout: Layout, seen: dict[str, int] | None = None) -> Iterator[Article]:
    """Yield the articles of ``page`` in the order in which they begin on it; nothing when it has no article text.

    An article without a headline has the title None; a photo's caption is an article of kind ``photo``.  Its id is the
    issue's id and a hash of headline and first forty characters, so that it outlives corrections further down.
    ``seen`` counts these hashes over the pages of an issue: a notice printed on two pages is two articles.
    """
    sheet = fragments.read(page.text, layout)
    drafts = _assemble(sheet.fragments)
    _give_headlines(drafts, sheet.headlines)
    drafts.sort(key=lambda draft: draft.line)
    _give_sections(drafts, sheet.labels)
    seen = {} if seen is None else seen
    for position, draft in enumerate(drafts, 1):
        yield _article(page, draft, position=position, layout=layout, seen=seen)


def _assemble(found: Sequence[Fragment]) -> list[_Draft]:
    """Follow the links from fragment to fragment; every fragment is in exactly one draft."""
    after = {link.tail: link.head for link in stitching.links(found)}
    drafts = []
    for first in sorted(set(range(len(found))) - set(after.values())):
        members = [first]
        while members[-1] in after:
            members.append(after[members[-1]])
        stack = next((found[number].stack for number in members if found[number].stack), ())
        drafts.append(
            _Draft(
                line=min(found[number].line for number in members),
                members=tuple(members),
                chain=tuple(found[number] for number in members),
                stack=stack,
                paragraphs=_paragraphs([found[number] for number in members]),
            )
        )
    return drafts


def _paragraphs(chain: Sequence[Fragment]) -> tuple[str, ...]:
    whole: list[str] = []
    for number, fragment in enumerate(chain):
        paragraphs = list(fragment.paragraphs)
        if number and chain[number - 1].is_open:
            whole[-1] = stitching.join(whole[-1], paragraphs.pop(0))
        whole += paragraphs
    return tuple(whole)


def _give_headlines(drafts: Sequence[_Draft], headlines: Sequence[tuple[int, Stack]]) -> None:
    """Give headlines without text to texts without headline, the best fit first; the others are dropped."""
    bare = [draft for draft in drafts if not draft.stack and not draft.chain[0].is_photo]
    counts = [language.terms("".join(draft.paragraphs)) for draft in bare]
    weights = language.rarity(counts)
    fits = []
    for number, (_, stack) in enumerate(headlines):
        terms = language.terms(" ".join(text for _, text in stack))
        fits += [(-language.coverage(terms, count, weights), number, place) for place, count in enumerate(counts)]
    taken: set[int] = set()
    for fit, number, place in sorted(fits):
        if -fit >= LEAST_FIT and number not in taken and not bare[place].stack:
            bare[place].line = min(bare[place].line, headlines[number][0])
            bare[place].stack = headlines[number][1]
            taken.add(number)


def _give_sections(drafts: Sequence[_Draft], labels: Sequence[Label]) -> None:
    """Give each label to an article; two labels make a section with sub-sections, carried on while these follow.

    With 为民创城不停步 above and 法治宣传教育 below one article and 文明校园创建 at the next, both get the first label.
    """
    place_by_fragment = {number: place for place, draft in enumerate(drafts) for number in draft.members}
    counts = [language.terms("".join(draft.paragraphs)) for draft in drafts]
    given: dict[int, list[str]] = {}
    for number, label in enumerate(labels):
        above, below = place_by_fragment.get(label.after - 1), place_by_fragment.get(label.after)
        has_sibling = any(other.after == label.after for other in labels[number + 1 :])
        place = _place(language.terms(label.text), above, below, counts, given, has_sibling=has_sibling)
        if place is not None:
            given.setdefault(place, []).append(label.text)
    parent = ""
    for place, draft in enumerate(drafts):
        own = given.get(place, [])
        parent = own[0] if len(own) > 1 else parent if own else ""
        draft.sections = (parent, *own) if len(own) == 1 and parent else tuple(own)


def _place(
    label: Counter[str],
    above: int | None,
    below: int | None,
    counts: Sequence[Counter[str]],
    given: dict[int, list[str]],
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


def _article(page: Page, draft: _Draft, *, position: int, layout: Layout, seen: dict[str, int]) -> Article:
    headline = headings.read_stack(draft.stack, layout)
    body = "\n".join(draft.paragraphs)
    names = [names for fragment in draft.chain for names in fragment.names]
    opening = bylines.opening(body, layout)
    names = [opening, *names] if opening else names
    digest = hashlib.sha256(f"{headline.title or ''}{body[:40]}".encode()).hexdigest()[:12]
    seen[digest] = seen.get(digest, 0) + 1
    suffix = f"-{seen[digest]}" if seen[digest] > 1 else ""
    sections = [*draft.sections, *headline.sections]
    return Article(
        id=f"{page.issue.id}#{digest}{suffix}",
        issue=page.issue,
        page=page.number,
        position=position,
        kind="photo" if draft.chain[0].is_photo else "article",
        kicker=headline.kicker,
        title=headline.title,
        subtitle=headline.subtitle,
        section=" / ".join(sections) or None,
        byline=tuple(dict.fromkeys(name for one in names for name in one.reporters)),
        photographers=tuple(dict.fromkeys(name for one in names for name in one.photographers)),
        date=datelines.resolve(draft.paragraphs[0], page.issue.date, layout),
        body=body,
    )
