"""What happens to the graph inside one write transaction, on either engine.

Visible are issues, articles, entities, their names and what is said of them.  Edges that end at an article, or whose
key has an ``article_id``, belong to that article and go with it; all others (NAMES, the gazetteer's PART_OF) are shared
between issues and go with the last mention that calls for them.  Beneath lies what the articles were read to say
(archive.py): readings and the namings they share, each with the entity that it leads to now.  The Cypher that writes
plain rows is made in upsert.py.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

import neo4j

from kg import ledger
from kg.errors import InputError
from kg.ledger import Line
from kg.records import Doubt, Graph, Naming
from kg.upsert import Row, batches, edge_batches, node_batches, quoted

Transaction = neo4j.ManagedTransaction | neo4j.Transaction

READ_AS = "read_as"

# Every pattern starts at a node given by id: ArcadeDB goes from left to right, whatever an index would offer.
_EDGE_TO_ARTICLE = "MENTIONS|WROTE|PHOTOGRAPHED"
_COUNT_AGAIN = f"""
UNWIND $ids AS id MATCH (e:Entity {{id: id}})
OPTIONAL MATCH (e)-[:{_EDGE_TO_ARTICLE}]-(a:Article)<-[:CONTAINS]-(i:Issue)
WITH e, count(DISTINCT a) AS articles, min(coalesce(a.date, i.date)) AS first, max(coalesce(a.date, i.date)) AS last
SET e.articles = articles, e.first_seen = first, e.last_seen = last
"""
# By what the issue adds, not by counting again: a city that every issue names has ten thousands of articles.
_COUNT_ON = """
UNWIND $rows AS row MATCH (e:Entity {id: row.id})
SET e.articles = coalesce(e.articles, 0) + row.articles,
    e.first_seen = CASE WHEN row.first IS NULL OR e.first_seen <= row.first THEN e.first_seen ELSE row.first END,
    e.last_seen = CASE WHEN row.last IS NULL OR e.last_seen >= row.last THEN e.last_seen ELSE row.last END,
    e.name = CASE WHEN e.given_name IS NOT NULL THEN e.given_name
        WHEN size(row.name) > size(e.name) OR size(row.name) = size(e.name) AND e.name <> e.key
            AND (row.name = e.key OR row.name > e.name)
        THEN row.name ELSE e.name END
"""
# Articles spell one name with and without quotation marks, in traditional and simplified characters: the longest
# shows, of these the simplified one, whichever came first or went.
_NAME_AGAIN = """
UNWIND $ids AS id MATCH (e:Entity {id: id}) MATCH (e)<-[m:MENTIONS]-(:Article) WHERE m.name IS NOT NULL
WITH e, m.name AS name ORDER BY size(name) DESC, CASE WHEN name = e.key THEN 0 ELSE 1 END, name DESC
WITH e, collect(name)[0] AS name SET e.name = coalesce(e.given_name, name)
"""
_UNUSED_NAMES = f"""
UNWIND $ids AS id MATCH (e:Entity {{id: id}}) MATCH (e)<-[:NAMES]-(alias:Alias)
RETURN alias.id AS alias, e.id AS entity,
    CASE WHEN alias.id = e.key THEN NOT EXISTS {{ MATCH (e)-[:{_EDGE_TO_ARTICLE}]-(:Article) }}
    ELSE NOT EXISTS {{ MATCH (e)<-[m:MENTIONS]-(:Article) WHERE alias.id IN m.aliases }} END AS unused
