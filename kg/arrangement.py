"""Which of the possible links are made together: at most one from and one to each piece, no faulty chain, best sum.

In: links with their scores, all above 0, and a test of chains; out: the links chosen, head by tail.
"""

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count, pairwise

Pair = tuple[int, int]
Scores = Mapping[Pair, float]
Test = Callable[[Sequence[int]], bool]

STEP = 0.001  # of a bid: far below any difference of evidence
MOST_TRIED = 10_000  # links of pairings looked at: a text far longer than a page stays quick


def choose(scores: Scores, is_faulty: Test) -> dict[int, int]:
    """Return the links with the best sum that make no chain for which ``is_faulty(members)`` holds.

    Branch and bound (Land and Doig 1960): the best pairing of all is taken unless a chain of it is faulty; then one of
    that chain's links has to go, and the pairings without each are looked at in turn, the best sum first.  On a page of
    very many such chains each loses its weakest link instead.
    """
    tried = count()
    waiting = [(0.0, next(tried), frozenset[Pair](), assign(scores))]
    while True:
        _, number, gone, chosen = heapq.heappop(waiting)
        chains = list(_faulty(chosen, is_faulty))
        if not chains:
            return chosen
        if number * len(scores) < MOST_TRIED:
            options = [frozenset([link]) for link in min(chains, key=len)]
        else:
            options = [frozenset(min(chain, key=lambda link: (scores[link], link)) for chain in chains)]
            waiting.clear()
        for option in options:
            left_out = gone | option
            found = assign({pair: score for pair, score in scores.items() if pair not in left_out})
            best = sum([scores[pair] for pair in found.items()])
            heapq.heappush(waiting, (-best, next(tried), left_out, found))


def _faulty(chosen: Mapping[int, int], is_faulty: Test) -> Iterator[list[Pair]]:
    """Yield the links of each faulty chain."""
    return (list(pairwise(members)) for members in chains(chosen) if is_faulty(members))


def chains(chosen: Mapping[int, int]) -> Iterator[list[int]]:
    """Yield the members of each chain in order; links that lead round in a ring have no start and are none."""
    for start in chosen.keys() - set(chosen.values()):
        members = [start]
        while members[-1] in chosen:
            members.append(chosen[members[-1]])
        yield members


def margins(chosen: Mapping[int, int], scores: Scores) -> dict[int, float]:
    """Return how far each chosen link's score, by its tail, lies above the best other one of its tail or its head."""
    tails: dict[int, list[Pair]] = {}
    heads: dict[int, list[Pair]] = {}
    for tail, head in scores:
        tails.setdefault(tail, []).append((tail, head))
        heads.setdefault(head, []).append((tail, head))
    found = {}
    for link in chosen.items():
        rivals = [scores[other] for other in (*tails[link[0]], *heads[link[1]]) if other != link]
        found[link[0]] = scores[link] - max([0.0, *rivals])
    return found


def assign(scores: Scores) -> dict[int, int]:
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
