"""The command line as a user meets it: real model, real graph, stdout and stderr apart, exit codes."""

import csv
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg.cli import main
from kg.embedded import Endpoint
from kg.pipeline import Tools
from kg.store import Store
from tests.test_store import content
from tests.world import World, finding

ROOT = Path(__file__).parent.parent
PAGE = """## 太原市总工会送清凉

本报讯 7月3日，太原市总工会主席王建国来到杏花岭区，看望环卫工人。活动由太原市总工会、杏花岭区环卫中心主办。

(刘小敏)
"""
GOLD = ROOT / "tests/gold/seeds.gold.jsonl"
pytestmark = pytest.mark.model

Kg = Callable[..., Result]


@pytest.fixture
def kg() -> Kg:
    def run(*arguments: object, given: str | bytes | None = None, **environment: str) -> Result:
        return CliRunner(env=environment).invoke(main, [str(argument) for argument in arguments], input=given)

    return run


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "pages" / "page-2025-07-04.md"
    path.parent.mkdir()
    path.write_text(PAGE, encoding="utf-8")
    return path


@pytest.fixture
def graph(endpoint: Endpoint, store: Store) -> tuple[str, ...]:
    """The options that lead to the engine under test, emptied; its password goes by the environment."""
    assert not store.query("MATCH (n:Article) RETURN n.id").rows
    return ("--uri", endpoint.uri, "--user", endpoint.user)


def sizes(store: Store) -> list[tuple[object, ...]]:
    nodes = store.query("MATCH (n) WHERE NOT n:Ledger UNWIND labels(n) AS l RETURN l, count(n) AS n ORDER BY l").rows
    edges = store.query("MATCH ()-[r]->() RETURN type(r) AS t, count(r) AS n ORDER BY t").rows
    return [*nodes, *edges]


def test_two_ingests_give_one_graph(kg: Kg, graph: tuple[str, ...], endpoint: Endpoint, store: Store) -> None:
    first = kg("ingest", ROOT / "seeds", *graph, KG_PASSWORD=endpoint.password)
    assert first.exit_code == 0, first.stderr
    before = sizes(store)
    (counts,) = store.query("MATCH (n) UNWIND labels(n) AS l WITH l ORDER BY l RETURN collect(l) AS labels").rows
    labels = Counter(counts[0])  # type: ignore[call-overload]
    assert (labels["Issue"], labels["Article"]) == (2, 16)
    assert labels["Entity"] > 100
    again = kg("ingest", ROOT / "seeds", *graph, KG_PASSWORD=endpoint.password)
    assert again.stdout.splitlines() == ["page-2024-12-06: unchanged", "page-2025-11-15: unchanged"]
    assert sizes(store) == before


def test_every_byline_is_on_its_own_article(kg: Kg, graph: tuple[str, ...], endpoint: Endpoint, store: Store) -> None:
    kg("ingest", ROOT / "seeds", *graph, KG_PASSWORD=endpoint.password)
    gold = [json.loads(line) for line in (ROOT / "tests/gold/seeds.articles.jsonl").read_text("utf-8").splitlines()]
    expected = sorted((name, row["title"] or row["body"][:20]) for row in gold for name in row["byline"])
    rows = store.query("MATCH (p:Person)-[:WROTE]->(a:Article) RETURN p.name, coalesce(a.title, left(a.text, 20))").rows
    assert sorted(rows) == expected


def test_a_corrected_page_replaces_what_it_said(
    kg: Kg, graph: tuple[str, ...], endpoint: Endpoint, store: Store, page: Path
) -> None:
    kg("ingest", page, *graph, KG_PASSWORD=endpoint.password)
    page.write_text(PAGE.replace("王建国", "赵建军"), encoding="utf-8")
    result = kg("ingest", page, *graph, KG_PASSWORD=endpoint.password)
    assert result.stdout.endswith("(replaced)\n")
    people = {name for (name,) in store.query("MATCH (p:Person) RETURN p.name").rows}
    assert "赵建军" in people
    assert "王建国" not in people


def test_withdraw_leaves_nothing(kg: Kg, graph: tuple[str, ...], endpoint: Endpoint, store: Store, page: Path) -> None:
    kg("ingest", page, *graph, KG_PASSWORD=endpoint.password)
    assert kg("withdraw", "page-2025-07-04", *graph, KG_PASSWORD=endpoint.password).exit_code == 0
    assert sizes(store) == []
    missing = kg("withdraw", "page-2025-07-04", *graph, KG_PASSWORD=endpoint.password)
    assert missing.exit_code == 1
    assert missing.stderr.startswith("Error: page-2025-07-04: no such issue in the graph")


