"""Which fragments of a page belong to one article, in which order: chains, by evidence that is added up.

A fragment that breaks off wants one that reads on; a fragment without a headline or a lead wants one before it.  Each
possible link gets a score from named pieces of evidence; those with the best sum are taken, at most one from and one to
each fragment, and a chain with two headlines or two signatures loses its weakest link.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kg import headings, language
from kg.fragments import Fragment
from kg.seams import PAIRS, doubled

REACH = 40  # fragments looked at below each
PAIRS_PER_PAGE = 20_000  # of a text far longer than a page only neighbours are looked at: it stays linear
LEAST_REACH = 3
THRESHOLD = 0.0
STEP = 0.001  # of a bid: far below any difference of evidence
FARTHEST = 8  # fragments in between, that count
MOST_BEGINNINGS = 4
DECAY = 0.5
REMEMBERED = 6  # fragments further up or down a chain count for nearly nothing
LEAST_COUNT = 0.05  # of a term from far off: anything less is forgotten, so that long texts stay linear
ROUNDS = 2
# Log odds that one fragment goes on with another: WEIGHTS[name] times the value of each piece of evidence.
WEIGHTS = {
    "base": 0.15,
    "next": 0.86,  # stands right below ...
    "next paragraph": 1.88,  # ... and nothing between them begins or ends an article
    "far": -0.19,  # per fragment that stands between
    "beginnings": -0.25,  # headlines and leads between them
    "topic": 19.49,  # likeness (0 to 1) of all above the seam and all below it
    "words": 0.36,  # likeness of the two fragments alone
    "headline words": 0.11,  # share of the first one's headline that the second has
    "breaks off": 3.57,  # a sentence that breaks off has to go on somewhere
    "reads on": 0.56,  # language.reads_on across the seam
    "doubled": 2.60,
    "brackets": 4.70,
    "begins anew": -0.33,  # the first breaks off, the second begins like a paragraph
    "no beginning": 2.60,  # a text without headline or lead has to begin somewhere
    "headed": -2.97,  # the second has a headline of its own ...
    "headline": 7.44,  # ... which has the first one's words: a headline below its lead
    "wants a headline": 2.73,  # a lead (本报讯) without one
    "parted": -4.79,  # a heading stands between the two: a subhead, if at all
    "ended and named": 0.11,  # the article above said at its beginning who wrote it: it may end anywhere
    "punctuation": -100.0,  # a mark that no line begins with, after another one
    "signed twice": -7.98,  # an article that says at its beginning who wrote it does not say so at its end
    "signed about": 0.22,  # ... nor where this is said of pieces that stand with the two
    "wants a byline": 0.41,  # an article that has none yet, and a piece that is signed
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

    Chosen twice: what an article is about is judged first by what stands together on the page, then by what was put
    together.
    """
    terms = _Terms(fragments)
    pairs = {(tail, head): _fixed(fragments, terms, tail, head) for tail, head in _pairs(fragments)}
    before = {number: number - 1 for number, fragment in enumerate(fragments) if fragment.is_next and number}
    chosen: list[Link] = []
    for _ in range(ROUNDS):
        chosen = _choose(fragments, _scored(fragments, pairs, terms, before))
        found = {link.head: link.tail for link in chosen}
        if found == before:
            break
        before = found
    return chosen


def _choose(fragments: Sequence[Fragment], found: Iterable[Link]) -> list[Link]:
    """A chain that came out with two headlines or two signatures loses its weakest link, and all are chosen again."""
    options = {(link.tail, link.head): link for link in found}
    while True:
        chosen = [options[pair] for pair in assign({pair: link.score for pair, link in options.items()}).items()]
        faulty = [min(chain, key=lambda link: (link.score, link.tail)) for chain in _faulty_chains(chosen, fragments)]
        if not faulty:
            return _with_margins(chosen, options)
        for link in faulty:
            del options[link.tail, link.head]


