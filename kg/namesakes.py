"""People with a post -> ids that say where: what keeps two of one name apart when articles meet (identity.py).

In: the entities and relations of an article.  Out: the same, a person who holds a post in a known place with the code
of that city or province behind its id.  Nothing else tells namesakes apart: a bare name may be any of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from kg.context import ORGANISATION, PERSON
from kg.gazetteer import Division, Gazetteer
from kg.records import Entity, Relation

# A post that is less sure than this does not make two people of one.
SURE = 0.8
# The digits of a code that name the city; a province has two.
CITY = 4


def part(
    entities: Sequence[Entity], relations: Sequence[Relation], gazetteer: Gazetteer
) -> tuple[tuple[Entity, ...], tuple[Relation, ...]]:
    """Return entities and relations with the ids of persons parted; a relation that gives a title says a post."""
    entity_by_id = {entity.id: entity for entity in entities}
    codes: dict[str, set[str]] = {}
    for relation in relations:
        place = _place(entity_by_id[relation.tail_id], gazetteer) if _is_post(relation) else None
        if place:
            codes.setdefault(relation.head_id, set()).add(place.code[:CITY])
    ids = {id_: f"{id_}@{_nearest(found)}" for id_, found in codes.items() if entity_by_id[id_].type == PERSON}
    return (
        tuple(
            replace(
                entity,
                id=ids.get(entity.id, entity.id),
                perhaps=tuple(ids.get(other, other) for other in entity.perhaps),
            )
            for entity in entities
        ),
        tuple(
            replace(
                relation,
                head_id=ids.get(relation.head_id, relation.head_id),
                tail_id=ids.get(relation.tail_id, relation.tail_id),
            )
            for relation in relations
        ),
    )


def _is_post(relation: Relation) -> bool:
    """Tell whether a relation says, surely, a post that is held now: who was governor elsewhere moved on."""
    attributes = relation.attributes
    return "title" in attributes and "status" not in attributes and relation.evidence.confidence >= SURE


def _place(entity: Entity, gazetteer: Gazetteer) -> Division | None:
    if entity.type == ORGANISATION:
        return gazetteer.leading(entity.name.removeprefix("中共"))[0]
    return gazetteer.division(entity.name)


def _nearest(codes: Iterable[str]) -> str:
    """Return the code that says most: of 山西 and 太原 the city's."""
    return min(codes, key=lambda code: (-len(code), code))
