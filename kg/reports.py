"""Report files -> Report, given text -> checked parameters.  Asks no database itself.

A report is a question in ``cypher/<name>.cypher``.  Its header tells, in lines that start with ``//``, the question,
how to read the answer, and every parameter::

    // 谁控股谁？ · Who owns whom?
    // One row per owner and company.
    // param: name (name, optional, e.g. 太重集团) — any name of either company
    // param: limit (integer, default 100) — rows at most

A parameter is ``required``, ``optional`` (null where it is not given) or has a ``default``; its type is one of TYPES.
"""

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kg.errors import ReportError
from kg.names import key
from kg.records import Query, Table
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
