"""What kg needs and whether it is there: versions, model, engine, each with a way to mend it."""

import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata

from kg import __version__
from kg.errors import KGError

PACKAGES = ("arcadedb-embedded", "click", "hanlp", "jieba", "neo4j", "pydantic", "pyyaml", "torch", "transformers")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One line of the doctor's report."""

    name: str
    is_well: bool
    finding: str


def checks(model: Callable[[], str], engine: Callable[[], str]) -> Iterator[Check]:
    """Yield every check; ``model`` and ``engine`` load what they name and raise KGError where they cannot."""
    yield Check(name="kg", is_well=True, finding=__version__)
    yield Check(
        name="python",
        is_well=sys.version_info >= (3, 11),
        finding=f"{platform.python_version()} on {platform.system()} {platform.machine()} (3.11 or newer is needed)",
    )
    for package in PACKAGES:
        yield _package(package)
    yield _attempt("model", model)
    yield _attempt("engine", engine)


def _package(name: str) -> Check:
    try:
        return Check(name=name, is_well=True, finding=metadata.version(name))
    except metadata.PackageNotFoundError:
        return Check(name=name, is_well=False, finding="not installed; run: pip install newspaper-kg")


def _attempt(name: str, load: Callable[[], str]) -> Check:
    try:
        return Check(name=name, is_well=True, finding=load())
    except KGError as error:
        return Check(name=name, is_well=False, finding=str(error))
    except ImportError as error:
        return Check(name=name, is_well=False, finding=f"{error}; run: pip install newspaper-kg")
