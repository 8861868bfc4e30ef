"""How well two pieces of Chinese text read on, and how much they are about the same: evidence for stitching.

Two sources, loaded on the first question asked and not on import: the word frequencies of jieba (MIT), and
data/characters.txt.xz, which counts how often one character follows another in 1,423 transcripts of a national news
programme (github DuckBurnIncense/xin-wen-lian-bo, MIT).  A line of that file is a character, its count as a first and
as any character, then each follower with its count; counts are letters, A + twice the binary logarithm, 2 at least.
"""

import logging
import lzma
import math
import warnings
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path

from kg.traditional import fold

WINDOW = 6  # characters looked at on either side of a seam: longer than nearly every word
UNKNOWN = -14.0  # log probability of a character that is no word of the dictionary
COMMONEST = 1000.0  # characters for one of the commonest pairs
SMOOTHING = 400.0
UNSEEN = 0.5  # pairs seen less often than the file keeps
DIGITS = 4.0  # a number or a Latin word goes on
MOST_WORDS = 6.0
HALF_TO_FULL = {",": "，", ";": "；", ":": "：", "!": "！", "?": "？", "(": "（", ")": "）"}
PUNCTUATION = frozenset("，。、；：！？“”‘’（）《》【】…—,.;:!?()\"' \u3000")


@cache
def _words() -> tuple[Mapping[str, int], float]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba's source has invalid escapes and asks for pkg_resources
        import jieba
    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()
    return jieba.dt.FREQ, math.log(jieba.dt.total)


@lru_cache(maxsize=262144)
def _log(word: str) -> float:
    words, total = _words()
    times = words.get(word, 0)
    if times:
        return math.log(times) - total
    return UNKNOWN if len(word) == 1 else -math.inf


def count(word: str) -> int:
    """Return how often the dictionary's corpus has ``word``; 0 for what is no word of it."""
    return _words()[0].get(word, 0)


@lru_cache(maxsize=65536)
def log_probability(text: str) -> float:
    """Return the log probability of the best way to cut ``text`` into dictionary words (unigrams, Viterbi)."""
    best = [0.0]
    for end in range(1, len(text) + 1):
        best.append(max([best[start] + _log(text[start:end]) for start in range(max(0, end - WINDOW), end)]))
    return best[-1]


def words_made(tail: str, head: str) -> float:
    """Return how much more likely ``tail + head`` reads when words may cross the seam: 0 when none does."""
    tail, head = fold(tail[-WINDOW:]), fold(head[:WINDOW])
    return log_probability(tail + head) - log_probability(tail) - log_probability(head)


@cache
def _followers() -> tuple[Mapping[str, tuple[float, float, Mapping[str, float]]], float]:
    rows = {}
    path = Path(__file__).parent / "data" / "characters.txt.xz"
    for line in lzma.decompress(path.read_bytes()).decode().split("\n"):
        counts = {line[place]: _count(line[place + 1]) for place in range(3, len(line) - 1, 2)}
        rows[line[0]] = (_count(line[1]), _count(line[2]), counts)
    return rows, sum(row[1] for row in rows.values())


def _count(letter: str) -> float:
    return float(2 ** ((ord(letter) - ord("A")) / 2))


@cache
def association(first: str, second: str) -> float:
    """Return the log of how much more often ``second`` follows ``first`` than by chance; ``^`` begins a paragraph.

    The share of ``second`` among the followers of ``first`` is smoothed by its share among all characters, the less the
    oftener ``first`` was seen (interpolation after Witten and Bell 1991, with a fixed constant).
    """
    rows, total = _followers()
    first, second = _class(first), _class(second)
    if first == second and first in "0A":
        return DIGITS
    before, after = rows.get(first), rows.get(second)
    if before is None or after is None:
        return 0.0
    trust = before[0] / (before[0] + SMOOTHING)
    return math.log(trust * before[2].get(second, 0.0) * total / (before[0] * after[1]) + 1 - trust)


def _class(character: str) -> str:
    if character.isdigit():
        return "0"
    if character.isascii() and character.isalpha():
        return "A"
    return HALF_TO_FULL.get(character) or fold(character)


def reads_on(tail: str, head: str) -> float:
    """Return the evidence that ``head`` goes on where ``tail`` breaks off, against any other piece of a sentence."""
    return association(tail[-1], head[0]) + min(MOST_WORDS, words_made(tail, head)) / 2


def begins(text: str) -> float:
    """Return the evidence that a paragraph begins with ``text`` rather than a piece of a sentence."""
    return association("^", text[0])


def terms(text: str) -> Counter[str]:
    """Count the pairs of neighbouring characters, without punctuation: words and names without cutting words."""
    return Counter(
        text[place : place + 2]
        for place in range(len(text) - 1)
        if text[place] not in PUNCTUATION and text[place + 1] not in PUNCTUATION
    )


def rarity(documents: Iterable[Counter[str]]) -> dict[str, float]:
    """Weigh each term by how few of ``documents`` and how few news in general have it.

    The first is the inverse document frequency (Sparck Jones 1972), the second the surprise of the two characters in
    the counted transcripts: 1 for a pair not seen there, such as a person's name, near 0 for 记者 or 进行.
    """
    counted = list(documents)
    spread = Counter(term for document in counted for term in document)
    return {term: math.log((1 + len(counted)) / count) * surprise(term) for term, count in spread.items()}


@lru_cache(maxsize=262144)
def surprise(term: str) -> float:
    """Return how unexpected a pair of characters is in news, from 0 to 1."""
    rows, total = _followers()
    first, second = _class(term[0]), _class(term[1])
    times = rows[first][2].get(second, UNSEEN) if first in rows else UNSEEN
    return max(0.0, min(1.0, math.log(total / max(times, UNSEEN) / COMMONEST) / math.log(total / UNSEEN / COMMONEST)))


def weighed(terms: Mapping[str, float], weights: Mapping[str, float]) -> dict[str, float]:
    """Return the term counts as a vector of length 1: damped (log of 1 + count), weighted by rarity."""
    vector = {term: math.log1p(number) * weights.get(term, 1.0) for term, number in terms.items()}
    length = math.sqrt(sum([weight * weight for weight in vector.values()])) or 1.0
    return {term: weight / length for term, weight in vector.items()}


def likeness(first: Mapping[str, float], second: Mapping[str, float]) -> float:
    """Return the cosine of two vectors of length 1: 0 where they share no term, 1 where they are the same."""
    return sum([first[term] * second[term] for term in first.keys() & second.keys()])


def coverage(small: Mapping[str, int], large: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Return the share of the weight of ``small`` (a headline's terms) that ``large`` (a text's) has too."""
    whole = sum([weights.get(term, 1.0) for term in small])
    return sum([weights.get(term, 1.0) for term in small if term in large]) / whole if whole else 0.0