def test_an_issue_is_not_replaced_by_part_of_its_pages(
    kg: Kg, graph: tuple[str, ...], endpoint: Endpoint, store: Store, page: Path
) -> None:
    other = page.with_name("b-2025-07-04.md")
    other.write_text(PAGE.replace("王建国", "赵建军"), encoding="utf-8")
    paper = ("--publication", "太原晚报", "--date", "2025-07-04")
    assert kg("ingest", page, other, *paper, *graph, KG_PASSWORD=endpoint.password).exit_code == 0
    before = sizes(store)
    result = kg("ingest", other, *paper, *graph, KG_PASSWORD=endpoint.password)
    assert result.exit_code == 1
    assert "is stored already, from" in result.stderr
    assert sizes(store) == before


def test_a_bad_page_stops_nothing_else(
    kg: Kg, graph: tuple[str, ...], endpoint: Endpoint, store: Store, page: Path
) -> None:
    (page.parent / "empty.txt").write_bytes(b"")
    (page.parent / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0")
    result = kg("ingest", page.parent, *graph, KG_PASSWORD=endpoint.password)
    assert result.exit_code == 1
    assert "empty.txt: is empty" in result.stderr
    assert "picture.txt: is a picture" in result.stderr
    assert result.stdout.startswith("page-2025-07-04: 1 articles")
    assert len(store.query("MATCH (a:Article) RETURN a.id").rows) == 1


def test_the_embedded_graph_needs_nothing_but_a_folder(kg: Kg, page: Path, tmp_path: Path) -> None:
    db = ("--db", tmp_path / "graph")
    result = kg("ingest", page, "--home", "太原市", *db)
    assert result.exit_code == 0, result.stderr
    rows = json.loads(kg("report", "positions", "--format", "json", *db).stdout)
    assert [row["person"] for row in rows] == ["王建国"]
    answer = kg("query", "MATCH (o:Organisation {name: $name}) RETURN o.articles AS n", "-p", "name=太原市总工会", *db)
    assert answer.stdout.split() == ["n", "-", "1"]
    refused = kg("query", "MATCH (n) DETACH DELETE n", *db)
    assert refused.exit_code == 1
    assert refused.stdout == ""


def test_a_dry_run_says_what_a_run_does_and_writes_nothing(
    kg: Kg, graph: tuple[str, ...], endpoint: Endpoint, store: Store, page: Path, tmp_path: Path
) -> None:
    def run(*arguments: object, path: Path = page) -> Result:
        options = (*arguments, *graph, "--ledger", tmp_path / "decisions.csv")
        return kg("ingest", path, *options, KG_PASSWORD=endpoint.password)

    dry = run("--dry-run")
    assert (dry.exit_code, sizes(store)) == (0, []), dry.stderr
    real = run()
    assert dry.stdout.startswith(f"{real.stdout.strip()}; would appear: 1 issues, 1 articles, ")
    before = content(store)
    assert run("--dry-run").stdout == "page-2025-07-04: unchanged\n"

    page.write_text(PAGE.replace("王建国", "赵建军"), encoding="utf-8")
    corrected = run("--dry-run")
    assert "(replaced); would appear: 1 articles, 1 entities, " in corrected.stdout
    ledger, told = map(json.loads, run("--dry-run", "--format", "json").stdout.splitlines())
    assert (ledger["about"], ledger["told"]) == (str(tmp_path / "decisions.csv"), "")
    assert (told["about"], told["told"]) == ("page-2025-07-04", corrected.stdout.strip())
    assert [row["name"] for row in told["appear"]["entities"]] == ["赵建军"]
    assert [row["name"] for row in told["vanish"]["entities"]] == ["王建国"]
    assert [row["title"] for row in told["appear"]["relations"] if row["type"] == "HOLDS_POSITION"] == ["主席"]
    assert content(store) == before

    # A decision that is not in force yet, and a fault.
    (tmp_path / "decisions.csv").write_text(
        f"when,who,action,entity,other,why\n2026-11-23,李,drop,Organisation:{UNION},,\n", encoding="utf-8"
    )
    (page.parent / "page-2025-07-05.txt").write_bytes(b"")
    faulty = run("--dry-run", path=page.parent)
    assert faulty.exit_code == 1
    assert "page-2025-07-05.txt: is empty" in faulty.stderr
    assert faulty.stdout.startswith(f"{tmp_path / 'decisions.csv'}: would vanish: ")
    assert content(store) == before
    in_force = store.query("MATCH (l:Ledger) RETURN coalesce(l.decisions, []) AS lines").rows[0][0]
    assert UNION not in repr(in_force)
    assert run("--format", "json").exit_code == 2


def test_a_dry_run_makes_no_folder(kg: Kg, page: Path, tmp_path: Path) -> None:
    db = tmp_path / "new" / "graph"
    dry = kg("ingest", page, "--dry-run", "--db", db)
    assert dry.exit_code == 0, dry.stderr
    assert "would appear: 1 issues, 1 articles" in dry.stdout
    assert not db.parent.exists()
    for folder, message in ((page.parent, "holds other files and no graph"), (page, "is no folder")):
        for flags in ([], ["--dry-run"]):
            refused = kg("ingest", page, *flags, "--db", folder)
            assert (refused.exit_code, refused.stdout) == (1, "")
            assert message in refused.stderr
    assert [path.name for path in page.parent.iterdir()] == [page.name]


CENTRE, UNION = "杏花岭区环卫中心", "太原市总工会"


def test_decisions_from_the_command_to_the_graph_and_back(
    kg: Kg, graph: tuple[str, ...], endpoint: Endpoint, store: Store, page: Path, tmp_path: Path
) -> None:
    ledger, other = tmp_path / "decisions.csv", tmp_path / "other.csv"

    def run(*arguments: object, **environment: str) -> Result:
        return kg(*arguments, *graph, KG_PASSWORD=endpoint.password, KG_LEDGER=str(ledger), **environment)

    def holders() -> list[tuple[str, str]]:
        rows = json.loads(run("report", "positions", "--format", "json").stdout)
        return [(row["person"], row["organisation"]) for row in rows]

    assert run("ingest", page, "--home", "太原市").exit_code == 0
    before = content(store)
    assert holders() == [("王建国", UNION)]

    merged = run("merge", UNION, CENTRE, "--why", "a test, no more", KG_WHO="李")
    line = f"merge Organisation:{UNION} Organisation:{CENTRE}"
    assert (merged.exit_code, merged.stdout, merged.stderr) == (0, f"{ledger}: {line}\n", "")
    assert holders() == [("王建国", CENTRE)]
    row, *shipped = json.loads(kg("decisions", "--ledger", ledger, "--format", "json").stdout)
    assert {(other["who"], other["holds"]) for other in shipped} == {("newspaper-kg", True)}
    assert row.pop("when").startswith("20")
    assert row == {
        "number": 1,
        "who": "李",
        "action": "merge",
        "entity": f"Organisation:{UNION}",
        "other": f"Organisation:{CENTRE}",
        "why": "a test, no more",
        "holds": True,
    }

    # The same pages again change nothing, and another ledger is refused before anything is written, the graph or it.
    decided = content(store)
    again = run("ingest", page, "--home", "太原市")
    assert (again.exit_code, again.stdout, again.stderr) == (0, "page-2025-07-04: unchanged\n", "")
    lacking = f"Error: {other}: lacks 1 decisions that the graph was made with, such as '{line}'; give their file"
    for arguments in (["ingest", page], ["drop", "王建国"], ["withdraw", "page-2025-07-04"]):
        refused = run(*arguments, "--ledger", other)
        assert (refused.exit_code, refused.stdout) == (1, "")
        assert refused.stderr.startswith(lacking)
    assert not other.exists()
    assert content(store) == decided

    renamed = run("rename", CENTRE, "环卫中心", "--who", "王", KG_WHO="李")
    assert renamed.stdout == f"{ledger}: rename Organisation:{CENTRE} 环卫中心\n"
    assert holders() == [("王建国", "环卫中心")]
    dropped = run("drop", "Person:王建国")
    # With the place of his post where the sentence is sure enough of it, which is for the classifier to say.
    person = dropped.stdout.removeprefix(f"{ledger}: drop ").strip()
    assert person in ("Person:王建国", "Person:王建国@1401")
    assert holders() == []
    for undone in (f"drop {person}", f"rename Organisation:{CENTRE} 环卫中心", line):
        assert run("undo").stdout == f"{ledger}: undo {undone}\n"
    assert content(store) == before
    nothing = run("undo")
    assert (nothing.exit_code, nothing.stdout) == (1, "")
    assert nothing.stderr == f"Error: {ledger}: holds no decision; there is nothing to undo\n"
    made = list(csv.DictReader(kg("decisions", "--ledger", ledger, "--format", "csv").stdout.splitlines()))
    own = [row for row in made if row["who"] != "newspaper-kg"]
    assert [row["who"] for row in own][:2] == ["李", "王"]
    assert {row["holds"].lower() for row in own} == {"false"}

    # A decision that came by the file holds at the next ingest, too.
    with ledger.open("a", encoding="utf-8") as file:
        file.write(f"2026-11-23,李,drop,Organisation:{UNION},,\n")
    assert run("ingest", page, "--home", "太原市").stdout == "page-2025-07-04: unchanged\n"
    assert holders() == []


def test_a_split_reads_articles_again_without_the_model(
    kg: Kg, graph: tuple[str, ...], endpoint: Endpoint, store: Store, page: Path, tmp_path: Path
) -> None:
    options = (*graph, "--ledger", tmp_path / "mine.csv")
    page.write_text(PAGE.replace("环卫工人", "市总工会干部，市总工会主席王建国讲话"), encoding="utf-8")
    assert kg("ingest", page, "--home", "太原市", *options, KG_PASSWORD=endpoint.password).exit_code == 0
    before = content(store)
    split = kg("split", UNION, "市总工会", *options, KG_PASSWORD=endpoint.password)
    assert split.stdout == f"{tmp_path / 'mine.csv'}: split Organisation:{UNION} 市总工会\n", split.stderr
    assert split.stderr == ""
    names = "MATCH (e:Organisation) WHERE e.name ENDS WITH '总工会' RETURN e.name ORDER BY e.name"
    assert store.query(names).rows == ((UNION,), ("市总工会",))
    assert kg("undo", 1, *options, KG_PASSWORD=endpoint.password).exit_code == 0
    assert content(store) == before


def test_a_dropped_place_that_stays_is_told(
    kg: Kg, graph: tuple[str, ...], endpoint: Endpoint, store: Store, tools: Tools, tmp_path: Path
) -> None:
    World(store, finding(tools, ("Place", "太原市"), ("Place", "小店区"))).ingest("x", "太原市小店区变化大。")
    dropped = kg("drop", "太原市", *graph, "--ledger", tmp_path / "mine.csv", KG_PASSWORD=endpoint.password)
    assert dropped.stdout == f"{tmp_path / 'mine.csv'}: drop Place:太原市\n"
    assert dropped.stderr == "Place:太原市: stays as a place that others lie in; no article names it any more\n"


def test_a_broken_ledger_is_named_by_its_line(
    kg: Kg, graph: tuple[str, ...], endpoint: Endpoint, page: Path, tmp_path: Path
) -> None:
    ledger = tmp_path / "decisions.csv"
    ledger.write_text(
        "when,who,action,entity,other,why\nt,w,drop,Person:甲,,\nt,w,dorp,Person:乙,,\n", encoding="utf-8"
    )
    before = ledger.read_bytes()
    for arguments in (["ingest", page, *graph], ["undo", *graph], ["withdraw", "x", *graph], ["decisions"]):
        result = kg(*arguments, "--ledger", ledger, KG_PASSWORD=endpoint.password)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith(f"Error: {ledger}:3: 'dorp' is no action; use merge, split, rename, drop")
    assert ledger.read_bytes() == before


def test_a_type_that_nobody_knows_is_refused_before_anything_is_written(
    kg: Kg, graph: tuple[str, ...], endpoint: Endpoint, page: Path, tmp_path: Path
) -> None:
    ledger = tmp_path / "decisions.csv"
    ledger.write_text("when,who,action,entity,other,why\nt,w,drop,Organisatoin:甲,,\n", encoding="utf-8")
    before = ledger.read_bytes()
    options = (*graph, "--ledger", ledger)
    assert kg("ingest", page, *options, KG_PASSWORD=endpoint.password).stderr == (
        f"Error: {ledger}:2: 'Organisatoin:甲' is of no known type; mend the line, or kg undo 1\n"
    )
    assert ledger.read_bytes() == before
    assert kg("undo", 1, *options, KG_PASSWORD=endpoint.password).exit_code == 0


def test_a_login_without_a_name_has_to_say_who_decides(
    kg: Kg,
    graph: tuple[str, ...],
    endpoint: Endpoint,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME", "KG_WHO"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("os.getuid", lambda: 54321)
    ledger = tmp_path / "decisions.csv"
    ledger.write_text("when,who,action,entity,other,why\nt,w,drop,Person:甲,,\n", encoding="utf-8")
    before = ledger.read_bytes()
    undo = ("undo", *graph, "--ledger", ledger)
    result = kg(*undo, KG_PASSWORD=endpoint.password)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "Error: --who: this login has no name; say who decides with --who or KG_WHO\n"
    assert ledger.read_bytes() == before
    assert kg(*undo, KG_PASSWORD=endpoint.password, KG_WHO="李").exit_code == 0


def test_extract_reads_ready_articles_as_they_are(kg: Kg) -> None:
    row = {
        "id": "x1",
        "title": "标题",
        "text": PAGE.split("\n\n")[1],
        "home": "太原市",
        "date": "2025-07-04",
        "more": 1,
    }
    result = kg("extract", "-", given=json.dumps(row, ensure_ascii=False))
    assert result.exit_code == 0, result.stderr
    read = json.loads(result.stdout)
    assert (read["id"], read["title"], read["body"], read["date"]) == ("x1", "标题", row["text"], "2025-07-04")
    assert {"type": "Person", "name": "王建国"}.items() <= next(
        e for e in read["entities"] if e["name"] == "王建国"
    ).items()
    post = next(relation for relation in read["relations"] if relation["type"] == "HOLDS_POSITION")
    assert (post["head"], post["tail"], post["title"]) == ("王建国", "太原市总工会", "主席")
    text = f"标题\n{row['text']}"
    assert text[post["start"] : post["end"]] == post["sentence"]
    mentions = [mention for entity in read["entities"] for mention in entity["mentions"]]
    assert mentions
    assert all(text[mention["start"] : mention["end"]] == mention["text"] for mention in mentions)


def test_parse_prints_the_articles(kg: Kg, page: Path) -> None:
    (article,) = [json.loads(line) for line in kg("parse", page).stdout.splitlines()]
    assert article["title"] == "太原市总工会送清凉"
    assert article["byline"] == ["刘小敏"]
    assert article["date"] == "2025-07-03"


def test_evaluate_scores_predictions(kg: Kg) -> None:
    result = kg("evaluate", GOLD, "--predictions", GOLD, "--format", "json")
    rows = json.loads(result.stdout)
    assert {row["level"] for row in rows} == {"entity", "relation"}
    assert {row["f1"] for row in rows} == {1.0}


def test_evaluate_shows_the_levels_that_are_asked_for(kg: Kg) -> None:
    result = kg("evaluate", GOLD, "--predictions", GOLD, "--level", "mention", "--level", "mention", "--format", "json")
    rows = json.loads(result.stdout)
    assert [row["level"] for row in rows] == ["mention"] * 5
    assert {row["f1"] for row in rows} == {1.0}


def test_evaluate_shows_which_names_are_together(kg: Kg) -> None:
    result = kg("evaluate", GOLD, "--predictions", GOLD, "--level", "cluster", "--format", "json")
    rows = json.loads(result.stdout)
    assert rows[-1]["type"] == "all"
    assert {(row["level"], row["f1"], row["gold"] == row["predicted"]) for row in rows} == {("cluster", 1.0, True)}
    errors = kg("evaluate", GOLD, "--predictions", GOLD, "--level", "cluster", "--errors", "--format", "json")
    assert json.loads(errors.stdout) == []


@pytest.fixture
def worse(tmp_path: Path) -> Path:
    """Predictions that lack the last article and the first entity of each."""
    rows = [json.loads(line) for line in GOLD.read_text("utf-8").splitlines()][:-1]
    path = tmp_path / "worse.jsonl"
    made = [{"id": row["id"], "entities": row["entities"][1:], "relations": []} for row in rows]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in made), encoding="utf-8")
    return path


