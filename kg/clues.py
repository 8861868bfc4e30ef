"""What tells that two names of an article are one: its definitions and quotes, the printed forms, the tables.

In: a context and the meanings of its names.  Out: ``Clues`` by key.  What follows from them is decided in
shortening.py.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from kg.context import LONGEST_COUNTRY, ORGANISATION, PERSON, PLACE, PROGRAMME, Context, Name
from kg.gazetteer import Gazetteer
from kg.lexicon import Lexicon
from kg.meanings import Meaning
from kg.names import key, without_edition, without_legal_form

DEFINITION = re.compile(
    r"[(（](?:以下|下文|下称|简称|统称|以下简称|又称)*[：:为]?[“\"‘]?([^“”\"‘’()（），,。]{2,20})[”\"’]?[)）]"
)
DEFINED_BY = re.compile(r"简称|下称|统称|又称")
QUOTE = re.compile("[“‘]")
QUOTED_DASH = re.compile("——|·")
QUOTED = re.compile(r"[“‘]([^“”‘’]{2,})[”’]")
WHOLLY_QUOTED = re.compile("^“([^“”]+)”$")
# How far before its definition a full form may begin.
DEFINITION_REACH = 60
# Divisions down to cities have codes of two or four digits.
CITY_CODE = 4
# A title stands before or behind its name: 市委书记、市长王建国, 王建国书记.
CLAUSE_END = re.compile("[，。；：！？\n“”（）]")
TITLE_REACH = 30
# 南京永利铔厂（今中石化南京化学工业有限公司）: what a body is called today or was; its other name stands there without
# a word, 益民集团（上海益民商业集团股份有限公司）, or before the number of its share, （中国动力，600482）.
OPENED = re.compile("”?[（(](今|现|现为|现名|今为|原|原名|前身为|前身是)?“?")
CLOSED = re.compile(r"”?(?:[）)]|[，,]\s?\d{6}\b)")
# 清波、南星、紫阳等街道; 汤湖、左安、堆子前三个乡镇: a list and what each of it is called.
MORE = "(?:、[^、，。；：！？\n（）“”]{2,8}?){0,8}"
LISTED = MORE + r"(?:等[地这]?|(?=[两二三四五六七八九十\d]))[两二三四五六七八九十\d]*(?:个|座|家|所|条)?"
# Most names are followed by something else.
LISTS = frozenset("、等两二三四五六七八九十0123456789")
HEADS_IN_ONE = {"乡镇": ("乡", "镇"), "镇街": ("镇", "街道")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Clues:
    """What the rules may look at besides two keys: the tables, and what the article says of its names.

    ``owners``: 国防部, 外交部 -> the countries named last before them; ``definitions``: short form -> text before its
    definition; ``quoted``: name -> the words it has in quotes; ``surfaces``: full form -> the forms that the article
    prints; ``titles``: person -> the titles printed beside the name, if any; ``renamed`` and ``beside``: name -> the
    names in brackets behind it that it was or is called, and those that stand there without a word, both ways;
    ``shared_heads``: name -> what stands behind a list that it is in (街道).
    """

    lexicon: Lexicon
    gazetteer: Gazetteer
    near: frozenset[str]
    owners: Mapping[str, frozenset[str | None]]
    definitions: Mapping[str, str]
    quoted: Mapping[str, frozenset[str]]
    surfaces: Mapping[str, frozenset[str]]
    titles: Mapping[str, frozenset[str]]
    renamed: Mapping[str, frozenset[str]]
    beside: Mapping[str, frozenset[str]]
    shared_heads: Mapping[str, frozenset[str]]

    def split(self, name: str) -> tuple[str, str]:
        """Return the code of the division that ``name`` begins with ("" if none), and what follows it."""
        division, rest = self.gazetteer.leading(name, self.near)
        return (division.code if division else ""), rest

    def core(self, company: str) -> str:
        """Return a company's own word and trade: 能裕新能源 of 定襄县能裕新能源有限公司."""
        rest = self.split(without_legal_form(company).removeprefix("中国"))[1]
        width = next((w for w in range(min(6, len(rest) - 2), 1, -1) if self.is_place(rest[:w])), 0)
        return rest[width:]

    def cores(self, company: str) -> Iterator[str]:
        """Yield a company's name after its first place, after its second, and so on (广西柳州钢铁: 柳州钢铁, 钢铁)."""
        name = without_legal_form(company)
        while (core := self.core(name)) != name:
            yield core
            name = core

    def end(self, name: str, kind: str) -> str:
        """Return the longest suffix of ``kind`` that ``name`` ends in, "" if none."""
        if not self.lexicon.ends_with(name, kind):
            return ""
        return max([suffix for suffix in self.lexicon.suffixes[kind] if name.endswith(suffix)], key=len)

    def country(self, name: str) -> str | None:
        """Return the country that ``name`` begins with, in two characters or more."""
        return leading_country(name, self.gazetteer)

    def is_place(self, text: str) -> bool:
        """Tell whether ``text`` is a division's full or short name, or a country's."""
        known = self.gazetteer
        return text in known.codes_by_short or text in known.codes_by_name or text in known.country_by_alias

    def is_city(self, text: str) -> bool:
        """Tell whether ``text`` is the everyday name of a province or a city."""
        return any(len(code) <= CITY_CODE for code in self.gazetteer.codes_by_short.get(text, ()))


