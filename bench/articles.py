"""How well and how fast pages are cut into articles: generated pages by fault, pages written by hand, pages a minute.

    make bench      writes bench/results/articles.md; a change of the code shows there as a diff

In: tests/pages.py's generator over the articles that are for measuring alone (pages.held_out) and
tests/cases/pages.  Speed is told as a ratio to jieba cutting the same text into words, measured beside it.
"""

import json
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import jieba

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from kg import layout  # noqa: E402  (the tests' generator is no package that is installed)
from kg.article import cut  # noqa: E402
from kg.records import Article, Issue, Page  # noqa: E402
from tests import pages  # noqa: E402

GENERATED = 300
SEED = 4
TARGET = ROOT / "bench" / "results" / "articles.md"
FIELDS = ("body", "title", "byline")
EDGES = (0.9, 0.95, 0.97, 0.98, 0.99, 1.01)


@dataclass(slots=True)
class Scores:
    """Counts of stories and of what came out right, by fault; and of joins by their confidence."""

    stories: Counter[str] = field(default_factory=Counter)
    right: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    joins: list[tuple[float, bool]] = field(default_factory=list)
    seconds: float = 0.0
    pages: int = 0


def bare(text: str | None) -> str:
    """Leave white space out."""
    return re.sub(r"\s", "", text or "")


def generated(laid_out: Iterable[pages.Laid]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the generator's pages and their truth."""
    for laid in laid_out:
        yield (
            laid.text,
            [
                {
                    "body": story.body,
                    "title": story.title,
                    "byline": [*story.byline, *story.photographers],
                    "faults": sorted(story.faults) or ["none"],
                }
                for story in laid.stories
            ],
        )


def written() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the pages written by hand."""
    for file in sorted((ROOT / "tests" / "cases" / "pages").glob("*.json")):
        page = json.loads(file.read_text(encoding="utf-8"))
        truth = [
            story | {"byline": [*story["byline"], *story["photographers"]], "faults": [file.stem]}
            for story in page["articles"]
        ]
        yield page["page"], truth


def measure(found: Iterable[tuple[str, list[dict[str, Any]]]]) -> Scores:
    """Cut every page and compare; title and byline count on articles whose body is right, else on the most alike."""
    scores = Scores()
    rules = layout.load()
    for text, truth in found:
        issue = Issue(id="bench", publication=None, date="2025-11-15", home=(), sources=("bench",), sha256="")
        page = Page(issue=issue, number=1, source="bench", text=text)
        begun = time.process_time()
        articles = cut([page], rules).articles
        scores.seconds += time.process_time() - begun
        scores.pages += 1
        _compare(articles, truth, scores)
    return scores


def _compare(articles: Sequence[Article], truth: Sequence[dict[str, Any]], scores: Scores) -> None:
    bodies = {bare(story["body"]) for story in truth}
    for article in articles:
        scores.joins += [
            (join.confidence, any(bare(join.tail)[-6:] + bare(join.head)[:6] in body for body in bodies))
            for join in article.joins
            if join.tail and not join.repaired
        ]
    for story in truth:
        body = bare(story["body"])
        best = max(articles, key=lambda article: _likeness(bare(article.body), body), default=None)
        same = [article for article in articles if bare(article.body) == body] or ([best] if best else [])
        names = {bare(name) for name in story["byline"]}
        right = {
            "body": any(bare(article.body) == body for article in same),
            "title": any(bare(article.title) == bare(story["title"]) for article in same),
            "byline": any({bare(n) for n in (*article.byline, *article.photographers)} == names for article in same),
        }
        for fault in ("all", *story["faults"]):
            scores.stories[fault] += 1
            for name in FIELDS:
                scores.right[fault][name] += right[name]


def _likeness(first: str, second: str) -> float:
    pairs = [set(pairwise(text)) for text in (first, second)]
    return len(pairs[0] & pairs[1]) / (1 + len(pairs[0] | pairs[1]))


def table(scores: Scores, first: str) -> Iterator[str]:
    """Yield a table in Markdown, percentages by fault."""
    yield f"| {first} | articles | body whole | title | byline |"
    yield "|---|---|---|---|---|"
    for fault, count in sorted(scores.stories.items(), key=lambda item: (item[0] != "all", item[0])):
        shares = " | ".join(f"{100 * scores.right[fault][name] / count:.1f}" for name in FIELDS)
        yield f"| {fault} | {count} | {shares} |"


def reliability(joins: Sequence[tuple[float, bool]]) -> Iterator[str]:
    """Yield how often joins of a confidence are right."""
    yield "| confidence | joins | right |"
    yield "|---|---|---|"
    for low, high in zip((0.0, *EDGES), EDGES, strict=False):
        inside = [is_right for confidence, is_right in joins if low <= confidence < high]
        if inside:
            yield f"| {low:.2f} to {min(high, 1.0):.2f} | {len(inside)} | {100 * sum(inside) / len(inside):.1f} |"


def main() -> None:
    """Write the scores to bench/results, the speed to the terminal: it is another on every machine."""
    cut([], layout.load())
    jieba.lcut("热身")
    unseen = pages.held_out()
    laid = list(pages.pages(unseen, GENERATED, seed=SEED))
    machine, hand = measure(generated(laid)), measure(written())
    woven = measure(generated(pages.tangled_pages(unseen, GENERATED, seed=SEED)))
    lines = ["# Cutting pages into articles: per cent right", ""]
    lines += [f"## {GENERATED} generated pages (tests/pages.py, seed {SEED})", "", *table(machine, "fault"), ""]
    lines += [f"## {GENERATED} pages of articles in pieces between each other (same, tangled)", ""]
    lines += [*table(woven, "fault"), ""]
    lines += ["## Pages written by hand (tests/cases/pages)", "", *table(hand, "page"), ""]
    lines += ["## How often a join of a confidence is right (all)", ""]
    lines += reliability(machine.joins + woven.joins + hand.joins)
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    begun = time.process_time()
    for page in laid:
        jieba.lcut(page.text)
    words = time.process_time() - begun
    print(
        f"{machine.pages / machine.seconds * 60:.0f} pages a minute, {machine.seconds / words:.1f} times jieba's time"
    )
    print(f"bodies {100 * machine.right['all']['body'] / machine.stories['all']:.1f} % of generated pages: {TARGET}")


if __name__ == "__main__":
    main()