def test_evaluate_compares_two_runs(kg: Kg, worse: Path) -> None:
    result = kg("evaluate", GOLD, "--predictions", GOLD, "--compare", worse, "--format", "json")
    assert result.exit_code == 0, result.stderr
    assert result.stderr == f"{worse}: lacks 1 articles of {GOLD}; what they hold counts as missed\n"
    (entities, _) = [row for row in json.loads(result.stdout) if row["type"] == "all"]
    assert entities["f1"] == 1.0
    assert entities["difference"] == pytest.approx(1 - entities["other_f1"])
    assert entities["p"] < 0.01


def test_evaluate_lists_mistakes(kg: Kg, worse: Path) -> None:
    result = kg("evaluate", GOLD, "--predictions", worse, "--errors", "--format", "csv")
    first, *lines = csv.reader(result.stdout.splitlines())
    assert first == ["level", "kind", "type", "gold", "predicted", "rule", "sentence", "article"]
    scores = json.loads(kg("evaluate", GOLD, "--predictions", worse, "--format", "json").stdout)
    missed = {row["level"]: row["gold"] - row["predicted"] for row in scores if row["type"] == "all"}
    assert Counter(level for level, *_ in lines) == missed


def test_evaluate_takes_a_folder_to_compare_for_a_model(kg: Kg, tmp_path: Path) -> None:
    result = kg("evaluate", GOLD, "--predictions", GOLD, "--compare", tmp_path)
    assert result.exit_code == 1
    assert f"{tmp_path}: no HanLP model" in result.stderr


