"""Article + Mention -> Context: the names of an article, parted by what the words around them make of them.

In: an article with its mentions and the reference data.  Out: ``Context``.  A name of several senses (首都, 全市, two
people's 组织部) becomes several; the divisions that the article names anchor it to its places.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from kg import departments
from kg.context import (
    LONGEST_COUNTRY,
    ORGANISATION,
    PERSON,
    PLACE,
    RELATIVE_PLACE,
    SPAN,
    Anchor,
    Context,
    Name,
)
from kg.gazetteer import CHINA, Division, Gazetteer
from kg.lexicon import Lexicon
from kg.names import key, printed
from kg.records import Article, Mention

# What stands before the place in the names of parties: 中共太原市委员会, 共青团太原市委员会.
PARTY = re.compile("^(?:中共|共青团|团|政协|民革|民盟|民建|民进|农工党|致公党|九三学社)")
CAPITAL, BEIJING = "首都", "北京"
# 西方 is the West unless it talks: 中方愿同西方一道, 西方愿 (of Spain).
COMPASS_SIDE = re.compile("^[东西南北]方$")


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
    of_party = lexicon.suffixes["party_department"]
    words = frozenset(of_party + lexicon.suffixes["level_body"])
    bare = {name for name in names if name.type == ORGANISATION and name.text in words}
    bodies = (name for name in names if bare and name.type in (ORGANISATION, PLACE))
    name_by_end = {mention.end: name.text for name in bodies for mention in name.mentions}
    for name in names:
        if name not in bare:
            yield name
            continue
        is_party = name.text in of_party
        by_text: dict[str, list[Mention]] = defaultdict(list)
        for mention in name.mentions:
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
