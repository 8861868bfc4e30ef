import json
from pathlib import Path
from typing import Any

import pytest

from kg import generic, proofreading, schema

FILES = sorted((Path(__file__).parents[1] / "training").glob("*.jsonl"))
DECLARED = schema.load()
GENERIC = generic.load()


def articles(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_training_labels_are_sound(file: Path) -> None:
    rows = [(f"{file.name}:{number}", article) for number, article in enumerate(articles(file), 1)]
    findings = list(proofreading.check(rows, DECLARED, GENERIC))
    assert [str(finding) for finding in findings if finding.is_fault] == []
    assert len(findings) < len(rows) / 10, "so many warnings that nobody reads them"


def test_training_stories_are_marked_as_invented_and_have_their_own_ids() -> None:
    found = [article for file in FILES for article in articles(file)]
    assert len(found) > 1000
    assert {article["kind"] for article in found} == {"invented"}
    assert len({article["id"] for article in found}) == len(found)
