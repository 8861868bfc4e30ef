"""What is known of an issue from outside its pages: paper, day, home, page.

It comes from the options, from issues.yaml (one entry a file) or issue.yaml (one for the folder) beside the file, and
from the names of file and folders; where two of them disagree, that is an error.
"""

import datetime
import re
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from kg import formats
from kg.errors import InputError

METADATA_FILE = "issues.yaml"
FOLDER_FILE = "issue.yaml"

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


def to_id(value: object) -> object:
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
    page: Annotated[Text | None, BeforeValidator(to_id)] = None


def given(**options: object) -> Metadata:
    """Check options; raises InputError that names the option."""
    try:
        return Metadata.model_validate(options)
    except ValidationError as error:
        fault = error.errors()[0]
        option = fault["loc"][0]
        raise InputError(
            f"--{option}: {options[str(option)]!r} is wrong ({fault['msg']}); see kg ingest --help"
        ) from error


def combine(path: Path, given: Metadata) -> Metadata:
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
                told = f"{first} says {plain(value)}, {place} says {plain(other)}"
                raise InputError(f"{path}: {told} ({field}); change one")
        known[field] = value
    return Metadata.model_validate(known)


def plain(value: object) -> str:
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
        return yaml.safe_load(formats.decode(formats.read_bytes(file), str(file))[0]) or {}
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
