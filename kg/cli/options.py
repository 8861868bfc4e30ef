"""Options that several commands share, as decorators."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

FORMATS = click.Choice(["table", "json", "csv", "md"])
SCHEMA_HELP = "Another schema.yaml."
LEDGER_HELP = "File of decisions: merge, split, rename, drop."


def database_options(command: Command) -> Command:
    """Add the options that say which graph is meant."""
    for option in (
        click.option(
            "--database",
            envvar="KG_DATABASE",
            show_envvar=True,
            help="Database on that server.  [default: the server's]",
        ),
        click.option(
            "--user",
            envvar="KG_USER",
            show_envvar=True,
            default="neo4j",
            help="User there (password: KG_PASSWORD or asked).",
        ),
        click.option(
            "--uri",
            envvar="KG_URI",
            show_envvar=True,
            help="A Neo4j server, bolt://… or neo4j+s://…, in place of --db.",
        ),
        click.option(
            "--db",
            envvar="KG_DB",
            show_envvar=True,
            default="graph",
            help="Folder of the embedded graph.",
            metavar="FOLDER",
        ),
    ):
        command = option(command)
    return command


def schema_option(command: Command) -> Command:
    """Add the option that says which rules hold."""
    type_ = click.Path(path_type=Path)
    return click.option("--schema", envvar="KG_SCHEMA", show_envvar=True, type=type_, help=SCHEMA_HELP)(command)


def model_options(command: Command) -> Command:
    """Add the options that say how names are found."""
    model = click.option(
        "--model",
        envvar="KG_MODEL",
        show_envvar=True,
        help="HanLP model: folder or identifier.  [default: the shipped one]",
    )
    return model(schema_option(command))


def issue_options(command: Command) -> Command:
    """Add the options that say which issue the pages belong to."""
    for option in (
        click.option("--publication", help="The paper's name, for all PATHs."),
        click.option("--home", help="What 我市 and 省 mean, nearest first: 太原市,山西省."),
        click.option(
            "--date", help="Day of the issue, YYYY-MM-DD.  [default: what issue.yaml, issues.yaml or the names say]"
        ),
        click.argument("paths", nargs=-1, required=True, metavar="PATH..."),
    ):
        command = option(command)
    return command


def ledger_option(command: Command) -> Command:
    """Add the option that says where decisions stand."""
    return click.option(
        "--ledger",
        envvar="KG_LEDGER",
        show_envvar=True,
        default="decisions.csv",
        type=click.Path(path_type=Path, dir_okay=False),
        help=LEDGER_HELP,
    )(command)


def decision_options(command: Command) -> Command:
    """Add the options of a command that decides something."""
    for option in (
        click.option("--who", envvar="KG_WHO", show_envvar=True, help="Who decides.  [default: the user's login]"),
        click.option("--why", default="", help="The reason, for those who read the ledger."),
    ):
        command = option(command)
    return schema_option(ledger_option(database_options(command)))
