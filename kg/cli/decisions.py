"""Commands by which a person has the last word: merge, split, rename, drop, undo, review, decisions."""

import getpass
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.cli.group import main
from kg.cli.opening import open_store, put_into_force, types
from kg.cli.options import FORMATS, database_options, decision_options, ledger_option
from kg.cli.output import print_table
from kg.errors import InputError

if TYPE_CHECKING:
    from kg.ledger import Line
    from kg.store import Store


@main.command()
@click.argument("entity")
@click.argument("other")
@decision_options
def merge(entity: str, other: str, **options: Any) -> None:
    """Say that ENTITY is OTHER: all that is told of it is then told of OTHER.

    Names or ids, as kg show prints them.  The decision is a line in the ledger and holds for issues to come.

    Example: kg merge 上海数据交易所山西服务中心 上海数据交易所山西数据交易服务中心 --why "their site"
    """
    from kg import decide

    _decide(lambda store: decide.merge(store, entity, other), **options)


@main.command()
@click.argument("entity")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@decision_options
def split(entity: str, names: tuple[str, ...], **options: Any) -> None:
    """Say that NAMEs are not names of ENTITY; without NAMEs, that only its full name is.

    Each NAME then stands for itself, in stored issues and in those to come.

    Example: kg split 晋城市人民医院 市人民医院
    """
    from kg import decide

    _decide(lambda store: decide.split(store, entity, names), **options)


@main.command()
@click.argument("entity")
@click.argument("name")
@decision_options
def rename(entity: str, name: str, **options: Any) -> None:
    """Show ENTITY under another NAME.

    Example: kg rename 太原公交集团 太原公交 --why "as readers know it"
    """
    from kg import decide

    _decide(lambda store: decide.rename(store, entity, name), **options)


@main.command()
@click.argument("entity")
@decision_options
def drop(entity: str, **options: Any) -> None:
    """Leave ENTITY, which is none, out of the graph, now and in issues to come.

    Example: kg drop 冒充公检法
    """
    from kg import decide

    _decide(lambda store: decide.drop(store, entity), **options)


@main.command()
@click.argument("number", type=int, required=False)
@decision_options
def undo(number: int | None, ledger: Path, **options: Any) -> None:
    """Take a decision back: the one of this NUMBER in kg decisions, or the last that holds.

    Example: kg undo
    """
    from kg import decide
    from kg import ledger as kg_ledger

    _decide(lambda _: decide.undo(kg_ledger.read(ledger), number, ledger), ledger=ledger, **options)


@main.command()
@ledger_option
@click.option("--restore", "is_restored", is_flag=True, help="First write what the graph was made with and it lacks.")
@click.option("--format", "format_", type=FORMATS, default="table", help="How to print the rows.")
@database_options
def decisions(ledger: Path, format_: str, *, is_restored: bool, **database: Any) -> None:
    """List the decisions of the ledger, then those that come with kg, and which of them hold.

    Example: kg decisions
    """
    from kg import ledger as kg_ledger
    from kg.records import Table

    if is_restored:
        from kg import decide

        with open_store(**database) as store:
            store.prepare()
            lost = decide.restore(store, ledger, who=_login())
        click.echo(f"{ledger}: {len(lost)} decisions written anew", err=True)
    own, shipped = kg_ledger.read(ledger), kg_ledger.defaults()
    made, holding = [*own, *shipped], kg_ledger.standing(own, shipped)
    rows = [
        (number, *(getattr(decision, column) for column in kg_ledger.COLUMNS), decision in holding)
        for number, decision in enumerate(made, 1)
    ]
    print_table(Table(columns=("number", *kg_ledger.COLUMNS, "holds"), rows=tuple(rows)), format_)


@main.command()
@decision_options
def review(ledger: Path, who: str | None, why: str, schema: Path | None, **database: Any) -> None:
    """Ask about entities that may be one, most effect first; each answer is a decision.

    Example: kg review --who 李
    """
    from kg import review as kg_review

    answers = {"s": kg_review.same, "d": kg_review.different}
    with open_store(**database) as store:
        store.prepare()
        waiting = list(kg_review.questions(store.query))
        if not waiting:
            click.echo("nothing is in doubt")
        for number, question in enumerate(waiting, 1):
            if not kg_review.is_open(question, store.query):
                continue
            click.echo(f"\n{number} of {len(waiting)}\n{question.text}", err=True)
            try:
                answer = click.prompt("same, different, later or quit", type=click.Choice(list("sdlq")), err=True)
            except click.Abort:  # the end of the input, or Ctrl-C: what was answered stands
                click.echo(err=True)
                return
            if answer == "q":
                return
            if answer in answers:
                _record(store, answers[answer](question), ledger=ledger, who=who, why=why, schema=schema)


def _decide(
    lines: Callable[["Store"], list["Line"]],
    *,
    ledger: Path,
    who: str | None,
    why: str,
    schema: Path | None,
    **database: Any,
) -> None:
    """Open the graph, ask ``lines`` for what a person decides there, and record it."""
    with open_store(**database) as store:
        store.prepare()
        _record(store, lines(store), ledger=ledger, who=who, why=why, schema=schema)


def _record(
    store: "Store",
    lines: list["Line"],
    *,
    ledger: Path,
    who: str | None,
    why: str,
    schema: Path | None,
) -> None:
    """Write what a person decided into the ledger and bring the graph to it; say what was written."""
    from kg import decide

    decide.write(store, ledger, lines, who=who or _login(), why=why, knows=types(schema))
    put_into_force(store, ledger, schema)
    for line in lines:
        click.echo(f"{ledger}: {' '.join(filter(None, line))}")
    for id_ in decide.staying(store, lines):
        click.echo(f"{id_}: stays as a place that others lie in; no article names it any more", err=True)


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:  # in a container, a user without a name
        raise InputError("--who: this login has no name; say who decides with --who or KG_WHO") from error
