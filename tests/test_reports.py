"""Reports: their files, their parameters, their answers on both engines.

The answers stand in golden/reports; ``KG_UPDATE_GOLDEN=1 pytest tests/test_reports.py`` writes them anew.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from wcwidth import wcswidth

from kg import reports, tables
from kg.embedded import Endpoint
from kg.errors import ReportError
from kg.records import Query, Table
from kg.schema import project_file
from kg.store import Store
from tests import changes, sample

GOLDEN = Path(__file__).parent / "golden" / "reports"
NAMES = tuple(reports.load_all())
HEADER = "// 谁？ · Who?\n// One row each.\n"
EMPTY = Table(columns=("name", "times"), rows=())


@pytest.fixture
def query(endpoint: Endpoint) -> Iterator[Query]:
    """``Store.query`` on a graph of the two sample pages, loaded only where another test left something else."""
    with Store.connect(endpoint.uri, user=endpoint.user, password=endpoint.password) as store:
        graphs = {issue_id: sample.graph(page) for page, (issue_id, _) in sample.ISSUES.items()}
        loaded = {(node.id, node.properties["sha256"]) for graph in graphs.values() for node in graph.nodes[-1:]}
        stored = set(store.query("MATCH (issue:Issue) RETURN issue.id, issue.sha256").rows)
        store.prepare()
        if stored != loaded:
            for issue_id, _ in stored:
                changes.withdraw(store, str(issue_id))
            for issue_id, graph in graphs.items():
                changes.replace(store, issue_id, graph)
        yield store.query


def ask(query: Query, report: str, /, **given: str) -> list[dict[str, object]]:
    """Return the rows of a report as records."""
    table = reports.run(reports.load(report), given, query)
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def report_in(folder: Path, text: str) -> reports.Report:
    """Write and load a report named 'asked'."""
    (folder / "asked.cypher").write_text(text, encoding="utf-8")
    return reports.load("asked", folder)


# The files


@pytest.mark.parametrize("name", NAMES)
def test_report_is_bilingual_and_ordered(name: str) -> None:
    report = reports.load(name)
    assert re.fullmatch(r"[^ -~]+？ · [A-Z].*\?", report.title)
    assert report.description.endswith(".")
    assert re.search(r"^ORDER BY [^\n]+, [^\n]+(\nLIMIT \$limit)?\Z", report.cypher, re.MULTILINE)
    returned = report.cypher[report.cypher.rindex("RETURN", 0, report.cypher.rindex("ORDER BY")) :]
    assert " AS " in returned


@pytest.mark.parametrize("name", NAMES)
def test_report_asks_nothing_of_anybody_s_own_making(name: str) -> None:
    """Who or what is meant is the user's to say: a default is a number of rows, never a name of some sample."""
    assert {parameter.type for parameter in reports.load(name).parameters if parameter.default} <= {"integer"}


@pytest.mark.parametrize("name", NAMES)
def test_report_says_how_to_fill_optional_parameters(name: str) -> None:
    names = [parameter for parameter in reports.load(name).parameters if parameter.type in ("name", "text")]
    assert all(parameter.default or parameter.example for parameter in names)


@pytest.mark.parametrize("path", sorted((project_file("cypher") / "browser").glob("*.cypher")), ids=str)
def test_browser_query_answers(path: Path, query: Query) -> None:
    assert query(path.read_text(encoding="utf-8"), {}).rows


# The answers


@pytest.mark.parametrize("name", NAMES)
def test_report_equals_golden_file(name: str, query: Query) -> None:
    report = reports.load(name)
    needed = {parameter.name: parameter.example or "" for parameter in report.parameters if parameter.required}
    table = reports.run(report, needed, query)
    assert table.rows
    printed = tables.render(table, "md") + "\n"
    golden = GOLDEN / f"{name}.md"
    if os.environ.get("KG_UPDATE_GOLDEN") == "1":
        golden.write_text(printed, encoding="utf-8")
    assert printed == golden.read_text(encoding="utf-8")


