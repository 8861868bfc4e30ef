"""Reading by the encoder: HanLP's own scores and states, in any company to the last bit; much the same with int8."""

import json
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.encoder import LAST, Encoder, _fp32, _int8, gains_from_int8
from kg.ner import DEFAULT_MODEL, to_tokens
from kg.tagger import NewsEntityRecognizer
from kg.text import windows

GOLD = tuple(Path(__file__).parent / "gold" / f"{name}.gold.jsonl" for name in ("seeds", "unseen"))
PARTS = ("太原市", "教育局", "局长", "王明", "出席", "“书香太原”", "活动", "，", "。", "Ａ", "½", "\U00020000", " ")
# Of the names in those articles (1,451), the share that may differ between fp32 and int8.
DIFFERENT = 0.02

int8_only = pytest.mark.skipif(not gains_from_int8(), reason="this processor reads in fp32")


@pytest.fixture(scope="module")
def component() -> NewsEntityRecognizer:
    component = NewsEntityRecognizer()
    component.load(str(DEFAULT_MODEL), devices=-1, verbose=False)
    return component


@int8_only
@pytest.mark.parametrize(
    ("capability", "expected"), [("AVX2", True), ("AVX512", True), ("DEFAULT", False), ("SVE256", False)]
)
def test_int8_is_for_processors_that_gain(monkeypatch: pytest.MonkeyPatch, capability: str, expected: bool) -> None:
    monkeypatch.setattr("torch.backends.cpu.get_cpu_capability", lambda: capability)
    assert gains_from_int8() is expected


@int8_only
def test_int8_is_nearly_the_same_map() -> None:
    torch.manual_seed(0)
    halves = torch.nn.Linear(64, 48), torch.nn.Linear(64, 16)
    rows = torch.randn(20, 64) * torch.logspace(-2, 2, 20).unsqueeze(1)
    with torch.inference_mode():
        expected, found = _fp32(*halves)(rows), _int8(*halves)(rows)
    size = expected.abs().amax(-1, keepdim=True)
    assert bool(((expected - found).abs() < 0.05 * size).all())


@pytest.mark.model
def test_fp32_gives_the_scores_and_states_of_hanlp(component: NewsEntityRecognizer) -> None:
    window = to_tokens("".join(PARTS) * 3)
    loader = component.build_dataloader([{"token": window, "token_": window}], 1, False, component.device)
    (batch,) = loader
    with torch.no_grad():
        expected, _ = component.feed_batch(batch)
        whole = component.model.encoder.transformer(batch["token_input_ids"], output_hidden_states=True)
    ids = component._ids(window)
    assert ids.tolist() == batch["token_input_ids"][0].tolist()
    ((scores, states),) = Encoder(component.model, int8=False).read([ids])
    assert torch.allclose(scores, expected[0], atol=1e-3)
    assert torch.allclose(states, torch.cat(whole.hidden_states[-LAST:], -1)[0, 1:-1], atol=1e-3)


@int8_only
@pytest.mark.model
def test_int8_finds_the_same_names_but_for_a_few(component: NewsEntityRecognizer) -> None:
    texts = [json.loads(line)["text"] for file in GOLD for line in file.read_text(encoding="utf-8").splitlines()]
    cuts = [to_tokens(text)[start:end] for text in texts for start, end in windows(text, 160)]
    found = []
    for int8 in (False, True):
        component.encoder = Encoder(component.model, int8=int8)
        found.append({(index, *name) for index, names in enumerate(component(cuts)) for name in names})
    assert len(found[0]) > 1000
    assert len(found[0] ^ found[1]) <= DIFFERENT * 2 * len(found[0])


@pytest.mark.model
@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(PARTS), min_size=1, max_size=12).map("".join), min_size=1, max_size=5),
    st.randoms(use_true_random=False),
)
def test_what_is_read_does_not_depend_on_company_or_order(component, texts, random) -> None:  # type: ignore[no-untyped-def]
    read = [component._ids(to_tokens(text)) for text in texts]
    order = random.sample(range(len(texts)), len(texts))
    alone = [component.encoder.read([ids])[0] for ids in read]
    together = component.encoder.read([read[index] for index in order])
    for index, (scores, states) in zip(order, together, strict=True):
        assert torch.equal(alone[index][0], scores)
        assert torch.equal(alone[index][1], states)
    spans = component([to_tokens(text) for text in texts])
    assert spans == [component([to_tokens(text)])[0] for text in texts]


@pytest.mark.model
@pytest.mark.parametrize("window", [["太"] * 600, ["太原市", "总工会", "举行", "活动"]], ids=["too long", "words"])
def test_what_is_no_window_of_characters_is_read_by_hanlp_itself(
    component: NewsEntityRecognizer, window: list[str]
) -> None:
    asked = component.encoder
    component.encoder = type("Limit", (), {"limit": asked.limit})()  # fails if asked to read
    try:
        (names,) = component([window])
        ((_, states),) = component.read([window], 1)
    finally:
        component.encoder = asked
    assert all(0 <= start < end <= len(window) for _, _, start, end in names)
    assert states is None


@pytest.mark.model
def test_more_windows_than_are_decoded_together(
    component: NewsEntityRecognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    cuts = [to_tokens(f"{name}举行活动。") for name in ("太原市总工会", "长治学院", "阳泉市第一人民医院")]
    whole = component(cuts)
    monkeypatch.setattr("kg.tagger.ROUND", 2)
    assert component(cuts) == whole
    assert all(whole)


@pytest.mark.model
def test_the_model_stays_fp32_and_a_new_one_is_read_anew() -> None:
    component = NewsEntityRecognizer()
    component.load(str(DEFAULT_MODEL), devices=-1, verbose=False)
    first = component.encoder
    assert {parameter.dtype for parameter in component.model.parameters()} == {torch.float32}
    component.load(str(DEFAULT_MODEL), devices=-1, verbose=False)
    assert component.encoder is not first