def test_evaluate_reads_the_articles_and_places_what_it_finds(kg: Kg, tmp_path: Path) -> None:
    text = PAGE.split("\n\n")[1]
    gold = tmp_path / "gold.jsonl"
    entities = [{"type": "Person", "name": "王建国", "surfaces": ["王建国"]}]
    article = {"id": "x1", "title": "标题", "text": text, "home": "太原市", "entities": entities, "relations": []}
    gold.write_text(json.dumps(article, ensure_ascii=False), encoding="utf-8")
    result = kg("evaluate", gold, "--level", "mention", "--format", "json")
    assert result.exit_code == 0, result.stderr
    (person,) = [row for row in json.loads(result.stdout) if row["type"] == "Person"]
    assert (person["f1"], person["gold"], person["predicted"]) == (1.0, 1, 1)
    predictions = tmp_path / "predictions.jsonl"
    predictions.write_text(kg("extract", gold).stdout, encoding="utf-8")
    again = kg("evaluate", gold, "--predictions", predictions, "--level", "mention", "--format", "json")
    assert json.loads(again.stdout) == json.loads(result.stdout)
    model = ROOT / "kg/models/news"
    itself = kg("evaluate", gold, "--predictions", predictions, "--compare", model, "--format", "json")
    assert {(row["difference"], row["p"]) for row in json.loads(itself.stdout)} == {(0.0, 1.0)}


