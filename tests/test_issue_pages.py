"""Several pages -> articles: what goes on overleaf, and what must hold for every page whatever stands on it."""

from collections import Counter
from collections.abc import Sequence
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import headings, layout, lines
from kg.article import Cut, cut, parse
from kg.records import Article, Issue, Page
from tests import pages

RULES = layout.load()
SAMPLE = pages.read_articles(pages.SAMPLE)
SEEDS = st.integers(0, 19)

START = "## 汾河水库除险加固\n\n本报讯（记者 张洋）汾河水库除险加固工程昨日开工，水库大坝将加高两米，溢洪道将拓宽，"
REST = "水库下游的三个乡镇从此不再担心汛期。\n\n水库管理局负责人说，工程将于明年汛期前完工。"
WHOLE = (
    f"{START.split(maxsplit=2)[2]}水库下游的三个乡镇从此不再担心汛期。\n水库管理局负责人说，工程将于明年汛期前完工。"
)
OTHER_START = (
    "## 城郊公交线路调整\n\n本报讯（记者 刘洋）公交公司昨日调整四条城郊线路，发车间隔缩短到十分钟，沿线新增六座站台，"
)
OTHER_REST = "公交司机们每天清晨五点发出第一班车。\n\n公交公司还将更换二十辆电动客车。"
LIBRARY = "## 市图书馆新馆开放\n\n本报讯 市图书馆新馆昨日开放，读者凭身份证即可借书。\n\n（王丹）"
MUSEUM = "## 小学生走进博物馆\n\n本报讯 太原市博物馆昨日迎来三百名小学生，讲解员为他们介绍馆里的青铜器。\n\n（李明）"
PHOTO = "11月14日，小学生在汾河公园认识越冬的候鸟。\n\n高宇 摄影报道"


def pages_of(*texts: str, labels: Sequence[str] = ()) -> list[Page]:
    issue = Issue(id="太原晚报-2025-11-15", publication=None, date="2025-11-15", home=(), sources=("page",), sha256="")
    return [
        Page(issue=issue, number=number, source=f"{number}.txt", text=text, label=labels[number - 1] if labels else "")
        for number, text in enumerate(texts, 1)
    ]


def articles_of(*texts: str, labels: Sequence[str] = ()) -> dict[str | None, Article]:
    found = list(parse(pages_of(*texts, labels=labels), RULES))
    by_title = {article.title: article for article in found}
    assert len(by_title) == len(found)
    return by_title


def stack(*blocks: str) -> str:
    return "\n\n".join(blocks)


@pytest.mark.parametrize(
    ("turns_to", "turned_from"),
    [
        ("（下转第2版）", "（上接第1版）"),
        ("\n\n（下转第2版）", "（上接第1版）\n\n"),
        ("\n\n（下转第二版）", "（上接第一版）"),
        ("（下转第２版）", "（上接第１版）\n\n"),
        ("(下转2版)", "(上接1版)"),
        ("▶下转第02版", "◀上接第01版\n\n"),
        ("【紧转第2版】", "【紧接第1版】"),
        ("（下转第2版）", "## 汾河水库除险加固\n\n（上接第1版）"),
        ("（下转第2版）", "## 汾河水库除险加固\n\n（上接第1版）\n\n"),
        ("（下转第2版）", "（上接第1版）\n\n## 汾河水库除险加固\n\n"),
        ("（下转第2版）", "## 汾河水库除险加固（上接第1版）\n\n"),
        ("（下转第2版）", "## 大坝加高 下游安澜\n\n（上接第1版）\n\n"),
        ("（下转第2版）", "（上接第1版《汾河水库除险加固》）"),
    ],
    ids=repr,
)
def test_parse_joins_what_goes_on_overleaf(turns_to: str, turned_from: str) -> None:
    found = articles_of(stack(START + turns_to, LIBRARY), stack(MUSEUM, turned_from + REST))
    assert list(found) == ["汾河水库除险加固", "市图书馆新馆开放", "小学生走进博物馆"]
    article = found["汾河水库除险加固"]
    assert (article.body, article.page, article.byline) == (WHOLE, 1, ("张洋",))


