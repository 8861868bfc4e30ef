"""The vocabulary that a librarian can extend: organs, well-known bodies and programmes, telling suffixes.

``load`` reads organs.csv, bodies.csv (and the merges of decisions.csv), programmes.csv, suffixes.csv, endings.csv and
phrases.csv of kg/data once; what their columns mean stands in the README beside them.  Where a name occurs and whose
organ it is, is not known here.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from kg.gazetteer import read
from kg.names import COUNT, NUMERAL, key


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Words ``before`` and ``behind`` a name that make it part of a longer one, ``name`` ("": one that says little)."""

    before: str
    behind: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """Organ forms by what stands before and behind the place, full names by key, suffixes by kind, cut endings.

    ``phrases``: surface -> longer names that it may be part of; ``bare``: kind -> what is made of its suffixes alone.
    """

    organs: Mapping[tuple[str, str], str]
    name_by_body: Mapping[str, str]
    name_by_programme: Mapping[str, str]
    suffixes: Mapping[str, tuple[str, ...]]
    endings: Mapping[str, tuple[str, ...]]
    phrases: Mapping[str, tuple[Phrase, ...]]
    bare: Mapping[str, re.Pattern[str]]

    def ends_with(self, name: str, kind: str) -> bool:
        """Tell whether ``name`` ends in a suffix of ``kind`` (see suffixes.csv)."""
        return name.endswith(self.suffixes[kind])

    def is_bare(self, name: str, kind: str) -> bool:
        """Tell whether ``name`` is made of words of ``kind`` and nothing else: 工会, 集团公司团委, 科技进步奖一等奖."""
        return self.bare[kind].fullmatch(name) is not None

    def cut_like(self, short: str, full: str) -> str:
        """Return ``full`` with its ending cut as ``short`` has it (浙江大学 -> 浙江大 beside 浙大), or as it is."""
        for width in (2, 1):
            for ending in self.endings.get(short[-width:], ()):
                if full.endswith(ending) and not short.endswith(ending):
                    return full.removesuffix(ending) + short[-width:]
        return full

    def organ(self, before: str, place: str, rest: str, *, whole: bool = False) -> str | None:
        """Return the full name of an organ (市 + 人社局就业促进科), or None if ``rest`` begins with no known form.

        ``before`` is what stands before the place (团 in 团市委); what follows the form stays as it is, unless
        ``whole`` asks for a form without anything behind.
        """
        for width in range(len(rest), len(rest) - 1 if whole else 0, -1):
            number = NUMERAL.match(rest[:width])
            form = re.sub(COUNT, "{n}", rest[:width], count=1) if number else rest[:width]
            name = self.organs.get((before, form))
            if name is None or not is_complete(rest[:width], rest[width:]):
                continue
            counted = name.replace("{n}", number[1] or number[2]) if number else name
            return counted.replace("{place}", place) + rest[width:]
        if whole or not re.match("委[^员会]", rest):
            return None
        if not before:
            return f"中共{place}{rest}"
        committee = self.organs.get((before, "委"))
        return committee.replace("{place}", place) + rest[1:] if committee else None


def is_complete(form: str, behind: str) -> bool:
    """Tell whether an organ's form ends here: 图|流通部 and 图书馆, 政府办|公厅, 卫健委|员会 must not be cut."""
    if form in ("委", "图"):
        return behind == "" or (form == "图" and behind.endswith(("部", "科", "处", "室")))
    return not behind.startswith(("员会", "公室", "公厅", "校", "采购", "附属", "馆"))


@lru_cache(maxsize=1)
def load() -> Lexicon:
    """Read the shipped reference data, once; raises SchemaError if a table cannot be read."""
    suffixes: dict[str, list[str]] = {}
    for row in read("suffixes.csv"):
        suffixes.setdefault(row["kind"], []).append(row["suffix"])
    endings: dict[str, list[str]] = {}
    for row in read("endings.csv"):
        endings.setdefault(row["short"], []).append(row["ending"])
    phrases: dict[str, list[Phrase]] = {}
    for row in read("phrases.csv"):
        phrase = Phrase(before=row["before"], behind=row["behind"], name=row["name"])
        phrases.setdefault(row["surface"], []).append(phrase)
    organs = {}
    for row in read("organs.csv"):
        before, _, after = row["form"].partition("{place}")
        organs[before, after] = row["name"]
    return Lexicon(
        organs=organs,
        name_by_body={key(name): full for surface, full in _bodies() for name in (full, surface)},
        name_by_programme={key(row["surface"]): row["name"] for row in read("programmes.csv")},
        suffixes={kind: tuple(values) for kind, values in suffixes.items()},
        endings={short: tuple(sorted(found, key=len, reverse=True)) for short, found in endings.items()},
        phrases={surface: tuple(found) for surface, found in phrases.items()},
        bare={
            # Atomic: 街道|办事处 and 街道办事处 are two ways to read the same, which a long name must not try in turn.
            kind: re.compile(f"(?>{'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))})++")
            for kind, words in suffixes.items()
            if kind.startswith("bare_")
        },
    )


def _bodies() -> Iterator[tuple[str, str]]:
    """Yield surface and full name of every well-known body: those of the tables, those of the decisions we ship."""
    for row in read("bodies.csv"):
        yield row["surface"], row["name"]
    for row in read("decisions.csv"):
        type_, _, surface = row["entity"].partition(":")
        if row["action"] == "merge" and type_ == "Organisation":
            yield surface, row["other"].partition(":")[2]
