"""What is taught: labels are sound, an article is on one side only, a character has one tag."""

import json
import lzma
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import lessons
from kg.errors import InputError
from kg.lessons import Labels
from kg.ner import to_tokens

TYPES = ("Person", "Place")


def row(**changes: Any) -> dict[str, Any]:
    entities = [{"type": "Place", "name": "太原市", "surfaces": ["太原"]}]
    return {"id": "a", "title": None, "text": "太原晴。", "entities": entities} | changes


def write(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def named(*ids: str) -> Labels:
    return Labels(path=Path("a"), sha256="", rows=tuple(row(id=id_) for id_ in ids))


def test_read_takes_plain_and_packed_files(tmp_path: Path) -> None:
    plain = write(tmp_path / "a.jsonl", row(id="a"), row(id="b"))
    packed = tmp_path / "b.jsonl.xz"
    packed.write_bytes(lzma.compress(json.dumps(row(id="c")).encode()))
    first, second = lessons.read([plain, packed], TYPES)
    assert [article["id"] for article in first.rows + second.rows] == ["a", "b", "c"]
    assert first.sha256 != second.sha256


def test_read_lists_the_faults(tmp_path: Path) -> None:
    bad = write(tmp_path / "a.jsonl", row(id="b", entities=None), row(id="c", text=" "), row(id="c"))
    with pytest.raises(InputError) as error:
        lessons.read([bad], TYPES)
    told = str(error.value).splitlines()
    assert [line.split(": ", 1)[1].split(";")[0] for line in told] == [
        "article b: entities must be a list of objects with type, name and surfaces",
        "article c: needs a text, and a title or null",
    ]


def test_read_refuses_two_articles_of_one_id(tmp_path: Path) -> None:
    first, second = write(tmp_path / "a.jsonl", row()), write(tmp_path / "b.jsonl", row())
    with pytest.raises(InputError, match=r"b.jsonl: article a: has the id of an article in .*a.jsonl"):
        lessons.read([first, second], TYPES)
    with pytest.raises(InputError, match=r"has the id of an article in"):
        lessons.read([write(tmp_path / "c.jsonl", row(), row())], TYPES)


def test_read_cuts_a_long_list_of_faults_short(tmp_path: Path) -> None:
    bad = write(tmp_path / "a.jsonl", *(row(id=f"a{number}", text="") for number in range(30)))
    with pytest.raises(InputError, match="… and 20 more") as error:
        lessons.read([bad], TYPES)
    assert len(str(error.value).splitlines()) == lessons.SHOWN_FAULTS + 1


def test_read_refuses_what_is_no_xz_file(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.xz").write_bytes(b"{}")
    with pytest.raises(InputError, match="is no .xz file"):
        lessons.read([tmp_path / "a.jsonl.xz"], TYPES)
    whole = lzma.compress(json.dumps(row()).encode())
    (tmp_path / "a.jsonl.xz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match="is no .xz file, or cut off"):
        lessons.read([tmp_path / "a.jsonl.xz"], TYPES)


@given(st.text(min_size=1), st.floats(0, 1), st.floats(0, 1))
def test_what_is_held_out_stays_so_with_a_larger_share(id_: str, one: float, other: float) -> None:
    smaller, larger = sorted([one, other])
    assert lessons.is_held_out(id_, smaller) <= lessons.is_held_out(id_, larger)


def test_split_parts_articles_by_their_id() -> None:
    files = [named(*map(str, range(100))), named(*map(str, range(100, 200)))]
    learnt, held_out = lessons.split(files, 0.2)
    assert len(learnt) + len(held_out) == 200
    assert 20 < len(held_out) < 60
    assert lessons.split(reversed(files), 0.2)[1] != held_out, "in the order given"
    assert {article["id"] for article in lessons.split(reversed(files), 0.2)[1]} == {
        article["id"] for article in held_out
    }


@pytest.mark.parametrize("ids", [(), ("a",), ("a", "b")])
def test_split_refuses_an_empty_side(ids: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match=f"of {len(ids)} articles 0 would be held out"):
        lessons.split([named(*ids)], 0.001)


def test_split_refuses_articles_without_names() -> None:
    rows = tuple(row(id=str(number), entities=[]) for number in range(50))
    with pytest.raises(InputError, match="no names are labelled"):
        lessons.split([Labels(path=Path("a"), sha256="", rows=rows)], 0.2)


def test_to_tags_marks_begin_inside_end() -> None:
    entities = [{"type": "Place", "name": "太原市", "surfaces": ["太原", "我市", "晋"]}]
    assert lessons.to_tags("太原市在晋，我市", entities) == [
        *("B-Place", "I-Place", "E-Place"),
        *("O", "O", "O"),
        *("B-Place", "E-Place"),
    ]


@given(st.text(min_size=1, max_size=400))
def test_write_gives_every_character_a_line(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    if not text.strip():
        return
    path = tmp_path_factory.mktemp("lessons") / "train.tsv"
    lessons.write([row(text=text, entities=[])], path)
    lines = [line for line in path.read_text(encoding="utf-8").split("\n") if line]
    assert [line.split("\t") for line in lines] == [[token, "O"] for token in to_tokens(text)]