def test_pre_labels_are_sound_and_the_model_agrees_with_itself(kg: Kg, tmp_path: Path) -> None:
    printed = kg("label", ROOT / "seeds/page-2025-11-15.txt", "--indent")
    assert printed.exit_code == 0, printed.stderr
    path = tmp_path / "labels.jsonl"
    path.write_text(printed.stdout, encoding="utf-8")
    checked = kg("label", "--check", path)
    assert checked.exit_code == 0, checked.stderr
    assert checked.stdout.startswith("6 articles; entities: ")
    assert checked.stdout.count("\n") == 1
    rows = json.loads(kg("evaluate", path, "--format", "json").stdout)
    assert len(rows) > 5
    assert {row["f1"] for row in rows} == {1.0}


def test_pre_labels_hold_the_byline_that_the_page_s_text_lost(kg: Kg, page: Path) -> None:
    labels = json.loads(kg("label", page, "--publication", "太原晚报").stdout)
    assert (labels["publication"], labels["date"], labels["home"]) == ("太原晚报", "2025-07-03", None)
    assert labels["text"].endswith("\n（刘小敏）")
    assert {"type": "Person", "name": "刘小敏", "surfaces": ["刘小敏"]} in labels["entities"]
    (post,) = [row for row in labels["relations"] if row["type"] == "HOLDS_POSITION"]
    assert (post["head"], post["tail"], post["title"]) == ("王建国", "太原市总工会", "主席")


