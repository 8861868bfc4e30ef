"""Teach the network of relations (kg/network.py) together with the upper half of the recogniser's encoder.

usage: python scripts/network.py LABELS.jsonl[.xz]... --out FOLDER [--start MODEL] [--epochs N] [--seed N]
                                 [--share '{"NAME": 0.4}'] [--weights FILE]

LABELS are articles in the gold format with relations; MODEL is one that kg train made, the shipped one by default.
FOLDER becomes that model with its upper layers learnt on, and relations.npz beside them; the blends (classifier.py)
that were learnt with it are written into FILE, kg/data/relations.txt.xz by default.  Run scripts/relations.py --model
FOLDER afterwards: it learns the weights of the signs anew and calibrates both.

- The lower layers stay, so what they say of every article is computed once (1 kB a character, in memory).
- The tags are taught half by the labels, half by the scores that MODEL gives: names stay what they were.
- The network is judged alone (half weight) and blended with the regression over signs, as the product reads: the
  log-odds of an article's pairs come from a regression over the other two thirds of the articles.
- Half of the time it is given the names of the labels, half those that MODEL finds, with faults thrown in.
- What is kept is the moving average of all weights.

Articles that kg train holds out (by the hash of their id) are not learnt from; of them the F1 of relations is told
after each epoch, at its best threshold.  About 0.15 seconds an article and epoch on one core that has bf16.
"""

import argparse
import copy
import json
import math
import random
import shutil
import sys
import zlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.rules import articles
from kg import (
    classifier,
    gazetteer,
    hints,
    jsonlines,
    labels,
    lessons,
    lexicon,
    matching,
    ner,
    network,
    relations,
    resolve,
    schema,
    spans,
)
from kg.candidates import READ, candidates
from kg.hints import Types
from kg.records import Article, Entity, Mention, Reading
from kg.rows import reading_row
from kg.text import windows
from kg.training import Recipe
from scripts import relations as regression

LOWER = 2  # layers that stay
FOLDS = 3
BATCH = 12
RATES = {"layers": 1e-4, "classify": 4e-4, "network": 1e-3, "blend": 1e-2}
WARM = 0.05  # share of the steps in which the rates rise
CLIP = 10.0
KEPT = 0.9985  # of the moving average a step
BOUND = 14.0
GONE, LOST, SHIFTED, RETYPED = 0.03, 0.04, 0.03, 0.02  # shares of entities and mentions given a fault

Pair = tuple[str, int, int]  # relation type, numbers of the entities


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The names of an article, labelled or found: mentions with the number of their entity, and what is known of pairs.

    ``odds``: of each candidate the regression's log-odds and if a pattern read it; ``truth``: what the labels state.
    """

    mentions: Sequence[tuple[Mention, int]]
    count: int
    odds: Mapping[Pair, tuple[float, bool]]
    truth: frozenset[Pair]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """An article to learn from: what the lower layers say of its windows, its tags, and its names twice."""

    text: str
    file: str
    low: Sequence[Tensor]
    tags: Tensor
    taught: Tensor  # probabilities that the model which it starts from gives
    gold: Names
    found: Names
    relations: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of the network: ``pair`` and ``type`` of each score, and to which key, a fact, it adds up."""

    view: hints.View
    pair: Tensor
    type: Tensor
    key: Tensor
    types: Tensor
    signs: Tensor
    unseen: Tensor
    stated: Tensor
    truth: Tensor


class Blend(nn.Module):
    """``classifier.Blend`` by relation type, to be learnt."""

    def __init__(self, types: int) -> None:
        super().__init__()
        for name, start in (("hint", 0.5), ("signs", 0.7), ("unseen", -1.5), ("stated", 0.3), ("bias", 0.5)):
            setattr(self, name, nn.Parameter(torch.full((types,), start)))

    def forward(self, alone: Tensor, asked: Question) -> Tensor:
        """Return the log-odds of each key from those of the network alone."""
        of = asked.types
        return (
            self.hint[of] * alone.clamp_min(hints.UNHINTED)
            + self.signs[of] * asked.signs
            + self.unseen[of] * asked.unseen
            + self.stated[of] * asked.stated
            + self.bias[of]
        )


