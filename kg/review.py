"""The graph's doubts in the order of what they change: two entities that may be one, with a sentence of each.

Reads the graph through the ``query`` that it is given; what a person answers is decided in decide.py.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kg.ledger import MERGE, SPLIT, Line, bare
from kg.records import Query

# A sentence is shown with so many characters around the name.
AROUND = 40

_DOUBTS = """
MATCH (one:Entity)-[r:MAYBE_SAME]->(two:Entity)
WITH one, two, max(r.score) AS score, collect(r) AS doubts
RETURN one.id AS one, two.id AS two, one.name AS one_name, two.name AS two_name, one.articles AS one_articles,
    two.articles AS two_articles, score AS score, doubts[0].reason AS reason, doubts[0].read_as AS read_as,
    doubts[0].other AS other
ORDER BY score * CASE WHEN coalesce(one_articles, 0) < coalesce(two_articles, 0) THEN coalesce(one_articles, 0)
    ELSE coalesce(two_articles, 0) END DESC, score DESC, one, two
"""
_IS_OPEN = "MATCH (:Entity {id: $one})-[r:MAYBE_SAME]->(:Entity {id: $two}) RETURN count(r)"
_MENTION = """
MATCH (e:Entity {id: $id})<-[m:MENTIONS]-(a:Article)<-[:CONTAINS]-(i:Issue)
RETURN m.offsets[0] AS start, m.surfaces[0] AS surface, a.text AS text, i.publication AS publication, i.date AS date
ORDER BY m.count DESC, coalesce(i.date, ''), a.id LIMIT 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Two entities that may be one; ``one`` is the shorter name or the lesser part, ``two`` what it may belong to."""

    one: str
    two: str
    read_as: str
    other: str
    text: str


def questions(query: Query) -> Iterator[Question]:
    """Yield the doubts, most effect on the graph first: the articles of the lesser one, times how likely it is."""
    for row in query(_DOUBTS, {}).dicts():
        yield Question(
            one=row["one"], two=row["two"], read_as=row["read_as"], other=row["other"], text=_text(row, query)
        )


def is_open(question: Question, query: Query) -> bool:
    """Tell whether the two still may be one: an answer to another question may have settled it."""
    return query(_IS_OPEN, {"one": question.one, "two": question.two}).rows != ((0,),)


def _text(row: Mapping[str, Any], query: Query) -> str:
    lines = []
    for end in ("one", "two"):
        lines.append(f"{row[f'{end}_name']}  ({row[end]}, {row[f'{end}_articles'] or 0} articles)")
        table = query(_MENTION, {"id": row[end]})
        for start, surface, text, publication, date in table.rows:
            where = " ".join(str(part) for part in (publication, date) if part)
            lines.append(
                f"    {_excerpt(str(text), int(str(start)), len(str(surface)))}{f'  -- {where}' if where else ''}"
            )
    return "\n".join([*lines, f"maybe the same: {row['reason']}, {row['score']}"])


def _excerpt(text: str, start: int, length: int) -> str:
    left, right = max(0, start - AROUND), start + length + AROUND
    return f"{'…' * (left > 0)}{' '.join(text[left:right].split())}{'…' * (right < len(text))}"


def same(question: Question) -> list[Line]:
    """Return the line that says that they are one."""
    return [(MERGE, question.one, question.two)]


def different(question: Question) -> list[Line]:
    """Return the lines that say that they are not, of the entities and of what readings call them."""
    name = bare(question.read_as)
    part = question.read_as if name == bare(question.other) else name
    return [(SPLIT, entity, part) for entity in dict.fromkeys((question.other, question.two))]
