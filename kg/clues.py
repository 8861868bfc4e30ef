"""What tells that two names of an article are one: its definitions and quotes, the printed forms, the tables.

In: a context and the meanings of its names.  Out: ``Clues`` by key.  What follows from them is decided in
shortening.py.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.context import Context, Name
from kg.gazetteer import Gazetteer
from kg.lexicon import Lexicon
from kg.meanings import Meaning
from kg.names import key, without_edition, without_legal_form

DEFINITION = re.compile(
    r"[(（](?:以下|下文|下称|简称|统称|以下简称|又称)*[：:为]?[“\"‘]?([^“”\"‘’()（），,。]{2,20})[”\"’]?[)）]"
)
DEFINED_BY = re.compile(r"简称|下称|统称|又称")
QUOTED = re.compile(r"[“‘]([^“”‘’]{2,})[”’]")
# How far before its definition a full form may begin.
DEFINITION_REACH = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Clues:
    """What the rules may look at besides two keys: the tables, and what the article says of its names.

    ``definitions``: short form -> text before its definition; ``quoted``: name -> the words it has in quotes;
    ``surfaces``: full form -> the forms that the article prints.
    """

    lexicon: Lexicon
    gazetteer: Gazetteer
    near: frozenset[str]
    definitions: Mapping[str, str]
    quoted: Mapping[str, frozenset[str]]
    surfaces: Mapping[str, frozenset[str]]

    def split(self, name: str) -> tuple[str, str]:
        """Return the code of the division that ``name`` begins with ("" if none), and what follows it."""
        division, rest = self.gazetteer.leading(name, self.near)
        return (division.code if division else ""), rest

    def core(self, company: str) -> str:
        """Return a company's own word and trade: 能裕新能源 of 定襄县能裕新能源有限公司."""
        body = without_legal_form(company).removeprefix("中国")
        rest = self.split(body)[1]
        if rest == body:
            width = next((w for w in range(min(6, len(body) - 2), 1, -1) if self.is_place(body[:w])), 0)
            rest = body[width:]
        return rest

    def is_place(self, text: str) -> bool:
        """Tell whether ``text`` is a division's full or short name, or a country's."""
        known = self.gazetteer.codes_by_short, self.gazetteer.codes_by_name, self.gazetteer.country_by_alias
        return any(text in names for names in known)


def collect(context: Context, meanings: Mapping[Name, Meaning]) -> Clues:
    """Return what the article says of its names besides the names themselves."""
    return Clues(
        lexicon=context.lexicon,
        gazetteer=context.gazetteer,
        near=context.near,
        definitions=_definitions(context.article.text),
        quoted=_quoted(meanings),
        surfaces=_surfaces(meanings),
    )


def _definitions(text: str) -> dict[str, str]:
    """Return short form -> what stands before its definition: 山西晋钛新材料股份有限公司（以下简称“晋钛新材”）."""
    return {
        key(match[1]): key(text[max(0, match.start() - DEFINITION_REACH) : match.start()])
        for match in DEFINITION.finditer(text)
        if DEFINED_BY.search(match[0])
    }


def _quoted(names: Iterable[Name]) -> dict[str, frozenset[str]]:
    """Return name -> its quoted words, each also without what follows a dash, all without their edition."""
    texts = {name.text for name in names if "“" in name.text or "‘" in name.text}
    return {
        key(text): frozenset(
            without_edition(key(part))
            for word in QUOTED.findall(text)
            for part in (word, word.partition("——")[0])
            if key(part) != key(text)
        )
        for text in texts
    }


def _surfaces(meanings: Mapping[Name, Meaning]) -> dict[str, frozenset[str]]:
    surfaces: dict[str, set[str]] = defaultdict(set)
    for name, meaning in meanings.items():
        surfaces[key(meaning.name)].add(name.key)
    return {full: frozenset(printed) for full, printed in surfaces.items()}
