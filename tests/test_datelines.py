import csv
from pathlib import Path

import pytest

from kg import datelines, layout

RULES = layout.load()
with (Path(__file__).parent / "cases" / "datelines.csv").open(encoding="utf-8", newline="") as file:
    CASES = list(csv.DictReader(file))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_resolve(case: dict[str, str]) -> None:
    assert datelines.resolve(case["text"], case["issued"] or None, RULES) == (case["date"] or None)
