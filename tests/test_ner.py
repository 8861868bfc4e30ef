"""The recogniser: exact offsets, tags mapped by the schema, clear errors; the shipped model for real."""

import itertools
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import schema
from kg.errors import ModelError
from kg.ner import DEFAULT_MODEL, Recognizer, model_name, to_tokens, token_offsets
from tests.records import article

TAGS = schema.load().type_by_tag


@given(st.text(max_size=200))
def test_to_tokens_gives_one_token_a_character(text: str) -> None:
    tokens = to_tokens(text)
    assert len(tokens) == len(text)
    assert all(len(token) == 1 and not token.isspace() for token in tokens)


def test_to_tokens_turns_straight_quotes_into_pairs() -> None:
    assert "".join(to_tokens('"夜塾"和“计划”')) == "「夜塾」和「计划」"


@pytest.mark.parametrize(
    ("text", "tokens", "expected"),
    [
        ("太原市教育局", ["太原市", "教育局"], [(0, 3), (3, 6)]),
        ("5G 基站", ["5G", "基站"], [(0, 2), (3, 5)]),
        ("太原太原", ["太原", "太原"], [(0, 2), (2, 4)]),
        ("Ａ市和A市", ["A", "市", "和", "A", "市"], [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)]),
    ],
)
def test_token_offsets_are_characters(text: str, tokens: list[str], expected: list[tuple[int, int]]) -> None:
    assert token_offsets(text, tokens) == expected


def test_recognizer_refuses_what_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="config.json, vocabs.json, model.pt missing"):
        Recognizer(tmp_path, type_by_tag=TAGS)


@pytest.mark.parametrize(
    "config", ["{", "{}", json.dumps({"classpath": "kg.nowhere.Model"}), json.dumps({"classpath": "kg.errors.KGError"})]
)
def test_recognizer_refuses_a_folder_that_hanlp_cannot_load(tmp_path: Path, config: str) -> None:
    (tmp_path / "config.json").write_text(config)
    (tmp_path / "vocabs.json").write_text("{}")
    (tmp_path / "model.pt").write_bytes(b"nothing")
    with pytest.raises(ModelError, match="HanLP cannot load it"):
        Recognizer(tmp_path, type_by_tag=TAGS).load()


def test_recognizer_refuses_an_unknown_identifier() -> None:
    with pytest.raises(ModelError, match="no such folder, and no identifier"):
        Recognizer("NO_SUCH_MODEL", type_by_tag=TAGS).load()


def test_model_name_follows_the_content(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    before = model_name(tmp_path)
    (tmp_path / "config.json").write_text('{"seed": 2}')
    assert model_name(tmp_path) != before
    assert model_name("MSRA_NER_BERT_BASE_ZH") == "MSRA_NER_BERT_BASE_ZH"


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer(DEFAULT_MODEL, type_by_tag=TAGS)


@pytest.mark.model
def test_the_shipped_model_finds_names_of_all_types(recognizer: Recognizer) -> None:
    text = article(
        "本报讯（记者 林一鸣）5月8日，大同市教育局局长周国华在云冈区出席第三届大同市青少年科技创新大赛开幕式。"
        "大赛由大同市教育局、大同大学主办。"
    )
    ((_, mentions),) = recognizer.recognize([text])
    found = {(mention.type, mention.text) for mention in mentions}
    assert {("Person", "周国华"), ("Organisation", "大同市教育局"), ("Place", "云冈区")} <= found
    assert any(type_ == "Programme" and "科技创新大赛" in name for type_, name in found)


@pytest.mark.model
def test_mentions_are_slices_in_order_without_overlap(recognizer: Recognizer) -> None:
    long = "晋中市榆次区举行活动，" * 60 + "结束。"
    articles = [
        article(long, id="long"),
        article("\n", id="blank"),
        article("无名之文", id="none", title="太原市教育局"),
    ]
    read = list(recognizer.recognize(articles))
    assert [text.id for text, _ in read] == ["long", "blank", "none"]
    for text, mentions in read:
        assert all(text.text[m.start : m.end] == m.text and m.article_id == text.id for m in mentions)
        assert all(left.end <= right.start for left, right in itertools.pairwise(mentions))
    assert sum(m.text == "晋中市" or m.text == "晋中市榆次区" for m in read[0][1]) >= 50


@pytest.mark.model
def test_the_answer_does_not_depend_on_the_company(recognizer: Recognizer) -> None:
    texts = [article(f"{name}举行活动。", id=name) for name in ("太原市总工会", "阳泉市第一人民医院", "长治学院")]
    together = {text.id: mentions for text, mentions in recognizer.recognize(texts)}
    for text in texts:
        ((_, alone),) = recognizer.recognize([text])
        assert together[text.id] == alone
