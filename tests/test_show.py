"""An entity's card on a real graph: every name with its reason, every statement with its sentence and source."""

import pytest

from kg import show
from kg.pipeline import Tools
from kg.store import Store
from tests import changes, sample
from tests.records import issue
from tests.world import BUREAU, FULL, NAMES, World, finding


@pytest.fixture
def world(store: Store, tools: Tools) -> World:
    return World(store, finding(tools, *NAMES))


def test_card_gives_the_reason_of_each_name(world: World) -> None:
    for id_ in "abc":
        world.ingest(id_)
    assert show.card(FULL, world.store.query, limit=0).reasons == {
        "恒重集团": ["defined in text", "defined in text, in another article"]
    }
    world.decide("merge", BUREAU, FULL)
    reasons = show.card(FULL, world.store.query, limit=0).reasons
    assert reasons["太原市教育局"] == ["merged by hand"]
    assert reasons["市教育局"] == ["organ of its level"]


def test_card_cites_each_statement(world: World) -> None:
    world.ingest("c")
    card = show.card(BUREAU, world.store.query, limit=50)
    (row,) = [row for row in card.statements if row["relation"] == "HOLDS_POSITION"]
    assert (row["other"], row["title"], row["is_head"]) == ("王明", "局长", False)
    text = "\n".join(show.to_lines(card))
    assert text.startswith(
        "太原市教育局  (Organisation:太原市教育局)\n1 articles, 2025-01-01\n\nnames\n  市教育局  (organ of"
    )
    assert "HOLDS_POSITION\n  <- 王明  [局长]  2025-01-01  (" in text
    assert f"    市教育局局长王明到恒重集团调研。\n    -- {issue().publication} 2025-11-15, page 1: " in text
    assert show.to_object(card)["statements"] == list(card.statements)


def test_card_has_no_more_statements_than_asked_for(world: World) -> None:
    world.ingest("b")
    assert show.card(BUREAU, world.store.query, limit=0).statements == []


def test_card_of_a_reporter_lists_what_he_wrote(store: Store) -> None:
    for issue_id, graph in ((issue_id, sample.graph(page)) for page, (issue_id, _) in sample.ISSUES.items()):
        changes.replace(store, issue_id, graph)
    card = show.card("Person:弓凤飞", store.query, limit=50)
    assert [(row["relation"], row["issue_date"]) for row in card.written] == [
        ("WROTE", "2025-11-15"),
        ("WROTE", "2024-12-06"),
    ]
    lines = list(show.to_lines(card))
    assert lines[lines.index("\nWROTE") + 1].startswith("  2025-11-15, page 1: ")
    assert show.to_object(card)["written"] == list(card.written)
    assert len(show.card("Person:弓凤飞", store.query, limit=1).written) == 1


def test_card_says_how_an_article_with_a_post_read_a_name(world: World) -> None:
    world.ingest("c")
    assert show.card("Person:王明", world.store.query, limit=0).reasons["王明"] == [
        "same name, read as Person:王明@1401"
    ]
