"""Labels of an article (gold format) -> where its names stand.

A label holds for an article as a whole: it lists an entity's surfaces, not their places.  Training, scoring of mentions
and the checking of labels need the places.  Reads no file and knows no model.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any

# Shorter surfaces are words or parts of words elsewhere: 以 (Israel) stands in every 可以.
SHORTEST = 2

# An article with its labels, or what was predicted of it in the same form.
Row = Mapping[str, Any]
Span = tuple[int, int, str]


def full_text(row: Row) -> str:
    """Return the text that offsets count in, ``Article.text``: headline, line break, body; else just the body."""
    return f"{row['title']}\n{row['text']}" if row.get("title") else str(row["text"])


def claims(entities: Iterable[Mapping[str, Any]]) -> dict[str, set[str]]:
    """Return surface -> the types that claim it, for the surfaces that are long enough to be placed."""
    types: dict[str, set[str]] = {}
    for entity in entities:
        for surface in (entity["name"], *entity.get("surfaces", ())):
            if len(surface) >= SHORTEST:
                types.setdefault(surface, set()).add(entity["type"])
    return types


def faults(row: Row, types: Container[str]) -> Iterator[str]:
    """Yield what is wrong with the labels of one article, in words; ``types`` are the entity types that there are."""
    if not isinstance(row.get("id"), str) or not row["id"]:
        yield "has no id"
    if not isinstance(row.get("title"), str | None) or not isinstance(row.get("text"), str) or not row["text"].strip():
        yield "needs a text, and a title or null"
        return
    entities = row.get("entities")
    if not isinstance(entities, list) or not all(map(_is_entity, entities)):
        yield "entities must be a list of objects with type, name and surfaces"
        return
    text = full_text(row)
    owner: dict[str, str] = {}
    names = [entity["name"] for entity in entities]
    yield from (f"two entities are called {name}" for name in dict.fromkeys(names) if names.count(name) > 1)
    for entity in entities:
        name = entity["name"]
        if entity["type"] not in types:
            yield f"{name} is of unknown type {entity['type']}"
        for surface in entity["surfaces"]:
            if surface not in text:
                yield f"surface {surface} of {name} does not stand in its text"
            if owner.setdefault(surface, name) != name:
                yield f"surface {surface} belongs to {owner[surface]} and to {name}"


def _is_entity(entity: object) -> bool:
    return (
        isinstance(entity, dict)
        and all(isinstance(entity.get(field), str) and entity[field] for field in ("type", "name"))
        and isinstance(entity.get("surfaces"), list)
        and all(isinstance(surface, str) and surface for surface in entity["surfaces"])
    )


def project(text: str, entities: Iterable[Mapping[str, Any]]) -> list[Span]:
    """Return (start, end, type) of every occurrence of every surface in ``text``, in text order, without overlap.

    Longer surfaces claim their characters first, so that a name inside a longer one is not found there.  A surface that
    two types claim is found nowhere, since its place does not tell which is meant.
    """
    types = claims(entities)
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
