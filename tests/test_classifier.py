"""Pairs and their signs, weighed: by weights written by hand, then what the shipped ones promise everywhere."""

import lzma
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import classifier, relations, schema
from kg.candidates import Candidate, candidates
from kg.classifier import Weights
from kg.errors import SchemaError
from kg.records import Entity, Relation
from tests.test_relations import parse

RULES = relations.compile_rules(schema.load())
TYPES = tuple(RULES.schema.entities)
SHIPPED = classifier.load()


def found(marked: str) -> tuple[list[Candidate], list[Relation]]:
    article, entities = parse(marked)
    stated = relations.extract(article, entities, RULES)
    return list(candidates(article, entities, stated, RULES)), stated


def judged(marked: str, weights: Weights) -> list[tuple[str, str, str, str]]:
    article, entities = parse(marked)
    stated = relations.extract(article, entities, RULES)
    name_by_id = {entity.id: entity.name for entity in entities}
    return [
        (name_by_id[relation.head_id], relation.type, name_by_id[relation.tail_id], relation.evidence.rule)
        for relation in classifier.judge(article, entities, stated, RULES, weights)
    ]


def weights(bias: float, **by_type: dict[str, float]) -> Weights:
    return Weights(entities=TYPES, bias=dict.fromkeys(by_type, bias), by_type=by_type)


@pytest.mark.parametrize(
    ("marked", "sign"),
    [
        ("【P高远】参加【G花节】。", "same"),
        ("【P高远】参加【G花节】。", ">gap=参加"),
        ("【G花节】由【O文旅局】主办。", "<gap=由"),
        ("【G花节】由【O文旅局】主办。", "<list then 主办"),
        ("【P高远】、【P王明】参加【G花节】。", ">gap~参加"),
        ("【P高远】、【P王明】参加【G花节】。", ">before second 参加"),
        ("【G花节】开幕。会上，【P高远】致辞。", "apart"),
        ("【G花节】开幕。会上，【P高远】致辞。", "begin 会上"),
        ("【G花节】开幕。会上，【P高远】致辞。", "main"),
        ("【G花节】开幕。\n会上，【P高远】致辞。", "another paragraph"),
        ("【P高远】出席【G花节】。", "rule attends_programme"),
        ("【P高远】与【G花节】。", "not read"),
    ],
)
def test_candidates_carry_the_signs_of_their_sentence(marked: str, sign: str) -> None:
    pairs, _ = found(marked)
    assert any(sign in pair.signs for pair in pairs if "节" in pair.signs[1] + pair.signs[3]), sign


@pytest.mark.parametrize(
    "marked",
    [
        "【L太原】【L大同】。",
        "会上，【P高远】致辞。【L太原】天晴。",
        "【P高远】致辞。【G花节】开幕。",  # a programme is not meant before it is named
        "【P高远】" + "很" * 100 + "【G花节】。",
    ],
)
def test_no_pair_where_nothing_may_be_meant(marked: str) -> None:
    pairs, _ = found(marked)
    assert [pair.type for pair in pairs if pair.type == "PARTICIPATED_IN"] == []


def test_judge_adds_what_no_pattern_reads() -> None:
    learnt = weights(-3.0, PARTICIPATED_IN={">gap=来到": 5.0})
    assert judged("【P高远】来到【G花节】。", learnt) == [("高远", "PARTICIPATED_IN", "花节", "learned")]
    assert judged("【P高远】离开【G花节】。", learnt) == []


def test_judge_drops_what_all_else_speaks_against() -> None:
    marked = "【P高远】出席【G花节】。"
    assert judged(marked, weights(0.0, PARTICIPATED_IN={}))[0][3] == "attends_programme"
    assert judged(marked, weights(-3.0, PARTICIPATED_IN={})) == []


