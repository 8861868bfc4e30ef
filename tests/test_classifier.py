"""Pairs and their signs, weighed: by weights written by hand, then what the shipped ones promise everywhere."""

import json
import lzma
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import classifier, relations, schema
from kg.candidates import Candidate, candidates
from kg.classifier import Blend, Weights
from kg.errors import SchemaError
from kg.hints import UNHINTED
from kg.records import Entity, Hint, Relation
from tests.test_relations import parse

RULES = relations.compile_rules(schema.load())
TYPES = tuple(RULES.schema.entities)
SHIPPED = classifier.load()


def found(marked: str) -> tuple[list[Candidate], list[Relation]]:
    article, entities = parse(marked)
    stated = relations.extract(article, entities, RULES)
    return list(candidates(article, entities, stated, RULES)), stated


def judged(marked: str, weights: Weights, hints: Sequence[Hint] | None = None) -> list[tuple[str, str, str, str]]:
    article, entities = parse(marked)
    stated = relations.extract(article, entities, RULES)
    name_by_id = {entity.id: entity.name for entity in entities}
    return [
        (name_by_id[relation.head_id], relation.type, name_by_id[relation.tail_id], relation.evidence.rule)
        for relation in classifier.judge(article, entities, stated, RULES, weights, hints=hints)
    ]


def hint(marked: str, type_: str, head: str, tail: str, score: float) -> Hint:
    """Return a hint on the first mentions of two names."""
    _, entities = parse(marked)
    starts = {entity.name: entity.mentions[0].start for entity in entities}
    return Hint(type=type_, head=starts[head], tail=starts[tail], score=score)


def hinted(marked: str, *hints: tuple[str, str, str, float]) -> dict[tuple[str, str], Candidate]:
    """Return the candidates of the hints' types by the names of their ends."""
    article, entities = parse(marked)
    stated = relations.extract(article, entities, RULES)
    told = [hint(marked, *one) for one in hints]
    name = {entity.id: entity.name for entity in entities}
    return {
        (name[pair.head_id], name[pair.tail_id]): pair
        for pair in candidates(article, entities, stated, RULES, told)
        if pair.type in {one.type for one in told}
    }


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


def test_a_hint_adds_up_over_the_mentions_of_a_pair() -> None:
    marked = "【P高远】来到【G花节】。【P高远】离开【G花节】。"
    pairs = hinted(marked, ("PARTICIPATED_IN", "高远", "花节", -1.0), ("PARTICIPATED_IN", "高远", "花节", -2.0))
    assert pairs["高远", "花节"].hint == pytest.approx(math.log(math.exp(-1) + math.exp(-2)))


def test_where_a_network_looked_only_what_is_hinted_at_or_read_is_a_pair() -> None:
    marked = "【P高远】来到【G花节】、【G花展】。【P高远】主办【G酒会】。"
    pairs = hinted(marked, ("ORGANISED", "高远", "花节", -1.0))
    assert {ends: pair.hint for ends, pair in pairs.items()} == {
        ("高远", "花节"): pytest.approx(-1.0),
        ("高远", "酒会"): UNHINTED,
    }


@pytest.mark.parametrize("marked", ["【O太重】同【O能裕】。", "【O太重】来了。【O能裕】走了。"])
def test_a_hint_on_a_symmetric_pair_counts_in_both_orders(marked: str) -> None:
    pairs = hinted(marked, ("PARTNERED_WITH", "太重", "能裕", 1.0), ("PARTNERED_WITH", "能裕", "太重", 0.0))
    both = pytest.approx(math.log(math.exp(1) + 1))
    assert {ends: pair.hint for ends, pair in pairs.items()} == {("太重", "能裕"): both, ("能裕", "太重"): both}


def test_a_pair_that_only_a_hint_makes_one_has_no_signs_and_stands_with_its_tail() -> None:
    marked = "【P高远】来了。会议热烈。【O太重】在【L太原】。【O太重】走了。"
    pairs = hinted(marked, ("HOLDS_POSITION", "高远", "太重", 0.5))
    (pair,) = pairs.values()
    slot = pair.clause.slots[pair.span[0]]
    assert slot is not None
    assert (slot.entity.name, slot.start, pair.span[1] - pair.span[0]) == ("太重", 10, 1)
    assert pair.signs == ()
    assert pair.hint == pytest.approx(0.5)


def test_a_hinted_pair_stands_with_its_head_where_the_tail_is_in_no_sentence() -> None:
    marked = "【P高远】来了。【O太重。集团】走了。"  # a name that crosses a sentence's end is not seen
    assert hinted(marked, ("HOLDS_POSITION", "高远", "太重。集团", 0.5))["高远", "太重。集团"].clause.start == 0
    assert hinted("【P高。远】来了。【O太重。集团】走了。", ("HOLDS_POSITION", "高。远", "太重。集团", 0.5)) == {}


def test_hints_that_say_nothing_of_a_pair_are_left_out() -> None:
    marked = "【P高远】来了。【L太原】天晴。【P高远】走了。"
    article, entities = parse(marked)
    told = [
        Hint(type="HOLDS_POSITION", head=5, tail=0, score=3.0),  # of types that the schema does not allow
        Hint(type="MARRIED_TO", head=0, tail=5, score=3.0),  # of a type that it does not know
        Hint(type="PARTNERED_WITH", head=0, tail=10, score=3.0),  # on one entity
        Hint(type="HOLDS_POSITION", head=1, tail=5, score=3.0),  # on what is no mention
    ]
    assert list(candidates(article, entities, [], RULES, told)) == list(candidates(article, entities, [], RULES))


