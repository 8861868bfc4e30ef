"""What the pieces of a page are about: which share rare words, which are of one subject.  Evidence for stitching.

In: texts and the pairs of them that come into question; out: a number for each pair.  Words are pairs of neighbouring
characters, as in language.terms.  Their subjects come from data/topics.npz, made by scripts/topics.py from transcripts
of a national news programme (github DuckBurnIncense/xin-wen-lian-bo, MIT) and this project's invented articles: a
vector for each of the commoner characters and pairs, learnt so that two pieces of one article are alike and those of
different articles are not, as 车次 and 铁路 are though they share no character.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kg import language
from kg.traditional import fold

DECAY = 0.5  # of what stands one fragment further up or down an article
LEAST_COUNT = 0.05  # of a term from far off: anything less is forgotten, so that long texts stay linear
CELLS = 4_000_000  # of a matrix: in a text far longer than a page, terms share columns
LEVELS = 9  # fragments up or down an article, after which a term that stands there ten times is forgotten
BLOCK = 2048  # pairs multiplied at a time
UNITS = 0x10000  # UTF-16: a rare character is two of them
END = "。"

Matrix = NDArray[np.float32]
Codes = NDArray[np.int64]
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What each text and those before it in its article are about, one row each: words, words at all, subjects."""

    words: Matrix
    has: Matrix
    subjects: Matrix


class Topics:
    """The words and subjects of a page's texts and of the headlines above them.

    ``pairs`` are the places (tail, head) that are asked about; every answer is a number for each of them.  Only words
    that two texts or headlines share have a column; all others only make the vectors longer.
    """

    def __init__(self, texts: Sequence[str], stacks: Sequence[str], pairs: Sequence[tuple[int, int]]) -> None:
        self._pairs = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
        owners, terms, counts, codes = _entries([*texts, *stacks], _pairs)
        size, is_text, places = len(texts), owners < len(texts), owners % max(1, len(texts))
        weights = _rarity(np.bincount(terms[is_text], minlength=len(codes)), size, codes)[terms]
        held = places * max(1, len(codes)) + terms
        is_shared = np.bincount(np.unique(held) % max(1, len(codes)), minlength=len(codes))[terms] > 1
        columns, width = _numbered(terms, is_shared, size)
        self._rarity = np.zeros(width, dtype=np.float32)
        np.maximum.at(self._rarity, columns[is_shared], weights[is_shared])
        self._counts = _table(size, width, places, columns, counts * (is_shared & is_text))
        self._alone = self._counts + _table(size, width, places, columns, counts * (is_shared & ~is_text))
        self._has = (self._counts > 0).astype(np.float32)
        whole = np.bincount(places, weights * ~is_text, minlength=size)[:, None]
        stacked = _table(size, width, places, columns, weights * (is_shared & ~is_text))
        self._stacks = np.divide(stacked, whole, out=np.zeros_like(stacked), where=whole > 0)
        own = is_text & ~is_shared
        self._text_length = _squares(places[own], counts[own], weights[own], size)
        keys, first, entries = np.unique(held[~is_shared], return_index=True, return_inverse=True)
        sums: Numbers = np.bincount(entries, counts[~is_shared], minlength=len(keys)).astype(np.float64)
        rarities, rows = weights[~is_shared][first], keys // max(1, len(codes))
        self._own_lengths = [_squares(rows, sums * DECAY**level, rarities, size).tolist() for level in range(LEVELS)]
        self._bags = np.zeros((size, _learnt()[1].shape[1]), dtype=np.float32)
        _add_subjects(self._bags, places[is_text], codes[terms[is_text]], counts[is_text])
        owners, terms, counts, codes = _entries(texts, _characters)
        _add_subjects(self._bags, owners, codes[terms], counts)

    def words(self) -> list[float]:
        """Return how much of their rarer words the two texts share, from 0 to 1."""
        rows = _unit(np.log1p(self._counts) * self._rarity, self._text_length)
        return self._products(rows, rows)

    def only_here(self) -> list[float]:
        """Return how many words the two texts have that no other text of the page has, damped (log of 1 + number)."""
        rows = self._has * (self._has.sum(axis=0) == 2)
        return [math.log1p(number) for number in self._products(rows, rows)]

    def headline_in_text(self, headlines: Sequence[int]) -> list[float]:
        """Return the share of the tail's headline that the head has; ``headlines``: whose stack is each text's."""
        return self._products(self._stacks[np.array(headlines, dtype=np.int64)], self._has)

    def own_headline(self) -> list[float]:
        """Return the share of the headline right above it that each text has."""
        found: list[float] = np.einsum("ij,ij->i", self._has, self._stacks).tolist()
        return found

    def headline_of(self, above: Gathered) -> list[float]:
        """Return the share of the head's headline that the tail and all above it have."""
        return self._products(above.has, self._stacks)

    def likeness(self, above: Gathered, below: Gathered) -> tuple[list[float], list[float]]:
        """Return how alike all above the seam and all below it are, in words and in subject."""
        return self._products(above.words, below.words), self._products(above.subjects, below.subjects)

    def gathered(self, order: Sequence[int], before: Mapping[int, int]) -> Gathered:
        """Return what each text and all before it are about; the further off, the less they count."""
        counts, bags = self._alone.copy(), self._bags.copy()
        lengths = np.array(self._own_lengths[0])
        for number in order:
            if number in before:
                far = DECAY * counts[before[number]]
                counts[number] += np.where(far < LEAST_COUNT, 0, far)
                bags[number] += DECAY * bags[before[number]]
            place = number
            for level in range(1, LEVELS):
                if place not in before:
                    break
                place = before[place]
                lengths[number] += self._own_lengths[level][place]
        words = _unit(np.log1p(counts) * self._rarity, lengths)
        return Gathered(words=words, has=(counts > 0).astype(np.float32), subjects=_unit(bags))

    def _products(self, first: Matrix, second: Matrix) -> list[float]:
        # einsum, not matmul: that wakes a thread for each core, which takes longer than the product itself.
        tails, heads = self._pairs
        found: list[float] = []
        for start in range(0, len(tails), BLOCK):
            part = slice(start, start + BLOCK)
            found += np.einsum("ij,ij->i", first[tails[part]], second[heads[part]]).tolist()
        return found