@pytest.mark.parametrize(
    ("labels", "turns_to", "turned_from"),
    [
        (("A01", "A04"), "（下转A04版）", "（上接A01版）"),
        (("A1", "A4"), "（下转第A04版）", "（上接第a01版）"),
        (("1", "4"), "（下转第四版）", "（上接第一版）"),
        (("9", "12"), "（下转第十二版）", "（上接第09版）"),
    ],
)
def test_parse_joins_by_printed_page_labels(labels: Sequence[str], turns_to: str, turned_from: str) -> None:
    found = articles_of(stack(START + turns_to, LIBRARY), stack(MUSEUM, turned_from + REST), labels=labels)
    assert found["汾河水库除险加固"].body == WHOLE


def test_parse_overleaf_join_says_where_and_why() -> None:
    found = articles_of(stack(f"{START}（下转第2版）", LIBRARY), stack(MUSEUM, f"（上接第1版）{REST}"))
    (join,) = (join for join in found["汾河水库除险加固"].joins if join.page == 2)
    assert (join.line, join.tail, join.head) == (7, "大坝将加高两米，溢洪道将拓宽，"[-12:], REST[:12])
    assert [name for name, _ in join.reasons] == ["notes"]


def test_parse_overleaf_join_repairs_a_doubled_character() -> None:
    first = "本报讯 汾河水库除险加固工程昨日开工，总投资1.75亿元"
    found = articles_of(f"## 汾河水库除险加固\n\n{first}（下转第2版）", "（上接第1版）元，由省市两级承担。")
    article = found["汾河水库除险加固"]
    assert article.body == f"{first}，由省市两级承担。"
    assert [join.repaired for join in article.joins] == ["元"]


@pytest.mark.parametrize("order", [(REST, OTHER_REST), (OTHER_REST, REST)], ids=["same order", "crossed"])
def test_parse_two_articles_overleaf_get_their_own_parts(order: tuple[str, str]) -> None:
    front = stack(f"{START}（下转第2版）", f"{OTHER_START}（下转第2版）", LIBRARY)
    found = articles_of(front, stack(MUSEUM, *(f"（上接第1版）{part}" for part in order)))
    assert found["汾河水库除险加固"].body == WHOLE
    assert found["城郊公交线路调整"].body.endswith(
        "公交司机们每天清晨五点发出第一班车。\n公交公司还将更换二十辆电动客车。"
    )
    assert (found["汾河水库除险加固"].byline, found["城郊公交线路调整"].byline) == (("张洋",), ("刘洋",))
    assert len(found) == 4


def test_parse_parts_of_two_pages_on_a_third() -> None:
    third = stack(f"（上接第2版）{OTHER_REST}", f"（上接第1版）{REST}")
    found = articles_of(stack(f"{START}（下转第3版）", LIBRARY), stack(f"{OTHER_START}（下转第3版）", MUSEUM), third)
    assert found["汾河水库除险加固"].body == WHOLE
    assert (found["汾河水库除险加固"].page, found["城郊公交线路调整"].page) == (1, 2)
    assert found["城郊公交线路调整"].body.endswith("公交公司还将更换二十辆电动客车。")


def test_parse_a_part_of_three_pages() -> None:
    first, second = REST.split("\n\n")
    found = articles_of(
        f"{START}（下转第2版）", f"（上接第1版）{first}（下转第3版）\n\n{MUSEUM}", f"（上接第2版）{second}"
    )
    assert found["汾河水库除险加固"].body == WHOLE
    assert len(found) == 2


@pytest.mark.parametrize("note", ["（下转第7版）", "（下转第A2版）", "（下转第1版）"])
def test_parse_note_to_a_page_that_is_not_there_changes_nothing(note: str) -> None:
    with_note = articles_of(stack(START + note, LIBRARY), MUSEUM)
    without = articles_of(stack(START, LIBRARY), MUSEUM)
    assert [(one.title, one.body, one.byline) for one in with_note.values()] == [
        (one.title, one.body, one.byline) for one in without.values()
    ]


def test_parse_part_from_a_page_that_is_not_there_stays_alone() -> None:
    found = articles_of(stack(START, LIBRARY), stack(MUSEUM, f"（上接第5版）{REST}"))
    assert found[None].body == REST.replace("\n\n", "\n")
    assert found[None].page == 2


def test_parse_notes_that_disagree_join_nothing() -> None:
    back = stack(MUSEUM, f"（上接第1版）{REST}")
    elsewhere = articles_of(stack(f"{START}（下转第3版）", LIBRARY), back, OTHER_START)
    assert elsewhere[None].body == REST.replace("\n\n", "\n")
    from_elsewhere = articles_of(LIBRARY, f"{START}（下转第3版）", back)
    assert from_elsewhere[None].body == REST.replace("\n\n", "\n")


