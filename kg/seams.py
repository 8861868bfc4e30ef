"""Two pieces of one sentence -> the sentence: characters printed twice at a column's end, Latin words cut by a hyphen.

In: strings; out: strings.  Whether two pieces belong together is decided in stitching.py.
"""

from kg import language

# A character printed twice is repaired unless twice reads this much better: keeps 人人, 天天; of 1,810 characters
# doubled at random 99 % are repaired, of 524 that stand twice in real text 41 % are kept.
TWICE = -3.0
TWICE_WORD = -6.0  # where both together are a common word: 人人, 天天
COMMON = 500
WINDOW = 6
PAIRS = {"“": "”", "‘": "’", "（": "）", "《": "》", "「": "」", "『": "』"}


def doubled(tail: str, head: str) -> int:
    """Return how many characters are printed twice at a seam: 万亿元 + 元，占 gives 1, 人 + 人有责 gives 0."""
    for size in (4, 3, 2):
        if len(tail) >= size and tail[-size:] == head[:size] and not head[:size].isdigit():
            return size
    if not tail or not head or tail[-1] != head[0] or tail[-1].isdigit():
        return 0
    if tail[-1] in PAIRS or tail[-1] in PAIRS.values() or tail[-1] in "—…":
        return 0
    once, twice = tail[-WINDOW:] + head[1:WINDOW], tail[-WINDOW:] + head[:WINDOW]
    limit = TWICE_WORD if language.count(tail[-1] * 2) >= COMMON else TWICE
    return 1 if language.log_probability(twice) - language.log_probability(once) < limit else 0


def join(tail: str, head: str) -> str:
    """Join two pieces of one sentence; doubled characters and a hyphen within a Latin word are repaired."""
    if len(tail) > 1 and tail[-1] == "-" and tail[-2].isascii() and tail[-2].isalpha() and head[:1].islower():
        return tail[:-1] + head
    return tail + head[doubled(tail, head) :]