def _with_margins(chosen: Sequence[Link], options: Mapping[tuple[int, int], Link]) -> list[Link]:
    tails: dict[int, list[Link]] = {}
    heads: dict[int, list[Link]] = {}
    for link in options.values():
        tails.setdefault(link.tail, []).append(link)
        heads.setdefault(link.head, []).append(link)
    found = []
    for link in chosen:
        rivals = [other.score for other in (*tails[link.tail], *heads[link.head]) if other is not link]
        found.append(replace(link, margin=link.score - max([0.0, *rivals])))
    return found


def assign(scores: Mapping[tuple[int, int], float]) -> dict[int, int]:
    """Return the pairing of tails with heads that has the best sum; a tail may stay alone (score 0).

    Bertsekas' auction algorithm (1988): tails bid for heads; exact up to ``STEP`` per pair, quick on sparse scores.
    """
    heads: dict[int, list[tuple[int, float]]] = {}
    for (tail, head), score in sorted(scores.items()):
        heads.setdefault(tail, []).append((head, score))
    price: dict[int, float] = {}
    owner: dict[int, int] = {}
    bidders = list(reversed(heads))
    while bidders:
        tail = bidders.pop()
        values = sorted(((score - price.get(head, 0.0), head) for head, score in heads[tail]), reverse=True)
        best, head = values[0]
        if best <= 0:
            continue
        second = max(0.0, values[1][0]) if len(values) > 1 else 0.0
        if head in owner:
            bidders.append(owner[head])
        owner[head] = tail
        price[head] = price.get(head, 0.0) + best - second + STEP
    return {tail: head for head, tail in owner.items()}


def _faulty_chains(chosen: Sequence[Link], fragments: Sequence[Fragment]) -> list[list[Link]]:
    """Return the chains of links that hold more than one headline or are signed twice."""
    after = {link.tail: link for link in chosen}
    heads = {link.head for link in chosen}
    faulty = []
    for start in after.keys() - heads:
        chain: list[Link] = []
        place = start
        while place in after:
            chain.append(after[place])
            place = after[place].head
        members = [start, *(link.head for link in chain)]
        parted = {link.head for link in chain if not fragments[link.tail].is_open}
        headlines = sum(bool(fragments[number].stack) for number in members if number not in parted)
        is_named = any(fragments[number].is_named for number in members)
        is_signed_twice = is_named and fragments[members[-1]].is_signed
        if headlines > 1 or is_signed_twice:
            faulty.append(chain)
    return faulty


class _Terms:
    """What each fragment is about: the terms of its text and of its headline, and how much each term weighs."""

    def __init__(self, fragments: Sequence[Fragment]) -> None:
        self.texts = [language.terms("".join(fragment.paragraphs)) for fragment in fragments]
        self.stacks = [language.terms(" ".join(line.text for line in fragment.stack)) for fragment in fragments]
        self.weights = language.rarity(self.texts)
        self.vectors = [language.weighed(terms, self.weights) for terms in self.texts]
        self.alone = [_added(*both, 1.0) for both in zip(self.texts, self.stacks, strict=True)]
        self._known: dict[tuple[int, ...], tuple[dict[str, float], dict[str, float]]] = {}

    def gathered(self, order: Sequence[int], before: Mapping[int, int]) -> list[dict[str, float]]:
        """Return the vector of each fragment and of all before it; the further off, the less they count."""
        keys: dict[int, tuple[int, ...]] = {}
        for number in order:
            keys[number] = (number, *keys[before[number]][:REMEMBERED]) if number in before else (number,)
            if keys[number] not in self._known:
                far = self._known[keys[before[number]]][0] if number in before else {}
                counts = _added(
                    self.alone[number],
                    {term: count for term, count in far.items() if DECAY * count >= LEAST_COUNT},
                    DECAY,
                )
                self._known[keys[number]] = (counts, language.weighed(counts, self.weights))
        return [self._known[keys[number]][1] for number in range(len(self.alone))]


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


