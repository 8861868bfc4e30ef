"""Readings and decisions to a graph, on both engines: the same one in whatever order they came, and back again."""

import random

import pytest

from kg import decide, ledger, show
from kg.errors import InputError
from kg.pipeline import Tools
from kg.store import Store
from tests.test_store import content
from tests.world import BUREAU, FULL, NAMES, SHORT, TEXTS, WANG, World, finding, hinting


@pytest.fixture
def world(store: Store, tools: Tools) -> World:
    return World(store, finding(tools, *NAMES))


def test_a_later_issue_says_what_a_short_form_means(world: World) -> None:
    world.ingest("a")
    assert world.entities() == {SHORT: 1, BUREAU: 1}
    alone = content(world.store)
    world.ingest("b")
    assert world.entities() == {FULL: 2, BUREAU: 2}
    assert world.names(FULL) == {"恒川重型机械集团有限公司", "恒重集团"}
    partners = "MATCH (:Entity {id: $id})-[r:PARTNERED_WITH]-(e) RETURN r.article_id ORDER BY r.article_id"
    assert world.store.query(partners, {"id": FULL}).rows == (("a1",), ("b1",))
    assert world.withdraw("b")
    assert content(world.store) == alone


@pytest.mark.parametrize("seed", range(3))
def test_any_order_of_issues_and_decisions_ends_in_the_same_graph(world: World, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 -- no secret
    decisions = [
        ("split", FULL, "恒重集团"),
        ("merge", WANG, "Person:王小明"),
        ("rename", BUREAU, "市教育局"),
        ("drop", BUREAU, ""),
        ("merge", FULL, SHORT),
    ]
    for first in (0, 1):
        stored: set[str] = set()
        chosen = dice.sample(decisions[:4], 2) if first else [decisions[4], decisions[2]]
        steps: list[str | tuple[str, str, str]] = [*TEXTS, *chosen, *dice.sample(sorted(TEXTS), 2)]
        dice.shuffle(steps)
        for step in steps:
            if isinstance(step, tuple):
                world.decide(*step)
            elif step in stored and dice.random() < 0.6:
                stored.remove(step)
                assert world.withdraw(step)
            else:
                stored.add(step)
                world.ingest(step)
        reached = content(world.store)
        for id_ in stored:
            world.withdraw(id_)
        assert world.store.query("MATCH (n) WHERE NOT n:Ledger RETURN count(n)").rows == ((0,),)
        for id_ in sorted(stored):
            world.ingest(id_)
        assert content(world.store) == reached
        for step in chosen:
            world.decide(f"undo {step[0]}", *step[1:])
        for id_ in stored:
            world.withdraw(id_)


def test_merge_and_back(world: World) -> None:
    world.ingest("a")
    world.ingest("c")
    before = content(world.store)
    world.decide("merge", SHORT, BUREAU)
    assert world.entities() == {BUREAU: 2}
    assert world.names(BUREAU) == {"太原市教育局", "市教育局", "恒重集团"}
    loops = "MATCH (e:Entity)-[r]->(e) RETURN count(r)"
    assert world.store.query(loops).rows == ((0,),)
    world.ingest("d", "恒重集团召开会议。")
    assert world.entities() == {BUREAU: 3}
    world.withdraw("d")
    world.decide("undo merge", SHORT, BUREAU)
    assert content(world.store) == before


def test_split_reads_the_article_again_and_back(world: World) -> None:
    world.ingest("c")
    before = content(world.store)
    world.decide("split", BUREAU, "市教育局")
    assert world.entities() == {SHORT: 1, "Organisation:市教育局@1401": 1}
    rows = world.store.query("MATCH (:Person)-[r:HOLDS_POSITION]->(e) RETURN e.id").rows
    assert rows == (("Organisation:市教育局@1401",),)
    world.decide("undo split", BUREAU, "市教育局")
    assert content(world.store) == before


def test_what_hints_said_outlives_decisions(store: Store, tools: Tools) -> None:
    world = World(store, hinting(finding(tools, *NAMES), 3.0))
    world.ingest("x", "恒重集团开会。太原市教育局也开会。市教育局讲话。")
    partners = "MATCH (a)-[r:PARTNERED_WITH]->(b) RETURN a.id, b.id, r.rule"
    assert store.query(partners).rows == ((SHORT, BUREAU, "learned"),)
    before = content(store)
    world.decide("merge", SHORT, FULL)
    assert store.query(partners).rows == ((FULL, BUREAU, "learned"),)
    world.decide("undo merge", SHORT, FULL)
    world.decide("split", BUREAU, "市教育局")
    split_off = "Organisation:市教育局@1401"
    assert set(store.query(partners).rows) == {(SHORT, BUREAU, "learned"), (BUREAU, split_off, "learned")}
    world.decide("undo split", BUREAU, "市教育局")
    assert content(store) == before


def test_one_short_name_split_off_in_two_cities_makes_two_bodies(store: Store, tools: Tools) -> None:
    full = {"x": "太原市图书馆", "y": "大同市图书馆"}
    names = [("Organisation", name) for name in (*full.values(), "市图", "山西大学")]
    splits = [("split", f"Organisation:{name}", "市图") for name in full.values()]
    world = World(store, finding(tools, *names))

    def ingest(id_: str) -> None:
        world.ingest(id_, f"{full[id_]}开馆。市图与山西大学合作。", home=full[id_][:3])

    ingest("x")
    ingest("y")
    before = content(store)
    world.decide(*splits[0])
    once = content(store)
    world.decide(*splits[1])
    parted = {"Organisation:市图@1401": 1, "Organisation:市图@1402": 1, "Organisation:山西大学": 2}
    assert world.entities() == parted | {f"Organisation:{name}": 1 for name in full.values()}
    reached = content(store)
    # The other way round, with the issues among the decisions, it is the same graph.
    world.decide("undo split", *splits[1][1:])
    assert content(store) == once
    world.decide("undo split", *splits[0][1:])
    assert content(store) == before
    world.withdraw("x")
    world.decide(*splits[1])
    world.decide(*splits[0])
    ingest("x")
    assert content(store) == reached


def test_split_across_issues(world: World) -> None:
    world.ingest("a")
    world.ingest("d", "恒川重型机械集团有限公司（简称“恒重集团”）发布年报，恒重集团增长。")
    assert world.entities() == {FULL: 2, BUREAU: 1}
    world.decide("split", FULL, "恒重集团")
    assert world.entities() == {FULL: 1, SHORT: 2, BUREAU: 1}


def test_drop_and_back(world: World) -> None:
    world.ingest("a")
    world.ingest("c")
    before = content(world.store)
    world.decide("drop", BUREAU)
    assert world.entities() == {SHORT: 2}
    assert world.store.query("MATCH ()-[r:HOLDS_POSITION]->() RETURN count(r)").rows == ((0,),)
    world.withdraw("a")
    world.ingest("a")
    assert world.entities() == {SHORT: 2}
    world.decide("undo drop", BUREAU)
    assert content(world.store) == before


def test_rename_and_back(world: World) -> None:
    world.ingest("a")
    before = content(world.store)
    world.decide("rename", BUREAU, "教育局")
    assert world.name(BUREAU) == "教育局"
    assert "教育局" in world.names(BUREAU)
    world.ingest("c")
    assert world.name(BUREAU) == "教育局"
    world.withdraw("c")
    world.decide("undo rename", BUREAU, "教育局")
    assert content(world.store) == before


def test_what_is_decided_about_a_person_is_not_said_of_a_namesake(world: World) -> None:
    world.tools = finding(world.tools, *NAMES, ("Organisation", "大同市教育局"), ("Place", "大同市"))
    world.ingest("c")
    before = content(world.store)
    world.decide("rename", f"{WANG}@1401", "王明（太原）")
    assert world.entities("Person") == {f"{WANG}@1401": 2}
    world.ingest("d", "大同市教育局局长王明出席。")
    assert world.name(f"{WANG}@1401") == "王明（太原）"
    assert world.name(f"{WANG}@1402") == "王明"
    world.withdraw("d")
    world.decide("undo rename", f"{WANG}@1401", "王明（太原）")
    assert content(world.store) == before


def test_of_two_spellings_of_a_name_the_simplified_one_shows(world: World) -> None:
    world.tools = finding(world.tools, *NAMES, ("Person", "馮軍"), ("Person", "冯军"))
    for order in ("cd", "dc"):
        for id_ in order:
            world.ingest(id_, {"c": "馮軍來了。", "d": "冯军来了。"}[id_])
        assert world.name("Person:冯军") == "冯军"
        world.withdraw("d")
        assert world.name("Person:冯军") == "馮軍"
        world.withdraw("c")


def test_doubts_come_and_go(world: World) -> None:
    query = "MATCH (a:Entity)-[r:MAYBE_SAME]->(b:Entity) RETURN a.id, b.id, r.reason"
    other = "恒谷重型机器集团有限公司"
    world.tools = finding(world.tools, *NAMES, ("Organisation", other))
    world.ingest("a")
    world.ingest("b")
    world.ingest("d", f"{other}（以下简称“恒重集团”）开工，恒重集团与太原市教育局签约。")
    found = set(world.store.query(query).rows)
    assert found == {
        (SHORT, FULL, "defined in text"),
        (SHORT, f"Organisation:{other}", "defined in text"),
    }
    world.decide("split", f"Organisation:{other}", "恒重集团")
    assert world.store.query(query).rows == ()
    # In the last article, too, the name that is not the other's leads where it leads elsewhere.
    assert world.entities()[FULL] == 3
    world.decide("undo split", f"Organisation:{other}", "恒重集团")
    assert set(world.store.query(query).rows) == found
    world.withdraw("d")
    assert world.store.query(query).rows == ()


def test_doubts_of_what_one_article_leaves_open(world: World) -> None:
    query = "MATCH (a:Entity)-[r:MAYBE_SAME]->(b:Entity) RETURN a.id, b.id, r.reason, r.score"
    banks = [f"太原{name}商业银行" for name in ("晋原", "恒川")]
    world.tools = finding(world.tools, *(("Organisation", name) for name in (*banks, "商业银行")))
    world.ingest("a", f"{banks[0]}与{banks[1]}签约。商业银行派人出席。")
    short = "Organisation:商业银行"
    doubts = {(short, f"Organisation:{bank}", "one of several", 0.4) for bank in banks}
    assert set(world.store.query(query).rows) == doubts
    card = show.card(f"Organisation:{banks[0]}", world.store.query, limit=9)
    assert not card.reasons
    with pytest.raises(InputError, match="商业银行 cannot be split off; it has no other name"):
        decide.split(world.store, f"Organisation:{banks[0]}", ["商业银行"])
    world.decide("merge", short, f"Organisation:{banks[0]}")
    assert world.store.query(query).rows == ()
    assert world.entities() == {f"Organisation:{bank}": 1 for bank in banks}
    world.decide("undo merge", short, f"Organisation:{banks[0]}")
    assert set(world.store.query(query).rows) == doubts
    world.withdraw("a")
    assert world.store.query(query).rows == ()


def test_replay_misses_decisions_that_are_gone(world: World) -> None:
    world.ingest("a")
    world.decide("drop", BUREAU)
    world.made.clear()
    with pytest.raises(
        InputError, match=r"^decisions.csv: lacks 1 decisions .* 'drop Organisation:太原市教育局'; give"
    ):
        world.settle(ledger.NONE)
    assert BUREAU not in world.entities()


def test_a_graph_made_with_an_id_as_a_person_wrote_it_takes_the_ledger_in_its_normal_form(world: World) -> None:
    world.ingest("c")
    world.decide("drop", "Organisation:太原市教育局“")
    assert BUREAU in world.entities()
    world.made.clear()
    world.decide("drop", BUREAU)
    assert BUREAU not in world.entities()
