"""What a place's name stands for by itself: ``RULES``, asked in this order until one answers.

In: a name and its context.  Out: a meaning, or None where the gazetteer, home and the article's places say nothing.
"""

import re
from dataclasses import replace

from kg.context import PLACE, RELATIVE_PLACE, Context, Name
from kg.gazetteer import CHINA, Division
from kg.meanings import Meaning, Rule, as_printed, meaning_of, of_this_article

TRANSIT_LINE = re.compile(
    r"^(?:((?!地铁|轨道|轻轨)\D+?)市?)?(?:地铁|轨道交通|轻轨)?(\d+号线)$"
    r"|^(?:((?!公交)\D+?)市?)?(?:公交)?(\d+)路(?:公交车?|车)?$"
)
SIDE_OF_TALKS = re.compile(r"^(?:(.{1,3})方|(.)|(.)国)$")
FORMAL_STATE = re.compile(r"(?:(?:民主|人民|伊斯兰|联合|社会主义|阿拉伯)*共和国|王国|联邦|国)$")
# 市场, 市区, 市政, 县级 … are words of their own.
HOME_FACILITY = re.compile(r"^(省|市|县)(?!场|区|政|民|中心|级)(.{3,})$")


def relative_place(name: Name, context: Context) -> Meaning | None:
    """全市, 我省: the division of that level that is home or that the article is about."""
    if not RELATIVE_PLACE.match(name.text):
        return None
    if name.about:
        return _division_meaning(name.about, "relative place", context)
    named = context.only_place(name.text[1:])
    if named:  # 全村, where the article names one village
        return replace(division(named, context) or as_printed(named, context), rule="relative place", settled=True)
    return of_this_article(name, context, "relative place", settled=True)


def nickname(name: Name, context: Context) -> Meaning | None:
    """并州, 京, 印尼, 赞比亚共和国: another name of a place that the tables know."""
    meant = context.named_place(name.text)
    meant = meant or context.gazetteer.country_by_alias.get(FORMAL_STATE.sub("", name.text))
    if not meant or (meant == CHINA and len(name.text) == 1 and name.text != "华"):
        return None
    division = context.gazetteer.division(meant, context.near)
    if division and division.name == meant:
        return _division_meaning(division, "nickname", context)
    return meaning_of(PLACE, meant, "nickname", settled=True)


def side_of_talks(name: Name, context: Context) -> Meaning | None:
    """俄方, 乌方, 俄: the country of the article that begins so, else the one that the table gives the sign to."""
    match = SIDE_OF_TALKS.match(name.text)
    # 塔国, where the text names 塔吉克斯坦
    if match and match[3] and not any(country.startswith(match[3]) for country in context.countries):
        return None
    country = context.country_of_sign(match[match.lastindex or 0]) if match else None
    return meaning_of(PLACE, country, "side of talks", settled=True) if country else None


def division(name: Name, context: Context) -> Meaning | None:
    """太原, 定襄, 鼓楼区, 四川成都: an administrative division, near home or near what the article names."""
    found = context.division(name.text) or _chained_division(name.text, context)
    found = found or context.gazetteer.township(name.text, context.near)
    return _division_meaning(found, "gazetteer", context) if found else None


def _chained_division(text: str, context: Context) -> Division | None:
    """Return the division of 山西省太原市, 青岛市北区, 四川成都 or 中国四川, written after one that contains it."""
    if text.startswith(CHINA):
        return context.division(text.removeprefix(CHINA))
    widths = range(2, len(text) - 1) if context.gazetteer.could_begin(text) else ()
    for width in widths:
        above = context.gazetteer.division(text[:width], context.near)
        below = context.gazetteer.division(text[width:], {above.code}) if above else None
        if above and below and _is_inside(above, below, text[width:]):
            return below
    return None


def _is_inside(above: Division, below: Division, written: str) -> bool:
    """Tell whether ``below`` is part of ``above``; only a city may go by its bare short name (四川成都)."""
    is_full = below.code.startswith(above.code) and written in (below.name, below.short + below.name[-1])
    return is_full or (below.parent == above.code and below.level == "city")


def _division_meaning(division: Division, rule: str, context: Context) -> Meaning:
    gazetteer = context.gazetteer
    # 城区, 东区: two characters say too little without their city.
    name = gazetteer.full_name(division) if len(division.name) < 3 else division.name
    return Meaning(name=name, id=gazetteer.place_id(division.name, division), rule=rule, settled=True)


def transit_line(name: Name, context: Context) -> Meaning | None:
    """地铁2号线, 849路: every city has one, so the city's name comes first (太原地铁2号线, 太原公交849路)."""
    match = TRANSIT_LINE.match(name.text)
    city = context.division_of_level("市", name.start) if match else None
    if not match or not city or (match[1] or match[3] or city.short) != city.short:
        return None
    line = f"地铁{match[2]}" if match[2] else f"公交{match[4]}路"
    return meaning_of(PLACE, city.short + line, "transit line of the city")


def home_facility(name: Name, context: Context) -> Meaning | None:
    """省体育中心, 县会议中心: a place named by its level."""
    match = HOME_FACILITY.match(name.text)
    found = context.division_of_level(match[1], name.start) if match else None
    if not match or not found:
        return None
    return meaning_of(PLACE, context.gazetteer.full_name(found) + match[2], "place of its level")


RULES: tuple[Rule, ...] = (relative_place, nickname, side_of_talks, division, transit_line, home_facility)
