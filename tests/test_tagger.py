"""Viterbi under IOBES: allowed paths only, and the best of them."""

import itertools

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from kg.tagger import may_follow, viterbi

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
