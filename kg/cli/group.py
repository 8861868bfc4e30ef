"""The command ``kg`` itself: the group that the commands join."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, NoReturn

import click

from kg import __version__
from kg.errors import KGError

# Ctrl-C, which Python raises by itself, and what else asks a program to end so that it may clear up.
ENDING = (signal.SIGTERM, signal.SIGHUP)
# What a shell says of a program that a signal ended.
SIGNALLED = 128


class Ended(KeyboardInterrupt):
    """A signal other than Ctrl-C asks for the end; whoever clears up after Ctrl-C does so after this."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class Commands(click.Group):
    """A group in which every KGError becomes one sentence on stderr and exit code 1.

    So does a signal, with the exit code 130 for Ctrl-C, 143 for SIGTERM: what is half done is undone on the way out.
    """

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with _ending():
                return super().invoke(ctx)
        except KGError as error:
            raise click.ClickException(str(error)) from error
        except KeyboardInterrupt as end:
            number = end.number if isinstance(end, Ended) else signal.SIGINT
            told = "Ctrl-C" if number == signal.SIGINT else signal.Signals(number).name
            click.echo(
                f"Error: kg {ctx.invoked_subcommand}: was ended by {told}; nothing is left half done, run it again",
                err=True,
            )
            ctx.exit(SIGNALLED + number)


@contextmanager
def _ending() -> Iterator[None]:
    """Turn ENDING into an exception; a signal that is ignored (nohup) or that another one heeds stays so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    ours = [number for number in ENDING if signal.getsignal(number) is signal.SIG_DFL]
    for number in ours:
        signal.signal(number, _end)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    raise Ended(number)


@click.group(cls=Commands, context_settings={"show_default": True})
@click.version_option(__version__, prog_name="kg")
def main() -> None:
    """Chinese newspaper pages in, a Neo4j knowledge graph out.

    \b
    kg ingest seeds          read pages into the graph in ./graph
    kg reports               what can be asked
    kg report positions      ask it
    """
