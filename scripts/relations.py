"""Learn kg/data/relations.txt.xz: labelled articles -> the weights of signs and the networks of classifier.py.

usage: python scripts/relations.py LABELS.jsonl[.xz]... [--calibrate LABELS.jsonl] [--out FILE]

LABELS are articles in the gold format.  Their gold entities are used, so that no recogniser is needed.  The signs
(candidates.py) are weighed by logistic regression, Adagrad over shuffled batches; signs seen seldom and weights near 0
are left out.  The networks learn from scores that each third of the articles gets from weights learnt on the others, so
that they see how good a score is on articles never seen.  Takes some minutes on one core.

Articles that training of the recogniser holds out (by the hash of their id) are not learnt from: they, and those of
--calibrate, calibrate the probabilities, read as the product reads them, and bench/relations.py measures there.
"""

import argparse
import json
import sys
import tempfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from kg import (
    classifier,
    corpus,
    gazetteer,
    labels,
    layout,
    lessons,
    lexicon,
    matching,
    pipeline,
    relations,
    resolve,
    rivals,
    schema,
    scorer,
    spans,
)
from kg.candidates import Candidate, candidates
from kg.ner import Recognizer
from kg.records import Alias, Article, Entity, Mention, Reading
from kg.rows import reading_row
from kg.training import Recipe

LEAST_SEEN = 8
LEAST_WEIGHT = 0.1
PENALTY = 2e-5
EPOCHS = 4
RATE = 0.1
BATCH = 256
DRAWN = 0.34  # of the pairs that are not related: they are many, and weigh the more
FOLDS = 3
UNITS = 24  # of a network
NET_EPOCHS = 8
NET_RATE = 3e-3
NET_PENALTY = 1e-4
HOPELESS = -6.0  # a score from which no network brings a pair back
DECIMALS = 4
SEED = 1
POINTS = 8  # of the calibration: as many groups of edges, of equal size

Signs = NDArray[np.int32]
Point = tuple[float, float]
Row = dict[str, Any]


def articles(rows: Iterable[dict[str, Any]]) -> Iterator[Article]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "labels.jsonl"
        file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
        rules = layout.load()
        for issue in corpus.read_issues([str(file)], corpus.Metadata(), print):
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """An article's candidates without their signs; of each its signs by number, and whether it is true."""

    fold: int
    candidates: tuple[Candidate, ...]
    signs: tuple[Signs, ...]
    truths: tuple[bool, ...]


