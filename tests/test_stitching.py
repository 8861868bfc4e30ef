from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from kg import stitching


@given(st.dictionaries(st.tuples(st.integers(0, 4), st.integers(5, 9)), st.integers(1, 9).map(float), max_size=20))
@settings(deadline=None)
def test_assign_finds_the_best_sum(scores: dict[tuple[int, int], float]) -> None:
    found = stitching.assign(scores)
    assert len(set(found.values())) == len(found)
    best = max(
        sum(scores.get((tail, head), 0.0) for tail, head in enumerate(heads)) for heads in permutations(range(5, 10))
    )
    assert sum(scores[pair] for pair in found.items()) >= best - 5 * stitching.STEP
