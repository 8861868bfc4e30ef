"""Rows of a graph -> the Cypher statements that write them, with the rows of each in batches; runs none of them.

Statements are made so that either engine finds each node by its id through an index.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from kg.errors import StoreError
from kg.records import EdgeRow, NodeRow

Row = dict[str, Any]

BATCH = 1000


def quoted(name: str) -> str:
    """Return a label, type or property name ready for Cypher, where no parameter can stand for it.

    Raises StoreError where it is more than letters and underscores.
    """
    if not re.fullmatch(r"[A-Za-z][A-Za-z_]*", name):
        raise StoreError(f"graph row: '{name}' cannot be a label, type or key; use ASCII letters and underscores")
    return f"`{name}`"


def batches(statement: str, rows: Sequence[Row]) -> Iterator[tuple[str, Sequence[Row]]]:
    """Yield the statement with BATCH rows at a time."""
    for start in range(0, len(rows), BATCH):
        yield statement, rows[start : start + BATCH]


def node_batches(nodes: Sequence[NodeRow]) -> Iterator[tuple[str, str, Sequence[Row]]]:
    """Yield two statements and the rows for both: what changes the nodes that are there, and what makes the others.

    The first returns the ids of those that are there.  A value of None takes away what an earlier reading stored.
    """
    rows_by_labels: dict[tuple[str, ...], dict[str, Row]] = defaultdict(dict)
    for node in nodes:
        changes = {
            name: value for name, value in node.properties.items() if (node.labels[0], name) != ("Entity", "name")
        }
        rows_by_labels[node.labels][node.id] = {"id": node.id, "properties": dict(node.properties), "changes": changes}
    for labels, row_by_id in rows_by_labels.items():
        # Not MERGE (n:Entity:Place {id: …}): ArcadeDB serves two labels by no index and looks through all places.
        update = f"UNWIND $rows AS row MATCH (n:{quoted(labels[0])} {{id: row.id}}) SET n += row.changes RETURN n.id"
        create = (
            f"UNWIND $rows AS row CREATE (n:{':'.join(map(quoted, labels))} {{id: row.id}}) SET n += row.properties"
        )
        for statement, rows in batches(update, list(row_by_id.values())):
            yield statement, create, rows


def edge_batches(edges: Sequence[EdgeRow]) -> list[tuple[str, Sequence[Row]]]:
    """Return the statements that write the edges, each with its rows; of two edges of one key the last counts."""
    rows_by_statement: dict[str, dict[object, Row]] = defaultdict(dict)
    for edge in edges:
        row: Row = {"source": edge.source[1], "target": edge.target[1], "key": dict(edge.key)}
        row["properties"] = {**edge.key, **edge.properties}
        identity = (edge.source, edge.target, *sorted(edge.key.items()))
        rows_by_statement[_edge_statement(edge)][identity] = row
    return [batch for statement, rows in rows_by_statement.items() for batch in batches(statement, list(rows.values()))]


def _edge_statement(edge: EdgeRow) -> str:
    key = ", ".join(f"{quoted(name)}: row.key.{quoted(name)}" for name in edge.key)
    # An article's own edges are gone when new ones are written.  MERGE would look for each among all edges of its ends,
    # and a province has more of them with every issue.
    is_own = "article_id" in edge.key or bool({"Article", "Reading"} & {edge.source[0], edge.target[0]})
    edge_pattern = f"[r:{quoted(edge.type)}]" if is_own else f"[r:{quoted(edge.type)} {{{key}}}]"
    return (
        f"UNWIND $rows AS row MATCH (source:{quoted(edge.source[0])} {{id: row.source}}) "
        f"MATCH (target:{quoted(edge.target[0])} {{id: row.target}}) "
        f"{'CREATE' if is_own else 'MERGE'} (source)-{edge_pattern}->(target) SET r += row.properties"
    )
