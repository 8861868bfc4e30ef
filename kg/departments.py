"""Departments printed by their bare word behind a post: 宣传部 of 市委常委、宣传部部长 is 市委宣传部.

In: an article's text, where the word stands, and the names that end before it.  Out: what would be printed before the
word if it stood alone, so that the rules of organs.py can read the whole.  Which words are meant is data
(suffixes.csv: ``party_department``, ``level_body``).
"""

import re
from collections.abc import Mapping

REACH = 40  # characters from the end of the body's or place's name to the department
LEVEL = "[省市县区州旗盟]"
# What may stand between: 、秘书长、
MORE_POSTS = r"(?:、[^，。；：、\n]{1,12}){0,3}、$"
PARTY_POST = re.compile(rf"(?:常委|委员|副?书记){MORE_POSTS}")
STATE_POST = re.compile(rf"(?:党组成员|副?(?:主席|主任|秘书长|{LEVEL}长)){MORE_POSTS}")
# 市长、副县长 need no body's name before them; the place may stand there (晋城市副市长).
HEAD_POST = re.compile(rf"副?({LEVEL})长{MORE_POSTS}")
COMMITTEE = re.compile(rf"^(?:中共)?(.*{LEVEL})委$")
STATE_BODY = re.compile(rf"^(.*{LEVEL})(?:人民)?(?:政府|政协|人大|人大常委会|人民代表大会常务委员会)$")


def owner(text: str, start: int, name_by_end: Mapping[int, str], *, is_party: bool) -> str:
    """Return what the department that stands at ``start`` lacks before it (市委, 阳曲县), "" where no post says it.

    ``name_by_end``: the names of bodies and places by where they end in ``text``.  A department of the party belongs to
    its committee (``is_party``), any other body to the level.
    """
    for end in range(start - 1, max(0, start - REACH), -1):
        name = name_by_end.get(end)
        if name is None:
            continue
        between = text[end:start]
        committee = COMMITTEE.match(name) if PARTY_POST.match(between) else None
        body = committee or (STATE_BODY.match(name) if STATE_POST.match(between) else None)
        level = HEAD_POST.match(between)
        if body:
            return _of(body[1], is_party=is_party)
        if level and name.endswith(level[1]):
            return _of(name, is_party=is_party)
    levels = HEAD_POST.search(text[max(0, start - REACH) : start].rpartition("\n")[2])
    return _of(levels[1], is_party=is_party) if levels else ""


def _of(place: str, *, is_party: bool) -> str:
    return f"{place}委" if is_party else place
