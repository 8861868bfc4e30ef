"""Graph rows -> a property graph over Bolt, and Cypher -> Table: the only module that talks to a database.

It knows how an issue is stored, replaced and taken out, not what the rows say: types of entities and relations come
with them.  It runs on Neo4j and on ArcadeDB's Bolt server; ``_FULL_TEXT`` is all that differs.

Edges that end at an article, or whose key has an ``article_id``, belong to that article and go with it.  All others
(NAMES, the gazetteer's PART_OF) are shared between issues and go with the last mention that calls for them.
"""

import logging
import math
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self, TypeVar

import neo4j
from neo4j import exceptions, graph, spatial
from neo4j import time as neo4j_time

from kg import readonly
from kg.errors import InputError, KGError, ReportError, StoreError
from kg.records import EdgeRow, Graph, NodeRow, Table

T = TypeVar("T")
Row = dict[str, Any]

BATCH = 1000
CONNECT_SECONDS = 5.0
# Two writers that create the same key at the same time: one of them is told that the constraint failed, and has to ask
# again to find what the other one wrote.  The driver itself asks again after deadlocks and the like, not after this.
WRITE_ATTEMPTS = 6
FIRST_PAUSE_SECONDS = 0.1

_SCHEMA = (
    "CREATE CONSTRAINT issue_id IF NOT EXISTS FOR (n:Issue) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT article_id IF NOT EXISTS FOR (n:Article) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT entity_id IF NOT EXISTS FOR (n:Entity) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT alias_id IF NOT EXISTS FOR (n:Alias) REQUIRE n.id IS UNIQUE",
    "CREATE INDEX entity_name IF NOT EXISTS FOR (n:Entity) ON (n.name)",
    "CREATE INDEX entity_key IF NOT EXISTS FOR (n:Entity) ON (n.key)",
    "CREATE INDEX alias_name IF NOT EXISTS FOR (n:Alias) ON (n.name)",
    "CREATE INDEX alias_key IF NOT EXISTS FOR (n:Alias) ON (n.key)",
    "CREATE INDEX article_date IF NOT EXISTS FOR (n:Article) ON (n.date)",
)
# ArcadeDB's Cypher knows no such statement: kg/embedded.py declares the index there, and this is the name it gets.
_FULL_TEXT = (
    "CREATE FULLTEXT INDEX `Article[title,text]` IF NOT EXISTS FOR (n:Article) ON EACH [n.title, n.text] "
    "OPTIONS {indexConfig: {`fulltext.analyzer`: 'cjk'}}"
)

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
    e.name = CASE WHEN size(row.name) > size(e.name) OR size(row.name) = size(e.name) AND row.name > e.name
        THEN row.name ELSE e.name END
"""
# Articles spell one name with and without quotation marks; the longest shows, whichever came first or went.
_NAME_AGAIN = """
UNWIND $ids AS id MATCH (e:Entity {id: id}) MATCH (e)<-[m:MENTIONS]-(:Article) WHERE m.name IS NOT NULL
WITH e, m.name AS name ORDER BY size(name) DESC, name DESC
WITH e, collect(name)[0] AS name SET e.name = name
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