def test_every_golden_file_has_a_report() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == set(NAMES)


@pytest.mark.parametrize(
    ("name", "given", "column", "expected"),
    [
        ("positions", {"name": "田志军"}, "organisation", ["中共晋城市委员会", "晋城市"]),
        ("positions", {"name": "省工信厅"}, "person", ["潘海燕"]),
        ("positions", {"name": "晋城"}, "title", ["常务副市长"]),
        ("positions", {"limit": "1"}, "person", ["潘海燕"]),
        ("organisers", {"name": "文瀛夜塾青年充电续航计划"}, "organiser", ["山西大学"]),
        ("organisers", {"name": "德勤"}, "role", ["发起"]),
        ("awards", {"name": "左权县"}, "award", ["省级文物保护利用示范区"]),
        ("awards", {"name": "“杰出项目”"}, "recipient", ["“山西太原氢能公交车示范线”项目"]),
        ("ownership", {"name": "能裕公司"}, "owner", ["太原重型机械集团有限公司", "太原重工股份有限公司"]),
        ("officeholders", {"person": "刘俊杰"}, "organisation", ["兴业银行太原分行营业部"]),
        ("officeholders", {"title": "常务副市长"}, "person", ["田志军"]),
        ("officeholders", {"person": "刘俊杰", "organisation": "晋城市"}, "person", []),
        ("participants", {"name": "山西中医药大学"}, "type", ["Organisation"]),
        ("partners", {"name": "太原公交集团"}, "partner", ["山西美锦能源股份有限公司"]),
        ("partners", {"name": "美锦能源"}, "partner", ["太原公共交通控股（集团）有限公司"]),
        ("entity_sentences", {"name": "丁洁"}, "sentence", []),
        ("timeline", {"name": "弓凤飞"}, "date", ["2024-12-04", "2025-11-13"]),
        ("timeline", {"name": "弓凤飞", "since": "2025-01-01"}, "date", ["2025-11-13"]),
        ("timeline", {"name": "弓凤飞", "until": "2024-12-04"}, "date", ["2024-12-04"]),
        ("place_events", {"place": "左权县"}, "basis", [["在当地"], ["当地获得"]]),
        ("place_events", {"place": "太原", "until": "2024-12-04"}, "place", ["小店区", "太原市", "小店区"]),
        ("reporter_beat", {"reporter": "李学军", "top": "1"}, "kind", ["稿件", "机构", "项目活动"]),
        ("connection", {"from": "太重", "to": "太原重型机械集团有限公司"}, "path", []),
        ("connection", {"from": "田志军", "to": "李学军"}, "path", []),
        ("co_mentions", {"name": "何宝国"}, "other", []),
        ("co_mentions", {"type": "Person"}, "other", ["田志军", "高旭梅"]),
        ("co_mentions", {"name": "田志军", "type": "Person"}, "other", ["习近平"]),
        ("issues", {"limit": "1"}, "articles", [6]),
    ],
)
def test_report_finds(name: str, given: dict[str, str], column: str, expected: list[object], query: Query) -> None:
    assert [row[column] for row in ask(query, name, **given)] == expected


def test_organisation_profile_shows_other_names_before_facts(query: Query) -> None:
    rows = ask(query, "organisation_profile", name="太重")
    assert [row["aspect"] for row in rows] == ["又名", "又名", "控股", "控股", "控股", "控股", "获得"]
    assert [row["value"] for row in rows[:2]] == ["太重", "太重集团"]


def test_place_events_of_a_province_include_its_counties(query: Query) -> None:
    places = {row["place"] for row in ask(query, "place_events", place="山西")}
    assert places >= {"山西省", "太原市", "小店区", "晋城市", "左权县"}


def test_connection_follows_statements_before_articles(query: Query) -> None:
    rows = ask(query, "connection", **{"from": "太重集团", "to": "能裕公司"})
    assert [row["relation"] for row in rows] == ["OWNS →", "同一报道"]
    assert [row["headline"] for row in rows] == ["太重整合优化风电资产股权"] * 2


