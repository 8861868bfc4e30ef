import csv
import dataclasses
import json
import re
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import layout
from kg.article import parse
from kg.bylines import byline
from kg.records import Article, Issue, Page
from tests import pages

HERE = Path(__file__).parent
RULES = layout.load()
SEEDS = {1: ("page-2025-11-15.txt", "2025-11-15"), 2: ("page-2024-12-06.md", "2024-12-06")}
GOLD = [json.loads(line) for line in (HERE / "gold" / "seeds.articles.jsonl").read_text(encoding="utf-8").splitlines()]
LONG_LINE = "这是一个没有换行的句子，" * 90_000


def page_of(text: str, *, date: str | None = "2025-11-15", number: int = 1) -> Page:
    issue = Issue(id="太原晚报-2025-11-15", publication=None, date=date, home=(), sources=("page",), sha256="")
    return Page(issue=issue, number=number, source="page", text=text)


def articles_of(text: str) -> list[Article]:
    return list(parse([page_of(text)], RULES))


def bare(text: str | None) -> str:
    return re.sub(r"\s", "", text or "")


def seed_articles(number: int) -> list[Article]:
    name, date = SEEDS[number]
    text = (HERE.parent / "seeds" / name).read_text(encoding="utf-8")
    return list(parse([page_of(text, date=date, number=number)], RULES))


@pytest.fixture(scope="module")
def seeds() -> dict[int, list[Article]]:
    return {number: seed_articles(number) for number in SEEDS}


@pytest.mark.parametrize("gold", GOLD, ids=lambda gold: gold["id"])
def test_parse_seeds(gold: dict[str, Any], seeds: dict[int, list[Article]]) -> None:
    body = gold["body"]
    article = next((article for article in seeds[gold["page"]] if bare(article.body) == bare(body)), None)
    assert article is not None
    keys = ("kind", "kicker", "title", "subtitle", "section", "date")
    assert {key: getattr(article, key) for key in keys} == {key: gold[key] for key in keys}
    assert [list(article.byline), list(article.photographers)] == [gold["byline"], gold["photographers"]]
    assert article.body.count("\n") == body.count("\n")


def test_parse_seeds_in_order(seeds: dict[int, list[Article]]) -> None:
    for number, articles in seeds.items():
        assert [bare(article.body) for article in articles] == [
            bare(one["body"]) for one in GOLD if one["page"] == number
        ]
        assert [article.position for article in articles] == list(range(1, len(articles) + 1))


@dataclasses.dataclass
class Tally:
    stories: int = 0
    bodies: int = 0
    titles: int = 0
    bylines: int = 0


def measure(laid_out: Iterable[pages.Laid]) -> Tally:
    """Count the stories whose body, title and byline come out as they went in; a title counts at its best body."""
    tally = Tally()
    for laid in laid_out:
        articles = articles_of(laid.text)
        for story in laid.stories:
            whole = [article for article in articles if bare(article.body) == bare(story.body)]
            same = [one for one in whole if (one.byline, one.photographers) == (story.byline, story.photographers)]
            tally.stories += 1
            tally.bodies += bool(whole)
            tally.bylines += bool(same)
            tally.titles += any(bare(article.title) == bare(story.title) for article in same or whole)
    return tally


def test_parse_generated_pages() -> None:
    tally = measure(pages.pages(pages.read_articles(pages.SAMPLE), 40, seed=11))
    assert tally.stories > 200
    assert tally.bodies / tally.stories >= 0.90
    assert tally.titles / tally.stories >= 0.88
    assert tally.bylines / tally.stories >= 0.90


def test_parse_generated_pages_of_articles_held_out() -> None:
    tally = measure(pages.pages(pages.held_out(), 60, seed=12))
    assert tally.bodies / tally.stories >= 0.90
    assert tally.bylines / tally.stories >= 0.90


def test_parse_tangled_pages() -> None:
    tally = measure(pages.tangled_pages(pages.read_articles(pages.SAMPLE), 40, seed=11))
    assert tally.stories > 200
    assert tally.bodies / tally.stories >= 0.75
    assert tally.titles / tally.stories >= 0.75


@pytest.mark.parametrize("seed", range(20))
def test_parse_loses_and_doubles_nothing(seed: int) -> None:
    laid = next(iter(pages.pages(pages.read_articles(pages.SAMPLE), 1, seed=seed)))
    printed = Counter(bare(laid.text))
    # A piece of a text that is taken for a headline is not lost.
    read = Counter(bare("".join(f"{article.title or ''}{article.body}" for article in articles_of(laid.text))))
    truth = Counter(bare("".join(story.body for story in laid.stories)))
    assert not read - printed
    assert (truth - read).total() <= 0.01 * truth.total()


@given(st.lists(st.text("甲乙丙丁。，“”（）#记者本报讯 12月日：\n-", max_size=60), max_size=12))
@settings(deadline=None, max_examples=200)
def test_parse_takes_any_text(lines: list[str]) -> None:
    text = "\n\n".join(lines)
    articles = articles_of(text)
    assert not Counter(bare("".join(article.body for article in articles))) - Counter(bare(text))
    assert len({article.id for article in articles}) == len(articles)
    assert all(article.body for article in articles)


@pytest.mark.parametrize(
    "text",
    ["", " \n\u3000\n", "## 只有标题\n\n## 还是标题", "本版编辑：张三", "第3版"],
    ids=lambda text: repr(text[:8]),
)
def test_parse_page_without_articles(text: str) -> None:
    assert articles_of(text) == []


