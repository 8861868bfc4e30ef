"""Train the recognizer with HanLP on labelled articles.

usage: python scripts/model/train.py ENCODER OUT LABELS.jsonl[.xz]... [--epochs 5] [--dev 0.06] [--start MODEL]

ENCODER is what encoder.py wrote; LABELS are articles in the gold format; OUT becomes a HanLP model folder with fp16
weights.  Every article whose id hashes into the ``--dev`` share is held out and picks the epoch.
"""

import argparse
import json
import lzma
import shutil
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from hanlp.common.dataset import SortingSamplerBuilder

from kg import labels
from kg.ner import WINDOW, to_tokens
from kg.tagger import NewsEntityRecognizer
from kg.text import windows


def read_labels(path: Path) -> Iterator[dict[str, Any]]:
    content = lzma.decompress(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes()
    yield from (json.loads(line) for line in content.decode().split("\n") if line.strip())


def is_held_out(row: dict[str, Any], share: float) -> bool:
    return zlib.crc32(row["id"].encode()) % 1000 < share * 1000


def to_tags(text: str, entities: list[dict[str, Any]]) -> list[str]:
    """Return one IOBES tag per character of ``text``; one-character surfaces are not labelled, so S does not occur."""
    tags = ["O"] * len(text)
    for start, end, kind in labels.project(text, entities):
        tags[start:end] = [f"B-{kind}", *[f"I-{kind}"] * (end - start - 2), f"E-{kind}"]
    return tags


def write_tsv(rows: list[dict[str, Any]], path: Path) -> None:
    with path.open("w", encoding="utf-8") as out:
        for row in rows:
            text = labels.full_text(row)
            tags = to_tags(text, row["entities"])
            tokens = to_tokens(text)
            for start, end in windows(text, WINDOW):
                lines = (f"{token}\t{tag}" for token, tag in zip(tokens[start:end], tags[start:end], strict=True))
                out.write("\n".join(lines) + "\n\n")


def stand_alone(folder: Path) -> None:
    """Drop what only training needs, and store the weights as fp16 (HanLP widens them again on load)."""
    config = json.loads((folder / "config.json").read_text("utf-8"))
    config["transformer"] = "encoder"
    for key in ("trn_data", "dev_data", "save_dir", "finetune", "logger"):
        config.pop(key, None)
    (folder / "config.json").write_text(json.dumps(config, ensure_ascii=False, indent=2, sort_keys=True), "utf-8")
    state = torch.load(folder / "model.pt", map_location="cpu", weights_only=True)
    torch.save({name: tensor.half() for name, tensor in state.items()}, folder / "model.pt")
    (folder / "encoder" / "model.safetensors").unlink(missing_ok=True)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("encoder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("labels", type=Path, nargs="+")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--dev", type=float, default=0.06)
    parser.add_argument("--start", type=Path, help="a trained folder to go on from")
    parser.add_argument("--lr", type=float, default=2e-4, help="of the encoder; the output layer's is ten times that")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    rows = [row for path in options.labels for row in read_labels(path)]
    shutil.copytree(options.encoder, options.out / "encoder", dirs_exist_ok=True)
    write_tsv([row for row in rows if not is_held_out(row, options.dev)], options.out / "train.tsv")
    write_tsv([row for row in rows if is_held_out(row, options.dev)], options.out / "dev.tsv")
    NewsEntityRecognizer().fit(
        str(options.out / "train.tsv"),
        str(options.out / "dev.tsv"),
        str(options.out),
        transformer=str(options.out / "encoder"),
        delimiter_in_entity="",
        token_key="token",
        word_dropout=0.1,
        grad_norm=1.0,
        weight_decay=0.01,
        lr=10 * options.lr,
        transformer_lr=options.lr,
        warmup_steps=0.1,
        reduction="mean",
        batch_size=None,
        sampler_builder=SortingSamplerBuilder(batch_size=16),
        epochs=options.epochs,
        eval_trn=False,
        finetune=str(options.start) if options.start else False,
        seed=options.seed,
        devices=0 if torch.cuda.is_available() else -1,
    )
    stand_alone(options.out)


if __name__ == "__main__":
    main(sys.argv[1:])
