"""Mentions of an article -> what network.py looks at, and its scores -> hints.  No torch, no file.

The article becomes a row of tokens: each mention is one, the text between them is cut into short pieces.  Pairs are of
mentions: of two names the nearest pair everywhere, one more where it is near.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kg.records import Hint, Mention
from kg.schema import Schema

FILE = "relations.npz"  # in the model's folder
UNHINTED = -3.0  # log-odds of a pair without a hint
LEAST = -2.9  # a score below it is no hint

PIECE = re.compile(r"[^，。；：！？、\n]{0,4}[，。；：！？、\n]|[^，。；：！？、\n]{1,5}")
SENTENCE_END = re.compile(r"[。！？；\n]")
NEAR = 100  # characters within which two names may be two pairs
EACH = 2
MOST = 8192  # pairs of an article: a page of names in a list has a hundred times as many, and too much to hold

# Upper ends of the classes of a count; what is higher has one more class.
CHARACTERS = np.array([0, 1, 2, 4, 7, 12, 20, 35, 60, 100, 200, 400])
SENTENCES = np.array([0, 1, 2, 4, 8])
NAMES = np.array([0, 1, 2, 4, 8, 16])
TIMES = np.array([1, 2, 4])
OVERLAPS = 6
# How many values each class of a mention and of a pair can have.
OF_MENTION = (2, 2, len(TIMES) + 1)
OF_PAIR = (2 * (len(CHARACTERS) + 1), len(SENTENCES) + 1, len(NAMES) + 1, OVERLAPS)

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Types:
    """The types that a network was taught; ``allowed[head, tail, relation]`` is the schema's word, by their numbers."""

    entities: tuple[str, ...]
    relations: tuple[str, ...]
    allowed: NDArray[np.bool_]

    @classmethod
    def of(cls, schema: Schema) -> "Types":
        """Return the types of ``schema``."""
        return cls(
            entities=tuple(schema.entities),
            relations=tuple(schema.relations),
            allowed=np.array(
                [
                    [[schema.allows(type_, head, tail) for type_ in schema.relations] for tail in schema.entities]
                    for head in schema.entities
                ]
            ),
        )


@dataclass(frozen=True, kw_only=True)
class View:
    """An article as the network sees it; all arrays hold whole numbers.

    ``spans``: tokens x (start, end), characters.  ``places``: the token of each mention; ``types``: the number of its
    type; ``classes``: mentions x len(OF_MENTION).  ``pairs``: pairs x (head, tail), numbers of mentions, and
    ``relations``: pairs x len(OF_PAIR); ``allowed``: pairs x relation types.
    """

    mentions: Sequence[Mention]
    spans: Numbers
    places: Numbers
    types: Numbers
    classes: Numbers
    pairs: Numbers
    relations: Numbers
    allowed: NDArray[np.bool_]

    @cached_property
    def between(self) -> Numbers:
        """Pairs x (start, end): the tokens that stand between the two mentions."""
        places = np.sort(self.places[self.pairs], axis=1)
        return np.stack([places[:, 0] + 1, places[:, 1]], axis=1)


def view(text: str, mentions: Sequence[Mention], types: Types) -> View:
    """Return what there is to see of ``mentions``, which do not overlap, in ``text``."""
    known = [mention for mention in mentions if mention.type in types.entities]
    known.sort(key=lambda mention: mention.start)
    spans, places = _tokens(text, known)
    kinds = np.array([types.entities.index(mention.type) for mention in known], dtype=np.int64)
    title = text.find("\n")
    keys = [(mention.type, mention.text) for mention in known]
    numbers = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    names = np.array([numbers[key] for key in keys], dtype=np.int64)
    _, first, times = np.unique(names, return_index=True, return_counts=True)
    edges = np.array([(mention.start, mention.end) for mention in known], dtype=np.int64).reshape(-1, 2)
    classes = [edges[:, 1] <= title, np.arange(len(known)) == first[names], np.searchsorted(TIMES, times[names])]
    is_pair: NDArray[np.bool_] = np.any(types.allowed, axis=2)[kinds[:, None], kinds[None, :]]
    pairs = _pairs(edges, names, is_pair)
    return View(
        mentions=known,
        spans=spans,
        places=places,
        types=kinds,
        classes=np.stack(classes, axis=1).astype(np.int64),
        pairs=pairs,
        relations=_relations(text, edges, names, [name for _, name in numbers], pairs),
        allowed=types.allowed[kinds[pairs[:, 0]], kinds[pairs[:, 1]]],
    )


