"""Learn the weights of kg/data/relations.txt.xz: labelled articles -> logistic regression over signs (candidates.py).

usage: python scripts/relations.py LABELS.jsonl[.xz]... [--calibrate LABELS.jsonl...] [--out FILE] [--model FOLDER]

LABELS are articles in the gold format.  Their gold entities are used, so that no recogniser is needed.  Adagrad over
shuffled batches; signs seen seldom and weights near 0 are left out.  Takes some minutes on one core.

Articles that training of the recogniser holds out (by the hash of their id) are not learnt from: they, and those of
--calibrate, calibrate the probabilities, read as the product reads them with the model of --model, and
bench/relations.py measures there.  How much the hints of a network count (Blend) is taken over from FILE, where there
is one; what is read with them is calibrated apart.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kg import (
    classifier,
    gazetteer,
    jsonlines,
    labels,
    lessons,
    lexicon,
    matching,
    relations,
    resolve,
    schema,
    scorer,
    spans,
)
from kg.candidates import Candidate, candidates
from kg.classifier import Points
from kg.ner import DEFAULT_MODEL, Recognizer
from kg.records import Alias, Article, Entity, Mention, Reading
from kg.rows import reading_row
from kg.training import Recipe

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.rules import articles  # the bench reads labels in the same way

LEAST_SEEN = 5
LEAST_WEIGHT = 0.2
PENALTY = 2e-5
EPOCHS = 4
BATCH = 256
RATE = 0.15
SEED = 1
POINTS = 4  # of the calibration: as many groups of edges, of equal size

Example = tuple[str, tuple[str, ...], bool]
Point = tuple[float, float]


def gold_entities(row: labels.Row, article: Article) -> tuple[Entity, ...]:
    """Return the entities of the labels, with a mention wherever one of their names stands."""
    owner = {surface: e["name"] for e in row["entities"] for surface in (e["name"], *e["surfaces"])}
    mentions: dict[str, list[Mention]] = defaultdict(list)
    for start, end, type_ in labels.project(article.text, row["entities"]):
        text = article.text[start:end]
        mentions[owner[text]].append(Mention(article_id=article.id, start=start, end=end, text=text, type=type_))
    entities = (
        Entity(
            id=entity["name"],
            type=entity["type"],
            name=entity["name"],
            aliases=tuple(Alias(text=surface, rule="gold") for surface in entity["surfaces"]),
            mentions=tuple(mentions[entity["name"]]),
        )
        for entity in row["entities"]
    )
    return tuple(sorted(entities, key=lambda entity: (entity.mentions[0].start if entity.mentions else -1, entity.id)))


def examples(rows: Iterable[labels.Row], rules: relations.Rules) -> Iterator[Example]:
    """Yield each pair of names that may be related: the relation's type, the signs, whether the labels state it."""
    row_by_id = {str(row["id"]): row for row in rows}
    for article in articles(row_by_id.values()):
        row = row_by_id[article.id]
        truth = {(r["type"], r["head"], r["tail"]) for r in row["relations"]}
        truth |= {(type_, tail, head) for type_, head, tail in truth if rules.schema.relations[type_].symmetric}
        entities = gold_entities(row, article)
        stated = relations.extract(article, entities, rules)
        for candidate in candidates(article, entities, stated, rules):
            yield candidate.type, candidate.signs, _key(candidate) in truth


def _key(candidate: Candidate) -> tuple[str, str, str]:
    return candidate.type, candidate.head_id, candidate.tail_id


def learn(found: Iterable[Example], entities: tuple[str, ...]) -> classifier.Weights:
    """Return the weights of the signs by type, not yet calibrated; says on stderr how many pairs each type has."""
    known: dict[str, int] = {}
    by_type: dict[str, list[tuple[NDArray[np.int32], bool]]] = defaultdict(list)
    for type_, signs, is_true in found:
        row = np.array([known.setdefault(sign, len(known)) for sign in signs], dtype=np.int32)
        by_type[type_].append((row, is_true))
    names = list(known)
    bias: dict[str, float] = {}
    weights: dict[str, dict[str, float]] = {}
    for type_, pairs in by_type.items():
        weight, bias[type_] = weigh([row for row, _ in pairs], [is_true for _, is_true in pairs], len(names))
        kept = (int(number) for number in np.flatnonzero(abs(weight) >= LEAST_WEIGHT))
        weights[type_] = {names[number]: float(weight[number]) for number in kept if "\n" not in names[number]}
        print(f"{type_}: {len(pairs)} pairs, {sum(is_true for _, is_true in pairs)} true", file=sys.stderr)
    return classifier.Weights(entities=entities, bias=bias, by_type=weights)


