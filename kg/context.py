"""Article + Mention -> Context: an article's names, and which division of China it means where.

In: an article with its mentions and the reference data.  Out: ``Context``, all that a rule may look at besides one
name.  What the names stand for is not said here (meanings.py and the rules beside it).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from operator import attrgetter

from kg import departments
from kg.gazetteer import CHINA, Division, Gazetteer
from kg.lexicon import Lexicon
from kg.names import key, printed
from kg.records import Article, Mention

PERSON, ORGANISATION, PLACE, PROGRAMME = "Person", "Organisation", "Place", "Programme"
# 我省, 全市: the place a newspaper speaks from or about; the word alone says its level.
RELATIVE_PLACE = re.compile(r"^(我|全)(省|自治区|市|县|区|旗|州|盟|镇|乡|村)$")
# What stands before the place in the names of parties: 中共太原市委员会, 共青团太原市委员会.
PARTY = re.compile("^(?:中共|共青团|团|政协|民革|民盟|民建|民进|农工党|致公党|九三学社)")
PROVINCE_WORDS = ("省", "自治区")
SPAN = attrgetter("start", "end")
CAPITAL, BEIJING = "首都", "北京"
# 西方 is the West unless it talks: 中方愿同西方一道, 西方愿 (of Spain).
COMPASS_SIDE = re.compile("^[东西南北]方$")
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


def gather(article: Article, mentions: Sequence[Mention], gazetteer: Gazetteer, lexicon: Lexicon) -> Context:
    """Return the names of ``article`` and the divisions that they anchor it to, whatever the order of ``mentions``."""
    home = gazetteer.home(article.issue.home)
    near = frozenset(division.code for division in home)
    context = Context(
        article=article,
        gazetteer=gazetteer,
        lexicon=lexicon,
        home=home,
        near=near,
        anchors=(),
        names=tuple(
            _split_by_sense(
                article, tuple(_in_full(article, tuple(_names(article, mentions)), lexicon)), gazetteer, lexicon
            )
        ),
    )
    # Full names first, since 朝阳 is 朝阳区 where that stands beside it.  Then twice: a district that many cities have
    # (鼓楼区) is known by the city that stands elsewhere in the text.
    for is_certain in (True, False, False):
        found = _anchors(context, only_full_names=is_certain)
        anchors = tuple(sorted(found, key=lambda anchor: (anchor.position, anchor.division.code)))
        known, around = context.near, near | {anchor.division.code for anchor in anchors}
        context = replace(context, anchors=anchors, near=around)
        if around == known and not is_certain:
            break
    return replace(context, names=tuple(_split_relative(context)))


def _names(article: Article, mentions: Sequence[Mention]) -> Iterator[Name]:
    """Group mentions by key; a key that was given several types keeps the one that most of its mentions have."""
    together: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        together[key(mention.text)].append(mention)
    by_key: dict[tuple[str, str], list[Mention]] = {}
    for name_key, group in together.items():
        type_ = group[0].type
        if len(group) > 1:
            counts = Counter([mention.type for mention in group])
            type_ = min(counts, key=lambda type_: (-counts[type_], type_))
        by_key[type_, name_key] = group
    outside = {key(person): person for person in sorted({*article.byline, *article.photographers})}
    for person in outside:
        by_key.setdefault((PERSON, person), [])
    for (type_, name_key), group in sorted(by_key.items()):
        if len(group) == 1:
            text = group[0].text
        else:
            group = sorted(group, key=SPAN)
            texts = {mention.text for mention in group} or {outside[name_key]}
            text = max(texts, key=lambda text: (len(text), text))
        yield Name(type=type_, key=name_key, text=printed(text), mentions=tuple(group))


def _in_full(article: Article, names: Sequence[Name], lexicon: Lexicon) -> Iterator[Name]:
    """Give each bare department behind a post (市委常委、宣传部部长) the text that it has in full; others pass."""
    of_party, of_level = (frozenset(lexicon.suffixes[kind]) for kind in ("party_department", "level_body"))
    name_by_end = {
        mention.end: name.text for name in names if name.type in (ORGANISATION, PLACE) for mention in name.mentions
    }
    for name in names:
        if name.type != ORGANISATION or name.text not in of_party | of_level:
            yield name
            continue
        by_text: dict[str, list[Mention]] = defaultdict(list)
        for mention in name.mentions:
            is_party = name.text in of_party
            owner = departments.owner(article.text, mention.start, name_by_end, is_party=is_party)
            by_text[owner + name.text].append(mention)
        for text, mentions in by_text.items():
            yield replace(name, text=text, mentions=tuple(mentions))


def _split_by_sense(article: Article, names: Sequence[Name], gazetteer: Gazetteer, lexicon: Lexicon) -> Iterator[Name]:
    """Part a name into what the words around its mentions make of it; nearly all names pass unchanged."""
    places = {mention.start: name.text for name in names if name.type == PLACE for mention in name.mentions}
    for name in names:
        if not (name.text == CAPITAL or COMPASS_SIDE.match(name.text) or name.key in lexicon.phrases):
            yield name
            continue
        by_sense: dict[str | None, list[Mention]] = defaultdict(list)
        for mention in name.mentions:
            before, behind = article.text[: mention.start], article.text[mention.end :]
            if name.text == CAPITAL:
                sense = _capital(before, places.get(mention.end), places.values(), gazetteer)
            else:
                sense = _in_words(name, before, behind, lexicon)
            by_sense[sense].append(mention)
        for sense, mentions in by_sense.items():
            yield replace(name, mentions=tuple(mentions), sense=sense)


def _in_words(name: Name, before: str, behind: str, lexicon: Lexicon) -> str | None:
    """Return the phrase that a name is part of, or the name itself where 西方 does not talk; else None."""
    for phrase in lexicon.phrases.get(name.key, ()):
        if before.endswith(phrase.before) and behind.startswith(phrase.behind):
            return phrase.name
    talks = before.endswith(lexicon.suffixes["talks_to"]) or behind.startswith(lexicon.suffixes["talks"])
    return name.text if COMPASS_SIDE.match(name.text) and not talks else None


def _capital(before: str, following: str | None, places: Collection[str], gazetteer: Gazetteer) -> str | None:
    """Return what 首都 is: the city right behind it (首都喀土穆), "" where it is another country's, else None: 北京."""
    if following:
        return None if following.startswith(BEIJING) else following
    countries = (gazetteer.country_by_alias.get(before[-width:]) for width in range(LONGEST_COUNTRY, 1, -1))
    owner = next((country for country in countries if country), None)
    is_abroad = any(gazetteer.country_by_alias.get(place, CHINA) != CHINA for place in places)
    is_here = not is_abroad or any(place.startswith(BEIJING) for place in places)
    return None if (owner or CHINA) == CHINA and is_here else ""