class Pupil(nn.Module):
    """All that learns: the upper layers and the classifier of ``model`` (copies), the network, the blends."""

    def __init__(self, model: Any, types: Types) -> None:
        super().__init__()
        bert = model.encoder.transformer
        self.layers = nn.ModuleList(copy.deepcopy(layer) for layer in bert.encoder.layer[LOWER:])
        self.classify = copy.deepcopy(model.classifier)
        self.network = network.Network(
            states=bert.config.hidden_size, entities=len(types.entities), relations=len(types.relations)
        )
        self.blend = Blend(len(types.relations))

    def read(self, lesson: Lesson) -> tuple[Tensor, Tensor]:
        """Return the states (characters x two layers) and the scores of the tags (characters x tags)."""
        x = nn.utils.rnn.pad_sequence([window.float() for window in lesson.low], batch_first=True)
        lengths = torch.tensor([len(window) for window in lesson.low])
        is_used = torch.arange(x.shape[1]) < lengths.unsqueeze(1)
        mask = torch.where(is_used, 0.0, -1e4)[:, None, None, :]
        states = []
        with torch.autocast("cpu", torch.bfloat16):
            for layer in self.layers:
                x = layer(x, attention_mask=mask)[0]
                states.append(x)
        # Without [CLS] and [SEP].
        inner = is_used & (torch.arange(x.shape[1]) > 0) & (torch.arange(x.shape[1]) < lengths.unsqueeze(1) - 1)
        both = torch.cat([state.float() for state in states], -1)[inner]
        return both, self.classify(both[:, -x.shape[-1] :])

    def relate(self, states: Tensor, asked: Question) -> tuple[Tensor, Tensor]:
        """Return the log-odds of each key, by the network alone and blended."""
        scores = self.network(states, asked.view)[asked.pair, asked.type].clamp(-BOUND, BOUND)
        sums = torch.zeros(len(asked.types)).index_add(0, asked.key, scores.exp())
        alone = sums.clamp_min(1e-7).log()
        return alone, self.blend(alone, asked)


class Teacher:
    """Turns labelled articles into lessons, with what the product has for it: model, rules, tables, regression."""

    def __init__(self, start: Path, declared: schema.Schema) -> None:
        self.component = ner.load(start)
        self._recognizer = ner.Recognizer(start, type_by_tag=declared.type_by_tag)
        self._span_rules, self._rules = spans.compile_rules(declared), relations.compile_rules(declared)
        self._declared = declared
        self._places, self._words = gazetteer.load(), lexicon.load()
        self._tags = {tag: number for number, tag in enumerate(self.component.vocabs["tag"].idx_to_token)}

    def regressions(self, rows: Sequence[labels.Row]) -> list[classifier.Weights]:
        """Return the weights of signs learnt without each fold, and last with all."""
        entities = tuple(self._declared.entities)
        chosen = [[row for row in rows if _fold(row) != fold] for fold in range(FOLDS)]
        return [regression.learn(regression.examples(some, self._rules), entities) for some in (*chosen, rows)]

    def lesson(self, row: labels.Row, article: Article, weights: classifier.Weights, file: str) -> Lesson:
        """Return the lesson of an article; ``weights`` were learnt without it."""
        text = article.text
        tokens = ner.to_tokens(text)
        low, taught = self._lower([tokens[start:end] for start, end in windows(text, ner.WINDOW)])
        ((_, mentions, _),) = self._recognizer.recognize([article])
        found = spans.repair(article, mentions, self._span_rules)
        entities = tuple(resolve.resolve(article, found, self._places, self._words))
        return Lesson(
            text=text,
            file=file,
            low=low,
            tags=torch.tensor([self._tags[tag] for tag in lessons.to_tags(text, row["entities"])]),
            taught=taught,
            gold=self._names(article, regression.gold_entities(row, article), _stated(row), weights),
            found=self._names(article, entities, _matched(row, article, entities), weights),
            relations=len(row["relations"]),
        )

    @torch.no_grad()
    def _lower(self, texts: Sequence[Sequence[str]]) -> tuple[list[Tensor], Tensor]:
        model = self.component.model.eval()
        kept, taught = [], []
        for text in texts:
            ids = self.component._ids(text).unsqueeze(0)
            read = model.encoder.transformer(ids, output_hidden_states=True)
            kept.append(read.hidden_states[LOWER][0].half())
            taught.append(model.classifier(read.last_hidden_state[0, 1:-1]).softmax(-1))
        return kept, torch.cat(taught)

    def _names(
        self,
        article: Article,
        entities: Sequence[Entity],
        truth: frozenset[tuple[str, str, str]],
        weights: classifier.Weights,
    ) -> Names:
        numbers = {entity.id: number for number, entity in enumerate(entities)}
        stated = relations.extract(article, entities, self._rules)
        odds = {
            (pair.type, numbers[pair.head_id], numbers[pair.tail_id]): (weights.log_odds(pair), READ in pair.signs)
            for pair in candidates(article, entities, stated, self._rules)
            if pair.type in weights.by_type
        }
        return Names(
            mentions=[(mention, numbers[entity.id]) for entity in entities for mention in entity.mentions],
            count=len(entities),
            odds=odds,
            truth=frozenset((type_, numbers[head], numbers[tail]) for type_, head, tail in truth),
        )


