"""Commands that ask the graph: report, reports, query, show."""

import json
from collections.abc import Iterable
from typing import Any

import click

from kg.cli.group import main
from kg.cli.opening import open_store
from kg.cli.options import FORMATS, database_options
from kg.cli.output import print_table


@main.command()
@click.argument("name")
@click.option("--param", "-p", "parameters", multiple=True, metavar="KEY=VALUE", help="A parameter of the report.")
@click.option("--format", "format_", type=FORMATS, default="table", help="How to print the rows.")
@database_options
def report(name: str, parameters: tuple[str, ...], format_: str, **database: Any) -> None:
    """Answer a canned question (kg reports lists them).

    Example: kg report positions --param name=山西省工业和信息化厅
    """
    from kg import reports as kg_reports

    question = kg_reports.load(name)
    given = _pairs(parameters)
    kg_reports.bind(question, given)  # a wrong parameter is told before the graph is opened
    with open_store(**database) as store:
        table = kg_reports.run(question, given, store.query)
    print_table(table, format_)
    if not table.rows:
        click.echo(f"report {name}: no rows with {kg_reports.asked(question, given)}", err=True)


@main.command()
def reports() -> None:
    """List the canned questions with their parameters: required, optional, or with what holds where none is given.

    Example: kg reports
    """
    from kg import reports as kg_reports

    for question in kg_reports.load_all().values():
        click.echo(f"{question.name}\n    {question.title}")
        for parameter in question.parameters:
            click.echo(
                f"    --param {parameter.name}={parameter.type.upper()}  ({parameter.need})  {parameter.description}"
            )


@main.command()
@click.argument("cypher")
@click.option("--param", "-p", "parameters", multiple=True, metavar="KEY=VALUE", help="A parameter of the query.")
@click.option("--format", "format_", type=FORMATS, default="table", help="How to print the rows.")
@database_options
def query(cypher: str, parameters: tuple[str, ...], format_: str, **database: Any) -> None:
    """Ask the graph in Cypher; what would change it is refused.

    Example: kg query "MATCH (p:Person) RETURN p.name ORDER BY p.name LIMIT 5"
    """
    with open_store(**database) as store:
        table = store.query(cypher, _pairs(parameters))
    print_table(table, format_)


@main.command()
@click.argument("name")
@click.option(
    "--limit", type=click.IntRange(min=0), default=50, help="So many statements at most, and articles of a reporter."
)
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", help="How to print the card.")
@database_options
def show(name: str, limit: int, format_: str, **database: Any) -> None:
    """Print an entity's card: names with reasons, statements with sentence and source, what it may be the same as.

    Example: kg show 太重集团
    """
    from kg import decide
    from kg import show as kg_show

    with open_store(**database) as store:
        card = kg_show.card(decide.entity(store, name), store.query, limit=limit)
    if format_ == "json":
        click.echo(json.dumps(kg_show.to_object(card), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(kg_show.to_lines(card)))


def _pairs(parameters: Iterable[str]) -> dict[str, str]:
    pairs = {}
    for parameter in parameters:
        name, equals, value = parameter.partition("=")
        if not equals or not name:
            raise click.UsageError(f"--param {parameter}: is no KEY=VALUE")
        pairs[name] = value
    return pairs
