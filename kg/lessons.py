"""Labelled articles -> lessons: what a model is taught, what is held out, both as the file that HanLP trains on.

Labels are in the gold format.  All that can be wrong with them is found here, before a training that takes hours.
"""

import hashlib
import zlib
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg import jsonlines, labels
from kg.errors import InputError
from kg.labels import Row
from kg.ner import WINDOW, to_tokens
from kg.text import windows

# Faults that one error lists; the first ones tell what went wrong.
SHOWN_FAULTS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """The articles of one file, checked; ``sha256`` is of the file as it lies there."""

    path: Path
    sha256: str
    rows: tuple[Row, ...]


def read(paths: Iterable[Path], types: Container[str]) -> tuple[Labels, ...]:
    """Read labelled articles (gold format, one JSON object a line, also .xz) whose entities are of ``types``.

    Raises InputError that lists what is wrong with them, an id that two articles share included.
    """
    files = []
    faults = []
    path_by_id: dict[str, Path] = {}
    for path in paths:
        rows = tuple(jsonlines.read_lines(path))
        for number, row in enumerate(rows, 1):
            where = f"{path}: article {row.get('id') or number}"
            found = list(labels.faults(row, types))
            if not found and row["id"] in path_by_id:
                found = [f"has the id of an article in {path_by_id[row['id']]}"]
            elif not found:
                path_by_id[row["id"]] = path
            faults += [f"{where}: {fault}" for fault in found]
        files.append(Labels(path=path, sha256=hashlib.sha256(path.read_bytes()).hexdigest(), rows=rows))
    if faults:
        more = [f"… and {len(faults) - SHOWN_FAULTS} more"] if len(faults) > SHOWN_FAULTS else []
        told = "; mend the labels (tests/gold shows the format)"
        raise InputError("\n".join([*(fault + told for fault in faults[:SHOWN_FAULTS]), *more]))
    return tuple(files)


def split(files: Iterable[Labels], share: float) -> tuple[list[Row], list[Row]]:
    """Return the articles to learn from and those held out; an article's side depends on its id alone.

    Raises InputError where a side would be empty, or nothing is labelled on the side to learn from.
    """
    rows = [row for file in files for row in file.rows]
    held_out = [row for row in rows if is_held_out(row["id"], share)]
    learnt = [row for row in rows if not is_held_out(row["id"], share)]
    if not held_out or not learnt:
        raise InputError(
            f"LABELS: of {len(rows)} articles {len(held_out)} would be held out; give more, or another --held-out"
        )
    if not any(labels.project(labels.full_text(row), row["entities"]) for row in learnt):
        raise InputError("LABELS: no names are labelled in them; give articles with entities")
    return learnt, held_out


def is_held_out(id_: str, share: float) -> bool:
    """Tell whether the article belongs to the ``share`` (0 to 1) that chooses the epoch and is not learnt from."""
    return zlib.crc32(id_.encode()) % 1000 < share * 1000


def write(rows: Iterable[Row], path: Path) -> None:
    """Write ``rows`` as HanLP reads them: a character, a tab and its tag a line, a blank line after each window."""
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            text = labels.full_text(row)
            tags = to_tags(text, row["entities"])
            tokens = to_tokens(text)
            for start, end in windows(text, WINDOW):
                lines = (f"{token}\t{tag}" for token, tag in zip(tokens[start:end], tags[start:end], strict=True))
                file.write("\n".join(lines) + "\n\n")


def to_tags(text: str, entities: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return one IOBES tag per character of ``text``; one-character surfaces are not labelled, so S does not occur."""
    tags = ["O"] * len(text)
    for start, end, type_ in labels.project(text, entities):
        tags[start:end] = [f"B-{type_}", *[f"I-{type_}"] * (end - start - 2), f"E-{type_}"]
    return tags
