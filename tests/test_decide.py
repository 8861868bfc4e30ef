"""A person's word becomes lines of the ledger, or one sentence that says why not; on both engines."""

import datetime
import re
from dataclasses import replace
from pathlib import Path

import pytest

from kg import decide, ledger, pipeline
from kg.errors import InputError
from kg.ledger import Decisions
from kg.pipeline import Tools
from kg.records import Decision, Reading
from kg.store import Store
from tests.test_store import content
from tests.world import BUREAU, FULL, NAMES, SHORT, WANG, World, finding

OTHER = "Organisation:恒谷重型机器集团有限公司"
LEDGER = Path("decisions.csv")


@pytest.fixture
def world(store: Store, tools: Tools) -> World:
    return World(store, finding(tools, *NAMES, ("Organisation", ledger.bare(OTHER))))


def made(*lines: tuple[str, str, str]) -> list[Decision]:
    return [
        Decision(when=f"day {number}", who="李", action=action, entity=entity, other=other, why="")
        for number, (action, entity, other) in enumerate(lines, 1)
    ]


def force(world: World, file: Path) -> None:
    def reread(reading: Reading, decisions: Decisions) -> Reading:
        return pipeline.reread(reading, replace(world.tools, decisions=decisions))

    decisions = decide.put_into_force(world.store, file, world.tools.gazetteer, reread)
    world.tools = replace(world.tools, decisions=decisions)


def decided(world: World, file: Path, lines: list[tuple[str, str, str]]) -> None:
    decide.write(world.store, file, lines, who="李", why="")
    force(world, file)


def test_entity_by_any_of_its_names_and_by_its_id(world: World) -> None:
    world.ingest("c")
    for name in ("太原市教育局", "市教育局", " 市“教育局”", BUREAU, "Organisation:“太原市”教育局"):
        assert decide.entity(world.store, name) == BUREAU
    world.decide("rename", BUREAU, "教育局")
    assert decide.entity(world.store, "教育局") == BUREAU


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (FULL, f"{FULL}: no such entity in the graph; kg show prints ids"),
        ("教育局", "教育局: nothing of this name in the graph; there are 太原市教育局, 市教育局"),
        ("", "the name is empty; write it as the articles do"),
    ],
)
def test_entity_that_is_not_there(world: World, name: str, message: str) -> None:
    world.ingest("c")
    with pytest.raises(InputError, match=f"^{re.escape(message)}"):
        decide.entity(world.store, name)