def test_parse_keeps_subheads_of_both_parts() -> None:
    first, second = REST.split("\n\n")
    back = stack(f"（上接第1版）{first}", "下游不再担心", second, "（赵磊）", MUSEUM)
    found = articles_of(stack(f"{START}（下转第2版）", LIBRARY), back)
    assert found["汾河水库除险加固"].body == WHOLE
    assert found["汾河水库除险加固"].subheads == ("下游不再担心",)


@pytest.mark.parametrize("place", range(3))
def test_parse_photos_and_bylines_stay_right_overleaf(place: int) -> None:
    back = [MUSEUM, f"（上接第1版）{REST}\n\n（赵磊）"]
    back.insert(place, PHOTO)
    front = [f"{START}（下转第2版）", LIBRARY]
    front.insert(1 + place % 2, PHOTO.replace("高宇", "郭飞"))
    found = list(parse(pages_of(stack(*front), stack(*back)), RULES))
    by_title = {article.title: article for article in found}
    caption = PHOTO.split("\n")[0]
    assert by_title["汾河水库除险加固"].body == WHOLE
    assert (by_title["汾河水库除险加固"].byline, by_title["汾河水库除险加固"].photographers) == (("张洋", "赵磊"), ())
    assert (by_title["小学生走进博物馆"].byline, by_title["市图书馆新馆开放"].byline) == (("李明",), ("王丹",))
    assert [(one.page, one.body, one.photographers) for one in found if one.kind == "photo"] == [
        (1, caption, ("郭飞",)),
        (2, caption, ("高宇",)),
    ]


def test_parse_numbers_articles_page_by_page() -> None:
    found = parse(pages_of(stack(f"{START}（下转第2版）", LIBRARY), stack(f"（上接第1版）{REST}", MUSEUM)), RULES)
    assert [(article.page, article.position) for article in found] == [(1, 1), (1, 2), (2, 1)]


def test_parse_keeps_traditional_characters() -> None:
    water = "本報訊（記者 張洋）汾河水庫除險加固工程昨日開工，水庫大壩將加高兩米。\n下游的三個鄉鎮從此不再擔心汛期。"
    library = "本報訊 市圖書館新館昨日開放，讀者憑身份證即可借書。"
    front = stack("## 汾河水庫除險加固", *water.split("\n"), "## 圖書館新館開放", library, "（劉麗華）")
    found = articles_of(front, stack("## 學生參觀博物館", library.replace("圖書館新館", "博物館"), "（本報記者 陳偉）"))
    assert [(one.title, one.body) for one in found.values()] == [
        ("汾河水庫除險加固", water),
        ("圖書館新館開放", library),
        ("學生參觀博物館", library.replace("圖書館新館", "博物館")),
    ]
    assert [one.byline for one in found.values()] == [("張洋",), ("劉麗華",), ("陳偉",)]


def bare(text: str) -> str:
    return "".join(text.split())


@cache
def generated(seed: int, *, is_tangled: bool) -> tuple[str, Cut]:
    (laid,) = (pages.tangled_pages if is_tangled else pages.pages)(SAMPLE, 1, seed=seed)
    return laid.text, cut(pages_of(laid.text), RULES)


@given(seed=SEEDS, is_tangled=st.booleans())
@settings(deadline=None, max_examples=40, derandomize=True)
def test_cut_accounts_for_every_line(*, seed: int, is_tangled: bool) -> None:
    text, found = generated(seed, is_tangled=is_tangled)
    taken = Counter(number for piece in found.pieces for number in range(piece.line.number, piece.line.last + 1))
    for number, line in enumerate(text.splitlines()):
        if taken[number] != 1 and line.strip():
            assert not taken[number], line
            assert lines.is_left_out(headings.strip_mark(line)[1], RULES, is_at_edge=True), line


@given(seed=SEEDS, is_tangled=st.booleans())
@settings(deadline=None, max_examples=40, derandomize=True)
def test_cut_bodies_are_the_text_pieces(*, seed: int, is_tangled: bool) -> None:
    _, found = generated(seed, is_tangled=is_tangled)
    for number, article in enumerate(found.articles):
        own = [piece.line for piece in found.pieces if piece.article == number and piece.kind == "text"]
        texts, marks = Counter(bare("".join(line.text for line in own))), Counter(line.mark for line in own)
        read = Counter(bare(article.body + "".join(join.repaired for join in article.joins)))
        # A mark (▲) before a brief is no part of it; before any other paragraph it stays.
        assert texts <= read <= texts + marks


