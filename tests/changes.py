"""Whole issues of rows into and out of a store, for tests that build their rows by hand."""

from kg.records import Graph
from kg.store import Store
from kg.transaction import Change


def replace(store: Store, issue_id: str, graph: Graph) -> None:
    """Store ``graph`` as all there is of the issue."""
    articles = {node.id: node.properties.get("date") for node in graph.nodes if node.labels[0] == "Article"}
    issue_date = next((node.properties.get("date") for node in graph.nodes if node.labels[0] == "Issue"), None)
    dates = {id_: str(date or issue_date) if date or issue_date else None for id_, date in articles.items()}

    def work(change: Change) -> None:
        change.begin()
        change.refuse_foreign(issue_id, list(articles))
        change.take_out(issue_id)
        change.put(graph, dates)

    store.change(work)


def withdraw(store: Store, issue_id: str) -> bool:
    """Take the issue out; return whether it was there."""

    def work(change: Change) -> bool:
        change.begin()
        change.take_out(issue_id)
        return change.withdraw(issue_id)

    return store.change(work)