def test_label_names_a_bad_page_and_goes_on(kg: Kg, page: Path) -> None:
    result = kg("label", page, "nowhere.txt")
    assert result.exit_code == 1
    assert "Error: nowhere.txt: no such file or folder" in result.stderr
    assert json.loads(result.stdout)["title"] == "太原市总工会送清凉"
    empty = kg("label", "nowhere.txt")
    assert (empty.exit_code, empty.stdout) == (1, "")


LABELS = {
    "id": "a1",
    "title": "王建国出席",
    "text": "该行王建国出席。",
    "entities": [{"type": "Person", "name": "王建国", "surfaces": ["王建国"]}],
    "relations": [],
}
WRONG = LABELS | {"id": "a2", "entities": [{"type": "Person", "name": "王建国", "surfaces": ["王建国", "王健国"]}]}
DOUBTFUL = LABELS | {"id": "a3", "entities": [{"type": "Organisation", "name": "兴业银行", "surfaces": ["该行"]}]}


def test_check_tells_faults_and_warnings_apart(kg: Kg, tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"

    def write(*labels: object) -> None:
        path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in labels), encoding="utf-8")

    told = "article a3: '该行' (兴业银行) names nothing by itself; take it out unless it is a name here"
    write(LABELS, DOUBTFUL)
    doubtful = kg("label", "--check", path)
    assert doubtful.exit_code == 0
    assert doubtful.stdout == "2 articles; entities: 1 Person, 1 Organisation; relations: none\n"
    assert doubtful.stderr == f"Warning: {path}:2: {told}\n"
    copied = "copy it from there or take it out"
    write(WRONG, DOUBTFUL, [])
    wrong = kg("label", "--check", path)
    assert wrong.exit_code == 1
    assert wrong.stdout == ""
    assert wrong.stderr.splitlines() == [
        f"Error: {path}:3: is no JSON object; give one object a line",
        f"Error: {path}:1: article a2: '王健国' (王建国) does not stand in title or text; {copied}",
        f"Warning: {path}:2: {told}",
    ]
    write(LABELS)
    twice = kg("label", "--check", path, "-", given=json.dumps(LABELS))
    assert twice.exit_code == 1
    assert twice.stderr == (
        f"Error: standard input:1: article a1: its id stands at {path}:1 already; give each article its own\n"
    )