@given(seed=SEEDS, is_tangled=st.booleans())
@settings(deadline=None, max_examples=40, derandomize=True)
def test_cut_joins_point_at_their_line(*, seed: int, is_tangled: bool) -> None:
    text, found = generated(seed, is_tangled=is_tangled)
    for article in found.articles:
        for join in article.joins:
            assert join.page == 1
            assert 0 <= join.confidence <= 1
            assert join.reasons
            assert join.head
            assert bare(join.head) in bare(text.splitlines()[join.line - 1])


STORIES = (
    (
        "汾河水库除险加固",
        "本报讯 汾河水库除险加固工程昨日开工。",
        "水库大坝将加高两米。溢洪道拓宽之后，水库下游三个乡镇的防汛压力将大大减轻。",
        "张洋",
    ),
    (
        "古籍修复师收徒传艺",
        "本报讯 省图书馆古籍修复师昨日收下五名徒弟。",
        "古籍修复要经过揭页、补洞、压平。一页虫蛀的古籍，修复师常常要坐上整整一天。",
        "王丹",
    ),
    (
        "城郊果园苹果丰收",
        "本报讯 城郊果园的红富士苹果进入采摘期。",
        "果农们把苹果按大小分级装箱。满载苹果的冷链货车，当晚就开往南方的批发市场。",
        "李明",
    ),
    (
        "少年足球联赛开哨",
        "本报讯 全市少年足球联赛昨日开哨。",
        "三十二支球队分成八个小组。小组前两名的球队，将晋级足球联赛的淘汰赛争夺奖杯。",
        "刘洋",
    ),
    (
        "地铁三号线盾构始发",
        "本报讯 地铁三号线首台盾构机昨日始发。",
        "盾构机将穿越两条地铁既有线路。施工方在地铁隧道沿线，布设了四百个盾构沉降监测点。",
        "赵磊",
    ),
    (
        "眼科专家下乡义诊",
        "本报讯 市眼科医院专家昨日到山村义诊。",
        "眼科医生为老人检查视力和眼底。查出白内障的老人，将由眼科医院安排免费手术。",
        "孙亮",
    ),
    (
        "老戏台重响梆子声",
        "本报讯 晋剧团昨日在修缮一新的老戏台演出。",
        "台上梆子声高亢激越。台下戏迷跟着晋剧唱腔打拍子，演员在老戏台谢幕三次才卸妆。",
        "周敏",
    ),
)
Block = tuple[str, str, str, str]


def block(story: Block) -> str:
    title, *paragraphs, name = story
    return stack(f"## {title}", *paragraphs, f"（{name}）")


@given(drawn=st.lists(st.sampled_from(STORIES), min_size=3, max_size=5, unique=True))
@settings(deadline=None, max_examples=100, derandomize=True)
def test_parse_finds_the_same_articles_in_any_order(drawn: list[Block]) -> None:
    found = parse(pages_of(stack(*map(block, drawn))), RULES)
    assert {(one.title, one.body, one.byline) for one in found} == {
        (title, f"{first}\n{second}", (name,)) for title, first, second, name in drawn
    }


@given(
    drawn=st.lists(st.sampled_from(STORIES), min_size=3, max_size=5, unique=True),
    broken=st.integers(0, 4),
    further=st.integers(0, 4),
)
@settings(deadline=None, max_examples=100, derandomize=True)
def test_parse_finds_the_same_articles_wherever_one_goes_on(drawn: list[Block], broken: int, further: int) -> None:
    broken %= len(drawn)
    title, first, second, name = drawn[broken]
    cut_at = second.index("，") - 3
    blocks = [block(story) for story in drawn]
    blocks[broken] = stack(f"## {title}", first, second[:cut_at])
    blocks.insert(min(len(blocks), broken + 1 + further), stack(second[cut_at:], f"（{name}）"))
    found = parse(pages_of(stack(*blocks)), RULES)
    assert {(one.title, one.body, one.byline) for one in found} == {
        (title, f"{first}\n{second}", (name,)) for title, first, second, name in drawn
    }
