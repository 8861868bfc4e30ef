"""Gold row + predicted row of one article -> which prediction is which gold, by level: right, wrong and missed.

Rows are plain dicts: ``{id, title, text, entities: [{type, name, surfaces, mentions: [{start, end}]}], relations:
[{head, type, tail}]}``; predictions need no text, and places count in the gold row's (``labels.full_text``).

entity    right when its type is right and its name or a surface is the gold entity's name or a surface of it.  A second
          prediction for the same gold entity (an alias left unmerged) is wrong; a prediction that covers two gold
          entities (a false merge) gets one.
mention   right when type, start and end are those of a gold mention; lenient: when the type is right and the spans
          overlap, one to one.
relation  right when its type and both matched ends are; the same statement counts once.

Gold mentions are the occurrences of gold surfaces (``labels.project``).  Those leave out surfaces of one character and
surfaces that two types claim, so predicted mentions of such surfaces are not judged either.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg import labels
from kg.labels import Row

# What the gold annotation holds: predictions of other types are not judged, the ends of these relations may be swapped.
TYPES = ("Person", "Organisation", "Place", "Programme")
SYMMETRIC = ("PARTNERED_WITH",)
# Quotation and book marks do not decide whether a name is right.
MARKS = dict.fromkeys(map(ord, "“”‘’《》〈〉\"'"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of the gold items and the judged predictions of one article; ``right`` pairs them, gold first.

    Items are rows with a ``type``: entities, mentions or relations, each in one place only.
    """

    right: tuple[tuple[Row, Row], ...]
    wrong: tuple[Row, ...]
    missed: tuple[Row, ...]


def entities(gold: Row, predicted: Row) -> Verdict:
    """Judge the entities of an article."""
    guesses = _judged(predicted)
    return _verdict(gold["entities"], guesses, match(gold["entities"], guesses))


def mentions(gold: Row, predicted: Row) -> Verdict:
    """Judge the places of names: span and type as in gold."""
    return _judge_mentions(gold, predicted, is_lenient=False)


def lenient_mentions(gold: Row, predicted: Row) -> Verdict:
    """Judge the places of names: an overlap is enough, exact spans and long overlaps are matched first."""
    return _judge_mentions(gold, predicted, is_lenient=True)


def relations(gold: Row, predicted: Row) -> Verdict:
    """Judge the relations of an article; a repeated one is left out."""
    end = end_finder(gold, predicted)
    index_by_name = {truth["name"]: index for index, truth in enumerate(gold["entities"])}
    truths: dict[tuple[int, str, int], Row] = {}
    for truth in gold["relations"]:
        truths.setdefault((index_by_name[truth["head"]], truth["type"], index_by_name[truth["tail"]]), truth)
    right, wrong = [], []
    seen: set[tuple[int, str, int]] = set()
    for guess in predicted.get("relations", ()):
        head, type_, tail = end(guess["head"]), guess["type"], end(guess["tail"])
        if head is None or tail is None:
            wrong.append(guess)
            continue
        key = (head, type_, tail)
        if type_ in SYMMETRIC and key not in truths:
            key = (tail, type_, head)
        if key in seen:
            continue
        seen.add(key)
        if key in truths:
            right.append((truths[key], guess))
        else:
            wrong.append(guess)
    missed = tuple(truth for key, truth in truths.items() if key not in seen)
    return Verdict(right=tuple(right), wrong=tuple(wrong), missed=missed)


def end_finder(gold: Row, predicted: Row) -> Callable[[str], int | None]:
    """Return a function from the name of a predicted relation's end to the index of the gold entity that it is.

    It returns None where that is no gold entity.  An end that is no predicted entity is looked up among gold names.
    """
    guesses = _judged(predicted)
    truth_by_guess = match(gold["entities"], guesses)
    by_name = {name: index for index, truth in enumerate(gold["entities"]) for name in names(truth)}
    by_guess_name = {guess["name"]: truth_by_guess.get(index) for index, guess in enumerate(guesses)}

    def end(name: str) -> int | None:
        return by_guess_name[name] if name in by_guess_name else by_name.get(bare(name))

    return end


