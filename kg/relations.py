"""Article + Entity -> Relation: what the text states between two entities, each with its sentence.

In: an article, its entities with their mentions, the compiled rules.  Out: relations with evidence, in text order.
Does not resolve names, knows no relation type and no cue word: schema.yaml declares them, ``rules.py`` compiles them,
``clauses.py`` explains the templates.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg import attributes
from kg.clauses import Clause, Slot
from kg.clauses import read as read_clauses
from kg.parts import evidence, parts
from kg.records import Article, Entity, Relation
from kg.rules import Rule, Rules, compile_rules
from kg.schema import RelationType

__all__ = ["Rules", "compile_rules", "extract"]

ANYTHING = re.compile("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one match of one rule says: head, tail and attributes of each relation.

    ``start`` and ``end`` are the span in the clause's text that is hidden from later rules.
    """

    rule: Rule
    said: tuple[tuple[Slot, Slot, Mapping[str, str]], ...]
    start: int
    end: int


def extract(article: Article, entities: Sequence[Entity], rules: Rules) -> list[Relation]:
    """Return what the article states, in text order; no two have the same head, type, tail and sentence.

    Where several rules read the same fact in a sentence the most trusted one is named.
    """
    text = article.text
    body = len(text) - len(article.body)
    best: dict[tuple[str, str, str, int], Relation] = {}
    earlier: list[Slot] = []
    clauses = list(read_clauses(text, entities, rules.symbol_by_type, rules.stands))
    everything = tuple(slot for clause in clauses for slot in clause.slots if slot)
    for clause in clauses:
        present = tuple(slot for slot in clause.slots if slot)
        here = _Context(
            earlier=tuple(earlier),
            here=present,
            all=everything,
            body=body,
            paragraph=text.rfind("\n", 0, clause.start) + 1,
            home=article.issue.home,
            issued=article.date or article.issue.date,
            rules=rules,
        )
        for found in _read_clause(clause, here):
            for head, tail, said in found.said:
                relation = Relation(
                    type=found.rule.type,
                    head_id=head.entity.id,
                    tail_id=tail.entity.id,
                    attributes=said,
                    evidence=evidence(article.id, text, clause, found.rule.pattern),
                )
                _keep(best, relation, is_symmetric=rules.schema.relations[relation.type].symmetric)
        earlier += present
    for relation in parts(article.id, text, clauses, rules.parts):
        _keep(best, relation, is_symmetric=False)
    return sorted(best.values(), key=lambda relation: relation.evidence.start)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Context:
    """The mentions before a sentence, for ends that stand outside it."""

    earlier: tuple[Slot, ...]
    here: tuple[Slot, ...]
    all: tuple[Slot, ...]
    body: int
    paragraph: int
    home: tuple[str, ...]
    issued: str | None
    rules: Rules


def _read_clause(clause: Clause, context: _Context) -> Iterator[Found]:
    spans: list[tuple[int, int]] = []
    present = context.rules.kinds & frozenset(clause.text)
    first, second = context.rules.able[present]
    for rule in first:
        for match in rule.find.finditer(clause.text):
            found = _found(rule, match, clause, context)
            if found:
                yield found
                spans.append((found.start, found.end))
    if not second:
        return
    folded = clause.without(spans)
    for fold in context.rules.folds:
        folded = folded.without(match.span() for match in fold.finditer(folded.text))
    for rule in second:
        for match in rule.find.finditer(folded.text):
            found = _found(rule, match, folded, context)
            if found:
                yield found


def _found(rule: Rule, match: re.Match[str], clause: Clause, context: _Context) -> Found | None:
    """Return what a match says, None where an end is missing, the schema does not allow the ends, or it is denied."""
    groups = match.re.groupindex
    declared = context.rules.schema.relations[rule.type]
    heads = _captured(match, clause, "head") if "head" in groups else ()
    tails = _captured(match, clause, "tail") if "tail" in groups else ()
    if not tails:
        tails = _seek(rule, match, clause, context, heads)
    elif not heads:
        heads = _seek(rule, match, clause, context, tails)
    holds = None if rule.pattern.aside else attributes.status(declared, clause.text, *match.span())
    if holds == attributes.DENIED:
        return None
    captured = _groups(match, declared) | ({attributes.STATUS: holds} if holds else {})
    said = tuple(
        (head, tail, captured | attributes.read(declared, clause, match.end(), tail=tail, issued=context.issued))
        for head, tail in _pairs(heads, tails, declared, clause)
        if head.entity.id != tail.entity.id
        and context.rules.schema.allows(rule.type, head.entity.type, tail.entity.type)
    )
    if not said:
        return None
    start, end = _hidden(match, clause)
    return Found(rule=rule, said=said, start=start, end=end)


def _groups(match: re.Match[str], declared: RelationType) -> dict[str, str]:
    """Return the attributes that a match captured."""
    values = match.groupdict()
    return {name: value for name in declared.attributes if (value := values.get(name))}


