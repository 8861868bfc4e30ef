import json
from pathlib import Path
from typing import Any

import pytest

from kg import labels, schema

FILES = sorted((Path(__file__).parents[1] / "training").glob("*.jsonl"))
DECLARED = schema.load()


def articles(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def faults(article: dict[str, Any]) -> list[str]:
    """Return what is wrong with the labels of one article, its relations included."""
    type_by_name = {entity["name"]: entity["type"] for entity in article["entities"]}
    found = list(labels.faults(article, DECLARED.entities))
    for relation in article["relations"]:
        declared = DECLARED.relations[relation["type"]]
        for end, allowed in (("head", declared.head), ("tail", declared.tail)):
            if type_by_name.get(relation[end]) not in allowed:
                found.append(f"{relation['type']}: {end} {relation[end]}")
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_training_labels_are_sound(file: Path) -> None:
    assert {article["id"]: found for article in articles(file) if (found := faults(article))} == {}


def test_training_stories_are_marked_as_invented_and_have_their_own_ids() -> None:
    found = [article for file in FILES for article in articles(file)]
    assert len(found) > 1000
    assert {article["kind"] for article in found} == {"invented"}
    assert len({article["id"] for article in found}) == len(found)
