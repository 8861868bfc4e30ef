"""Which fragments of a page belong to one article, in which order: chains, by evidence that is added up.

A fragment that breaks off wants one that reads on; a fragment without a headline or a lead wants one before it.  Each
possible link gets a score from named pieces of evidence; links are taken best first, none twice, and an article never
has two headlines, two leads, or anything after its byline.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg import language
from kg.fragments import Fragment
from kg.lines import PAIRS

REACH = 40  # fragments looked at on either side
PAIRS_PER_PAGE = 20_000  # of a text far longer than a page only neighbours are looked at: it stays linear
LEAST_REACH = 3
THRESHOLD = 0.0
STEP = 0.001  # of a bid: far below any difference of evidence
WANTS_END = 2.5  # a sentence that breaks off has to go on somewhere
WANTS_START = 2.5  # a text without headline or lead has to begin somewhere
READS_ON = 0.5  # times language.reads_on
NEUTRAL = 1.5
TOPIC = 20.0  # times the likeness of the two fragments (0 to 1)
NEXT = 1.0
NEXT_PARAGRAPH = 1.5
FAR = -0.15  # per fragment that stands between ...
FARTHEST = -1.2  # ... but no more than this
BACKWARD = -6.0
HEADED = -2.0  # the later piece has a headline of its own ...
HEADLINE = 6.0  # ... unless it covers the earlier one's terms: a headline below its lead
WANTS_HEADLINE = 1.5  # a lead (本报讯) without a headline
BRACKET = 4.0
DOUBLED = 2.0
# A character printed twice is repaired unless twice reads this much better: keeps 人人, 天天; of 1,810 characters
# doubled at random 99 % are repaired, of 524 that stand twice in real text 41 % are kept.
TWICE = -3.0
TWICE_WORD = -6.0  # where both together are a common word: 人人, 天天
COMMON = 500
WINDOW = 6
IMPOSSIBLE = -100.0
STARTS_NOT = frozenset("，。、；：！？,;:!?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Fragment ``tail`` goes on with fragment ``head``; ``reasons`` are the pieces of evidence and their weights."""

    tail: int
    head: int
    score: float
    reasons: tuple[tuple[str, float], ...]


def doubled(tail: str, head: str) -> int:
    """Return how many characters are printed twice at a seam: 万亿元 + 元，占 gives 1, 人 + 人有责 gives 0."""
    for size in (4, 3, 2):
        if tail[-size:] == head[:size] and not head[:size].isdigit():
            return size
    if not tail or not head or tail[-1] != head[0] or tail[-1].isdigit():
        return 0
    if tail[-1] in PAIRS or tail[-1] in PAIRS.values() or tail[-1] in "—…":
        return 0
    once, twice = tail[-WINDOW:] + head[1:WINDOW], tail[-WINDOW:] + head[:WINDOW]
    limit = TWICE_WORD if language.count(tail[-1] * 2) >= COMMON else TWICE
    return 1 if language.log_probability(twice) - language.log_probability(once) < limit else 0


def join(tail: str, head: str) -> str:
    """Join two pieces of one sentence; doubled characters and a hyphen within a Latin word are repaired."""
    if len(tail) > 1 and tail[-1] == "-" and tail[-2].isascii() and tail[-2].isalpha() and head[:1].islower():
        return tail[:-1] + head
    return tail + head[doubled(tail, head) :]


def links(fragments: Sequence[Fragment]) -> list[Link]:
    """Return the links to make: at most one from and one to each fragment, and the best sum of scores.

    A chain that came out with two headlines or as a ring loses its weakest link, and all are chosen again without it.
    """
    options = {(link.tail, link.head): link for link in _candidates(fragments) if link.score > THRESHOLD}
    while True:
        chosen = [options[pair] for pair in assign({pair: link.score for pair, link in options.items()}).items()]
        faulty = [min(chain, key=lambda link: (link.score, link.tail)) for chain in _faulty_chains(chosen, fragments)]
        if not faulty:
            return chosen
        for link in faulty:
            del options[link.tail, link.head]


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
    """Return the chains of links that are rings or hold more than one headline."""
    after = {link.tail: link for link in chosen}
    starts = [link.tail for link in chosen if link.tail not in {other.head for other in chosen}]
    faulty, walked = [], set()
    for start in [*starts, *after]:
        chain: list[Link] = []
        place = start
        while place in after and place not in walked:
            walked.add(place)
            chain.append(after[place])
            place = after[place].head
        headlines = sum(bool(fragments[number].stack) for number in {start, *(link.head for link in chain)})
        if chain and (headlines > 1 or place == start):
            faulty.append(chain)
    return faulty