def weigh(rows: Sequence[NDArray[np.int32]], are_true: Sequence[bool], size: int) -> tuple[NDArray[np.float64], float]:
    """Return the weight of each of ``size`` signs, and the bias: logistic regression on the signs of each pair."""
    signs = np.concatenate(rows).astype(np.int64)
    starts = np.cumsum([0, *(len(row) for row in rows)])
    truths = np.array(are_true, dtype=np.float64)
    is_common = np.bincount(signs, minlength=size) >= LEAST_SEEN
    weights, slopes = np.zeros(size), np.full(size, 1e-6)
    bias, bias_slope = -2.0, 1e-6
    chance = np.random.default_rng(SEED)
    for _ in range(EPOCHS):
        order = chance.permutation(len(rows))
        for low in range(0, len(order), BATCH):
            batch = order[low : low + BATCH]
            found = np.concatenate([signs[starts[one] : starts[one + 1]] for one in batch])
            owners = np.repeat(np.arange(len(batch)), starts[batch + 1] - starts[batch])
            likely = 1 / (1 + np.exp(-(np.bincount(owners, weights[found], minlength=len(batch)) + bias)))
            wrong = (likely - truths[batch]) / BATCH
            touched, places = np.unique(found, return_inverse=True)
            slope = (np.bincount(places, wrong[owners]) + 2 * PENALTY * weights[touched]) * is_common[touched]
            slopes[touched] += slope**2
            weights[touched] -= RATE * slope / np.sqrt(slopes[touched])
            bias_slope += wrong.sum() ** 2
            bias -= RATE * float(wrong.sum()) / bias_slope**0.5
    return weights, bias


def calibrated(
    rows: Sequence[labels.Row], weights: classifier.Weights, declared: schema.Schema, model: Path
) -> classifier.Weights:
    """Return ``weights`` with both calibrations: by what the product reads in ``rows`` without hints, and with them."""
    span_rules, relation_rules = spans.compile_rules(declared), relations.compile_rules(declared)
    places, words = gazetteer.load(), lexicon.load()
    raw = replace(weights, calibration=(), blended_calibration=())
    alone, blended = [], []
    recognizer = Recognizer(model, type_by_tag=declared.type_by_tag, entities=tuple(declared.entities))
    for article, found, guess in recognizer.recognize(articles(rows)):
        mentions = spans.repair(article, found, span_rules)
        entities = tuple(resolve.resolve(article, mentions, places, words))
        stated = relations.extract(article, entities, relation_rules)
        for target, hints in ((alone, None), (blended, guess(mentions))):
            kept = classifier.judge(article, entities, stated, relation_rules, raw, hints=hints)
            target.append(reading_row(Reading(article=article, entities=entities, relations=tuple(kept))))
    return replace(weights, calibration=calibration(rows, alone), blended_calibration=calibration(rows, blended))


def calibration(rows: Sequence[labels.Row], predicted: Sequence[labels.Row]) -> Points:
    """Return (mean probability, share right) of groups of the edges in ``predicted``, never falling."""
    edges: list[Point] = []
    for gold, read in scorer.pairs(rows, predicted):
        verdict = matching.relations(gold, read)
        edges += [(guess["confidence"], 1.0) for _, guess in verdict.right]
        edges += [(guess["confidence"], 0.0) for guess in verdict.wrong]
    edges.sort()
    size = -(-len(edges) // POINTS)
    return pooled([edges[start : start + size] for start in range(0, len(edges), size)])


def pooled(groups: Sequence[Sequence[Point]]) -> Points:
    """Return the mean of each group; neighbours that fall become one (pool adjacent violators, Ayer 1955)."""
    kept: list[list[Point]] = []
    for group in groups:
        kept.append(list(group))
        while len(kept) > 1 and mean(kept[-1])[1] < mean(kept[-2])[1]:
            kept[-2:] = [kept[-2] + kept[-1]]
    return tuple(mean(group) for group in kept)


def mean(group: Sequence[Point]) -> Point:
    """Return the mean probability of a group and the share of it that is right."""
    probabilities, truths = zip(*group, strict=True)
    return round(sum(probabilities) / len(group), 3), round(sum(truths) / len(group), 3)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labels", type=Path, nargs="+")
    parser.add_argument("--calibrate", type=Path, nargs="*", default=[])
    parser.add_argument("--out", type=Path, default=Path(classifier.__file__).parent / "data" / "relations.txt.xz")
    parser.add_argument("--model", type=Path, default=DEFAULT_MODEL)
    options = parser.parse_args(arguments)
    declared = schema.load()
    rows = [row for file in options.labels for row in jsonlines.read_lines(file)]
    share = Recipe().held_out
    learnt = [row for row in rows if not lessons.is_held_out(row["id"], share)]
    held_out = [row for row in rows if lessons.is_held_out(row["id"], share)]
    held_out += [row for file in options.calibrate for row in jsonlines.read_lines(file)]
    weights = learn(examples(learnt, relations.compile_rules(declared)), tuple(declared.entities))
    if options.out.exists():
        weights = replace(weights, blends=classifier.load(options.out).blends)
    weights = calibrated(held_out, weights, declared, options.model)
    content = classifier.dump(weights)
    options.out.write_bytes(content)
    print(f"{options.out}: {sum(map(len, weights.by_type.values()))} weights, {len(content)} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
