"""JSON lines -> rows: articles ready-made, labels, gold, what ``kg extract`` printed; each fault with path and line."""

import json
import lzma
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from kg import formats
from kg.errors import InputError
from kg.metadata import Date, Home, Text, to_id

SUFFIXES = (".jsonl", ".ndjson")
PACKED = ".xz"

# A line with something on it; or { alone on a line, the indented lines below it, and } at the margin.
_RECORD = re.compile(r"^\{[^\S\n]*$(?:\n(?:[^\S\n].*)?$)*(?:\n\}.*)?|^.*\S.*", re.MULTILINE)

OnError = Callable[[InputError], None]


class Row(BaseModel):
    """A JSON line; keys that we do not read may carry anything."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    id: Annotated[Text, BeforeValidator(to_id)]
    title: str | None = None
    text: str
    date: Date = None
    home: Home = ()
    publication: str | None = None


def read_lines(path: str | Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON-lines file, also packed as .xz; raises InputError with path and line number."""
    text, faults = formats.decode(_unpack(path, formats.read_bytes(path)), str(path))
    if faults:
        raise InputError(faults[0])
    for number, record in records(text):
        yield _parse_record(record, str(path), number)


def read_rows(path: str, on_error: OnError) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (path:line, object) of each article in a JSON-lines file (``-``: standard input), its labels unchecked.

    A line that is no article, and a file that cannot be used, goes to ``on_error`` with its reason.
    """
    where = "standard input" if path == formats.STDIN else path
    try:
        if path != formats.STDIN and Path(path).suffix.lower() not in SUFFIXES:
            raise InputError(f"{path}: labels are JSON lines; give a file that ends in {' or '.join(SUFFIXES)}")
        text, faults = formats.decode(formats.read_bytes(path), where)
    except InputError as error:
        on_error(error)
        return
    for fault in faults:
        on_error(InputError(fault))
    if not text.strip():
        on_error(InputError(f"{where}: is empty; give one JSON object a line"))
    for at, row, _ in parse_rows(text, where, on_error):
        yield at, row


def _unpack(path: str | Path, content: bytes) -> bytes:
    if Path(path).suffix != PACKED:
        return content
    try:
        return lzma.decompress(content)
    except lzma.LZMAError as error:
        raise InputError(f"{path}: is no .xz file, or cut off ({error}); pack it anew with xz") from error


def records(text: str) -> Iterator[tuple[int, str]]:
    """Yield (number of its first line, JSON) of each object: one a line, or indented as ``kg label --indent`` does."""
    number, counted = 1, 0
    for match in _RECORD.finditer(text):
        number += text.count("\n", counted, match.start())
        counted = match.start()
        yield number, match.group()


def parse_rows(text: str, source: str, on_error: OnError) -> Iterator[tuple[str, dict[str, Any], Row]]:
    for number, record in records(text):
        where = f"{source}:{number}"
        try:
            row = _parse_record(record, source, number)
            parsed = _parse_row(row, where)
        except InputError as error:
            on_error(error)
        else:
            yield where, row, parsed


def _parse_record(record: str, source: str, number: int) -> dict[str, Any]:
    where = f"{source}:{number}"
    try:
        row = json.loads(record)
        json.dumps(row, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise InputError(
            f"{where}: holds half a character (\\ud800 or the like); write the text anew in UTF-8"
        ) from error
    except (ValueError, RecursionError) as error:
        reason = getattr(error, "msg", None) or "too deep or too long"
        line = number + getattr(error, "lineno", 1) - 1
        raise InputError(f"{source}:{line}: is not JSON ({reason}); give one object a line") from error
    if not isinstance(row, dict):
        raise InputError(f"{where}: is no JSON object; give one object a line")
    return row


def _parse_row(row: dict[str, Any], where: str) -> Row:
    try:
        return Row.model_validate(row)
    except ValidationError as error:
        fault = error.errors()[0]
        field = ".".join(map(str, fault["loc"]))
        raise InputError(f"{where}: {field}: {fault['msg']}; give id, title, text, date, home, publication") from error
