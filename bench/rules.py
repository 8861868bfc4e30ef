"""What each rule on mentions (kg/spans.py) is worth: entity scores without it, on articles the model has not seen.

    make bench      writes bench/results/rules.md; a rule that costs more than it brings shows there

In: tests/gold/unseen.gold.jsonl, and of training/ the articles that training holds out (by the hash of their id).
"""

import json
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg import (
    corpus,
    gazetteer,
    jsonlines,
    labels,
    layout,
    lessons,
    lexicon,
    pipeline,
    resolve,
    rows,
    schema,
    scorer,
    spans,
)
from kg.gazetteer import Gazetteer
from kg.lexicon import Lexicon
from kg.metadata import Metadata
from kg.ner import Recognizer
from kg.records import Article, Mention, Reading
from kg.scorer import PRF
from kg.training import Recipe

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "bench" / "results" / "rules.md"
TYPES = ("all", "Organisation", "Person", "Place", "Programme")

Found = Sequence[tuple[Article, Sequence[Mention]]]


def unseen(declared: schema.Schema) -> list[labels.Row]:
    """Return the gold rows that no training has seen."""
    trained = lessons.read(sorted((ROOT / "training").glob("*.jsonl")), declared.entities)
    _, held_out = lessons.split(trained, Recipe().held_out)
    return [*jsonlines.read_lines(ROOT / "tests" / "gold" / "unseen.gold.jsonl"), *held_out]


def articles(gold: Iterable[labels.Row]) -> Iterator[Article]:
    """Yield the articles of gold rows as ``kg evaluate`` reads them; raises InputError for a row that is none."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "gold.jsonl"
        file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in gold), encoding="utf-8")
        rules = layout.load()
        for issue in corpus.read_issues([str(file)], Metadata(), _fail):
            yield from pipeline.articles(issue, rules, _fail)


def _fail(error: Exception) -> None:
    raise error


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """Gold articles with what the model alone found in them, and what is needed to score them."""

    gold: Sequence[labels.Row]
    found: Found
    rules: spans.Rules
    gazetteer: Gazetteer
    lexicon: Lexicon


def inputs() -> Inputs:
    """Read the articles and run the model over them, once."""
    declared = schema.load()
    gold = unseen(declared)
    recognizer = Recognizer(type_by_tag=declared.type_by_tag)
    return Inputs(
        gold=gold,
        found=[(article, mentions) for article, mentions, _ in recognizer.recognize(articles(gold))],
        rules=spans.compile_rules(declared),
        gazetteer=gazetteer.load(),
        lexicon=lexicon.load(),
    )


def scores(given: Inputs, leave_out: Collection[str]) -> Mapping[str, PRF]:
    """Return the entity counts by type where the rules named are left out."""
    predicted = []
    for article, mentions in given.found:
        kept = spans.repair(article, mentions, given.rules, leave_out=leave_out)
        entities = tuple(resolve.resolve(article, kept, given.gazetteer, given.lexicon))
        predicted.append(rows.reading_row(Reading(article=article, entities=entities, relations=())))
    return scorer.total(scorer.count(scorer.pairs(given.gold, predicted), "entity"))


def main() -> None:
    """Write the table."""
    given = inputs()
    names = [rule.__name__ for rule in spans.RULES]
    whole = scores(given, ())
    lines = [
        "# What each rule on mentions is worth",
        "",
        f"Entity F1 of {len(given.gold)} articles the model has not seen, and right and wrong entities without a rule.",
        "",
        f"| rules | {' | '.join(TYPES)} | right | wrong |",
        f"|---|{'---|' * (len(TYPES) + 2)}",
    ]
    for label, left_out in [("all", []), *((f"without {name}", [name]) for name in names), ("none", names)]:
        found = scores(given, left_out)
        ratios = " | ".join(f"{found.get(type_, PRF()).f1:.4f}" for type_ in TYPES)
        right, wrong = found["all"].tp - whole["all"].tp, found["all"].fp - whole["all"].fp
        lines.append(f"| {label} | {ratios} | {right:+d} | {wrong:+d} |")
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"entity F1 {whole['all'].f1:.3f} with all rules: {TARGET}")


if __name__ == "__main__":
    main()
