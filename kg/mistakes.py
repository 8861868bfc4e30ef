"""Gold rows + predicted rows -> every mistake with its kind and its sentence.

Every missed gold item and every wrong prediction of ``matching.Verdict`` is in exactly one mistake; a mistake of a
kind in KINDS may hold one of each.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from kg import labels, matching
from kg.labels import Row
from kg.records import Table
from kg.scorer import LEVELS
from kg.text import sentences

ARROW = " → "

Items = Mapping[int, Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One line: ``gold`` is what should be there, ``predicted`` what is; either is empty where there is none.

    ``type`` is gold's where there is a gold item; a prediction of another type has it in brackets.  ``rule`` is what
    read a wrong relation; ``sentence`` is empty where the name stands outside the text.
    """

    level: str
    kind: str
    type: str
    gold: str
    predicted: str
    rule: str
    sentence: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of mistake that is told by a gold item and a prediction together, and the test on the two.

    Of gold the missed items are looked at, or those that were found; of predictions the wrong ones, or the right ones.
    """

    name: str
    test: Callable[["_Case", Row, Row], bool]
    is_missed: bool = True
    is_wrong: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One article, and where what is named in it stands."""

    gold: Row
    predicted: Row
    text: str
    spans: tuple[tuple[int, int], ...]
    gold_mentions: tuple[Row, ...]
    predicted_mentions: tuple[Row, ...]
    end: Callable[[str], int | None]
    index_by_name: Mapping[str, int]
    missed_names: frozenset[str]


def find(articles: Iterable[tuple[Row, Row]], levels: Sequence[str]) -> Iterator[Mistake]:
    """Yield the mistakes in each article (gold and predicted row), level by level, in text order."""
    for gold, predicted in articles:
        text = labels.full_text(gold)
        case = _Case(
            gold=gold,
            predicted=predicted,
            text=text,
            spans=tuple(sentences(text)),
            gold_mentions=tuple(matching.gold_mentions(gold)),
            predicted_mentions=tuple(matching.predicted_mentions(gold, predicted)),
            end=matching.end_finder(gold, predicted),
            index_by_name={entity["name"]: index for index, entity in enumerate(gold["entities"])},
            missed_names=frozenset(truth["name"] for truth in matching.entities(gold, predicted).missed),
        )
        for level in levels:
            yield from sorted(_at_level(case, level), key=lambda mistake: text.find(mistake.sentence))


def to_table(mistakes: Iterable[Mistake]) -> Table:
    """Lay mistakes out for printing, one a row."""
    columns = tuple(field.name for field in fields(Mistake))
    rows = tuple(tuple(getattr(mistake, column) for column in columns) for mistake in mistakes)
    return Table(columns=columns, rows=rows)


def _at_level(case: _Case, level: str) -> Iterator[Mistake]:
    verdict = LEVELS[level](case.gold, case.predicted)
    found = dict(enumerate(truth for truth, _ in verdict.right))
    right = dict(enumerate(guess for _, guess in verdict.right))
    missed, wrong = dict(enumerate(verdict.missed)), dict(enumerate(verdict.wrong))
    for kind in KINDS[level]:
        truths, guesses = missed if kind.is_missed else found, wrong if kind.is_wrong else right
        for target, index in _pairs(case, kind, truths, guesses):
            truth, guess = truths[target], guesses[index]
            told_by = guess if kind.is_wrong else truth
            yield _mistake(case, level, kind.name, told_by=told_by, truth=truth, guess=guess)
            if kind.is_missed:
                del missed[target]
            if kind.is_wrong:
                del wrong[index]
    for guess in wrong.values():
        name = "wrong end" if _has_wrong_end(case, guess) else "wrong"
        yield _mistake(case, level, name, told_by=guess, guess=guess)
    for truth in missed.values():
        name = "missed end" if _has_missed_end(case, truth) else "missed"
        yield _mistake(case, level, name, told_by=truth, truth=truth)


def _pairs(case: _Case, kind: Kind, truths: Items, guesses: Items) -> list[tuple[int, int]]:
    """Return the keys of the pairs that are of this kind; a missed or a wrong item is in one pair only."""
    pairs: list[tuple[int, int]] = []
    taken_truths: set[int] = set()
    taken_guesses: set[int] = set()
    for target, truth in truths.items():
        for index, guess in guesses.items():
            if target in taken_truths or index in taken_guesses or not kind.test(case, truth, guess):
                continue
            pairs.append((target, index))
            taken_truths |= {target} if kind.is_missed else set()
            taken_guesses |= {index} if kind.is_wrong else set()
    return pairs


def _mistake(
    case: _Case, level: str, kind: str, *, told_by: Row, truth: Row | None = None, guess: Row | None = None
) -> Mistake:
    """Return the line; its sentence is that of ``told_by``, the one of ``truth`` and ``guess`` that is at fault."""
    type_ = str((truth or told_by)["type"])
    predicted = _shown(guess) if guess else ""
    if guess and guess["type"] != type_:
        predicted += f" ({guess['type']})"
    return Mistake(
        level=level,
        kind=kind,
        type=type_,
        gold=_shown(truth) if truth else "",
        predicted=predicted,
        rule=str(guess.get("rule", "")) if guess else "",
        sentence=_sentence(case, told_by, is_gold=told_by is truth),
        article=str(case.gold["id"]),
    )


