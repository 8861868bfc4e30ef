"""The order of the stages, nothing else: issue -> articles -> mentions, hints -> entities -> relations.

Takes and returns records.  The model comes in as a function; files and databases are opened elsewhere (kg/cli).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from kg import article as kg_article
from kg import bylines, classifier, gazetteer, layout, lexicon, namesakes, relations, resolve, spans
from kg.errors import InputError
from kg.gazetteer import Gazetteer
from kg.layout import Layout
from kg.ledger import NONE, Decisions
from kg.lexicon import Lexicon
from kg.records import Article, Guess, Hint, IssueText, Mention, Reading, ReadyArticle
from kg.schema import Schema

Recognize = Callable[[Iterable[Article]], Iterator[tuple[Article, tuple[Mention, ...], Guess]]]
OnError = Callable[[InputError], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What the stages need besides the text; loaded once, used for every issue.

    ``name`` identifies model and rules: an issue that other tools have read is read again.
    """

    name: str
    recognize: Recognize
    layout: Layout
    lexicon: Lexicon
    gazetteer: Gazetteer
    span_rules: spans.Rules
    relation_rules: relations.Rules
    relation_weights: classifier.Weights
    decisions: Decisions = NONE


def tools(name: str, recognize: Recognize, declared: Schema) -> Tools:
    """Return the tools with the tables of kg/data and the rules of ``declared``; nobody has decided anything yet."""
    return Tools(
        name=name,
        recognize=recognize,
        layout=layout.load(),
        lexicon=lexicon.load(),
        gazetteer=gazetteer.load(),
        span_rules=spans.compile_rules(declared),
        relation_rules=relations.compile_rules(declared),
        relation_weights=classifier.load(),
    )


def articles(issue_text: IssueText, layout: Layout, on_error: OnError) -> Iterator[Article]:
    """Yield the articles of an issue; a page without any goes to ``on_error`` and the others go on."""
    for ready in issue_text.ready:
        yield from _ready(ready, layout, on_error)
    yield from cut(issue_text, layout, on_error).articles


def cut(issue_text: IssueText, layout: Layout, on_error: OnError) -> kg_article.Cut:
    """Cut the pages of an issue into articles; a page without any goes to ``on_error``."""
    found = kg_article.cut(issue_text.pages, layout)
    used = {piece.page for piece in found.pieces if piece.article is not None}
    for page in issue_text.pages:
        if page.number not in used:
            on_error(InputError(f"{page.source}: no articles on this page; give a page with running text"))
    return found


def read(texts: Iterable[Article], tools: Tools) -> Iterator[Reading]:
    """Yield each article with the entities and relations found in it."""
    for article, found, guess in tools.recognize(texts):
        mentions = spans.repair(article, found, tools.span_rules)
        yield _read(article, mentions, guess(mentions), tools)


def reread(reading: Reading, tools: Tools) -> Reading:
    """Return the reading as the rules and decisions of today have it, with the mentions and hints of then."""
    mentions = [mention for entity in reading.entities for mention in entity.mentions]
    return _read(reading.article, sorted(mentions, key=lambda mention: mention.start), reading.hints, tools)


def _read(article: Article, mentions: Sequence[Mention], hints: tuple[Hint, ...] | None, tools: Tools) -> Reading:
    apart = tools.decisions.apart
    entities = tuple(resolve.resolve(article, mentions, tools.gazetteer, tools.lexicon, apart=apart))
    found = relations.extract(article, entities, tools.relation_rules)
    kept = classifier.judge(article, entities, found, tools.relation_rules, tools.relation_weights, hints=hints)
    entities, stated = namesakes.part(entities, tuple(kept), tools.gazetteer)
    return Reading(article=article, entities=entities, relations=stated, hints=hints)


def _ready(ready: ReadyArticle, layout: Layout, on_error: OnError) -> Iterator[Article]:
    if not ready.text.strip():
        on_error(InputError(f"{ready.issue.sources[0]}: article {ready.id} has no text; give its body as text"))
        return
    names = bylines.byline(ready.text, layout)
    yield Article(
        id=ready.id,
        issue=ready.issue,
        page=1,
        position=ready.position,
        kind="article",
        kicker=None,
        title=ready.title,
        subtitle=None,
        section=None,
        byline=names.reporters,
        photographers=names.photographers,
        date=ready.date,
        body=ready.text,
    )
