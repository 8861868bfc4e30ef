"""Commands over pages and articles: ingest, extract, parse, label, withdraw."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.cli.group import main
from kg.cli.opening import (
    check_ledger,
    cut_out,
    load_tools,
    metadata,
    open_or_temporary,
    open_store,
    put_into_force,
    read_articles,
    read_issues,
)
from kg.cli.options import database_options, issue_options, ledger_option, model_options, schema_option
from kg.cli.output import faults, progress
from kg.errors import InputError, KGError

if TYPE_CHECKING:
    from kg.pipeline import Tools
    from kg.records import IssueText
    from kg.schema import Schema
    from kg.store import Store


@main.command()
@issue_options
@model_options
@ledger_option
@click.option("--dry-run", "is_dry_run", is_flag=True, help="Only say what would appear, vanish and change.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    help="With --dry-run: a line for each issue, or a JSON object with every row.",
)
@database_options
def ingest(
    paths: tuple[str, ...],
    date: str | None,
    home: str | None,
    publication: str | None,
    model: str | None,
    schema: Path | None,
    ledger: Path,
    format_: str,
    *,
    is_dry_run: bool,
    **database: Any,
) -> None:
    """Read pages or articles (files, folders, - for stdin) into the graph.

    An issue that is already stored unchanged costs only a look; a corrected one replaces what it stored.  --dry-run
    does all of it and takes it back: nothing is written, the graph's folder is not made.

    Example: kg ingest seeds
    """
    if format_ != "text" and not is_dry_run:
        raise click.UsageError(f"--format {format_}: is what --dry-run prints; give both")
    given = metadata(date=date, home=home, publication=publication)
    with faults() as fault:
        issues = list(read_issues(paths, given, fault))
        if not issues:
            return
        check_ledger(ledger, schema)
        tools = load_tools(model, schema)
        if is_dry_run:
            with open_or_temporary(**database) as store:
                _rehearse(store, lambda trial: _ingest(issues, tools, trial, ledger, schema, fault), format_)
            return
        with open_store(**database, create=True) as store:
            store.prepare()
            for _, told in _ingest(issues, tools, store, ledger, schema, fault):
                if told:
                    click.echo(told)


def _ingest(
    issues: Sequence["IssueText"],
    tools: "Tools",
    store: "Store",
    ledger: Path,
    schema: Path | None,
    fault: Callable[[KGError], None],
) -> Iterator[tuple[str, str]]:
    """Bring the graph to the ledger, then store issue by issue; yield what each step was about and what it says."""
    from kg import ingest as kg_ingest

    tools = replace(tools, decisions=put_into_force(store, ledger, schema))
    yield str(ledger), ""
    for issue_text in progress(issues, "issues read"):
        try:
            yield issue_text.issue.id, kg_ingest.ingest(issue_text, tools, store, fault)
        except InputError as error:
            fault(error)


def _rehearse(store: "Store", steps: Callable[["Store"], Iterator[tuple[str, str]]], format_: str) -> None:
    """Go through ``steps`` on a store of which nothing lasts, and print what each would do to the graph."""
    from kg import rehearsal

    with rehearsal.rehearse(store) as (trial, changed):
        for about, told in steps(trial):
            changes = changed()
            line = "; ".join(filter(None, (told, rehearsal.summary(changes))))
            if format_ == "json":
                row = {"about": about, "told": line, **rehearsal.to_object(changes)}
                click.echo(json.dumps(row, ensure_ascii=False))
            elif line:
                click.echo(line if told else f"{about}: {line}")


@main.command()
@issue_options
@model_options
def extract(
    paths: tuple[str, ...],
    date: str | None,
    home: str | None,
    publication: str | None,
    model: str | None,
    schema: Path | None,
) -> None:
    """Print articles with their entities and relations, one JSON object a line; needs no database.

    Example: kg extract seeds > readings.jsonl
    """
    from kg import rows

    given = metadata(date=date, home=home, publication=publication)
    with faults() as fault:
        readings = read_articles(paths, given, fault, model=model, schema=schema)
        for reading in progress(readings, "articles read"):
            click.echo(json.dumps(rows.reading_row(reading), ensure_ascii=False))


@main.command()
@issue_options
@click.option(
    "--explain", "is_explained", is_flag=True, help="Show what became of each line, and why pieces were joined."
)
def parse(
    paths: tuple[str, ...], date: str | None, home: str | None, publication: str | None, *, is_explained: bool
) -> None:
    """Print the articles that pages hold, one JSON object a line.

    Example: kg parse seeds/page-2025-11-15.txt
    """
    from kg import layout, pipeline, rows

    given = metadata(date=date, home=home, publication=publication)
    rules = layout.load()
    with faults() as fault:
        issues = read_issues(paths, given, fault)
        if is_explained:
            from kg import explain

            for issue in issues:
                for line in explain.explain(issue.pages, pipeline.cut(issue, rules, fault)):
                    click.echo(line)
            return
        articles = cut_out(issues, rules, fault)
        for article in progress(articles, "articles cut out"):
            click.echo(json.dumps(rows.article_row(article), ensure_ascii=False))


@main.command()
@issue_options
@click.option("--check", "is_check", is_flag=True, help="Say what is wrong with corrected labels (PATH: JSON lines).")
@click.option(
    "--indent", "is_indented", is_flag=True, help="Each field, entity and relation on its own line, to be corrected."
)
@model_options
def label(
    paths: tuple[str, ...],
    model: str | None,
    schema: Path | None,
    *,
    is_check: bool,
    is_indented: bool,
    **given: str | None,
) -> None:
    """Print articles with labels to be corrected by hand, one JSON object a line; with --check, proofread them.

    Example: kg label seeds > labels.jsonl
    """
    from kg import labelling
    from kg import schema as kg_schema

    declared = kg_schema.load(schema)
    if is_check:
        if is_indented or any(given.values()):
            raise click.UsageError("--check only reads labels; give it FILEs and, if need be, --schema")
        _proofread(paths, declared)
        return
    known = metadata(**given)
    to_text = labelling.to_lines if is_indented else labelling.to_line
    with faults() as fault:
        readings = read_articles(paths, known, fault, model=model, schema=schema, prepare=labelling.signed)
        for reading in progress(readings, "articles read"):
            click.echo(to_text(labelling.label_row(reading, declared)))


def _proofread(files: Sequence[str], declared: "Schema") -> None:
    """Name faults and warnings on stderr; where there is no fault, print what the files hold."""
    from kg import generic, jsonlines, proofreading

    broken: list[InputError] = []
    rows = [row for file in files for row in jsonlines.read_rows(file, broken.append)]
    findings = list(proofreading.check(rows, declared, generic.load()))
    with faults() as fault:
        for error in broken:
            fault(error)
        for finding in findings:
            if finding.is_fault:
                fault(InputError(str(finding)))
            else:
                click.echo(f"Warning: {finding}", err=True)
        if not broken and not any(finding.is_fault for finding in findings):
            click.echo(proofreading.summary((row for _, row in rows), declared))


@main.command()
@click.argument("issue")
@schema_option
@ledger_option
@database_options
def withdraw(issue: str, ledger: Path, schema: Path | None, **database: Any) -> None:
    """Take an issue out; the graph is then what it would be without it.

    Example: kg withdraw page-2025-11-15
    """
    from kg import gazetteer
    from kg import ingest as kg_ingest

    check_ledger(ledger, schema)
    with open_store(**database) as store:
        store.prepare()
        decided = put_into_force(store, ledger, schema)
        if not kg_ingest.withdraw(issue, store, decided, gazetteer.load()):
            raise InputError(f"{issue}: no such issue in the graph; kg report issues lists them")
    click.echo(f"{issue}: withdrawn")