def _candidates(fragments: Sequence[Fragment]) -> list[Link]:
    wants: list[bool] = []
    for fragment in fragments:
        wants.append(wants[-1] if fragment.is_next and wants else fragment.is_lead and not fragment.stack)
    weights = language.rarity([language.terms("".join(fragment.paragraphs)) for fragment in fragments])
    contexts = _contexts(fragments)
    above, below = ([language.weighed(terms, weights) for terms in side] for side in contexts)
    found = []
    reach = max(LEAST_REACH, min(REACH, PAIRS_PER_PAGE // max(1, len(fragments))))
    for tail, first in enumerate(fragments):
        if first.is_closed or first.is_photo:
            continue
        for head in range(max(0, tail - reach), min(len(fragments), tail + reach + 1)):
            second = fragments[head]
            if head == tail or second.is_lead or second.is_photo or (second.stack and not first.is_open):
                continue
            if (second.stack and first.stack) or (head < tail and (second.is_next or second.stack)):
                continue
            if head < tail and all(between.is_next for between in fragments[head + 1 : tail + 1]):
                continue
            reasons = [("topic", TOPIC * language.likeness(above[tail], below[head]))]
            reasons += _evidence(first, second, head - tail)
            if second.stack:
                headline = language.terms(" ".join(text for _, text in second.stack))
                reasons.append(("headline", HEADED + HEADLINE * language.coverage(headline, above[tail], weights)))
                reasons.append(("wants a headline", WANTS_HEADLINE if wants[tail] else 0.0))
            found.append(Link(tail=tail, head=head, score=sum(w for _, w in reasons), reasons=tuple(reasons)))
    return found


def _contexts(fragments: Sequence[Fragment]) -> tuple[list[Counter[str]], list[Counter[str]]]:
    """Return the terms of all that stands with each fragment above its end, and below its beginning."""
    terms = [language.terms("".join([*(text for _, text in one.stack), *one.paragraphs])) for one in fragments]
    above: list[Counter[str]] = []
    for number, fragment in enumerate(fragments):
        above.append(above[-1] + terms[number] if fragment.is_next and number else terms[number])
    below = list(terms)
    for number in range(len(fragments) - 2, -1, -1):
        if fragments[number + 1].is_next:
            below[number] = terms[number] + below[number + 1]
    return above, below


def _evidence(first: Fragment, second: Fragment, distance: int) -> list[tuple[str, float]]:
    """Return the evidence of form and place for or against ``second`` going on where ``first`` ends."""
    reasons = [("place", NEXT if distance == 1 else BACKWARD if distance < 0 else max(FARTHEST, FAR * distance))]
    if second.is_next and distance == 1:
        reasons.append(("next paragraph", NEXT_PARAGRAPH))
    if first.is_open:
        reasons.append(("breaks off", WANTS_END))
        reasons += _seam(first.paragraphs[-1], second.paragraphs[0])
    if not second.stack:
        reasons.append(("no beginning", WANTS_START))
    return reasons


def _seam(tail: str, head: str) -> list[tuple[str, float]]:
    reasons = [("reads on", READS_ON * (language.reads_on(tail, head[doubled(tail, head) :] or head) - NEUTRAL))]
    if head[0] in STARTS_NOT and tail[-1] in STARTS_NOT:
        reasons.append(("punctuation", IMPOSSIBLE))
    if doubled(tail, head):
        reasons.append(("doubled", DOUBLED))
    reasons.append(("brackets", BRACKET * _brackets(tail, head)))
    return reasons


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
