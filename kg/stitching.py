"""Which fragments of a page belong to one article, in which order: chains, by evidence that is added up.

A fragment that breaks off wants one that reads on; a fragment without a headline or a lead wants one before it.  Each
possible link gets a score from named pieces of evidence; those with the best sum are taken, at most one from and one to
each fragment and no chain with two headlines or two signatures (arrangement.py).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, pairwise

from kg import arrangement, continuation, headings, language
from kg.fragments import Fragment
from kg.seams import PAIRS, doubled
from kg.topics import Topics

REACH = 40  # fragments looked at below each
PAIRS_PER_PAGE = 20_000  # of a text far longer than a page only neighbours are looked at: it stays linear
LEAST_REACH = 3
THRESHOLD = 0.0
FARTHEST = 8  # fragments in between, that count
MOST_BEGINNINGS = 4
ROUNDS = 4
# Log odds that one fragment goes on with another: WEIGHTS[name] times the value of each piece of evidence.  Fitted by
# scripts/weights.py.
WEIGHTS = {
    "base": 0.72,
    "next": 0.45,  # stands right below ...
    "next paragraph": 1.46,  # ... and nothing between them begins or ends an article
    "far": -0.21,  # per fragment that stands between
    "beginnings": -0.29,  # headlines and leads between them
    "topic": 29.12,  # likeness in words (0 to 1) of all above the seam and all below it
    "subject": 6.24,  # likeness in subject of the same
    "only here": 0.52,  # words that just these two have of all the page
    "words": -8.57,  # likeness in words of the two fragments alone, which the three above count already
    "headline words": 0.92,  # share of the first one's headline that the second has
    "breaks off": 1.73,  # a sentence that breaks off has to go on somewhere
    "ends there": -0.77,  # no sentence breaks off, and another article begins right below
    "reads on": 0.28,  # language.reads_on across the seam
    "goes on": 0.46,  # continuation.evidence across the seam, where a sentence breaks off
    "follows": 0.44,  # the same where none does
    "doubled": 2.40,
    "brackets": 2.55,
    "begins anew": -0.20,  # the first breaks off, the second begins like a paragraph
    "no beginning": 1.13,  # a text without headline or lead has to begin somewhere
    "headed": -3.04,  # the second has a headline of its own ...
    "headline": 2.86,  # ... which has the first one's words: a headline below its lead
    "wants a headline": 3.40,  # a lead (本报讯) without one
    "parted": -4.15,  # a heading stands between the two: a subhead, if at all
    "ended and named": -1.07,  # the article above said at its beginning who wrote it: it may end anywhere
    "punctuation": -100.0,  # a mark that no line begins with, after another one
    "signed twice": -7.98,  # an article that says at its beginning who wrote it does not say so at its end
    "signed about": 0.04,  # ... nor where this is said of pieces that stand with the two
    "wants a byline": -0.24,  # an article that has none yet, and a piece that is signed
}
STARTS_NOT = frozenset("，。、；：！？,;:!?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Fragment ``tail`` goes on with fragment ``head``; ``reasons`` are the pieces of evidence and their weights.

    ``margin`` is how far its score lies above that of the best other place for either of the two.
    """

    tail: int
    head: int
    score: float
    reasons: tuple[tuple[str, float], ...]
    margin: float = 0.0


