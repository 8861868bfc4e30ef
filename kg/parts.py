"""Names that say by themselves what is part of what: 兴业银行太原分行营业部 of 兴业银行太原分行.

In: the sentences of an article with their mentions, the compiled look of parts and wholes.  Out: relations.  Also makes
the evidence that every relation carries.
"""

from collections.abc import Iterator, Mapping, Sequence

from kg.clauses import Clause
from kg.records import Entity, Evidence, Relation
from kg.rules import Parts
from kg.schema import Pattern, Prefix

# One character (京) starts too many names.
SHORTEST = 2


def evidence(article_id: str, text: str, clause: Clause, rule: Pattern | Prefix) -> Evidence:
    """Return the clause's sentence as the evidence of what ``rule`` read in it."""
    return Evidence(
        article_id=article_id,
        start=clause.start,
        end=clause.end,
        sentence=text[clause.start : clause.end],
        rule=rule.name,
        confidence=rule.confidence,
    )


def parts(
    article_id: str, text: str, clauses: Sequence[Clause], parts_by_type: Mapping[str, Parts]
) -> Iterator[Relation]:
    """Yield one relation for each part and its nearest whole, stated where the part is first named."""
    first: dict[str, tuple[Entity, Clause]] = {}
    for clause in clauses:
        for slot in clause.slots:
            if slot:
                first.setdefault(slot.entity.id, (slot.entity, clause))
    entities = [entity for entity, _ in first.values()]
    for type_, look in parts_by_type.items():
        for part, whole in _nearest(entities, look):
            yield Relation(
                type=type_,
                head_id=part.id,
                tail_id=whole.id,
                attributes={},
                evidence=evidence(article_id, text, first[part.id][1], look.prefix),
            )


def _nearest(entities: Sequence[Entity], look: Parts) -> Iterator[tuple[Entity, Entity]]:
    """Yield (part, whole) with the whole whose name covers most of the part's."""
    names = {
        entity.id: sorted({entity.name, *(mention.text for mention in entity.mentions)})
        for entity in entities
        if entity.type in look.prefix.types
    }
    wholes = [
        (name, entity)
        for entity in entities
        if entity.id in names and look.whole.search(entity.name)
        for name in names[entity.id]
        if len(name) >= SHORTEST
    ]
    for part in entities:
        candidates = [
            (len(start), start, whole)
            for name in names.get(part.id, ())
            for start, whole in wholes
            if name.startswith(start)
            and whole.id != part.id
            and whole.type == part.type
            and look.part.search(name[len(start) :])
        ]
        if candidates:
            yield part, max(candidates, key=lambda candidate: candidate[:2])[2]
