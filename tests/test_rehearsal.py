"""What would be done is what is then done, and nothing of the rehearsal lasts, on both engines."""

import random
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from kg import rehearsal
from kg.embedded import Endpoint
from kg.errors import InputError
from kg.ingest import ingest
from kg.pipeline import Tools
from kg.rehearsal import Changes
from kg.store import Store
from tests import changes
from tests.records import TEXT
from tests.test_ingest import fault, issue_text, pages
from tests.test_store import FIRST, SECOND, content
from tests.world import BUREAU, FULL, NAMES, SHORT, TEXTS, World, finding

ROOT = Path(__file__).parents[1]
Row = dict[str, Any]
Visible = Mapping[str, Mapping[tuple[object, ...], Row]]
SENTENCES = (
    *(text for texts in TEXTS.values() for text in texts),
    "恒谷重型机器集团有限公司（以下简称“恒重集团”）开工，恒重集团与太原市教育局签约。",
    "太原市教育局局长王明到小店区调研，“文瀛夜塾”开课。",
    "大同市教育局局长王明出席。恒重集团发布年报。",
)
MORE = (
    *NAMES,
    ("Organisation", "恒谷重型机器集团有限公司"),
    ("Organisation", "大同市教育局"),
    ("Place", "小店区"),
)


@pytest.fixture
def world(store: Store, tools: Tools) -> World:
    return World(store, finding(tools, *MORE))


def everything(store: Store) -> tuple[object, ...]:
    """Return all that a query can find, the program's own notes and the indexes included."""
    ledger = store.query("MATCH (l:Ledger) RETURN l").rows
    times = store.query("MATCH (i:Issue) RETURN i.id, i.ingested_at ORDER BY i.id").rows
    return content(store), ledger, times, store.query("SHOW INDEXES YIELD name RETURN name ORDER BY name").rows


def visible(store: Store) -> Visible:
    """Return the whole graph as ``Changes`` shows parts of it, put together without ``rehearsal``."""
    nodes: dict[tuple[str, str], Row] = {}
    for labels, node in store.query("MATCH (n) RETURN labels(n), n").rows:
        label = "Entity" if "Entity" in labels else labels[0]  # type: ignore[operator,index] # rows are objects
        nodes[str(label), node["id"]] = dict(node)  # type: ignore[index,call-overload]
    issue_of: dict[str, str] = {}
    names: dict[str, list[str]] = defaultdict(list)
    parts: dict[str, list[str]] = defaultdict(list)
    found: dict[str, dict[tuple[object, ...], Row]] = defaultdict(dict)
    for source, target, value in store.query("MATCH (a)-[r]->(b) RETURN a.id, b.id, r").rows:
        one, two, edge = str(source), str(target), dict(value)  # type: ignore[call-overload]
        match edge["type"]:
            case "CONTAINS":
                issue_of[two] = one
            case "NAMES":
                names[two].append(one)
            case "MENTIONS":
                found["mentions"]["MENTIONS", one, two] = {"article_id": one, "entity": two, **edge}
            case "WROTE" | "PHOTOGRAPHED" as type_:
                found["mentions"][type_, two, one] = {"article_id": two, "entity": one, **edge}
            case "MAYBE_SAME":
                found["doubts"][one, two, edge["read_as"], edge["other"]] = {"one": one, "two": two, **edge}
            case "PART_OF" if "article_id" not in edge:
                parts[one].append(two)
            case "USES":
                pass
            case type_:
                key = (type_, one, two, edge["article_id"], edge["start"])
                found["relations"][key] = {"head": one, "tail": two, **edge}
    for (label, id_), node in nodes.items():
        if label == "Issue":
            found["issues"][(id_,)] = {name: value for name, value in node.items() if name != "ingested_at"}
        elif label == "Article":
            found["articles"][(id_,)] = {"issue": issue_of[id_], **node}
        elif label == "Entity":
            found["entities"][(id_,)] = {"names": sorted(names[id_]), "part_of": sorted(parts[id_]), **node}
        elif label == "Naming":
            found["leads"][(node["read_as"],)] = {"read_as": node["read_as"], "entity": node["entity"]}
    return found


def in_any_order(rows: object) -> list[str]:
    def told(row: object) -> str:
        return repr(sorted(row.items())) if isinstance(row, dict) else repr([told(part) for part in row])  # type: ignore[attr-defined]

    return sorted(map(told, rows))  # type: ignore[call-overload]


def assert_told(told: Changes, before: Visible, after: Visible) -> None:
    for name in told.appear:
        was, now = before.get(name, {}), after.get(name, {})
        assert in_any_order(told.appear[name]) == in_any_order(now[key] for key in now.keys() - was.keys()), name
        assert in_any_order(told.vanish[name]) == in_any_order(was[key] for key in was.keys() - now.keys()), name
        pairs = [(was[key], now[key]) for key in was.keys() & now.keys() if was[key] != now[key]]
        assert in_any_order(told.change[name]) == in_any_order(pairs), name
    was, now = before.get("leads", {}), after.get("leads", {})
    assert set(told.elsewhere) == {
        (key[0], was[key]["entity"], now[key]["entity"]) for key in was.keys() & now.keys() if was[key] != now[key]
    }


