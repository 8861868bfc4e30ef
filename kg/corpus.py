"""Files -> issues: pages in any format, or articles ready-made as JSON lines, with what is known of their issue.

The pages of a folder that share paper and day are one issue.  Nothing is cut into articles here.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kg import formats, jsonlines
from kg.errors import InputError
from kg.formats import STDIN
from kg.jsonlines import Row
from kg.metadata import Metadata, combine, plain
from kg.numerals import page_label
from kg.records import Issue, IssueText, Page, ReadyArticle

# What kg.embedded puts into a graph's folder: its files are no pages.
GRAPH_MARKER = ".newspaper-kg"

OnError = Callable[[InputError], None]


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
            told = f"home is {plain(file.metadata.home)}, {first.source} of the same issue says {plain(home)}"
            on_error(InputError(f"{file.source}: {told}; change one"))


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
        and file.suffix.lower() in formats.SUFFIXES + jsonlines.SUFFIXES
        and not any(part.startswith(".") for part in file.relative_to(place).parts)
        and not any((folder / GRAPH_MARKER).exists() for folder in file.parents)
    ]
    if not found:
        endings = ", ".join(formats.SUFFIXES + jsonlines.SUFFIXES)
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
    known = given if source == STDIN else combine(Path(source), given)
    content = formats.read_bytes(source)
    if Path(source).suffix.lower() in jsonlines.SUFFIXES or (source == STDIN and content.lstrip().startswith(b"{")):
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


def _is_json_lines(file: _File) -> bool:
    if file.source == file.stem:  # standard input
        return file.texts[0].lstrip().startswith("{")
    return Path(file.source).suffix.lower() in jsonlines.SUFFIXES


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
    groups: dict[Metadata, list[Row]] = {}
    seen: set[str] = set()
    for where, _, row in jsonlines.parse_rows(file.texts[0], file.source, on_error):
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


def _ready_issue(file: _File, known: Metadata, rows: Sequence[Row]) -> IssueText:
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


def _issue_id(names: Iterable[str | None], date: str | None) -> str:
    """Name the issue after its paper and date where both are known, else after its file."""
    name = " ".join(dict.fromkeys(filter(None, names)))
    return name if date is None or date in name else f"{name} {date}"


def _digest(parts: Iterable[object]) -> str:
    return hashlib.sha256(json.dumps(list(parts), ensure_ascii=False).encode()).hexdigest()