@pytest.mark.parametrize(
    "text",
    [LONG_LINE, "短。\n\n" * 20_000, "（" * 20_000, ("断开的一行没有完，" * 30 + "\n\n") * 3_000],
    ids=["one line", "many paragraphs", "brackets", "open lines"],
)
def test_parse_large_page(text: str) -> None:
    begun = time.perf_counter()
    assert sum(len(bare(article.body)) for article in articles_of(text)) == len(bare(text))
    assert time.perf_counter() - begun < 30


def test_parse_id_depends_on_headline_and_lead() -> None:
    text = "## 市图书馆今日开放\n\n本报讯 市图书馆新馆今天开放，市民凭身份证入馆。\n\n（王丹）"
    first, second = articles_of(text)[0], articles_of(f"{text}\n\n本报讯 另一篇报道在同一版上刊登。\n\n（李明）")[0]
    assert first.id == second.id
    assert re.fullmatch(r"太原晚报-2025-11-15#[0-9a-f]{12}", first.id)


def test_parse_same_article_twice_on_a_page() -> None:
    text = "## 失物招领\n\n本报讯 昨日在车站拾得背包一个，请失主认领。\n\n（王丹）"
    ids = [article.id for article in articles_of(f"{text}\n\n{text}")]
    assert len(ids) == 2
    assert ids[1] == f"{ids[0]}-2"


def test_parse_byline_below_headline() -> None:
    (article,) = articles_of(
        "## 大巴扎的七种吆喝\n\n本报记者 麦 苗\n\n清晨七点，大巴扎的吆喝声响了起来。一天从扫帚声开始。"
    )
    assert article.title == "大巴扎的七种吆喝"
    assert article.byline == ("麦苗",)
    assert article.body.startswith("清晨七点")


def test_parse_boilerplate_is_in_no_body() -> None:
    text = "## 新馆开放\n\n本报讯 新馆今天开放。\n\n新闻热线：0351-8222222\n\n市民凭证入馆。\n\n（王丹）\n\n责编/王强"
    (article,) = articles_of(text)
    assert article.body == "本报讯 新馆今天开放。\n市民凭证入馆。"


def rows(name: str) -> list[dict[str, str]]:
    with (HERE / "cases" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_byline_leaves_the_text_alone() -> None:
    body = "本报讯（记者 冀雨桐）3月11日，市委常委调研。\n图为会场。（李谷雨 摄）\n会议开了一天。（宁小芸）"
    names = byline(body, RULES)
    assert (names.reporters, names.photographers) == (("冀雨桐", "宁小芸"), ("李谷雨",))


def test_byline_finds_only_persons() -> None:
    right = wrong = 0
    for record in pages.read_records(pages.WRITTEN[0]):
        persons = [entity for entity in record["entities"] if entity["type"] == "Person"]
        names = {bare(name) for entity in persons for name in (entity["name"], *entity["surfaces"])}
        people = byline(record["text"], RULES)
        found = {*people.reporters, *people.photographers}
        right, wrong = right + len(found & names), wrong + len(found - names)
    assert right > 550
    assert wrong / (right + wrong) < 0.01


def test_parse_lone_subhead_is_the_headline_below_the_lead() -> None:
    water = "本报讯 汾河水库除险加固工程昨日开工，水库大坝将加高两米。"
    rest = "水库管理局负责人说，大坝加高工程将于明年汛期前完工。"
    library = "本报讯 市图书馆新馆昨日开放，读者凭身份证即可借书。"
    article = articles_of("\n\n".join([water, "汾河大坝加高", rest, "（张洋）", "市图书馆新馆开放", library]))[0]
    assert (article.title, article.subheads, article.body) == ("汾河大坝加高", (), f"{water}\n{rest}")


def test_parse_gives_a_headline_to_the_text_that_it_fits_a_little() -> None:
    bare_lead = "本报讯 北埔小学五年级学生每天放学后跟着阿公学吹唢呐，一年下来能独奏三首曲牌。"
    train = "本报讯 停驶近四十年的糖厂小火车昨日复驶，首班车汽笛一响，月台上满是拍照的民众。"
    page = "\n\n".join(
        [f"{bare_lead}（张洋）", "阿公的唢呐 有了小徒弟", "糖厂小火车复驶 首日一票难求", f"{train}（王丹）"]
    )
    assert [article.title for article in articles_of(page)] == ["阿公的唢呐 有了小徒弟", "糖厂小火车复驶 首日一票难求"]


@pytest.mark.parametrize(
    ("title", "lead", "date"),
    [
        ("停水通知", "定于11月17日22时至18日6时停水，请用户提前储水。", None),
        ("三部门发布公告", "本报讯 11月14日，三部门发布公告，规范停水通知。", "2025-11-14"),
    ],
)
def test_parse_a_notice_reports_on_no_day(title: str, lead: str, date: str | None) -> None:
    (article,) = articles_of(f"## {title}\n\n{lead}\n\n（张洋）")
    assert article.date == date


def test_parse_briefs_label_ends_at_another_kind_of_article() -> None:
    briefs = ["## 简讯", "●市总工会建成驿站512个。（张洋）", "●古交市排查隐患38处。（王丹）"]
    notice = ["## 停水通知", "因管网碰口，定于17日停水，请用户提前储水。"]
    assert [one.section for one in articles_of("\n\n".join(briefs + notice))] == ["简讯", "简讯", None]
