"""kg train for real: a tiny encoder, a handful of articles, and a model that finds names; nothing left half-made."""

import lzma
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from kg import labels, lessons, schema, training
from kg.cli import main
from kg.errors import InputError, ModelError
from kg.labels import Span
from kg.ner import DEFAULT_MODEL, Recognizer
from kg.scorer import PRF
from kg.tagger import NewsEntityRecognizer
from tests import tiny

TAGS = schema.load().type_by_tag
QUICK = ("--epochs", 10, "--lr", "5e-3", "--held-out", 0.2)

Train = Callable[..., Result]


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    with tiny.one_thread():
        yield


@pytest.fixture
def train() -> Train:
    def run(*arguments: object) -> Result:
        return CliRunner().invoke(main, ["train", *map(str, arguments)])

    return run


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    texts = [labels.full_text(row) for row in tiny.articles(60)]
    return tiny.write_encoder(tmp_path_factory.mktemp("encoder") / "encoder", texts)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tiny.write_articles(tmp_path / "labels.jsonl", tiny.articles(60))


@pytest.mark.model
def test_a_trained_model_finds_names_offline_and_can_be_trained_on(
    train: Train, tmp_path: Path, file: Path, encoder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    packed = tmp_path / "packed.jsonl.xz"
    packed.write_bytes(lzma.compress(file.read_bytes()))
    out = tmp_path / "names"
    ended = train(packed, "--encoder", encoder, "--out", out, *QUICK)
    assert ended.exit_code == 0, ended.output
    (line,) = ended.stdout.splitlines()
    assert line.startswith(f"{out}: F1 ")
    first, *epochs = ended.stderr.splitlines()
    assert first == "47 articles to learn from, 13 held out"
    assert [epoch.split(":")[0] for epoch in epochs] == [f"epoch {number} of 10" for number in range(1, 11)]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["labels.jsonl", "names", "packed.jsonl.xz"]
    assert not list(out.rglob("*.log")) + list(out.rglob("*.safetensors"))

    recognizer = Recognizer(out, type_by_tag=TAGS)
    ((*spans,),) = recognizer.spans([tiny.SENTENCE])
    assert {(type_, tiny.SENTENCE[start:end]) for start, end, type_ in spans} == tiny.NAMES

    card = (out / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "| packed.jsonl.xz | 60 |" in card
    assert "epochs 10, seed 1, lr 0.005, held-out 0.2" in card
    assert "| Person | 1.000 |" in card

    again = tmp_path / "again"
    again.mkdir()
    ended = train(file, "--start", out, "--out", again, "--epochs", 1, "--lr", "1e-4", "--held-out", 0.2)
    assert ended.exit_code == 0, ended.output
    f1 = float(ended.stderr.rpartition("F1 ")[2].split()[0])
    assert f1 > 0.9, "one small step does not forget"
    assert f"From the model {recognizer.name}" in (again / "MODEL_CARD.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_a_training_that_is_cut_off_leaves_nothing(
    tmp_path: Path, file: Path, encoder: Path, error: type[BaseException]
) -> None:
    files = lessons.read([file], TAGS)

    def stop(told: str) -> None:
        if told.startswith("epoch 1"):
            raise error

    with pytest.raises(error):
        training.train(
            files, encoder, tmp_path / "out", training.Recipe(epochs=2, held_out=0.2), goes_on=False, say=stop
        )
    assert [path.name for path in tmp_path.iterdir()] == ["labels.jsonl"]


@pytest.mark.parametrize(
    ("arguments", "exit_code", "told"),
    [
        ((), 2, "--encoder is missing"),
        ((), 2, "mvn dependency:get"),
        (("--encoder", "e", "--start", "s"), 2, "--start brings its own encoder"),
        (("--encoder", "nowhere"), 1, "nowhere: is no encoder (config.json, vocab.txt, model.safetensors missing)"),
        (("--encoder", "nowhere"), 1, "scripts/model/encoder.py"),
        (("--start", "nowhere"), 1, "nowhere: no such folder"),
        (("--encoder", "e", "--epochs", "0"), 2, "--epochs"),
        (("--encoder", "e", "--held-out", "1"), 2, "--held-out"),
        (("--encoder", "e", "--held-out", "nan"), 2, "'--held-out': nan is no number"),
        (("--encoder", "e", "--lr", "nan"), 2, "'--lr': nan is no number; give a finite one"),
        (("--encoder", "e", "--lr", "inf"), 2, "'--lr': inf is no number"),
        (("--encoder", "e", "--lr", "0"), 2, "--lr"),
    ],
)
def test_wrong_options_are_told_before_training(
    train: Train, tmp_path: Path, file: Path, arguments: tuple[str, ...], exit_code: int, told: str
) -> None:
    ended = train(file, "--out", tmp_path / "out", *arguments)
    assert (ended.exit_code, ended.stdout) == (exit_code, "")
    assert told in ended.stderr
    assert not (tmp_path / "out").exists()


def test_a_full_or_unreachable_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    for folder, told in (
        ("full", "is there already"),
        ("full/file", "is there already"),
        ("no/out", "cannot be made"),
        ("full/file/out", "cannot be made"),
    ):
        with pytest.raises(InputError, match=told):
            training.check_out(tmp_path / folder)
    training.check_out(tmp_path / "new")


def test_an_encoder_that_cannot_be_used_is_refused(tmp_path: Path, encoder: Path) -> None:
    short = tiny.write_encoder(tmp_path / "short", ["太原"], positions=64)
    with pytest.raises(InputError, match="sees 64 characters, 162 are needed"):
        training.check_encoder(short)
    (short / "model.safetensors").write_bytes(b"nothing")
    with pytest.raises(InputError, match="cannot be loaded"):
        training.check_encoder(short)
    training.check_encoder(encoder)


@pytest.mark.model
def test_only_what_was_trained_here_is_trained_on(tmp_path: Path, file: Path) -> None:
    other = tiny.write_plain(tmp_path / "other", DEFAULT_MODEL)
    files = lessons.read([file], TAGS)
    with pytest.raises(ModelError, match="was not made by kg train"):
        training.train(files, other, tmp_path / "out", training.Recipe(held_out=0.2), goes_on=True, say=print)
    assert not (tmp_path / "out").exists()


def test_hanlp_says_nothing_of_an_epoch_without_a_listener() -> None:
    NewsEntityRecognizer().after_epoch(0.5)


spans = st.lists(st.tuples(st.integers(0, 3), st.integers(4, 6), st.sampled_from(["Person", "Place"])), unique=True)


@given(spans, spans)
def test_compare_counts_every_span_once(gold: list[Span], found: list[Span]) -> None:
    scores = training.compare([gold], [found])
    total = scores["all"]
    assert total == sum((counts for type_, counts in scores.items() if type_ != "all"), PRF())
    assert (total.tp + total.fn, total.tp + total.fp) == (len(gold), len(found))