"""
_UNUSED_ENTITIES = """
UNWIND $ids AS id MATCH (e:Entity {id: id})
WHERE coalesce(e.articles, 0) = 0 AND NOT EXISTS { MATCH (e)<-[:PART_OF {source: 'gazetteer'}]-(:Entity) }
OPTIONAL MATCH (e)-[:PART_OF {source: 'gazetteer'}]->(parent:Entity)
RETURN e.id AS id, collect(parent.id) AS parents
"""

_NAMING = "n.alias, n.read_as, n.rule, n.home, n.own, n.entity"
_OF_ISSUE = "MATCH (:Issue {id: $id})-[:CONTAINS]->(a:Article) RETURN a.id"


class Change:
    """One write transaction; ``finish`` has to be its last word."""

    def __init__(self, tx: Transaction) -> None:
        # Label -> ids of all that is written to; under READ_AS, what readings call entities that may lead elsewhere.
        self.reached: defaultdict[str, set[str]] = defaultdict(set)
        self._tx = tx
        self._touched: set[str] = set()
        self._names: set[tuple[str, str]] = set()

    def begin(self) -> frozenset[Line]:
        """Wait for other writers to end, and return the decisions that the graph was made with."""
        # One node that all writers write to: what is read from here on stays as it is until the end.
        query = "MERGE (l:Ledger {id: 'ledger'}) SET l.open = true RETURN coalesce(l.decisions, [])"
        return frozenset(map(ledger.unpack, self._tx.run(query).single(strict=True)[0]))

    def remember(self, decisions: Iterable[Line]) -> None:
        """Note the decisions that the graph is made with."""
        lines = sorted(map(ledger.pack, decisions))
        self._tx.run("MATCH (l:Ledger {id: 'ledger'}) SET l.decisions = $lines", lines=lines).consume()

    def refuse_foreign(self, issue_id: str, article_ids: Sequence[str], *, but: Sequence[str] = ()) -> None:
        """Raise InputError if one of the articles belongs to another issue, those in ``but`` excepted."""
        foreign = self._tx.run(
            "UNWIND $ids AS id MATCH (a:Article {id: id})<-[:CONTAINS]-(i:Issue) WHERE NOT i.id IN $issues "
            "RETURN a.id AS article, i.id AS issue LIMIT 1",
            ids=article_ids,
            issues=[issue_id, *but],
        ).single()
        if foreign:
            raise InputError(
                f"issue {issue_id}: its article {foreign['article']} is already stored with issue {foreign['issue']}; "
                "withdraw that issue or give the article another id"
            )

    def take_out(self, issue_id: str) -> list[str]:
        """Remove the issue's articles with all that is theirs; return the aliases by which they called things."""
        article_ids = self._tx.run(_OF_ISSUE, id=issue_id).value()
        self.reached["Article"].update(article_ids)
        self.reached["Issue"].add(issue_id)
        aliases = self.forget(article_ids)
        self.clear(article_ids)
        self._tx.run("UNWIND $ids AS id MATCH (a:Article {id: id}) DETACH DELETE a", ids=article_ids).consume()
        return aliases

    def withdraw(self, issue_id: str) -> bool:
        """Remove what ``take_out`` leaves of an issue, itself; return whether it was there."""
        found = self._tx.run("MATCH (i:Issue {id: $id}) RETURN count(i)", id=issue_id).single(strict=True)[0]
        self._tx.run("MATCH (i:Issue {id: $id}) DETACH DELETE i", id=issue_id).consume()
        return bool(found)

    def clear(self, article_ids: Sequence[str]) -> None:
        """Take away what the articles mention and state; the articles stay."""
        if not article_ids:
            return
        self.reached["Article"].update(article_ids)
        run = self._tx.run
        to_article = f"UNWIND $articles AS id MATCH (:Article {{id: id}})-[r:{_EDGE_TO_ARTICLE}]-(e:Entity) "
        touched = run(to_article + "RETURN DISTINCT e.id", articles=article_ids).value()
        theirs = "UNWIND $ids AS id MATCH (:Entity {id: id})-[r]-(other:Entity) WHERE r.article_id IN $articles "
        ends = run(theirs + "RETURN DISTINCT other.id", ids=touched, articles=article_ids).value()
        run(theirs + "WITH DISTINCT r DELETE r", ids=touched, articles=article_ids).consume()
        run(to_article + "DELETE r", articles=article_ids).consume()
        ids = sorted({*touched, *ends})
        self.reached["Entity"].update(ids)
        run(_COUNT_AGAIN, ids=ids).consume()
        run(_NAME_AGAIN, ids=ids).consume()
        self._touched.update(ids)

    def put(self, graph: Graph, dates: Mapping[str, str | None]) -> None:
        """Add rows; of an article's own edges none may be there yet.  ``dates`` are those of their articles."""
        for node in graph.nodes:
            self.reached[node.labels[0]].add(node.id)
        edges, gains = edge_batches(graph.edges), _gains(graph, dates)
        for update, create, rows in node_batches(graph.nodes):
            known = set(self._tx.run(update, rows=rows).value())
            self._tx.run(create, rows=[row for row in rows if row["id"] not in known]).consume()
        for statement, rows in (*edges, *batches(_COUNT_ON, gains)):
            self._tx.run(statement, rows=rows).consume()
        self._names.update((edge.source[1], edge.target[1]) for edge in graph.edges if edge.type == "NAMES")

    def finish(self) -> None:
        """Remove what no article calls for any more."""
        self.reached["Entity"] |= _sweep(self._tx, sorted(self._touched), names=frozenset(self._names))

    def forget(self, article_ids: Sequence[str]) -> list[str]:
        """Remove the articles' readings; return the aliases by which they called things."""
        used = (
            "UNWIND $ids AS id MATCH (:Reading {id: id})-[:USES]->(n:Naming) RETURN DISTINCT n.id, n.alias, n.read_as"
        )
        namings = [tuple(row.values()) for row in self._tx.run(used, ids=article_ids)]
        self.reached[READ_AS].update(read_as for _, _, read_as in namings)
        self._tx.run("UNWIND $ids AS id MATCH (r:Reading {id: id}) DETACH DELETE r", ids=article_ids).consume()
        self._tx.run(
            "UNWIND $ids AS id MATCH (n:Naming {id: id}) WHERE NOT EXISTS { MATCH (n)<-[:USES]-(:Reading) } DELETE n",
            ids=[id_ for id_, _, _ in namings],
        ).consume()
        return sorted({alias for _, alias, _ in namings})

    def namings(self, field: str, values: Collection[str]) -> list[Naming]:
        """Return the namings whose ``field`` (alias, read_as or entity) is one of ``values``."""
        query = f"UNWIND $values AS value MATCH (n:Naming {{{quoted(field)}: value}}) RETURN {_NAMING}"
        rows = self._tx.run(query, values=sorted(values)).values()
        return [
            Naming(alias=alias, read_as=read_as, rule=rule, home=home, own=own, entity=entity)
            for alias, read_as, rule, home, own, entity in rows
        ]

    def attach(self, entity_by_id: Mapping[str, str]) -> None:
        """Note which entity what readings call ``read_as`` leads to."""
        self.reached[READ_AS].update(entity_by_id)
        query = "UNWIND $rows AS row MATCH (n:Naming {read_as: row.id}) SET n.entity = row.entity"
        rows = [{"id": id_, "entity": entity} for id_, entity in entity_by_id.items()]
        for statement, batch in batches(query, rows):
            self._tx.run(statement, rows=batch).consume()

    def articles_that_use(self, field: str, values: Collection[str]) -> list[str]:
        """Return the ids of the articles that use a naming whose ``field`` is one of ``values``."""
        query = (
            f"UNWIND $values AS value MATCH (n:Naming {{{quoted(field)}: value}})<-[:USES]-(r:Reading) "
            "RETURN DISTINCT r.id AS id ORDER BY id"
        )
        return self._tx.run(query, values=sorted(values)).value()

    def packed(self, article_ids: Collection[str]) -> list[str]:
        """Return the articles' readings as archive.py packed them."""
        query = "UNWIND $ids AS id MATCH (r:Reading {id: id}) RETURN r.packed"
        return self._tx.run(query, ids=sorted(article_ids)).value()

    def rename(self, name_by_id: Mapping[str, str | None]) -> None:
        """Give entities a name of a person's choice, or, with None, the longest that articles give them."""
        self.reached["Entity"].update(name_by_id)
        rows = [{"id": id_, "name": name} for id_, name in name_by_id.items()]
        self._tx.run(
            "UNWIND $rows AS row MATCH (e:Entity {id: row.id}) SET e.given_name = row.name, "
            "e.name = coalesce(row.name, e.key)",
            rows=rows,
        ).consume()
        self._tx.run(_NAME_AGAIN, ids=sorted(name_by_id)).consume()

    def doubters(self, entity_ids: Collection[str]) -> list[str]:
        """Return what readings call those that may be the same as one of the entities, or are one of them."""
        query = (
            "UNWIND $ids AS id MATCH (e:Entity {id: id})-[r:MAYBE_SAME]-(:Entity) "
            "RETURN DISTINCT r.read_as AS id ORDER BY id"
        )
        return self._tx.run(query, ids=sorted(entity_ids)).value()

    def doubt(self, ids: Collection[str], at: Collection[str], doubts: Iterable[Doubt]) -> None:
        """Take away the doubts about ``ids``, which stand at the entities ``at``, and put ``doubts`` in their place."""
        self.reached[READ_AS].update(ids)
        self._tx.run(
            "UNWIND $at AS id MATCH (e:Entity {id: id})-[r:MAYBE_SAME]-(:Entity) WHERE r.read_as IN $ids "
            "WITH DISTINCT r DELETE r",
            at=sorted(at),
            ids=sorted(ids),
        ).consume()
        entity_by_id = {
            naming.read_as: naming.entity
            for naming in self.namings("read_as", {id_ for doubt in doubts for id_ in (doubt.read_as, doubt.other)})
        }
        rows = [
            {
                "one": entity_by_id.get(doubt.read_as, doubt.read_as),
                "two": entity_by_id.get(doubt.other, doubt.other),
                "properties": {
                    "read_as": doubt.read_as,
                    "other": doubt.other,
                    "score": doubt.score,
                    "reason": doubt.reason,
                },
            }
            for doubt in doubts
        ]
        self._tx.run(
            "UNWIND $rows AS row MATCH (one:Entity {id: row.one}) MATCH (two:Entity {id: row.two}) "
            "CREATE (one)-[r:MAYBE_SAME]->(two) SET r = row.properties",
            rows=[row for row in rows if row["one"] != row["two"]],
        ).consume()