def _hidden(match: re.Match[str], clause: Clause) -> tuple[int, int]:
    """Return the span to hide from later patterns: what is said of the head, but not the head itself."""
    start, end = match.span()
    if "head" not in match.re.groupindex:
        return start, end
    head = match.start("head")
    if head == start:
        return match.end("head"), end
    head_type = clause.text[head]
    return start, end if head_type in clause.text[end:head] else head


def _captured(match: re.Match[str], clause: Clause, group: str) -> tuple[Slot, ...]:
    start, end = match.span(group)
    return tuple(slot for slot in clause.slots[start:end] if slot) if start >= 0 else ()


def _pairs(
    heads: Sequence[Slot], tails: Sequence[Slot], declared: RelationType, clause: Clause
) -> Iterator[tuple[Slot, Slot]]:
    """Pair every head with every tail, A、B分获X、Y in turn, a symmetric list without tails (A、B签约) with itself."""
    if declared.symmetric and not tails:
        for index, head in enumerate(heads):
            yield from ((head, tail) for tail in heads[index + 1 :])
    elif len(heads) == len(tails) > 1 and declared.in_turn and declared.in_turn.search(_between(heads, tails, clause)):
        yield from zip(heads, tails, strict=True)
    else:
        yield from ((head, tail) for head in heads for tail in tails)


def _between(heads: Sequence[Slot], tails: Sequence[Slot], clause: Clause) -> str:
    """Return what stands between two lists of a sentence."""
    place = {id(slot): number for number, slot in enumerate(clause.slots)}
    first, second = sorted((place[id(listed[0])], place[id(listed[-1])]) for listed in (heads, tails))
    return clause.text[first[1] + 1 : second[0]]


def _seek(
    rule: Rule, match: re.Match[str], clause: Clause, context: _Context, known: Sequence[Slot]
) -> tuple[Slot, ...]:
    """Find the end that the template does not capture; at most one mention."""
    declared = context.rules.schema.relations[rule.type]
    types = rule.pattern.sought or (declared.head if "tail" in match.re.groupindex else declared.tail)
    ids = {slot.entity.id for slot in known}
    look = _look(rule, match)
    if look is None:
        return ()

    def fitting(slots: Iterable[Slot | None]) -> list[Slot]:
        return [
            slot
            for slot in slots
            if slot and slot.entity.type in types and slot.entity.id not in ids and look.search(slot.entity.name)
        ]

    noun = match.groupdict().get("noun")
    for where in rule.pattern.seek:
        if where == "next":
            choice = fitting(clause.slots[match.end() :])[:1]
        elif where == "previous":
            choice = fitting(clause.slots[: match.start()])[-1:]
        elif where == "subject":
            before = next((slot.start for slot in clause.slots[match.start() : match.end()] if slot), clause.end)
            choice = fitting(slot for slot in context.here if slot.start < before)[:1]
        elif where == "last":
            choice = _called(noun, fitting(context.earlier))[-1:]
        elif where == "main":
            choice = _most_named(_called(noun, fitting(context.earlier)))
        elif where == "paragraph":
            before = next((slot.start for slot in clause.slots[match.start() : match.end()] if slot), clause.end)
            choice = fitting(
                slot for slot in (*context.earlier, *context.here) if context.paragraph <= slot.start < before
            )[:1]
        elif where == "home":
            choice = [slot for slot in fitting(context.all) if slot.entity.name in context.home][:1]
        else:
            earlier = fitting(context.earlier)
            choice = _called(noun, [slot for slot in earlier if slot.start >= context.body] or earlier)[:1]
        if choice:
            return tuple(choice)
    return ()


def _look(rule: Rule, match: re.Match[str]) -> re.Pattern[str] | None:
    """Return what the sought name must look like, None where the captured word says that there is nothing to seek."""
    if not rule.named:
        return ANYTHING
    words = [value for name, value in match.groupdict().items() if value and name not in ("head", "tail", "noun")]
    endings = [ending for ending in rule.named if not ending or any(word.endswith(ending) for word in words)]
    return rule.named[max(endings, key=len)] if endings else None


def _called(noun: str | None, slots: list[Slot]) -> list[Slot]:
    """Return those whose name holds the noun (大赛 -> 2025中国家居设计大赛), all where none does."""
    return [slot for slot in slots if noun and noun in slot.entity.name] or slots


def _most_named(slots: list[Slot]) -> list[Slot]:
    """Return the last mention of the entity that is mentioned most, the later one of equals."""
    counts = Counter(slot.entity.id for slot in slots)
    return sorted(slots, key=lambda slot: (counts[slot.entity.id], slot.start))[-1:]


def _keep(best: dict[tuple[str, str, str, int], Relation], relation: Relation, *, is_symmetric: bool) -> None:
    head, tail = relation.head_id, relation.tail_id
    if is_symmetric and (tail, relation.type, head, relation.evidence.start) in best:
        head, tail = tail, head
    key = (head, relation.type, tail, relation.evidence.start)
    known = best.get(key)
    if known is None or known.evidence.confidence < relation.evidence.confidence:
        best[key] = relation