def test_connection_in_the_other_direction_turns_the_arrow(query: Query) -> None:
    rows = ask(query, "connection", **{"from": "能裕公司", "to": "太重集团", "paths": "1"})
    assert (rows[0]["from"], rows[0]["relation"]) == ("定襄县能裕新能源有限公司", "← OWNS")


@pytest.mark.usefixtures("query")
def test_statement_of_two_articles_is_one_row(endpoint: Endpoint) -> None:
    """The fact is counted, and shown with its latest sentence."""
    issue_id, _ = sample.ISSUES["p1"]
    article = next(row for row in sample.articles() if row["id"] == "p1-06")
    later = sample.graph("p1", [*sample.articles(), {**article, "id": "p1-99", "date": "2025-11-20"}])
    with Store.connect(endpoint.uri, user=endpoint.user, password=endpoint.password) as store:
        try:
            changes.replace(store, issue_id, later)
            (row,) = ask(store.query, "positions", name="刘俊杰")
        finally:
            changes.withdraw(store, issue_id)
    assert (row["times"], row["date"], row["since"]) == (2, "2025-11-20", "2025-11-13")


def stating(article_id: str, *changed: dict[str, str | None], date: str, new_id: str) -> sample.GoldArticle:
    """Return another article like ``article_id`` that states only these relations."""
    article = next(row for row in sample.articles() if row["id"] == article_id)
    return {**article, "id": new_id, "date": date, "relations": list(changed)}


@pytest.mark.usefixtures("query")
def test_planned_and_former_are_told_apart(endpoint: Endpoint) -> None:
    post = {"head": "田志军", "type": "HOLDS_POSITION", "tail": "晋城市"}
    sale = {"head": "太原重工股份有限公司", "type": "OWNS", "tail": "定襄县能裕新能源有限公司"}
    rows = [
        *sample.articles(),
        stating("p2-01", {**post, "title": "原常务副市长", "status": "former"}, date="2025-06-01", new_id="p2-98"),
        stating("p2-04", {**sale, "status": "planned", "stake": "51%"}, date="2024-12-20", new_id="p2-99"),
    ]
    issue_id, _ = sample.ISSUES["p2"]
    with Store.connect(endpoint.uri, user=endpoint.user, password=endpoint.password) as store:
        try:
            changes.replace(store, issue_id, sample.graph("p2", rows))
            positions = ask(store.query, "positions", name="晋城")
            owners = ask(store.query, "ownership", name="能裕公司")
            story = ask(store.query, "timeline", name="能裕公司", since="2024-12-20")
            before, after, then, other = (
                ask(store.query, "officeholders", title="常务副市长", **given)
                for given in ({"day": "2024-12-05"}, {}, {"day": "2025-01-01"}, {"person": "潘海燕"})
            )
        finally:
            changes.withdraw(store, issue_id)
    assert [(row["title"], row["status"]) for row in positions] == [("原常务副市长", "曾经"), ("常务副市长", None)]
    assert [(row["owner"], row["status"], row["stake"]) for row in owners] == [
        ("太原重工股份有限公司", "计划", "51%"),
        ("太原重型机械集团有限公司", None, None),
        ("太原重工股份有限公司", None, None),
    ]
    assert story[0]["statements"] == ["太原重工股份有限公司 OWNS 定襄县能裕新能源有限公司（计划）"]
    assert [row["basis"] for row in before] == ["在任"]
    assert [(row["basis"], row["former_by"]) for row in after] == [("离任", "2025-06-01")]
    assert [row["basis"] for row in then] == ["此前"]
    assert other == []