def _fixed(fragments: Sequence[Fragment], terms: _Terms, tail: int, head: int) -> dict[str, float]:
    """Return the evidence of place, form and words, which does not depend on what else is put together."""
    first, second = fragments[tail], fragments[head]
    signs = _place(fragments, tail, head) | _form(first, second)
    signs["signed twice"] = float(first.is_named and second.is_signed)
    signs["words"] = language.likeness(terms.vectors[tail], terms.vectors[head])
    if second.stack and not first.is_open:
        signs |= {"no beginning": 1.0, "headed": 0.0, "parted": 1.0}
    return signs


def _scored(
    fragments: Sequence[Fragment],
    pairs: Mapping[tuple[int, int], Mapping[str, float]],
    terms: _Terms,
    before: Mapping[int, int],
) -> Iterator[Link]:
    """Yield the links with their scores; ``before`` says which fragment stands before which in its article."""
    after = {tail: head for head, tail in before.items()}
    # Links go down the page: what stands before a fragment in its article has a lower number.
    up, down = range(len(fragments)), range(len(fragments) - 1, -1, -1)
    above, below = terms.gathered(up, before), terms.gathered(down, after)
    named = _carried([fragment.is_named for fragment in fragments], up, before)
    signed = _carried([fragment.is_signed for fragment in fragments], down, after)
    headed = _carried([bool(fragment.stack) for fragment in fragments], up, before)
    leads = _carried([fragment.is_lead for fragment in fragments], up, before)
    headlines = _headlines(terms.stacks, up, before)
    for (tail, head), fixed in pairs.items():
        first, second = fragments[tail], fragments[head]
        signs = dict(fixed)
        signs["topic"] = language.likeness(above[tail], below[head])
        signs["signed about"] = float(named[tail] and signed[head])
        signs["wants a byline"] = float(signed[head] and not named[tail])
        signs["ended and named"] = float(named[tail] and not first.is_open)
        if headlines[tail]:
            signs["headline words"] = language.coverage(headlines[tail], terms.vectors[head], terms.weights)
        if second.stack and first.is_open:
            signs["headline"] = language.coverage(terms.stacks[head], above[tail], terms.weights)
            signs["wants a headline"] = float(leads[tail] and not headed[tail])
        score = sum([WEIGHTS[name] * value for name, value in signs.items()])
        if score > THRESHOLD:
            reasons = tuple((name, WEIGHTS[name] * value) for name, value in signs.items() if value)
            yield Link(tail=tail, head=head, score=score, reasons=reasons)


def _carried(flags: Sequence[bool], order: Sequence[int], before: Mapping[int, int]) -> list[bool]:
    """Return for each fragment whether it or one before it has the flag."""
    found = list(flags)
    for number in order:
        found[number] = found[number] or (number in before and found[before[number]])
    return found


def _headlines(stacks: Sequence[Counter[str]], order: Sequence[int], before: Mapping[int, int]) -> list[Counter[str]]:
    found = list(stacks)
    for number in order:
        if number in before and not found[number]:
            found[number] = found[before[number]]
    return found


def _added(near: Mapping[str, float], far: Mapping[str, float], share: float) -> dict[str, float]:
    total = dict(near)
    for term, count in far.items():
        total[term] = total.get(term, 0.0) + share * count
    return total


def _place(fragments: Sequence[Fragment], tail: int, head: int) -> dict[str, float]:
    between = fragments[tail + 1 : head]
    return {
        "base": 1.0,
        "next": float(head == tail + 1),
        "next paragraph": float(head == tail + 1 and fragments[head].is_next),
        "far": float(min(FARTHEST, len(between))),
        "beginnings": float(min(MOST_BEGINNINGS, sum(bool(one.stack) or one.is_lead for one in between))),
    }


def _form(first: Fragment, second: Fragment) -> dict[str, float]:
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
        "begins anew": language.begins(head),
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
