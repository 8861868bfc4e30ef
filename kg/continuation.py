"""How surely one piece of text goes on with another, read off the characters on both sides: evidence for stitching.

In: pairs of texts, the one above and the one below; out: a number for each, the greater the surer.  A small neural
network, run by numpy, reads the last and the first characters: each side by itself (two convolutions), and the few
around the seam together.  data/seams.npz, made by scripts/seams.py, holds what it learnt from transcripts of a national
news programme (github DuckBurnIncense/xin-wen-lian-bo, MIT) and this project's invented articles: to tell how texts go
on, within a sentence and after one, from how other texts of the same day or by the same writers do.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kg.language import HALF_TO_FULL
from kg.traditional import fold

WIDTH = 16  # characters read on either side
TAKEN = 60  # characters looked at for them: a number or a Latin word counts as one
HIDDEN = 64
DAMPED = 8.0
LOWEST, HIGHEST = -10.0, 6.0
AT_ONCE = 200_000  # products: so few that no second thread is woken, which takes longer than they do
UNKNOWN = 1
NUMBER, LATIN = re.compile(r"[0-9０-９.．]+"), re.compile(r"[A-Za-z]+")
FULL = str.maketrans(HALF_TO_FULL)

Codes = NDArray[np.int64]
Matrix = NDArray[np.float32]


def evidence(pairs: Sequence[tuple[str, str]]) -> list[float]:
    """Return for each pair of texts the log odds that the second goes on where the first ends."""
    if not pairs:
        return []
    # A text stands in many pairs: each is looked at once.
    tails, heads = (
        {text: place for place, text in enumerate(dict.fromkeys(texts))} for texts in zip(*pairs, strict=True)
    )
    above, below = codes([_end(text) for text in tails]), codes([_beginning(text) for text in heads])
    first, second = np.array([(tails[tail], heads[head]) for tail, head in pairs]).T
    learnt = _learnt()
    left, right = _encoded(above, "tail", learnt)[first], _encoded(below, "head", learnt)[second]
    here = learnt["around"][around(above[first], below[second], len(learnt["around"]))].sum(axis=1)
    hidden = left[:, :HIDDEN] + right[:, :HIDDEN] + _product(here[:, :-1], learnt["around_to_hidden"])
    alike = np.einsum("ij,ij->i", left[:, HIDDEN:], right[:, HIDDEN:]) / DAMPED
    odds = np.maximum(hidden, 0) @ learnt["out"] + learnt["out_bias"] + alike + here[:, -1]
    found: list[float] = np.clip(odds, LOWEST, HIGHEST).tolist()
    return found


def plain(text: str) -> str:
    """Return ``text`` as the network reads it: 0 for a number, A for a Latin word, simplified characters."""
    return fold(LATIN.sub("A", NUMBER.sub("0", text)).translate(FULL))


def sides(above: str, below: str) -> tuple[str, str]:
    """Return the WIDTH characters on either side of a seam, filled up where a text is shorter."""
    return _end(above), _beginning(below)


def _end(text: str) -> str:
    return plain(text[-TAKEN:])[-WIDTH:].rjust(WIDTH, "\0")


def _beginning(text: str) -> str:
    return plain(text[:TAKEN])[:WIDTH].ljust(WIDTH, "\0")


def codes(texts: Sequence[str]) -> Codes:
    """Return the code points of texts that are equally long; a rare character has the last number."""
    return np.array([[min(ord(character), 0xFFFF) for character in text] for text in texts], dtype=np.int64)


def neighbours(codes: Codes, size: int) -> Codes:
    """Return the row, in a table of ``size``, of each character with the one behind it."""
    after = np.concatenate([codes[:, 1:], np.zeros_like(codes[:, :1])], axis=1)
    found: Codes = ((codes * 31 + after * 7919) * 2654435761 >> 9) % size
    return found


def around(above: Codes, below: Codes, size: int) -> Codes:
    """Return the rows, in a table of ``size``, of what stands right around each seam, one or two characters a side."""
    a, b, c, d = above[:, -2], above[:, -1], below[:, 0], below[:, 1]
    groups = (b, c), (a, b, c), (b, c, d), (a, b, c, d), (b, d), (a, c)
    return np.stack([_hashed(number, group) % size for number, group in enumerate(groups, start=1)], axis=1)


def _hashed(kind: int, codes: Sequence[Codes]) -> Codes:
    found = np.full_like(codes[0], kind * 1000003 + 17)
    for code in codes:
        found = ((found ^ code) * 2654435761) & 0xFFFFFFFF
        found ^= found >> 15
    return found


def _encoded(codes: Codes, side: str, learnt: Mapping[str, Matrix]) -> Matrix:
    """Return what the network makes of one side of a seam, a row for each text."""
    pairs = learnt["pairs"][neighbours(codes, len(learnt["pairs"]))]
    rows = learnt["characters"][_numbers()[codes]] + pairs + learnt[f"{side}_place"]
    rows = _convolved(rows, learnt[f"{side}_1"], learnt[f"{side}_1_bias"])
    rows = rows + _convolved(rows, learnt[f"{side}_2"], learnt[f"{side}_2_bias"])
    found: Matrix = _product(rows.reshape(len(rows), -1), learnt[f"{side}_out"]) + learnt[f"{side}_out_bias"]
    return found


def _convolved(rows: Matrix, weights: Matrix, bias: Matrix) -> Matrix:
    """Return what each character and its two neighbours give."""
    size, width, depth = rows.shape
    padded = np.pad(rows, ((0, 0), (1, 1), (0, 0)))
    windows = np.concatenate([padded[:, :-2], padded[:, 1:-1], padded[:, 2:]], axis=2)
    found: Matrix = np.maximum(_product(windows.reshape(-1, 3 * depth), weights) + bias, 0).reshape(size, width, -1)
    return found


def _product(rows: Matrix, weights: Matrix) -> Matrix:
    step = max(1, AT_ONCE // weights.size)
    found: Matrix = np.concatenate([rows[start : start + step] @ weights for start in range(0, len(rows), step)])
    return found


@cache
def _learnt() -> dict[str, Matrix]:
    """Load the network; its tables are stored as bytes with a scale for each."""
    with np.load(Path(__file__).parent / "data" / "seams.npz") as file:
        learnt = {name: file[name].astype(np.float32) for name in file.files if not name.endswith("_scale")}
        for name in ("characters", "pairs", "around"):
            learnt[name] *= file[f"{name}_scale"]
    return learnt


@cache
def _numbers() -> Codes:
    """Return the row of each character in the table of characters."""
    found = np.full(0x10000, UNKNOWN, dtype=np.int64)
    with np.load(Path(__file__).parent / "data" / "seams.npz") as file:
        found[file["known"]] = np.arange(len(file["known"]))
    return found