def read_lessons(rows: Iterable[Row], rules: relations.Rules, known: dict[str, int]) -> Iterator[Lesson]:
    """Yield what each article teaches; ``known`` numbers the signs and grows."""
    row_by_id = {str(row["id"]): row for row in rows}
    for article in articles(row_by_id.values()):
        row = row_by_id[article.id]
        truth = {(r["type"], r["head"], r["tail"]) for r in row["relations"]}
        truth |= {(type_, tail, head) for type_, head, tail in truth if rules.schema.relations[type_].symmetric}
        entities = gold_entities(row, article)
        found = list(candidates(article, entities, relations.extract(article, entities, rules), rules))
        yield Lesson(
            fold=zlib.crc32(f"fold {article.id}".encode()) % FOLDS,
            candidates=tuple(replace(candidate, signs=()) for candidate in found),
            signs=tuple(
                np.array([known.setdefault(sign, len(known)) for sign in candidate.signs], dtype=np.int32)
                for candidate in found
            ),
            truths=tuple((one.type, one.head_id, one.tail_id) in truth for one in found),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """All candidates of one type: the signs of each, end to end, with where each begins, and which are true."""

    signs: Signs
    starts: NDArray[np.int64]
    truths: NDArray[np.float64]
    folds: NDArray[np.int64]

    def of(self, chosen: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the signs of the chosen ones and the place in ``chosen`` that each belongs to."""
        lengths = self.starts[chosen + 1] - self.starts[chosen]
        ends = np.cumsum(lengths)
        places = np.repeat(self.starts[chosen] - ends + lengths, lengths) + np.arange(lengths.sum())
        return self.signs[places].astype(np.int64), np.repeat(np.arange(len(chosen)), lengths)

    def scores(self, weights: NDArray[np.float64], bias: float, chosen: NDArray[np.int64]) -> NDArray[np.float64]:
        signs, owners = self.of(chosen)
        return np.bincount(owners, weights[signs], minlength=len(chosen)) + bias


def gather(taught: Sequence[Lesson], type_: str) -> Pairs:
    rows = [
        (signs, truth, lesson.fold)
        for lesson in taught
        for candidate, signs, truth in zip(lesson.candidates, lesson.signs, lesson.truths, strict=True)
        if candidate.type == type_
    ]
    return Pairs(
        signs=np.concatenate([signs for signs, _, _ in rows]),
        starts=np.cumsum([0, *(len(signs) for signs, _, _ in rows)]),
        truths=np.array([truth for _, truth, _ in rows], dtype=np.float64),
        folds=np.array([fold for _, _, fold in rows]),
    )


def weigh(pairs: Pairs, chosen: NDArray[np.int64], signs: int) -> tuple[NDArray[np.float64], float]:
    """Return the weight of each of so many signs, and the bias: logistic regression on the chosen pairs."""
    chance = np.random.default_rng(SEED)
    chosen = chosen[(pairs.truths[chosen] > 0) | (chance.random(len(chosen)) < DRAWN)]
    seen = np.bincount(pairs.of(chosen)[0], minlength=signs)
    is_kept = seen >= LEAST_SEEN
    weights, slopes = np.zeros(signs), np.full(signs, 1e-6)
    bias, bias_slope = -2.0, 1e-6
    for _ in range(EPOCHS):
        order = chance.permutation(chosen)
        for low in range(0, len(order), BATCH):
            batch = order[low : low + BATCH]
            found, owners = pairs.of(batch)
            truths = pairs.truths[batch]
            likely = 1 / (1 + np.exp(-(np.bincount(owners, weights[found], minlength=len(batch)) + bias)))
            wrong = (likely - truths) * np.where(truths > 0, 1, 1 / DRAWN) / BATCH
            touched, places = np.unique(found, return_inverse=True)
            slope = (np.bincount(places, wrong[owners]) + 2 * PENALTY * weights[touched]) * is_kept[touched]
            slopes[touched] += slope**2
            weights[touched] -= RATE * slope / np.sqrt(slopes[touched])
            bias_slope += wrong.sum() ** 2
            bias -= RATE * wrong.sum() / bias_slope**0.5
    return weights, bias


def learn(taught: Sequence[Lesson], known: dict[str, int], entities: tuple[str, ...]) -> classifier.Weights:
    types = tuple(dict.fromkeys(candidate.type for lesson in taught for candidate in lesson.candidates))
    bias: dict[str, float] = {}
    by_type: dict[str, dict[str, float]] = {}
    unseen: dict[str, NDArray[np.float64]] = {}
    for type_ in types:
        pairs = gather(taught, type_)
        unseen[type_] = np.zeros(len(pairs.truths))
        for fold in range(FOLDS):
            left_out = np.flatnonzero(pairs.folds == fold)
            unseen[type_][left_out] = pairs.scores(
                *weigh(pairs, np.flatnonzero(pairs.folds != fold), len(known)), left_out
            )
        weights, bias[type_] = weigh(pairs, np.arange(len(pairs.truths)), len(known))
        by_type[type_] = {
            sign: float(weights[number])
            for sign, number in known.items()
            if abs(weights[number]) >= LEAST_WEIGHT and "\n" not in sign
        }
        print(f"{type_}: {len(pairs.truths)} pairs, {pairs.truths.sum():.0f} true", file=sys.stderr)
    nets = _nets(taught, types, unseen)
    return classifier.Weights(entities=entities, bias=bias, by_type=by_type, nets=nets)


def _nets(
    taught: Sequence[Lesson], types: tuple[str, ...], unseen: dict[str, NDArray[np.float64]]
) -> dict[str, classifier.Net]:
    waiting = {type_: iter(scores) for type_, scores in unseen.items()}
    inputs: dict[str, list[NDArray[np.float32]]] = defaultdict(list)
    truths: dict[str, list[bool]] = defaultdict(list)
    for lesson in taught:
        scores = [float(next(waiting[candidate.type])) for candidate in lesson.candidates]
        measures = rivals.measures(lesson.candidates, scores, types)
        for candidate, score, row, truth in zip(lesson.candidates, scores, measures, lesson.truths, strict=True):
            if score > HOPELESS:
                inputs[candidate.type].append(row)
                truths[candidate.type].append(truth)
    return {type_: _net(np.stack(inputs[type_]), np.array(truths[type_], dtype=np.float32)) for type_ in types}


def _net(measures: NDArray[np.float32], truths: NDArray[np.float32]) -> classifier.Net:
    torch.manual_seed(SEED)
    # Measures are around 4 in size; what they are divided by here the weights are divided by in the end.
    given, wanted, size = torch.from_numpy(measures / 4), torch.from_numpy(truths), measures.shape[1]
    hidden, output = torch.nn.Linear(size, UNITS), torch.nn.Linear(UNITS, 1)
    parameters = [*hidden.parameters(), *output.parameters()]
    optimizer = torch.optim.Adam(parameters, lr=NET_RATE, weight_decay=NET_PENALTY)
    for _ in range(NET_EPOCHS):
        for batch in torch.randperm(len(wanted)).split(BATCH):
            score = output(torch.relu(hidden(given[batch])))[:, 0]
            optimizer.zero_grad()
            torch.nn.functional.binary_cross_entropy_with_logits(score, wanted[batch]).backward()
            optimizer.step()
    rows = [*(hidden.weight.detach().T / 4).tolist(), hidden.bias.tolist()]
    outputs = [*output.weight[0].tolist(), output.bias.item()]
    return classifier.Net(
        hidden=tuple(tuple(round(value, DECIMALS) for value in row) for row in rows),
        outputs=tuple(round(value, DECIMALS) for value in outputs),
    )


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
    parser.add_argument("--calibrate", type=Path, nargs="*", default=[])
    parser.add_argument("--out", type=Path, default=Path(classifier.__file__).parent / "data" / "relations.txt.xz")
    options = parser.parse_args(arguments)
    declared = schema.load()
    rows = [row for file in options.labels for row in corpus.read_lines(file)]
    share = Recipe().held_out
    learnt = [row for row in rows if not lessons.is_held_out(row["id"], share)]
    held_out = [row for row in rows if lessons.is_held_out(row["id"], share)]
    held_out += [row for file in options.calibrate for row in corpus.read_lines(file)]
    known: dict[str, int] = {}
    taught = list(read_lessons(learnt, relations.compile_rules(declared), known))
    weights = learn(taught, known, tuple(declared.entities))
    weights = replace(weights, calibration=calibration(held_out, weights, declared))
    content = classifier.dump(weights)
    options.out.write_bytes(content)
    print(f"{options.out}: {sum(map(len, weights.by_type.values()))} weights, {len(content)} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
