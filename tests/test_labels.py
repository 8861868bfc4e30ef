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


ENTITY = {"type": "Place", "name": "太原市", "surfaces": ["太原"]}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"title": "太原", "text": "晴。"}, []),
        ({"id": None}, ["has no id"]),
        ({"id": 7}, ["has no id"]),
        ({"text": None}, ["needs a text, and a title or null"]),
        ({"text": "\n"}, ["needs a text, and a title or null"]),
        ({"title": 3}, ["needs a text, and a title or null"]),
        ({"entities": {}}, ["entities must be a list of objects with type, name and surfaces"]),
        ({"entities": ["太原"]}, ["entities must be a list of objects with type, name and surfaces"]),
        (
            {"entities": [{"type": "Place", "name": "太原"}]},
            ["entities must be a list of objects with type, name and surfaces"],
        ),
        (
            {"entities": [ENTITY | {"surfaces": [""]}]},
            ["entities must be a list of objects with type, name and surfaces"],
        ),
        ({"entities": [ENTITY | {"type": "City"}]}, ["太原市 is of unknown type City"]),
        ({"entities": [ENTITY | {"surfaces": ["并州"]}]}, ["surface 并州 of 太原市 does not stand in its text"]),
        ({"entities": [ENTITY, ENTITY | {"name": "太原县"}]}, ["surface 太原 belongs to 太原市 and to 太原县"]),
        ({"entities": [ENTITY, ENTITY | {"surfaces": []}]}, ["two entities are called 太原市"]),
    ],
)
def test_faults_are_named(changes: dict[str, object], expected: list[str]) -> None:
    row = {"id": "a", "title": None, "text": "太原晴。", "entities": [ENTITY]} | changes
    assert list(labels.faults(row, ("Place", "Person"))) == expected
