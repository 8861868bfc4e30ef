"""Files in, issues out: encodings, metadata and its conflicts, JSON lines, and a clear sentence for every bad input."""

import json
from pathlib import Path

import pytest

from kg import corpus, metadata
from kg.errors import InputError
from kg.metadata import Metadata
from kg.records import IssueText

TEXT = "本报讯 11月14日，太原市教育局举行活动。\n（张三）\n"
NOTHING = Metadata()


def read(*paths: Path | str, given: Metadata = NOTHING) -> tuple[list[IssueText], list[str]]:
    faults: list[InputError] = []
    issues = list(corpus.read_issues([str(path) for path in paths], given, faults.append))
    return issues, [str(fault) for fault in faults]


def page(folder: Path, content: bytes | str = TEXT, name: str = "page.txt") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_read_issues_decodes(tmp_path: Path, encoding: str) -> None:
    issues, faults = read(page(tmp_path, TEXT.encode(encoding)))
    assert not faults
    assert issues[0].pages[0].text == TEXT


def test_read_issues_unifies_line_ends(tmp_path: Path) -> None:
    issues, _ = read(page(tmp_path, TEXT.replace("\n", "\r\n")))
    assert issues[0].pages[0].text == TEXT


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "is a picture"),
        (b"PK\x03\x04\x14\x00\x00\x00", "is a broken archive"),
    ],
)
def test_read_issues_names_a_file_that_is_no_page(tmp_path: Path, content: bytes, message: str) -> None:
    bad = page(tmp_path, content, "bad.txt")
    issues, faults = read(bad, page(tmp_path))
    assert len(issues) == 1, "the good page goes on"
    assert len(faults) == 1
    assert faults[0].startswith(f"{bad}: {message}")


def test_read_issues_names_missing_paths_and_empty_folders(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    _, faults = read(tmp_path / "nowhere", tmp_path / "empty")
    assert "no such file or folder" in faults[0]
    assert "no pages in this folder" in faults[1]


def test_read_issues_takes_metadata_from_the_file_beside(tmp_path: Path) -> None:
    page(tmp_path)
    page(tmp_path, "page.txt: {publication: 太原日报, date: 2025-11-15, home: [太原市, 山西省]}", "issues.yaml")
    issues, faults = read(tmp_path)
    assert not faults
    issue = issues[0].issue
    assert (issue.publication, issue.date, issue.home) == ("太原日报", "2025-11-15", ("太原市", "山西省"))
    assert issue.id == "太原日报 2025-11-15"


def test_read_issues_takes_the_date_from_the_name(tmp_path: Path) -> None:
    issues, _ = read(page(tmp_path, name="A01_20250203.txt"), page(tmp_path, name="2024-12-06/p.txt"))
    assert sorted(str(issue.issue.date) for issue in issues) == ["2024-12-06", "2025-02-03"]


def test_read_issues_refuses_a_conflict_and_names_both(tmp_path: Path) -> None:
    page(tmp_path)
    page(tmp_path, "page.txt: {publication: 太原日报}", "issues.yaml")
    issues, faults = read(tmp_path, given=metadata.given(publication="大同日报"))
    assert not issues
    assert "大同日报" in faults[0]
    assert "太原日报" in faults[0]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("page.txt: [", "is not YAML"),
        ("- page.txt", "must map file names"),
        ("page.txt: {date: gestern}", "page.txt.date"),
        ("page.txt: {paper: 太原日报}", "page.txt.paper"),
    ],
)
def test_read_issues_names_bad_metadata(tmp_path: Path, content: str, message: str) -> None:
    page(tmp_path)
    page(tmp_path, content, "issues.yaml")
    issues, faults = read(tmp_path)
    assert not issues
    assert message in faults[0]


def test_pages_of_one_paper_and_day_are_one_issue(tmp_path: Path) -> None:
    given = metadata.given(publication="太原日报", date="2025-11-15", home="太原市,山西省")
    issues, _ = read(page(tmp_path, name="a.txt"), page(tmp_path, name="b.txt"), given=given)
    assert [page.number for page in issues[0].pages] == [1, 2]
    assert len(issues[0].issue.sources) == 2


