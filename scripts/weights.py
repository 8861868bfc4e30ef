"""Fit stitching.WEIGHTS: pages with the truth beside them -> weights, printed; they go into kg/stitching.py by hand.

    python scripts/weights.py [PAGES.jsonl...]

In: pages that tests/pages.py lays out from the articles that its ``share`` calls weights (what reads seams and subjects
has not learnt from them), the odd ones of tests/cases/pages, and files with a JSON object a line like those.  The
weights of the links that an editor would make are raised and those of wrong ones chosen in their place lowered, a page
at a time (structured perceptron with a margin, averaged: Collins 2002).  What is printed lies half way from the present
weights to those: real pages are not the generator's.  Evidence that depends on what stands together
is taken as it is for the links that the present weights find.
"""

import json
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import or_
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bench.articles import bare  # noqa: E402  (the bench compares bodies in the same way)
from kg import arrangement, fragments, layout, stitching  # noqa: E402
from kg.fragments import Fragment  # noqa: E402
from kg.topics import Topics  # noqa: E402
from tests import pages  # noqa: E402

PAGES, SEED = 350, 5  # of either kind of the generator's pages
HAND = 4  # how often a page by hand counts
EPOCHS, STEP, SLOWEST = 6, 0.03, 0.2
MARGIN = 1.0  # that a right link is to lie above a wrong one
LONGEST_MOVE = 3.0  # by one page, in standard deviations of the evidence
FIXED = frozenset({"punctuation"})
NAMES = tuple(stitching.WEIGHTS)
KEY, REPEATED = 12, 2  # characters that a piece is found by; those at its beginning that a seam may have doubled
LOOSE = 3  # characters that may lack between two pieces of one article


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Possible links, the evidence for each (a row), which are true, which certainly true or not."""

    links: tuple[tuple[int, int], ...]
    evidence: np.ndarray
    is_true: np.ndarray
    is_known: np.ndarray


def generated() -> Iterator[tuple[str, list[str]]]:
    """Yield the generator's pages and the bodies on them."""
    records = [one for path in pages.WRITTEN for one in pages.read_records(path) if pages.share(one) == "weights"]
    found = pages.articles(records)
    for lay_out in (pages.pages, pages.tangled_pages):
        for laid in lay_out(found, PAGES, seed=SEED):
            yield laid.text, [story.body for story in laid.stories]


def told(page: Mapping[str, Any]) -> tuple[str, list[str]]:
    """Return text and bodies of a page that is written in JSON."""
    return page["page"], [article["body"] for article in page["articles"]]


def located(pieces: Sequence[Fragment], bodies: Sequence[str]) -> list[tuple[int, int, int] | None]:
    """Return for each piece which body it is from, where it begins there and where it ends; None if it is from none."""
    return [_place(bare("".join(piece.paragraphs)), [bare(body) for body in bodies]) for piece in pieces]


def _place(text: str, bodies: Sequence[str]) -> tuple[int, int, int] | None:
    for number, body in enumerate(bodies):
        for left_out in range(REPEATED + 1):
            start = body.find(text[left_out : left_out + KEY])
            end = body.rfind(text[-KEY:]) + len(text[-KEY:])
            if 0 <= start < end and abs(end - start - len(text) + left_out) <= LOOSE:
                return number, start, end
    return None


def true_links(places: Sequence[tuple[int, int, int] | None]) -> dict[int, int]:
    """Return which piece goes on with which."""
    found = {}
    for tail, above in enumerate(places):
        if above is None:
            continue
        below = [
            (one[1], head)
            for head, one in enumerate(places)
            if one and head != tail and one[0] == above[0] and abs(one[1] - above[2]) <= LOOSE
        ]
        if below:
            found[tail] = min(below)[1]
    return found


def read(text: str, bodies: Sequence[str], rules: layout.Layout) -> Page | None:
    """Return a page's possible links and the evidence for them; None where there are none."""
    pieces = fragments.read(text, rules).fragments
    links = tuple(stitching._pairs(pieces))
    if not links:
        return None
    places = located(pieces, bodies)
    truth = true_links(places)
    stacks = [" ".join(line.text for line in piece.stack) for piece in pieces]
    topics = Topics(["".join(piece.paragraphs) for piece in pieces], stacks, links)
    before = {link.head: link.tail for link in stitching.links(pieces)}
    fixed = stitching._fixed(pieces, topics, links)
    gathered, _ = stitching._gathered(pieces, topics, links, before)
    return Page(
        links=links,
        evidence=np.array([[signs.get(name, 0.0) for name in NAMES] for signs in map(or_, fixed, gathered)]),
        is_true=np.array([truth.get(tail) == head for tail, head in links]),
        is_known=np.array([bool(places[tail] and places[head]) for tail, head in links]),
    )


def fitted(shown: Sequence[tuple[Page, int]], start: np.ndarray) -> np.ndarray:
    """Return the weights, the mean of those of the second half of EPOCHS; ``shown``: pages, how much each counts."""
    chance = random.Random(1)  # noqa: S311
    order, weights = list(shown), start.copy()
    spread = np.concatenate([page.evidence for page, _ in shown]).std(axis=0) + 0.01
    spread[NAMES.index("base")] = 1.0
    is_moved = np.array([name not in FIXED for name in NAMES])
    total, count = np.zeros_like(weights), 0
    for epoch in range(EPOCHS):
        chance.shuffle(order)
        step = STEP * (1 - (1 - SLOWEST) * epoch / EPOCHS)
        for page, times in order:
            scores = page.evidence @ weights + MARGIN * page.is_known * np.where(page.is_true, -0.5, 0.5)
            better = {link: score for link, score in zip(page.links, scores.tolist(), strict=True) if score > 0}
            chosen = arrangement.assign(better)
            is_chosen = np.array([chosen.get(tail) == head for tail, head in page.links])
            wrong, missed = is_chosen & page.is_known & ~page.is_true, page.is_true & ~is_chosen
            move = (page.evidence[wrong].sum(axis=0) - page.evidence[missed].sum(axis=0)) * is_moved / spread
            move = move / max(1.0, float(np.linalg.norm(move)) / LONGEST_MOVE)
            weights = weights - step * times * move / spread
            if 2 * epoch >= EPOCHS:
                total, count = total + weights, count + 1
    return total / count


def main(*files: str) -> None:
    """Fit and print."""
    rules = layout.load()
    by_hand = sorted((ROOT / "tests" / "cases" / "pages").glob("*.json"))
    odd = [told(json.loads(file.read_text(encoding="utf-8"))) for file in by_hand if int(file.stem) % 2]
    more = [told(json.loads(line)) for file in files for line in Path(file).read_text(encoding="utf-8").splitlines()]
    shown = [(page, 1) for one in (*generated(), *more) if (page := read(*one, rules))]
    shown += [(page, HAND) for one in odd if (page := read(*one, rules))]
    present = np.array([stitching.WEIGHTS[name] for name in NAMES])
    for name, weight in zip(NAMES, (present + fitted(shown, present)) / 2, strict=True):
        print(f'    "{name}": {weight:.2f},')


if __name__ == "__main__":
    main(*sys.argv[1:])