def _fold(row: labels.Row) -> int:
    return zlib.crc32(str(row["id"]).encode()) % FOLDS


def _stated(row: labels.Row) -> frozenset[tuple[str, str, str]]:
    names = {entity["name"] for entity in row["entities"]}
    found = ((one["type"], one["head"], one["tail"]) for one in row["relations"])
    return frozenset(one for one in found if one[1] in names and one[2] in names)


def _matched(row: labels.Row, article: Article, entities: tuple[Entity, ...]) -> frozenset[tuple[str, str, str]]:
    """Return what the labels state, between the ids of the entities found that are the ones they mean."""
    end = matching.end_finder(row, reading_row(Reading(article=article, entities=entities, relations=())))
    ids: dict[str, list[str]] = defaultdict(list)
    for entity in entities:
        index = end(entity.name)
        if index is not None:
            ids[row["entities"][index]["name"]].append(entity.id)
    return frozenset(
        (type_, first, second) for type_, head, tail in _stated(row) for first in ids[head] for second in ids[tail]
    )


def with_faults(names: Names, text: str, chance: random.Random, types: Sequence[str]) -> Names:
    """Return ``names`` with some entities and mentions left out, cut by a character or of another type."""
    gone = {number for number in range(names.count) if chance.random() < GONE}
    kept = []
    for mention, number in names.mentions:
        if number in gone or chance.random() < LOST:
            continue
        start, end, type_ = mention.start, mention.end, mention.type
        if chance.random() < SHIFTED and end - start > 2:
            start, end = (start + 1, end) if chance.random() < 0.5 else (start, end - 1)
        if chance.random() < RETYPED:
            type_ = chance.choice(types)
        kept.append((replace(mention, start=start, end=end, text=text[start:end], type=type_), number))
    return replace(names, mentions=kept)


def question(text: str, names: Names, types: Types, declared: schema.Schema) -> Question | None:
    """Return what there is to ask of an article, None where it has no pair."""
    seen = hints.view(text, [mention for mention, _ in names.mentions], types)
    owners = {mention.start: number for mention, number in names.mentions}
    ends = np.array([[owners[seen.mentions[one].start] for one in pair] for pair in seen.pairs.tolist()])
    keys: dict[Pair, int] = {}
    asked = []
    for pair, type_ in zip(*(found.tolist() for found in np.nonzero(seen.allowed)), strict=True):
        head, tail = ends[pair].tolist()
        if head != tail:
            key = _key((types.relations[type_], head, tail), declared)
            asked.append((pair, type_, keys.setdefault(key, len(keys))))
    if not asked:
        return None
    signs, stated, unseen = torch.zeros(len(keys)), torch.zeros(len(keys)), torch.ones(len(keys))
    for fact, (odds, is_read) in names.odds.items():
        number = keys.get(_key(fact, declared))
        if number is not None:
            signs[number] = odds if unseen[number] else max(odds, float(signs[number]))
            stated[number] = max(float(is_read), float(stated[number]))
            unseen[number] = 0
    truth = torch.zeros(len(keys))
    truth[[keys[key] for fact in names.truth if (key := _key(fact, declared)) in keys]] = 1
    pairs, kinds, owned = (torch.tensor(column) for column in zip(*asked, strict=True))
    numbers = {type_: number for number, type_ in enumerate(types.relations)}
    return Question(
        view=seen,
        pair=pairs,
        type=kinds,
        key=owned,
        types=torch.tensor([numbers[type_] for type_, _, _ in keys]),
        signs=signs,
        unseen=unseen,
        stated=stated,
        truth=truth,
    )


