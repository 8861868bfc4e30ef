"""Viterbi under IOBES: allowed paths only, and the best of them; names of doubtful edges are left out."""

import itertools

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from kg.tagger import LEAST, may_follow, viterbi, without_doubtful

TAGS = ["O", "B-Place", "I-Place", "E-Place", "S-Place", "B-Person", "E-Person"]


def is_allowed(path: tuple[str, ...]) -> bool:
    return path[0][0] in "OBS" and path[-1][0] in "OES" and all(itertools.starmap(may_follow, itertools.pairwise(path)))


@pytest.mark.parametrize(
    ("tag", "following", "expected"),
    [
        ("O", "B-Place", True),
        ("O", "I-Place", False),
        ("B-Place", "E-Place", True),
        ("B-Place", "E-Person", False),
        ("B-Place", "O", False),
        ("E-Place", "B-Person", True),
        ("S-Place", "E-Place", False),
    ],
)
def test_may_follow_knows_iobes(tag: str, following: str, expected: bool) -> None:
    assert may_follow(tag, following) is expected


@given(st.integers(min_value=0, max_value=2**31), st.integers(min_value=1, max_value=4))
def test_viterbi_finds_the_best_allowed_path(seed: int, length: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    scores = torch.randn(1, length, len(TAGS), generator=generator)
    allowed = [path for path in itertools.product(range(len(TAGS)), repeat=length) if is_allowed(to_tags(path))]
    best = max(allowed, key=lambda path: sum(float(scores[0, i, tag]) for i, tag in enumerate(path)))
    assert viterbi(scores, torch.tensor([length]), TAGS) == [list(best)]


def to_tags(path: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(TAGS[tag] for tag in path)


def test_viterbi_ignores_padding() -> None:
    scores = torch.randn(2, 6, len(TAGS), generator=torch.Generator().manual_seed(1))
    alone = viterbi(scores[1:, :3], torch.tensor([3]), TAGS)
    assert viterbi(scores, torch.tensor([6, 3]), TAGS)[1] == alone[0]


@pytest.mark.parametrize(
    ("path", "probabilities", "expected"),
    [
        ("O B-Place E-Place O", (0.9, 0.9, 0.9, 0.9), "O B-Place E-Place O"),
        ("O B-Place E-Place O", (0.9, 0.5, 0.5, 0.9), "O O O O"),
        ("B-Place I-Place I-Place E-Place", (0.9, 0.1, 0.1, 0.9), "B-Place I-Place I-Place E-Place"),
        ("B-Place E-Place B-Person E-Person", (0.9, 0.2, 0.9, 0.9), "O O B-Person E-Person"),
        # A name of one character has one tag, which counts once.
        ("S-Place O", (LEAST + 0.1, 0.9), "S-Place O"),
        ("S-Place O", (LEAST - 0.1, 0.9), "O O"),
    ],
)
def test_without_doubtful_drops_names_of_unlikely_edges(
    path: str, probabilities: tuple[float, ...], expected: str
) -> None:
    indices = [TAGS.index(tag) for tag in path.split()]
    scores = torch.full((1, len(indices), len(TAGS)), -9.0)
    for position, (tag, probability) in enumerate(zip(indices, probabilities, strict=True)):
        scores[0, position, tag] = torch.tensor(probability).log()
    (kept,) = without_doubtful([indices], scores, TAGS)
    assert to_tags(tuple(kept)) == tuple(expected.split())


def test_without_doubtful_knows_no_names_where_there_are_none() -> None:
    assert without_doubtful([[0, 0]], torch.zeros(1, 2, len(TAGS)), TAGS) == [[0, 0]]
