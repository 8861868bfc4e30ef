"""What readings call their entities -> the ids under which they meet in the graph, whatever the order of the issues.

An article alone knows 太重集团 only as printed; another one says whose short form it is.  ``identify`` looks at the
namings of both: a short form goes to the one fuller name that articles of the same province tie it to by a rule that
carries that far (across.csv); what carries less, or leads to two, stays apart as a doubt for a person.  Persons of one
name stay one unless their posts lie in different places.  A decision of the ledger goes before all of this.

In: ids, decisions, and a function that gives the namings at aliases.  Out: the id that each leads to, and doubts.
``apply`` puts it into force in a reading.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from kg.context import ORGANISATION, PERSON
from kg.gazetteer import read
from kg.ledger import Decisions, bare
from kg.records import ONE_OF_SEVERAL, Alias, Doubt, Entity, Naming, Reading, Relation

# From this score on a rule alone makes two names of different articles one.
SURE = 0.85
# Below this a doubt is not worth a person's time.
LEAST_DOUBT = 0.3
# What a rule's score is multiplied by where no article of the same province gave it.
ELSEWHERE = 0.7
NAMESAKES = 0.5
# 波音 and 三星 are names; 建议, short for a plan of many words, is one in its own article alone.
SHORTEST = {ORGANISATION: 2}
SHORTEST_OF_OTHERS = 3

NamingsAt = Callable[[Collection[str]], Iterable[Naming]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Identities:
    """Where each id leads, and which of the ids may be the same as others."""

    entity_by_id: Mapping[str, str]
    doubts: tuple[Doubt, ...]


@lru_cache(maxsize=1)
def scores() -> Mapping[str, float]:
    """Return rule -> how sure it is that a short form means the same in other articles (across.csv)."""
    return {row["rule"]: float(row["score"]) for row in read("across.csv")}


def identify(ids: Collection[str], decisions: Decisions, namings_at: NamingsAt) -> Identities:
    """Return where ``ids`` lead; ``namings_at`` is asked once for each length of the way."""
    known = _Known(decisions=decisions, namings={}, asked=set())
    frontier, seen = set(ids), set(ids)
    while frontier:
        known.learn({bare(id_) for id_ in frontier}, namings_at)
        frontier = {other for id_ in frontier for other in known.neighbours(id_)} - seen
        seen |= frontier
    ways = {id_: known.way(id_) for id_ in sorted(ids)}
    doubts = [doubt for id_ in sorted(ids) for doubt in known.doubts(id_)]
    return Identities(entity_by_id={id_: way[-1] for id_, way in ways.items()}, doubts=tuple(doubts))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """The namings asked for so far, by alias."""

    decisions: Decisions
    namings: dict[str, list[Naming]]
    asked: set[str]

    def learn(self, aliases: set[str], namings_at: NamingsAt) -> None:
        new = aliases - self.asked
        self.asked.update(new)
        for naming in namings_at(sorted(new)) if new else ():
            self.namings.setdefault(naming.alias, []).append(naming)

    def neighbours(self, id_: str) -> set[str]:
        decided = self.decisions.into.get(id_)
        return {naming.read_as for naming in self._fuller(id_)} | ({decided} if decided else set())

    def way(self, id_: str) -> list[str]:
        """Return the ids from ``id_`` to the one it leads to; a name split off an entity goes no way to it."""
        way = [id_]
        while (step := self._step(way[-1])) and step not in way:
            way.append(step)
        refused = {entity for entity, other in self.decisions.apart if other in (id_, bare(id_))}
        return next((way[:position] for position, passed in enumerate(way) if position and passed in refused), way)

    def _step(self, id_: str) -> str | None:
        if id_ in self.decisions.into:
            return self.decisions.into[id_]
        if id_ in self.decisions.into.values():
            return None  # a person made it the name of others
        if id_.startswith(f"{PERSON}:"):
            return self._person(id_)
        rated = self._rated(id_)
        if len(rated) != 1:
            return None
        ((other, score),) = rated.items()
        return other if score >= SURE else None

    def doubts(self, id_: str) -> list[Doubt]:
        """Return the entities that ``id_`` may be, though it does not lead there; none where a person has decided."""
        if id_ in self.decisions.into:
            return []
        end = self.way(id_)[-1]
        found = []
        for other, score, reason in self._likely(id_):
            is_apart = {(other, id_), (other, bare(id_)), (self.way(other)[-1], bare(id_))} & self.decisions.apart
            if not is_apart and self.way(other)[-1] != end and score >= LEAST_DOUBT:
                found.append(Doubt(read_as=id_, other=other, score=round(score, 3), reason=reason))
        return found

    def _likely(self, id_: str) -> list[tuple[str, float, str]]:
        people = [other for other in self._namesakes(id_) if other > id_] if id_.startswith(f"{PERSON}:") else []
        namesakes = [(other, NAMESAKES, "same name, posts in other places") for other in people]
        rated = self._rated(id_)
        share = 1 / len(rated) if len(rated) > 1 else 1.0
        rules = {naming.read_as: naming.rule for naming in sorted(self._fuller(id_), key=_strength)}
        return [*namesakes, *((other, score * share, rules[other]) for other, score in sorted(rated.items()))]

    def _rated(self, id_: str) -> dict[str, float]:
        """Return the fuller names that ``id_`` may be short for, with what the strongest rule's word is worth.

        A name that leads to another one of them does not count by itself.
        """
        homes = {naming.home for naming in self.namings.get(bare(id_), ()) if naming.read_as == id_}
        rated: dict[str, float] = {}
        homes_of: dict[str, set[str]] = defaultdict(set)
        for naming in self._fuller(id_):
            homes_of[naming.read_as].add(naming.home)
            rated[naming.read_as] = max(rated.get(naming.read_as, 0.0), scores()[naming.rule])
        for other in rated:
            if not homes <= homes_of[other]:
                rated[other] *= ELSEWHERE
        ends = {other: self.way(other)[-1] for other in rated}
        return {other: score for other, score in rated.items() if ends[other] == other or ends[other] not in rated}

    def _fuller(self, id_: str) -> list[Naming]:
        """Return the namings by which ``id_``, a name without a place or article behind it, is short for another.

        What an article left open counts only where no other one says more.
        """
        name, type_ = bare(id_), id_.partition(":")[0]
        if id_ != f"{type_}:{name}" or len(name) < SHORTEST.get(type_, SHORTEST_OF_OTHERS):
            return []
        found = [
            naming
            for naming in self.namings.get(name, ())
            if not naming.own
            and naming.read_as.startswith(f"{type_}:")
            and naming.rule in scores()
            and len(bare(naming.read_as)) > len(name)
            and (naming.read_as, name) not in self.decisions.apart
        ]
        return [naming for naming in found if naming.rule != ONE_OF_SEVERAL] or found

    def _namesakes(self, id_: str) -> list[str]:
        people = {naming.read_as for naming in self.namings.get(bare(id_), ()) if naming.own}
        return sorted(other for other in people if other.startswith(f"{PERSON}:") and other != id_)

    def _person(self, id_: str) -> str | None:
        """Return who a person is: posts in one line of places (山西, 太原) are of one, else each place has its own.

        The id after @ is the code of the place of the post; without one the person may be any of them.  Whom a person
        has decided about keeps the place of his post, so that the decision stays his when a namesake turns up.
        """
        ids = [id_, *self._namesakes(id_)]
        codes = sorted({_code(other) for other in ids}, key=lambda code: (len(code), code))
        whole = f"{PERSON}:{bare(id_)}"
        if all(codes[-1].startswith(code) for code in codes):
            known = max((other for other in ids if self._is_decided(other)), key=len, default=whole)
            return known if known != id_ else None
        longest = [code for code in codes if not any(c != code and c.startswith(code) for c in codes)]
        under = {self._merged(f"{whole}@{code}") for code in longest if code.startswith(_code(id_))}
        nearest = under.pop() if len(under) == 1 else id_
        return nearest if nearest != id_ else None

    def _is_decided(self, id_: str) -> bool:
        held = self.decisions
        return id_ in held.names or id_ in held.dropped or id_ in held.into or id_ in held.into.values()

    def _merged(self, id_: str) -> str:
        while id_ in self.decisions.into:
            id_ = self.decisions.into[id_]
        return id_


def _code(person_id: str) -> str:
    return person_id.rpartition("@")[2] if "@" in person_id else ""


def _strength(naming: Naming) -> tuple[float, str]:
    return scores()[naming.rule], naming.rule


def apply(reading: Reading, entity_by_id: Mapping[str, str], dropped: Collection[str]) -> Reading:
    """Return the reading with its entities as the graph has them; what was dropped is left out.

    A statement whose two ends became one says nothing any more.
    """
    members: dict[str, list[Entity]] = defaultdict(list)
    for entity in reading.entities:
        members[entity_by_id.get(entity.id, entity.id)].append(entity)
    entities = [_joined(id_, group) for id_, group in members.items() if id_ not in dropped]
    there = {entity.id for entity in entities}
    relations = (_led(relation, entity_by_id) for relation in reading.relations)
    kept = (
        relation
        for relation in relations
        if relation.head_id != relation.tail_id and {relation.head_id, relation.tail_id} <= there
    )
    return replace(reading, entities=tuple(entities), relations=tuple(kept))


def _led(relation: Relation, entity_by_id: Mapping[str, str]) -> Relation:
    head, tail = relation.head_id, relation.tail_id
    return replace(relation, head_id=entity_by_id.get(head, head), tail_id=entity_by_id.get(tail, tail))


def _joined(id_: str, group: Sequence[Entity]) -> Entity:
    if len(group) == 1 and group[0].id == id_:
        return group[0]
    rules: dict[str, Alias] = {}
    for entity in group:
        for alias in entity.aliases:
            rules.setdefault(alias.text, alias)
        if entity.id != id_:
            rules.setdefault(entity.name, Alias(text=entity.name, rule="full name"))
    mentions = sorted((m for entity in group for m in entity.mentions), key=lambda m: (m.start, m.end))
    own = [entity.name for entity in group if entity.id == id_]
    return Entity(
        id=id_,
        type=id_.partition(":")[0],
        name=own[0] if own else bare(id_),
        aliases=tuple(rules.values()),
        mentions=tuple(mentions),
    )
