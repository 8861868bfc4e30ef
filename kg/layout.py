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

# The keys of the file that hold regular expressions.
PATTERNS = (
    "boilerplate",
    "page_marks",
    "papers",
    "page_names",
    "adverts",
    "sections",
    "section_forms",
    "groups",
    "notices",
    "signers",
    "affiliations",
    "unnamed_bylines",
    "turns_to",
    "turned_from",
    "datelines",
    "captions",
)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    boilerplate: tuple[str, ...]
    page_marks: tuple[str, ...]
    papers: tuple[str, ...]
    page_names: tuple[str, ...]
    adverts: tuple[str, ...]
    sections: tuple[str, ...]
    section_forms: tuple[str, ...]
    groups: tuple[str, ...]
    notices: tuple[str, ...]
    signers: tuple[str, ...]
    reporter_words: tuple[str, ...]
    reporter_prefixes: tuple[str, ...]
    photographer_words: tuple[str, ...]
    both_words: tuple[str, ...]
    trailing_words: tuple[str, ...]
    not_names: tuple[str, ...]
    affiliations: tuple[str, ...]
    unnamed_bylines: tuple[str, ...]
    turns_to: str
    turned_from: str
    datelines: tuple[str, ...]
    day_words: dict[str, int | None]
    captions: tuple[str, ...]
    surnames: str
    compound_surnames: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The rules of layout.yaml, compiled; its comments say which part of a line each pattern has to match."""

    boilerplate: re.Pattern[str]
    page_mark: re.Pattern[str]
    paper: re.Pattern[str]
    page_name: re.Pattern[str]
    advert: re.Pattern[str]
    section: re.Pattern[str]
    section_form: re.Pattern[str]
    group: re.Pattern[str]
    notice: re.Pattern[str]
    signer: re.Pattern[str]
    role: re.Pattern[str]
    photographer_words: frozenset[str]
    trailing_words: frozenset[str]
    not_names: frozenset[str]
    affiliation: re.Pattern[str]
    unnamed_byline: re.Pattern[str]
    turns_to: re.Pattern[str]
    turned_from: re.Pattern[str]
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
    for key in PATTERNS:
        value = getattr(rules, key)
        for place, pattern in [(key, value)] if isinstance(value, str) else _numbered(key, value):
            try:
                compiled = re.compile(pattern)
            except re.error as error:
                faults.append(f"{place}: {error}")
                continue
            if isinstance(value, str) and "page" not in compiled.groupindex:
                faults.append(f"{place}: has no (?P<page>…), which says the page it means")
    return faults


def _numbered(key: str, patterns: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(f"{key}.{number}", pattern) for number, pattern in enumerate(patterns)]


def _compiled(rules: _File) -> Layout:
    reporters = f"(?:{_any(rules.reporter_prefixes)})*(?:驻[\u4e00-\u9fff]{{2,3}})?(?:{_any(rules.reporter_words)})"
    paper = "(?:(?![文图摄][/／])[\u4e00-\u9fff·/／A-Za-z、]{0,14}(?:报|网|社|台|媒|新闻|客户端|视频|传媒|中心|委))?"
    role = (
        f"(?P<both>{_any(rules.both_words)})|(?P<reporter>{paper}{reporters})"
        f"|(?P<photographer>(?:{_any(rules.reporter_prefixes)})*(?:{_any(rules.photographer_words)}))"
        "|(?P<text>文(?=[/／、:：]|$)|(?<=[/／])文(?![\u4e00-\u9fff]))|(?P<image>图(?![\u4e00-\u9fff]))"
    )
    return Layout(
        boilerplate=_one_of(rules.boilerplate),
        page_mark=_one_of(rules.page_marks),
        paper=_one_of(rules.papers),
        page_name=_one_of(rules.page_names),
        advert=_one_of(rules.adverts),
        section=_one_of(rules.sections),
        section_form=_one_of(rules.section_forms),
        group=_one_of(rules.groups),
        notice=_one_of(rules.notices),
        signer=_one_of(rules.signers),
        role=re.compile(role),
        photographer_words=frozenset(rules.photographer_words),
        trailing_words=frozenset(rules.trailing_words),
        not_names=frozenset(rules.not_names),
        affiliation=_one_of(rules.affiliations),
        unnamed_byline=_one_of(rules.unnamed_bylines),
        turns_to=re.compile(rules.turns_to),
        turned_from=re.compile(rules.turned_from),
        dateline=_one_of(rules.datelines),
        day=re.compile(_any(rules.day_words)),
        day_words=rules.day_words,
        caption=_one_of(rules.captions),
        surnames=frozenset("".join(rules.surnames.split())) | frozenset(rules.compound_surnames),
    )


def _one_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def _any(words: tuple[str, ...] | Mapping[str, int | None]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
