"""Reading -> labels to be corrected by hand, in the gold format: what ``kg label`` prints.

The format holds an article's labels as a whole: a surface belongs to one entity wherever it stands, an entity is known
by its name, a relation is stated once.  What a reading holds beyond that is brought into it here.  ``signed`` comes
before the reading, so that reading the printed text again finds the same.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from kg import bylines
from kg.labels import Row
from kg.layout import Layout
from kg.records import Article, Entity, Reading
from kg.schema import Schema


def signed(article: Article, layout: Layout) -> Article:
    """Return ``article`` with the people of its byline in its text, where their labels can point.

    Cutting a page takes the byline out of the text; here it comes back as its last line, as papers print it.
    """
    body = "\n".join([article.body, *_byline(article)])
    names = bylines.byline(body, layout)
    return replace(article, body=body, byline=names.reporters, photographers=names.photographers)


def label_row(reading: Reading, schema: Schema) -> dict[str, Any]:
    """Return the article with its labels as a plain object: entities as they first stand in the text."""
    article = reading.article
    surfaces_by_id = _surfaces(reading)
    name_by_id = _names(reading, surfaces_by_id)
    type_by_id = {entity.id: entity.type for entity in reading.entities}
    return {
        "id": article.id,
        "publication": article.issue.publication,
        "home": ",".join(article.issue.home) or None,
        "date": article.date or article.issue.date,
        "title": article.title,
        "text": article.body,
        "entities": [
            {"type": type_by_id[id_], "name": name_by_id[id_], "surfaces": list(surfaces)}
            for id_, surfaces in surfaces_by_id.items()
            if id_ in name_by_id
        ],
        "relations": list(_relations(reading, name_by_id, schema)),
    }


def to_line(row: Row) -> str:
    """Return a row as one line of JSON."""
    return json.dumps(row, ensure_ascii=False)


def to_lines(row: Row) -> str:
    """Return a row as JSON that is easy to correct: a field, an entity or a relation a line."""
    return "{\n" + ",\n".join(f"  {_field(name, value)}" for name, value in row.items()) + "\n}"


def _field(name: str, value: object) -> str:
    if not isinstance(value, list) or not value:
        return f'"{name}": {json.dumps(value, ensure_ascii=False)}'
    return f'"{name}": [\n' + ",\n".join(f"    {to_line(item)}" for item in value) + "\n  ]"


def _byline(article: Article) -> Iterator[str]:
    photographers = [name for name in article.photographers if name not in article.byline]
    for names, role in ((article.byline, ""), (photographers, " 摄")):
        missing = [name for name in names if not _printed(name, article.text)]
        if missing:
            yield f"（{'、'.join(missing)}{role}）"


def _printed(name: str, text: str) -> str | None:
    """Return ``name`` as it stands in ``text`` (张 洋 for 张洋), None where it does not."""
    if name in text:
        return name
    match = re.search(r"\s*".join(map(re.escape, name)), text)
    return match.group() if match else None


def _surfaces(reading: Reading) -> dict[str, tuple[str, ...]]:
    """Map ids of entities to their surfaces in text order; one that two share goes to the one it mostly means."""
    text = reading.article.text
    starts: dict[str, int] = {}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for entity in reading.entities:
        for mention in entity.mentions:
            surface = mention.text.strip()
            starts[surface] = min(mention.start, starts.get(surface, mention.start))
            counts[surface][entity.id] += 1
        for surface in filter(None, (_printed(alias.text.strip(), text) for alias in entity.aliases)):
            starts.setdefault(surface, text.index(surface))  # the byline's: an alias without a mention
            counts[surface][entity.id] += 0
    owned: dict[str, list[str]] = defaultdict(list)
    for surface in sorted(counts, key=lambda surface: (starts[surface], surface)):
        owner = min(counts[surface], key=lambda id_: (-counts[surface][id_], id_))
        owned[owner].append(surface)
    return {id_: tuple(owned[id_]) for id_ in owned}


def _names(reading: Reading, surfaces_by_id: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Map ids of entities to names that differ: where two have one name, the second goes by its longest surface."""
    taken: dict[str, str] = {}
    for entity in sorted(reading.entities, key=lambda entity: _is_own(entity, surfaces_by_id), reverse=True):
        surfaces = surfaces_by_id.get(entity.id, ())
        candidates = [entity.name, *sorted(surfaces, key=len, reverse=True)] if surfaces else []
        name = next((name for name in candidates if name not in taken), None)
        if name:
            taken[name] = entity.id
    return {id_: name for name, id_ in taken.items()}


def _is_own(entity: Entity, surfaces_by_id: Mapping[str, tuple[str, ...]]) -> bool:
    return entity.name in surfaces_by_id.get(entity.id, ())


def _relations(reading: Reading, name_by_id: Mapping[str, str], schema: Schema) -> Iterator[dict[str, str]]:
    """Yield each statement once, however many sentences make it."""
    seen: list[dict[str, str]] = []
    for relation in reading.relations:
        head, tail = name_by_id.get(relation.head_id), name_by_id.get(relation.tail_id)
        if head is None or tail is None or head == tail:
            continue
        row = {"head": head, "type": relation.type, "tail": tail, **relation.attributes}
        is_swapped = schema.relations[relation.type].symmetric and row | {"head": tail, "tail": head} in seen
        if row not in seen and not is_swapped:
            seen.append(row)
            yield row
