"""The records that pass from stage to stage, in pipeline order.

All are frozen; nothing is filled in later.  Offsets are half-open character positions in ``Article.text``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

JSONValue = str | int | float | bool | None | tuple[str, ...] | tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One newspaper issue: the unit that is ingested, corrected and withdrawn.

    ``date`` is ISO 8601 (YYYY-MM-DD) or None; ``home`` lists the places the paper calls its own, nearest first
    (太原市, 山西省); ``sources`` are the files it was read from; ``sha256`` covers content and metadata.
    """

    id: str
    publication: str | None
    date: str | None
    home: tuple[str, ...]
    sources: tuple[str, ...]
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page exactly as it was read; ``number`` counts from 1 within its issue.

    ``label`` is what the paper prints for it (``3``, ``A4``), empty where that is not known; 下转第3版 refers to it.
    """

    issue: Issue
    number: int
    source: str
    text: str
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyArticle:
    """An article that came ready-made, one JSON line; ``text`` is its body, taken as it is."""

    issue: Issue
    position: int
    id: str
    title: str | None
    text: str
    date: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueText:
    """One issue as it was read from its files: pages to be cut into articles, or articles ready-made.

    ``unread`` are the files of it that could not be read.
    """

    issue: Issue
    pages: tuple[Page, ...] = ()
    ready: tuple[ReadyArticle, ...] = ()
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """Where two pieces of an article that stand apart were put together, and why.

    ``head``, the first characters of the later piece, stands on line ``line`` of page ``page`` (both from 1), after
    ``tail``, the last characters of the piece before it; ``repaired`` are the characters printed twice at the seam, of
    which one copy was left out.  ``reasons`` are the pieces of evidence with their weights; ``confidence`` is the share
    of such joins that are right on generated pages (bench/results/articles.md).  A headline that was given to a text
    far from it has an empty ``tail``.
    """

    page: int
    line: int
    tail: str
    head: str
    repaired: str
    reasons: tuple[tuple[str, float], ...]
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article as an editor would cut it out.

    ``text`` (headline, line break, body; just the body where there is no headline) never changes: all offsets of
    mentions and evidence point into it.  ``date`` is the day that its first paragraph tells (12月5日, 昨日), None where
    it tells none.
    """

    id: str
    issue: Issue
    page: int
    position: int
    kind: str
    kicker: str | None
    title: str | None
    subtitle: str | None
    section: str | None
    byline: tuple[str, ...]
    photographers: tuple[str, ...]
    date: str | None
    body: str
    subheads: tuple[str, ...] = ()
    joins: tuple[Join, ...] = ()

    @property
    def text(self) -> str:
        return f"{self.title}\n{self.body}" if self.title else self.body


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A name where it stands: ``article.text[start:end] == text``; ``type`` is an entity type of the schema."""

    article_id: str
    start: int
    end: int
    text: str
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """That a network takes two mentions for related: ``head`` and ``tail`` are where they start in ``Article.text``.

    ``score`` is how likely it is, as log-odds rounded to hundredths; ``type`` is a relation type of the schema.
    """

    type: str
    head: int
    tail: int
    score: float


# The mentions of an article, in text order -> the hints among them, None where no network looked at the article.
Guess = Callable[[Sequence[Mention]], tuple[Hint, ...] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """A surface of an entity and the name of the rule that tied it to the entity."""

    text: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One real-world thing as one article names it.

    ``id`` depends on type and canonical name only, so that two articles' entities meet in the graph.  Persons of the
    byline have an alias but no mention: their name stands outside the text.  ``perhaps`` are the ids of those in the
    article that the name may be short for, where it does not tell which.
    """

    id: str
    type: str
    name: str
    aliases: tuple[Alias, ...]
    mentions: tuple[Mention, ...]
    perhaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The sentence that states a relation: its span in the article's text, the rule that read it, its confidence."""

    article_id: str
    start: int
    end: int
    sentence: str
    rule: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """One statement of one sentence; the same fact in ten sentences is ten relations."""

    type: str
    head_id: str
    tail_id: str
    attributes: Mapping[str, str]
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One article with everything that was read in it: what ``extract`` prints and ``ingest`` stores.

    ``hints`` are what the relations were read with besides the text, None where no network looked at the article.
    """

    article: Article
    entities: tuple[Entity, ...]
    relations: tuple[Relation, ...]
    hints: tuple[Hint, ...] | None = None


ONE_OF_SEVERAL = "one of several"


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """That some article calls an entity so: the name's key, the id its reading gave the entity, and by which rule.

    ``home`` is the province code of the papers that do ("" where it is not known), ``own`` whether ``alias`` is the
    key of the entity's full name.  ``entity`` is the id under which the graph has it now, None before it is stored.
    Of the rule ONE_OF_SEVERAL it says only that the entity may be called so.
    """

    alias: str
    read_as: str
    rule: str
    home: str
    own: bool
    entity: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Two entities that may be one, for a person to decide: what readings call them, how likely, and why."""

    read_as: str
    other: str
    score: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One line of the ledger: who said when that ``action`` holds for ``entity``, and why.

    ``other`` is the entity it is merged into, the name that is split off it or its new name; empty for a drop.
    """

    when: str
    who: str
    action: str
    entity: str
    other: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeRow:
    """A node to be: ``labels[0]`` carries the uniqueness constraint on ``id``."""

    labels: tuple[str, ...]
    id: str
    properties: Mapping[str, JSONValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeRow:
    """An edge to be, between nodes known by constrained label and id; ``key`` tells parallel edges apart."""

    type: str
    source: tuple[str, str]
    target: tuple[str, str]
    key: Mapping[str, JSONValue]
    properties: Mapping[str, JSONValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """The rows of one issue; every edge's ends are among the nodes."""

    nodes: tuple[NodeRow, ...]
    edges: tuple[EdgeRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What a query returns: column names and rows of plain values."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]

    def dicts(self) -> list[dict[str, Any]]:
        """Return each row with its values by column name."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


# Asks a graph, as ``Store.query`` does: Cypher and its parameters in, what was found out.
Query = Callable[[str, Mapping[str, object]], Table]