def leading_country(name: str, gazetteer: Gazetteer) -> str | None:
    """Return the country that ``name`` begins with, in two characters or more."""
    widths = range(min(LONGEST_COUNTRY, len(name)), 1, -1)
    known = gazetteer.country_by_alias
    return next((known[name[:width]] for width in widths if name[:width] in known), None)


def collect(context: Context, meanings: Mapping[Name, Meaning]) -> Clues:
    """Return what the article says of its names besides the names themselves."""
    renamed, beside = _in_brackets(context)
    return Clues(
        lexicon=context.lexicon,
        gazetteer=context.gazetteer,
        near=context.near,
        owners=_owners(context, meanings),
        definitions=_definitions(context.article.text),
        quoted=_quoted(meanings),
        surfaces=_surfaces(meanings),
        titles={name.key: _titles(name, context) for name in meanings if name.type == PERSON},
        renamed=renamed,
        beside=beside,
        shared_heads=_shared_heads(context),
    )


def _definitions(text: str) -> dict[str, str]:
    """Return short form -> what stands before its definition: 山西晋钛新材料股份有限公司（以下简称“晋钛新材”）."""
    if not DEFINED_BY.search(text):
        return {}
    return {
        key(match[1]): key(text[max(0, match.start() - DEFINITION_REACH) : match.start()])
        for match in DEFINITION.finditer(text)
        if DEFINED_BY.search(match[0])
    }


def _owners(context: Context, meanings: Mapping[Name, Meaning]) -> dict[str, frozenset[str | None]]:
    """Return what each bare name of a ministry stands behind: the last country that the text names before it."""
    bare = [name for name in meanings if name.key in context.lexicon.suffixes["ministry"]]
    if not bare:
        return {}
    named = [
        (mention.start, country)
        for name, meaning in meanings.items()
        if (country := leading_country(meaning.name, context.gazetteer))
        for mention in name.mentions
    ]
    return {
        name.key: frozenset(
            max((start, country) for start, country in [*named, (-1, None)] if start < mention.start)[1]
            for mention in name.mentions
        )
        for name in bare
    }


def _quoted(meanings: Mapping[Name, Meaning]) -> dict[str, frozenset[str]]:
    """Return name -> its quoted words, each also without what follows a dash, all without their edition."""
    texts = {text for name, meaning in meanings.items() for text in (name.text, meaning.name) if QUOTE.search(text)}
    return {
        key(text): frozenset(
            without_edition(key(part))
            for word in (*QUOTED.findall(text), *WHOLLY_QUOTED.findall(text))
            for part in (word, QUOTED_DASH.split(word)[0])
            if key(part) != key(text)
        )
        for text in texts
    }


def _surfaces(meanings: Mapping[Name, Meaning]) -> dict[str, frozenset[str]]:
    surfaces: dict[str, set[str]] = defaultdict(set)
    for name, meaning in meanings.items():
        surfaces[key(meaning.name)].add(name.key)
    return {full: frozenset(printed) for full, printed in surfaces.items()}


def _titles(name: Name, context: Context) -> frozenset[str]:
    """Return the titles that stand in the same clause before ``name`` and lead up to it, and those right behind it."""
    suffixes, text = context.lexicon.suffixes, context.article.text
    titles = (*suffixes["title"], *suffixes["evident_title"], *suffixes["other_title"])
    found: set[str] = set()
    for mention in name.mentions:
        before = CLAUSE_END.split(text[max(0, mention.start - TITLE_REACH) : mention.start])[-1]
        if before.endswith(titles):
            found.update(title for title in titles if title in before)
        if text.startswith(titles, mention.end):
            found.update(title for title in titles if text.startswith(title, mention.end))
    return frozenset(found)


def _in_brackets(context: Context) -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """Return what ``Clues`` calls renamed and beside, both ways."""
    text = context.article.text
    renamed: dict[str, set[str]] = defaultdict(set)
    beside: dict[str, set[str]] = defaultdict(set)
    opened = [
        (name, match)
        for name in context.names
        for mention in (name.mentions if name.type in (ORGANISATION, PROGRAMME) else ())
        if text.startswith(("（", "(", "”"), mention.end) and (match := OPENED.match(text, mention.end))
    ]
    inside = {
        (name.type, mention.start): (mention.end, name.key)
        for name in (context.names if opened else ())
        for mention in name.mentions
    }
    for name, match in opened:
        end, other = inside.get((name.type, match.end()), (0, ""))
        if other and CLOSED.match(text, end):
            found = renamed if match[1] else beside
            found[name.key].add(other)
            found[other].add(name.key)
    return _frozen(renamed), _frozen(beside)


def _shared_heads(context: Context) -> dict[str, frozenset[str]]:
    """Return what ``Clues`` calls shared heads."""
    text = context.article.text
    found: dict[str, set[str]] = defaultdict(set)
    listed = _listed(context.lexicon.suffixes["shared_head"])
    for name in context.names:
        for mention in name.mentions if name.type in (PLACE, ORGANISATION) else ():
            may_be = text[mention.end : mention.end + 1] in LISTS
            match = listed.match(text, mention.end) if may_be else None
            if match:
                found[name.key].update(HEADS_IN_ONE.get(match[1], (match[1],)))
    return _frozen(found)


@lru_cache(maxsize=1)
def _listed(heads: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(f"{LISTED}({'|'.join(sorted(heads, key=len, reverse=True))})")


def _frozen(found: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
    return {name: frozenset(others) for name, others in found.items()}
