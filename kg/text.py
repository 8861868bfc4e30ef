"""Characters and sentences: what several stages need to know of Chinese text.  No files, no records."""

import re
from collections.abc import Iterator

# A sentence ends after its full stop and whatever closes with it, or at the end of the line.
SENTENCE_END = re.compile(r"(?:[。！？!?；;]|…{1,2})[”’」』）)》\"]*|\n")


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield half-open ``(start, end)`` character spans that cover ``text`` without gap or overlap."""
    start = 0
    for match in SENTENCE_END.finditer(text):
        yield start, match.end()
        start = match.end()
    if start < len(text):
        yield start, len(text)


def windows(text: str, limit: int) -> Iterator[tuple[int, int]]:
    """Yield spans of whole sentences, each at most ``limit`` characters; a longer sentence is cut, best at a comma."""
    start = end = 0
    for begin, stop in sentences(text):
        if stop - start > limit and end > start:
            yield start, end
            start = begin
        while stop - start > limit:
            cut = max(text.rfind(mark, start, start + limit) for mark in "，,、 ") + 1
            cut = cut if cut > start + limit // 2 else start + limit
            yield start, cut
            start = cut
        end = stop
    if end > start:
        yield start, end
