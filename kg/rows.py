"""Records -> plain objects for JSON lines: what ``kg parse`` and ``kg extract`` print and the scorer reads."""

from typing import Any

from kg.records import Article, Entity, Join, Reading, Relation


def article_row(article: Article) -> dict[str, Any]:
    """Return the article as a plain object; ``body`` is its text without the headline."""
    return {
        "id": article.id,
        "issue": article.issue.id,
        "publication": article.issue.publication,
        "home": list(article.issue.home),
        "page": article.page,
        "position": article.position,
        "kind": article.kind,
        "kicker": article.kicker,
        "title": article.title,
        "subtitle": article.subtitle,
        "section": article.section,
        "subheads": list(article.subheads),
        "byline": list(article.byline),
        "photographers": list(article.photographers),
        "date": article.date,
        "body": article.body,
        "joins": [_join_row(join) for join in article.joins],
    }


def _join_row(join: Join) -> dict[str, Any]:
    return {
        "page": join.page,
        "line": join.line,
        "tail": join.tail,
        "head": join.head,
        "repaired": join.repaired,
        "reasons": dict(join.reasons),
        "confidence": join.confidence,
    }


def reading_row(reading: Reading) -> dict[str, Any]:
    """Return the article with its entities and relations; the ends of relations are entity names.

    All places count characters from 0 in one text, ``start`` included, ``end`` not: title, line break, body (just the
    body where there is no title).  A person of the byline has no mentions.
    """
    entity_by_id = {entity.id: entity for entity in reading.entities}
    return article_row(reading.article) | {
        "entities": [_entity_row(entity) for entity in reading.entities],
        "relations": [_relation_row(relation, entity_by_id) for relation in reading.relations],
    }


def _entity_row(entity: Entity) -> dict[str, Any]:
    surfaces = dict.fromkeys(alias.text for alias in entity.aliases)
    return {
        "type": entity.type,
        "name": entity.name,
        "surfaces": list(surfaces),
        "id": entity.id,
        "mentions": [{"start": mention.start, "end": mention.end, "text": mention.text} for mention in entity.mentions],
    }


def _relation_row(relation: Relation, entity_by_id: dict[str, Entity]) -> dict[str, Any]:
    evidence = relation.evidence
    return {
        "head": entity_by_id[relation.head_id].name,
        "type": relation.type,
        "tail": entity_by_id[relation.tail_id].name,
        **relation.attributes,
        "sentence": evidence.sentence,
        "start": evidence.start,
        "end": evidence.end,
        "rule": evidence.rule,
        "confidence": evidence.confidence,
    }
