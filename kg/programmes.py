"""What a programme's name stands for by itself: ``RULES``, asked in this order until one answers.

In: the name of a plan, a meeting or an event, and its context.  Out: a meaning, or None where no rule knows it.
"""

import re

from kg.context import PROGRAMME, Context, Name
from kg.meanings import Meaning, Rule, meaning_of
from kg.names import COUNT, without_edition

SESSION = re.compile(
    rf"^(省|市|县|区|[^第]{{2,8}}?[省市县区旗])(政协|委|人大)?第?({COUNT})届(人大|政协)?第?({COUNT})次(?:会议|全会|全体会议)$"
)
NATIONAL_SESSION = re.compile(rf"^(?:(全国政协)第?({COUNT})届|第?({COUNT})届全国(人大|政协))第?({COUNT})次会议$")
CONGRESS = re.compile(rf"^(?:(?:党的|中共|中国共产党)({COUNT})|(十[一二三四五六七八九]|二十))大$")
PLENARY = re.compile(
    rf"^(?:党的|中共|中国共产党)?第?({COUNT})届(?:({COUNT})中全会|中央纪委第?({COUNT})次(?:全会|全体会议))$"
)
NUMBERED = re.compile(f"“?({COUNT})")
FORM_BY_BODY = {
    "政协": "政协{place}第{term}届委员会第{number}次会议",
    "人大": "{place}第{term}届人民代表大会第{number}次会议",
    "委": "中共{place}第{term}届委员会第{number}次全体会议",
}


def well_known_programme(name: Name, context: Context) -> Meaning | None:
    """“十四五”, 党的二十大: a plan or meeting whose full form is common knowledge (programmes.csv)."""
    names = context.lexicon.name_by_programme
    full = names.get(name.key)
    if full:
        # What carries its own number (“十四五”规划) has no editions that it could be one of.
        return meaning_of(PROGRAMME, full, "well-known programme", settled=NUMBERED.search(full) is not None)
    bare = without_edition(name.key)
    full = names.get(bare)
    return (
        meaning_of(PROGRAMME, name.key.removesuffix(bare) + full, "edition of a well-known programme") if full else None
    )


def session(name: Name, context: Context) -> Meaning | None:
    """市政协十四届六次会议, 大同市十六届人大五次会议, 市委十一届六次全会: the sessions of congresses and committees."""
    match = SESSION.match(name.key)
    if not match:
        return None
    place, before_term, term, behind_term, number = match.groups()
    if bool(before_term) == bool(behind_term):
        return None  # 太原市三届四次会议 is anybody's, and nothing has two bodies
    level = context.division_of_level(place, name.start) if len(place) < 3 else None
    named, rest = context.gazetteer.leading(place, context.near)
    found = level or (named if not rest else None)
    if not found:
        return None
    full = FORM_BY_BODY[before_term or behind_term].format(
        place=context.gazetteer.full_name(found), term=term, number=number
    )
    return meaning_of(PROGRAMME, full, "session")


def national_session(name: Name, _: Context) -> Meaning | None:
    """十四届全国人大三次会议, 全国政协十四届三次会议: the yearly sessions of the two national bodies."""
    match = NATIONAL_SESSION.match(name.key)
    if not match:
        return None
    before, term, same_term, behind, number = match.groups()
    if (before or behind) == "人大":
        full = f"第{same_term}届全国人民代表大会第{number}次会议"
    else:
        full = f"政协第{term or same_term}届全国委员会第{number}次会议"
    return meaning_of(PROGRAMME, full, "session")


def party_meeting(name: Name, _: Context) -> Meaning | None:
    """党的二十大, 中共二十届四中全会, 二十届中央纪委三次全会: the party's congresses and the sessions between them."""
    congress, plenary = CONGRESS.match(name.key), PLENARY.match(name.key)
    if congress:
        full = f"中国共产党第{congress[1] or congress[2]}次全国代表大会"
    elif plenary:
        body = "中央委员会" if plenary[2] else "中央纪律检查委员会"
        full = f"中国共产党第{plenary[1]}届{body}第{plenary[2] or plenary[3]}次全体会议"
    else:
        return None
    return meaning_of(PROGRAMME, full, "meeting of the party", settled=True)


RULES: tuple[Rule, ...] = (well_known_programme, session, national_session, party_meeting)
