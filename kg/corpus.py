"""Files -> issues: pages in any format, or articles ready-made as JSON lines, with what is known of their issue.

Publication, date, page and home come from the options, from issues.yaml (one entry a file) or issue.yaml (one for the
folder) beside the file, and from the names of file and folders; where two of them disagree, that is an error.  The
pages of a folder that share paper and day are one issue.  Nothing is cut into articles here.
"""

import datetime
import hashlib
import json
import lzma
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from kg import formats
from kg.errors import InputError
from kg.numerals import page_label
from kg.records import Issue, IssueText, Page, ReadyArticle

METADATA_FILE = "issues.yaml"
FOLDER_FILE = "issue.yaml"
ARTICLE_SUFFIXES = (".jsonl", ".ndjson")
PACKED = ".xz"
STDIN = "-"
# What kg.embedded puts into a graph's folder: its files are no pages.
GRAPH_MARKER = ".newspaper-kg"

_DATE_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_.年]?)(\d\d?)([-_.月]?)(\d\d?)(?!\d)")

_PAPER_IN_NAME = re.compile(
    "[\u4e00-\u9fff]{1,8}(?:日报|晚报|晨报|早报|都市报|商报|时报|快报|周报|导报|青年报|工人报|农民报)"
)
_PAPER_AS_NAME = re.compile("[\u4e00-\u9fff]{2,8}报")
_PAGE_IN_NAME = re.compile(
    r"第\s*([A-Za-z]?\d{1,3}|[一二三四五六七八九十]{1,3})\s*版|(?<![A-Za-z\d])([A-Za-z]?\d{1,3})\s*版"
    r"|(?:page|p)[-_ ]?(\d{1,3})$|(?<![A-Za-z\d])([A-Da-d]?\d{1,2})$",
    re.IGNORECASE,
)
# A line with something on it; or { alone on a line, the indented lines below it, and } at the margin.
_RECORD = re.compile(r"^\{[^\S\n]*$(?:\n(?:[^\S\n].*)?$)*(?:\n\}.*)?|^.*\S.*", re.MULTILINE)

OnError = Callable[[InputError], None]


def _to_home(value: object) -> object:
    return re.split(r"[,，、;；\s]+", value.strip()) if isinstance(value, str) and value.strip() else value or ()


def _to_date(value: object) -> object:
    if value is None or value == "":
        return None
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value.strip()):
        raise ValueError("is no day; write it as 2025-07-04")
    return value.strip()