def links(fragments: Sequence[Fragment]) -> list[Link]:
    """Return the links to make: at most one from and one to each fragment, and the best sum of scores.

    Chosen again and again, ROUNDS times at most: what an article is about is judged first by what stands together on
    the page, then by what was put together.
    """
    pairs = list(_pairs(fragments))
    texts = ["".join(fragment.paragraphs) for fragment in fragments]
    topics = Topics(texts, [" ".join(line.text for line in fragment.stack) for fragment in fragments], pairs)
    fixed = _fixed(fragments, topics, pairs)
    sums = [_sum(signs) for signs in fixed]
    before = {number: number - 1 for number, fragment in enumerate(fragments) if fragment.is_next and number}
    is_faulty = partial(_is_faulty, fragments=fragments)
    chosen: dict[int, int] = {}
    for _ in range(ROUNDS):
        gathered = _gathered(fragments, topics, pairs, before)
        scores = {
            pair: score
            for pair, known, signs in zip(pairs, sums, gathered, strict=True)
            if (score := known + _sum(signs)) > THRESHOLD
        }
        chosen = arrangement.choose(scores, is_faulty)
        found = {head: tail for tail, head in chosen.items()}
        if found == before:
            break
        before = found
    margins = arrangement.margins(chosen, scores)
    signs_by_pair = {pair: known | signs for pair, known, signs in zip(pairs, fixed, gathered, strict=True)}
    return [
        Link(
            tail=tail,
            head=head,
            score=scores[tail, head],
            reasons=tuple((name, WEIGHTS[name] * value) for name, value in signs_by_pair[tail, head].items() if value),
            margin=margins[tail],
        )
        for tail, head in chosen.items()
    ]


def _sum(signs: Mapping[str, float]) -> float:
    return sum([WEIGHTS[name] * value for name, value in signs.items()])


def _is_faulty(members: Sequence[int], fragments: Sequence[Fragment]) -> bool:
    """Tell whether a chain of fragments has more than one headline, or is signed at both ends."""
    parted = {head for tail, head in pairwise(members) if not fragments[tail].is_open}
    headlines = sum(bool(fragments[number].stack) for number in members if number not in parted)
    is_named = any(fragments[number].is_named for number in members)
    return headlines > 1 or (is_named and fragments[members[-1]].is_signed)