@pytest.mark.usefixtures("query")
def test_ownership_shows_the_newest_stake_that_is_told(endpoint: Endpoint) -> None:
    """A headline of the same deal says less than the story under it."""
    sale = {"head": "太原重工股份有限公司", "type": "OWNS", "tail": "定襄县能裕新能源有限公司", "status": "planned"}
    rows = [
        *sample.articles(),
        stating("p2-04", {**sale, "stake": "49%"}, date="2024-12-18", new_id="p2-97"),
        stating("p2-04", {**sale, "stake": "51%"}, date="2024-12-19", new_id="p2-98"),
        stating("p2-04", {**sale}, date="2024-12-20", new_id="p2-99"),
    ]
    issue_id, _ = sample.ISSUES["p2"]
    with Store.connect(endpoint.uri, user=endpoint.user, password=endpoint.password) as store:
        try:
            changes.replace(store, issue_id, sample.graph("p2", rows))
            row = ask(store.query, "ownership", name="能裕公司")[0]
        finally:
            changes.withdraw(store, issue_id)
    assert (row["stake"], row["date"], row["times"], row["status"]) == ("51%", "2024-12-20", 3, "计划")


# Loading


def test_load_reads_header_and_question(tmp_path: Path) -> None:
    report = report_in(
        tmp_path,
        "// 谁？ · Who?\n// One row each,\n// newest first.\n"
        "// param: place (name, default 中国(山西)“康养”大会, e.g. 晋城) — where (or near)\n"
        "// param: day (date, required) — when\n"
        "// param: type (text, optional) — what\n"
        "MATCH (p {id: $place, day: $day, type: $type})\n// a remark on $this\nRETURN '$that'\n",
    )
    assert report.title == "谁？ · Who?"
    assert report.description == "One row each, newest first."
    assert report.cypher.startswith("MATCH")
    assert report.parameters == (
        reports.Parameter(
            name="place",
            type="name",
            required=False,
            default="中国(山西)康养大会",
            example="晋城",
            description="where (or near)",
        ),
        reports.Parameter(name="day", type="date", required=True, default=None, example=None, description="when"),
        reports.Parameter(name="type", type="text", required=False, default=None, example=None, description="what"),
    )


def test_load_unknown_names_the_closest() -> None:
    with pytest.raises(ReportError) as error:
        reports.load("postions")
    assert str(error.value) == "report postions: is not known; did you mean positions? kg reports lists all"


def test_load_unknown_and_unlike_any() -> None:
    with pytest.raises(ReportError) as error:
        reports.load("../schema")
    assert str(error.value) == "report ../schema: is not known; kg reports lists all"


def test_load_all_of_a_folder_without_reports(tmp_path: Path) -> None:
    with pytest.raises(ReportError) as error:
        reports.load_all(tmp_path)
    assert str(error.value) == f"{tmp_path}: holds no reports (*.cypher); install the package again"


def test_load_all_lists_every_fault(tmp_path: Path) -> None:
    (tmp_path / "a.cypher").write_text("MATCH (n) RETURN $limit", encoding="utf-8")
    (tmp_path / "b.cypher").write_text(
        f"{HEADER}// param: limit\n// param: top (number, default 3) — rows\n"
        "// param: rows (integer, default x) — rows\n"
        "// param: kind (text, optional) — what\nRETURN 1",
        encoding="utf-8",
    )
    (tmp_path / "c.cypher").write_bytes("谁？".encode("gb18030"))
    with pytest.raises(ReportError) as error:
        reports.load_all(tmp_path)
    a, b, c = (tmp_path / f"{name}.cypher" for name in "abc")
    reason = "'utf-8' codec can't decode byte 0xa3 in position 2: invalid start byte"
    assert str(error.value).splitlines() == [
        f"{a}:1: has no title and description; begin with a // line for the question, then one more",
        f"{a}: $limit is used but not declared; add a // param: line",
        f"{b}:3: is no parameter; write // param: name (type, default value) — what it is",
        f"{b}:4: unknown type 'number'; use one of: name, text, integer, date",
        f"{b}:5: default 'x' is not a whole number from 0 to 2147483647; mend it",
        f"{b}: $kind is declared but not used; drop its // param: line",
        f"{c}: cannot be read ({reason}); save it as UTF-8",
    ]


