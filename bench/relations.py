"""How well relations are read, whether their confidence can be believed, and what reading them costs.

    make bench      writes bench/results/relations.md

In: tests/gold/unseen.gold.jsonl, and of training/ the articles that training holds out (by the hash of their id).
Names are found and merged as the product does it, so a name not found costs its relations.  Times are of the
processor, one article with another; the ratio to recognition in the same run is what a change of the code is judged by.
"network" is what a network of relations in the model's folder takes, next to nothing where there is none.
"""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bench import rules as bench_rules  # noqa: E402
from kg import classifier, gazetteer, labels, lexicon, matching, relations, resolve, rows, schema, scorer, spans  # noqa: E402
from kg.ner import Recognizer  # noqa: E402
from kg.records import Article, Guess, Mention, Reading  # noqa: E402
from kg.scorer import PRF  # noqa: E402

TARGET = ROOT / "bench" / "results" / "relations.md"
UNSEEN = 60  # rows of tests/gold/unseen.gold.jsonl, which bench_rules.unseen puts first
BANDS = ((0.0, 0.5), (0.5, 0.6), (0.6, 0.7), (0.7, 0.8), (0.8, 0.9), (0.9, 1.01))

Pairs = Sequence[tuple[labels.Row, labels.Row]]
Edge = tuple[float, bool, bool]  # confidence, is it right, did the weights alone find it


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """Gold and predicted rows, those of patterns alone, and milliseconds an article by stage."""

    both: Pairs
    patterns: Pairs
    milliseconds: dict[str, float]


def read(declared: schema.Schema) -> Read:
    """Read every article as the product does."""
    gold = bench_rules.unseen(declared)
    recognizer = Recognizer(type_by_tag=declared.type_by_tag, entities=tuple(declared.entities))
    articles = list(bench_rules.articles(gold))
    list(recognizer.recognize(articles[:5]))  # the first call loads the model
    spent = dict.fromkeys(("recognition", "patterns", "network", "learned part"), 0.0)

    @contextmanager
    def timed(stage: str) -> Iterator[None]:
        start = time.process_time()
        yield
        spent[stage] += time.process_time() - start

    def recognized() -> Iterator[tuple[Article, tuple[Mention, ...], Guess]]:
        # One at a time: together the states that the network reads would fill the memory.
        found = recognizer.recognize(articles)
        for _ in articles:
            with timed("recognition"):
                read_one = next(found)
            yield read_one

    span_rules, relation_rules = spans.compile_rules(declared), relations.compile_rules(declared)
    places, words, weights = gazetteer.load(), lexicon.load(), classifier.load()
    both, patterns = [], []
    for article, found, guess in recognized():
        mentions = spans.repair(article, found, span_rules)
        entities = tuple(resolve.resolve(article, mentions, places, words))
        with timed("patterns"):
            stated = relations.extract(article, entities, relation_rules)
        with timed("network"):
            hints = guess(mentions)
        with timed("learned part"):
            kept = classifier.judge(article, entities, stated, relation_rules, weights, hints=hints)
        for target, chosen in ((patterns, stated), (both, kept)):
            target.append(rows.reading_row(Reading(article=article, entities=entities, relations=tuple(chosen))))
    return Read(
        both=scorer.pairs(gold, both),
        patterns=scorer.pairs(gold, patterns),
        milliseconds={stage: 1000 * seconds / len(articles) for stage, seconds in spent.items()},
    )


def edges(pairs: Pairs) -> Iterator[Edge]:
    """Yield every edge that was read, once a fact and article."""
    for gold, predicted in pairs:
        verdict = matching.relations(gold, predicted)
        judged = [(guess, True) for _, guess in verdict.right] + [(guess, False) for guess in verdict.wrong]
        for guess, is_right in judged:
            yield guess["confidence"], is_right, guess["rule"] == classifier.LEARNED


def score_table(read_in: Read) -> list[str]:
    """Return precision, recall and F1 by type on the unseen and on the held-out articles."""
    groups = [
        scorer.total(scorer.count(pairs, "relation"))
        for pairs in (read_in.both[:UNSEEN], read_in.both[UNSEEN:], read_in.patterns[:UNSEEN])
    ]
    held_out = len(read_in.both) - UNSEEN
    columns = f"{UNSEEN} unseen: P | R | F1 | {held_out} held out: P | R | F1 | unseen, patterns alone: F1"
    lines = [f"| type | {columns} |", f"|---|{'---|' * 7}"]
    for type_ in groups[0]:
        unseen, other, alone = (group.get(type_, PRF()) for group in groups)
        ratios = [*_ratios(unseen), *_ratios(other), f"{alone.f1:.3f}"]
        lines.append(f"| {type_} | {' | '.join(ratios)} |")
    return lines


def _ratios(prf: PRF) -> list[str]:
    return [f"{value:.3f}" for value in (prf.precision, prf.recall, prf.f1)]


def reliability_table(pairs: Pairs) -> list[str]:
    """Return for each band of confidence the number of edges, their mean confidence and the share that is right."""
    lines = ["| confidence | edges | mean | right | of them learned | right |", f"|---|{'---|' * 5}"]
    every = list(edges(pairs))
    for low, high in BANDS:
        band = [edge for edge in every if low <= edge[0] < high]
        learned = [edge for edge in band if edge[2]]
        mean = f"{sum(edge[0] for edge in band) / len(band):.3f}" if band else ""
        cells = [f"{low:.1f} to {min(high, 1):.1f}", len(band), mean, _share(band), len(learned), _share(learned)]
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return lines


def _share(band: Sequence[Edge]) -> str:
    return f"{sum(edge[1] for edge in band) / len(band):.3f}" if band else ""


def main() -> None:
    """Write the file."""
    read_in = read(schema.load())
    whole = read_in.milliseconds["recognition"]
    lines = [
        "# Relations: scores, confidence, cost",
        "",
        *score_table(read_in),
        "",
        "## Can the confidence be believed?",
        "",
        f"Each fact of an article once. On the {UNSEEN} unseen articles:",
        "",
        *reliability_table(read_in.both[:UNSEEN]),
        "",
        "On the held-out ones, which calibrate the confidence:",
        "",
        *reliability_table(read_in.both[UNSEEN:]),
        "",
        "## Cost",
        "",
        "| stage | processor time an article, ms | share of recognition |",
        "|---|---|---|",
        *(f"| {stage} | {spent:.1f} | {spent / whole:.3f} |" for stage, spent in read_in.milliseconds.items()),
    ]
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    total = scorer.total(scorer.count(read_in.both[:UNSEEN], "relation"))["all"]
    print(f"relation F1 {total.f1:.3f} on the unseen articles: {TARGET}")


if __name__ == "__main__":
    main()
