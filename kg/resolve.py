"""Article + Mention -> Entity: which names of one article mean one thing, and what that thing is called.

``resolve`` is pure and sees one article.  First every name gets its full form by the rules of MEANINGS (home of the
paper, gazetteer, well-known bodies); then names of one type that stand for each other in this text come together
(merging.py).  Each alias carries its rule.  Names of other articles meet through equal ids.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from kg import gathering, merging, organs, places, programmes
from kg.clues import CITY_CODE
from kg.context import ORGANISATION, PERSON, PLACE, PROGRAMME, SPAN, Context, Name
from kg.gazetteer import Gazetteer
from kg.ledger import bare
from kg.lexicon import Lexicon
from kg.meanings import Meaning, Rule, as_printed, begins_with_place, in_phrase
from kg.records import Alias, Article, Entity, Mention

# What a name's alias says where a person has split it off.
SPLIT = "split by hand"
MEANINGS: Mapping[str, tuple[Rule, ...]] = {
    PLACE: places.RULES,
    ORGANISATION: organs.RULES,
    PROGRAMME: programmes.RULES,
}


def resolve(
    article: Article,
    mentions: Sequence[Mention],
    gazetteer: Gazetteer,
    lexicon: Lexicon,
    *,
    apart: Collection[tuple[str, str]] = (),
) -> list[Entity]:
    """Return the entities of ``article``; every mention is in exactly one, whatever the order of ``mentions``.

    People of the byline are entities too, with an alias and, unless the text names them, without a mention.  ``apart``
    are (entity id, key of a name) that a person has split: such a name stands for itself, in the place of what it was.
    """
    context = gathering.gather(article, mentions, gazetteer, lexicon)
    meanings = {name: _meaning(name, context) for name in context.names}
    groups: dict[str, list[Name]] = defaultdict(list)
    for name, meaning in meanings.items():
        groups[meaning.id].append(name)
    steps, unsure = merging.steps(groups, meanings, context)
    members: dict[str, list[tuple[Name, str]]] = defaultdict(list)
    for id_, group in groups.items():
        root, rule = merging.follow(id_, steps)
        for name in group:
            if (root, name.key) in apart and bare(root) != name.key:
                members[_itself(name, root, context)].append((name, SPLIT))
            else:
                members[root].append((name, rule or meanings[name].rule))
    entities = [
        _entity(
            id_,
            _full_name(id_, groups, members, meanings),
            group,
            perhaps=tuple(sorted({merging.follow(other, steps)[0] for other in unsure.get(id_, ())} - {id_})),
        )
        for id_, group in members.items()
    ]
    return sorted(entities, key=lambda entity: (entity.mentions[0].start if entity.mentions else -1, entity.id))


def _meaning(name: Name, context: Context) -> Meaning:
    for rule in (in_phrase, *MEANINGS.get(name.type, ())):
        meaning = rule(name, context)
        if meaning:
            return meaning
    return as_printed(name, context)


def _itself(name: Name, root: str, context: Context) -> str:
    """Return the id of a name split off ``root``; where that name had a place before the rest, its code stays.

    市图, split off 太原市图书馆 here and off 大同市图书馆 there, is not one library; 党中央 is one everywhere.
    """
    code = root.rpartition("@")[2] if "@" in root else ""
    if not code and name.type != PERSON and not begins_with_place(name.text, context):
        division, rest = context.gazetteer.leading(bare(root).removeprefix("中共"), context.near)
        code = division.code[:CITY_CODE] if division and rest else ""
    return f"{name.type}:{name.key}@{code}" if code else f"{name.type}:{name.key}"


def _full_name(
    id_: str,
    groups: Mapping[str, Sequence[Name]],
    members: Mapping[str, Sequence[tuple[Name, str]]],
    meanings: Mapping[Name, Meaning],
) -> str:
    """Return the longest form that the rules found for ``id_``; of a name split off, as it is printed."""
    found = {meanings[name].name for name in groups.get(id_, ())} or {name.text for name, _ in members[id_]}
    return max(found, key=lambda name: (len(name), name))


def _entity(id_: str, name: str, group: Sequence[tuple[Name, str]], *, perhaps: tuple[str, ...]) -> Entity:
    rules: dict[str, str] = {}
    if len(group) > 1:
        group = sorted(group, key=lambda pair: (pair[0].start, pair[0].text, pair[1]))
    for member, rule in group:
        surfaces = {mention.text for mention in member.mentions} or {member.text}
        for surface in sorted(surfaces) if len(surfaces) > 1 else surfaces:
            rules.setdefault(surface, rule)
    mentions = sorted([mention for member, _ in group for mention in member.mentions], key=SPAN)
    aliases = tuple(Alias(text=text, rule=rule) for text, rule in rules.items())
    type_ = id_.partition(":")[0]
    return Entity(id=id_, type=type_, name=name, aliases=aliases, mentions=tuple(mentions), perhaps=perhaps)
