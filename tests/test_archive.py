"""What an article was read to say comes back from the graph's inner layer as it went in."""

import base64
import json
import zlib
from dataclasses import replace

import pytest

from kg import archive, gazetteer
from kg.records import Hint, Join, Reading
from tests.records import article, entity, issue, relation


def reading() -> Reading:
    join = Join(page=1, line=3, tail="太", head="原", repaired="太", reasons=(("open", 1.5),), confidence=0.9)
    of = article("市教育局局长王明说：“好。”", title="“夜塾”开课", byline=("赵静",), joins=(join,), subheads=("一",))
    wang, bureau = entity(of, "Person", "王明"), entity(of, "Organisation", "太原市教育局", "市教育局")
    return Reading(
        article=of, entities=(wang, bureau), relations=(relation(of, "HOLDS_POSITION", wang, bureau, title="局长"),)
    )


@pytest.mark.parametrize("hints", [None, (), (Hint(type="OWNS", head=0, tail=4, score=-1.25),)])
def test_pack_and_unpack(hints: tuple[Hint, ...] | None) -> None:
    packed = archive.pack(replace(reading(), hints=hints))
    assert packed.isascii()
    assert archive.unpack(packed) == replace(reading(), hints=hints)


def test_what_was_packed_before_there_were_hints_has_none() -> None:
    fields = json.loads(zlib.decompress(base64.b64decode(archive.pack(reading()))))
    del fields["hints"]
    packed = base64.b64encode(zlib.compress(json.dumps(fields).encode())).decode("ascii")
    assert archive.unpack(packed) == reading()


def test_namings_tell_the_full_name_from_other_forms() -> None:
    namings = archive.namings(reading(), "14")
    assert [(n.alias, n.read_as, n.rule, n.own) for n in namings] == [
        ("太原市教育局", "Organisation:太原市教育局", "full name", True),
        ("市教育局", "Organisation:太原市教育局", "test", False),
        ("王明", "Person:王明", "full name", True),
    ]
    assert {naming.home for naming in namings} == {"14"}


def test_rows_share_namings_and_know_the_province() -> None:
    rows = archive.to_rows([reading(), reading()], gazetteer.load())
    assert [node.labels[0] for node in rows.nodes].count("Naming") == 3
    assert {node.properties["home"] for node in rows.nodes if node.labels[0] == "Naming"} == {"14"}
    assert {edge.source for edge in rows.edges} == {("Reading", "a1")}


def test_province_of_a_paper_without_a_home() -> None:
    assert archive.province(issue(home=()), gazetteer.load()) == ""
    assert archive.province(issue(home=("晋城市",)), gazetteer.load()) == "14"
