"""The command ``kg`` itself: the group that the commands join."""

from typing import Any

import click

from kg import __version__
from kg.errors import KGError


class Commands(click.Group):
    """A group in which every KGError becomes one sentence on stderr and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KGError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Commands, context_settings={"show_default": True})
@click.version_option(__version__, prog_name="kg")
def main() -> None:
    """Chinese newspaper pages in, a Neo4j knowledge graph out.

    \b
    kg ingest seeds          read pages into the graph in ./graph
    kg reports               what can be asked
    kg report positions      ask it
    """