def hints(seen: View, scores: NDArray[np.float32], types: Types) -> tuple[Hint, ...]:
    """Return what ``scores`` (pairs x relation types, log-odds) say with more than next to nothing."""
    pairs, relations = np.nonzero((scores > LEAST) & seen.allowed)
    return tuple(
        Hint(
            type=types.relations[relation],
            head=seen.mentions[seen.pairs[pair, 0]].start,
            tail=seen.mentions[seen.pairs[pair, 1]].start,
            score=round(float(scores[pair, relation]), 2),
        )
        for pair, relation in zip(pairs.tolist(), relations.tolist(), strict=True)
    )


def _tokens(text: str, mentions: Sequence[Mention]) -> tuple[Numbers, Numbers]:
    """Return the spans of the tokens, and which of them are the mentions."""
    spans: list[tuple[int, int]] = []
    places = []
    edges = [0, *(edge for mention in mentions for edge in (mention.start, mention.end)), len(text)]
    for number, (start, end) in enumerate(pairwise(edges)):
        if number % 2:
            places.append(len(spans))
            spans.append((start, end))
        else:
            spans.extend(piece.span() for piece in PIECE.finditer(text, start, end))
    return np.array(spans, dtype=np.int64).reshape(-1, 2), np.array(places, dtype=np.int64)


def _pairs(edges: Numbers, names: Numbers, is_allowed: NDArray[np.bool_]) -> Numbers:
    """Return the ordered pairs to look at, those of two names next to each other in rank of nearness."""
    if not len(edges):
        return np.zeros((0, 2), dtype=np.int64)
    starts, ends = edges.T
    gaps = np.maximum(starts[:, None], starts[None, :]) - np.minimum(ends[:, None], ends[None, :])
    heads, tails = np.nonzero(is_allowed & (names[:, None] != names[None, :]))
    gap, both = gaps[heads, tails], names[heads] * len(edges) + names[tails]
    order = np.lexsort((tails, heads, gap, both))
    begins = np.flatnonzero(np.diff(both[order], prepend=-1))
    rank = np.arange(len(order)) - np.repeat(begins, np.diff(begins, append=len(order)))
    kept = order[(rank == 0) | ((rank < EACH) & (gap[order] <= NEAR))]
    if len(kept) > MOST:
        kept = np.sort(kept[np.argsort(gap[kept], kind="stable")[:MOST]])
    return np.stack([heads[kept], tails[kept]], axis=1)


def _relations(text: str, edges: Numbers, names: Numbers, surfaces: Sequence[str], pairs: Numbers) -> Numbers:
    """Return for each pair its classes of distance in characters and direction, sentences, names, and of overlap."""
    if not len(pairs):
        return np.zeros((0, len(OF_PAIR)), dtype=np.int64)
    starts, ends = edges.T
    stops = np.array([match.start() for match in SENTENCE_END.finditer(text)])
    sentence = np.searchsorted(stops, starts)
    head, tail = pairs.T
    bare = [surface.strip("“”《》") for surface in surfaces]

    @cache
    def overlap(one: int, other: int) -> int:
        return _overlap(bare[one], bare[other])

    gap = np.maximum(np.maximum(starts[head], starts[tail]) - np.minimum(ends[head], ends[tail]), 0)
    return np.stack(
        [
            2 * np.searchsorted(CHARACTERS, gap) + (head < tail),
            np.searchsorted(SENTENCES, abs(sentence[head] - sentence[tail])),
            np.searchsorted(NAMES, abs(head - tail) - 1),
            [overlap(one, other) for one, other in zip(names[head].tolist(), names[tail].tolist(), strict=True)],
        ],
        axis=1,
    )


def _overlap(head: str, tail: str) -> int:
    """Return the class of what the letters of two names have in common."""
    if head.startswith(tail):
        return 1
    if tail.startswith(head):
        return 2
    if tail in head:
        return 3
    if head in tail:
        return 4
    return 5 if head[:2] == tail[:2] else 0