def test_our_own_gold_has_no_faults(kg: Kg) -> None:
    result = kg("label", "--check", ROOT / "tests/gold/seeds.gold.jsonl")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("16 articles; ")


def test_check_follows_another_schema(kg: Kg, tmp_path: Path) -> None:
    schema = tmp_path / "schema.yaml"
    schema.write_text("entities: {Man: {label: 人, tags: [PER]}}\nrelations: {}\n", encoding="utf-8")
    result = kg("label", "--check", "-", "--schema", schema, given=json.dumps(LABELS))
    assert "standard input:1: article a1: unknown type 'Person'; use one of: Man" in result.stderr


def test_two_pages_through_stdin_do_not_replace_each_other(
    kg: Kg, graph: tuple[str, ...], endpoint: Endpoint, store: Store
) -> None:
    paper = ("-", "--publication", "太原晚报", "--date", "2025-07-04", *graph)
    assert kg("ingest", *paper, given=PAGE, KG_PASSWORD=endpoint.password).exit_code == 0
    before = sizes(store)
    second = kg("ingest", *paper, given=PAGE.replace("王建国", "赵建军"), KG_PASSWORD=endpoint.password)
    assert second.exit_code == 1
    assert "is stored already" in second.stderr
    assert sizes(store) == before


def test_a_report_without_rows_says_what_it_was_asked(kg: Kg, graph: tuple[str, ...], endpoint: Endpoint) -> None:
    asked = kg("report", "officeholders", "-p", "person=周强", *graph, KG_PASSWORD=endpoint.password)
    assert (asked.exit_code, asked.stdout.splitlines()[-1]) == (0, "(no rows)")
    assert asked.stderr == (
        "report officeholders: no rows with person=周强 limit=100 (not given: organisation, title, day)\n"
    )


