"""What a rule may look at besides one name: an article's names, its home, and which division of China it means where.

``Context`` is made by gathering.py.  What the names stand for is not said here (meanings.py and the rules beside it).
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter

from kg.gazetteer import CHINA, Division, Gazetteer
from kg.lexicon import Lexicon
from kg.records import Article, Mention

PERSON, ORGANISATION, PLACE, PROGRAMME = "Person", "Organisation", "Place", "Programme"
# 我省, 全市: the place a newspaper speaks from or about; the word alone says its level.
RELATIVE_PLACE = re.compile(r"^(我|全)(省|自治区|市|县|区|旗|州|盟|镇|乡|村)$")
PROVINCE_WORDS = ("省", "自治区")
SPAN = attrgetter("start", "end")
# How many characters of a name may be a country's: enough for all but two island states.
LONGEST_COUNTRY = 9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)  # equal is the same: mentions take long to be hashed
class Name:
    """One name of the article: all its mentions in text order or, for a byline, none; 全市 has ``about``.

    ``sense`` is the name that the words around these mentions give them, "" one that the article alone knows.
    """

    type: str
    key: str
    text: str
    mentions: tuple[Mention, ...]
    about: Division | None = None
    sense: str | None = None

    @property
    def start(self) -> int:
        return self.mentions[0].start if self.mentions else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A division that the article names at ``position``."""

    position: int
    division: Division


@dataclass(frozen=True, kw_only=True)  # no slots: cached_property keeps its value in the instance
class Context:
    """What the rules may look at besides a name: the article, its home, the divisions and names in it.

    ``home`` is nearest first; ``near`` holds the codes of home and of every division that the article names.
    """

    article: Article
    gazetteer: Gazetteer
    lexicon: Lexicon
    home: tuple[Division, ...]
    near: frozenset[str]
    anchors: tuple[Anchor, ...]
    names: tuple[Name, ...]

    @cached_property
    def countries(self) -> Mapping[str, int]:
        """Countries that places or bodies of the article name in full, and how often."""
        found: Counter[str] = Counter()
        for name in self.names:
            text = name.text if name.type in (PLACE, ORGANISATION) else ""
            widths = range(2, min(len(text), LONGEST_COUNTRY) + 1)
            for country in {self.gazetteer.country_by_alias.get(text[:width]) for width in widths} - {None}:
                found[str(country)] += len(name.mentions)
        return found

    def country_of_sign(self, sign: str) -> str | None:
        """Return the country that 俄, 乌 or 巴 stands for: the one named most here that begins so, else the table's."""
        if sign == "中":
            return CHINA
        named = sorted((count, country) for country, count in self.countries.items() if country.startswith(sign))
        is_clear = len(named) == 1 or (len(named) > 1 and named[-1][0] > named[-2][0])
        return named[-1][1] if is_clear else self.gazetteer.country_by_alias.get(sign)

    @cached_property
    def _texts(self) -> frozenset[str]:
        return frozenset(name.text for name in self.names)

    @cached_property
    def _divisions(self) -> dict[str, Division | None]:
        return {}

    def division(self, text: str) -> Division | None:
        """Return the division that a place's name means here, or None.

        The short name of a county or district is also that of hills, lakes and streets (东湖, 金山): a county needs
        its province, a district its city, in the article or at home.
        """
        # Asked again and again for the few names of an article.
        if text not in self._divisions:
            self._divisions[text] = self._division(text)
        return self._divisions[text]

    def _division(self, text: str) -> Division | None:
        division = self.gazetteer.division(text, self.near)
        if division is None or division.level != "county" or text[-1] == division.name[-1]:
            return division
        if division.name.endswith("区"):
            return division if self._is_near(division.parent) else None
        if not self._is_near(division.code[:2]) and f"{text}镇" in self._texts:
            return None  # 华亭, where the text names 华亭镇 in Shanghai, is no city in Gansu
        is_meant = division.name.endswith("市") or not self.home or self._is_near(division.code[:2])
        return division if is_meant else None

    def named_place(self, text: str) -> str | None:
        """Return the full name that a nickname stands for; of a nickname of several cities (龙城) the paper's own."""
        if text not in self.gazetteer.nicknames:
            return self.gazetteer.country_by_alias.get(text)
        own = frozenset(division.code for division in self.home)
        homes = [home for _, home in self.gazetteer.nicknames.get(text, ()) if home]
        is_own = any(code.startswith(home) for home in homes for code in own)
        return self.gazetteer.named_place(text, own if is_own else self.near)

    def _is_near(self, above: str) -> bool:
        return any(code.startswith(above) for code in self.near)

    def division_of_level(self, level: str, position: int, *, own: bool = False) -> Division | None:
        """Return the division of ``level`` (省 市 县 区 …) that the text means at ``position``, or None.

        The paper's own one, unless the headline is about another; without a home the last one named before.
        ``own`` (我市) leaves no other than the paper's, where it has one.
        """
        home = next((division for division in self.home if is_level(division, level)), None)
        if home and (own or level in PROVINCE_WORDS):
            return home
        return self._in_headline(home, level) or home or self._last_named(level, position)

    def _in_headline(self, home: Division | None, level: str) -> Division | None:
        end = len(self.article.title or "")
        named = {anchor.division for anchor in self.anchors if anchor.position < end}
        fitting = {found for found in named if is_level(found, level) and (not home or found.level == home.level)}
        if len(fitting) != 1:
            return None
        (found,) = fitting
        # A headline that names another city is about it only if the text also speaks more of it than of home.
        codes = [anchor.division.code for anchor in self.anchors]
        about, own = (sum(code.startswith(one.code) for code in codes) if one else 0 for one in (found, home))
        return found if about > own else None

    def only_place(self, level: str) -> "Name | None":
        """Return the one place of the article whose name ends in ``level`` (村, 镇, 街道), or None."""
        fitting = [name for name in self.names if name.type == PLACE and is_called(name.text, level)]
        return fitting[0] if len(fitting) == 1 else None

    def _last_named(self, level: str, position: int) -> Division | None:
        fitting = [
            (anchor.position, division)
            for anchor in self.anchors
            for division in self.gazetteer.chain(anchor.division.code)
            if is_level(division, level) and (division is anchor.division or level in PROVINCE_WORDS)
        ]
        at_home = [pair for pair in fitting if self.home and pair[1].code.startswith(self.home[0].code)]
        fitting = at_home or fitting
        before = [division for start, division in fitting if start < position]
        if before:
            return before[-1]
        return fitting[0][1] if fitting else None


def is_level(division: Division, level: str) -> bool:
    """Tell whether newspapers call ``division`` by the word ``level``: 全区 is a district or an autonomous region."""
    if level in PROVINCE_WORDS:
        return division.level == "province" and division.name.endswith(level)
    if level in ("州", "自治州"):
        return division.level == "city" and division.name.endswith("州")
    if level == "区":
        return division.level == "county" and division.name.endswith("区")
    return division.name.endswith(level)


def is_called(text: str, level: str) -> bool:
    """Tell whether a place's name says that it is a ``level`` (碛口镇; not 全镇)."""
    return text.endswith(level) and len(text) > len(level) + 1 and not RELATIVE_PLACE.match(text)
