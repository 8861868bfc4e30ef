"""The command line: options in, calls, results printed.  Results go to stdout, everything else to stderr.

Heavy modules (HanLP, the databases) are imported by the command that needs them, so that ``kg --help`` answers at once.
"""

from kg.cli import decisions, issues, models, questions
from kg.cli.group import main

__all__ = ["decisions", "issues", "main", "models", "questions"]