def match(truths: Sequence[Row], guesses: Sequence[Row]) -> dict[int, int]:
    """Map indices of guesses to indices of truths, one to one: exact names first, then most names in common."""
    truth_names = [names(truth) for truth in truths]
    guess_names = [names(guess) for guess in guesses]
    return _one_to_one(
        (bare(guess["name"]) != bare(truth["name"]), -len(common), index, target)
        for index, guess in enumerate(guesses)
        for target, truth in enumerate(truths)
        if guess["type"] == truth["type"] and (common := guess_names[index] & truth_names[target])
    )


def names(entity: Row) -> set[str]:
    """Return the name and the surfaces of an entity without quotation marks."""
    return {bare(name) for name in (entity["name"], *entity.get("surfaces", ()))}


def bare(name: str) -> str:
    """Return a name without quotation and book marks."""
    return name.translate(MARKS)


def gold_mentions(gold: Row) -> list[Row]:
    """Return where the gold entities stand, in text order; mentions are ``{type, start, end, text}``."""
    text = labels.full_text(gold)
    return [_mention(text, *span) for span in labels.project(text, gold["entities"])]


def predicted_mentions(gold: Row, predicted: Row) -> list[Row]:
    """Return the judged mentions in text order; where a row gives no places they are found as those of gold are."""
    text = labels.full_text(gold)
    guesses = _judged(predicted)
    if has_places(predicted):
        spans = {(place["start"], place["end"], guess["type"]) for guess in guesses for place in guess["mentions"]}
    else:
        spans = set(labels.project(text, guesses))
    unplaced = {surface for surface, types in labels.claims(gold["entities"]).items() if len(types) > 1}
    return [
        _mention(text, start, end, type_)
        for start, end, type_ in sorted(spans)
        if end - start >= labels.SHORTEST and text[start:end] not in unplaced
    ]


def has_places(predicted: Row) -> bool:
    """Say whether the entities of a row tell where they stand."""
    return any("mentions" in entity for entity in predicted["entities"])


def overlaps(truths: Sequence[Row], guesses: Sequence[Row]) -> Iterator[tuple[int, int, int]]:
    """Yield (index of guess, index of truth, characters in common); ``truths`` are in order and do not overlap."""
    ends = [truth["end"] for truth in truths]
    for index, guess in enumerate(guesses):
        target = bisect_right(ends, guess["start"])
        while target < len(truths) and truths[target]["start"] < guess["end"]:
            truth = truths[target]
            yield index, target, min(truth["end"], guess["end"]) - max(truth["start"], guess["start"])
            target += 1


def _judge_mentions(gold: Row, predicted: Row, *, is_lenient: bool) -> Verdict:
    truths, guesses = gold_mentions(gold), predicted_mentions(gold, predicted)
    candidates = (
        (not _is_same_span(truths[target], guesses[index]), -common, index, target)
        for index, target, common in overlaps(truths, guesses)
        if truths[target]["type"] == guesses[index]["type"]
    )
    return _verdict(truths, guesses, _one_to_one(found for found in candidates if is_lenient or not found[0]))


def _is_same_span(truth: Row, guess: Row) -> bool:
    return (truth["start"], truth["end"]) == (guess["start"], guess["end"])


def _one_to_one(candidates: Iterable[tuple[bool, int, int, int]]) -> dict[int, int]:
    """Take candidates (two marks, index, target), the smallest first, that claim neither index nor target again."""
    matched: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, index, target in sorted(candidates):
        if index not in matched and target not in taken:
            matched[index] = target
            taken.add(target)
    return matched


def _verdict(truths: Sequence[Row], guesses: Sequence[Row], truth_by_guess: Mapping[int, int]) -> Verdict:
    found = set(truth_by_guess.values())
    return Verdict(
        right=tuple((truths[target], guesses[index]) for index, target in truth_by_guess.items()),
        wrong=tuple(guess for index, guess in enumerate(guesses) if index not in truth_by_guess),
        missed=tuple(truth for index, truth in enumerate(truths) if index not in found),
    )


def _judged(predicted: Row) -> list[Row]:
    return [entity for entity in predicted["entities"] if entity["type"] in TYPES]


def _mention(text: str, start: int, end: int, type_: str) -> Row:
    return {"type": type_, "start": start, "end": end, "text": text[start:end]}
