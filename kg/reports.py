"""Report files -> Report, given text -> checked parameters, Table -> text for people and programs.  Asks no database.

A report is a question in ``cypher/<name>.cypher``.  Its header tells, in lines that start with ``//``, the question,
how to read the answer, and every parameter::

    // 谁控股谁？ · Who owns whom?
    // One row per owner and company.
    // param: name (name, optional, e.g. 太重集团) — any name of either company
    // param: limit (integer, default 100) — rows at most

A parameter is ``required``, ``optional`` (null where it is not given) or has a ``default``; its type is one of TYPES.
"""

import csv
import difflib
import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from wcwidth import wcwidth

from kg.errors import ReportError
from kg.names import key
from kg.records import Table
from kg.schema import project_file

HEADER = re.compile(r"//\s?(.*)")
PARAMETER = re.compile(
    r"param: (?P<name>[a-z][a-z_]*) "
    r"\((?P<type>[a-z]+), (?P<need>required|optional|default (?P<default>.+?))(?:, e\.g\. (?P<example>.+?))?\)"
    r" — (?P<description>.+)"
)
USED = re.compile(r"\$(\w+)")
COMMENT_OR_STRING = re.compile(r"//[^\n]*|/\*.*?\*/|'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"", re.DOTALL)
MOST_ROWS = 2**31 - 1
NARROWEST = 6
GAP = "  "

Query = Callable[[str, Mapping[str, object]], Table]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """What a report can be given; ``default`` is already converted, None where there is none."""

    name: str
    type: str
    required: bool
    default: str | int | None
    example: str | None
    description: str

    @property
    def need(self) -> str:
        """Whether it must be given, what holds where it is not, and an example."""
        need = "required" if self.required else "optional" if self.default is None else f"default {self.default}"
        return f"{need}, e.g. {self.example}" if self.example else need


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One question: ``title`` asks it in Chinese and English, ``cypher`` asks the database."""

    name: str
    title: str
    description: str
    parameters: tuple[Parameter, ...]
    cypher: str


def _as_name(text: str) -> str:
    """Any printed form of a name finds its entity: an alias's id is the name's key."""
    return key(text)


def _as_text(text: str) -> str:
    return text


def _as_integer(text: str) -> int:
    number = int(text)
    if not 0 <= number <= MOST_ROWS:
        raise ValueError(text)
    return number


def _as_date(text: str) -> str:
    return date.fromisoformat(text).isoformat()


# type -> how it is read, what the user is told it is, and an example for reports that give none
TYPES: Mapping[str, tuple[Callable[[str], str | int], str, str]] = {
    "name": (_as_name, "a name", "太原市"),
    "text": (_as_text, "text", "Organisation"),
    "integer": (_as_integer, f"a whole number from 0 to {MOST_ROWS}", "20"),
    "date": (_as_date, "a date (YYYY-MM-DD)", "2024-12-06"),
}


def load_all(folder: Path | None = None) -> Mapping[str, Report]:
    """Read all reports of ``folder`` (default: the shipped ones), by name.

    Raises ReportError that lists every fault of every header at once.
    """
    reports, faults = {}, []
    for name, path in _paths(folder).items():
        try:
            reports[name] = _read(path)
        except ReportError as error:
            faults.append(str(error))
    if faults:
        raise ReportError("\n".join(faults))
    return reports


def load(name: str, folder: Path | None = None) -> Report:
    """Read one report.  Raises ReportError that names the closest ones if there is none of that name."""
    paths = _paths(folder)
    if name in paths:
        return _read(paths[name])
    close = difflib.get_close_matches(name, paths, cutoff=0.7)
    meant = f"did you mean {' or '.join(close)}? " if close else ""
    raise ReportError(f"report {name}: is not known; {meant}kg reports lists all")


def bind(report: Report, given: Mapping[str, str]) -> dict[str, object]:
    """Return a value for every parameter of ``report``: the given text converted, else the default, else None.

    Raises ReportError that lists every unknown, missing and unreadable parameter at once.
    """
    values: dict[str, object] = {parameter.name: parameter.default for parameter in report.parameters}
    faults = [
        f"--param {name}: is not a parameter; known: {', '.join(values) or 'none'}"
        for name in given
        if name not in values
    ]
    for parameter in report.parameters:
        _, wanted, example = TYPES[parameter.type]
        hint = f"--param {parameter.name}={parameter.example or parameter.default or example}"
        if parameter.name in given:
            try:
                values[parameter.name] = _convert(given[parameter.name], parameter.type)
            except ValueError:
                faults.append(f"--param {parameter.name}: '{given[parameter.name]}' is not {wanted}; give {hint}")
        elif parameter.required:
            faults.append(f"--param {parameter.name}: is missing; give {hint}")
    if faults:
        raise ReportError("\n".join(f"report {report.name}: {fault}" for fault in faults))
    return values


def asked(report: Report, given: Mapping[str, str]) -> str:
    """Return in words what ``report`` is asked with: what was given, what is so by default, what is left open."""
    told = {parameter.name: given.get(parameter.name, parameter.default) for parameter in report.parameters}
    said = " ".join(f"{name}={value}" for name, value in told.items() if value is not None)
    still_open = ", ".join(name for name, value in told.items() if value is None)
    return f"{said or 'no parameters'}{f' (not given: {still_open})' if still_open else ''}"


def run(report: Report, given: Mapping[str, str], query: Query) -> Table:
    """Ask ``query`` (``Store.query``) the question of ``report``.

    ArcadeDB names no columns where it finds no rows; then they are read off the last RETURN.
    """
    table = query(report.cypher, bind(report, given))
    if table.columns:
        return table
    returned = report.cypher.rpartition("\nRETURN")[2]
    return Table(columns=tuple(re.findall(r"\bAS (\w+)", returned)), rows=())


def render(table: Table, format_: str, *, width: int | None = None) -> str:
    """Lay ``table`` out as table, json, csv or md, without a line end after the last line.

    ``width`` (columns of a terminal) shortens long cells, in the table format alone, and makes a card of each row where
    its columns would be too narrow to read; without it nothing is left out.
    """
    if format_ not in FORMATS:
        raise ReportError(f"format {format_}: is not known; use one of: {', '.join(FORMATS)}")
    return FORMATS[format_](table) if width is None or format_ != "table" else _as_table(table, width)


def _paths(folder: Path | None) -> dict[str, Path]:
    folder = folder or project_file("cypher")
    paths = {path.stem: path for path in sorted(folder.glob("*.cypher"))}
    if not paths:
        raise ReportError(f"{folder}: holds no reports (*.cypher); install the package again")
    return paths


def _read(path: Path) -> Report:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ReportError(f"{path}: cannot be read ({error}); save it as UTF-8") from error
    header: list[str] = []
    while len(header) < len(lines) and (match := HEADER.fullmatch(lines[len(header)])):
        header.append(match[1])
    prose = [line for line in header if not line.startswith("param:")]
    cypher = "\n".join(lines[len(header) :]).strip()
    parameters, faults = _parameters(path, header)
    if len(prose) < 2:
        faults.append(f"{path}:1: has no title and description; begin with a // line for the question, then one more")
    faults += _mismatches(path, parameters, cypher)
    if faults:
        raise ReportError("\n".join(faults))
    return Report(
        name=path.stem,
        title=prose[0],
        description=" ".join(prose[1:]),
        parameters=tuple(parameters),
        cypher=cypher,
    )


def _parameters(path: Path, header: Sequence[str]) -> tuple[list[Parameter], list[str]]:
    parameters, faults = [], []
    for number, line in enumerate(header, start=1):
        if not line.startswith("param:"):
            continue
        match = PARAMETER.fullmatch(line)
        if match is None:
            faults.append(f"{path}:{number}: is no parameter; write // param: name (type, default value) — what it is")
        elif match["type"] not in TYPES:
            faults.append(f"{path}:{number}: unknown type '{match['type']}'; use one of: {', '.join(TYPES)}")
        else:
            try:
                default = _convert(match["default"], match["type"]) if match["default"] else None
            except ValueError:
                wanted = TYPES[match["type"]][1]
                faults.append(f"{path}:{number}: default '{match['default']}' is not {wanted}; mend it")
                continue
            parameters.append(
                Parameter(
                    name=match["name"],
                    type=match["type"],
                    required=match["need"] == "required",
                    default=default,
                    example=match["example"],
                    description=match["description"],
                )
            )
    return parameters, faults


def _mismatches(path: Path, parameters: Sequence[Parameter], cypher: str) -> list[str]:
    declared = {parameter.name for parameter in parameters}
    used = set(USED.findall(COMMENT_OR_STRING.sub("", cypher)))
    return [
        *(f"{path}: ${name} is used but not declared; add a // param: line" for name in sorted(used - declared)),
        *(f"{path}: ${name} is declared but not used; drop its // param: line" for name in sorted(declared - used)),
    ]


def _convert(text: str, type_: str) -> str | int:
    if not text.strip():
        raise ValueError(text)
    return TYPES[type_][0](text.strip())


def _as_table(table: Table, width: int | None = None) -> str:
    lines = [[" ".join(_cell(value).split()) for value in row] for row in (table.columns, *table.rows)]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    if width is not None:
        widths = _fit(widths, width)
        if sum(widths) + len(GAP) * (len(widths) - 1) > width:
            return _as_cards(lines, width)
    lines.insert(1, ["-" * column for column in widths])
    is_number = [_is_number(table, column) for column in range(len(widths))]
    text = [
        GAP.join(map(_padded, line, widths, [right and row > 1 for right in is_number])).rstrip()
        for row, line in enumerate(lines)
    ]
    return "\n".join(text if table.rows else [*text, "(no rows)"])


def _as_cards(lines: Sequence[Sequence[str]], width: int) -> str:
    """Return a window too narrow for columns filled downwards: a line a cell that is not empty, a card a row."""
    columns, *rows = lines
    names = max(map(_width, columns))
    room = max(width - names - len(GAP), NARROWEST)
    cards = [
        "\n".join(
            f"{_padded(column, names, False)}{GAP}{_padded(cell, room, False).rstrip()}"
            for column, cell in zip(columns, row, strict=True)
            if cell
        )
        for row in rows
    ]
    return "\n\n".join(cards) or "(no rows)"


def _as_json(table: Table) -> str:
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def _as_csv(table: Table) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([table.columns, *([_cell(value) for value in row] for row in table.rows)])
    return text.getvalue().removesuffix("\r\n")


def _as_markdown(table: Table) -> str:
    rule = ["---:" if _is_number(table, column) else "---" for column in range(len(table.columns))]
    lines = [table.columns, rule, *table.rows]
    return "\n".join(f"| {' | '.join(map(_markdown_cell, line))} |" for line in lines)


FORMATS: Mapping[str, Callable[[Table], str]] = {
    "table": _as_table,
    "json": _as_json,
    "csv": _as_csv,
    "md": _as_markdown,
}


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case list() | tuple() if all(isinstance(item, str) for item in value):
            return "、".join(value)
        case _:
            return json.dumps(value, ensure_ascii=False)


def _markdown_cell(value: object) -> str:
    return "<br>".join(_cell(value).replace("\\", "\\\\").replace("|", "\\|").splitlines())


def _is_number(table: Table, column: int) -> bool:
    values = [row[column] for row in table.rows if row[column] is not None]
    return bool(values) and all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)


def _width(text: str) -> int:
    # Control characters have no width of their own (-1).
    return sum(max(wcwidth(char), 0) for char in text)


def _fit(widths: Sequence[int], width: int) -> list[int]:
    """Return the column widths with the widest ones cut to one measure, so that a row fits into ``width``."""
    room = width - len(GAP) * (len(widths) - 1)
    most = max(widths, default=0)
    while most > NARROWEST and sum(min(column, most) for column in widths) > room:
        most -= 1
    return [min(column, most) for column in widths]


def _padded(text: str, width: int, right: bool) -> str:
    if _width(text) > width:
        kept = ""
        for char in text:
            if _width(kept + char) >= width:
                break
            kept += char
        text = kept + "…"
    space = " " * (width - _width(text))
    return space + text if right else text + space
