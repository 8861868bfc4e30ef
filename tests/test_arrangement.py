from collections.abc import Sequence
from itertools import combinations, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import arrangement

TAILS = st.tuples(st.integers(0, 5), st.integers(1, 6)).filter(lambda pair: pair[0] < pair[1])
BEGINNINGS = frozenset({0, 2, 3})


@given(st.dictionaries(st.tuples(st.integers(0, 4), st.integers(5, 9)), st.integers(1, 9).map(float), max_size=20))
@settings(deadline=None)
def test_assign_finds_the_best_sum(scores: dict[tuple[int, int], float]) -> None:
    found = arrangement.assign(scores)
    assert len(set(found.values())) == len(found)
    best = max(
        sum(scores.get((tail, head), 0.0) for tail, head in enumerate(heads)) for heads in permutations(range(5, 10))
    )
    assert sum(scores[pair] for pair in found.items()) >= best - 5 * arrangement.STEP


def begins_twice(members: Sequence[int]) -> bool:
    return len(BEGINNINGS & set(members)) > 1


def chains(chosen: dict[int, int]) -> list[list[int]]:
    found = []
    for start in {0, 1, 2, 3, 4, 5, 6} - set(chosen.values()):
        found.append([start])
        while found[-1][-1] in chosen:
            found[-1].append(chosen[found[-1][-1]])
    return found


def is_sound(pairs: Sequence[tuple[int, int]]) -> bool:
    return len({tail for tail, _ in pairs}) == len(pairs) == len({head for _, head in pairs}) and not any(
        begins_twice(chain) for chain in chains(dict(pairs))
    )


@given(st.dictionaries(TAILS, st.integers(1, 9).map(float), max_size=9))
@settings(deadline=None)
def test_choose_finds_the_best_sum_without_a_faulty_chain(scores: dict[tuple[int, int], float]) -> None:
    found = arrangement.choose(scores, begins_twice)
    assert is_sound(list(found.items()))
    best = max(
        sum(scores[pair] for pair in pairs)
        for size in range(len(scores) + 1)
        for pairs in combinations(scores, size)
        if is_sound(pairs)
    )
    assert sum(scores[pair] for pair in found.items()) >= best - 7 * arrangement.STEP


def test_choose_keeps_what_costs_more_to_lose() -> None:
    # Of 0-1-2, where 2 begins anew, the weaker link 0-1 may stay: 2 has a place below 5 as well.
    scores = {(0, 1): 2.0, (1, 2): 3.0, (5, 2): 2.9}
    assert arrangement.choose(scores, begins_twice) == {0: 1, 5: 2}


def test_choose_settles_chain_by_chain_on_a_text_far_longer_than_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrangement, "MOST_TRIED", 0)
    scores = {(0, 1): 2.0, (1, 2): 3.0, (5, 2): 2.9}
    assert arrangement.choose(scores, begins_twice) == {1: 2}


def test_margins_are_told_against_the_best_other_place_of_either_end() -> None:
    scores = {(0, 2): 5.0, (1, 2): 3.0, (0, 3): 4.0, (4, 6): 1.5}
    assert arrangement.margins({0: 2, 4: 6}, scores) == {0: 1.0, 4: 1.5}