def test_judge_leaves_alone_what_was_not_learnt() -> None:
    marked = "【P高远】出席【G花节】。"
    rules = [("高远", "PARTICIPATED_IN", "花节", "attends_programme")]
    assert judged(marked, weights(-3.0, RECEIVED={})) == rules
    other = Weights(entities=("Man",), bias={"PARTICIPATED_IN": -9.0}, by_type={"PARTICIPATED_IN": {}})
    assert judged(marked, other) == rules


def test_judge_states_a_symmetric_pair_once() -> None:
    learnt = weights(3.0, PARTNERED_WITH={})
    assert len(judged("【O太重】同【O能裕】。", learnt)) == 1


def test_weights_survive_the_file(tmp_path: Path) -> None:
    learnt = weights(-1.5, RECEIVED={"gap 甲\t乙": 0.25, ">x": -3.0}, OWNS={})
    path = tmp_path / "weights.txt.xz"
    path.write_bytes(classifier.dump(learnt))
    assert classifier.load(path) == learnt


@pytest.mark.parametrize(
    ("calibration", "probability", "confidence"),
    [
        ((), 0.7, 0.7),
        (((0.5, 0.4), (0.9, 0.8)), 0.7, 0.6),
        (((0.5, 0.4), (0.9, 0.8)), 0.25, 0.2),
        (((0.5, 0.4), (0.9, 0.8)), 0.9, 0.8),
        (((0.5, 0.4), (0.9, 0.8)), 1.0, 0.8),
        (((0.5, 0.4), (1.0, 0.9)), 1.0, 0.9),
    ],
)
def test_confidence_is_read_off_the_calibration(
    calibration: tuple[tuple[float, float], ...], probability: float, confidence: float
) -> None:
    learnt = Weights(entities=TYPES, bias={}, by_type={}, calibration=calibration)
    assert learnt.confidence(probability) == confidence


def test_edges_carry_the_calibrated_confidence() -> None:
    marked = "【P高远】出席【G花节】。"
    learnt = Weights(
        entities=TYPES, bias={"PARTICIPATED_IN": 0.0}, by_type={"PARTICIPATED_IN": {}}, calibration=((0.5, 0.75),)
    )
    article, entities = parse(marked)
    for stated in (relations.extract(article, entities, RULES), []):
        read = classifier.judge(article, entities, stated, RULES, replace(learnt, bias={"PARTICIPATED_IN": 1.0}))
        assert [relation.evidence.confidence for relation in read] == [0.75]


def test_the_shipped_confidence_never_falls() -> None:
    shares = [SHIPPED.confidence(step / 100) for step in range(101)]
    assert shares == sorted(shares)
    assert 0 < shares[50] < shares[-1] < 1


@pytest.mark.parametrize(
    "content", [b"", b"no xz", lzma.compress(b"{}"), lzma.compress(b'{"entities":[],"bias":{}}\nx')]
)
def test_a_damaged_file_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "weights.txt.xz"
    path.write_bytes(content)
    with pytest.raises(SchemaError, match="make it anew"):
        classifier.load(path)


def test_the_shipped_weights_speak_of_the_shipped_schema() -> None:
    assert SHIPPED.entities == TYPES
    assert set(SHIPPED.by_type) == set(RULES.schema.relations)


NAMES = ["【P高远】", "【O文旅局】", "【L太原】", "【G花节】", "【G花展】", "【O太重】"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([*NAMES, "出席", "主办", "，", "。", "、", "\n", "获", "的"]), max_size=24))
def test_every_edge_has_allowed_ends_its_sentence_and_a_probability(parts: list[str]) -> None:
    article, entities = parse("".join(parts))
    stated = relations.extract(article, entities, RULES)
    type_by_id: dict[str, Entity] = {entity.id: entity for entity in entities}
    read = classifier.judge(article, entities, stated, RULES, SHIPPED)
    for relation in read:
        head, tail = type_by_id[relation.head_id], type_by_id[relation.tail_id]
        assert RULES.schema.allows(relation.type, head.type, tail.type)
        assert article.text[relation.evidence.start : relation.evidence.end] == relation.evidence.sentence
        assert head.name in relation.evidence.sentence
        assert 0 < relation.evidence.confidence <= 1