def _shown(item: Row) -> str:
    if "head" in item:
        return f"{item['head']}{ARROW}{item['tail']}"
    return str(item["text"] if "start" in item else item["name"])


def _sentence(case: _Case, item: Row, *, is_gold: bool) -> str:
    """Return the sentence that a prediction gives for itself, else the first one that holds all that it names."""
    if item.get("sentence"):
        return " ".join(str(item["sentence"]).split())
    if "head" in item:
        entities = {entity["name"]: entity for entity in (case.gold if is_gold else case.predicted)["entities"]}
        ends = (entities.get(item[side], {"name": item[side], "type": ""}) for side in ("head", "tail"))
        places = [_starts(case, end, is_gold=is_gold) for end in ends]
    else:
        places = [[item["start"]] if "start" in item else _starts(case, item, is_gold=is_gold)]
    holding = [
        (begin, stop)
        for begin, stop in case.spans
        if all(any(begin <= start < stop for start in starts) for starts in places)
    ] or [(begin, stop) for begin, stop in case.spans if any(begin <= start < stop for start in places[0])]
    return case.text[slice(*holding[0])].strip() if holding else ""


def _starts(case: _Case, entity: Row, *, is_gold: bool) -> list[int]:
    """Return where the names of an entity stand as mentions; where none does, where they stand at all."""
    names = (entity["name"], *entity.get("surfaces", ()))
    mentions = case.gold_mentions if is_gold else case.predicted_mentions
    placed = [
        mention["start"] for mention in mentions if mention["type"] == entity["type"] and mention["text"] in names
    ]
    return placed or [match.start() for name in names for match in re.finditer(re.escape(name), case.text)]


def _is_another_name(_: _Case, truth: Row, guess: Row) -> bool:
    return bool(truth["type"] == guess["type"] and matching.names(truth) & matching.names(guess))


def _is_name_of_another_type(_: _Case, truth: Row, guess: Row) -> bool:
    return bool(truth["type"] != guess["type"] and matching.names(truth) & matching.names(guess))


def _is_part_of_name(_: _Case, truth: Row, guess: Row) -> bool:
    return truth["type"] == guess["type"] and _is_within(matching.names(guess), matching.names(truth))


def _is_more_than_name(_: _Case, truth: Row, guess: Row) -> bool:
    return truth["type"] == guess["type"] and _is_within(matching.names(truth), matching.names(guess))


def _is_within(shorts: Iterable[str], longs: Iterable[str]) -> bool:
    return any(len(short) >= labels.SHORTEST and short in long for short in shorts for long in longs)


def _overlaps(_: _Case, truth: Row, guess: Row) -> bool:
    return bool(truth["start"] < guess["end"] and guess["start"] < truth["end"])


def _is_shifted(case: _Case, truth: Row, guess: Row) -> bool:
    return truth["type"] == guess["type"] and _overlaps(case, truth, guess)


def _is_cut_short(case: _Case, truth: Row, guess: Row) -> bool:
    return _is_shifted(case, truth, guess) and truth["start"] <= guess["start"] and guess["end"] <= truth["end"]


def _is_too_long(case: _Case, truth: Row, guess: Row) -> bool:
    return _is_shifted(case, truth, guess) and guess["start"] <= truth["start"] and truth["end"] <= guess["end"]


def _has_same_ends(case: _Case, truth: Row, guess: Row) -> bool:
    return truth["type"] != guess["type"] and _gold_ends(case, truth) == (
        case.end(guess["head"]),
        case.end(guess["tail"]),
    )


def _is_reversed(case: _Case, truth: Row, guess: Row) -> bool:
    return truth["type"] == guess["type"] and _gold_ends(case, truth) == (
        case.end(guess["tail"]),
        case.end(guess["head"]),
    )


def _gold_ends(case: _Case, truth: Row) -> tuple[int, int]:
    return case.index_by_name[truth["head"]], case.index_by_name[truth["tail"]]


def _has_wrong_end(case: _Case, item: Row) -> bool:
    return "head" in item and None in (case.end(item["head"]), case.end(item["tail"]))


def _has_missed_end(case: _Case, item: Row) -> bool:
    return "head" in item and not case.missed_names.isdisjoint((item["head"], item["tail"]))


_OF_MENTIONS = (
    Kind(name="cut short", test=_is_cut_short),
    Kind(name="too long", test=_is_too_long),
    Kind(name="shifted", test=_is_shifted),
    Kind(name="wrong type", test=_overlaps),
)
# In this order; what no kind explains is wrong or missed, and of relations: wrong end (one is no gold entity), missed
# end (one was not found as an entity).
KINDS: Mapping[str, tuple[Kind, ...]] = {
    "entity": (
        # a second prediction for a gold entity that has one, and a gold entity whose name went to another's prediction
        Kind(name="unmerged alias", test=_is_another_name, is_missed=False),
        Kind(name="false merge", test=_is_another_name, is_wrong=False),
        Kind(name="wrong type", test=_is_name_of_another_type),
        Kind(name="cut short", test=_is_part_of_name),
        Kind(name="too long", test=_is_more_than_name),
    ),
    "mention": _OF_MENTIONS,
    "mention-lenient": _OF_MENTIONS,
    "relation": (
        Kind(name="wrong type", test=_has_same_ends),
        Kind(name="reversed", test=_is_reversed),
    ),
    "cluster": (),
}