def test_pages_without_a_paper_are_issues_of_their_own(tmp_path: Path) -> None:
    given = metadata.given(date="2025-11-15")
    issues, _ = read(page(tmp_path, name="a.txt"), page(tmp_path, name="b.txt"), given=given)
    assert [issue.issue.id for issue in issues] == ["a 2025-11-15", "b 2025-11-15"]


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    path = page(tmp_path)
    issues, _ = read(path, tmp_path)
    assert len(issues) == 1


def test_sha256_changes_with_content_and_metadata(tmp_path: Path) -> None:
    path = page(tmp_path)
    first = read(path)[0][0].issue.sha256
    assert read(path)[0][0].issue.sha256 == first
    assert read(path, given=metadata.given(home="大同市"))[0][0].issue.sha256 != first
    assert read(page(tmp_path, TEXT + "又"))[0][0].issue.sha256 != first


def test_json_lines_keep_ids_and_text(tmp_path: Path) -> None:
    row = {"id": 7, "title": "标题", "text": " 正文。\n二段。", "date": "2025-03-12", "home": "大同市", "more": [1]}
    issues, faults = read(page(tmp_path, json.dumps(row, ensure_ascii=False), "articles.jsonl"))
    assert not faults
    ready = issues[0].ready[0]
    assert (ready.id, ready.title, ready.text, ready.date) == ("7", "标题", " 正文。\n二段。", "2025-03-12")
    assert issues[0].issue.home == ("大同市",)


def test_json_lines_name_bad_lines_and_go_on(tmp_path: Path) -> None:
    lines = ['{"id": "a", "text": "正文"}', "{", "[1]", '{"id": "b"}', '{"id": "a", "text": "又"}', ""]
    path = page(tmp_path, "\n".join(lines), "articles.jsonl")
    issues, faults = read(path)
    assert [ready.id for issue in issues for ready in issue.ready] == ["a"]
    assert [fault.split(": ")[0] for fault in faults] == [f"{path}:{number}" for number in (2, 3, 4, 5)]


def test_json_lines_of_several_papers_are_several_issues(tmp_path: Path) -> None:
    rows = [
        {"id": "1", "text": "甲", "publication": "太原日报", "date": "2025-01-01"},
        {"id": "2", "text": "乙", "publication": "大同日报", "date": "2025-01-01"},
        {"id": "3", "text": "丙", "publication": "太原日报", "date": "2025-01-01"},
    ]
    issues, _ = read(page(tmp_path, "\n".join(map(json.dumps, rows)), "two.jsonl"))
    assert [[ready.id for ready in issue.ready] for issue in issues] == [["1", "3"], ["2"]]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"id": null, "text": "甲"}', "id: "),
        ('{"id": "", "text": "甲"}', "id: "),
        ('{"id": true, "text": "甲"}', "id: "),
        ('{"id": "a", "text": "甲", "date": 0}', "is no day; write it as 2025-07-04"),
        ('{"id": "a", "text": "甲", "date": "0001-01-01"}', "date: "),
        ('{"id": "a", "text": "\\ud83d"}', "holds half a character"),
        ("[" * 100_000, "is not JSON"),
        ('{"id": ' + "9" * 5000 + "}", "is not JSON"),
    ],
)
def test_json_lines_name_odd_values(tmp_path: Path, line: str, message: str) -> None:
    good = '{"id": "good", "text": "正文"}'
    issues, faults = read(page(tmp_path, f"{line}\n{good}", "articles.jsonl"))
    assert [ready.id for issue in issues for ready in issue.ready] == ["good"]
    assert len(faults) == 1
    assert message in faults[0]


def test_json_lines_of_different_homes_are_different_issues(tmp_path: Path) -> None:
    rows = [{"id": str(number), "text": "甲", "home": home} for number, home in enumerate(("太原市", "太原市,山西省"))]
    issues, _ = read(page(tmp_path, "\n".join(map(json.dumps, rows)), "homes.jsonl"))
    assert len({issue.issue.id for issue in issues}) == 2


@pytest.mark.parametrize("content", ["page.txt: {date: 2025-13-01}", "page.txt: 太原日报"])
def test_read_issues_names_metadata_that_is_none(tmp_path: Path, content: str) -> None:
    page(tmp_path)
    page(tmp_path, content, "issues.yaml")
    issues, faults = read(tmp_path)
    assert not issues
    assert "issues.yaml" in faults[0]


