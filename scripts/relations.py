"""Learn the weights of kg/data/relations.txt.xz: labelled articles -> logistic regression over signs (candidates.py).

usage: python scripts/relations.py LABELS.jsonl[.xz]... [--out FILE]

LABELS are articles in the gold format.  Their gold entities are used, so that no recogniser is needed.  Adagrad over
shuffled batches; signs seen seldom and weights near 0 are left out.  Takes some minutes on one core.

Articles that training of the recogniser holds out (by the hash of their id) are not learnt from: they calibrate the
probabilities, read as the product reads them, and bench/relations.py measures there.
"""

import argparse
import json
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch

from kg import (
    classifier,
    corpus,
    gazetteer,
    jsonlines,
    labels,
    layout,
    lessons,
    lexicon,
    matching,
    pipeline,
    relations,
    resolve,
    schema,
    scorer,
    spans,
)
from kg.candidates import Candidate, candidates
from kg.metadata import Metadata
from kg.ner import Recognizer
from kg.records import Alias, Article, Entity, Mention, Reading
from kg.rows import reading_row
from kg.training import Recipe

LEAST_SEEN = 5
LEAST_WEIGHT = 0.2
PENALTY = 2e-5
EPOCHS = 4
BATCH = 512
SEED = 1
POINTS = 8  # of the calibration: as many groups of edges, of equal size

Example = tuple[str, tuple[str, ...], bool]
Point = tuple[float, float]
Row = dict[str, Any]


def articles(rows: Iterable[dict[str, Any]]) -> Iterator[Article]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "labels.jsonl"
        file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
        rules = layout.load()
        for issue in corpus.read_issues([str(file)], Metadata(), print):
            yield from pipeline.articles(issue, rules, print)


def gold_entities(row: dict[str, Any], article: Article) -> tuple[Entity, ...]:
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


def examples(rows: Iterable[Row], rules: relations.Rules) -> Iterator[Example]:
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
    known: dict[tuple[str, str], int] = {}
    seen: Counter[int] = Counter()
    rows, truths, kinds = [], [], []
    types: dict[str, int] = {}
    for type_, signs, is_true in found:
        row = np.array([known.setdefault((type_, sign), len(known)) for sign in signs], dtype=np.int32)
        seen.update(row.tolist())
        rows.append(row)
        truths.append(float(is_true))
        kinds.append(types.setdefault(type_, len(types)))
    kept = np.full(len(known) + 1, -1, dtype=np.int64)
    common = [number for number, times in seen.items() if times >= LEAST_SEEN]
    kept[common] = np.arange(len(common))
    rows = [chosen[chosen >= 0] for chosen in (kept[row] for row in rows)]
    print(f"{len(rows)} candidates, {sum(truths):.0f} true, {len(common)} signs", file=sys.stderr)
    weight = torch.zeros(len(common), 1, requires_grad=True)
    bias = torch.full((len(types),), -2.0, requires_grad=True)
    optimizer = torch.optim.Adagrad([weight, bias], lr=0.15)
    chance = np.random.default_rng(SEED)
    for epoch in range(EPOCHS):
        order, total = chance.permutation(len(rows)), 0.0
        for low, high in pairwise([*range(0, len(rows), BATCH), len(rows)]):
            batch = order[low:high]
            chosen = [rows[number] for number in batch]
            offsets = torch.from_numpy(np.cumsum([0, *(len(row) for row in chosen[:-1])]))
            flat = torch.from_numpy(np.concatenate(chosen))
            score = torch.nn.functional.embedding_bag(flat, weight, offsets, mode="sum").squeeze(1)
            score = score + bias[torch.tensor([kinds[number] for number in batch])]
            truth = torch.tensor([truths[number] for number in batch])
            loss = torch.nn.functional.binary_cross_entropy_with_logits(score, truth)
            total += loss.item() * len(batch)
            optimizer.zero_grad()
            (loss + PENALTY * (weight[flat.unique()] ** 2).sum()).backward()
            optimizer.step()
        print(f"epoch {epoch + 1}: loss {total / len(rows):.4f}", file=sys.stderr)
    learnt = weight.detach().numpy()[:, 0]
    by_type: dict[str, dict[str, float]] = {type_: {} for type_ in types}
    for (type_, sign), number in known.items():
        if kept[number] >= 0 and abs(learnt[kept[number]]) >= LEAST_WEIGHT and "\n" not in sign:
            by_type[type_][sign] = float(learnt[kept[number]])
    biases = {type_: bias[number].item() for type_, number in types.items()}
    return classifier.Weights(entities=entities, bias=biases, by_type=by_type)


def calibration(rows: Sequence[Row], weights: classifier.Weights, declared: schema.Schema) -> tuple[Point, ...]:
    """Return (mean probability, share right) of groups of edges that the product reads in ``rows``, never falling."""
    span_rules, relation_rules = spans.compile_rules(declared), relations.compile_rules(declared)
    places, words = gazetteer.load(), lexicon.load()
    bare = replace(weights, calibration=())
    predicted = []
    for article, mentions in Recognizer(type_by_tag=declared.type_by_tag).recognize(articles(rows)):
        entities = tuple(resolve.resolve(article, spans.repair(article, mentions, span_rules), places, words))
        stated = relations.extract(article, entities, relation_rules)
        kept = classifier.judge(article, entities, stated, relation_rules, bare)
        predicted.append(reading_row(Reading(article=article, entities=entities, relations=tuple(kept))))
    edges: list[Point] = []
    for gold, read in scorer.pairs(rows, predicted):
        verdict = matching.relations(gold, read)
        edges += [(guess["confidence"], 1.0) for _, guess in verdict.right]
        edges += [(guess["confidence"], 0.0) for guess in verdict.wrong]
    edges.sort()
    size = -(-len(edges) // POINTS)
    return pooled([edges[start : start + size] for start in range(0, len(edges), size)])


def pooled(groups: Sequence[Sequence[Point]]) -> tuple[Point, ...]:
    """Return the mean of each group; neighbours that fall become one (pool adjacent violators, Ayer 1955)."""
    kept: list[list[Point]] = []
    for group in groups:
        kept.append(list(group))
        while len(kept) > 1 and mean(kept[-1])[1] < mean(kept[-2])[1]:
            kept[-2:] = [kept[-2] + kept[-1]]
    return tuple(mean(group) for group in kept)


def mean(group: Sequence[Point]) -> Point:
    probabilities, truths = zip(*group, strict=True)
    return round(sum(probabilities) / len(group), 3), round(sum(truths) / len(group), 3)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labels", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, default=Path(classifier.__file__).parent / "data" / "relations.txt.xz")
    options = parser.parse_args(arguments)
    declared = schema.load()
    rows = [row for file in options.labels for row in jsonlines.read_lines(file)]
    share = Recipe().held_out
    learnt = [row for row in rows if not lessons.is_held_out(row["id"], share)]
    held_out = [row for row in rows if lessons.is_held_out(row["id"], share)]
    weights = learn(examples(learnt, relations.compile_rules(declared)), tuple(declared.entities))
    weights = replace(weights, calibration=calibration(held_out, weights, declared))
    content = classifier.dump(weights)
    options.out.write_bytes(content)
    print(f"{options.out}: {sum(map(len, weights.by_type.values()))} weights, {len(content)} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
