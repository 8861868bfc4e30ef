"""kg/data/layout.yaml -> Layout: how newspaper pages are laid out, as rules ready to be matched.

The file is data that a librarian may change; every mistake in it is named here, so that no later code checks it again.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from kg.errors import SchemaError


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    boilerplate: tuple[str, ...]
    sections: tuple[str, ...]
    section_forms: tuple[str, ...]
    reporter_words: tuple[str, ...]
    reporter_prefixes: tuple[str, ...]
    photographer_words: tuple[str, ...]
    both_words: tuple[str, ...]
    trailing_words: tuple[str, ...]
    not_names: tuple[str, ...]
    datelines: tuple[str, ...]
    day_words: dict[str, int | None]
    captions: tuple[str, ...]
    surnames: str
    compound_surnames: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The rules of layout.yaml; patterns are compiled and say from where to where they match in the file's comments."""

    boilerplate: re.Pattern[str]
    section: re.Pattern[str]
    section_form: re.Pattern[str]
    role: re.Pattern[str]
    photographer_words: frozenset[str]
    both_words: frozenset[str]
    trailing_words: frozenset[str]
    not_names: frozenset[str]
    dateline: re.Pattern[str]
    day: re.Pattern[str]
    day_words: Mapping[str, int | None]
    caption: re.Pattern[str]
    surnames: frozenset[str]


def load(path: Path | None = None) -> Layout:
    """Read the layout rules from ``path``, by default the ones shipped with the package.

    Raises SchemaError, which names every wrong key, type or regular expression at once.
    """
    path = path or Path(__file__).parent / "data" / "layout.yaml"
    try:
        rules = _File.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise SchemaError(f"{path}: cannot be read ({error.strerror}); install the package again") from error
    except yaml.YAMLError as error:
        raise SchemaError(f"{path}: is no YAML ({error}); mend the line") from error
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise SchemaError(f"{path}: {faults}; see the comments in the file") from error
    faults = "; ".join(_pattern_faults(rules))
    if faults:
        raise SchemaError(f"{path}: {faults}; write a regular expression of Python's re")
    return _compiled(rules)


def _pattern_faults(rules: _File) -> list[str]:
    faults = []
    for key in ("boilerplate", "sections", "section_forms", "datelines", "captions"):
        for number, pattern in enumerate(getattr(rules, key)):
            try:
                re.compile(pattern)
            except re.error as error:
                faults.append(f"{key}.{number}: {error}")
    return faults


def _compiled(rules: _File) -> Layout:
    reporters = f"(?:{_any(rules.reporter_prefixes)})*(?:驻[\u4e00-\u9fff]{{2,3}})?(?:{_any(rules.reporter_words)})"
    paper = "(?:[\u4e00-\u9fff·/／A-Za-z、]{0,14}(?:报|网|社|台|媒|新闻|客户端|视频|传媒|中心|委))?"
    role = (
        f"(?P<both>{_any(rules.both_words)})|(?P<reporter>{paper}{reporters})"
        f"|(?P<photographer>(?:{_any(rules.reporter_prefixes)})*(?:{_any(rules.photographer_words)}))"
        "|(?P<text>文(?![\u4e00-\u9fff]))|(?P<image>图(?![\u4e00-\u9fff]))"
    )
    return Layout(
        boilerplate=re.compile("|".join(f"(?:{pattern})" for pattern in rules.boilerplate)),
        section=re.compile("|".join(f"(?:{pattern})" for pattern in rules.sections)),
        section_form=re.compile("|".join(f"(?:{pattern})" for pattern in rules.section_forms)),
        role=re.compile(role),
        photographer_words=frozenset(rules.photographer_words),
        both_words=frozenset(rules.both_words),
        trailing_words=frozenset(rules.trailing_words),
        not_names=frozenset(rules.not_names),
        dateline=re.compile("|".join(f"(?:{pattern})" for pattern in rules.datelines)),
        day=re.compile(_any(rules.day_words)),
        day_words=rules.day_words,
        caption=re.compile("|".join(f"(?:{pattern})" for pattern in rules.captions)),
        surnames=frozenset("".join(rules.surnames.split())) | frozenset(rules.compound_surnames),
    )


def _any(words: tuple[str, ...] | Mapping[str, int | None]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
