"""Article, Entity, stated relations, hints -> pairs that may be related, with what speaks for and against each.

A sign is a short string: what stands between the two names and around them, what their names end in, which rule read
the pair.  classifier.py weighs the signs; nothing is decided here.  Two names are a pair where they share a sentence; a
programme is also paired with a name further down, since 会上 or nothing at all may stand for it there.  What a network
hints at (network.py) is added up over the mentions of a pair; a pair that is none but for a hint has no signs.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kg.clauses import ANY_SYMBOL, Clause, read
from kg.hints import UNHINTED
from kg.records import Article, Entity, Hint, Relation
from kg.rules import Rules

PROGRAMME = "Programme"
READ = "read"  # the sign that a rule read the pair
FARTHEST = 90  # characters between two names of a sentence
FAR_OFF = 20  # characters that a word in a name's stead counts as farther away
NEAR = 15  # characters on either side of a long gap that are looked at
AROUND = 14  # characters before and behind a pair, within its clause
SHORT = 8  # a gap of so few characters is a sign as a whole
STEPS = (0, 1, 2, 3, 6, 12, 25)  # upper ends of the classes of a count

BREAK = re.compile("[，；：]")
LIST = re.compile(rf"[、和与及以，等“”《》 {ANY_SYMBOL}]*")
SYMBOL = re.compile(f"[{ANY_SYMBOL}]")
BESIDE = re.compile(rf"[、和与及{ANY_SYMBOL}]+")
MORE_BEHIND = re.compile(rf"(?:[、和与及，][{ANY_SYMBOL}])*")
MORE_BEFORE = re.compile(rf"(?:[{ANY_SYMBOL}][、和与及，])*$")
TAIL = re.compile(rf"等?[^，。；：、{ANY_SYMBOL}]{{0,6}}")

Place = tuple[int, int]  # number of the clause, position of the symbol in it
Sighting = tuple[int, tuple[int, int], list[str]]  # number of the clause, span in it, signs
Key = tuple[str, str, str]  # type of a relation, ids of its ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A relation that may hold; ``signs`` differ, ``clause`` is the sentence that would be its evidence.

    ``span`` reaches from the first to the last of its ends that stand in the sentence; without signs it is one of them.
    ``hint`` is how likely the network takes it to be, as log-odds.
    """

    type: str
    head_id: str
    tail_id: str
    signs: tuple[str, ...]
    clause: Clause
    span: tuple[int, int]
    hint: float = UNHINTED


def candidates(
    article: Article,
    entities: Sequence[Entity],
    stated: Iterable[Relation],
    rules: Rules,
    hints: Iterable[Hint] | None = None,
) -> Iterator[Candidate]:
    """Yield every pair that the schema allows, in the order of its entities; ``stated`` is what the rules read.

    With ``hints`` (None: no network looked) only what is hinted at or read is a pair; signs alone hardly ever outweigh
    the lack of a hint (F1 of 457 articles stayed as it was).  Behind them come the pairs that only hints make one, but
    for those that the rules read: of these nothing else is known, and they are left to the rules.
    """
    stated = list(stated)
    clauses = list(read(article.text, entities, rules.symbol_by_type, rules.stands))
    page = _Page(article, entities, clauses)
    allowed = _allowed(rules)
    hints_by_key = _by_key(hints or (), entities, rules)
    read_keys = {(relation.type, relation.head_id, relation.tail_id) for relation in stated}
    asked = None if hints is None else hints_by_key.keys() | read_keys
    seen: set[tuple[str, str]] = set()
    rules_by_pair: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for relation in stated:
        rules_by_pair[relation.head_id, relation.tail_id].append((relation.type, relation.evidence.rule))
    for head in page.entities:
        for tail in page.entities:
            types = [
                type_
                for type_ in allowed.get((head.type, tail.type), ())
                if asked is None or (type_, head.id, tail.id) in asked
            ]
            if not types or head.id == tail.id:
                continue
            found = page.together(head, tail) or page.apart(head, tail)
            if found is None:
                continue
            seen.add((head.id, tail.id))
            number, span, signs = found[0], found[1], tuple(dict.fromkeys(found[2]))
            for type_ in types:
                if _is_out_of_turn(clauses[number].text, span, rules.schema.relations[type_].in_turn):
                    continue
                read_by = _read_by(type_, rules_by_pair[head.id, tail.id], rules_by_pair[tail.id, head.id])
                yield Candidate(
                    type=type_,
                    head_id=head.id,
                    tail_id=tail.id,
                    signs=(*signs, *read_by),
                    clause=clauses[number],
                    span=span,
                    hint=_sum(hints_by_key.get((type_, head.id, tail.id), ())),
                )
    for (type_, head_id, tail_id), told in hints_by_key.items():
        is_known = (type_, head_id, tail_id) in read_keys or (head_id, tail_id) in seen
        place = None if is_known else page.place(told)
        if place:
            yield Candidate(
                type=type_,
                head_id=head_id,
                tail_id=tail_id,
                signs=(),
                clause=clauses[place[0]],
                span=(place[1], place[1] + 1),
                hint=_sum(told),
            )


