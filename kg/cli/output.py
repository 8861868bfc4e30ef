"""What a command says: tables, faults that stop nothing else, how far it has come."""

import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import click

from kg.errors import KGError

if TYPE_CHECKING:
    from kg.records import Table

Record = TypeVar("Record")

# Work that lasts longer than this says so on stderr.
QUIET_SECONDS = 2.0


@contextmanager
def faults() -> Iterator[Callable[[KGError], None]]:
    """Give a function that names a fault and lets the rest go on; at the end any fault makes the exit code 1."""
    count = 0

    def fault(error: KGError) -> None:
        nonlocal count
        count += 1
        click.echo(f"Error: {error}", err=True)

    yield fault
    if count:
        click.get_current_context().exit(1)


def progress(records: Iterable[Record], what: str) -> Iterator[Record]:
    """Pass ``records`` through and say on stderr how many: after QUIET_SECONDS, then at growing intervals."""
    said, wait = time.monotonic(), QUIET_SECONDS
    for count, record in enumerate(records, 1):
        if count > 1 and time.monotonic() - said >= wait:
            click.echo(f"{count} {what} …", err=True)
            said, wait = time.monotonic(), 2 * wait
        yield record


def print_table(table: "Table", format_: str) -> None:
    """Print ``table`` as ``format_`` says."""
    from kg import tables

    # Cut to the window where a person reads, whole where a program does.
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    click.echo(tables.render(table, format_, width=width))