@pytest.mark.parametrize("seed", range(6))
def test_a_real_run_does_what_the_rehearsal_said(world: World, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 -- no secret
    for id_ in dice.sample("abcd", dice.randrange(4)):
        world.ingest(id_)
    if dice.random() < 0.5:
        world.decide(*dice.choice([("merge", SHORT, BUREAU), ("drop", BUREAU), ("rename", BUREAU, "市教育局")]))
    for _ in range(2):
        steps = [(dice.choice("abcd"), dice.sample(SENTENCES, dice.randint(1, 3))) for _ in range(dice.randint(1, 3))]
        before = everything(world.store)
        told = []
        with rehearsal.rehearse(world.store) as (trial, changed):
            for id_, texts in steps:
                World(trial, world.tools).ingest(id_, *texts)
                told.append(changed())
        assert everything(world.store) == before
        for (id_, texts), expected in zip(steps, told, strict=True):
            was = visible(world.store)
            world.ingest(id_, *texts)
            assert_told(expected, was, visible(world.store))


def test_a_line_says_what_a_new_issue_does_to_others(world: World) -> None:
    world.ingest("a")
    with rehearsal.rehearse(world.store) as (trial, changed):
        World(trial, world.tools).ingest("b")
        changes = changed()
        World(trial, world.tools).ingest("b")
        assert rehearsal.summary(changed()) == ""
    assert rehearsal.summary(changes) == (
        "would appear: 1 issues, 1 articles, 1 entities, 3 mentions, 2 relations; "
        "would vanish: 1 entities, 1 mentions, 1 relations; would change: 1 entities; "
        f"would lead elsewhere: {SHORT} → {FULL}"
    )
    shown = rehearsal.to_object(changes)
    assert [row["id"] for row in shown["vanish"]["entities"]] == [SHORT]
    assert [row["names"] for row in shown["appear"]["entities"]] == [["恒川重型机械集团有限公司", "恒重集团"]]
    assert shown["change"]["entities"] == [{"id": BUREAU, "before": {"articles": 1}, "after": {"articles": 2}}]
    assert shown["elsewhere"] == [{"read_as": SHORT, "before": SHORT, "after": FULL}]


def test_a_line_stays_short() -> None:
    ways = tuple((f"Person:{name}", "x", "y") for name in "甲乙丙丁戊己庚")
    changes = Changes(appear={}, vanish={}, change={}, elsewhere=ways)
    assert rehearsal.summary(changes).endswith("Person:戊 → y, 2 more")


def test_decisions_are_rehearsed_too(world: World) -> None:
    world.ingest("a")
    before = everything(world.store)
    with rehearsal.rehearse(world.store) as (trial, changed):
        World(trial, world.tools).decide("drop", BUREAU)
        changes = changed()
    assert [row["id"] for row in changes.vanish["entities"]] == [BUREAU]
    assert everything(world.store) == before


def test_what_is_refused_leaves_the_rehearsal_as_it_was(store: Store, tools: Tools) -> None:
    ingest(pages("1 2025-11-20", "/1.txt"), tools, store, fault)
    ingest(issue_text(TEXT), tools, store, fault)
    before = everything(store)
    with rehearsal.rehearse(store) as (trial, changed):
        with pytest.raises(InputError, match="its article x1 is already stored with issue 太原日报 2025-11-15"):
            World(trial, tools).ingest("x", TEXT)
        assert rehearsal.summary(changed()) == ""
        # The issue of the same pages gives way within the rehearsal alone.
        ingest(pages("2025-11-20", "/1.txt", "/2.txt"), tools, trial, fault)
        changes = changed()
        assert [row["id"] for row in changes.vanish["issues"]] == ["1 2025-11-20"]
        assert trial.stored_issue("1 2025-11-20") is None
        assert store.stored_issue("1 2025-11-20")
    assert everything(store) == before


REHEARSER = """
import sys, time
from kg import rehearsal
from kg.store import Store
from tests import changes
from tests.test_store import SECOND
uri, user, password = sys.argv[1:]
with Store.connect(uri, user=user, password=password) as store:
    with rehearsal.rehearse(store) as (trial, changed):
        changes.replace(trial, "second", SECOND)
        print(len(changed().appear["articles"]), flush=True)
        time.sleep(600)
"""


def test_a_killed_rehearsal_leaves_nothing(store: Store, endpoint: Endpoint) -> None:
    changes.replace(store, "first", FIRST)
    before = everything(store)
    command = [sys.executable, "-c", REHEARSER, endpoint.uri, endpoint.user, endpoint.password]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"2\n"
        assert everything(store) == before
        process.kill()
    # A writer need not wait for long.
    changes.replace(store, "second", SECOND)
    changes.withdraw(store, "second")
    assert everything(store) == before