def test_entity_of_a_name_that_several_have(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.ingest("b")
    world.ingest("d", f"{ledger.bare(OTHER)}（以下简称“恒重集团”）开工。")
    with pytest.raises(InputError) as caught:
        decide.entity(world.store, "恒重集团")
    headlines = "恒川重型机械集团有限公司（以下简称“恒重…", "恒谷重型机器集团有限公司（以下简称“恒重…"
    assert str(caught.value) == (
        f"恒重集团: is the name of 2 entities; give one of {FULL} ({headlines[0]}), {OTHER} ({headlines[1]})"
    )
    monkeypatch.setattr(decide, "LISTED", 1)
    with pytest.raises(InputError, match=rf"2 entities; give one of {FULL} \({headlines[0]}\) …$"):
        decide.entity(world.store, "恒重集团")


def test_entity_of_a_name_that_several_have_is_known_by_post_or_place(store: Store, tools: Tools) -> None:
    names = [("Organisation", "大同市教育局"), ("Organisation", "太原市教育局"), ("Person", "王明")]
    world = World(store, finding(tools, *names))
    world.ingest("x", "太原市教育局局长王明出席。")
    world.ingest("y", "大同市教育局局长王明出席。", home="大同市")
    with pytest.raises(InputError) as caught:
        decide.entity(world.store, "王明")
    assert str(caught.value) == (
        f"王明: is the name of 2 entities; give one of {WANG}@1401 (太原市教育局局长), {WANG}@1402 (大同市教育局局长)"
    )


def test_merge(world: World) -> None:
    world.ingest("c")
    assert decide.merge(world.store, "恒重集团", "市教育局") == [("merge", SHORT, BUREAU)]
    with pytest.raises(InputError, match=f"^市教育局: is 太原市教育局 already \\({BUREAU}\\); nothing to merge$"):
        decide.merge(world.store, "市教育局", "太原市教育局")
    with pytest.raises(InputError, match="^没有: nothing of this name"):
        decide.merge(world.store, "恒重集团", "没有")


def test_split_of_a_name(world: World) -> None:
    world.ingest("c")
    line = ("split", BUREAU, "市教育局")
    for names in ([], ["市教育局"], ["市“教育局”", "市教育局"]):
        assert decide.split(world.store, "太原市教育局", names) == [line]


@pytest.mark.parametrize(
    ("whole", "names", "message"),
    [
        (BUREAU, ["区教育局"], f"{BUREAU}: 区教育局 cannot be split off; its names are 市教育局"),
        (BUREAU, ["市教育局", SHORT], f"{BUREAU}: {SHORT} cannot be split off; its names are 市教育局"),
        (BUREAU, ["太原市教育局"], f"{BUREAU}: 太原市教育局 cannot be split off; its names are 市教育局"),
        ("太原市", ["小明"], "太原市: 小明 cannot be split off; it has no other name"),
        ("太原市", [], "太原市: has no other name; there is nothing to split off"),
    ],
)
def test_split_of_what_is_none_of_its_names(world: World, whole: str, names: list[str], message: str) -> None:
    world.ingest("c")
    with pytest.raises(InputError) as caught:
        decide.split(world.store, whole, names)
    assert str(caught.value) == message


def test_split_without_names_never_splits_a_man_off_himself(world: World) -> None:
    world.ingest("c")
    ids = {str(row[0]) for row in world.store.query("MATCH (n:Naming {alias: '王明'}) RETURN n.read_as").rows}
    assert ids == {WANG, f"{WANG}@1401"}
    with pytest.raises(InputError, match="^王明: has no other name; there is nothing to split off$"):
        decide.split(world.store, "王明", [])
    assert decide.split(world.store, "王明", [f"{WANG}@1401"]) == [("split", WANG, f"{WANG}@1401")]


def test_split_of_what_leads_there_from_other_issues(world: World, tmp_path: Path) -> None:
    file = tmp_path / "decisions.csv"
    world.ingest("a")
    before = content(world.store)
    world.ingest("b")
    assert world.entities() == {FULL: 2, BUREAU: 2}
    lines = decide.split(world.store, FULL, [SHORT])
    assert lines == [("split", FULL, SHORT)]
    ledger.append(file, made(*lines))
    force(world, file)
    # The article that says whose short form it is keeps it, the other one does not.
    assert world.entities() == {FULL: 1, SHORT: 1, BUREAU: 2}
    world.withdraw("b")
    ledger.append(file, made(("undo split", FULL, SHORT)))
    force(world, file)
    assert content(world.store) == before


def test_split_of_a_name_that_a_reading_ties_to_what_only_leads_here(world: World) -> None:
    world.ingest("b")
    world.decide("merge", FULL, BUREAU)
    assert world.names(BUREAU) == {"太原市教育局", ledger.bare(FULL), "恒重集团"}
    lines = decide.split(world.store, BUREAU, ["恒重集团"])
    assert lines == [("split", BUREAU, "恒重集团"), ("split", FULL, "恒重集团")]
    for line in lines:
        world.decide(*line)
    assert world.entities() == {BUREAU: 1, SHORT: 1}
    assert world.names(BUREAU) == {"太原市教育局", ledger.bare(FULL)}


def test_rename(world: World) -> None:
    world.ingest("c")
    assert decide.rename(world.store, "市教育局", " 教育\t局 ") == [("rename", BUREAU, "教育 局")]
    for name in ("", " \n"):
        with pytest.raises(InputError, match="^the new name is empty; give one$"):
            decide.rename(world.store, "市教育局", name)


def test_drop(world: World) -> None:
    world.ingest("c")
    assert decide.drop(world.store, "王明") == [("drop", f"{WANG}@1401", "")]
    world.decide("drop", BUREAU)
    with pytest.raises(
        InputError, match=f"^市教育局: nothing of this name in the graph; {BUREAU} was dropped: kg decisions"
    ):
        decide.drop(world.store, "市教育局")
    with pytest.raises(InputError, match="^张三: nothing of this name"):
        decide.drop(world.store, "张三")


def test_a_place_that_others_lie_in_stays_when_it_is_dropped(store: Store, tools: Tools) -> None:
    world = World(store, finding(tools, ("Place", "太原市"), ("Place", "小店区"), ("Person", "王明")))
    world.ingest("x", "王明在太原市小店区调研，太原市变化大。")
    lines = [("drop", "Place:太原市", ""), ("drop", WANG, "")]
    for line in lines:
        world.decide(*line)
    assert decide.staying(store, lines) == ["Place:太原市"]
    assert decide.staying(store, [("rename", "Place:太原市", "并州")]) == []


FOUR = (("drop", WANG, ""), ("split", BUREAU, "市教育局"), ("rename", BUREAU, "教育局"), ("undo drop", WANG, ""))


@pytest.mark.parametrize(
    ("count", "number", "line"),
    [
        (1, None, ("undo drop", WANG, "")),
        (2, None, ("undo split", BUREAU, "市教育局")),
        (4, None, ("undo rename", BUREAU, "教育局")),
        (4, 2, ("undo split", BUREAU, "市教育局")),
    ],
)
def test_undo(count: int, number: int | None, line: tuple[str, str, str]) -> None:
    assert decide.undo(made(*FOUR[:count]), number, LEDGER) == [line]


@pytest.mark.parametrize(
    ("lines", "number", "message"),
    [
        ((), None, "holds no decision; there is nothing to undo"),
        ((FOUR[0], FOUR[3]), None, "holds no decision; there is nothing to undo"),
        ((), 10**6, "has no decision 1000000; kg decisions lists them"),
        (FOUR, 0, "has no decision 0; kg decisions lists them"),
        (FOUR, -1, "has no decision -1; kg decisions lists them"),
        (FOUR, 1, "decision 1 does not hold any more; there is nothing to undo"),
        (FOUR, 4, "decision 4 does not hold any more; there is nothing to undo"),
    ],
)
def test_undo_of_what_does_not_hold(lines: tuple[tuple[str, str, str], ...], number: int | None, message: str) -> None:
    with pytest.raises(InputError) as caught:
        decide.undo(made(*lines), number, LEDGER)
    assert str(caught.value) == f"decisions.csv: {message}"


def test_write_adds_lines_with_who_when_and_why(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "decisions.csv"
    start = datetime.datetime.now(datetime.UTC) - datetime.timedelta(milliseconds=1)
    decide.write(store, file, [("drop", WANG, "")], who="李", why="no person")
    first = file.read_bytes()
    decide.write(store, file, [("merge", SHORT, FULL), ("rename", FULL, "恒重")], who="王", why="")
    assert file.read_bytes().startswith(first)
    lines = ledger.read(file)
    assert [(line.who, line.action, line.why) for line in lines] == [
        ("李", "drop", "no person"),
        ("王", "merge", ""),
        ("王", "rename", ""),
    ]
    for line in lines:
        assert start <= datetime.datetime.fromisoformat(line.when) <= datetime.datetime.now(datetime.UTC)


def test_write_of_a_contradiction_writes_nothing(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "decisions.csv"
    wrong = [("drop", WANG, ""), ("merge", SHORT, WANG)]
    with pytest.raises(InputError, match="are of two types"):
        decide.write(store, file, wrong, who="李", why="")
    assert not file.exists()
    decide.write(store, file, [("merge", SHORT, FULL)], who="李", why="")
    before = file.read_bytes()
    with pytest.raises(InputError, match=f"^{file}: {SHORT} is both merged .* split off it; .* 1 back: kg undo 1$"):
        decide.write(store, file, [("split", FULL, SHORT)], who="李", why="")
    assert file.read_bytes() == before
    with file.open("a", encoding="utf-8") as colleague:
        colleague.write(f"t,w,split,{FULL},{SHORT},\n")
    with pytest.raises(
        InputError, match=r"contradicts itself: .* \(decisions 1 and 2\); kg undo NUMBER takes one back$"
    ):
        decide.write(store, file, [("drop", WANG, "")], who="李", why="")
    decide.write(store, file, decide.undo(ledger.read(file), 2, file), who="李", why="")


def test_write_to_another_ledger_than_the_graph_s_writes_nothing(world: World, tmp_path: Path) -> None:
    world.decide("drop", WANG)
    file = tmp_path / "other.csv"
    with pytest.raises(InputError, match=f"^{file}: lacks 1 decisions .* 'drop {WANG}'; give their file"):
        decide.write(world.store, file, [("drop", BUREAU, "")], who="李", why="")
    assert not file.exists()


def test_a_new_name_is_the_same_when_the_ledger_is_read_again(world: World, tmp_path: Path) -> None:
    file = tmp_path / "decisions.csv"
    world.ingest("c")
    lines = decide.rename(world.store, "市教育局", " 太原\t教育局\r\n")
    decided(world, file, lines)
    assert world.name(BUREAU) == "太原 教育局"
    force(world, file)


def test_what_one_command_wrote_is_taken_back_at_once() -> None:
    one, other = made(("split", FULL, SHORT), ("drop", WANG, ""))
    two = replace(one, other="恒重")
    assert decide.undo([one, two, other], 1, LEDGER) == [("undo split", FULL, SHORT), ("undo split", FULL, "恒重")]
    later = replace(two, when="2026-11-24T00:00:00+00:00")
    assert decide.undo([one, later], None, LEDGER) == [("undo split", FULL, "恒重")]


def test_a_decision_that_comes_with_kg_is_in_force_until_it_is_taken_back(store: Store, tools: Tools) -> None:
    centre, short = "Organisation:中共中央", "Organisation:党中央"
    world = World(store, finding(tools, ("Organisation", "中共中央"), ("Organisation", "党中央")))
    shipped = ledger.defaults()
    number = 3 + next(n for n, decision in enumerate(shipped) if decision.entity == short)
    own = made(("drop", WANG, ""), ("drop", FULL, ""))
    world.settle(ledger.settle(own, "decisions.csv", shipped=shipped))
    world.ingest("x", "党中央作出部署。", "中共中央作出部署，党中央说明。")
    assert world.entities() == {centre: 2}
    (line,) = decide.undo(own, number, LEDGER)
    assert line == ("undo merge", short, centre)
    own += made(line)
    world.settle(ledger.settle(own, "decisions.csv", shipped=shipped))
    assert world.entities() == {centre: 1, short: 2}
    world.ingest("y", "党中央强调。")
    assert world.entities() == {centre: 1, short: 3}
    own += made(("merge", short, centre))
    world.settle(ledger.settle(own, "decisions.csv", shipped=shipped))
    assert world.entities() == {centre: 3}


def test_put_into_force_and_back(world: World, tmp_path: Path) -> None:
    file = tmp_path / "decisions.csv"
    world.ingest("c")
    before = content(world.store)
    decided(world, file, decide.split(world.store, BUREAU, []))
    assert world.entities() == {SHORT: 1, "Organisation:市教育局@1401": 1}
    decided(world, file, decide.drop(world.store, SHORT))
    assert world.entities() == {"Organisation:市教育局@1401": 1}
    for _ in range(2):
        decided(world, file, decide.undo(ledger.read(file), None, file))
    assert content(world.store) == before
    with pytest.raises(InputError, match="^decisions.csv: holds no decision"):
        decide.undo(ledger.read(file), None, LEDGER)


def test_two_who_decide_at_once_both_have_their_word(world: World, tmp_path: Path) -> None:
    world.ingest("c")
    file = tmp_path / "decisions.csv"
    decide.write(world.store, file, [("drop", BUREAU, "")], who="李", why="")
    decide.write(world.store, file, [("drop", SHORT, "")], who="王", why="")
    force(world, file)
    assert world.entities() == {}
    force(world, file)


def test_restore_writes_a_lost_ledger_anew(world: World, tmp_path: Path) -> None:
    world.ingest("c")
    file = tmp_path / "decisions.csv"
    decide.write(world.store, file, decide.drop(world.store, "太原市"), who="李", why="")
    force(world, file)
    file.unlink()
    with pytest.raises(InputError, match=r"lacks 1 decisions .* kg decisions --restore$"):
        decide.write(world.store, file, [("drop", BUREAU, "")], who="李", why="")
    assert [line[0] for line in decide.restore(world.store, file, who="王")] == ["drop"]
    assert [(made.who, made.why) for made in ledger.read(file)] == [("王", "restored from the graph")]
    assert decide.restore(world.store, file, who="王") == []