def _by_key(hints: Iterable[Hint], entities: Iterable[Entity], rules: Rules) -> Mapping[Key, Sequence[Hint]]:
    """Return the hints on each pair of entities that the schema allows; of symmetric types both ways are one."""
    schema = rules.schema
    owners = {mention.start: entity for entity in entities for mention in entity.mentions}
    found: dict[Key, list[Hint]] = defaultdict(list)
    for hint in hints:
        head, tail = owners.get(hint.head), owners.get(hint.tail)
        # Where an article is read again, its hints may be of another schema's types.
        if not head or not tail or head.id == tail.id or hint.type not in schema.relations:
            continue
        ways = [(head, tail), (tail, head)] if schema.relations[hint.type].symmetric else [(head, tail)]
        for first, second in ways:
            if schema.allows(hint.type, first.type, second.type):
                found[hint.type, first.id, second.id].append(hint)
    return found


def _sum(hints: Iterable[Hint]) -> float:
    """Return the logarithm of the sum of what the hints' scores are the logarithms of."""
    total = sum(math.exp(hint.score) for hint in hints)
    return math.log(total) if total else UNHINTED


def _is_out_of_turn(text: str, span: tuple[int, int], in_turn: re.Pattern[str] | None) -> bool:
    """Tell whether the ends of ``span`` are no pair, but stand in lists of one length that are paired one by one."""
    low, high = span[0], span[1] - 1
    cue = in_turn.search(text, low + 1, high) if in_turn else None
    if not cue:
        return False
    before = MORE_BEFORE.search(text[:low])[0].count(text[low])  # type: ignore[index]  # it matches the empty string
    behind = MORE_BEHIND.match(text, high + 1)[0].count(text[high])  # type: ignore[index]  # so does this
    place = text.count(text[high], cue.end(), high)
    length = before + 1 + text.count(text[low], low + 1, cue.start())
    return length == place + 1 + behind > 1 and place != before


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
    return list(dict.fromkeys((*(f"rule {rule}" for rule in own), READ if own else "not read", *others, *reverse)))


class _Page:
    """The places of an article's entities, from which the signs of each pair are taken."""

    def __init__(self, article: Article, entities: Sequence[Entity], clauses: Sequence[Clause]) -> None:
        self.text = article.text
        self.clauses = clauses
        self.body = len(article.text) - len(article.body)
        self.places: dict[str, list[Place]] = defaultdict(list)
        self.by_clause: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        self.stand_ins: set[Place] = set()
        self.place_by_start: dict[int, Place] = {}
        for number, clause in enumerate(clauses):
            for position, slot in enumerate(clause.slots):
                if slot:
                    self.places[slot.entity.id].append((number, position))
                    self.by_clause[slot.entity.id][number].append(position)
                    self.place_by_start[slot.start] = number, position
                    if not slot.is_named:
                        self.stand_ins.add((number, position))
        self.entities = [entity for entity in entities if entity.id in self.places]
        self.programmes = sorted(
            (place, entity.id)
            for entity in self.entities
            if entity.type == PROGRAMME
            for place in self.places[entity.id]
        )
        counts = {id_: len(self.places[id_]) for _, id_ in self.programmes}
        self.main = max(counts, key=lambda id_: (counts[id_], [-n for n in self.places[id_][0]]), default=None)
        in_body = (id_ for (number, _), id_ in self.programmes if clauses[number].start >= self.body)
        self.first = next(in_body, None)
        self._known: dict[tuple[int, int, int], tuple[str, ...]] = {}

    def together(self, head: Entity, tail: Entity) -> Sighting | None:
        """Return the sentence in which the two stand nearest, from where to where, and the pair's signs there."""
        heads, tails = self.by_clause[head.id], self.by_clause[tail.id]
        pairs = [
            (self._distance(number, position, other), number, position, other)
            for number in heads.keys() & tails.keys()
            for position in heads[number]
            for other in tails[number]
        ]
        if not pairs:
            return None
        distance, number, position, other = min(pairs)
        if distance > FARTHEST:
            return None
        order = ">" if position < other else "<"
        low, high = min(position, other), max(position, other)
        around = self._signs(number, low, high)
        title = ["title"] if self.clauses[number].start < self.body else []
        ends = (("head", position), ("tail", other))
        standing = [f"{side} stands in" for side, place in ends if (number, place) in self.stand_ins]
        signs = [*_names(head, tail), *(order + sign for sign in around), "same", order, *title, *standing]
        return number, (low, high + 1), signs

    def apart(self, head: Entity, tail: Entity) -> Sighting | None:
        """Return the sentence that first names ``head`` after the programme ``tail``, where, and the signs of that."""
        number, position = self.places[head.id][0]
        if tail.type != PROGRAMME or self.places[tail.id][0][0] >= number:
            return None
        before = [place for place in self.places[tail.id] if place[0] < number]
        text = self.clauses[number].text
        start = self.clauses[before[-1][0]].start
        has_other = any(before[-1] < place < (number, position) for place, id_ in self.programmes if id_ != tail.id)
        is_title = all(self.clauses[other].start < self.body for other, _ in self.places[tail.id])
        behind = text[position + 1 :]
        behind = behind[MORE_BEHIND.match(behind).end() :]  # type: ignore[union-attr]  # it matches the empty string
        return (
            number,
            (position, position + 1),
            [
                *_names(head, tail),
                "apart",
                f"sentences {_class(number - before[-1][0])}",
                f"named {_class(len(before))}",
                f"programmes {_class(len({id_ for _, id_ in self.programmes}))}",
                *(["main"] if tail.id == self.main else []),
                *(["first"] if tail.id == self.first else []),
                "another between" if has_other else "none between",
                "another paragraph" if "\n" in self.text[start : self.clauses[number].start] else "same paragraph",
                *(["title only"] if is_title else []),
                "programme here" if any(place[0] == number for place, _ in self.programmes) else "no programme here",
                *(f"begin {text[:width]}" for width in (2, 3, 4)),
                *_pairs("before", BREAK.split(text[:position])[-1][-10:]),
                *_pairs("behind", behind[:12]),
                *_pairs("sentence", text),
                *(f"right {text[position + 1 : position + 1 + width]}" for width in (1, 2, 3)),
                *(f"left {text[max(0, position - width) : position]}" for width in (1, 2, 3)),
            ],
        )

    def place(self, hints: Iterable[Hint]) -> Place | None:
        """Return where the tail of the surest hint stands, else its head, None where no sentence holds either."""
        hint = max(hints, key=lambda hint: hint.score)
        return self.place_by_start.get(hint.tail) or self.place_by_start.get(hint.head)

    def _distance(self, number: int, position: int, other: int) -> int:
        low, high = min(position, other), max(position, other)
        stand_ins = ((number, position) in self.stand_ins) + ((number, other) in self.stand_ins)
        breaks = len(BREAK.findall(self.clauses[number].text, low, high))
        return high - low + 5 * breaks + FAR_OFF * stand_ins

    def _signs(self, number: int, low: int, high: int) -> tuple[str, ...]:
        key = number, low, high
        if key not in self._known:
            self._known[key] = tuple(_around(self.clauses[number].text, low, high))
        return self._known[key]


