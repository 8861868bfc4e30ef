"""What the options name, opened: pages, tools, model, ledger, graph."""

import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg import __version__
from kg.errors import KGError, StoreError

if TYPE_CHECKING:  # for annotations alone: these modules are slow to import
    from kg.layout import Layout
    from kg.ledger import Decisions
    from kg.metadata import Metadata
    from kg.ner import Recognizer
    from kg.pipeline import Tools
    from kg.records import Article, Guess, IssueText, Mention, Reading
    from kg.schema import Schema
    from kg.store import Store


def load_tools(model: str | None, schema: Path | None) -> "Tools":
    """Return what reading an issue needs; the model itself is loaded by the first article."""
    from kg import pipeline
    from kg import schema as kg_schema

    declared = kg_schema.load(schema)
    recognizer = load_recognizer(model, declared)

    def recognize(articles: Iterable["Article"]) -> Iterator[tuple["Article", tuple["Mention", ...], "Guess"]]:
        if not recognizer.is_loaded:
            click.echo("loading the model …", err=True)
        return recognizer.recognize(articles)

    name = f"{recognizer.name} kg-{__version__} rules-{kg_schema.digest(schema)}"
    return pipeline.tools(name, recognize, declared)


def load_recognizer(model: str | None, declared: "Schema") -> "Recognizer":
    """Return the recogniser of ``model``, the shipped one if None; raises ModelError where the folder is none."""
    from kg.ner import DEFAULT_MODEL, Recognizer

    return Recognizer(model or DEFAULT_MODEL, type_by_tag=declared.type_by_tag, entities=tuple(declared.entities))


@contextmanager
def open_store(*, db: str, uri: str | None, user: str, database: str | None, create: bool = False) -> Iterator["Store"]:
    """Open the graph that the options name: a server's at ``uri``, else the embedded one in the folder ``db``.

    Raises StoreError where it cannot be opened; a folder that does not exist is one unless ``create``.
    """
    from kg.store import Store

    if uri:
        password = _password(user, uri)
        with Store.connect(uri, user=user, password=password, database=database) as store:
            yield store
        return
    from kg import embedded

    with (
        embedded.serve(Path(db), create=create) as endpoint,
        Store.connect(
            endpoint.uri, user=endpoint.user, password=endpoint.password, turn=partial(embedded.turn, Path(db))
        ) as store,
    ):
        yield store


@contextmanager
def open_or_temporary(*, db: str, **server: Any) -> Iterator["Store"]:
    """Do as ``open_store`` does; where the folder ``db`` holds no graph yet, open an empty one, removed afterwards.

    Raises StoreError where none can be made there.
    """
    from kg import embedded

    if server["uri"] or embedded.is_there(Path(db)):
        with open_store(db=db, **server) as store:
            yield store
        return
    with tempfile.TemporaryDirectory() as folder, open_store(db=f"{folder}/graph", **server, create=True) as store:
        store.prepare()
        yield store


def _password(user: str, uri: str) -> str:
    given = os.environ.get("KG_PASSWORD")
    if given is not None:
        return given
    if not sys.stdin.isatty():
        raise StoreError("KG_PASSWORD: is not set, and there is no terminal to ask at; set it")
    return str(click.prompt(f"Password of {user} at {uri}", hide_input=True, err=True))


def check_ledger(path: Path, schema: Path | None) -> None:
    """Raise InputError where the ledger at ``path`` is broken or contradicts itself.

    So that it is told before minutes go by: what counts is read again once nobody else can write (put_into_force).
    """
    from kg import ledger

    ledger.settle(ledger.read(path, types(schema)), str(path), shipped=ledger.defaults())


def types(schema: Path | None) -> Callable[[str], bool]:
    """Return what tells whether a word is a type of entities; the schema is read where it is not one of ours."""
    from kg import schema as kg_schema
    from kg.matching import TYPES

    return lambda type_: type_ in TYPES or type_ in kg_schema.load(schema).entities


def put_into_force(store: "Store", ledger: Path, schema: Path | None) -> "Decisions":
    """Bring the graph to what the ledger says, and return that.

    Rules and tables are read only where an article has to be read again.
    """
    from kg import decide, gazetteer, pipeline

    @cache
    def tools() -> "Tools":
        return load_tools(None, schema)

    def reread(reading: "Reading", decisions: "Decisions") -> "Reading":
        return pipeline.reread(reading, replace(tools(), decisions=decisions))

    return decide.put_into_force(store, ledger, gazetteer.load(), reread, types(schema))


def metadata(**given: str | None) -> "Metadata":
    """Return what the options say of the pages; raises InputError where one of them cannot be."""
    from kg import metadata as kg_metadata

    return kg_metadata.given(**{field: value for field, value in given.items() if value is not None})


def read_issues(paths: Sequence[str], given: "Metadata", fault: Callable[[KGError], None]) -> Iterator["IssueText"]:
    """Yield the issues that ``paths`` hold; what cannot be read goes to ``fault``."""
    from kg import corpus

    return corpus.read_issues(paths, given, fault)


def cut_out(issues: Iterable["IssueText"], layout: "Layout", fault: Callable[[KGError], None]) -> Iterator["Article"]:
    """Yield the articles of the issues."""
    from kg import pipeline

    for issue in issues:
        yield from pipeline.articles(issue, layout, fault)


def read_articles(
    paths: Sequence[str],
    given: "Metadata",
    fault: Callable[[KGError], None],
    *,
    model: str | None,
    schema: Path | None,
    prepare: Callable[["Article", "Layout"], "Article"] | None = None,
) -> Iterator["Reading"]:
    """Yield what is read in each article that ``paths`` hold; ``prepare`` may change an article before.

    What cannot be read goes to ``fault``; where nothing can, no model is asked for.
    """
    from kg import pipeline

    issues = list(read_issues(paths, given, fault))
    if not issues:
        return
    tools = load_tools(model, schema)
    articles = cut_out(issues, tools.layout, fault)
    yield from pipeline.read((prepare(one, tools.layout) for one in articles) if prepare else articles, tools)
