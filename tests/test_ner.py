"""The recogniser: exact offsets, tags mapped by the schema, clear errors; every kind of HanLP model for real."""

import itertools
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from torch import Tensor

from kg import schema
from kg.errors import ModelError
from kg.hints import FILE
from kg.ner import DEFAULT_MODEL, WINDOW, Recognizer, load, model_name, to_tokens
from kg.records import Hint, Mention
from kg.text import windows
from tests import tiny
from tests.records import article

DECLARED = schema.load()
TAGS = DECLARED.type_by_tag
ENTITIES = tuple(DECLARED.entities)


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
    before = model_name(tmp_path)
    (tmp_path / FILE).write_bytes(b"a network")
    assert model_name(tmp_path) != before


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer(DEFAULT_MODEL, type_by_tag=TAGS)


@pytest.mark.model
def test_the_shipped_model_finds_names_of_all_types(recognizer: Recognizer) -> None:
    text = article(
        "本报讯（记者 林一鸣）5月8日，大同市教育局局长周国华在云冈区出席第三届大同市青少年科技创新大赛开幕式。"
        "大赛由大同市教育局、大同大学主办。"
    )
    ((_, mentions, _),) = recognizer.recognize([text])
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
    assert [text.id for text, _, _ in read] == ["long", "blank", "none"]
    for text, mentions, _ in read:
        assert all(text.text[m.start : m.end] == m.text and m.article_id == text.id for m in mentions)
        assert all(left.end <= right.start for left, right in itertools.pairwise(mentions))
    assert sum(m.text == "晋中市" or m.text == "晋中市榆次区" for m in read[0][1]) >= 50


@pytest.mark.model
def test_the_answer_does_not_depend_on_the_company(recognizer: Recognizer) -> None:
    texts = [article(f"{name}举行活动。", id=name) for name in ("太原市总工会", "阳泉市第一人民医院", "长治学院")]
    together = {text.id: mentions for text, mentions, _ in recognizer.recognize(texts)}
    for text in texts:
        ((_, alone, _),) = recognizer.recognize([text])
        assert together[text.id] == alone


class Network:
    """In the place of a model's network: says one thing of the first mention, and keeps what it was shown."""

    def __init__(self) -> None:
        self.shown: list[tuple[str, Tensor]] = []

    def __call__(self, text: str, states: Sequence[Tensor], mentions: Sequence[Mention]) -> tuple[Hint, ...]:
        self.shown.append((text, torch.cat(list(states))))
        return tuple(Hint(type="OWNS", head=m.start, tail=m.end, score=1.0) for m in mentions[:1])


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Network:
    """A network that every model of ours has."""
    made = Network()
    monkeypatch.setattr("kg.network.load", lambda *_: made)
    return made


@pytest.mark.model
def test_a_network_sees_a_state_for_every_character_the_same_in_any_company(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.ner.ROUND", 2)
    monkeypatch.setattr("kg.tagger.ROUND", 3)
    long = "晋中市榆次区举行活动，" * 60 + "结束。"
    texts = [
        article(body, id=body[:3]) for body in (long, "\n", "太原市总工会举行活动。\n太原市总工会主办。", "长治学院。")
    ]
    ours = Recognizer(DEFAULT_MODEL, type_by_tag=TAGS, entities=ENTITIES)
    for _, mentions, guess in ours.recognize(texts):
        hints = guess(mentions)
        assert hints == tuple(Hint(type="OWNS", head=m.start, tail=m.end, score=1.0) for m in mentions[:1])
    together, network.shown = network.shown, []
    assert [text for text, _ in together] == [text.text for text in texts]
    component = load(DEFAULT_MODEL)
    for text, (_, states) in zip(texts, together, strict=True):
        tokens = to_tokens(text.text)
        read = component.encoder.read(component._ids(tokens[start:end]) for start, end in windows(text.text, WINDOW))
        assert len(states) == len(text.text)
        assert torch.equal(torch.cat([seen for _, seen in read]), states)
        ((_, mentions, guess),) = ours.recognize([text])
        guess(mentions)
        assert torch.equal(network.shown.pop()[1], states)


@pytest.mark.model
def test_no_network_looks_at_a_long_article(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.ner.LONGEST", 20)
    ours = Recognizer(DEFAULT_MODEL, type_by_tag=TAGS, entities=ENTITIES)
    bodies = ("太原市总工会。", "太原市总工会举行活动，长治学院主办。" * 2, "")
    found = [guess(mentions) for _, mentions, guess in ours.recognize(map(article, bodies))]
    assert [hints is None for hints in found] == [False, True, True]
    assert len(network.shown) == 1


@pytest.mark.model
def test_no_network_looks_where_the_model_has_none(recognizer: Recognizer, tmp_path: Path) -> None:
    text = article("太原市总工会举行活动。")
    ((_, mentions, guess),) = recognizer.recognize([text])  # which was not told the types
    assert guess(mentions) is None
    bare = tmp_path / "bare"
    bare.mkdir()
    for file in DEFAULT_MODEL.iterdir():
        if file.name != FILE:
            (bare / file.name).symlink_to(file)
    ((_, mentions, guess),) = Recognizer(bare, type_by_tag=TAGS, entities=ENTITIES).recognize([text])
    assert guess(mentions) is None
    (bare / FILE).write_bytes(b"nothing")
    with pytest.raises(ModelError, match=FILE):
        Recognizer(bare, type_by_tag=TAGS, entities=ENTITIES).load()


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


@pytest.mark.model
def test_only_a_model_of_ours_is_asked_for_hints(reader: Recognizer, network: Network) -> None:
    is_ours = reader.name == model_name(DEFAULT_MODEL)
    other = Recognizer(reader._model, type_by_tag=TAGS, entities=ENTITIES)
    ((_, mentions, guess),) = other.recognize([article(tiny.SENTENCE)])
    assert (guess(mentions) is not None) is is_ours
    assert bool(network.shown) is is_ours


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
