"""Candidates with their scores -> what the other pairs of the article say for or against each of them.

Of two bodies that might have held one event mostly one has, all who are listed together attend, and who organises
something is rarely also its guest: numbers that classifier.py weighs after the score itself.  Knows no relation type.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kg.candidates import APART, FAR, SAME, Candidate
from kg.clauses import Clause

LOWEST = -8.0  # a score below this is one of this; also that of a pair that does not exist
LISTED = re.compile("[、和与及，]|以及")
PERSON = "Person"
BODIES = ("Organisation", "Place")
POST = re.compile("[、，][^。；：]{0,38}")  # 、市卫健委主任

Numbers = NDArray[np.float32]
Key = tuple[str, str, str]  # type, head, tail


def width(types: Sequence[str]) -> int:
    """Return how many numbers ``measures`` gives of each candidate."""
    return 19 + len(types)


def measures(found: Sequence[Candidate], scores: Sequence[float], types: Sequence[str]) -> Numbers:
    """Return a row of numbers for each candidate of an article; ``scores`` are theirs, 0 where yes is as likely as no.

    In a row: the score, how the pair is seen, the best two rivals that share the head and those that share the tail and
    how many of them are likely, the scores of the pair under each of ``types``, of the pair turned round, and of those
    who stand in a list with the head or with the tail.
    """
    score_by_key: dict[Key, float] = {
        _key(candidate): max(LOWEST, score) for candidate, score in zip(found, scores, strict=True)
    }
    by_head: dict[tuple[str, str], list[tuple[float, str]]] = defaultdict(list)
    by_tail: dict[tuple[str, str], list[tuple[float, str]]] = defaultdict(list)
    for (type_, head, tail), score in score_by_key.items():
        by_head[type_, head].append((score, tail))
        by_tail[type_, tail].append((score, head))
    for ranked in (*by_head.values(), *by_tail.values()):
        ranked.sort(reverse=True)
    listed = _listed({candidate.clause.start: candidate.clause for candidate in found}.values())
    rows = np.full((len(found), width(types)), LOWEST, dtype=np.float32)
    for row, candidate in zip(rows, found, strict=True):
        type_, head, tail = _key(candidate)
        tails = [score for score, id_ in by_head[type_, head] if id_ != tail]
        heads = [score for score, id_ in by_tail[type_, tail] if id_ != head]
        beside_head = _known(score_by_key, [(type_, other, tail) for other in listed.get(head, ())])
        beside_tail = _known(score_by_key, [(type_, head, other) for other in listed.get(tail, ())])
        row[:19] = (
            score_by_key[type_, head, tail],
            candidate.is_read,
            *(candidate.way == way for way in (SAME, APART, FAR)),
            *_best_two(tails),
            *_best_two(heads),
            *(math.log1p(sum(score > 0 for score in rivals)) for rivals in (tails, heads)),
            *(math.log1p(len(rivals)) for rivals in (tails, heads)),
            score_by_key.get((type_, tail, head), LOWEST),
            max(_known(score_by_key, [(other, tail, head) for other in types]), default=LOWEST),
            *(value for near in (beside_head, beside_tail) for value in _best_and_mean(near)),
        )
        row[19:] = [LOWEST if other == type_ else score_by_key.get((other, head, tail), LOWEST) for other in types]
    return rows


def _key(candidate: Candidate) -> Key:
    return candidate.type, candidate.head_id, candidate.tail_id


def _known(score_by_key: Mapping[Key, float], keys: Iterable[Key]) -> list[float]:
    return [score_by_key[key] for key in keys if key in score_by_key]


def _best_two(ranked: Sequence[float]) -> list[float]:
    return [*ranked[:2], LOWEST, LOWEST][:2]


def _best_and_mean(scores: Sequence[float]) -> tuple[float, float]:
    return (max(scores), sum(scores) / len(scores)) if scores else (LOWEST, LOWEST)


def _listed(clauses: Iterable[Clause]) -> dict[str, set[str]]:
    """Return who stands beside whom in a list, by id.

    Names of one type with nothing but a mark or 和 between them; persons also with the next one's post.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for clause in clauses:
        slots = [(position, slot.entity) for position, slot in enumerate(clause.slots) if slot]
        neighbours = [
            pair
            for pair in pairwise(slots)
            if pair[0][1].type == pair[1][1].type and LISTED.fullmatch(clause.text[pair[0][0] + 1 : pair[1][0]])
        ]
        persons = [(index, position, entity) for index, (position, entity) in enumerate(slots) if entity.type == PERSON]
        for (first, low, one), (last, high, other) in pairwise(persons):
            is_post = all(entity.type in BODIES for _, entity in slots[first + 1 : last])
            if is_post and POST.fullmatch(clause.text, low + 1, high):
                neighbours.append(((low, one), (high, other)))
        for (_, one), (_, other) in neighbours:
            if one.id != other.id:
                found[one.id].add(other.id)
                found[other.id].add(one.id)
    return found
