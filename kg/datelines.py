"""The day an article reports on: dateline words resolved to a date against the issue's date."""

import re
from datetime import date, timedelta

from kg.layout import Layout
from kg.traditional import fold

FULL = re.compile(r"(?:(?P<year>\d{4})年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})日")
DAY = re.compile(r"(?<![\d月至、—-])(\d{1,2})日(?![内游后前])")
LONGEST_AGO = 10  # days; a day told by its number alone is no older


def resolve(text: str, issue_date: str | None, layout: Layout) -> str | None:
    """Return the ISO date of the first day told in ``text`` (an article's first paragraph), or None when it tells none.

    11月14日 takes the issue's year, or the year before when that month lies ahead of the issue's; 昨日 counts from the
    issue; 近日 before any date means that the day is not told; 14日 alone is the last one before the issue.
    """
    text = fold(text).translate({code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)})
    issued = date.fromisoformat(issue_date) if issue_date else None
    full = FULL.search(text)
    word = layout.day.search(text)
    if word and (not full or word.start() < full.start()):
        days = layout.day_words[word.group()]
        return (issued + timedelta(days=days)).isoformat() if issued and days is not None else None
    if full:
        return _full_date(full, issued)
    day = DAY.search(text)
    return _last(int(day[1]), issued) if day and issued else None


def _last(day: int, issued: date) -> str | None:
    """Return the last day of that number up to the issue's, where it is near enough for news."""
    near = (issued - timedelta(days=number) for number in range(LONGEST_AGO + 1))
    return next((one.isoformat() for one in near if one.day == day), None)


def _full_date(match: re.Match[str], issued: date | None) -> str | None:
    month, day = int(match["month"]), int(match["day"])
    if match["year"]:
        year = int(match["year"])
    elif issued:
        year = issued.year - (month > issued.month)
    else:
        return None
    try:
        return date(year, month, day).isoformat()
    except ValueError:  # 2月30日: a misprint tells no day
        return None
