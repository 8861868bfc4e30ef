"""Articles, readings -> Graph: the rows of issues.  A pure translation that knows no database.

Node and edge types of the document side (Issue, Article, MENTIONS …) are named here; entity and relation types pass
through as values.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from kg.names import key
from kg.records import Article, EdgeRow, Entity, Graph, Issue, NodeRow, Reading, Relation

Ancestors = Callable[[Entity], Sequence[Entity]]
Names = Mapping[str, str]


def document_rows(issue: Issue, articles: Iterable[Article], *, recognizer: str, ingested_at: str) -> Graph:
    """Return the issue and its articles; ``recognizer`` names the model and rules that read them.

    ``ingested_at`` is when they entered the graph as they are (UTC, ISO 8601).
    """
    article_by_id = {article.id: article for article in articles}
    return Graph(
        nodes=(_issue_row(issue, recognizer, ingested_at), *map(_article_row, article_by_id.values())),
        edges=tuple(map(_contains, article_by_id.values())),
    )


def entity_rows(readings: Iterable[Reading], *, ancestors: Ancestors, names: Names) -> Graph:
    """Return the nodes and edges of what articles mention and state, the articles themselves left out.

    ``ancestors`` gives the administrative divisions that a place lies in, nearest first; ``names`` are those that a
    person gave to entities, by id.  Rows of things that several articles share appear once.
    """
    nodes: dict[tuple[str, str], NodeRow] = {}
    edges: dict[tuple[object, ...], EdgeRow] = {}
    for reading in readings:
        article = reading.article
        for entity in reading.entities:
            chain = ancestors(entity)
            for node in [*_entity_rows(entity, names), *(_entity_row(place, names) for place in chain)]:
                known = nodes.setdefault((node.labels[0], node.id), node)
                if _fullness(node) > _fullness(known):
                    nodes[node.labels[0], node.id] = node
            for edge in [*_entity_edges(article, entity, names), *_chain_edges((entity, *chain))]:
                edges.setdefault(_identity(edge), edge)
        for relation in reading.relations:
            edge = _relation_edge(article, relation)
            edges.setdefault(_identity(edge), edge)
    return Graph(nodes=tuple(nodes.values()), edges=tuple(edges.values()))


def _fullness(node: NodeRow) -> tuple[int, bool, str]:
    """Order spellings of one name: the longest shows (with quotation marks), of these the simplified one."""
    name = str(node.properties.get("name", ""))
    return len(name), name == node.properties.get("key"), name


def _identity(edge: EdgeRow) -> tuple[object, ...]:
    return edge.type, edge.source, edge.target, *edge.key.items()


def _issue_row(issue: Issue, recognizer: str, ingested_at: str) -> NodeRow:
    return NodeRow(
        labels=("Issue",),
        id=issue.id,
        properties={
            "publication": issue.publication,
            "date": issue.date,
            "home": issue.home,
            "sources": issue.sources,
            "sha256": issue.sha256,
            "recognizer": recognizer,
            "ingested_at": ingested_at,
        },
    )


def _article_row(article: Article) -> NodeRow:
    return NodeRow(
        labels=("Article",),
        id=article.id,
        properties={
            "title": article.title,
            "kicker": article.kicker,
            "subtitle": article.subtitle,
            "section": article.section,
            "kind": article.kind,
            "date": article.date,
            "page": article.page,
            "position": article.position,
            "text": article.text,
        },
    )


def _contains(article: Article) -> EdgeRow:
    return EdgeRow(
        type="CONTAINS",
        source=("Issue", article.issue.id),
        target=("Article", article.id),
        key={},
        properties={"position": article.position},
    )


def _entity_row(entity: Entity, names: Names) -> NodeRow:
    given = names.get(entity.id)
    properties = {"name": entity.name, "key": key(entity.name), "type": entity.type, "given_name": given}
    return NodeRow(labels=("Entity", entity.type), id=entity.id, properties=properties)


def _entity_rows(entity: Entity, names: Names) -> Iterator[NodeRow]:
    yield _entity_row(entity, names)
    for alias in _alias_keys(entity, names):
        # Not as printed: two papers' quotation marks must not take turns in naming one node.
        yield NodeRow(labels=("Alias",), id=alias, properties={"key": alias, "name": alias})


def _alias_keys(entity: Entity, names: Names) -> list[str]:
    given = [names[entity.id]] if entity.id in names else []
    return sorted({key(name) for name in (entity.name, *given, *(alias.text for alias in entity.aliases))})


def _entity_edges(article: Article, entity: Entity, names: Names) -> Iterator[EdgeRow]:
    aliases = _alias_keys(entity, names)
    for alias in aliases:
        yield EdgeRow(type="NAMES", source=("Alias", alias), target=("Entity", entity.id), key={}, properties={})
    if entity.mentions:
        yield _mentions_edge(article, entity, aliases)
    surfaces = {alias.text for alias in entity.aliases}
    for type_, people in (("WROTE", article.byline), ("PHOTOGRAPHED", article.photographers)):
        if entity.type == "Person" and surfaces & set(people):
            yield EdgeRow(
                type=type_, source=("Entity", entity.id), target=("Article", article.id), key={}, properties={}
            )


def _mentions_edge(article: Article, entity: Entity, aliases: Iterable[str]) -> EdgeRow:
    title_end = len(article.title or "")
    surfaces = tuple(dict.fromkeys(mention.text for mention in entity.mentions))
    return EdgeRow(
        type="MENTIONS",
        source=("Article", article.id),
        target=("Entity", entity.id),
        key={},
        properties={
            "name": entity.name,
            "count": len(entity.mentions),
            "surfaces": surfaces,
            # The ids of its Alias nodes: a name whose last mention goes is withdrawn by these.
            "aliases": tuple(aliases),
            "offsets": tuple(mention.start for mention in entity.mentions),
            "in_title": any(mention.start < title_end for mention in entity.mentions),
        },
    )


def _chain_edges(places: Sequence[Entity]) -> Iterator[EdgeRow]:
    for place, parent in itertools.pairwise(places):
        yield EdgeRow(
            type="PART_OF",
            source=("Entity", place.id),
            target=("Entity", parent.id),
            key={"source": "gazetteer"},
            properties={},
        )


def _relation_edge(article: Article, relation: Relation) -> EdgeRow:
    evidence = relation.evidence
    return EdgeRow(
        type=relation.type,
        source=("Entity", relation.head_id),
        target=("Entity", relation.tail_id),
        key={"article_id": evidence.article_id, "start": evidence.start},
        properties={
            "date": article.date or article.issue.date,
            "sentence": evidence.sentence,
            "end": evidence.end,
            "rule": evidence.rule,
            "confidence": evidence.confidence,
            **relation.attributes,
        },
    )
