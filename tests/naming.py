"""An article with given names in it, as the rules of meaning see it."""

from collections.abc import Iterable

from kg import gazetteer, lexicon
from kg.clues import Clues
from kg.context import Context
from kg.gathering import gather
from kg.meanings import Meaning, Rule
from kg.records import Article, Mention
from tests.records import article, issue


def mentions_of(of: Article, *names: tuple[str, str]) -> tuple[Mention, ...]:
    """Build a mention at every place where one of (type, name) stands, the longest first, none over another."""
    taken: set[int] = set()
    found = []
    for type_, name in sorted(names, key=lambda pair: -len(pair[1])):
        start = of.text.find(name)
        while start >= 0:
            span = range(start, start + len(name))
            if not taken & set(span):
                taken |= set(span)
                found.append(Mention(article_id=of.id, start=start, end=span.stop, text=name, type=type_))
            start = of.text.find(name, start + len(name))
    return tuple(sorted(found, key=lambda mention: mention.start))


def context_of(
    body: str, *names: tuple[str, str], home: tuple[str, ...] = ("太原市", "山西省"), **changes: str
) -> Context:
    of = article(body, issue=issue(home=home), **changes)
    return gather(of, mentions_of(of, *names), gazetteer.load(), lexicon.load())


def answer(rules: Iterable[Rule], context: Context, surface: str) -> tuple[str, Meaning] | None:
    """Return the name of the first rule that knows what ``surface`` stands for, and its answer."""
    (name,) = [name for name in context.names if name.text == surface]
    answers = ((rule.__name__, rule(name, context)) for rule in rules)
    return next(((rule, meaning) for rule, meaning in answers if meaning), None)


def clues_of(
    *,
    definitions: dict[str, str] | None = None,
    quoted: dict[str, str] | None = None,
    surfaces: tuple[str, ...] = (),
    titles: dict[str, str] | None = None,
    owners: dict[str, str] | None = None,
    renamed: dict[str, str] | None = None,
    beside: dict[str, str] | None = None,
    shared_heads: dict[str, str] | None = None,
) -> Clues:
    """Return the clues of an article in 太原 that says just this of its names."""
    return Clues(
        lexicon=lexicon.load(),
        gazetteer=gazetteer.load(),
        near=frozenset({"1401", "14"}),
        owners={ministry: frozenset({country}) for ministry, country in (owners or {}).items()},
        definitions=definitions or {},
        quoted={full: frozenset({word}) for full, word in (quoted or {}).items()},
        surfaces={surface: frozenset({surface}) for surface in surfaces},
        titles={person: frozenset({title}) for person, title in (titles or {}).items()},
        renamed={name: frozenset({other}) for name, other in (renamed or {}).items()},
        beside={name: frozenset({other}) for name, other in (beside or {}).items()},
        shared_heads={name: frozenset({head}) for name, head in (shared_heads or {}).items()},
    )
