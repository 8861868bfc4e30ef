"""The command ``kg`` itself: the group that the commands join."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, NoReturn

import click

from kg import __version__
from kg.errors import KGError

# What asks a program to end so that it may clear up; SIGINT is Ctrl-C.
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# What a shell says of a program that a signal ended.
SIGNALLED = 128
# Seconds that the way out may take: met in the middle of an answer, the Neo4j driver may read on for ever.  What is not
# committed by then the database takes back when the connection drops.
PATIENCE = 10
# What a shell tells of a program that SIGPIPE ended (128 + 13): kg parse | head has not failed, nor has it told all.
PIPE_CLOSED = 141


class Commands(click.Group):
    """A group in which every KGError becomes one sentence on stderr and exit code 1.

    So does a signal, with the exit code 130 for Ctrl-C, 143 for SIGTERM: what is half done is undone on the way out.
    Where nobody reads stdout any more, all is closed in order and the exit code is PIPE_CLOSED, without a word.
    """

    def invoke(self, ctx: click.Context) -> Any:
        ended: list[int] = []

        def say(number: int) -> None:
            told = "Ctrl-C" if number == signal.SIGINT else signal.Signals(number).name
            click.echo(
                f"Error: kg {ctx.invoked_subcommand}: was ended by {told}; nothing is left half done, run it again",
                err=True,
            )

        try:
            with _ending(ended, say):
                return super().invoke(ctx)
        except (Exception, KeyboardInterrupt) as error:
            # Whatever went wrong on the way out: the driver stumbles where a signal met it in the middle of an answer.
            if ended:
                say(ended[0])
                ctx.exit(SIGNALLED + ended[0])
            if isinstance(error, KGError):
                raise click.ClickException(str(error)) from error
            if isinstance(error, BrokenPipeError):
                # Python would try once more to write the rest when it ends, and complain.
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
                ctx.exit(PIPE_CLOSED)
            raise


@contextmanager
def _ending(ended: list[int], say: Callable[[int], None]) -> Iterator[None]:
    """Note each of ENDING in ``ended`` and raise KeyboardInterrupt; what is ignored (nohup) or heeded stays so.

    A program that has not ended PATIENCE seconds later is ended at once, with the same message.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    watch: list[threading.Timer] = []

    def put_out(number: int) -> None:
        say(number)
        os._exit(SIGNALLED + number)

    def end(number: int, _frame: FrameType | None) -> NoReturn:
        if not ended:
            watch.append(threading.Timer(PATIENCE, put_out, [number]))
            watch[0].daemon = True
            watch[0].start()
        ended.append(number)
        raise KeyboardInterrupt

    before = {number: signal.getsignal(number) for number in ENDING}
    ours = [number for number in ENDING if before[number] in (signal.SIG_DFL, signal.default_int_handler)]
    for number in ours:
        signal.signal(number, end)
    try:
        yield
    finally:
        for timer in watch:
            timer.cancel()
        for number in ours:
            signal.signal(number, before[number])


@click.group(cls=Commands, context_settings={"show_default": True})
@click.version_option(__version__, prog_name="kg")
def main() -> None:
    """Chinese newspaper pages in, a Neo4j knowledge graph out.

    \b
    kg ingest seeds          read pages into the graph in ./graph
    kg reports               what can be asked
    kg report positions      ask it
    """