def _pairs(fragments: Sequence[Fragment]) -> Iterator[tuple[int, int]]:
    """Yield the pairs that come into question: an article goes on further down, not after a byline nor with a lead."""
    reach = max(LEAST_REACH, min(REACH, PAIRS_PER_PAGE // max(1, len(fragments))))
    for tail, first in enumerate(fragments):
        if first.is_closed or first.is_photo or first.turns_to:
            continue
        for head in range(tail + 1, min(len(fragments), tail + reach + 1)):
            second = fragments[head]
            if second.is_lead or second.is_photo or second.turned_from:
                continue
            parts = bool(second.stack) and not first.is_open
            if parts and (len(second.stack) > 1 or headings.DASH.match(second.stack[0].text)):
                continue
            if second.stack and first.is_open and first.stack:
                continue
            yield tail, head


def _fixed(fragments: Sequence[Fragment], topics: Topics, pairs: Sequence[tuple[int, int]]) -> list[dict[str, float]]:
    """Return the evidence of place, form and words, which does not depend on what else is put together."""
    is_beginning = [bool(one.stack) or one.is_lead for one in fragments]
    beginnings = list(accumulate(is_beginning, initial=0))
    begins = [language.begins(fragment.paragraphs[0]) for fragment in fragments]
    goes_on = continuation.evidence([_seam(fragments[tail], fragments[head]) for tail, head in pairs])
    found = []
    for (tail, head), words, only_here, odds in zip(pairs, topics.words(), topics.only_here(), goes_on, strict=True):
        first, second = fragments[tail], fragments[head]
        signs = _place(tail, head, second, beginnings[head] - beginnings[tail + 1]) | _form(first, second, begins[head])
        signs["goes on" if first.is_open else "follows"] = odds
        signs["signed twice"] = float(first.is_named and second.is_signed)
        signs["words"] = words
        signs["only here"] = only_here
        signs["ends there"] = float(not first.is_open and is_beginning[tail + 1])
        if second.stack and not first.is_open:
            signs |= {"no beginning": 1.0, "headed": 0.0, "parted": 1.0}
        found.append(signs)
    return found


def _gathered(
    fragments: Sequence[Fragment], topics: Topics, pairs: Sequence[tuple[int, int]], before: Mapping[int, int]
) -> list[dict[str, float]]:
    """Return the evidence of what stands together; ``before`` says which fragment stands before which in its article.

    Links go down the page: what stands before a fragment in its article has a lower number.
    """
    after = {tail: head for head, tail in before.items()}
    up, down = range(len(fragments)), range(len(fragments) - 1, -1, -1)
    above, below = topics.gathered(up, before), topics.gathered(down, after)
    named = _carried([fragment.is_named for fragment in fragments], up, before)
    signed = _carried([fragment.is_signed for fragment in fragments], down, after)
    headed = _carried([bool(fragment.stack) for fragment in fragments], up, before)
    leads = _carried([fragment.is_lead for fragment in fragments], up, before)
    in_text = topics.headline_in_text(_headlines(fragments, up, before))
    headline_of = topics.headline_of(above)
    found = []
    for (tail, head), topic, subject, share, covered in zip(
        pairs, *topics.likeness(above, below), in_text, headline_of, strict=True
    ):
        first, second = fragments[tail], fragments[head]
        signs = {
            "topic": topic,
            "subject": subject,
            "signed about": float(named[tail] and signed[head]),
            "wants a byline": float(signed[head] and not named[tail]),
            "ended and named": float(named[tail] and not first.is_open),
            "headline words": share,
        }
        if second.stack and first.is_open:
            signs["headline"] = covered
            signs["wants a headline"] = float(leads[tail] and not headed[tail])
        found.append(signs)
    return found


def _carried(flags: Sequence[bool], order: Sequence[int], before: Mapping[int, int]) -> list[bool]:
    """Return for each fragment whether it or one before it has the flag."""
    found = list(flags)
    for number in order:
        found[number] = found[number] or (number in before and found[before[number]])
    return found


def _headlines(fragments: Sequence[Fragment], order: Sequence[int], before: Mapping[int, int]) -> list[int]:
    """Return whose headline each fragment's article has so far: its own number where it has none."""
    found = list(range(len(fragments)))
    for number in order:
        if number in before and not fragments[number].stack:
            found[number] = found[before[number]]
    return found


def _place(tail: int, head: int, second: Fragment, beginnings: int) -> dict[str, float]:
    return {
        "base": 1.0,
        "next": float(head == tail + 1),
        "next paragraph": float(head == tail + 1 and second.is_next),
        "far": float(min(FARTHEST, head - tail - 1)),
        "beginnings": float(min(MOST_BEGINNINGS, beginnings)),
    }


def _seam(first: Fragment, second: Fragment) -> tuple[str, str]:
    """Return the texts above and below the seam, without what is printed twice."""
    tail, head = first.paragraphs[-1], second.paragraphs[0]
    twice = doubled(tail, head) if first.is_open else 0
    return tail, head[twice:] or head


def _form(first: Fragment, second: Fragment, begins: float) -> dict[str, float]:
    """Return the evidence of the two ends: whether the sentence reads on, whether both are signed."""
    tail, head = first.paragraphs[-1], second.paragraphs[0]
    signs = {
        "no beginning": float(not second.stack),
        "headed": float(bool(second.stack)),
    }
    if not first.is_open:
        return signs
    twice = doubled(tail, head)
    return signs | {
        "breaks off": 1.0,
        "reads on": language.reads_on(tail, head[twice:] or head),
        "begins anew": begins,
        "doubled": float(twice > 0),
        "brackets": float(_brackets(tail, head)),
        "punctuation": float(head[0] in STARTS_NOT and tail[-1] in STARTS_NOT),
    }


def _brackets(tail: str, head: str) -> int:
    """Return +1 for each kind of bracket that ``head`` closes, -1 for each left open or closed without opening."""
    total = 0
    for left, right in PAIRS.items():
        is_opened = tail.count(left) > tail.count(right)
        closing = head.find(right)
        closes = closing >= 0 and left not in head[:closing]
        if is_opened or closes:
            total += 1 if is_opened and closes else -1
    return total