def test_what_a_pattern_reads_across_sentences_is_left_to_it() -> None:
    marked = "【O市博物馆】今天开馆。馆长【P高远】说，展品有三百件。"
    blended = replace(weights(0.0, HOLDS_POSITION={}), blends={"HOLDS_POSITION": blend(bias=-9.0)})
    told = [hint(marked, "HOLDS_POSITION", "高远", "市博物馆", -2.0)]
    for hints in (None, told):
        assert judged(marked, blended, hints) == [("高远", "HOLDS_POSITION", "市博物馆", "bare_post")]


def blend(**changes: float) -> Blend:
    return Blend(**({"hint": 0.0, "signs": 0.0, "unseen": 0.0, "stated": 0.0, "bias": 0.0} | changes))


@pytest.mark.parametrize(
    ("signs", "hint", "log_odds"),
    [
        (("a",), 2.0, 2 * 2.0 + 0.5 * 1.5 + 0.125),
        (("a", "read"), 2.0, 2 * 2.0 + 0.5 * 1.5 + 4.0 + 0.125),
        (("big",), UNHINTED, 2 * UNHINTED + 0.5 * classifier.HIGHEST + 0.125),
        ((), 2.0, 2 * 2.0 - 1.0 + 0.125),
    ],
)
def test_a_blend_weighs_hint_and_signs(signs: tuple[str, ...], hint: float, log_odds: float) -> None:
    ((pair, *_), _) = found("【P高远】来到【G花节】。")
    of_type = {pair.type: blend(hint=2.0, signs=0.5, unseen=-1.0, stated=4.0, bias=0.125)}
    learnt = weights(1.0, **{pair.type: {"a": 0.5, "big": 99.0}})
    blended = replace(learnt, blends=of_type)
    pair = replace(pair, signs=signs, hint=hint)
    assert blended.probability(pair) == pytest.approx(1 / (1 + math.exp(-log_odds)))
    alone = learnt.probability(pair)
    assert blended.bare().probability(pair) == alone
    assert (alone == 0.0) is (not signs)


def test_signs_alone_decide_where_no_network_looked() -> None:
    marked = "【P高远】来到【G花节】。"
    learnt = replace(
        weights(0.0, PARTICIPATED_IN={">gap=来到": 5.0}),
        blends={"PARTICIPATED_IN": blend(hint=1.0, bias=1.0)},
        calibration=((0.5, 0.75),),
        blended_calibration=((0.5, 0.25),),
    )
    article, entities = parse(marked)

    def read(hints: Sequence[Hint] | None) -> list[float]:
        kept = classifier.judge(article, entities, [], RULES, learnt, hints=hints)
        return [relation.evidence.confidence for relation in kept]

    assert read(None) == [0.75]
    assert read([]) == []  # the network found nothing
    assert read([hint(marked, "PARTICIPATED_IN", "高远", "花节", 2.0)]) == [0.25]


def test_judge_adds_what_only_a_hint_speaks_for() -> None:
    marked = "【O太重】来了。【O能裕】走了。"
    told = [hint(marked, "PARTNERED_WITH", "能裕", "太重", 2.0)]
    learnt = weights(9.0, PARTNERED_WITH={})
    assert judged(marked, learnt, told) == []  # no blend says what a hint is worth
    blended = replace(learnt, blends={"PARTNERED_WITH": blend(hint=1.0)})
    assert judged(marked, blended, told) == [("能裕", "PARTNERED_WITH", "太重", "learned")]
    assert judged(marked, blended) == []


def test_weights_survive_the_file(tmp_path: Path) -> None:
    learnt = weights(-1.5, RECEIVED={"gap 甲\t乙": 0.25, ">x": -3.0}, OWNS={})
    blended = replace(
        learnt, blends={"OWNS": blend(hint=0.75)}, calibration=((0.5, 0.25),), blended_calibration=((0.5, 0.75),)
    )
    path = tmp_path / "weights.txt.xz"
    for one in (learnt, blended):
        path.write_bytes(classifier.dump(one))
        assert classifier.load(path) == one


def test_weights_of_before_there_were_hints_have_no_blends(tmp_path: Path) -> None:
    learnt = weights(-1.5, RECEIVED={">x": -3.0})
    head, _, lines = lzma.decompress(classifier.dump(learnt)).decode().partition("\n")
    old = {key: value for key, value in json.loads(head).items() if not key.startswith("blend")}
    path = tmp_path / "weights.txt.xz"
    path.write_bytes(lzma.compress(f"{json.dumps(old)}\n{lines}".encode()))
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
    "content",
    [
        b"",
        b"no xz",
        lzma.compress(b"{}"),
        lzma.compress(b"[]"),
        lzma.compress(b'{"entities":[],"bias":{}}\nx'),
        lzma.compress(b'{"entities":[],"bias":{"A":0},"blends":{"A":{"hint":1}}}\n0\t1\tx'),
        lzma.compress(b'{"entities":[],"bias":{"A":0},"calibration":[[1]]}\n0\t1\tx'),
    ],
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
