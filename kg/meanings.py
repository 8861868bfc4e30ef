"""What a name stands for: the answer of a rule, and what every name stands for where no rule knows it.

The rules themselves stand by type in places.py, organs.py and programmes.py; resolve.py asks them in turn.
"""

from collections.abc import Callable
from dataclasses import dataclass

from kg.context import ORGANISATION, PLACE, PROGRAMME, Context, Name
from kg.names import key


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a name stands for: full form, id, and the rule that said so; a ``settled`` one no longer merges upwards."""

    name: str
    id: str
    rule: str
    settled: bool = False


# A rule returns None for a name that is none of its business; the next one is asked.
Rule = Callable[[Name, Context], Meaning | None]
AS_PRINTED = "as printed"
SUFFIXES_OF_EVERY_TOWN = {PLACE: "local_place", ORGANISATION: "local_org"}
BARE_WORDS = {ORGANISATION: "bare_unit", PROGRAMME: "bare_award", PLACE: "bare_place"}


def meaning_of(type_: str, full: str, rule: str, *, settled: bool = False) -> Meaning:
    """Return the meaning of a name whose full form is enough to tell it from all others of its type."""
    return Meaning(name=full, id=f"{type_}:{key(full)}", rule=rule, settled=settled)


def of_this_article(name: Name, context: Context, rule: str, *, settled: bool = False) -> Meaning:
    """Return the meaning of 全县 or 区教育局 where nobody says which: a thing of this article alone."""
    return Meaning(name=name.text, id=f"{name.type}:{name.key}@{context.article.id}", rule=rule, settled=settled)


def in_phrase(name: Name, context: Context) -> Meaning | None:
    """中央 of 各民主党派中央, 首都 of 首都喀土穆: what the words around a name make of it."""
    if name.sense is None:
        return None
    if name.sense:
        return meaning_of(name.type, name.sense, AS_PRINTED if name.sense == name.text else "part of a phrase")
    return of_this_article(name, context, "part of a phrase", settled=True)


def as_printed(name: Name, context: Context) -> Meaning:
    """人民路, 实验小学: a name that every town has is told apart by the city it is in; others stand for themselves.

    工会 and 一等奖, which every company or contest has, are known in their own article alone.
    """
    words = BARE_WORDS.get(name.type)
    if words and context.lexicon.is_bare(name.text, words):
        return of_this_article(name, context, AS_PRINTED)
    local = SUFFIXES_OF_EVERY_TOWN.get(name.type)
    where = ""
    if local and context.lexicon.ends_with(name.text, local) and not begins_with_place(name.text, context):
        city = context.division_of_level("市", name.start) or next(iter(context.home), None)
        where = f"@{city.code}" if city else ""
    return Meaning(name=name.text, id=f"{name.type}:{name.key}{where}", rule=AS_PRINTED)


def begins_with_place(text: str, context: Context) -> bool:
    """Tell whether a name says its place; 红旗 and 朝阳, short for districts, are words that many names begin with."""
    gazetteer = context.gazetteer
    if not gazetteer.could_begin(text):
        return False
    for width in range(2, min(len(text), 8)):
        codes = gazetteer.codes_by_short.get(text[:width], ())
        is_short = any(not gazetteer.division_by_code[code].name.endswith("区") for code in codes)
        if is_short or text[:width] in gazetteer.codes_by_name:
            return True
    return False
