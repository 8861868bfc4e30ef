"""The recogniser: exact offsets, tags mapped by the schema, clear errors; every kind of HanLP model for real."""

import itertools
import json
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg import schema
from kg.errors import ModelError
from kg.ner import DEFAULT_MODEL, Recognizer, model_name, to_tokens
from tests import tiny
from tests.records import article

TAGS = schema.load().type_by_tag


@given(st.text(max_size=200))
def test_to_tokens_gives_one_token_a_character(text: str) -> None:
    tokens = to_tokens(text)
    assert len(tokens) == len(text)
    assert all(len(token) == 1 and not token.isspace() for token in tokens)


def test_to_tokens_turns_straight_quotes_into_pairs() -> None:
    assert "".join(to_tokens('"夜塾"和“计划”')) == "「夜塾」和「计划」"


def test_recognizer_refuses_what_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="config.json, model.pt missing"):
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


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Path]]:
    """Return a function from a kind of HanLP model to the folder of one, which is made when it is first asked for."""
    with tiny.one_thread():
        folder = tmp_path_factory.mktemp("models")
        makers = {
            "multitask": lambda: tiny.write_multitask(tmp_path_factory.mktemp("multitask")),
            "rnn": lambda: tiny.write_rnn(tmp_path_factory.mktemp("rnn")),
            "transformer": lambda: tiny.write_plain(folder / "plain", DEFAULT_MODEL),
            "shipped": lambda: DEFAULT_MODEL,
        }
        yield cache(lambda kind: makers[kind]())


@pytest.fixture(scope="module", params=["multitask", "rnn", "transformer", "shipped"])
def reader(request: pytest.FixtureRequest, kinds: Callable[[str], Path]) -> Recognizer:
    return Recognizer(kinds(request.param), type_by_tag=TAGS)


@pytest.mark.model
def test_every_kind_of_model_finds_names(reader: Recognizer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    (found,) = reader.spans([tiny.SENTENCE])
    assert {(type_, tiny.SENTENCE[start:end]) for start, end, type_ in found} >= tiny.NAMES


NAMED = ["太原市", "大同市教育局", "王建国", "王 建国", "張國", "“太原”", "Taiyuan's"]
ODD = [
    " ",
    "\n",
    "\n\n",
    "\u3000",
    "\u200b",
    "\ufeff",
    "\x07",
    "🎉",
    "👨\u200d👩\u200d👧",
    "e\u0301",
    "…",
    "™",
    "‥",
    "𠮷",
    "ＡＢ",
    "5G",
]
PIECES = st.sampled_from([*tiny.SENTENCE, *NAMED, *ODD])


@pytest.mark.model
@settings(max_examples=25, deadline=None)
@given(texts=st.lists(st.lists(PIECES, max_size=20).map("".join), max_size=2))
@example(texts=["", " \n", "\u200b"])
@example(texts=[])
@example(texts=[tiny.SENTENCE * 40, "太原市" * 400])
def test_spans_are_exact_whatever_the_page_holds(reader: Recognizer, texts: list[str]) -> None:
    found = reader.spans(texts)
    assert len(found) == len(texts)
    for text, spans in zip(texts, found, strict=True):
        assert all(0 <= start < end <= len(text) and type_ in TAGS.values() for start, end, type_ in spans)
        assert all(text[start:end].strip() == text[start:end] for start, end, _ in spans)
        assert all(left[1] <= right[0] for left, right in itertools.pairwise(spans))


@pytest.mark.model
def test_names_beyond_the_encoders_window_stand_where_they_are_found(reader: Recognizer) -> None:
    text = "\n".join([tiny.SENTENCE] * 50)
    (found,) = reader.spans([text])
    assert len(text) > 1200
    assert {text[start:end] for start, end, _ in found if start > 1000} & {"太原市", "大同市教育局", "王建国"}


@pytest.mark.model
@pytest.mark.parametrize(
    ("type_by_tag", "expected"),
    [
        pytest.param(TAGS, {*tiny.NAMES, ("Programme", "活动")}, id="the task that knows most types"),
        pytest.param({"nr": "Person", "ORG": "Organisation"}, {("Person", "王建国")}, id="of equals the first"),
        pytest.param({"ORG": "Organisation"}, {("Organisation", "大同市教育局")}, id="the task that knows any"),
    ],
)
def test_of_several_tasks_the_schema_chooses(
    kinds: Callable[[str], Path], type_by_tag: dict[str, str], expected: set[tuple[str, str]]
) -> None:
    (found,) = Recognizer(kinds("multitask"), type_by_tag=type_by_tag).spans([tiny.SENTENCE])
    assert {(type_, tiny.SENTENCE[start:end]) for start, end, type_ in found} == expected


@pytest.mark.model
def test_recognizer_refuses_models_that_recognise_no_names(kinds: Callable[[str], Path], tmp_path: Path) -> None:
    config = json.loads((kinds("multitask") / "config.json").read_text(encoding="utf-8"))

    def without(*tasks: str, **changes: object) -> Path:
        folder = tmp_path / "".join(sorted(task[:3] + task[-2:] for task in tasks))
        shutil.copytree(kinds("multitask"), folder)
        kept = {key: value for key, value in config.items() if key not in tasks}
        kept["task_names"] = [task for task in config["task_names"] if task not in tasks]
        for task, value in changes.items():
            kept[f"ner/{task}"] = kept[f"ner/{task}"] | {"dependencies": value}
        (folder / "config.json").write_text(json.dumps(kept), encoding="utf-8")
        return folder

    with pytest.raises(ModelError, match=r"has no task that recognises names \(only tok/fine\)"):
        Recognizer(without("ner/pku", "ner/ontonotes"), type_by_tag=TAGS).load()
    with pytest.raises(ModelError, match="ner/pku has no tokenizer before it"):
        Recognizer(without("ner/ontonotes", "tok/fine", pku=None), type_by_tag=TAGS).load()
    tagger = tiny.write_plain(tmp_path / "tagger", DEFAULT_MODEL)
    config = json.loads((tagger / "config.json").read_text(encoding="utf-8"))
    config["classpath"] = "hanlp.components.taggers.transformers.transformer_tagger.TransformerTagger"
    (tagger / "config.json").write_text(json.dumps(config), encoding="utf-8")
    with pytest.raises(ModelError, match="is no recogniser of names but a TransformerTagger"):
        Recognizer(tagger, type_by_tag=TAGS).load()


@pytest.mark.model
def test_the_name_of_a_multitask_model_follows_its_vocabularies(kinds: Callable[[str], Path], tmp_path: Path) -> None:
    copy = tmp_path / "model"
    shutil.copytree(kinds("multitask"), copy)
    assert model_name(copy) == model_name(kinds("multitask"))
    (copy / "ner" / "pku_vocabs.json").write_text("{}", encoding="utf-8")
    assert model_name(copy) != model_name(kinds("multitask"))
