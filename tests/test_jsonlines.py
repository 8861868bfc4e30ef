"""Rows of JSON lines, indented or not, and a clear sentence for each that is none."""

from pathlib import Path

import pytest

from kg import jsonlines
from kg.errors import InputError

INDENTED = """{
  "id": "甲",
  "text": "正文"
}

{"id": "乙", "text": "又"}
{
    "id": "丙",

    "text": "再"
}
"""


@pytest.mark.parametrize("content", [INDENTED.encode(), INDENTED.replace("\n", "\r\n").encode("utf-8-sig")])
def test_json_may_be_indented_or_a_line_an_article(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "articles.jsonl"
    path.write_bytes(content)
    assert [row["id"] for row in jsonlines.read_lines(path)] == ["甲", "乙", "丙"]
    rows = list(jsonlines.read_rows(str(path), lambda error: pytest.fail(str(error))))
    assert [(where, row["id"]) for where, row in rows] == [
        (f"{path}:1", "甲"),
        (f"{path}:6", "乙"),
        (f"{path}:7", "丙"),
    ]


@pytest.mark.parametrize(
    ("content", "ids", "faults"),
    [
        (INDENTED.replace('"甲",', '"甲"'), "乙丙", [":3: is not JSON (Expecting ',' delimiter)"]),
        (INDENTED.replace("}\n\n", "\n\n"), "乙丙", [":5: is not JSON (Expecting ',' delimiter)"]),
        (INDENTED.replace("}\n\n", "},\n\n"), "乙丙", [":4: is not JSON (Extra data)"]),
        (INDENTED.replace('"text": "再"', '"body": "再"'), "甲乙", [":7: text: Field required"]),
        ('["甲"]\n' + INDENTED, "甲乙丙", [":1: is no JSON object"]),
        (" \n", "", [": is empty"]),
        (
            f'{{"id": "甲", "text": "{"正文" * 40}"}}\n'.encode() + b"\xff",
            "甲",
            [":2: a byte (0xff)", ":2: is not JSON"],
        ),
    ],
)
def test_read_rows_names_the_line_that_is_wrong_and_goes_on(
    tmp_path: Path, content: str | bytes, ids: str, faults: list[str]
) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    found: list[InputError] = []
    assert "".join(row["id"] for _, row in jsonlines.read_rows(str(path), found.append)) == ids
    assert len(found) == len(faults)
    for error, fault in zip(found, faults, strict=True):
        assert str(error).startswith(f"{path}{fault}")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("page.txt", "labels are JSON lines; give a file that ends in .jsonl or .ndjson"),
        ("none.jsonl", "cannot be read"),
    ],
)
def test_read_rows_names_a_file_that_it_cannot_use(tmp_path: Path, name: str, message: str) -> None:
    found: list[InputError] = []
    assert list(jsonlines.read_rows(str(tmp_path / name), found.append)) == []
    assert [message in str(fault) for fault in found] == [True]