def _gains(graph: Graph, dates: Mapping[str, str | None]) -> list[Row]:
    """Return for every entity its name in the graph, how many articles there add to it, and from which dates."""
    article_ids_by_entity: dict[str, set[str]] = {node.id: set() for node in graph.nodes if node.labels[0] == "Entity"}
    for edge in graph.edges:
        ends = dict((edge.source, edge.target))
        if ends.keys() == {"Article", "Entity"}:
            article_ids_by_entity[ends["Entity"]].add(ends["Article"])
    names = {node.id: node.properties.get("name") for node in graph.nodes if node.labels[0] == "Entity"}
    rows = []
    for entity_id, article_ids in article_ids_by_entity.items():
        known = sorted(date for id_ in article_ids if (date := dates[id_]))
        first, last = (known[0], known[-1]) if known else (None, None)
        rows.append(
            {"id": entity_id, "name": names[entity_id], "articles": len(article_ids), "first": first, "last": last}
        )
    return rows


def _sweep(tx: Transaction, entity_ids: Sequence[str], *, names: frozenset[tuple[str, str]]) -> set[str]:
    """Remove those of the entities, and of the names that lead to them, that no article calls for any more.

    ``names`` are (alias, entity) pairs that stay in any case.  With the last place of a district goes the district, and
    so on upwards; what was removed or looked at is returned.
    """
    seen = set(entity_ids)
    known = [(row["alias"], row["entity"], row["unused"]) for row in tx.run(_UNUSED_NAMES, ids=entity_ids)]
    unused = [{"alias": alias, "entity": entity} for alias, entity, is_unused in known if is_unused]
    tx.run(
        "UNWIND $rows AS row MATCH (:Alias {id: row.alias})-[r:NAMES]->(:Entity {id: row.entity}) DELETE r",
        rows=[row for row in unused if (row["alias"], row["entity"]) not in names],
    ).consume()
    candidates = list(entity_ids)
    while candidates:
        found = [(row["id"], row["parents"]) for row in tx.run(_UNUSED_ENTITIES, ids=candidates)]
        tx.run("UNWIND $ids AS id MATCH (e:Entity {id: id}) DETACH DELETE e", ids=[id_ for id_, _ in found]).consume()
        candidates = sorted({parent for _, parents in found for parent in parents})
        seen.update(candidates)
    tx.run(
        "UNWIND $ids AS id MATCH (alias:Alias {id: id}) WHERE NOT EXISTS { MATCH (alias)-[:NAMES]->(:Entity) } "
        "DETACH DELETE alias",
        ids=sorted({alias for alias, _, _ in known}),
    ).consume()
    return seen