def _names(head: Entity, tail: Entity) -> list[str]:
    ends = [entity.name.strip("”’》")[-2:] for entity in (head, tail)]
    return [
        f"types {head.type} {tail.type}",
        *(f"{side} …{end[-width:]}" for side, end in zip(("head", "tail"), ends, strict=True) for width in (1, 2)),
    ]


def _around(text: str, low: int, high: int) -> Iterator[str]:
    """Yield the signs of two symbols of a sentence: what is between them, before the first and behind the second."""
    gap = text[low + 1 : high]
    yield f"gap {_class(len(gap))}"
    yield f"names between {_class(len(SYMBOL.findall(gap)))}"
    yield f"breaks {_class(len(BREAK.findall(gap)))}"
    yield "list" if LIST.fullmatch(gap) else "no list"
    if len(gap) <= SHORT:
        yield f"gap={gap}"
    alone = BESIDE.sub("、", gap)
    if len(alone) <= SHORT:
        yield f"gap~{alone}"
    yield from _pairs("between", gap if len(gap) <= 2 * NEAR else f"{gap[:NEAR]}…{gap[-NEAR:]}")
    for width in (1, 2, 3, 4):
        yield f"after first {text[low + 1 : low + 1 + width]}"
        yield f"before second {text[max(0, high - width) : high]}"
        yield f"after second {text[high + 1 : high + 1 + width]}"
        yield f"before first {text[max(0, low - width) : low]}"
    yield from _pairs("left", BREAK.split(text[:low])[-1][-AROUND:])
    yield from _pairs("right", BREAK.split(text[high + 1 :])[0][:AROUND])
    # What is said of the whole list that the second stands in (A、B和C主办), and before that of the first.
    behind = text[high + 1 :]
    behind = behind[MORE_BEHIND.match(behind).end() :]  # type: ignore[union-attr]  # it matches the empty string
    yield f"list then {TAIL.match(behind)[0]}"  # type: ignore[index]  # so does this
    yield from _pairs("list then", behind[:10])
    before = text[: low - len(MORE_BEFORE.search(text[:low])[0])]  # type: ignore[index]  # and this
    yield f"list after {before[-2:]}"
    yield from _pairs("list after", before[-8:])


@lru_cache(maxsize=4096)
def _class(count: int) -> str:
    return next((f"<{end + 1}" for end in STEPS if count <= end), "more")


def _pairs(where: str, text: str) -> list[str]:
    return [f"{where} {pair}" for pair in dict.fromkeys(text[start : start + 2] for start in range(len(text) - 1))]
