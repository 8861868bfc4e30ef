"""Article + Mention -> Entity: which names of one article mean one thing, and what that thing is called.

``resolve`` is pure and sees one article.  First every name gets its full form by the rules of MEANINGS (home of the
paper, gazetteer, well-known bodies); then names of one type that stand for each other in this text come together
(merging.py).  Each alias carries its rule.  Names of other articles meet through equal ids.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from kg import context as kg_context
from kg import merging, organs, places, programmes
from kg.context import ORGANISATION, PLACE, PROGRAMME, Context, Name
from kg.gazetteer import Gazetteer
from kg.lexicon import Lexicon
from kg.meanings import Meaning, Rule, as_printed
from kg.records import Alias, Article, Entity, Mention

MEANINGS: Mapping[str, tuple[Rule, ...]] = {
    PLACE: places.RULES,
    ORGANISATION: organs.RULES,
    PROGRAMME: programmes.RULES,
}


def resolve(article: Article, mentions: Sequence[Mention], gazetteer: Gazetteer, lexicon: Lexicon) -> list[Entity]:
    """Return the entities of ``article``; every mention is in exactly one, whatever the order of ``mentions``.

    People of the byline are entities too, with an alias and, unless the text names them, without a mention.
    """
    context = kg_context.gather(article, mentions, gazetteer, lexicon)
    meanings = {name: _meaning(name, context) for name in context.names}
    groups: dict[str, list[Name]] = defaultdict(list)
    for name, meaning in meanings.items():
        groups[meaning.id].append(name)
    steps = merging.steps(groups, meanings, context)
    members: dict[str, list[tuple[Name, str]]] = defaultdict(list)
    for id_, group in groups.items():
        root, rule = merging.follow(id_, steps)
        members[root].extend((name, rule or meanings[name].rule) for name in group)
    entities = [_entity(id_, _fullest(groups[id_], meanings), group) for id_, group in members.items()]
    return sorted(entities, key=lambda entity: (entity.mentions[0].start if entity.mentions else -1, entity.id))


def _meaning(name: Name, context: Context) -> Meaning:
    for rule in MEANINGS.get(name.type, ()):
        meaning = rule(name, context)
        if meaning:
            return meaning
    return as_printed(name, context)


def _fullest(group: Iterable[Name], meanings: Mapping[Name, Meaning]) -> str:
    return max((meanings[name].name for name in group), key=lambda name: (len(name), name))


def _entity(id_: str, name: str, group: Iterable[tuple[Name, str]]) -> Entity:
    rules: dict[str, str] = {}
    for member, rule in sorted(group, key=lambda pair: (pair[0].start, pair[0].text, pair[1])):
        for surface in sorted({mention.text for mention in member.mentions} or {member.text}):
            rules.setdefault(surface, rule)
    mentions = sorted((mention for member, _ in group for mention in member.mentions), key=lambda m: (m.start, m.end))
    aliases = tuple(Alias(text=text, rule=rule) for text, rule in rules.items())
    return Entity(id=id_, type=id_.partition(":")[0], name=name, aliases=aliases, mentions=tuple(mentions))
