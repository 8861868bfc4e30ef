"""Sentences as patterns see them: every mention is one symbol, and templates are written over those symbols.

In: an article's text and its entities.  Out: ``Clause`` records and compiled templates.  Knows no relation type: which
words and templates there are is said in schema.yaml.

A template is a regular expression with these additions:

- ``<head:Person|Organisation>`` one mention of these types, captured as head (or tail); ``<Place>`` is not captured
- ``<head:Person+>`` several of them in coordination (A、B和C等)
- ``<role:host>`` one word of the list ``host``, captured as attribute; ``<host>`` is not captured
- ``<title:post+>`` a phrase that ends in such a word, or several joined by 、 (党组书记、局长)
- ``~`` up to ten characters and ``~~`` up to twenty-four, no clause mark and no mention among them
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.records import Entity
from kg.schema import StandIn
from kg.standins import stand_ins
from kg.text import sentences
from kg.traditional import fold

# Symbols stand in Unicode's private use area: no page contains them.
FIRST_SYMBOL = 0xE000
ANY_SYMBOL = "\ue000-\ue0ff"

# Many pages are printed with half-width marks; one character replaces one, so that offsets hold.  6,000 stays as it is.
HALF_WIDTH = re.compile(r"[;:!?()]|,(?!\d)|(?<!\d),")
FULL_WIDTH = {",": "，", ";": "；", ":": "：", "!": "！", "?": "？", "(": "（", ")": "）"}

# Between coordinated mentions; persons are also listed with commas (市委书记A，市长B，副市长C出席).
JOINT = "(?:、|和|与|及|以及|，(?:以及)?| )"
# What may close a list: 等5家单位, 等人, 等.
CLOSE = rf"(?:等[^，。、：；的{ANY_SYMBOL}]{{0,7}})?"
SHORT_GAP = rf"[^，。；：！？、{ANY_SYMBOL}]{{0,10}}?"
LONG_GAP = rf"[^，。；：！？、{ANY_SYMBOL}]{{0,24}}?"

PHRASE = rf"[^，。；：！？、（）“”{ANY_SYMBOL}]{{0,14}}?"

# Bounds that keep a search linear on odd input; a longer list is read as several.
LIST_LIMIT = 60
PHRASE_LIMIT = 5

SLOT = re.compile(r"<(?:(?P<group>[a-z]+):)?(?P<types>[A-Z]\w*(?:\|[A-Z]\w*)*)(?P<many>\+?)>")
WORD = re.compile(r"(?<!\?P)<(?:(?P<group>[a-z]+):)?(?P<words>[a-z_]+)(?P<many>\+?)>")

# Book marks and quotes around a whole name, and brackets that only define a short form or a sex or a place in a photo.
MARKS = re.compile(rf"[《〈“‘]+(?=[{ANY_SYMBOL}][》〉”’])|(?<=[{ANY_SYMBOL}])[》〉”’]+")
ASIDE = re.compile(rf"(?<=[{ANY_SYMBOL}])（(?:[^（）{ANY_SYMBOL}]{{0,8}}|(?:以下|下)?(?:统|简|合)?称[^（）]{{0,30}})）")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A mention in its sentence, with the entity that owns it; not ``is_named`` where a word stands for its name."""

    entity: Entity
    start: int
    end: int
    is_named: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A sentence with one symbol for each mention; ``slots[i]`` is the mention behind ``text[i]``.

    ``start`` and ``end`` are the sentence's span in the article, white space stripped.
    """

    start: int
    end: int
    text: str
    slots: tuple[Slot | None, ...]

    def without(self, spans: Iterable[tuple[int, int]]) -> "Clause":
        """Return the clause with these spans of ``text`` left out."""
        gone = bytearray(len(self.text))
        for start, end in spans:
            gone[start:end] = b"\1" * (end - start)
        if 1 not in gone:
            return self
        kept = [index for index, is_gone in enumerate(gone) if not is_gone]
        return Clause(
            start=self.start,
            end=self.end,
            text="".join(self.text[index] for index in kept),
            slots=tuple(self.slots[index] for index in kept),
        )


def symbols(types: Iterable[str]) -> dict[str, str]:
    """Give each entity type its symbol."""
    return {type_: chr(FIRST_SYMBOL + index) for index, type_ in enumerate(types)}


def read(
    text: str,
    entities: Sequence[Entity],
    symbol_by_type: Mapping[str, str],
    stands: Mapping[str, Sequence[StandIn]],
) -> Iterator[Clause]:
    """Yield the sentences that hold at least one mention or a word that stands for a name, in text order.

    Of mentions that overlap the first and longest is kept; one that crosses a sentence's end is not seen.
    """
    mentioned = sorted(
        (
            Slot(entity=entity, start=mention.start, end=mention.end)
            for entity in entities
            if entity.type in symbol_by_type
            for mention in entity.mentions
        ),
        key=_order,
    )
    # Cue words are written in simplified characters.
    text = HALF_WIDTH.sub(lambda match: FULL_WIDTH[match[0]], fold(text))
    named = [(slot.start, slot.end, slot.entity) for slot in mentioned]
    standing = (
        Slot(entity=entity, start=start, end=end, is_named=False)
        for start, end, entity in stand_ins(text, named, stands)
    )
    slots = sorted([*mentioned, *standing], key=_order)
    position = 0
    for begin, stop in sentences(text):
        parts: list[str] = []
        owners: list[Slot | None] = []
        cursor = begin
        while position < len(slots) and slots[position].start < stop:
            slot = slots[position]
            position += 1
            if slot.start < cursor or slot.end > stop:
                continue
            parts += (text[cursor : slot.start], symbol_by_type[slot.entity.type])
            owners += [None] * (slot.start - cursor)
            owners.append(slot)
            cursor = slot.end
        if not any(owners):
            continue
        parts.append(text[cursor:stop])
        owners += [None] * (stop - cursor)
        yield _tidy(text, begin, stop, "".join(parts), tuple(owners))


def _order(slot: Slot) -> tuple[int, int, str]:
    """Return what slots are sorted by: in text order, of those that begin together the longest first."""
    return slot.start, -slot.end, slot.entity.id


def _tidy(text: str, begin: int, stop: int, skeleton: str, owners: tuple[Slot | None, ...]) -> Clause:
    sentence = text[begin:stop]
    start = begin + len(sentence) - len(sentence.lstrip())
    end = start + len(sentence.strip())
    clause = Clause(start=start, end=end, text=skeleton, slots=owners)
    clause = clause.without(match.span() for match in MARKS.finditer(clause.text))
    return clause.without(match.span() for match in ASIDE.finditer(clause.text))


def template(source: str, symbol_by_type: Mapping[str, str], words: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
    """Compile a template; KeyError names the entity type or word list that is not declared."""

    def slot(match: re.Match[str]) -> str:
        one = "[" + "".join(symbol_by_type[type_] for type_ in match["types"].split("|")) + "]"
        body = f"{one}(?:{JOINT}{one}){{0,{LIST_LIMIT}}}" if match["many"] else one
        close = CLOSE if match["many"] else ""
        return (f"(?P<{match['group']}>{body})" if match["group"] else f"(?:{body})") + close

    def word(match: re.Match[str]) -> str:
        body = "|".join(sorted(words[match["words"]], key=len, reverse=True))
        if match["many"]:
            body = f"{PHRASE}(?:{body})(?:、{PHRASE}(?:{body})){{0,{PHRASE_LIMIT}}}"
        return f"(?P<{match['group']}>{body})" if match["group"] else f"(?:{body})"

    return re.compile(WORD.sub(word, SLOT.sub(slot, source.replace("~~", LONG_GAP).replace("~", SHORT_GAP))))


def captured(source: str, symbol_by_type: Mapping[str, str]) -> tuple[frozenset[str], ...]:
    """Return the symbols of each mention that a template captures; types it does not know are left out."""
    return tuple(
        frozenset(symbol_by_type[type_] for type_ in match["types"].split("|") if type_ in symbol_by_type)
        for match in SLOT.finditer(source)
        if match["group"]
    )
