"""Traditional characters -> simplified ones, for comparing only: what is stored stays as it was printed.

The table, data/traditional.txt, is OpenCC's (Apache-2.0), one character for one; see scripts/traditional.py.
"""

from functools import cache
from pathlib import Path


@cache
def _simplified() -> dict[int, str]:
    lines = (Path(__file__).parent / "data" / "traditional.txt").read_text(encoding="utf-8").split()
    return {ord(line[0]): line[1] for line in lines}


def fold(text: str) -> str:
    """Return ``text`` with simplified characters; it keeps its length, so that offsets hold in both."""
    return text.translate(_simplified())