def test_reports_tell_what_has_to_be_given(kg: Kg) -> None:
    lines = kg("reports").stdout.splitlines()
    assert "    --param person=NAME  (optional, e.g. 田志军)  any name of the person; without it everybody" in lines
    assert "    --param limit=INTEGER  (default 30)  rows at most" in lines
    assert "    --param from=NAME  (required, e.g. 潘海燕)  any name of the first" in lines


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ingest", "nowhere.txt"], "nowhere.txt: no such file or folder"),
        (["extract", "seeds", "--model", "seeds"], "seeds: no HanLP model"),
        (["extract", "seeds", "--model", "NO_SUCH"], "NO_SUCH: no such folder, and no identifier"),
        (["extract", "seeds", "--schema", "seeds/issues.yaml"], "seeds/issues.yaml: "),
        (["extract", "seeds", "--date", "gestern"], "--date: 'gestern' is wrong"),
        (["report", "nothing"], "nothing"),
        (["report", "positions", "--param", "planet=Mars"], "planet"),
        (["ingest", "seeds", "--uri", "bolt://127.0.0.1:1"], "bolt://127.0.0.1:1"),
        (["label", "--check", "seeds/issues.yaml"], "seeds/issues.yaml: labels are JSON lines"),
        (["evaluate", "seeds/issues.yaml"], "seeds/issues.yaml: gold is JSON lines"),
        (["evaluate", "tests/gold/seeds.gold.jsonl", "--predictions", "nowhere"], "nowhere: cannot be read"),
        (
            ["evaluate", "tests/gold/seeds.gold.jsonl", "--predictions", "training/written-1.jsonl"],
            "training/written-1.jsonl: holds no article of the gold",
        ),
        (["evaluate", "tests/gold/seeds.gold.jsonl", "--compare", "nowhere"], "nowhere: cannot be read"),
        (["report", "positions", "--db", "nowhere"], "nowhere: holds no graph; run kg ingest first"),
    ],
)
def test_errors_are_one_clear_sentence(
    kg: Kg, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(ROOT)
    result = kg(*arguments, KG_PASSWORD="wrong")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert "wrong" not in result.stderr.replace("is wrong", "")


def test_a_wrong_password_is_named(kg: Kg, graph: tuple[str, ...]) -> None:
    result = kg("query", "RETURN 1 AS n", *graph, KG_PASSWORD="not-this-one")
    assert result.exit_code == 1
    assert "password" in result.stderr
    assert "not-this-one" not in result.stderr


def test_usage_errors_exit_2(kg: Kg) -> None:
    assert kg("ingest").exit_code == 2
    assert kg("label", "--check", "x.jsonl", "--indent").exit_code == 2
    assert kg("label", "--check", "x.jsonl", "--home", "太原市").exit_code == 2
    assert kg("report", "positions", "--param", "x").exit_code == 2
    assert kg("evaluate", GOLD, "--errors", "--compare", GOLD).exit_code == 2
    assert kg("evaluate", GOLD, "--level", "word").exit_code == 2
    assert kg("merge", "太重").exit_code == 2
    assert kg("split").exit_code == 2
    assert kg("rename", "太重").exit_code == 2
    assert kg("drop").exit_code == 2
    assert kg("undo", "first").exit_code == 2
    assert kg("undo", "--ledger", ROOT).exit_code == 2
    assert kg("decisions", "--format", "xml").exit_code == 2


def test_doctor_tells_versions_and_engine(kg: Kg, tmp_path: Path) -> None:
    result = kg("doctor", "--db", tmp_path / "graph")
    assert result.exit_code == 0, result.stdout
    assert "ArcadeDB" in result.stdout
    sick = kg("doctor", "--db", tmp_path / "graph", "--model", tmp_path)
    assert sick.exit_code == 1
    assert "BAD model" in sick.stdout


@pytest.mark.parametrize("command", ["reports", "decisions"])
def test_a_closed_pipe_is_no_error_to_talk_about(command: str, tmp_path: Path) -> None:
    """As in kg parse | head: whoever read the output has had enough of it."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as closed:
        script = f"from kg.cli import main; main(['{command}'])"
        environment = os.environ | {"KG_LEDGER": str(tmp_path / "decisions.csv")}
        result = subprocess.run(
            [sys.executable, "-c", script], stdout=closed, stderr=subprocess.PIPE, check=False, env=environment
        )
    assert (result.returncode, result.stderr) == (141, b"")


def test_help_loads_nothing_heavy() -> None:
    heavy = ["torch", "hanlp", "neo4j", "arcadedb_embedded", "pydantic", "jieba", "transformers"]
    script = (
        "import sys; from kg.cli import main\n"
        "try: main(['--help'])\n"
        f"finally: print([name for name in {heavy} if name in sys.modules], file=sys.stderr)"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stderr.strip() == "[]"


def test_review_asks_and_records(kg: Kg, graph: tuple[str, ...], endpoint: Endpoint, tmp_path: Path) -> None:
    """A short form that a paper of another city ties to two bodies: one answer settles the other question, too."""
    texts = {
        "太原市": "恒重集团与太原市教育局签约，太原市教育局局长王明出席。",
        "大同市": "恒川重型机械集团有限公司（以下简称“恒重集团”）今日开工。恒重集团与太原市教育局合作。",
        "长治市": "恒谷重型机器集团有限公司（以下简称“恒重集团”）今日开工。恒重集团与太原市教育局合作。",
    }
    rows = [{"id": home, "text": text, "home": home, "date": "2025-01-01"} for home, text in texts.items()]
    file = tmp_path / "a.jsonl"
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    ledger = ("--ledger", tmp_path / "decisions.csv")
    assert kg("ingest", file, *graph, *ledger, KG_PASSWORD=endpoint.password).exit_code == 0
    asked = kg("review", *graph, *ledger, "--who", "李", given="s\n", KG_PASSWORD=endpoint.password)
    assert asked.exit_code == 0, asked.stderr
    assert asked.stdout.startswith(f"{tmp_path / 'decisions.csv'}: merge Organisation:恒重集团 Organisation:恒")
    assert "1 of 2\n恒重集团  (Organisation:恒重集团, 1 articles)" in asked.stderr
    again = kg("review", *graph, *ledger, KG_PASSWORD=endpoint.password)
    assert (again.exit_code, again.stdout) == (0, "nothing is in doubt\n")
