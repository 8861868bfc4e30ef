"""Graph rows -> a property graph over Bolt, and Cypher -> Table: the only module that talks to a database.

What a change does inside its transaction stands in transaction.py.  It runs on Neo4j and on ArcadeDB's Bolt server;
``_FULL_TEXT`` is all that differs.
"""

import logging
import math
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any, Self, TypeVar

import neo4j
from neo4j import exceptions, graph, spatial
from neo4j import time as neo4j_time

from kg import readonly
from kg.errors import KGError, ReportError, StoreError
from kg.records import Table
from kg.transaction import Change, Transaction

T = TypeVar("T")
# What a writer waits for, where the engine does not keep writers apart.
Turn = Callable[[], AbstractContextManager[None]]

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
    "CREATE CONSTRAINT reading_id IF NOT EXISTS FOR (n:Reading) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT naming_id IF NOT EXISTS FOR (n:Naming) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT ledger_id IF NOT EXISTS FOR (n:Ledger) REQUIRE n.id IS UNIQUE",
    "CREATE INDEX naming_alias IF NOT EXISTS FOR (n:Naming) ON (n.alias)",
    "CREATE INDEX naming_read_as IF NOT EXISTS FOR (n:Naming) ON (n.read_as)",
    "CREATE INDEX naming_entity IF NOT EXISTS FOR (n:Naming) ON (n.entity)",
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

# The driver also takes http(s), as a preview that needs further packages.
_ADDRESS = re.compile(r"(bolt|neo4j)(\+s|\+ssc)?://[^@\s]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredIssue:
    """What the graph remembers of an issue, enough to tell whether it has to be read again."""

    id: str
    sha256: str
    recognizer: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """The one transaction of a rehearsal, and who is told of each change that begins in it."""

    tx: neo4j.Transaction
    tell: Callable[[Change], None]


class Store:
    """An open connection to one graph; a context manager."""

    def __init__(
        self,
        driver: neo4j.Driver,
        *,
        uri: str,
        database: str | None,
        turn: Turn = nullcontext,
        rehearsed: Rehearsed | None = None,
    ) -> None:
        self._driver = driver
        self._uri = uri
        self._database = database
        self._turn = turn
        self._rehearsed = rehearsed

    @classmethod
    def connect(
        cls, uri: str, *, user: str, password: str, database: str | None = None, turn: Turn = nullcontext
    ) -> Self:
        """Connect and make sure that the database answers; each change is made within ``turn``.

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
        store = cls(driver, uri=uri, database=database, turn=turn)
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

    def change(self, work: Callable[[Change], T]) -> T:
        """Do ``work`` in one transaction: all of it, or nothing; it is done again where another writer came between.

        Raises StoreError where the database refuses, and what ``work`` raises, with nothing written.
        """

        def whole(tx: Transaction) -> T:
            change = Change(tx)
            if self._rehearsed:
                self._rehearsed.tell(change)
            result = work(change)
            change.finish()
            return result

        return self._write(whole)

    @contextmanager
    def rehearsal(self, tell: Callable[[Change], None]) -> Iterator[Self]:
        """Give a store to read and change like this one, of which nothing lasts; ``tell`` gets each change that begins.

        All of it is one transaction, rolled back at the end, or by the server where this process dies.  After an error
        nothing more can be done in it.  On Neo4j other writers wait for it from the first change on.  Both engines
        go on knowing the names of labels that they saw in it first; no node has them.
        """
        with _translated(self._uri), self._undone(neo4j.WRITE_ACCESS) as tx:
            rehearsed = Rehearsed(tx=tx, tell=tell)
            yield type(self)(self._driver, uri=self._uri, database=self._database, rehearsed=rehearsed)

    def query(self, cypher: str, parameters: Mapping[str, Any] | None = None) -> Table:
        """Return what a reading query finds, as plain values.

        Raises ReportError if it would write, and for every fault the database finds in it.  Only Neo4j refuses a write
        by itself, so writing words are refused here, and whatever the query did is rolled back.
        """
        readonly.check(cypher)
        with _translated(self._uri, where="query"), self._undone(neo4j.READ_ACCESS) as tx:
            result = tx.run(cypher, dict(parameters or {}))
            columns = tuple(result.keys())
            rows = tuple(tuple(_plain(value) for value in record.values()) for record in result)
        return Table(columns=columns, rows=rows)

    def _declare(self, statement: str) -> None:
        with _translated(self._uri), self._session(neo4j.WRITE_ACCESS) as session:
            session.run(statement).consume()

    def _session(self, access: str) -> neo4j.Session:
        return self._driver.session(database=self._database, default_access_mode=access)

    @contextmanager
    def _undone(self, access: str) -> Iterator[neo4j.Transaction]:
        """Give a transaction that is rolled back, or that of the rehearsal."""
        if self._rehearsed:
            yield self._rehearsed.tx
            return
        with self._session(access) as session:
            tx = session.begin_transaction()
            try:
                yield tx
            finally:
                tx.close()

    def _read(self, cypher: str, **parameters: object) -> list[tuple[Any, ...]]:
        def rows(tx: Transaction) -> list[tuple[Any, ...]]:
            return [tuple(record.values()) for record in tx.run(cypher, parameters)]

        with _translated(self._uri):
            if self._rehearsed:
                return rows(self._rehearsed.tx)
            with self._session(neo4j.READ_ACCESS) as session:
                return session.execute_read(rows)

    def _write(self, work: Callable[[Transaction], T]) -> T:
        if self._rehearsed:
            with _translated(self._uri):
                return work(self._rehearsed.tx)
        with self._turn(), _translated(self._uri), self._session(neo4j.WRITE_ACCESS) as session:
            for attempt in range(WRITE_ATTEMPTS - 1):
                try:
                    return session.execute_write(work)
                except exceptions.ConstraintError:
                    time.sleep(FIRST_PAUSE_SECONDS * 2**attempt)
            return session.execute_write(work)


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
