"""A sentence and one or two of its names -> signs: what stands between the names, before and behind them.

A sign is a short string that candidates.py gathers and classifier.py weighs.  Knows no relation type and no cue word.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from kg.clauses import ANY_SYMBOL

NEAR = 15  # characters on either side of a long gap that are looked at
AROUND = 14  # characters before and behind a pair, within its clause
SHORT = 8  # a gap of so few characters is a sign as a whole
FORM = 10  # a gap of so many marks and names too
SENTENCE = 80  # characters of a sentence that are looked at
STEPS = (0, 1, 2, 3, 6, 12, 25)  # upper ends of the classes of a count

BREAK = re.compile("[，；：]")
LIST = re.compile(rf"[、和与及以，等“”《》 {ANY_SYMBOL}]*")
SYMBOL = re.compile(f"[{ANY_SYMBOL}]")
BESIDE = re.compile(rf"[、和与及{ANY_SYMBOL}]+")
MORE_BEHIND = re.compile(rf"(?:[、和与及，][{ANY_SYMBOL}])*")
MORE_BEFORE = re.compile(rf"(?:[{ANY_SYMBOL}][、和与及，])*$")
TAIL = re.compile(rf"等?[^，。；：、{ANY_SYMBOL}]{{0,6}}")
WORDS = re.compile(rf"[^，；：、（）“”{ANY_SYMBOL}]+")


def around(text: str, low: int, high: int) -> Iterator[str]:
    """Yield the signs of two symbols of a sentence: what is between them, before the first and behind the second."""
    gap = text[low + 1 : high]
    yield f"gap {class_of(len(gap))}"
    yield f"names between {class_of(len(SYMBOL.findall(gap)))}"
    yield f"breaks {class_of(len(BREAK.findall(gap)))}"
    yield "list" if LIST.fullmatch(gap) else "no list"
    if len(gap) <= SHORT:
        yield f"gap={gap}"
    alone = BESIDE.sub("、", gap)
    if len(alone) <= SHORT:
        yield f"gap~{alone}"
    form = WORDS.sub("_", alone)
    if len(form) <= FORM:
        yield f"form {form}"
    yield from pairs("between", gap if len(gap) <= 2 * NEAR else f"{gap[:NEAR]}…{gap[-NEAR:]}")
    for width in (1, 2, 3, 4):
        yield f"after first {text[low + 1 : low + 1 + width]}"
        yield f"before second {text[max(0, high - width) : high]}"
        yield f"after second {text[high + 1 : high + 1 + width]}"
        yield f"before first {text[max(0, low - width) : low]}"
    yield from pairs("left", BREAK.split(text[:low])[-1][-AROUND:])
    yield from pairs("right", BREAK.split(text[high + 1 :])[0][:AROUND])
    # What is said of the whole list that the second stands in (A、B和C主办), and before that of the first.
    behind = text[high + 1 :]
    behind = behind[MORE_BEHIND.match(behind).end() :]  # type: ignore[union-attr]  # it matches the empty string
    yield f"list then {TAIL.match(behind)[0]}"  # type: ignore[index]  # so does this
    yield from pairs("list then", behind[:10])
    before = text[: low - len(MORE_BEFORE.search(text[:low])[0])]  # type: ignore[index]  # and this
    yield f"list after {before[-2:]}"
    yield from pairs("list after", before[-8:])


def beside(text: str, position: int) -> Iterator[str]:
    """Yield the signs of one symbol of a sentence: what is before it and behind it, and behind its list."""
    behind = text[position + 1 :]
    behind = behind[MORE_BEHIND.match(behind).end() :]  # type: ignore[union-attr]  # it matches the empty string
    before = text[:position]
    yield from pairs("before", BREAK.split(before)[-1][-10:])
    yield from pairs("behind", behind[:12])
    for width in (1, 2, 3):
        yield f"right {text[position + 1 : position + 1 + width]}"
        yield f"left {text[max(0, position - width) : position]}"
    yield f"list then {TAIL.match(behind)[0]}"  # type: ignore[index]  # so does this
    yield f"list after {before[: len(before) - len(MORE_BEFORE.search(before)[0])][-2:]}"  # type: ignore[index]
    yield f"breaks before {class_of(len(BREAK.findall(before)))}"


@lru_cache(maxsize=4096)
def class_of(count: int) -> str:
    return next((f"<{end + 1}" for end in STEPS if count <= end), "more")


def pairs(where: str, text: str) -> list[str]:
    return [f"{where} {pair}" for pair in dict.fromkeys(text[start : start + 2] for start in range(len(text) - 1))]


def sentence(text: str) -> Iterator[str]:
    """Yield the signs of a sentence as a whole."""
    yield from (f"begin {text[:width]}" for width in (2, 3, 4))
    yield from pairs("sentence", text[:SENTENCE])
