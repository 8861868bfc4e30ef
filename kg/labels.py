"""Labels of an article (gold format) -> where its names stand.

A label holds for an article as a whole: it lists an entity's surfaces, not their places.  Training, scoring of mentions
and the checking of labels need the places.  Reads no file and knows no model.
"""

from collections.abc import Iterable, Mapping
from typing import Any

# Shorter surfaces are words or parts of words elsewhere: 以 (Israel) stands in every 可以.
SHORTEST = 2

Span = tuple[int, int, str]


def full_text(row: Mapping[str, Any]) -> str:
    """Return the text that offsets count in: headline, line break, body."""
    return f"{row.get('title') or ''}\n{row['text']}".strip()


def project(text: str, entities: Iterable[Mapping[str, Any]]) -> list[Span]:
    """Return (start, end, type) of every occurrence of every surface in ``text``, in text order, without overlap.

    Longer surfaces claim their characters first, so that a name inside a longer one is not found there.  A surface that
    two types claim is found nowhere, since its place does not tell which is meant.
    """
    types: dict[str, set[str]] = {}
    for entity in entities:
        for surface in (entity["name"], *entity["surfaces"]):
            if len(surface) >= SHORTEST:
                types.setdefault(surface, set()).add(entity["type"])
    taken = bytearray(len(text))
    found: list[Span] = []
    for surface in sorted(types, key=lambda surface: (-len(surface), surface)):
        kind, *others = types[surface]
        if others:
            continue
        start = text.find(surface)
        while start >= 0:
            end = start + len(surface)
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * len(surface)
                found.append((start, end, kind))
            start = text.find(surface, end)
    return sorted(found)
