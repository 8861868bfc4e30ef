"""The network of relations: its file, what the shipped one says, and the script that teaches it."""

import io
import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import torch

from kg import classifier, hints, jsonlines, lessons, network, schema
from kg.errors import ModelError
from kg.hints import Types
from kg.ner import DEFAULT_MODEL, Recognizer
from kg.network import Network
from kg.records import Article, Hint, Mention
from kg.training import Recipe
from tests.records import article
from tests.test_hints import TEXT, mentions
from tests.tiny import one_thread

ROOT = Path(__file__).parents[1]
DECLARED = schema.load()
TYPES = Types.of(DECLARED)
STATES = 8


def built() -> Network:
    torch.manual_seed(1)
    return Network(states=STATES, entities=len(TYPES.entities), relations=len(TYPES.relations)).eval()


def states(text: str) -> torch.Tensor:
    return torch.randn(len(text), 2 * STATES, generator=torch.Generator().manual_seed(2))


def test_a_network_is_read_as_it_was_saved(tmp_path: Path) -> None:
    made = built()
    torch.nn.init.constant_(made.judge.bias, 0.0)
    network.save(made, TYPES, tmp_path)
    hinter = network.load(tmp_path, TYPES.entities, STATES)
    assert hinter
    seen = hints.view(TEXT, mentions(TEXT), TYPES)
    with torch.inference_mode():
        scores = made(states(TEXT), seen)
    found = hinter(TEXT, [states(TEXT)], mentions(TEXT))
    assert len(found) == np.count_nonzero(seen.allowed)
    expected = {round(float(score), 1) for score in scores[torch.from_numpy(seen.allowed)]}
    assert {round(hint.score, 1) for hint in found} <= {
        round(one + step, 1) for one in expected for step in (-0.1, 0, 0.1)
    }
    assert hinter(TEXT, [states(TEXT)], []) == ()


def test_no_file_or_other_types_are_no_network(tmp_path: Path) -> None:
    assert network.load(tmp_path, TYPES.entities, STATES) is None
    network.save(built(), TYPES, tmp_path)
    assert network.load(tmp_path, TYPES.entities[::-1], STATES) is None


def test_a_network_of_another_encoder_is_a_clear_error(tmp_path: Path) -> None:
    network.save(built(), TYPES, tmp_path)
    with pytest.raises(ModelError, match=r"cannot be read .*shape"):
        network.load(tmp_path, TYPES.entities, 2 * STATES)


def test_no_list_of_names_is_too_long_for_the_memory() -> None:
    text = "、".join(f"{a}{b}村" for a in "东西南北中" for b in "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥") + "。"
    villages = [
        Mention(article_id="a", start=at, end=at + 3, text=text[at : at + 3], type="Place")
        for at in range(0, len(text) - 1, 4)
    ]
    seen = hints.view(text, villages, TYPES)
    assert len(villages) ** 2 > hints.MOST == len(seen.pairs)
    assert ("东甲村", "东乙村") in {(villages[head].text, villages[tail].text) for head, tail in seen.pairs.tolist()}
    with torch.inference_mode():
        assert built()(states(text), seen).shape == (hints.MOST, len(TYPES.relations))


def numpy_file() -> bytes:
    kept = io.BytesIO()
    np.save(kept, np.zeros(3))
    return kept.getvalue()


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 cut off", numpy_file()])
def test_a_damaged_file_is_a_clear_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / hints.FILE).write_bytes(content)
    with pytest.raises(ModelError, match=f"{hints.FILE}: cannot be read .*; install anew"):
        network.load(tmp_path, TYPES.entities, STATES)


def test_a_changed_byte_is_a_clear_error_or_none_at_all(tmp_path: Path) -> None:
    network.save(built(), TYPES, tmp_path)
    whole = (tmp_path / hints.FILE).read_bytes()
    for place in range(0, len(whole), len(whole) // 150):
        (tmp_path / hints.FILE).write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        with suppress(ModelError):
            network.load(tmp_path, TYPES.entities, STATES)


def test_missing_weights_are_a_clear_error(tmp_path: Path) -> None:
    network.save(built(), TYPES, tmp_path)
    with np.load(tmp_path / hints.FILE) as file:
        kept = {name: file[name] for name in file.files if name != "judge.bias"}
    np.savez(tmp_path / hints.FILE, **kept)
    with pytest.raises(ModelError, match=r"judge\.bias"):
        network.load(tmp_path, TYPES.entities, STATES)


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer(DEFAULT_MODEL, type_by_tag=DECLARED.type_by_tag, entities=TYPES.entities)


def told(recognizer: Recognizer, text: Article) -> dict[tuple[str, str, str], float]:
    """Return the scores of the shipped network's hints by type and the letters of head and tail."""
    ((_, found, guess),) = recognizer.recognize([text])
    names = {mention.start: mention.text for mention in found}
    given: tuple[Hint, ...] = guess(found) or ()
    return {(hint.type, names[hint.head], names[hint.tail]): hint.score for hint in given}


def test_the_shipped_network_reads_across_sentences(recognizer: Recognizer) -> None:
    body = "12月3日，第三届汾河数字经济大会在太原市开幕。晋阳科技集团董事长王建国出席会议并致辞。"
    found = told(recognizer, article(body=body))
    assert found["PARTICIPATED_IN", "王建国", "第三届汾河数字经济大会"] > 0
    assert found["HOLDS_POSITION", "王建国", "晋阳科技集团"] > 0
    assert ("OWNS", "王建国", "晋阳科技集团") not in found


def test_hints_are_the_same_in_company(recognizer: Recognizer) -> None:
    bodies = ("太原市教育局局长王建国出席活动。", "汾河数字经济大会由太原市工信局主办。" * 5)
    alone = [told(recognizer, article(body=body)) for body in bodies]
    texts = [article(id=str(number), body=body) for number, body in enumerate(bodies)]
    for before, (text, found, guess) in zip(alone, recognizer.recognize(texts), strict=True):
        names = {mention.start: text.text[mention.start : mention.end] for mention in found}
        given = guess(found) or ()
        assert {(hint.type, names[hint.head], names[hint.tail]): hint.score for hint in given} == before


def test_the_script_teaches_a_model_that_gives_hints(tmp_path: Path) -> None:
    rows = list(jsonlines.read_lines(ROOT / "training" / "written-3.jsonl"))
    share = Recipe().held_out
    held_out = [row for row in rows if lessons.is_held_out(row["id"], share)][:1]
    learnt = [row for row in rows if not lessons.is_held_out(row["id"], share)][:5]
    labels, weights, model = tmp_path / "labels.jsonl", tmp_path / "relations.txt.xz", tmp_path / "model"
    labels.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in [*held_out, *learnt]), "utf-8")
    weights.write_bytes(classifier.dump(classifier.load().bare()))
    options = ["--out", str(model), "--epochs", "1", "--weights", str(weights)]
    command = [sys.executable, "scripts/network.py", str(labels), *options]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    assert "epoch 1: held-out relations" in done.stderr
    assert set(classifier.load(weights).blends) == set(DECLARED.relations)
    with one_thread():
        taught = Recognizer(model, type_by_tag=DECLARED.type_by_tag, entities=TYPES.entities)
        assert taught.name != Recognizer(DEFAULT_MODEL, type_by_tag=DECLARED.type_by_tag).name
        ((_, found, guess),) = taught.recognize([article(body=rows[0]["text"])])
        assert found
        assert guess(found) is not None