def test_read_issues_takes_metadata_in_gb18030(tmp_path: Path) -> None:
    page(tmp_path)
    page(tmp_path, "page.txt: {publication: 太原日报}".encode("gb18030"), "issues.yaml")
    assert read(tmp_path)[0][0].issue.publication == "太原日报"


def test_read_issues_names_a_path_that_is_none() -> None:
    _, faults = read("长" * 3000, "")
    assert "cannot be looked at" in faults[0]
    assert "PATH: is empty" in faults[1]


def test_read_issues_leaves_a_graph_folder_alone(tmp_path: Path) -> None:
    page(tmp_path)
    page(tmp_path, '{"name": "root"}', "graph/config/server-users.jsonl")
    (tmp_path / "graph/.newspaper-kg").touch()
    issues, faults = read(tmp_path)
    assert not faults
    assert len(issues) == 1


def test_a_folder_is_an_issue(tmp_path: Path) -> None:
    folder = tmp_path / "2025-11-16"
    folder.mkdir()
    for name in ("A1.txt", "A2.txt", "A10.txt"):
        page(folder, name=name)
    issues, faults = read(folder)
    assert not faults
    assert [issue.issue.id for issue in issues] == ["2025-11-16"]
    assert [one.label for one in issues[0].pages] == ["A1", "A2", "A10"]


def test_paper_day_and_page_come_from_the_names(tmp_path: Path) -> None:
    folder = tmp_path / "太原日报" / "2025-11-16"
    folder.mkdir(parents=True)
    for name in ("第三版.txt", "第02版.txt", "一版.txt"):
        page(folder, name=name)
    issues, _ = read(tmp_path)
    assert [issue.issue.id for issue in issues] == ["太原日报 2025-11-16"]
    assert [(one.number, Path(one.source).stem) for one in issues[0].pages] == [
        (1, "一版"),
        (2, "第02版"),
        (3, "第三版"),
    ]


@pytest.mark.parametrize("name", ["要闻报道 2025-11-16.txt", "天气预报2025-11-16.txt"])
def test_a_word_in_a_name_is_no_paper(tmp_path: Path, name: str) -> None:
    assert read(page(tmp_path, name=name))[0][0].issue.publication is None


def test_issue_yaml_holds_for_its_folder(tmp_path: Path) -> None:
    page(tmp_path, name="a.txt")
    page(tmp_path, name="b.txt")
    page(tmp_path, "publication: 太原日报\ndate: 2025-11-16\nhome: 太原市\npages: {a.txt: 4, b.txt: 1}", "issue.yaml")
    issues, faults = read(tmp_path)
    assert not faults
    assert [(one.number, Path(one.source).name) for one in issues[0].pages] == [(1, "b.txt"), (4, "a.txt")]
    assert issues[0].issue.home == ("太原市",)


def test_a_conflict_between_name_and_option_names_both(tmp_path: Path) -> None:
    issues, faults = read(page(tmp_path, name="2025-11-16.txt"), given=metadata.given(date="2025-11-17"))
    assert not issues
    assert "--date says 2025-11-17, its name says 2025-11-16 (date); change one" in faults[0]


def test_a_page_that_cannot_be_read_belongs_to_its_issue(tmp_path: Path) -> None:
    folder = tmp_path / "2025-11-16"
    folder.mkdir()
    page(folder, name="1.txt")
    bad = page(folder, b"\x89PNG\r\n\x1a\n", "2.txt")
    issues, faults = read(folder)
    assert [issue.issue.id for issue in issues] == ["2025-11-16"]
    assert issues[0].unread == (str(bad),)
    assert len(faults) == 1


def test_pages_of_one_issue_have_one_home(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        page(tmp_path, name=name)
    common = "publication: 太原日报, date: 2025-11-16"
    entries = f"a.txt: {{{common}, home: 太原市}}\nb.txt: {{{common}}}\nc.txt: {{{common}, home: 大同市}}"
    page(tmp_path, entries, "issues.yaml")
    issues, faults = read(tmp_path)
    assert [len(issue.pages) for issue in issues] == [2]
    assert "home is 大同市" in faults[0]
    assert "says 太原市" in faults[0]
