"""Does a heading between two texts part one article, or does it begin another?  Log odds from what stands around it.

In: strings; out: a number.  The headings that come into question are found in fragments.py and stitching.py.
"""

from collections.abc import Mapping

from kg import language

SHORT = 10
LONG = 17
BASE = -1.0
WEIGHTS: Mapping[str, float] = {
    "named": -0.5,  # the article above said at its beginning who wrote it: no byline will end it
    "short": 2.5,
    "long": -1.0,
    "halves": -1.5,
    "words above": 2.0,
    "words below": -1.0,
    "day below": -1.0,
    "bare": 1.0,  # below a headline that is marked with ##
}


def odds(heading: str, above: str, below: str, *, is_named: bool, is_day_below: bool, is_barer: bool) -> float:
    """Return the log odds that ``heading`` parts the article whose text so far is ``above``.

    ``is_named``: that article said at its beginning who wrote it; ``is_day_below``: the text below begins as news do,
    with a day; ``is_barer``: the heading has no mark and that article's headline has one.
    """
    terms = language.terms(heading)
    signs = {
        "named": float(is_named),
        "short": float(len(heading) <= SHORT),
        "long": float(len(heading) >= LONG),
        "halves": float(" " in heading or "\u3000" in heading),
        "words above": language.coverage(terms, language.terms(above), {}),
        "words below": language.coverage(terms, language.terms(below), {}),
        "day below": float(is_day_below),
        "bare": float(is_barer),
    }
    return BASE + sum(WEIGHTS[name] * value for name, value in signs.items())
