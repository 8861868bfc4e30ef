"""Records built by hand, for tests that must not depend on an earlier stage."""

from kg.records import Alias, Article, Entity, Evidence, Issue, Mention, Relation

# What the plain recogniser of the fixture ``tools`` finds names in.
TEXT = "本报讯 11月14日，太原市教育局局长王明出席活动。\n（张小三）\n"


def issue(**changes: object) -> Issue:
    fields: dict[str, object] = {
        "id": "太原日报 2025-11-15",
        "publication": "太原日报",
        "date": "2025-11-15",
        "home": ("太原市", "山西省"),
        "sources": ("/pages/a.txt",),
        "sha256": "0" * 64,
    }
    return Issue(**(fields | changes))  # type: ignore[arg-type]


def article(body: str, **changes: object) -> Article:
    fields: dict[str, object] = {
        "id": "a1",
        "issue": issue(),
        "page": 1,
        "position": 1,
        "kind": "article",
        "kicker": None,
        "title": None,
        "subtitle": None,
        "section": None,
        "byline": (),
        "photographers": (),
        "date": "2025-11-14",
        "body": body,
    }
    return Article(**(fields | changes))  # type: ignore[arg-type]


def entity(of: Article, type_: str, name: str, *surfaces: str) -> Entity:
    """Build an entity with a mention at every place where one of its surfaces stands."""
    text = of.text
    mentions = [
        Mention(article_id=of.id, start=start, end=start + len(surface), text=surface, type=type_)
        for surface in surfaces or (name,)
        for start in range(len(text))
        if text.startswith(surface, start)
    ]
    return Entity(
        id=f"{type_}:{name}",
        type=type_,
        name=name,
        aliases=tuple(Alias(text=surface, rule="test") for surface in surfaces or (name,)),
        mentions=tuple(sorted(mentions, key=lambda mention: mention.start)),
    )


def relation(of: Article, type_: str, head: Entity, tail: Entity, **attributes: str) -> Relation:
    return Relation(
        type=type_,
        head_id=head.id,
        tail_id=tail.id,
        attributes=attributes,
        evidence=Evidence(article_id=of.id, start=0, end=len(of.text), sentence=of.text, rule="test", confidence=0.9),
    )
