"""What the store promises, on both engines: whole issues, taken out without a trace, and no write by a query."""

import random
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import pytest

from kg.embedded import Endpoint
from kg.errors import InputError, ReportError, StoreError
from kg.records import EdgeRow, Graph, JSONValue, NodeRow
from kg.store import Store, StoredIssue
from tests import changes

ROOT = Path(__file__).parents[1]
ANCESTORS = {"小店区": "太原市", "太原市": "山西省", "大同市": "山西省", "平城区": "大同市"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """An article to be stored: names with their surfaces; a name without surfaces is its writer."""

    id: str
    names: Mapping[str, Sequence[str]]
    date: str | None = None


def issue(id_: str, *pieces: Piece, date: str = "2025-11-15") -> Graph:
    """Return rows in the shape that kg.graph gives them; neighbours in a piece are related, places have ancestors."""
    nodes = [_node("Issue", id_, date=date, sha256=f"sha-{id_}", recognizer="test", sources=(f"{id_}.txt",), home=())]
    edges = []
    for position, piece in enumerate(pieces):
        nodes.append(_node("Article", piece.id, title=f"{piece.id}：讲话", text="太原市教育局长讲话", date=piece.date))
        edges.append(_edge("CONTAINS", ("Issue", id_), ("Article", piece.id), position=position))
        for name, surfaces in piece.names.items():
            nodes += [_entity(name), *(_node("Alias", surface, name=surface) for surface in {name, *surfaces})]
            edges += [_edge("NAMES", ("Alias", surface), ("Entity", name)) for surface in {name, *surfaces}]
            edges.append(_to_article(piece.id, name, surfaces))
            while name in ANCESTORS:
                edges.append(
                    replace(
                        _edge("PART_OF", ("Entity", name), ("Entity", ANCESTORS[name])), key={"source": "gazetteer"}
                    )
                )
                name = ANCESTORS[name]
                nodes.append(_entity(name))
        names = list(piece.names)
        for start, (head, tail) in enumerate(pairwise(names)):
            edge = _edge("LOCATED_IN", ("Entity", head), ("Entity", tail), sentence="……", title=None)
            edges.append(replace(edge, key={"article_id": piece.id, "start": start}))
    return Graph(nodes=tuple(nodes), edges=tuple(edges))


def _entity(name: str) -> NodeRow:
    type_ = "Place" if name in {*ANCESTORS, *ANCESTORS.values()} else "Person" if len(name) < 3 else "Organisation"
    return replace(_node("Entity", name, name=name, key=name, type=type_), labels=("Entity", type_))


def _to_article(article_id: str, name: str, surfaces: Sequence[str]) -> EdgeRow:
    if not surfaces:
        return _edge("WROTE", ("Entity", name), ("Article", article_id))
    ends = ("Article", article_id), ("Entity", name)
    return _edge(
        "MENTIONS",
        *ends,
        count=len(surfaces),
        surfaces=tuple(surfaces),
        aliases=tuple(surfaces),
        offsets=(0, 7),
        in_title=False,
    )


def _node(label: str, id_: str, **properties: JSONValue) -> NodeRow:
    return NodeRow(labels=(label,), id=id_, properties=properties)


def _edge(type_: str, source: tuple[str, str], target: tuple[str, str], **properties: JSONValue) -> EdgeRow:
    return EdgeRow(type=type_, source=source, target=target, key={}, properties=properties)


def content(store: Store) -> tuple[Counter[str], Counter[str]]:
    """Return all there is in the graph, nodes and edges with every property, in no order.

    When an issue came is left out: all else depends on the set of issues and decisions alone.
    """
    nodes = store.query("MATCH (n) WHERE NOT n:Ledger RETURN labels(n), n").rows
    for _, node in nodes:
        node.pop("ingested_at", None)  # type: ignore[attr-defined] # rows are objects
    edges = store.query("MATCH (a)-[r]->(b) RETURN a.id, b.id, r").rows
    return (
        Counter(f"{sorted(labels)} {sorted(node.items())}" for labels, node in nodes),  # type: ignore[call-overload,attr-defined] # rows are objects
        Counter(f"{source} {target} {sorted(edge.items())}" for source, target, edge in edges),  # type: ignore[attr-defined]
    )


def sizes(store: Store) -> tuple[object, ...]:
    return (
        *store.query("MATCH (n) WHERE NOT n:Ledger RETURN count(n)").rows[0],
        *store.query("MATCH ()-[r]->() RETURN count(r)").rows[0],
        *store.query("SHOW INDEXES YIELD name RETURN count(*)").rows[0],
    )


FIRST = issue(
    "first",
    Piece(
        id="f1", names={"太原重型机械集团": ["太重集团", "太重"], "太原市": ["太原市"], "张三": []}, date="2025-11-12"
    ),
    Piece(id="f2", names={"大同市": ["大同"], "太原市": ["太原"]}),
)
SECOND = issue(
    "second",
    Piece(
        id="s1", names={"太原重型机械集团": ["太重集团", "太重厂"], "小店区": ["小店区"], "李四": [], "张三": ["张三"]}
    ),
    Piece(id="s2", names={"山西省": ["我省", "山西"]}, date="2026-01-01"),
    date="2024-12-06",
)


def test_replace_counts(store: Store) -> None:
    changes.replace(store, "first", FIRST)
    assert sizes(store)[:2] == (16, 20)
    assert dict(store.query("MATCH (n) WHERE NOT n:Ledger UNWIND labels(n) AS label RETURN label, count(*)").rows) == {  # type: ignore[arg-type]
        "Issue": 1, "Article": 2, "Entity": 5, "Organisation": 1, "Person": 1, "Place": 3, "Alias": 8,
    }  # fmt: skip


def test_replace_twice_changes_nothing(store: Store) -> None:
    for id_, graph in (("first", FIRST), ("second", SECOND)):
        changes.replace(store, id_, graph)
    before = content(store)
    for id_, graph in (("first", FIRST), ("second", SECOND), ("second", SECOND)):
        changes.replace(store, id_, graph)
        assert content(store) == before


def test_replace_stores_values_as_they_are(store: Store) -> None:
    odd = "'\"`)\\ DETACH DELETE n // $rows {{}} \n“太原”"
    graph = issue("first", Piece(id=odd, names={odd: [odd]}))
    changes.replace(store, "first", graph)
    assert store.query("MATCH (n:Entity {id: $id}) RETURN n.name", {"id": odd}).rows == ((odd,),)
    assert store.query("MATCH (a:Article) RETURN a").rows == (
        ({"id": odd, "title": f"{odd}：讲话", "text": "太原市教育局长讲话"},),
    )
    assert changes.withdraw(store, "first")
    assert sizes(store)[:2] == (0, 0)


def test_replace_takes_out_what_the_correction_lacks(store: Store) -> None:
    changes.replace(store, "second", SECOND)
    corrected = issue("first", Piece(id="f1", names={"太原市": ["并州"]}, date="2025-11-13"))
    changes.replace(store, "first", corrected)
    expected = content(store)
    changes.replace(store, "first", FIRST)
    changes.replace(store, "first", corrected)
    assert content(store) == expected


def test_replace_removes_a_property_that_became_none(store: Store) -> None:
    for day in ("2025-11-15", None):
        node = _node("Issue", "first", date=day, sha256="0", recognizer="test", sources=("a", "b"))
        changes.replace(store, "first", Graph(nodes=(node,), edges=()))
    assert store.query("MATCH (i:Issue) RETURN i").rows == (
        ({"id": "first", "sha256": "0", "recognizer": "test", "sources": ["a", "b"]},),
    )


def test_replace_sums_up_articles_and_dates(store: Store) -> None:
    changes.replace(store, "first", FIRST)
    changes.replace(store, "second", SECOND)
    rows = store.query("MATCH (e:Entity) RETURN e.id, e.articles, e.first_seen, e.last_seen").rows
    assert {row[0]: row[1:] for row in rows} == {
        "太原重型机械集团": (2, "2024-12-06", "2025-11-12"),
        "太原市": (2, "2025-11-12", "2025-11-15"),
        "大同市": (1, "2025-11-15", "2025-11-15"),
        "小店区": (1, "2024-12-06", "2024-12-06"),
        "山西省": (1, "2026-01-01", "2026-01-01"),
        "张三": (2, "2024-12-06", "2025-11-12"),
        "李四": (1, "2024-12-06", "2024-12-06"),
    }


def test_replace_refuses_an_article_of_another_issue(store: Store) -> None:
    changes.replace(store, "first", FIRST)
    before = content(store)
    with pytest.raises(InputError, match="issue third: its article f2 is already stored with issue first; "):
        changes.replace(
            store, "third", issue("third", Piece(id="t1", names={"王五": ["王五"]}), Piece(id="f2", names={}))
        )
    assert content(store) == before


@pytest.mark.parametrize("name", ["A`) DETACH DELETE (n", "人物", "", "A B", "1A", "A\n"])
def test_replace_refuses_odd_labels_types_and_keys(store: Store, name: str) -> None:
    edge = _edge("NAMES", ("Alias", "a"), ("Entity", "e"))
    odd = (
        Graph(nodes=(NodeRow(labels=("Entity", name), id="e", properties={}),), edges=()),
        Graph(nodes=(), edges=(replace(edge, type=name),)),
        Graph(nodes=(), edges=(replace(edge, key={name: "x"}),)),
        Graph(nodes=(), edges=(replace(edge, source=(name, "a")),)),
    )
    for graph in odd:
        with pytest.raises(StoreError, match="cannot be a label, type or key"):
            changes.replace(store, "first", graph)
    assert sizes(store)[:2] == (0, 0)


@pytest.mark.parametrize(("kept", "taken"), [("first", "second"), ("second", "first")])
@pytest.mark.parametrize("kept_comes_first", [True, False])
def test_withdraw_leaves_the_graph_as_without(store: Store, *, kept: str, taken: str, kept_comes_first: bool) -> None:
    graphs = {"first": FIRST, "second": SECOND}
    changes.replace(store, kept, graphs[kept])
    alone = content(store)
    if not kept_comes_first:
        assert changes.withdraw(store, kept)
        changes.replace(store, taken, graphs[taken])
        changes.replace(store, kept, graphs[kept])
    else:
        changes.replace(store, taken, graphs[taken])
    assert content(store) != alone
    assert changes.withdraw(store, taken)
    assert content(store) == alone
    assert not changes.withdraw(store, taken)
    assert changes.withdraw(store, kept)
    assert sizes(store)[:2] == (0, 0)


@pytest.mark.parametrize("seed", range(4))
def test_any_order_of_changes_ends_in_the_same_graph(store: Store, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 -- no secret
    final: dict[str, Graph] = {}
    for _ in range(14):
        id_ = dice.choice("abcd")
        if dice.random() < 0.3:
            assert changes.withdraw(store, id_) == (final.pop(id_, None) is not None)
            continue
        final[id_] = _random_issue(id_, dice)
        changes.replace(store, id_, final[id_])
    reached = content(store)
    for id_ in final:
        changes.withdraw(store, id_)
    assert sizes(store)[:2] == (0, 0)
    for id_ in sorted(final):
        changes.replace(store, id_, final[id_])
    assert content(store) == reached


def _random_issue(id_: str, dice: random.Random) -> Graph:
    known = ["太原重型机械集团", "太原市教育局", "张三", "李四", "小店区", "平城区", "太原市", "大同市", "山西省"]
    pieces = []
    for number in range(dice.randint(1, 3)):
        names = dice.sample(known, dice.randint(0, 4))
        surfaces = {name: dice.sample([name, name[:1], name[-1:]], dice.randint(1, 2)) for name in names}
        if names and names[0] in {"张三", "李四"} and dice.random() < 0.5:
            surfaces[names[0]] = []
        date = dice.choice([None, "2024-01-01", "2025-01-01", "2026-01-01"])
        pieces.append(Piece(id=f"{id_}{number}", names=surfaces, date=date))
    return issue(id_, *pieces, date=dice.choice(["2024-06-01", "2025-06-01"]))


def test_stored_issue(store: Store) -> None:
    assert store.stored_issue("first") is None
    changes.replace(store, "first", FIRST)
    assert store.stored_issue("first") == StoredIssue(
        id="first", sha256="sha-first", recognizer="test", sources=("first.txt",)
    )


def test_prepare_again_and_full_text(store: Store) -> None:
    before = sizes(store)
    store.prepare()
    assert sizes(store) == before
    changes.replace(store, "first", FIRST)
    search = (
        "CALL db.index.fulltext.queryNodes('Article[title,text]', $words) YIELD node RETURN node.id AS id ORDER BY id"
    )
    assert store.query(search, {"words": "教育局"}).rows == (("f1",), ("f2",))
    assert store.query(search, {"words": "医院"}).rows == ()


def test_engine_names_product_and_version(store: Store) -> None:
    name, version, *edition = store.engine().split(" ")
    assert name in ("Neo4j", "ArcadeDB")
    assert version.count(".") == 2
    assert edition in ([], ["community"], ["enterprise"])


def test_query_gives_plain_values(store: Store) -> None:
    changes.replace(store, "first", FIRST)
    table = store.query(
        "MATCH p = (a:Article {id: $id})-[r:MENTIONS]->(e:Organisation) "
        "RETURN e, r, p, date('2025-11-15') AS day, [1, {a: null}] AS list, duration('P1D') AS span",
        {"id": "f1"},
    )
    assert table.columns == ("e", "r", "p", "day", "list", "span")
    ((entity, edge, path, *rest),) = table.rows
    name = "太原重型机械集团"
    assert entity == {
        "id": name, "name": name, "key": name, "type": "Organisation",
        "articles": 1, "first_seen": "2025-11-12", "last_seen": "2025-11-12",
    }  # fmt: skip
    assert edge == {
        "type": "MENTIONS", "count": 2, "surfaces": ["太重集团", "太重"], "aliases": ["太重集团", "太重"],
        "offsets": [0, 7], "in_title": False,
    }  # fmt: skip
    assert isinstance(path, list)
    assert path[1:] == [edge, entity]
    assert rest == ["2025-11-15", [1, {"a": None}], "P1D"]


@pytest.mark.parametrize(
    "cypher",
    [
        "CREATE (n:Entity {id: 'x'})",
        "MATCH (n) MERGE (m:Entity {id: 'x'})",
        "match (n:Entity) set n.name = 'x' return n",
        "MATCH (n:Entity) ſET n.name = 'x'",
        "MATCH (n) DETACH DELETE n",
        "MATCH ()-[r]->() DELETE r",
        "MATCH (n:Entity) REMOVE n.name",
        "MATCH (n:Entity) FOREACH (x IN [1] | SET n.name = x)",
        "MATCH (n:Entity) CALL (n) { SET n.name = 'x' } IN TRANSACTIONS OF 1 ROWS",
        "CALL () { CREATE (:Entity {id: 'x'}) }",
        "RETURN 1 LIMIT 1CREATE (:Entity {id: 'x'})",
        "RETURN '\\\\' /* ' */ UNION CREATE (:Entity {id: 'x'}) RETURN '' // '",
        "RETURN '\\u0027 AS x CREATE (:Entity) //'",
        "/* MATCH */ CREATE INDEX evil IF NOT EXISTS FOR (n:Entity) ON (n.evil)",
        "DROP CONSTRAINT entity_id",
        "DROP INDEX entity_name",
        "ALTER CURRENT USER SET PASSWORD FROM 'a' TO 'b'",
        "START DATABASE neo4j",
        "LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line",
        "WITH 1 AS x LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line",
        "CALL `db`.`clearQueryCaches`()",
        "CALL db.clearQueryCaches()",
        "MATCH (n) CALL apoc.create.node(['X'], {}) YIELD node RETURN node",
    ],
)
def test_query_refuses_to_write(store: Store, cypher: str) -> None:
    changes.replace(store, "first", FIRST)
    before = content(store), sizes(store)
    with pytest.raises(ReportError, match=r"^query: "):
        store.query(cypher)
    assert (content(store), sizes(store)) == before


def test_query_rolls_back_what_slips_through(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    changes.replace(store, "first", FIRST)
    before = content(store)
    monkeypatch.setattr("kg.readonly.check", lambda _: None)
    for cypher in ("MATCH (n:Entity) SET n.name = 'x'", "MATCH (n) DETACH DELETE n", "MERGE (n:Entity {id: 'x'})"):
        # Neo4j refuses by itself, ArcadeDB lets it through.
        try:
            store.query(cypher)
        except ReportError:
            assert store.engine().startswith("Neo4j")
        assert content(store) == before


@pytest.mark.parametrize(
    "cypher",
    [
        "MATCH (n:Entity) WHERE n.name <> 'CREATE (n)' RETURN n.`set` AS x // DELETE",
        'MATCH (n:Entity {name: "don\'t DELETE"}) /* SET */ RETURN n.offset, n.created',
        "CALL db.labels() YIELD label RETURN label",
        "UNWIND [1, 2] AS x CALL (x) { RETURN x * 2 AS y } RETURN y",
        "SHOW INDEXES YIELD name RETURN name",
        "EXPLAIN MATCH (n) RETURN n",
        "  // a comment first\n\tRETURN 1 AS one",
    ],
)
def test_query_lets_reading_pass(store: Store, cypher: str) -> None:
    store.query(cypher)


@pytest.mark.parametrize(
    ("cypher", "message"),
    [("RETURN", "query: .*; mend the Cypher"), ("RETURN $name", "query: Expected parameter.*name"), (" ", "is empty")],
)
def test_query_names_the_fault(store: Store, cypher: str, message: str) -> None:
    with pytest.raises(ReportError, match=f"(?s){message}"):
        store.query(cypher)


def test_connect_with_wrong_password(endpoint: Endpoint) -> None:
    with pytest.raises(StoreError, match="refuses user name and password; check KG_USER and KG_PASSWORD") as caught:
        Store.connect(endpoint.uri, user=endpoint.user, password="wrong-password")
    assert "wrong-password" not in str(caught.value)


def test_connect_to_unknown_database(endpoint: Endpoint) -> None:
    with pytest.raises(StoreError, match=r"nosuch.*; check KG_DATABASE"):
        Store.connect(endpoint.uri, user=endpoint.user, password=endpoint.password, database="nosuch")


@pytest.mark.parametrize("uri", ["http://127.0.0.1:1", "127.0.0.1:7687", "", "bolt://", "bolt://me:secret@127.0.0.1:1"])
def test_connect_to_no_address(uri: str) -> None:
    with pytest.raises(StoreError, match="is not the address of a graph database; give one such as bolt:") as caught:
        Store.connect(uri, user="neo4j", password="secret")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_connect_to_no_server(scheme: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    _assert_no_answer(f"{scheme}://127.0.0.1:{port}")


def test_connect_to_a_server_that_says_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        _assert_no_answer(f"bolt://127.0.0.1:{listener.getsockname()[1]}")


def _assert_no_answer(uri: str) -> None:
    started = time.monotonic()
    with pytest.raises(StoreError, match=f"^{uri}: no graph database answers; start it or check KG_URI$"):
        Store.connect(uri, user="neo4j", password="secret")
    assert time.monotonic() - started < 12


def test_two_writers_at_once(store: Store, endpoint: Endpoint) -> None:
    shared = {f"企业{number}号公司": [f"企业{number}"] for number in range(60)}
    graphs = {id_: issue(id_, Piece(id=f"{id_}1", names=shared)) for id_ in ("one", "two", "three")}
    faults: list[BaseException] = []

    def write(id_: str) -> None:
        try:
            with Store.connect(endpoint.uri, user=endpoint.user, password=endpoint.password) as mine:
                changes.replace(mine, id_, graphs[id_])
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=write, args=(id_,)) for id_ in graphs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert store.query("MATCH (e:Entity) RETURN count(e), min(e.articles), max(e.articles)").rows == ((60, 3, 3),)
    assert store.query("MATCH (:Alias)-[r:NAMES]->(:Entity) RETURN count(r)").rows == ((120,),)


WRITER = """
import sys
from kg.store import Store
from tests import changes
from tests.test_store import Piece, issue
uri, user, password = sys.argv[1:]
names = {f"企业{number}号公司": [f"企业{number}"] for number in range(600)}
graph = issue("large", *(Piece(id=f"l{number}", names=dict(list(names.items())[number::20])) for number in range(20)))
with Store.connect(uri, user=user, password=password) as store:
    print("writing", flush=True)
    changes.replace(store, "large", graph)
"""


@pytest.mark.parametrize("seconds", [0.05, 0.4])
def test_killed_writer_leaves_no_half_issue(store: Store, endpoint: Endpoint, seconds: float) -> None:
    changes.replace(store, "first", FIRST)
    before = content(store)
    command = [sys.executable, "-c", WRITER, endpoint.uri, endpoint.user, endpoint.password]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as writer:
        assert writer.stdout
        assert writer.stdout.readline() == b"writing\n"
        time.sleep(seconds)
        writer.kill()
    # The server needs a moment to notice; a writer waits for the locks that the dead one still holds.
    changes.replace(store, "second", SECOND)
    changes.withdraw(store, "second")
    after = content(store)
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    # It may have been done just before it was killed.
    assert after in (before, content(store))
    assert store.query("MATCH (:Issue {id: 'large'})-->(a)-[r:MENTIONS]->() RETURN count(r)").rows == ((600,),)


def test_the_fullest_spelling_of_a_name_shows_whatever_the_order(store: Store) -> None:
    quoted, bare = (
        Graph(
            nodes=(
                _node("Issue", issue_id, date="2025-11-15", sha256="1", recognizer="test", sources=(), home=()),
                _node("Article", f"{issue_id}1", title="夜塾", text="夜塾", date="2025-11-15"),
                replace(
                    _node("Entity", "夜塾", name=name, key="夜塾", type="Programme"), labels=("Entity", "Programme")
                ),
            ),
            edges=(
                _edge("CONTAINS", ("Issue", issue_id), ("Article", f"{issue_id}1"), position=1),
                _edge("MENTIONS", ("Article", f"{issue_id}1"), ("Entity", "夜塾"), name=name, count=1, aliases=()),
            ),
        )
        for issue_id, name in (("q", "“夜塾”"), ("b", "夜塾"))
    )
    names: list[tuple[object, ...]] = []
    for first, second in ((("q", quoted), ("b", bare)), (("b", bare), ("q", quoted))):
        changes.replace(store, *first)
        changes.replace(store, *second)
        names += store.query("MATCH (e:Entity) RETURN e.name AS name").rows
        changes.withdraw(store, first[0])
        names += store.query("MATCH (e:Entity) RETURN e.name AS name").rows
        changes.withdraw(store, second[0])
    assert names == [("“夜塾”",), ("夜塾",), ("“夜塾”",), ("“夜塾”",)]