def _key(fact: Pair, declared: schema.Schema) -> Pair:
    type_, head, tail = fact
    return (type_, min(head, tail), max(head, tail)) if declared.relations[type_].symmetric else fact


def loss(pupil: Pupil, lesson: Lesson, asked: Question | None) -> Tensor:
    """Return the loss of an article, summed over its characters and pairs."""
    states, scores = pupil.read(lesson)
    told = scores.log_softmax(-1)
    total = 0.5 * functional.nll_loss(told, lesson.tags, reduction="sum") - 0.5 * (lesson.taught * told).sum()
    if asked:
        alone, blended = pupil.relate(states, asked)
        judge = functional.binary_cross_entropy_with_logits
        total = total + judge(blended, asked.truth, reduction="sum") + 0.5 * judge(alone, asked.truth, reduction="sum")
    return total


def teach(
    pupil: Pupil, learnt: Sequence[Lesson], shares: Mapping[str, float], epochs: int, seed: int, ask: Any, tell: Any
) -> Mapping[str, Tensor]:
    """Return the moving average of the pupil's weights after ``epochs``; ``tell`` is called after each with it."""
    chance = random.Random(seed)  # noqa: S311  # no secret
    by_file: dict[str, list[Lesson]] = defaultdict(list)
    for lesson in learnt:
        by_file[lesson.file].append(lesson)
    sizes = {file: round(len(some) * shares.get(file, 1.0)) for file, some in by_file.items()}
    steps = epochs * math.ceil(sum(sizes.values()) / BATCH)
    optimizer = torch.optim.AdamW(
        [
            {
                "params": [p for p in getattr(pupil, part).parameters() if (p.ndim > 1) == is_matrix],
                "lr": rate,
                "weight_decay": 0.01 * is_matrix,
            }
            for part, rate in RATES.items()
            for is_matrix in (True, False)
        ]
    )
    rise = WARM * steps
    fall = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / rise, max(0.02, (steps - step) / (steps - rise)))
    )
    average = {name: tensor.detach().clone() for name, tensor in pupil.state_dict().items()}
    done = 0
    for epoch in range(1, epochs + 1):
        order = [lesson for file, some in by_file.items() for lesson in chance.sample(some, sizes[file])]
        chance.shuffle(order)
        pupil.train()
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            optimizer.zero_grad()
            for lesson in batch:
                names = lesson.gold if chance.random() < 0.5 else lesson.found
                (loss(pupil, lesson, ask(lesson, names, chance)) / len(batch)).backward()
            nn.utils.clip_grad_norm_(pupil.parameters(), CLIP)
            optimizer.step()
            fall.step()
            done += 1
            kept = min(KEPT, (1 + done) / (10 + done))
            for name, tensor in pupil.state_dict().items():
                average[name].lerp_(tensor, 1 - kept)
        tell(epoch, average)
    return average


@torch.inference_mode()
def best_f1(pupil: Pupil, held_out: Sequence[Lesson], ask: Any) -> tuple[float, float]:
    """Return the F1 of relations with the names found, by the network alone and blended, each at its best threshold."""
    pupil.eval()
    judged: tuple[list[Tensor], list[Tensor]] = ([], [])
    truths = []
    for lesson in held_out:
        asked = ask(lesson, lesson.found, None)
        if asked:
            for kept, scores in zip(judged, pupil.relate(pupil.read(lesson)[0], asked), strict=True):
                kept.append(scores)
            truths.append(asked.truth)
    whole = sum(lesson.relations for lesson in held_out)
    alone, blended = (_best(torch.cat(scores), torch.cat(truths), whole) for scores in judged)
    return alone, blended


