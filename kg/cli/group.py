"""The command ``kg`` itself: the group that the commands join."""

import os
import sys
from typing import Any

import click

from kg import __version__
from kg.errors import KGError

# What a shell tells of a program that SIGPIPE ended (128 + 13): kg parse | head has not failed, nor has it told all.
PIPE_CLOSED = 141


class Commands(click.Group):
    """A group in which every KGError becomes one sentence on stderr and exit code 1.

    Where nobody reads stdout any more, all is closed in order and the exit code is PIPE_CLOSED, without a word.
    """

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KGError as error:
            raise click.ClickException(str(error)) from error
        except BrokenPipeError:
            # Python would try once more to write the rest when it ends, and complain.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(PIPE_CLOSED)


@click.group(cls=Commands, context_settings={"show_default": True})
@click.version_option(__version__, prog_name="kg")
def main() -> None:
    """Chinese newspaper pages in, a Neo4j knowledge graph out.

    \b
    kg ingest seeds          read pages into the graph in ./graph
    kg reports               what can be asked
    kg report positions      ask it
    """
