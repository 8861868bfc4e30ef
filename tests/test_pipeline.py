"""The stages in their order, with a plain function in the model's place."""

from dataclasses import replace

from kg import archive, pipeline, rows
from kg.errors import InputError
from kg.pipeline import Tools
from kg.records import Hint, IssueText, Page, ReadyArticle
from tests.records import TEXT, article, issue
from tests.world import NAMES, finding, hinting


def page(text: str, number: int = 1) -> Page:
    return Page(issue=issue(), number=number, source=f"/pages/{number}.txt", text=text)


def test_read_goes_from_page_to_relation(tools: Tools) -> None:
    faults: list[InputError] = []
    articles = pipeline.articles(IssueText(issue=issue(), pages=(page(TEXT),)), tools.layout, faults.append)
    (reading,) = pipeline.read(articles, tools)
    assert not faults
    assert reading.article.byline == ("张小三",)
    assert {(entity.type, entity.name) for entity in reading.entities} == {
        ("Organisation", "太原市教育局"),
        ("Person", "王明"),
        ("Person", "张小三"),
    }
    row = rows.reading_row(reading)
    (relation,) = row["relations"]
    assert (relation["head"], relation["type"], relation["tail"]) == ("王明", "HOLDS_POSITION", "太原市教育局")
    assert relation["title"] == "局长"
    assert reading.article.text[relation["start"] : relation["end"]] == relation["sentence"]


def test_articles_name_a_page_without_any_and_go_on(tools: Tools) -> None:
    faults: list[InputError] = []
    pages = (page("\n## 标题\n"), page(TEXT, 2))
    articles = list(pipeline.articles(IssueText(issue=issue(), pages=pages), tools.layout, faults.append))
    assert [article.page for article in articles] == [2]
    assert [str(fault).split(";")[0] for fault in faults] == ["/pages/1.txt: no articles on this page"]


def test_ready_articles_stay_as_they_are(tools: Tools) -> None:
    faults: list[InputError] = []
    ready = ReadyArticle(issue=issue(), position=1, id="x", title="标题", text=TEXT, date="2025-01-01")
    issue_text = IssueText(issue=issue(), ready=(ready, replace(ready, id="y", text=" \n")))
    (article,) = pipeline.articles(issue_text, tools.layout, faults.append)
    assert (article.id, article.body, article.text) == ("x", TEXT, f"标题\n{TEXT}")
    assert article.byline == ("张小三",)
    assert len(faults) == 1
    assert "article y has no text" in str(faults[0])


APART = "恒重集团开会。太原市教育局也开会。"


def test_hints_are_stored_and_count_again_when_an_article_is_read_again(tools: Tools) -> None:
    tools = finding(tools, *NAMES)
    sure = hinting(tools, 3.0)
    (reading,) = pipeline.read([article(APART)], sure)
    assert reading.hints == (Hint(type="PARTNERED_WITH", head=0, tail=7, score=3.0),)
    assert [(relation.type, relation.evidence.rule) for relation in reading.relations] == [
        ("PARTNERED_WITH", "learned")
    ]
    assert pipeline.reread(archive.unpack(archive.pack(reading)), sure) == reading
    # The network is not asked again.
    assert pipeline.reread(reading, tools).hints == reading.hints
    (doubtful,) = pipeline.read([article(APART)], hinting(tools, -3.0))
    assert doubtful.relations == ()


def test_a_reading_without_a_network_has_no_hints(tools: Tools) -> None:
    (reading,) = pipeline.read([article(TEXT)], tools)
    assert reading.hints is None
    assert pipeline.reread(reading, tools) == reading