def _entries(
    texts: Sequence[str], read: Callable[[Sequence[str]], tuple[Codes, Codes]]
) -> tuple[Codes, Codes, Numbers, Codes]:
    """Return whose text, which term and how often, for each term of each text; and the terms' characters.

    ``read`` says what is a term: ``_pairs`` or ``_characters``.
    """
    owners, codes = read(texts)
    terms, places = np.unique(codes, return_inverse=True)
    found, counts = np.unique(owners * max(1, len(terms)) + places, return_counts=True)
    return found // max(1, len(terms)), found % max(1, len(terms)), counts.astype(np.float64), terms


def _numbered(terms: Codes, is_shared: NDArray[np.bool_], size: int) -> tuple[Codes, int]:
    """Return the column of each entry, and how many columns there are."""
    shared = np.unique(terms[is_shared])
    width = max(1, min(len(shared), CELLS // max(1, size)))
    return np.searchsorted(shared, terms) % width, width


def _table(size: int, width: int, rows: Codes, columns: Codes, values: Numbers) -> Matrix:
    cells = np.bincount(rows * width + columns, values, minlength=size * width)
    return cells.reshape(size, width).astype(np.float32)


def _squares(places: Codes, counts: Numbers, weights: Numbers, size: int) -> Numbers:
    """Return for each text the sum of the squares that terms of its own add to its vector's length."""
    values = np.log1p(np.where(counts < LEAST_COUNT, 0, counts)) * weights
    return np.bincount(places, values * values, minlength=size).astype(np.float64)


def _units(texts: Sequence[str]) -> tuple[Codes, Codes]:
    """Return the characters of all texts, one after the other: whose text they stand in, and the character."""
    encoded = [(text + END).encode("utf-16-le", "surrogatepass") for text in texts]
    units = np.frombuffer(b"".join(encoded), dtype=np.uint16).astype(np.int64)
    return np.repeat(np.arange(len(texts)), [len(one) // 2 for one in encoded]), units


def _pairs(texts: Sequence[str]) -> tuple[Codes, Codes]:
    """Return all pairs of neighbouring characters without punctuation: whose text they stand in, and the pair."""
    owners, units = _units(texts)
    is_word = _word_units()[units]
    both = is_word[:-1] & is_word[1:]
    return owners[:-1][both], (units[:-1] << 16 | units[1:])[both]


def _characters(texts: Sequence[str]) -> tuple[Codes, Codes]:
    """Return all characters that are no punctuation: whose text they stand in, and the character."""
    owners, units = _units(texts)
    is_word = _word_units()[units]
    return owners[is_word], units[is_word]


@cache
def _word_units() -> NDArray[np.bool_]:
    found = np.ones(UNITS, dtype=np.bool_)
    found[[ord(mark) for mark in language.PUNCTUATION]] = False
    return found


@lru_cache(maxsize=262144)
def _surprise(code: int) -> float:
    return language.surprise(chr(code >> 16) + chr(code & 0xFFFF))


def _rarity(spread: Codes, size: int, codes: Codes) -> Numbers:
    """Weigh each term as language.rarity does, by how many texts have it; one that only headlines have counts 1."""
    surprise = np.array([_surprise(code) for code in codes.tolist()])
    return np.where(spread > 0, np.log((1 + size) / np.maximum(spread, 1)) * surprise, 1.0)


def _unit(rows: Matrix, more: Numbers | float = 0.0) -> Matrix:
    """Return the rows, each as a vector of length 1; ``more`` is added to the squares of their lengths."""
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows) + more)
    return (rows / np.where(lengths > 0, lengths, 1.0)[:, None]).astype(np.float32)


@cache
def _learnt() -> tuple[Codes, Matrix, Codes]:
    """Load terms (a character or two in one number), their vectors and the simplified form of each character."""
    with np.load(Path(__file__).parent / "data" / "topics.npz") as file:
        terms, vectors, scales = file["terms"], file["vectors"], file["scales"]
    folded = fold("".join(chr(code) for code in range(0xD800)))
    simplified = np.arange(UNITS)
    simplified[: len(folded)] = [ord(character) for character in folded]
    return terms.astype(np.int64), vectors.astype(np.float32) * scales[:, None], np.minimum(simplified, UNITS - 1)


def _add_subjects(bags: Matrix, places: Codes, codes: Codes, counts: Numbers) -> None:
    """Add the vectors of the terms to the row of the text that has them; ``places`` are sorted."""
    known, vectors, simplified = _learnt()
    plain = simplified[codes >> 16] << 16 | simplified[codes & 0xFFFF]
    found = np.minimum(np.searchsorted(known, plain), len(known) - 1)
    is_known = known[found] == plain
    rows, starts = np.unique(places[is_known], return_index=True)
    if len(rows):
        values = vectors[found[is_known]] * np.log1p(counts[is_known]).astype(np.float32)[:, None]
        bags[rows] += np.add.reduceat(values, starts)
