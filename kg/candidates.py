"""Article + Entity + stated relations -> pairs that may be related, each with the signs that speak for and against it.

A sign is a short string: what stands between the two names and around them, what their names end in, which rule read
the pair.  classifier.py weighs the signs; nothing is decided here.  Two names are a pair where they share a sentence;
where they do not, a programme is paired with a name further down, since 会上 or nothing at all may stand for it there,
and any two names with each other a few sentences on (该公司, 馆长高远).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.clauses import Clause, read
from kg.records import Article, Entity, Relation
from kg.rules import Rules
from kg.signs import BREAK, around, beside, class_of, sentence

PROGRAMME = "Programme"
FARTHEST = 90  # characters between two names of a sentence
REACH = 3  # sentences with names between two names that share none
TITLE_REACH = 6  # the same from the headline on
FEW = 4  # names between two whose types are a sign as a whole

# How the two ends of a pair stand to each other.
SAME, APART, FAR = "same", "apart", "far"

Place = tuple[int, int]  # number of the clause, position of the symbol in it
Sighting = tuple[str, int, tuple[int, int], list[str]]  # SAME, APART or FAR, number of the clause, span in it, signs


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A relation that may hold; ``signs`` differ, ``clause`` is the sentence that would be its evidence.

    ``span`` reaches from the first to the last of its ends that stand in the sentence, ``way`` is SAME, APART or FAR,
    ``is_read`` tells whether a pattern reads it.
    """

    type: str
    head_id: str
    tail_id: str
    way: str
    is_read: bool
    signs: tuple[str, ...]
    clause: Clause
    span: tuple[int, int]


def candidates(
    article: Article, entities: Sequence[Entity], stated: Iterable[Relation], rules: Rules
) -> Iterator[Candidate]:
    """Yield every pair that the schema allows, in the order of its entities; ``stated`` is what the rules read."""
    clauses = list(read(article.text, entities, rules.symbol_by_type))
    page = _Page(article, entities, clauses)
    allowed = _allowed(rules)
    rules_by_pair: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for relation in stated:
        rules_by_pair[relation.head_id, relation.tail_id].append((relation.type, relation.evidence.rule))
    for head in page.entities:
        for tail in page.entities:
            types = allowed.get((head.type, tail.type), ())
            if not types or head.id == tail.id:
                continue
            found = page.together(head, tail) or page.apart(head, tail) or page.far(head, tail)
            if found is None:
                continue
            way, number, span, seen = found
            signs = tuple(dict.fromkeys((*page.names(head, tail), way, *seen)))
            for type_ in types:
                read_by = _read_by(type_, rules_by_pair[head.id, tail.id], rules_by_pair[tail.id, head.id])
                yield Candidate(
                    type=type_,
                    head_id=head.id,
                    tail_id=tail.id,
                    way=way,
                    is_read=any(other == type_ for other, _ in rules_by_pair[head.id, tail.id]),
                    signs=(*signs, *read_by),
                    clause=clauses[number],
                    span=span,
                )


def _allowed(rules: Rules) -> Mapping[tuple[str, str], Sequence[str]]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for type_, declared in rules.schema.relations.items():
        for head in declared.head:
            for tail in declared.tail:
                found[head, tail].append(type_)
    return found


def _read_by(type_: str, there: Iterable[tuple[str, str]], back: Iterable[tuple[str, str]]) -> list[str]:
    own = [rule for other, rule in there if other == type_]
    others = [f"read as {other}" for other, _ in there if other != type_]
    reverse = ["read backwards"] if any(other == type_ for other, _ in back) else []
    return list(dict.fromkeys((*(f"rule {rule}" for rule in own), "read" if own else "not read", *others, *reverse)))