# The driver also takes http(s), as a preview that needs further packages.
_ADDRESS = re.compile(r"(bolt|neo4j)(\+s|\+ssc)?://[^@\s]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredIssue:
    """What the graph remembers of an issue, enough to tell whether it has to be read again."""

    id: str
    sha256: str
    recognizer: str
    sources: tuple[str, ...]


class Store:
    """An open connection to one graph; a context manager."""

    def __init__(self, driver: neo4j.Driver, *, uri: str, database: str | None) -> None:
        self._driver = driver
        self._uri = uri
        self._database = database

    @classmethod
    def connect(cls, uri: str, *, user: str, password: str, database: str | None = None) -> Self:
        """Connect and make sure that the database answers.

        Raises StoreError within a few seconds if it does not.
        """
        if not _ADDRESS.fullmatch(uri):
            raise StoreError(
                f"{_shown(uri)}: is not the address of a graph database; give one such as bolt://localhost:7687, "
                "user and password apart from it"
            )
        # Without a handler Python prints the driver's warnings to stderr, a traceback per retry.
        logging.getLogger("neo4j").addHandler(logging.NullHandler())
        with _translated(uri):
            driver = neo4j.GraphDatabase.driver(
                uri,
                auth=(user, password),
                connection_timeout=CONNECT_SECONDS,
                connection_acquisition_timeout=CONNECT_SECONDS,
                max_transaction_retry_time=2 * CONNECT_SECONDS,
                user_agent="newspaper-kg",
            )
        store = cls(driver, uri=uri, database=database)
        try:
            # verify_connectivity alone does not notice a database that is not there, a managed transaction tries again.
            with _translated(uri), store._session(neo4j.READ_ACCESS) as session:
                session.run("RETURN 1").consume()
        except KGError:
            driver.close()
            raise
        return store

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._driver.close()

    def engine(self) -> str:
        """Return name and version of the database, such as 'Neo4j 5.26.30 community'."""
        with _translated(self._uri):
            agent = self._driver.get_server_info().agent
        arcadedb = re.search(r"ArcadeDB [^)]*", agent)
        if arcadedb:
            return arcadedb.group()
        ((name, versions, edition),) = self._read(
            "CALL dbms.components() YIELD name, versions, edition WITH * WHERE name = 'Neo4j Kernel' "
            "RETURN name, versions, edition"
        )
        return f"{name.removesuffix(' Kernel')} {versions[0]} {edition}"

    def prepare(self) -> None:
        """Declare constraints and indexes; those that are there stay as they are."""
        full_text = () if self.engine().startswith("ArcadeDB") else (_FULL_TEXT,)
        for statement in (*_SCHEMA, *full_text):
            # One transaction each, as Neo4j wants it for what changes its schema.
            self._declare(statement)

    def stored_issue(self, issue_id: str) -> StoredIssue | None:
        """Return what is stored of an issue, or None."""
        rows = self._read(
            "MATCH (i:Issue {id: $id}) RETURN i.sha256, i.recognizer, coalesce(i.sources, [])", id=issue_id
        )
        for sha256, recognizer, sources in rows:
            return StoredIssue(id=issue_id, sha256=sha256, recognizer=recognizer, sources=tuple(sources))
        return None

    def issues_from(self, sources: Sequence[str], *, but: str) -> list[tuple[str, str]]:
        """Return (issue id, source) of the issues other than ``but`` that were read from one of ``sources``."""
        rows = self._read(
            "MATCH (i:Issue) WHERE i.id <> $but UNWIND i.sources AS source WITH i, source WHERE source IN $sources "
            "RETURN i.id, source ORDER BY i.id, source",
            but=but,
            sources=list(sources),
        )
        return [(str(issue_id), str(source)) for issue_id, source in rows]

    def replace(self, issue_id: str, graph: Graph) -> None:
        """Store ``graph`` as all there is of the issue, in one transaction.

        Raises InputError, with nothing written, if one of its articles belongs to another issue.
        """
        edges, gains = _edge_batches(graph.edges), _gains(issue_id, graph)
        article_ids = [node.id for node in graph.nodes if node.labels[0] == "Article"]
        names = frozenset((edge.source[1], edge.target[1]) for edge in graph.edges if edge.type == "NAMES")

        def work(tx: neo4j.ManagedTransaction) -> None:
            _refuse_foreign(tx, issue_id, article_ids)
            touched = _take_out(tx, issue_id)
            _write_nodes(tx, graph.nodes)
            for statement, rows in (*edges, *_batches(_COUNT_ON, gains)):
                tx.run(statement, rows=rows).consume()
            _sweep(tx, touched, names=names)

        self._write(work)

    def withdraw(self, issue_id: str) -> bool:
        """Leave the graph as if the issue had never been stored; return whether it was."""

        def work(tx: neo4j.ManagedTransaction) -> bool:
            touched = _take_out(tx, issue_id)
            _sweep(tx, touched, names=frozenset())
            found = tx.run("MATCH (i:Issue {id: $id}) RETURN count(i)", id=issue_id).single(strict=True)[0]
            tx.run("MATCH (i:Issue {id: $id}) DETACH DELETE i", id=issue_id).consume()
            return bool(found)

        return self._write(work)

    def query(self, cypher: str, parameters: Mapping[str, Any] | None = None) -> Table:
        """Return what a reading query finds, as plain values.

        Raises ReportError if it would write, and for every fault the database finds in it.  Only Neo4j refuses a write
        by itself, so writing words are refused here, and whatever the query did is rolled back.
        """
        readonly.check(cypher)
        with (
            _translated(self._uri, where="query"),
            self._session(neo4j.READ_ACCESS) as session,
            session.begin_transaction() as tx,
        ):
            result = tx.run(cypher, dict(parameters or {}))
            columns = tuple(result.keys())
            rows = tuple(tuple(_plain(value) for value in record.values()) for record in result)
            tx.rollback()
        return Table(columns=columns, rows=rows)

    def _declare(self, statement: str) -> None:
        with _translated(self._uri), self._session(neo4j.WRITE_ACCESS) as session:
            session.run(statement).consume()

    def _session(self, access: str) -> neo4j.Session:
        return self._driver.session(database=self._database, default_access_mode=access)

    def _read(self, cypher: str, **parameters: object) -> list[tuple[Any, ...]]:
        with _translated(self._uri), self._session(neo4j.READ_ACCESS) as session:
            return session.execute_read(lambda tx: [tuple(record.values()) for record in tx.run(cypher, parameters)])

    def _write(self, work: Callable[[neo4j.ManagedTransaction], T]) -> T:
        with _translated(self._uri), self._session(neo4j.WRITE_ACCESS) as session:
            for attempt in range(WRITE_ATTEMPTS - 1):
                try:
                    return session.execute_write(work)
                except exceptions.ConstraintError:
                    time.sleep(FIRST_PAUSE_SECONDS * 2**attempt)
            return session.execute_write(work)


def _quoted(name: str) -> str:
    """Return a label, type or property name ready for Cypher, where no parameter can stand for it."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z_]*", name):
        raise StoreError(f"graph row: '{name}' cannot be a label, type or key; use ASCII letters and underscores")
    return f"`{name}`"


def _batches(statement: str, rows: Sequence[Row]) -> Iterator[tuple[str, Sequence[Row]]]:
    for start in range(0, len(rows), BATCH):
        yield statement, rows[start : start + BATCH]


def _write_nodes(tx: neo4j.ManagedTransaction, nodes: Sequence[NodeRow]) -> None:
    rows_by_labels: dict[tuple[str, ...], dict[str, Row]] = defaultdict(dict)
    for node in nodes:
        changes = {
            name: value for name, value in node.properties.items() if (node.labels[0], name) != ("Entity", "name")
        }
        rows_by_labels[node.labels][node.id] = {"id": node.id, "properties": dict(node.properties), "changes": changes}
    for labels, row_by_id in rows_by_labels.items():
        # A value of None takes away what an earlier reading of the issue stored.
        # Not MERGE (n:Entity:Place {id: …}): ArcadeDB serves two labels by no index and looks through all places.
        update = f"UNWIND $rows AS row MATCH (n:{_quoted(labels[0])} {{id: row.id}}) SET n += row.changes RETURN n.id"
        create = (
            f"UNWIND $rows AS row CREATE (n:{':'.join(map(_quoted, labels))} {{id: row.id}}) SET n += row.properties"
        )
        for statement, rows in _batches(update, list(row_by_id.values())):
            known = set(tx.run(statement, rows=rows).value())
            new = [row for row in rows if row["id"] not in known]
            tx.run(create, rows=new).consume()


def _edge_batches(edges: Sequence[EdgeRow]) -> list[tuple[str, Sequence[Row]]]:
    rows_by_statement: dict[str, dict[object, Row]] = defaultdict(dict)
    for edge in edges:
        row: Row = {"source": edge.source[1], "target": edge.target[1], "key": dict(edge.key)}
        row["properties"] = {**edge.key, **edge.properties}
        identity = (edge.source, edge.target, *sorted(edge.key.items()))
        rows_by_statement[_edge_statement(edge)][identity] = row
    return [
        batch for statement, rows in rows_by_statement.items() for batch in _batches(statement, list(rows.values()))
    ]


def _edge_statement(edge: EdgeRow) -> str:
    key = ", ".join(f"{_quoted(name)}: row.key.{_quoted(name)}" for name in edge.key)
    # An article's own edges are gone when new ones are written.  MERGE would look for each among all edges of its ends,
    # and a province has more of them with every issue.
    is_own = "article_id" in edge.key or "Article" in (edge.source[0], edge.target[0])
    edge_pattern = f"[r:{_quoted(edge.type)}]" if is_own else f"[r:{_quoted(edge.type)} {{{key}}}]"
    return (
        f"UNWIND $rows AS row MATCH (source:{_quoted(edge.source[0])} {{id: row.source}}) "
        f"MATCH (target:{_quoted(edge.target[0])} {{id: row.target}}) "
        f"{'CREATE' if is_own else 'MERGE'} (source)-{edge_pattern}->(target) SET r += row.properties"
    )


def _gains(issue_id: str, graph: Graph) -> list[Row]:
    """Return for every entity its name in the issue, how many articles the issue adds to it, and from which dates."""
    properties_by_id = {(node.labels[0], node.id): node.properties for node in graph.nodes}
    issue_date = properties_by_id.get(("Issue", issue_id), {}).get("date")
    article_ids_by_entity: dict[str, set[str]] = {id_: set() for label, id_ in properties_by_id if label == "Entity"}
    for edge in graph.edges:
        ends = dict((edge.source, edge.target))
        if ends.keys() == {"Article", "Entity"}:
            article_ids_by_entity[ends["Entity"]].add(ends["Article"])
    rows = []
    for entity_id, article_ids in article_ids_by_entity.items():
        dates = [properties_by_id["Article", id_].get("date") or issue_date for id_ in article_ids]
        known = sorted(date for date in dates if isinstance(date, str))
        first, last = (known[0], known[-1]) if known else (None, None)
        name = properties_by_id["Entity", entity_id].get("name")
        rows.append({"id": entity_id, "name": name, "articles": len(article_ids), "first": first, "last": last})
    return rows


def _refuse_foreign(tx: neo4j.ManagedTransaction, issue_id: str, article_ids: list[str]) -> None:
    foreign = tx.run(
        "UNWIND $ids AS id MATCH (a:Article {id: id})<-[:CONTAINS]-(i:Issue) WHERE i.id <> $issue "
        "RETURN a.id AS article, i.id AS issue LIMIT 1",
        ids=article_ids,
        issue=issue_id,
    ).single()
    if foreign:
        raise InputError(
            f"issue {issue_id}: its article {foreign['article']} is already stored with issue {foreign['issue']}; "
            "withdraw that issue or give the article another id"
        )


def _take_out(tx: neo4j.ManagedTransaction, issue_id: str) -> list[str]:
    """Remove the issue's articles with all edges that are theirs; return the ids of the entities they touched."""
    article_ids = tx.run("MATCH (:Issue {id: $id})-[:CONTAINS]->(a:Article) RETURN a.id", id=issue_id).value()
    if not article_ids:
        return []
    touched = tx.run(
        f"UNWIND $articles AS id MATCH (:Article {{id: id}})-[:{_EDGE_TO_ARTICLE}]-(e:Entity) RETURN DISTINCT e.id",
        articles=article_ids,
    ).value()
    theirs = "UNWIND $ids AS id MATCH (:Entity {id: id})-[r]-(other:Entity) WHERE r.article_id IN $articles "
    ends = tx.run(theirs + "RETURN DISTINCT other.id", ids=touched, articles=article_ids).value()
    tx.run(theirs + "WITH DISTINCT r DELETE r", ids=touched, articles=article_ids).consume()
    tx.run("UNWIND $articles AS id MATCH (a:Article {id: id}) DETACH DELETE a", articles=article_ids).consume()
    touched = sorted({*touched, *ends})
    tx.run(_COUNT_AGAIN, ids=touched).consume()
    tx.run(_NAME_AGAIN, ids=touched).consume()
    return touched


def _sweep(tx: neo4j.ManagedTransaction, entity_ids: Sequence[str], *, names: frozenset[tuple[str, str]]) -> None:
    """Remove those of the entities, and of the names that lead to them, that no article calls for any more.

    ``names`` are (alias, entity) pairs that stay in any case.  With the last place of a district goes the district, and
    so on upwards.
    """
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
    tx.run(
        "UNWIND $ids AS id MATCH (alias:Alias {id: id}) WHERE NOT EXISTS { MATCH (alias)-[:NAMES]->(:Entity) } "
        "DETACH DELETE alias",
        ids=sorted({alias for alias, _, _ in known}),
    ).consume()


def _plain(value: object) -> object:
    """Return a driver's value as plain Python: maps, lists, text and numbers."""
    match value:
        case graph.Node():
            return {name: _plain(item) for name, item in value.items()}
        case graph.Relationship():
            return {"type": value.type, **{name: _plain(item) for name, item in value.items()}}
        case graph.Path():
            steps: list[object] = [value.start_node]
            for edge, node in zip(value.relationships, value.nodes[1:], strict=True):
                steps += [edge, node]
            return [_plain(step) for step in steps]
        case neo4j_time.Date() | neo4j_time.DateTime() | neo4j_time.Time() | neo4j_time.Duration():
            return value.iso_format()
        case spatial.Point():
            return list(value)
        case bytes() | bytearray():
            return value.hex()
        case float() if not math.isfinite(value):
            return None  # JSON has no such number
        case dict():
            return {name: _plain(item) for name, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
    return value


def _shown(uri: str) -> str:
    return re.sub(r"//.*@", "//", uri) or "address"


@contextmanager
def _translated(uri: str, *, where: str | None = None) -> Iterator[None]:
    """Turn the driver's errors into ours; those of the statement itself only where the user wrote it (``where``)."""
    address = _shown(uri)
    try:
        yield
    except exceptions.AuthError as error:
        raise StoreError(f"{address}: refuses user name and password; check KG_USER and KG_PASSWORD") from error
    except exceptions.TransientError as error:
        raise StoreError(f"{address}: is busy ({error.message}); try again later") from error
    except exceptions.Neo4jError as error:
        if error.code and "DatabaseNotFound" in error.code:
            raise StoreError(f"{address}: {error.message}; check KG_DATABASE") from error
        if where:
            raise ReportError(f"{where}: {error.message}; mend the Cypher") from error
        raise StoreError(f"{address}: refused an operation ({error.message}); see the server's log") from error
    except (exceptions.ConfigurationError, UnicodeError) as error:
        raise StoreError(f"{address}: {error}; give an address such as bolt://localhost:7687") from error
    except exceptions.DriverError as error:
        raise StoreError(f"{address}: no graph database answers; start it or check KG_URI") from error
