from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import labels


def entity(type_: str, *surfaces: str) -> dict[str, Any]:
    return {"type": type_, "name": surfaces[0], "surfaces": list(surfaces)}


@pytest.mark.parametrize(
    ("text", "entities", "expected"),
    [
        (
            "太原市青少年宫在太原",
            [entity("Place", "太原"), entity("Organisation", "太原市青少年宫")],
            "太原市青少年宫|太原",
        ),
        ("可以说以色列", [entity("Place", "以色列", "以")], "以色列"),
        ("并州饭店在并州", [entity("Place", "并州"), entity("Organisation", "并州")], ""),
        ("太重太重太重", [entity("Organisation", "太重")], "太重|太重|太重"),
        ("", [entity("Organisation", "太重")], ""),
    ],
)
def test_project_finds_surfaces_the_longest_first(text: str, entities: list[dict[str, Any]], expected: str) -> None:
    assert "|".join(text[start:end] for start, end, _ in labels.project(text, entities)) == expected


@given(st.text("太原市长", max_size=30), st.lists(st.text("太原市长", min_size=1, max_size=4), max_size=5))
def test_projected_spans_are_surfaces_in_order_without_overlap(text: str, surfaces: list[str]) -> None:
    spans = labels.project(text, [entity("Place", surface) for surface in surfaces])
    assert all(text[start:end] in surfaces for start, end, _ in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    for surface in surfaces:
        covered = {place for start, end, _ in spans for place in range(start, end)}
        free = [place for place in range(len(text) - len(surface) + 1) if text.startswith(surface, place)]
        assert all(covered & set(range(place, place + len(surface))) for place in free if len(surface) > 1)


def test_full_text_is_headline_and_body() -> None:
    assert labels.full_text({"title": "甲", "text": "乙"}) == "甲\n乙"
    assert labels.full_text({"title": None, "text": "乙"}) == "乙"
