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
from kg.fragments import Fragment, Stack
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
    "next": -0.18,  # stands right below ...
    "next paragraph": 1.93,  # ... and nothing between them begins or ends an article
    "far": -0.11,  # per fragment that stands between
    "beginnings": -0.32,  # headlines and leads between them
    "topic": 27.06,  # likeness in words (0 to 1) of all above the seam and all below it
    "subject": 5.18,  # likeness in subject of the same
    "only here": 0.33,  # words that just these two have of all the page
    "words": -7.02,  # likeness in words of the two fragments alone, which the three above count already
    "headline words": 0.24,  # share of the first one's headline that the second has
    "breaks off": 1.92,  # a sentence that breaks off has to go on somewhere
    "ends there": -0.43,  # no sentence breaks off, and another article begins right below
    "reads on": 0.22,  # language.reads_on across the seam
    "goes on": 0.45,  # continuation.evidence across the seam, where a sentence breaks off
    "follows": 0.30,  # the same where none does
    "doubled": 2.38,
    "brackets": 2.61,
    "begins anew": -0.04,  # the first breaks off, the second begins like a paragraph
    "no beginning": 0.40,  # a text without headline or lead has to begin somewhere
    "headed": -2.27,  # the second has a headline of its own ...
    "headline": 2.24,  # ... which has the first one's words: a headline below its lead
    "wants a headline": 0.61,  # a lead (本报讯) without one
    "late headline": -1.92,  # the same where no sentence breaks off: the next article may begin there ...
    "late headline words": 4.13,  # ... unless the headline has the words of the lead
    "strange headline": -4.76,  # the headings above the second are another article's ...
    "strange and ended": -0.90,  # ... though no sentence breaks off
    "headline elsewhere": 4.54,  # ... which has more of their words than the second
    "parted": -3.76,  # a heading stands between the two: a subhead, if at all
    "ended and named": -0.57,  # the article above said at its beginning who wrote it: it may end anywhere
    "punctuation": -100.0,  # a mark that no line begins with, after another one
    "signed twice": -7.31,  # an article that says at its beginning who wrote it does not say so at its end
    "signed about": 0.28,  # ... nor where this is said of pieces that stand with the two
    "named above": -4.0,  # a byline stands right above the second
    "signed and open": -2.00,  # a byline stands where the sentence breaks off
    "wants a byline": 0.27,  # an article that has none yet, and a piece that is signed
}
HEADLINE, SUBHEAD, STRANGE = "headline", "subhead", "strange"
Roles = dict[tuple[int, int], str]
STARTS_NOT = frozenset("，。、；：！？,;:!?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Fragment ``tail`` goes on with fragment ``head``; ``reasons`` are the pieces of evidence and their weights.

    ``margin`` is how far its score lies above that of the best other place for either of the two; ``role`` says what
    the headings right above ``head`` are: this article's HEADLINE, a SUBHEAD of it or STRANGE, another article's.
    """

    tail: int
    head: int
    score: float
    reasons: tuple[tuple[str, float], ...]
    margin: float = 0.0
    role: str = ""


def links(fragments: Sequence[Fragment]) -> list[Link]:
    """Return the links to make: at most one from and one to each fragment, and the best sum of scores.

    What an article is about is judged first by what stands together on the page, and once more by each fragment alone;
    then by what was put together, again and again.  Of the two ends the one with the greater sum is taken.
    """
    pairs = list(_pairs(fragments))
    texts = ["".join(fragment.paragraphs) for fragment in fragments]
    topics = Topics(texts, [" ".join(line.text for line in fragment.stack) for fragment in fragments], pairs)
    fixed = _fixed(fragments, topics, pairs)
    together = {number: number - 1 for number, fragment in enumerate(fragments) if fragment.is_next and number}
    is_page = len(fragments) * REACH <= PAIRS_PER_PAGE  # a text far longer has one start
    starts = (together, {}) if together and is_page else (together,)
    found = [_choice(fragments, topics, pairs, fixed, before) for before in starts]
    best = max(found, key=lambda choice: sum([choice.scores[pair] for pair in choice.chosen.items()]))
    margins = arrangement.margins(best.chosen, best.scores)
    signs_by_pair = {pair: known | signs for pair, known, signs in zip(pairs, fixed, best.gathered, strict=True)}
    return [
        Link(
            tail=tail,
            head=head,
            score=best.scores[tail, head],
            reasons=tuple((name, WEIGHTS[name] * value) for name, value in signs_by_pair[tail, head].items() if value),
            margin=margins[tail],
            role=best.roles.get((tail, head), ""),
        )
        for tail, head in best.chosen.items()
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    """Links chosen (head by tail), and what they were chosen by: scores above THRESHOLD, evidence, headings' roles."""

    chosen: dict[int, int]
    scores: dict[tuple[int, int], float]
    gathered: list[dict[str, float]]
    roles: Roles


def _choice(
    fragments: Sequence[Fragment],
    topics: Topics,
    pairs: Sequence[tuple[int, int]],
    fixed: Sequence[Mapping[str, float]],
    before: Mapping[int, int],
) -> _Choice:
    """Choose links, ROUNDS times at most; ``before`` is what stands together at first."""
    sums = [_sum(signs) for signs in fixed]
    for _ in range(ROUNDS):
        gathered, roles = _gathered(fragments, topics, pairs, before)
        scores = {
            pair: score
            for pair, known, signs in zip(pairs, sums, gathered, strict=True)
            if (score := known + _sum(signs)) > THRESHOLD
        }
        chosen = arrangement.choose(scores, partial(_is_faulty, fragments=fragments, roles=roles))
        found = {head: tail for tail, head in chosen.items()}
        if found == before:
            break
        before = found
    return _Choice(chosen=chosen, scores=scores, gathered=gathered, roles=roles)


def _sum(signs: Mapping[str, float]) -> float:
    return sum([WEIGHTS[name] * value for name, value in signs.items()])


def _is_faulty(members: Sequence[int], fragments: Sequence[Fragment], roles: Roles) -> bool:
    """Tell whether a chain of fragments has more than one headline, or is signed at both ends."""
    headlines = bool(fragments[members[0]].stack) + sum([roles.get(pair) == HEADLINE for pair in pairwise(members)])
    is_named = any(fragments[number].is_named for number in members)
    return headlines > 1 or (is_named and fragments[members[-1]].is_signed)


def _may_part(stack: Stack) -> bool:
    """Tell whether a stack of headings may be an article's subhead."""
    return len(stack) == 1 and not headings.DASH.match(stack[0].text)


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
        signs["named above"] = float(second.is_named and not second.stack)
        signs["signed and open"] = float(first.is_parted)
        signs["ends there"] = float(not first.is_open and is_beginning[tail + 1])
        found.append(signs)
    return found


def _gathered(
    fragments: Sequence[Fragment], topics: Topics, pairs: Sequence[tuple[int, int]], before: Mapping[int, int]
) -> tuple[list[dict[str, float]], Roles]:
    """Return the evidence of what stands together; ``before`` says which fragment stands before which in its article.

    Also return what the headings above a fragment are if it goes on with another one.  Links go down the page: what
    stands before a fragment in its article has a lower number.
    """
    after = {tail: head for head, tail in before.items()}
    up, down = range(len(fragments)), range(len(fragments) - 1, -1, -1)
    above, below = topics.gathered(up, before), topics.gathered(down, after)
    named = _carried([fragment.is_named for fragment in fragments], up, before)
    signed = _carried([fragment.is_signed for fragment in fragments], down, after)
    headed = _carried([bool(fragment.stack) for fragment in fragments], up, before)
    leads = _carried([fragment.is_lead for fragment in fragments], up, before)
    in_text = topics.headline_in_text(_headlines(fragments, up, before))
    headline_of, own = topics.headline_of(above), topics.own_headline()
    elsewhere = [0.0] * len(fragments)
    for (tail, head), covered in zip(pairs, headline_of, strict=True):
        if not headed[tail]:
            elsewhere[head] = max(elsewhere[head], covered)
    found: list[dict[str, float]] = []
    roles: Roles = {}
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
        if second.stack:
            wants = leads[tail] and not headed[tail]
            options = dict(
                _options(
                    first, second, covered, max(0.0, elsewhere[head] - own[head]), wants=wants, is_headed=headed[tail]
                )
            )
            role = max(options, key=lambda role: _sum(options[role]))
            roles[tail, head] = role
            signs |= options[role]
        found.append(signs)
    return found, roles


def _options(
    first: Fragment, second: Fragment, covered: float, elsewhere: float, *, wants: bool, is_headed: bool
) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield what the headings above the second fragment may be, and the evidence that they are.

    ``covered`` and ``elsewhere``: how much of their words the article above has, and how much more than the text below
    them another one has that wants a headline; ``wants``: the article above is a lead without headline.
    """
    yield (
        STRANGE,
        {
            "no beginning": 1.0,
            "strange headline": 1.0,
            "headline elsewhere": elsewhere,
            "strange and ended": float(not first.is_open),
        },
    )
    if first.is_open and not is_headed:
        yield HEADLINE, {"headed": 1.0, "headline": covered, "wants a headline": float(wants)}
    elif wants:
        yield HEADLINE, {"headed": 1.0, "late headline": 1.0, "late headline words": covered}
    if not first.is_open and _may_part(second.stack):
        yield SUBHEAD, {"no beginning": 1.0, "parted": 1.0}


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
        "no beginning": float(not second.stack and not second.is_named),
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
