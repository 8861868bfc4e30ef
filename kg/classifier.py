"""Candidates -> relations: the signs of each pair weighed by logistic regression, one for each relation type.

What a network hints at is blended in, where one looked at the article (network.py).

The weights were learnt from labelled articles by scripts/relations.py and stand in kg/data/relations.txt.xz.  What the
patterns of schema.yaml read is one sign among others: a pattern's relation that all else speaks against is dropped, and
a pair that no pattern reads can be found.  Such an edge names its rule ``learned``.
"""

import json
import lzma
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import pairwise, repeat
from pathlib import Path

from kg import attributes
from kg.candidates import READ, Candidate, candidates
from kg.errors import SchemaError
from kg.records import Article, Entity, Evidence, Hint, Relation
from kg.rules import Rules

LEARNED = "learned"
# Least probability of an edge that a pattern reads; of one that none reads schema.yaml tells it by type.
LEAST_STATED = 0.3
SCALE = 100  # weights are stored as whole hundredths
HIGHEST = 30.0  # beyond this the logistic function is 0 or 1

Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Blend:
    """What a pair's log-odds are made of: so much of its hint, of its signs' log-odds, if a pattern read it, and bias.

    ``unseen`` stands in the place of the signs where there are none.
    """

    hint: float
    signs: float
    unseen: float
    stated: float
    bias: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """By relation type the weight of each sign and the bias; ``entities`` are the types that the signs speak of.

    ``calibration`` are points (probability, share right) on articles kept from learning, where names are found by the
    recogniser: the weights were learnt with gold names and are too sure of themselves.  ``blends`` say by relation type
    how hints count, and ``blended_calibration`` is that of the probabilities that come of it.
    """

    entities: tuple[str, ...]
    bias: Mapping[str, float]
    by_type: Mapping[str, Mapping[str, float]]
    calibration: Points = ()
    blends: Mapping[str, Blend] = field(default_factory=dict)
    blended_calibration: Points = ()

    def bare(self) -> "Weights":
        """Return the weights for an article that no network looked at."""
        return replace(self, blends={})

    def probability(self, candidate: Candidate) -> float:
        """Return how probable ``candidate`` is, from 0 to 1; a type that was not learnt has none.

        Nor has a pair without signs where hints do not count.
        """
        blend = self.blends.get(candidate.type)
        if candidate.type not in self.by_type or not (candidate.signs or blend):
            return 0.0
        score = self.log_odds(candidate)
        if blend:
            score = (
                blend.hint * candidate.hint
                + (blend.signs * score if candidate.signs else blend.unseen)
                + (blend.stated if READ in candidate.signs else 0.0)
                + blend.bias
            )
        return 1 / (1 + math.exp(-_bounded(score)))

    def log_odds(self, candidate: Candidate) -> float:
        """Return what the signs of ``candidate`` say, its hint left aside; its type must have been learnt."""
        weights = self.by_type[candidate.type]
        return _bounded(self.bias[candidate.type] + sum(map(weights.get, candidate.signs, repeat(0.0))))

    def confidence(self, probability: float) -> float:
        """Return the share right among edges of this probability: between two points of the calibration a line."""
        calibration = self.blended_calibration if self.blends else self.calibration
        points = ((0.0, 0.0), *calibration, (1.0, calibration[-1][1] if calibration else 1.0))
        for (low, share), (high, next_share) in pairwise(points):
            if probability <= high:
                part = (probability - low) / (high - low) if high > low else 1.0
                return round(share + part * (next_share - share), 3)
        raise ValueError(f"{probability} is no probability")


def _bounded(score: float) -> float:
    return max(-HIGHEST, min(HIGHEST, score))


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
        return Weights(
            entities=tuple(declared["entities"]),
            bias=declared["bias"],
            by_type=by_type,
            calibration=_points(declared.get("calibration", ())),
            blends={type_: Blend(**blend) for type_, blend in declared.get("blends", {}).items()},
            blended_calibration=_points(declared.get("blended_calibration", ())),
        )
    except (OSError, lzma.LZMAError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise SchemaError(f"{path}: cannot be read ({error}); make it anew with scripts/relations.py") from error


def _points(found: Iterable[Sequence[float]]) -> Points:
    return tuple((probability, share) for probability, share in found)


def dump(weights: Weights) -> bytes:
    """Return the file that ``load`` reads: a line of JSON, then type number, weight and sign of each weight."""
    head = json.dumps(
        {
            "entities": weights.entities,
            "bias": weights.bias,
            "calibration": weights.calibration,
            "blends": {type_: asdict(blend) for type_, blend in weights.blends.items()},
            "blended_calibration": weights.blended_calibration,
        }
    )
    lines = (
        f"{number}\t{round(SCALE * weight)}\t{sign}"
        for number, type_ in enumerate(weights.bias)
        for sign, weight in sorted(weights.by_type[type_].items())
    )
    return lzma.compress("\n".join((head, *lines)).encode(), preset=9 | lzma.PRESET_EXTREME)


def judge(
    article: Article,
    entities: Sequence[Entity],
    stated: Sequence[Relation],
    rules: Rules,
    weights: Weights,
    *,
    hints: Sequence[Hint] | None = None,
) -> list[Relation]:
    """Return the relations that hold, in text order: of ``stated`` what is probable enough, and what no pattern reads.

    ``confidence`` becomes the probability, calibrated.  Types that were not learnt pass as they are stated; so does
    everything under a schema of other entity types.  ``hints`` are what a network said, None where none looked at the
    article: then signs alone decide.
    """
    if weights.entities != tuple(rules.schema.entities):
        return list(stated)
    if hints is None or not weights.blends:
        weights, hints = weights.bare(), None
    found = {
        (candidate.type, candidate.head_id, candidate.tail_id): candidate
        for candidate in candidates(article, entities, stated, rules, hints)
        if candidate.type in weights.by_type
    }
    probabilities = {key: weights.probability(candidate) for key, candidate in found.items()}
    kept = list(_stated(stated, probabilities, weights))
    known = {key for relation in stated for key in _keys(relation, rules)}
    for key, candidate in found.items():
        if probabilities[key] >= rules.schema.relations[candidate.type].least and key not in known:
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
        elif probability >= LEAST_STATED:
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
    said = attributes.filled(rules.fills[candidate.type], clause, ends)
    said |= attributes.read(declared, clause, candidate.span[1], tail=tail, issued=issued)
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