class _Page:
    """The places of an article's entities, from which the signs of each pair are taken."""

    def __init__(self, article: Article, entities: Sequence[Entity], clauses: Sequence[Clause]) -> None:
        self.clauses = clauses
        self.body = len(article.text) - len(article.body)
        self.paragraphs = [article.text.count("\n", 0, clause.start) for clause in clauses]
        self.slots = [
            [(position, slot.entity) for position, slot in enumerate(clause.slots) if slot] for clause in clauses
        ]
        self.places: dict[str, list[Place]] = defaultdict(list)
        forms: dict[str, set[str]] = defaultdict(set)
        for number, clause in enumerate(clauses):
            for position, slot in enumerate(clause.slots):
                if slot:
                    self.places[slot.entity.id].append((number, position))
                    forms[slot.entity.id].add(article.text[slot.start : slot.end].strip("“”"))
        self.entities = [entity for entity in entities if entity.id in self.places]
        self.forms = {entity.id: {entity.name.strip("“”"), *forms[entity.id]} for entity in self.entities}
        self.places_by_type: dict[str, list[tuple[Place, str]]] = defaultdict(list)
        for entity in self.entities:
            self.places_by_type[entity.type] += ((place, entity.id) for place in self.places[entity.id])
        self.main: dict[str, str] = {}
        self.first: dict[str, str | None] = {}
        self.counts: dict[str, int] = {}
        for type_, named in self.places_by_type.items():
            named.sort()
            times = Counter(id_ for _, id_ in named)
            self.main[type_] = max(times, key=lambda id_: (times[id_], [-n for n in self.places[id_][0]]))
            in_body = (id_ for (number, _), id_ in named if clauses[number].start >= self.body)
            self.first[type_] = next(in_body, None)
            self.counts[type_] = len(times)
        self._pairs: dict[tuple[int, int, int, str], tuple[str, ...]] = {}
        self._names: dict[tuple[int, int, str], tuple[str, ...]] = {}
        self._sentences: dict[int, tuple[str, ...]] = {}

    def names(self, head: Entity, tail: Entity) -> Iterator[str]:
        """Yield the signs of the names themselves, and of how much the article speaks of them."""
        yield f"types {head.type} {tail.type}"
        for side, entity in (("head", head), ("tail", tail)):
            end = entity.name.strip("”’》")[-2:]
            yield from (f"{side} …{end[-width:]}" for width in (1, 2))
            yield f"{side} named {class_of(len(self.places[entity.id]))}"
            yield f"{side}s {class_of(self.counts[entity.type])}"
            if entity.id == self.main[entity.type]:
                yield f"{side} main"
            if entity.id == self.first[entity.type]:
                yield f"{side} first"
            if self._in_title(self.places[entity.id][0]):
                yield f"{side} in title"
        heads, tails = self.forms[head.id], self.forms[tail.id]
        if _begins(heads, tails):
            yield "head begins with tail"
        if _begins(tails, heads):
            yield "tail begins with head"

    def together(self, head: Entity, tail: Entity) -> Sighting | None:
        """Return the sentence in which the two stand nearest, from where to where, and the pair's signs there."""
        by_clause: dict[int, list[int]] = defaultdict(list)
        for number, position in self.places[tail.id]:
            by_clause[number].append(position)
        pairs = [
            (self._distance(number, position, other), number, position, other)
            for number, position in self.places[head.id]
            for other in by_clause.get(number, ())
        ]
        if not pairs:
            return None
        distance, number, position, other = min(pairs)
        if distance > FARTHEST:
            return None
        order = ">" if position < other else "<"
        low, high = min(position, other), max(position, other)
        slots = self.slots[number]
        between = [entity.type for place, entity in slots if low < place < high]
        signs = [
            order,
            *self._pair(number, low, high, order),
            f"{order}heads between {class_of(between.count(head.type))}",
            f"{order}tails between {class_of(between.count(tail.type))}",
            f"first of sentence {slots[0][1].type}",
            f"in sentence {class_of(len(slots))}",
        ]
        if len(between) <= FEW:
            signs.append(f"{order}types between {' '.join(between)}")
        signs += (f"{side} begins" for side, one in (("head", head), ("tail", tail)) if slots[0][1].id == one.id)
        if self._in_title((number, 0)):
            signs.append("title")
        return SAME, number, (low, high + 1), signs

    def apart(self, head: Entity, tail: Entity) -> Sighting | None:
        """Return the sentence that first names ``head`` after the programme ``tail``, where, and the signs of that."""
        if tail.type != PROGRAMME:
            return None
        earliest = self.places[tail.id][0][0]
        place = next((place for place in self.places[head.id] if place[0] > earliest), None)
        if place is None:
            return None
        number, position = place
        before = [other for other in self.places[tail.id] if other[0] < number]
        last = before[-1]
        programmes = self.places_by_type[PROGRAMME]
        has_other = any(last < other < place for other, id_ in programmes if id_ != tail.id)
        is_here = any(entity.type == PROGRAMME for _, entity in self.slots[number])
        signs = [
            f"sentences {class_of(number - last[0])}",
            f"paragraphs {class_of(self.paragraphs[number] - self.paragraphs[last[0]])}",
            f"named {class_of(len(before))}",
            "another between" if has_other else "none between",
            "programme here" if is_here else "no programme here",
            *(["title only"] if all(map(self._in_title, self.places[tail.id])) else []),
            *self._sentence(number),
            *self._one(number, position, ""),
            *self._one(*last, "of tail "),
        ]
        return APART, number, (position, position + 1), signs

    def far(self, head: Entity, tail: Entity) -> Sighting | None:
        """Return the later of the two nearest sentences that name one each, the name's place there, and the signs."""
        distance, one, other = min(
            (abs(one[0] - other[0]), one, other) for one in self.places[head.id] for other in self.places[tail.id]
        )
        early, late = sorted((one, other))
        from_title = self._in_title(early)
        if not 0 < distance <= (TITLE_REACH if from_title else REACH):
            return None
        order = ">" if one == early else "<"
        signs = [
            order,
            f"{order}sentences {class_of(distance)}",
            f"paragraphs {class_of(self.paragraphs[late[0]] - self.paragraphs[early[0]])}",
            *(["from title"] if from_title else []),
            *(f"{order}begin {sign}" for sign in self._sentence(late[0])),
            *self._one(*one, f"{order}of head "),
            *self._one(*other, f"{order}of tail "),
        ]
        for side, entity in (("heads", head), ("tails", tail)):
            named = self.places_by_type[entity.type]
            count = len({id_ for place, id_ in named if early < place < late and id_ != entity.id})
            signs.append(f"far {side} between {class_of(count)}")
        awaited = tail.type if late == one else head.type
        if any(entity.type == awaited for _, entity in self.slots[late[0]]):
            signs.append("another here")
        return FAR, late[0], (late[1], late[1] + 1), signs

    def _in_title(self, place: Place) -> bool:
        return self.clauses[place[0]].start < self.body

    def _distance(self, number: int, position: int, other: int) -> int:
        low, high = min(position, other), max(position, other)
        return high - low + 5 * len(BREAK.findall(self.clauses[number].text, low, high))

    def _pair(self, number: int, low: int, high: int, order: str) -> tuple[str, ...]:
        key = number, low, high, order
        if key not in self._pairs:
            self._pairs[key] = tuple(order + sign for sign in around(self.clauses[number].text, low, high))
        return self._pairs[key]

    def _one(self, number: int, position: int, role: str) -> tuple[str, ...]:
        key = number, position, role
        if key not in self._names:
            slots = self.slots[number]
            index = next(index for index, (place, _) in enumerate(slots) if place == position)
            before = slots[index - 1][1].type if index else "-"
            behind = slots[index + 1][1].type if index + 1 < len(slots) else "-"
            signs = (*beside(self.clauses[number].text, position), f"previous {before}", f"next {behind}")
            self._names[key] = tuple(role + sign for sign in signs)
        return self._names[key]

    def _sentence(self, number: int) -> tuple[str, ...]:
        if number not in self._sentences:
            self._sentences[number] = tuple(sentence(self.clauses[number].text))
        return self._sentences[number]


def _begins(longer: Iterable[str], shorter: Iterable[str]) -> bool:
    return any(one.startswith(other) for other in shorter if len(other) > 1 for one in longer if one != other)
