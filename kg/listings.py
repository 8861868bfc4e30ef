"""Rows that end without a full stop and are no headings: verses, results, lists of names, who gave a notice and when.

In: strings; out: which of them are such rows.  Which article they belong to is decided in fragments.py.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import groupby

from kg.layout import Layout
from kg.traditional import fold

FEWEST_RESULTS = 3  # rows with two numbers each, one below the other: no three headlines are like that
FEWEST_VERSES = 4
FEWEST_ITEMS = 5  # set apart by spaces; a headline has two, three, rarely four parts
LONGEST_SIGNER = 40
NUMBERS = re.compile(r"\d[\d.,]*\D+\d")
GROUP = re.compile(r".{2,14}[（(](?:共\s?)?\d{1,4}\s?[个名人户家项件篇幅][）)]")  # 先进集体（6个）
PRICES = re.compile(
    r"(?:[^\W\d]{1,10}(?:[（(]\w{1,8}[）)])?[ \u3000]+\d[\d.,]*\w{0,4}(?:[ \u3000]+|$)){1,4}"
)  # 西红柿 3.20
DAY = re.compile(
    r"(?:\d{4}|[一二三四五六七八九〇○零]{4})\s?年\s?(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s?月"
    r"\s?(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s?日"
)


def is_day(text: str) -> bool:
    """Tell whether ``text`` is a whole date and nothing else, as it stands below a notice."""
    return bool(DAY.fullmatch(text.strip()))


def is_signer(text: str, layout: Layout) -> bool:
    """Tell whether ``text`` is the name of one body or more, as they stand below their notice."""
    words = fold(text).split()
    return 0 < len(text) <= LONGEST_SIGNER and all(layout.signer.fullmatch(word) for word in words)


def is_row(text: str) -> bool:
    """Tell whether a line is a row of a list by itself: many names or words apart, a group and its size, prices."""
    return len(text.split()) >= FEWEST_ITEMS or bool(GROUP.fullmatch(text) or PRICES.fullmatch(text))


def rows(bare: Sequence[str], below_bylines: Collection[int]) -> frozenset[int]:
    """Return which lines are rows of results or verses.

    ``bare`` has every line of a page that may be a heading, and "" for all others; ``below_bylines`` are the places
    right below a writer's name that stands below a headline.
    """
    found: set[int] = set()
    for is_bare, group in groupby(range(len(bare)), lambda place: bool(bare[place])):
        run = list(group)
        if is_bare:
            found |= set(_results(bare, run))
            found |= set(_verses(bare, run)) if run[0] in below_bylines else set()
    return frozenset(found)


def _results(bare: Sequence[str], run: Sequence[int]) -> Iterator[int]:
    for has_numbers, group in groupby(run, lambda place: bool(NUMBERS.search(bare[place]))):
        places = list(group)
        if has_numbers and len(places) >= FEWEST_RESULTS:
            yield from places


def _verses(bare: Sequence[str], run: Sequence[int]) -> Sequence[int]:
    """Below a run that does not end the page stands a text or a name, and the last line may be its headline."""
    ends_page = run[-1] == len(bare) - 1
    verses = run if ends_page else run[:-1]
    return verses if len(verses) >= FEWEST_VERSES else ()
