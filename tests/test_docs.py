"""Documentation cannot rot: commands have help, an example and a place in the README; links lead somewhere."""

import re
from pathlib import Path

import click
import pytest

from kg import reports
from kg.cli import main

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(main.commands))
def test_command_has_help_an_example_and_a_place_in_the_readme(name: str) -> None:
    help_text = main.commands[name].help or ""
    assert len(help_text.split("\n")[0]) > 10
    assert f"Example: kg {name}" in help_text
    assert f"`kg {name}" in README


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_option_has_help(name: str) -> None:
    options = [parameter for parameter in main.commands[name].params if isinstance(parameter, click.Option)]
    assert all(option.help for option in options)


def test_every_report_is_in_the_readme() -> None:
    assert [name for name in reports.load_all() if f"`{name}`" not in README] == []


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_links_lead_somewhere(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)\)", text)
    assert [link for link in links if "://" not in link and not (ROOT / link).exists()] == []


def test_changelog_begins_with_what_is_unreleased() -> None:
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