# Parameters

ASKED = (
    f"{HEADER}// param: place (name, required, e.g. 太原市) — where\n// param: since (date, optional) — from\n"
    "// param: type (text, default Place) — what\n// param: limit (integer, default 20) — rows\n"
    "RETURN $place, $since, $type, $limit"
)


def test_bind_fills_in_defaults(tmp_path: Path) -> None:
    bound = reports.bind(report_in(tmp_path, ASKED), {"place": "太原"})
    assert bound == {"place": "太原", "since": None, "type": "Place", "limit": 20}


def test_asked_tells_what_was_given_what_held_and_what_was_left_open(tmp_path: Path) -> None:
    report = report_in(tmp_path, ASKED)
    assert reports.asked(report, {"place": "太原"}) == "place=太原 type=Place limit=20 (not given: since)"
    assert reports.asked(report, {"place": "太原", "since": "2025-01-01", "limit": "3"}) == (
        "place=太原 since=2025-01-01 type=Place limit=3"
    )
    assert reports.asked(reports.load("overview"), {}) == "no parameters"


def test_need_of_a_parameter(tmp_path: Path) -> None:
    needs = [parameter.need for parameter in report_in(tmp_path, ASKED).parameters]
    assert needs == ["required, e.g. 太原市", "optional", "default Place", "default 20"]


def test_bind_converts(tmp_path: Path) -> None:
    given = {"place": " “文瀛夜塾” 计划", "since": "2024-12-06", "type": " Person ", "limit": "5"}
    bound = reports.bind(report_in(tmp_path, ASKED), given)
    assert bound == {"place": "文瀛夜塾计划", "since": "2024-12-06", "type": "Person", "limit": 5}


def test_bind_lists_every_fault(tmp_path: Path) -> None:
    given = {"palce": "太原", "since": "6 December", "type": " ", "limit": "-1"}
    with pytest.raises(ReportError) as error:
        reports.bind(report_in(tmp_path, ASKED), given)
    assert str(error.value).splitlines() == [
        "report asked: --param palce: is not a parameter; known: place, since, type, limit",
        "report asked: --param place: is missing; give --param place=太原市",
        "report asked: --param since: '6 December' is not a date (YYYY-MM-DD); give --param since=2024-12-06",
        "report asked: --param type: ' ' is not text; give --param type=Place",
        "report asked: --param limit: '-1' is not a whole number from 0 to 2147483647; give --param limit=20",
    ]


def test_bind_refuses_numbers_no_database_takes() -> None:
    with pytest.raises(ReportError, match="'99999999999999999999' is not a whole number"):
        reports.bind(reports.load("issues"), {"limit": "9" * 20})


def test_bind_to_a_report_without_parameters() -> None:
    with pytest.raises(ReportError, match=r"^report overview: --param limit: is not a parameter; known: none$"):
        reports.bind(reports.load("overview"), {"limit": "3"})


def test_run_passes_question_and_parameters(tmp_path: Path) -> None:
    asked: list[object] = []

    def query(cypher: str, parameters: object) -> Table:
        asked.extend([cypher, parameters])
        return EMPTY

    assert reports.run(report_in(tmp_path, f"{HEADER}RETURN 1"), {}, query) == EMPTY
    assert asked == ["RETURN 1", {}]


@pytest.mark.parametrize("name", NAMES)
def test_report_fits_into_forty_columns(name: str, query: Query) -> None:
    report = reports.load(name)
    needed = {parameter.name: parameter.example or "" for parameter in report.parameters if parameter.required}
    printed = tables.render(reports.run(report, needed, query), "table", width=40)
    assert max(wcswidth(line) for line in printed.splitlines()) <= 40


def test_run_names_the_columns_even_without_rows(store: Store) -> None:
    table = reports.run(reports.load("ownership"), {"name": "没有这家公司"}, store.query)
    assert table.rows == ()
    assert table.columns[:2] == ("owner", "company")
