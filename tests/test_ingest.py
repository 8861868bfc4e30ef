"""One issue into a real graph: left alone, replaced, or refused; never half."""

import datetime
import time
from collections.abc import Iterable
from dataclasses import replace

import pytest

from kg.errors import InputError
from kg.ingest import ingest
from kg.pipeline import Tools
from kg.records import IssueText, Page, ReadyArticle
from kg.store import Store
from tests.records import TEXT, issue


def issue_text(*texts: str, sources: Iterable[str] = ("/a.jsonl",), sha256: str = "1") -> IssueText:
    of = issue(sources=tuple(sources), sha256=sha256)
    ready = [
        ReadyArticle(issue=of, position=position, id=f"x{position}", title=None, text=text, date="2025-01-01")
        for position, text in enumerate(texts, 1)
    ]
    return IssueText(issue=of, ready=tuple(ready))


def fault(error: InputError) -> None:
    """Take no fault for granted."""
    raise error


def people(store: Store) -> list[object]:
    return [name for (name,) in store.query("MATCH (p:Person) RETURN p.name AS name ORDER BY name").rows]


def test_ingest_stores_then_leaves_alone_then_replaces(store: Store, tools: Tools) -> None:
    faults: list[InputError] = []
    first = ingest(issue_text(TEXT), tools, store, faults.append)
    assert first == "太原日报 2025-11-15: 1 articles, 3 entities, 1 relations"
    assert ingest(issue_text(TEXT), tools, store, faults.append) == "太原日报 2025-11-15: unchanged"
    corrected = ingest(issue_text(TEXT.replace("王明", "李明"), sha256="2"), tools, store, faults.append)
    assert corrected.endswith("(replaced)")
    assert people(store) == ["张小三"]
    assert not faults


def test_ingest_notes_when_an_issue_came(store: Store, tools: Tools) -> None:
    def times() -> list[str]:
        return [str(time) for (time,) in store.query("MATCH (i:Issue) RETURN i.ingested_at").rows]

    began = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    ingest(issue_text(TEXT), tools, store, fault)
    (came,) = times()
    assert began <= datetime.datetime.fromisoformat(came) <= datetime.datetime.now(datetime.UTC)
    assert came.endswith("+00:00")
    time.sleep(1)
    ingest(issue_text(TEXT), tools, store, fault)
    assert times() == [came]
    ingest(issue_text(TEXT, sha256="2"), tools, store, fault)
    assert times() > [came]


def test_ingest_reads_again_with_other_tools(store: Store, tools: Tools) -> None:
    ingest(issue_text(TEXT), tools, store, fault)
    again = ingest(issue_text(TEXT), replace(tools, name="another model"), store, fault)
    assert again.endswith("(replaced)")


def test_ingest_refuses_to_lose_pages(store: Store, tools: Tools) -> None:
    ingest(issue_text(TEXT, TEXT, sources=("/a", "/b")), tools, store, fault)
    with pytest.raises(InputError, match="is stored already, from /b; give all its pages together"):
        ingest(issue_text(TEXT, sources=("/a",), sha256="2"), tools, store, fault)
    assert store.query("MATCH (a:Article) RETURN count(a) AS n").rows == ((2,),)


def test_ingest_stores_nothing_of_an_empty_issue(store: Store, tools: Tools) -> None:
    faults: list[InputError] = []
    assert ingest(issue_text(" "), tools, store, faults.append).endswith("nothing stored")
    assert len(faults) == 1
    assert store.query("MATCH (n) RETURN count(n) AS n").rows == ((0,),)


def pages(issue_id: str, *sources: str, unread: Iterable[str] = ()) -> IssueText:
    of = replace(issue(sources=sources, sha256="/".join(sources)), id=issue_id)
    found = [
        Page(issue=of, number=number, source=source, text=f"## 第{number}版的新闻\n\n{TEXT}\n\n（李明）")
        for number, source in enumerate(sources, 1)
    ]
    return IssueText(issue=of, pages=tuple(found), unread=tuple(unread))


def stored(store: Store) -> list[object]:
    return [name for (name,) in store.query("MATCH (i:Issue) RETURN i.id AS id ORDER BY id").rows]


def test_ingest_takes_the_place_of_an_issue_of_the_same_pages(store: Store, tools: Tools) -> None:
    ingest(pages("1 2025-11-20", "/1.txt"), tools, store, fault)
    ingest(pages("2025-11-20", "/1.txt", "/2.txt"), tools, store, fault)
    assert stored(store) == ["2025-11-20"]


def test_ingest_refuses_a_page_of_a_stored_issue(store: Store, tools: Tools) -> None:
    ingest(pages("2025-11-20", "/1.txt", "/2.txt"), tools, store, fault)
    with pytest.raises(InputError, match="its pages are stored already, in the issue 2025-11-20, beside others"):
        ingest(pages("1 2025-11-20", "/1.txt"), tools, store, fault)
    assert stored(store) == ["2025-11-20"]


def test_ingest_leaves_an_issue_alone_when_a_page_of_it_turned_bad(store: Store, tools: Tools) -> None:
    ingest(pages("2025-11-20", "/1.txt", "/2.txt"), tools, store, fault)
    with pytest.raises(InputError, match="stays as it is stored, for /2.txt cannot be read now; mend it"):
        ingest(pages("2025-11-20", "/1.txt", unread=["/2.txt"]), tools, store, fault)


def test_ingest_reads_an_issue_again_that_was_read_in_part(store: Store, tools: Tools) -> None:
    ingest(pages("2025-11-20", "/1.txt", unread=["/2.txt"]), tools, store, fault)
    assert "unchanged" not in ingest(pages("2025-11-20", "/1.txt", unread=["/2.txt"]), tools, store, fault)
