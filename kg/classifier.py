"""Candidates -> relations: the signs of each pair weighed by logistic regression, then its rivals by a small network.

One of either for each relation type, learnt from labelled articles by scripts/relations.py; they stand in
kg/data/relations.txt.xz.  What the patterns of schema.yaml read is one sign among others: a pattern's relation that all
else speaks against is dropped, and a pair that no pattern reads can be found.  Such an edge names its rule ``learned``.
"""

import json
import lzma
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from kg import attributes, rivals
from kg.candidates import SAME, Candidate, candidates
from kg.errors import SchemaError
from kg.records import Article, Entity, Evidence, Relation
from kg.rules import Rules

LEARNED = "learned"
LEAST = 0.4  # probability of an edge, whoever read it
SCALE = 100  # weights are stored as whole hundredths
HIGHEST = 30.0  # beyond this the logistic function is 0 or 1

Rows = tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Net:
    """One hidden layer over ``rivals.measures``: a row of weights a measure and one of biases, then those of its units.

    The last of ``outputs`` is the bias.
    """

    hidden: Rows
    outputs: tuple[float, ...]

    def scores(self, measures: rivals.Numbers) -> list[float]:
        """Return the score of each row."""
        *weights, bias = self.hidden
        *outputs, last = self.outputs
        layer = np.maximum(measures @ np.array(weights) + np.array(bias), 0)
        return [float(score) for score in layer @ np.array(outputs) + last]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """By relation type the weight of each sign, the bias, and the network; ``entities`` are what the signs speak of.

    Without a network a type's score is the sum of its signs.

    ``calibration`` are points (probability, share right) on articles kept from learning, where names are found by the
    recogniser: the weights were learnt with gold names and are too sure of themselves.
    """

    entities: tuple[str, ...]
    bias: Mapping[str, float]
    by_type: Mapping[str, Mapping[str, float]]
    calibration: tuple[tuple[float, float], ...] = ()
    nets: Mapping[str, Net] = field(default_factory=dict)

    def probabilities(self, found: Sequence[Candidate]) -> list[float]:
        """Return how probable each candidate of an article is, from 0 to 1; all their types must have been learnt."""
        scores = [self._score(candidate) for candidate in found]
        measures = rivals.measures(found, scores, tuple(self.bias))
        for type_, net in self.nets.items():
            own = [index for index, candidate in enumerate(found) if candidate.type == type_]
            for index, score in zip(own, net.scores(measures[own]), strict=True):
                scores[index] = score
        return [1 / (1 + math.exp(-max(-HIGHEST, min(HIGHEST, score)))) for score in scores]

    def _score(self, candidate: Candidate) -> float:
        weights = self.by_type[candidate.type]
        return self.bias[candidate.type] + sum(weights.get(sign, 0.0) for sign in candidate.signs)

    def confidence(self, probability: float) -> float:
        """Return the share right among edges of this probability: between two points of the calibration a line."""
        points = ((0.0, 0.0), *self.calibration, (1.0, self.calibration[-1][1] if self.calibration else 1.0))
        for (low, share), (high, next_share) in pairwise(points):
            if probability <= high:
                part = (probability - low) / (high - low) if high > low else 1.0
                return round(share + part * (next_share - share), 3)
        raise ValueError(f"{probability} is no probability")


def load(path: Path | None = None) -> Weights:
    """Read the weights that ``dump`` wrote; raises SchemaError where the file is damaged."""
    path = path or Path(__file__).parent / "data" / "relations.txt.xz"
    try:
        head, *lines = lzma.decompress(path.read_bytes()).decode().split("\n")
        declared = json.loads(head)
        by_type: dict[str, dict[str, float]] = {type_: {} for type_ in declared["bias"]}
        numbered = list(by_type.values())
        for line in lines:
            number, weight, sign = line.split("\t", 2)
            numbered[int(number)][sign] = int(weight) / SCALE
    except (OSError, lzma.LZMAError, ValueError, LookupError) as error:
        raise SchemaError(f"{path}: cannot be read ({error}); make it anew with scripts/relations.py") from error
    calibration = tuple((point[0], point[1]) for point in declared.get("calibration", ()))
    return Weights(
        entities=tuple(declared["entities"]),
        bias=declared["bias"],
        by_type=by_type,
        calibration=calibration,
        nets={type_: _net(**layers) for type_, layers in declared.get("nets", {}).items()},
    )


