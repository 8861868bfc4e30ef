"""Pre-labels: what a reading holds, in the form that a person corrects."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import generic, jsonlines, labelling, layout, proofreading, schema
from kg.records import Alias, Article, Entity, Reading, Relation
from tests.records import article, entity, relation

DECLARED = schema.load()
GENERIC = generic.load()
RULES = layout.load()
Row = dict[str, Any]


def row(of: Article, *entities: Entity, relations: tuple[Relation, ...] = ()) -> Row:
    return labelling.label_row(Reading(article=of, entities=entities, relations=relations), DECLARED)


def shown(labels: Row) -> list[str]:
    return [f"{entity['type']} {entity['name']} = {'|'.join(entity['surfaces'])}" for entity in labels["entities"]]


@pytest.mark.parametrize(
    ("body", "reporters", "photographers", "expected"),
    [
        ("甲。", ("王丹", "王思宇"), (), "甲。\n（王丹、王思宇）"),
        ("甲。", (), ("李学军", "杨晓勇"), "甲。\n（李学军、杨晓勇 摄）"),
        ("甲。", ("王丹",), ("王丹", "杨晓勇"), "甲。\n（王丹）\n（杨晓勇 摄）"),
        ("本报讯（记者 王丹）甲。", ("王丹",), (), "本报讯（记者 王丹）甲。"),
        ("本报讯（记者 张 洋）甲。", ("张洋",), (), "本报讯（记者 张 洋）甲。"),
        ("甲。\n（王丹）", ("王丹", "王思宇"), (), "甲。\n（王丹）\n（王思宇）"),
        ("甲。", (), (), "甲。"),
    ],
)
def test_signed_puts_the_byline_back_as_it_is_read_again(
    body: str, reporters: tuple[str, ...], photographers: tuple[str, ...], expected: str
) -> None:
    signed = labelling.signed(article(body, byline=reporters, photographers=photographers), RULES)
    assert signed.body == expected
    assert {*signed.byline, *signed.photographers} == {*reporters, *photographers}
    assert labelling.signed(signed, RULES) == signed


def test_label_row_is_an_article_in_the_gold_format() -> None:
    of = article("太原市教育局局长王明出席。", title="王明出席")
    person, body = entity(of, "Person", "王明"), entity(of, "Organisation", "太原市教育局")
    assert row(of, body, person, relations=(relation(of, "HOLDS_POSITION", person, body, title="局长"),)) == {
        "id": "a1",
        "publication": "太原日报",
        "home": "太原市,山西省",
        "date": "2025-11-14",
        "title": "王明出席",
        "text": "太原市教育局局长王明出席。",
        "entities": [
            {"type": "Person", "name": "王明", "surfaces": ["王明"]},
            {"type": "Organisation", "name": "太原市教育局", "surfaces": ["太原市教育局"]},
        ],
        "relations": [{"head": "王明", "type": "HOLDS_POSITION", "tail": "太原市教育局", "title": "局长"}],
    }


def test_what_is_not_known_of_the_issue_is_null_and_its_day_stands_in_for_the_article_s() -> None:
    of = article("甲。", date=None)
    unknown = replace(of, issue=replace(of.issue, publication=None, home=()))
    labels = row(unknown)
    assert (labels["publication"], labels["home"], labels["date"], labels["title"]) == (None, None, "2025-11-15", None)


def test_a_name_is_listed_where_it_is_meant_not_where_its_characters_first_stand() -> None:
    of = article("太原市教育局在大同，大同在太原。")
    place = entity(of, "Place", "太原市", "太原")
    place = replace(place, mentions=place.mentions[1:])
    assert shown(row(of, place, entity(of, "Organisation", "太原市教育局"), entity(of, "Place", "大同市", "大同"))) == [
        "Organisation 太原市教育局 = 太原市教育局",
        "Place 大同市 = 大同",
        "Place 太原市 = 太原",
    ]


def test_a_shared_surface_goes_to_the_entity_that_it_mostly_means() -> None:
    of = article("晋城全市，全市，太原全市。")
    jincheng, taiyuan = entity(of, "Place", "晋城市", "晋城", "全市"), entity(of, "Place", "太原市", "太原", "全市")
    jincheng = replace(jincheng, mentions=jincheng.mentions[:3])
    taiyuan = replace(taiyuan, mentions=taiyuan.mentions[2:])
    assert shown(row(of, taiyuan, jincheng)) == ["Place 晋城市 = 晋城|全市", "Place 太原市 = 太原"]


def test_an_entity_without_a_surface_of_its_own_is_left_out_with_its_relations() -> None:
    of = article("全市，全市。")
    owner, other = entity(of, "Place", "晋城市", "全市"), entity(of, "Place", "太原市", "全市")
    other = replace(other, mentions=other.mentions[:1])
    stated = (relation(of, "LOCATED_IN", owner, other), relation(of, "LOCATED_IN", other, owner))
    labels = row(of, owner, other, relations=stated)
    assert shown(labels) == ["Place 晋城市 = 全市"]
    assert labels["relations"] == []


def test_two_entities_of_one_name_get_two() -> None:
    of = article("山西大学在山西，山大。")
    place, body = entity(of, "Place", "山西", "山西"), entity(of, "Organisation", "山西", "山大", "山西大学")
    assert shown(row(of, body, place)) == ["Place 山西 = 山西", "Organisation 山西大学 = 山西大学|山大"]


def test_an_entity_whose_names_are_all_taken_is_left_out() -> None:
    of = article("甲乙丙")
    labels = row(of, entity(of, "Place", "甲"), entity(of, "Place", "丙", "乙"), entity(of, "Person", "甲", "丙"))
    assert shown(labels) == ["Place 甲 = 甲", "Place 丙 = 乙"]


def test_a_person_of_the_byline_is_labelled_as_printed() -> None:
    of = article("本报讯（记者 张 洋）甲。", byline=("张洋",))
    person = replace(entity(of, "Person", "张洋"), aliases=(Alias(text="张洋", rule="byline"),), mentions=())
    nobody = replace(person, id="Person:赵一", name="赵一", aliases=(Alias(text="赵一", rule="byline"),))
    assert shown(row(of, person, nobody)) == ["Person 张洋 = 张 洋"]


def test_a_statement_stands_once_and_never_between_an_entity_and_itself() -> None:
    of = article("甲与乙签约，乙与甲签约。")
    one, two = entity(of, "Organisation", "甲"), entity(of, "Organisation", "乙")
    stated = [("PARTNERED_WITH", one, two), ("PARTNERED_WITH", two, one), ("OWNS", one, two), ("OWNS", two, one)]
    stated += [("OWNS", one, two), ("OWNS", one, one)]
    labels = row(of, one, two, relations=tuple(relation(of, *parts) for parts in stated))
    assert [(item["head"], item["type"], item["tail"]) for item in labels["relations"]] == [
        ("甲", "PARTNERED_WITH", "乙"),
        ("甲", "OWNS", "乙"),
        ("乙", "OWNS", "甲"),
    ]


names = st.text("甲乙丙 市", min_size=1, max_size=3).filter(str.strip)


@given(
    st.text("甲乙丙市 ", min_size=1, max_size=30).filter(str.strip),
    st.lists(st.tuples(st.sampled_from(list(DECLARED.entities)), names, st.lists(names, max_size=3)), max_size=5),
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=5),
)
def test_pre_labels_have_no_faults(body: str, given_names: list[tuple[str, str, list[str]]], pairs: Any) -> None:
    of = article(body)
    entities = {
        made.id: made
        for type_, name, surfaces in given_names
        if (made := entity(of, type_, name.strip(), *(surface for surface in surfaces if surface in body)))
    }
    listed = tuple(entities.values())
    ends = [(listed[head], listed[tail]) for head, tail in pairs if max(head, tail) < len(listed)]
    stated = tuple(
        relation(of, name, head, tail)
        for head, tail in ends
        for name in DECLARED.relations
        if DECLARED.allows(name, head.type, tail.type)
    )
    findings = proofreading.check([("x:1", row(of, *listed, relations=stated))], DECLARED, GENERIC)
    assert [str(finding) for finding in findings if finding.is_fault] == []


@given(st.lists(st.tuples(st.text(min_size=1, max_size=5), st.text(max_size=20)), max_size=3))
def test_both_forms_are_read_back_as_they_were(articles: list[tuple[str, str]]) -> None:
    rows = [
        {"id": "x", "text": text, "entities": [{"name": name}, {"name": text}], "relations": []}
        for name, text in articles
    ]
    for to_text in (labelling.to_line, labelling.to_lines):
        printed = "".join(f"{to_text(row)}\n" for row in rows)
        assert [json.loads(record) for _, record in jsonlines.records(printed)] == rows


def test_the_indented_form_has_a_label_a_line(tmp_path: Path) -> None:
    of = article("王明在太原。")
    printed = labelling.to_lines(row(of, entity(of, "Person", "王明"), entity(of, "Place", "太原市", "太原")))
    path = tmp_path / "labels.jsonl"
    path.write_text(printed, encoding="utf-8")
    assert next(jsonlines.read_lines(path))["text"] == "王明在太原。"
    assert printed.splitlines()[6:] == [
        '  "text": "王明在太原。",',
        '  "entities": [',
        '    {"type": "Person", "name": "王明", "surfaces": ["王明"]},',
        '    {"type": "Place", "name": "太原市", "surfaces": ["太原"]}',
        "  ],",
        '  "relations": []',
        "}",
    ]