def _to_id(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Home = Annotated[tuple[str, ...], BeforeValidator(_to_home)]
# The oldest Chinese newspaper of today's kind is of 1815.
Date = Annotated[Annotated[datetime.date, Field(ge=datetime.date(1815, 1, 1))] | None, BeforeValidator(_to_date)]
Text = Annotated[str, StringConstraints(min_length=1)]


class Metadata(BaseModel):
    """What is known of an issue from outside its pages; None and () mean unknown.  ``page`` is one page's label."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    publication: Text | None = None
    date: Date = None
    home: Home = ()
    page: Annotated[Text | None, BeforeValidator(_to_id)] = None


class _Row(BaseModel):
    """A JSON line; keys that we do not read may carry anything."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    id: Annotated[Text, BeforeValidator(_to_id)]
    title: str | None = None
    text: str
    date: Date = None
    home: Home = ()
    publication: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """One file's content, decoded, with what is known of its issue; without texts, it could not be read.

    ``folder`` is where it lies, None if it was given itself.
    """

    source: str
    stem: str
    folder: Path | None
    texts: tuple[str, ...]
    metadata: Metadata


def metadata(**given: object) -> Metadata:
    """Check options; raises InputError that names the option."""
    try:
        return Metadata.model_validate(given)
    except ValidationError as error:
        fault = error.errors()[0]
        option = fault["loc"][0]
        raise InputError(
            f"--{option}: {given[str(option)]!r} is wrong ({fault['msg']}); see kg ingest --help"
        ) from error


def read_issues(paths: Sequence[str], given: Metadata, on_error: OnError) -> Iterator[IssueText]:
    """Yield every issue found at ``paths`` (files, folders, ``-`` for standard input).

    ``given`` holds for all of them.  A file or line that cannot be used goes to ``on_error`` with its reason and the
    rest goes on.
    """
    pages: dict[tuple[object, ...], list[_File]] = {}
    for file in _read_files(paths, given, on_error):
        if _is_json_lines(file):
            yield from _ready_issues(file, on_error)
        else:
            known = file.metadata
            if known.publication and known.date:
                group: tuple[object, ...] = (known.publication, known.date)
            else:
                group = (file.folder or file.source, known.publication, known.date)
            pages.setdefault(group, []).append(file)
    for files in pages.values():
        files = list(_of_one_home(files, on_error))
        if any(file.texts for file in files):
            yield _page_issue(files)


def _of_one_home(files: Sequence[_File], on_error: OnError) -> Iterator[_File]:
    """Yield the files of an issue with the home that one of them gives; one that gives another is left out."""
    first = next((file for file in files if file.metadata.home), files[0])
    home = first.metadata.home
    for file in files:
        if file.metadata.home in ((), home):
            yield replace(file, metadata=file.metadata.model_copy(update={"home": home}))
        else:
            told = f"home is {_plain(file.metadata.home)}, {first.source} of the same issue says {_plain(home)}"
            on_error(InputError(f"{file.source}: {told}; change one"))


def read_lines(path: str | Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON-lines file, also packed as .xz; raises InputError with path and line number."""
    text, faults = formats.decode(_unpack(path, _read_bytes(path)), str(path))
    if faults:
        raise InputError(faults[0])
    for number, record in records(text):
        yield _parse_record(record, str(path), number)


def _unpack(path: str | Path, content: bytes) -> bytes:
    if Path(path).suffix != PACKED:
        return content
    try:
        return lzma.decompress(content)
    except lzma.LZMAError as error:
        raise InputError(f"{path}: is no .xz file, or cut off ({error}); pack it anew with xz") from error


def read_rows(path: str, on_error: OnError) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (path:line, object) of each article in a JSON-lines file (``-``: standard input), its labels unchecked.

    A line that is no article, and a file that cannot be used, goes to ``on_error`` with its reason.
    """
    where = "standard input" if path == STDIN else path
    try:
        if path != STDIN and Path(path).suffix.lower() not in ARTICLE_SUFFIXES:
            raise InputError(f"{path}: labels are JSON lines; give a file that ends in {' or '.join(ARTICLE_SUFFIXES)}")
        text, faults = formats.decode(_read_bytes(path), where)
    except InputError as error:
        on_error(error)
        return
    for fault in faults:
        on_error(InputError(fault))
    if not text.strip():
        on_error(InputError(f"{where}: is empty; give one JSON object a line"))
    for at, row, _ in _parse_rows(text, where, on_error):
        yield at, row


def records(text: str) -> Iterator[tuple[int, str]]:
    """Yield (number of its first line, JSON) of each object: one a line, or indented as ``kg label --indent`` does."""
    number, counted = 1, 0
    for match in _RECORD.finditer(text):
        number += text.count("\n", counted, match.start())
        counted = match.start()
        yield number, match.group()


def _parse_rows(text: str, source: str, on_error: OnError) -> Iterator[tuple[str, dict[str, Any], _Row]]:
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


def _read_files(paths: Sequence[str], given: Metadata, on_error: OnError) -> Iterator[_File]:
    seen: set[str] = set()
    for path in paths:
        try:
            sources = _find(path)
        except InputError as error:
            on_error(error)
            continue
        for source in sources:
            identity = source if source == STDIN else str(Path(source).resolve())
            if identity in seen:
                continue
            seen.add(identity)
            try:
                yield _read_file(source, given, Path(path) if Path(path).is_dir() else None, on_error)
            except InputError as error:
                on_error(error)


def _find(path: str) -> list[str]:
    if path == STDIN:
        return [STDIN]
    if not path:
        raise InputError("PATH: is empty; give a file, a folder or - for standard input")
    place = Path(path)
    try:
        path.encode()
        is_there, is_folder = place.exists(), place.is_dir()
    except (OSError, ValueError) as error:
        raise InputError(f"{path[:80]!r}: cannot be looked at ({error}); check the path") from error
    if not is_there:
        raise InputError(f"{path}: no such file or folder; check the path")
    if not is_folder:
        return [path]
    found = [
        str(file)
        for file in sorted(place.rglob("*"))
        if _is_file(file)
        and file.suffix.lower() in formats.SUFFIXES + ARTICLE_SUFFIXES
        and not any(part.startswith(".") for part in file.relative_to(place).parts)
        and not any((folder / GRAPH_MARKER).exists() for folder in file.parents)
    ]
    if not found:
        endings = ", ".join(formats.SUFFIXES + ARTICLE_SUFFIXES)
        raise InputError(f"{path}: no pages in this folder; it needs files that end in {endings}")
    return found


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # what may not even be looked at is no page
        return False


def _read_file(source: str, given: Metadata, folder: Path | None, on_error: OnError) -> _File:
    where = "standard input" if source == STDIN else source
    # Before the content: a page that cannot be read belongs to its issue all the same.
    known = given if source == STDIN else _combine(Path(source), given)
    content = _read_bytes(source)
    if Path(source).suffix.lower() in ARTICLE_SUFFIXES or (source == STDIN and content.lstrip().startswith(b"{")):
        if not content.strip():
            raise InputError(f"{where}: is empty; give one JSON object a line")
        text, faults = formats.decode(content, where)
        texts: tuple[str, ...] = (text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff"),)
    else:
        try:
            read = formats.read(content, source, where)
        except InputError as error:
            on_error(error)
            read = formats.Content(texts=())
        texts, faults = read.texts, read.faults
    for fault in faults:
        on_error(InputError(fault))
    stem = f"stdin-{hashlib.sha256(content).hexdigest()[:8]}" if source == STDIN else Path(source).stem
    # Standard input has no name of its own: two pages given one after the other are two sources.
    name = stem if source == STDIN else str(Path(source).resolve())
    within = Path(source).parent if folder else None
    return _File(source=name, stem=stem, folder=within, texts=texts, metadata=known)


def _read_bytes(source: str | Path) -> bytes:
    if source == STDIN:
        if sys.stdin is None:
            raise InputError("standard input: is closed; give a file, or a page through a pipe")
        return sys.stdin.buffer.read()
    try:
        return Path(source).read_bytes()
    except OSError as error:
        raise InputError(f"{source}: cannot be read ({error.strerror}); check the path and its rights") from error


def _combine(path: Path, given: Metadata) -> Metadata:
    """Put together what the options, the two files and the names say; raises InputError where two disagree."""
    sources = {
        "--{}": given,
        str(path.parent / METADATA_FILE): _declared(path),
        str(path.parent / FOLDER_FILE): _declared_of_folder(path),
        "its name": _named(path),
    }
    known: dict[str, object] = {}
    for field in Metadata.model_fields:
        said = {place.format(field): getattr(one, field) for place, one in sources.items() if getattr(one, field)}
        (first, value), *others = said.items() or [("", None)]
        for place, other in others:
            # A page's label in a file's name is a guess: what is declared holds.
            if other != value and (field, place) != ("page", "its name"):
                told = f"{first} says {_plain(value)}, {place} says {_plain(other)}"
                raise InputError(f"{path}: {told} ({field}); change one")
        known[field] = value
    return Metadata.model_validate(known)


def _plain(value: object) -> str:
    return "、".join(value) if isinstance(value, tuple) else str(value)


def _declared(path: Path) -> Metadata:
    file = path.parent / METADATA_FILE
    content = _yaml(file)
    if content is None:
        return Metadata()
    if not isinstance(content, dict):
        raise InputError(f"{file}: must map file names to publication, date and home; see seeds/{METADATA_FILE}")
    return _entry(file, path.name, content.get(path.name) or {})


def _declared_of_folder(path: Path) -> Metadata:
    file = path.parent / FOLDER_FILE
    content = _yaml(file)
    if content is None:
        return Metadata()
    if not isinstance(content, dict) or not isinstance(content.get("pages") or {}, dict):
        raise InputError(f"{file}: must say publication, date, home and pages (file name: page); see README.md")
    pages = content.pop("pages", None) or {}
    return _entry(file, "", content | ({"page": pages[path.name]} if path.name in pages else {}))


def _yaml(file: Path) -> Any:
    """Return what stands in a YAML file, an empty mapping for an empty one, None where there is none."""
    if not file.is_file():
        return None
    try:
        return yaml.safe_load(formats.decode(_read_bytes(file), str(file))[0]) or {}
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise InputError(f"{file}:{line}: is not YAML ({error.problem or error}); mend it") from error
    except (yaml.YAMLError, ValueError) as error:
        raise InputError(f"{file}: holds what cannot be read ({str(error).splitlines()[0]}); mend it") from error


def _entry(file: Path, name: str, entry: object) -> Metadata:
    if not isinstance(entry, dict):
        raise InputError(f"{file}: {name}: must be publication, date and home; see seeds/{METADATA_FILE}")
    try:
        return Metadata.model_validate(entry)
    except ValidationError as error:
        fault = error.errors()[0]
        field = ".".join(filter(None, [name, *map(str, fault["loc"])]))
        raise InputError(f"{file}: {field}: {fault['msg']}; give publication, date, home and page") from error


def _named(path: Path) -> Metadata:
    """Read 太原日报/2025-11-15/第03版.txt: day and paper from file or folders, the page from the file."""
    names = [path.stem, path.parent.name, path.parent.parent.name]
    date = next(filter(None, map(_date_in_name, names)), None)
    papers = (_PAPER_IN_NAME.search(name) or _PAPER_AS_NAME.fullmatch(name) for name in names)
    paper = next((match.group() for match in papers if match), None)
    page = _PAGE_IN_NAME.search(_DATE_IN_NAME.sub(" ", path.stem).strip(" -_."))
    label = next(filter(None, page.groups()), None) if page else None
    return Metadata(publication=paper, date=date, page=label)


def _date_in_name(name: str) -> datetime.date | None:
    for year, _, month, _, day in _DATE_IN_NAME.findall(name):
        try:
            return datetime.date(int(year), int(month), int(day))
        except ValueError:
            continue
    return None


def _is_json_lines(file: _File) -> bool:
    if file.source == file.stem:  # standard input
        return file.texts[0].lstrip().startswith("{")
    return Path(file.source).suffix.lower() in ARTICLE_SUFFIXES


def _page_issue(found: Sequence[_File]) -> IssueText:
    files = sorted(found, key=lambda file: (_natural(page_label(file.metadata.page or "")), _natural(file.stem)))
    first = files[0]
    known = first.metadata
    date = known.date.isoformat() if known.date else None
    name = first.folder.resolve().name if first.folder and len(files) > 1 else first.stem
    issue = Issue(
        id=_issue_id([known.publication if known.publication and date else name], date),
        publication=known.publication,
        date=date,
        home=known.home,
        sources=tuple(file.source for file in files if file.texts),
        sha256=_digest([known.publication, date, list(known.home), *(text for file in files for text in file.texts)]),
    )
    texts = [(file, text, _label(file)) for file in files for text in file.texts]
    labels = [label for _, _, label in texts]
    # A page is called what the paper calls it, where it does so throughout.
    are_numbers = all(label.isdecimal() for label in labels) and len({int(label) for label in labels}) == len(labels)
    pages = tuple(
        Page(issue=issue, number=int(label) if are_numbers else number, source=file.source, text=text, label=label)
        for number, (file, text, label) in enumerate(texts, 1)
        if text
    )
    return IssueText(issue=issue, pages=pages, unread=tuple(file.source for file in files if not file.texts))


def _label(file: _File) -> str:
    return page_label(file.metadata.page) if file.metadata.page and len(file.texts) == 1 else ""


def _natural(name: str) -> list[tuple[str, int]]:
    """Return a key that sorts A2 before A10."""
    return [(word, int(number or 0)) for word, number in re.findall(r"(\D*)(\d*)", name)]


def _ready_issues(file: _File, on_error: OnError) -> Iterator[IssueText]:
    """Group a file's rows into issues by publication, date and home; a file never touches another file's articles."""
    groups: dict[Metadata, list[_Row]] = {}
    seen: set[str] = set()
    for where, _, row in _parse_rows(file.texts[0], file.source, on_error):
        if row.id in seen:
            told = f"{where}: id {row.id!r} stands in this file already; give each article its own id"
            on_error(InputError(told))
            continue
        seen.add(row.id)
        outside = file.metadata
        known = Metadata(
            publication=row.publication or outside.publication,
            date=row.date or outside.date,
            home=row.home or outside.home,
        )
        groups.setdefault(known, []).append(row)
    if not seen:
        on_error(InputError(f"{file.source}: no articles in it; give one JSON object a line with id, title and text"))
    for known, rows in groups.items():
        yield _ready_issue(file, known, rows)


def _ready_issue(file: _File, known: Metadata, rows: Sequence[_Row]) -> IssueText:
    date = known.date.isoformat() if known.date else None
    issue = Issue(
        id=" ".join(filter(None, [file.stem, known.publication, *known.home, date])),
        publication=known.publication,
        date=date,
        home=known.home,
        sources=(file.source,),
        sha256=_digest([known.publication, date, list(known.home), *([row.id, row.title, row.text] for row in rows)]),
    )
    ready = tuple(
        ReadyArticle(issue=issue, position=position, id=row.id, title=row.title or None, text=row.text, date=date)
        for position, row in enumerate(rows, 1)
    )
    return IssueText(issue=issue, ready=ready)


def _parse_row(row: dict[str, Any], where: str) -> _Row:
    try:
        return _Row.model_validate(row)
    except ValidationError as error:
        fault = error.errors()[0]
        field = ".".join(map(str, fault["loc"]))
        raise InputError(f"{where}: {field}: {fault['msg']}; give id, title, text, date, home, publication") from error


def _issue_id(names: Iterable[str | None], date: str | None) -> str:
    """Name the issue after its paper and date where both are known, else after its file."""
    name = " ".join(dict.fromkeys(filter(None, names)))
    return name if date is None or date in name else f"{name} {date}"


def _digest(parts: Iterable[object]) -> str:
    return hashlib.sha256(json.dumps(list(parts), ensure_ascii=False).encode()).hexdigest()