def _net(hidden: Sequence[Sequence[float]], outputs: Sequence[float]) -> Net:
    return Net(hidden=tuple(map(tuple, hidden)), outputs=tuple(outputs))


def dump(weights: Weights) -> bytes:
    """Return the file that ``load`` reads: a line of JSON, then type number, weight and sign of each weight."""
    head = json.dumps(
        {
            "entities": weights.entities,
            "bias": weights.bias,
            "calibration": weights.calibration,
            "nets": {type_: asdict(net) for type_, net in weights.nets.items()},
        }
    )
    lines = (
        f"{number}\t{round(SCALE * weight)}\t{sign}"
        for number, type_ in enumerate(weights.bias)
        for sign, weight in sorted(weights.by_type[type_].items())
    )
    return lzma.compress("\n".join((head, *lines)).encode(), preset=9 | lzma.PRESET_EXTREME)


def judge(
    article: Article, entities: Sequence[Entity], stated: Sequence[Relation], rules: Rules, weights: Weights
) -> list[Relation]:
    """Return the relations that hold, in text order: of ``stated`` what is probable enough, and what no pattern reads.

    ``confidence`` becomes the probability, calibrated.  Types that were not learnt pass as they are stated; so does
    everything under a schema of other entity types.
    """
    if weights.entities != tuple(rules.schema.entities):
        return list(stated)
    found = [
        candidate for candidate in candidates(article, entities, stated, rules) if candidate.type in weights.by_type
    ]
    probabilities = {
        (candidate.type, candidate.head_id, candidate.tail_id): probability
        for candidate, probability in zip(found, weights.probabilities(found), strict=True)
    }
    kept = list(_stated(stated, probabilities, weights))
    known = {key for relation in stated for key in _keys(relation, rules)}
    for candidate in found:
        key = candidate.type, candidate.head_id, candidate.tail_id
        if probabilities[key] >= LEAST and key not in known:
            relation = _learned(article, candidate, weights.confidence(probabilities[key]), rules)
            if relation:
                known.update(_keys(relation, rules))
                kept.append(relation)
    return sorted(kept, key=lambda relation: relation.evidence.start)


def _stated(
    stated: Iterable[Relation], probabilities: Mapping[tuple[str, str, str], float], weights: Weights
) -> Iterable[Relation]:
    for relation in stated:
        probability = probabilities.get((relation.type, relation.head_id, relation.tail_id))
        if probability is None:
            yield relation
        elif probability >= LEAST:
            yield replace(relation, evidence=replace(relation.evidence, confidence=weights.confidence(probability)))


def _keys(relation: Relation, rules: Rules) -> Iterable[tuple[str, str, str]]:
    yield relation.type, relation.head_id, relation.tail_id
    if rules.schema.relations[relation.type].symmetric:
        yield relation.type, relation.tail_id, relation.head_id


def _learned(article: Article, candidate: Candidate, confidence: float, rules: Rules) -> Relation | None:
    """Return what was found, None where its sentence denies it."""
    clause = candidate.clause
    tail = next((slot for slot in clause.slots if slot and slot.entity.id == candidate.tail_id), None)
    declared = rules.schema.relations[candidate.type]
    holds = attributes.status(declared, clause.text, *candidate.span)
    if holds == attributes.DENIED:
        return None
    issued = article.date or article.issue.date
    ends = {"head": candidate.head_id, "tail": candidate.tail_id}
    filled = attributes.filled(rules.fills[candidate.type], clause, ends) if candidate.way == SAME else {}
    said = filled | attributes.read(declared, clause, candidate.span[1], tail=tail, issued=issued)
    return Relation(
        type=candidate.type,
        head_id=candidate.head_id,
        tail_id=candidate.tail_id,
        attributes=said | ({attributes.STATUS: holds} if holds else {}),
        evidence=Evidence(
            article_id=article.id,
            start=clause.start,
            end=clause.end,
            sentence=article.text[clause.start : clause.end],
            rule=LEARNED,
            confidence=confidence,
        ),
    )
