"""What a sentence says of a statement besides its ends: does it hold, held it once, is it planned; the stake, the day.

In: a sentence as patterns see it (clauses.py), the span in it that states a relation, what schema.yaml declares for the
relation's type.  Out: attributes by name.  Knows no word: all stand in schema.yaml.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from kg.clauses import ANY_SYMBOL, Clause, Slot
from kg.schema import RelationType

DENIED = "denied"
STATUS = "status"
DAY = "day"
HALF_A_YEAR = 6  # months

# What was said before a mark or another name is said of something else: 原局长A、局长B.
OPENING = re.compile(rf"[^，。；：！？、“”《》（）\n{ANY_SYMBOL}]*$")
# What is added behind the ends: 收购O一事告吹.
CLOSING = re.compile(rf"[^，。；：！？、“”《》（）\n{ANY_SYMBOL}]{{0,8}}")
NEXT = re.compile(f"[，。；{ANY_SYMBOL}]")
# 今天的太原, 明日之星 and 记者昨日获悉 tell no day.
DAYS_ON = {
    "前天": -2,
    "前日": -2,
    "昨天": -1,
    "昨日": -1,
    "昨晚": -1,
    "今天": 0,
    "今日": 0,
    "今晚": 0,
    "明天": 1,
    "明日": 1,
}
TOLD_DAY = re.compile(
    r"(?:(?P<year>\d{4})年)?(?<!\d)(?P<month>\d{1,2})月(?P<day>\d{1,2})日(?!出?生)"
    rf"|(?P<word>{'|'.join(DAYS_ON)})(?!的|之|[^，。；]{{0,2}}(?:从|获悉|了解|得知))"
)


def status(declared: RelationType, text: str, start: int, end: int) -> str | None:
    """Return how the statement in ``text[start:end]`` holds: a key of ``declared.status``, None where it simply holds.

    Looked at are the words that state it and those right before and behind them, up to a mark or another name.
    """
    if not declared.status:
        return None
    opening = OPENING.search(text, 0, start)
    closing = CLOSING.match(text, end)
    first = opening.start() if opening else start
    last = closing.end() if closing else end
    for name, words in declared.status.items():
        if words.search(text, first, last if name == DENIED else end):
            return name
    return None


def read(declared: RelationType, clause: Clause, end: int, *, tail: Slot | None, issued: str | None) -> dict[str, str]:
    """Return what else the sentence gives a statement that ends at ``end`` of the clause's text.

    ``tail`` is the mention that a stake or a sum is told of, where it stands in the sentence; ``issued`` the ISO date
    that gives a day its year.
    """
    found = {name: value for name, words in declared.reads.items() if (value := _nearest(words, clause, tail))}
    if DAY in declared.attributes and (day := told_day(clause.text[:end], issued)):
        found[DAY] = day
    return found


def filled(templates: Iterable[re.Pattern[str]], clause: Clause, ends: Mapping[str, str]) -> dict[str, str]:
    """Return what templates that begin with an end (head, tail) capture beside it; ``ends`` gives the ids of both."""
    found: dict[str, str] = {}
    for template in templates:
        for match in template.finditer(clause.text):
            (end,) = ends.keys() & match.groupdict().keys()
            slot = clause.slots[match.start(end)]
            if slot and slot.entity.id == ends[end]:
                found = {name: value for name, value in match.groupdict().items() if name != end and value} | found
    return found


def _nearest(words: re.Pattern[str], clause: Clause, tail: Slot | None) -> str | None:
    """Return what stands behind ``tail`` before a mark or another name, else the only one of the sentence."""
    position = next((index for index, slot in enumerate(clause.slots) if slot is not None and slot is tail), None)
    if position is not None:
        following = NEXT.search(clause.text, position + 1)
        behind = words.search(clause.text, position + 1, following.start() if following else len(clause.text))
        if behind:
            return behind[words.groups]
    everywhere = list(words.finditer(clause.text))
    return everywhere[0][words.groups] if len(everywhere) == 1 else None


def told_day(text: str, issued: str | None) -> str | None:
    """Return the ISO date of the last day told in ``text``: 8月21日 in the year of ``issued``, None where none is told.

    A month that lies ahead of the issue's by more than half a year is the year before's; 昨日 is the day before
    ``issued``.
    """
    days = list(TOLD_DAY.finditer(text))
    if not days:
        return None
    last: Mapping[str, str | None] = days[-1].groupdict()
    if last["word"]:
        return (date.fromisoformat(issued) + timedelta(DAYS_ON[last["word"]])).isoformat() if issued else None
    month = int(last["month"] or 0)
    if last["year"]:
        year = int(last["year"])
    elif issued:
        year = int(issued[:4]) - (month - int(issued[5:7]) > HALF_A_YEAR)
    else:
        return None
    try:
        return date(year, month, int(last["day"] or 0)).isoformat()
    except ValueError:  # 2月30日: a misprint tells no day
        return None
