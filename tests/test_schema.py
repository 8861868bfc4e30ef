"""schema.yaml: the shipped file is sound; every fault of a bad one is named at once."""

from pathlib import Path

import pytest

from kg import schema
from kg.errors import SchemaError

GOOD = """
entities:
  Person: {label: 人物, tags: [PER]}
  Place: {label: 地点, tags: [LOC]}
relations:
  LIVES_IN: {label: 居住, head: [Person], tail: [Place]}
"""


def test_load_reads_the_shipped_schema() -> None:
    loaded = schema.load()
    assert list(loaded.entities) == ["Person", "Organisation", "Place", "Programme"]
    assert len(loaded.relations) == 9
    assert loaded.type_by_tag["NR"] == "Person"


def test_load_accepts_another_schema(tmp_path: Path) -> None:
    loaded = schema.load(written(tmp_path, GOOD))
    assert loaded.allows("LIVES_IN", "Person", "Place")
    assert not loaded.allows("LIVES_IN", "Place", "Person")


@pytest.mark.parametrize(
    ("wrong", "right", "message"),
    [
        ("tail: [Place]", "tail: [Plaza]", "relations.LIVES_IN.tail: unknown type 'Plaza'"),
        ("tags: [LOC]", "tags: [PER]", "entities.Place.tags: 'PER' is also a tag of Person"),
        ("label: 居住, ", "", "relations.LIVES_IN.label: Field required"),
        ("LIVES_IN", "livesIn", "relations.livesIn"),
        ("tags: [LOC]", "tags: [LOC], lead: '(第'", "entities.Place.lead: Input should be a valid regular expression"),
        (
            "tags: [LOC]",
            "tags: [LOC], joins: [{left: Place, ends: 市, right: Town, begins: 镇}]",
            "entities.Place.joins: unknown type 'Town'",
        ),
        ("tags: [LOC]", "tags: [LOC], claims: [{type: Town, form: 镇$}]", "entities.Place.claims: unknown type 'Town'"),
        ("entities:", "entities: [", "is not YAML"),
        ("label: 居住", "label: 2025-13-01", "is not YAML"),
        ("LIVES_IN", "MENTIONS", "relations.MENTIONS: is an edge of the graph itself"),
        ("tail: [Place]", "tail: [Place], attributes: [sentence]", "'sentence' is part of every edge's evidence"),
        ("tail: [Place]", "tail: [Place], status: {denied: 没有}", "'status' is read but not among its attributes"),
        ("tail: [Place]", "tail: [Place], reads: {rent: 元}", "'rent' is read but not among its attributes"),
        ("tail: [Place]", "tail: [Place], attributes: [status], status: {hoped: 望}", "relations.LIVES_IN.status"),
    ],
)
def test_load_names_what_is_wrong(tmp_path: Path, wrong: str, right: str, message: str) -> None:
    path = written(tmp_path, GOOD.replace(wrong, right, 1))
    with pytest.raises(SchemaError) as caught:
        schema.load(path)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)


def test_load_lists_all_faults_at_once(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD.replace("head: [Person]", "head: [Men]").replace("tail: [Place]", "tail: [Plaza]"))
    with pytest.raises(SchemaError) as caught:
        schema.load(path)
    assert len(str(caught.value).splitlines()) == 2


def test_load_names_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="nowhere.yaml: cannot be read"):
        schema.load(tmp_path / "nowhere.yaml")


def written(folder: Path, content: str) -> Path:
    path = folder / "schema.yaml"
    path.write_text(content, encoding="utf-8")
    return path