def _anchors(context: Context, *, only_full_names: bool) -> Iterator[Anchor]:
    for name in context.names:
        if name.sense is not None:
            continue
        if only_full_names and name.text not in context.gazetteer.codes_by_name:
            continue
        division = None
        if name.type == PLACE and not RELATIVE_PLACE.match(name.text):
            division = context.division(context.named_place(name.text) or name.text)
        elif name.type == ORGANISATION:
            division = _leading_anchor(name.text, context)
        if division:
            yield from (Anchor(position=mention.start, division=division) for mention in name.mentions)


def _leading_anchor(text: str, context: Context) -> Division | None:
    """Return the division that an organisation's name begins with, unless it is a far district by its bare name."""
    found = context.gazetteer.leading(PARTY.sub("", text), context.near)[0]
    if found is None or not context.home or found.level != "county" or not text.startswith(found.name):
        return found
    return found if any(code.startswith(found.parent) for code in context.near) else None


def _split_relative(context: Context) -> Iterator[Name]:
    """Part 全市 into one name per city it stands for; every other name passes unchanged."""
    for name in context.names:
        match = RELATIVE_PLACE.match(name.text) if name.type == PLACE else None
        if not match:
            yield name
            continue
        by_division: dict[Division | None, list[Mention]] = defaultdict(list)
        for mention in name.mentions:
            found = context.division_of_level(match[2], mention.start, own=match[1] == "我")
            if match[2] == "区":
                found = found or context.division_of_level("自治区", mention.start)
            by_division[found].append(mention)
        for division, mentions in by_division.items():
            yield replace(name, mentions=tuple(mentions), about=division)