def _best(scores: Tensor, truth: Tensor, whole: int) -> float:
    right = truth[scores.argsort(descending=True)].cumsum(0)
    return float((2 * right / (torch.arange(1, len(right) + 1) + whole)).max())


def write(component: Any, pupil: Pupil, types: Types, start: Path, out: Path) -> None:
    """Write the model of ``start`` with what was learnt."""
    shutil.copytree(start, out, ignore=shutil.ignore_patterns("MODEL_CARD.md"))  # it speaks of the start
    state = component.model.state_dict()
    for number, layer in enumerate(pupil.layers, LOWER):
        prefix = f"encoder.transformer.encoder.layer.{number}."
        state.update({prefix + name: tensor for name, tensor in layer.state_dict().items()})
    state.update({f"classifier.{name}": tensor for name, tensor in pupil.classify.state_dict().items()})
    torch.save({name: tensor.half() for name, tensor in state.items()}, out / "model.pt")
    network.save(pupil.network, types, out)


def blends(pupil: Pupil, types: Types) -> dict[str, classifier.Blend]:
    """Return the blends that were learnt, rounded."""
    learnt = {name: tensor.tolist() for name, tensor in pupil.blend.state_dict().items()}
    return {
        type_: classifier.Blend(**{name: round(values[number], 3) for name, values in learnt.items()})
        for number, type_ in enumerate(types.relations)
    }


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labels", type=Path, nargs="+")
    parser.add_argument("--start", type=Path, default=ner.DEFAULT_MODEL)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--share", default={}, type=json.loads, help='of a file, an epoch: {"transcript.jsonl.xz": 0.4}'
    )
    parser.add_argument("--weights", type=Path, default=Path(classifier.__file__).parent / "data" / "relations.txt.xz")
    options = parser.parse_args(arguments)
    if options.out.exists():
        parser.error(f"{options.out}: is there already; give a new folder")
    if not all(0 <= share <= 1 for share in options.share.values()):
        parser.error("--share: a share is from 0 to 1")
    known = classifier.load(options.weights)
    # Matrices of one article are too small to be shared.
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    declared = schema.load()
    types = Types.of(declared)
    teacher = Teacher(options.start, declared)
    files = [(file.name, row) for file in options.labels for row in jsonlines.read_lines(file)]
    are_held_out = [lessons.is_held_out(row["id"], Recipe().held_out) for _, row in files]
    learnt = [row for (_, row), is_held_out in zip(files, are_held_out, strict=True) if not is_held_out]
    if not any(are_held_out) or not learnt:
        parser.error("LABELS: too few articles, none are held out or none are left to learn from; give more")
    weights = teacher.regressions(learnt)
    every = [
        teacher.lesson(row, article, weights[-1] if is_held_out else weights[_fold(row)], file)
        for article, (file, row), is_held_out in zip(
            articles(row for _, row in files), files, are_held_out, strict=True
        )
    ]
    held_out = [lesson for lesson, is_held_out in zip(every, are_held_out, strict=True) if is_held_out]

    def ask(lesson: Lesson, names: Names, chance: random.Random | None) -> Question | None:
        shown = with_faults(names, lesson.text, chance, types.entities) if chance else names
        return question(lesson.text, shown, types, declared)

    pupil = Pupil(teacher.component.model, types)
    kept = copy.deepcopy(pupil)

    def tell(epoch: int, average: Mapping[str, Tensor]) -> None:
        kept.load_state_dict(average)
        alone, blended = best_f1(kept, held_out, ask)
        print(f"epoch {epoch}: held-out relations, network {alone:.3f}, blended {blended:.3f}", file=sys.stderr)

    lessons_learnt = [lesson for lesson, is_held_out in zip(every, are_held_out, strict=True) if not is_held_out]
    kept.load_state_dict(teach(pupil, lessons_learnt, options.share, options.epochs, options.seed, ask, tell))
    write(teacher.component, kept, types, options.start, options.out)
    options.weights.write_bytes(classifier.dump(replace(known, blends=blends(kept, types))))
    print(f"{options.out}: now python scripts/relations.py LABELS --model {options.out}")


if __name__ == "__main__":
    main(sys.argv[1:])
