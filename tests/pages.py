"""Lays articles out into newspaper pages with a newspaper's faults, seeded, with the truth beside each page.

In: articles (title, paragraphs); out: page text and what a perfect reader would cut out of it.
"""

# ruff: noqa: S311  (a page is drawn by chance, no secret is)

import json
import random
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SAMPLE = HERE / "cases" / "articles.jsonl"  # invented stories, texts to be laid out, never facts
WRITTEN = tuple(sorted((HERE.parent / "training").glob("written-*.jsonl")))
GOLD = tuple(HERE / "gold" / f"{name}.gold.jsonl" for name in ("dense", "fresh", "unseen"))
# Shares of the written articles.  Nothing that cuts pages is to be learnt from the first, nor from GOLD: headlines.npz
# is older and knows some of those in written-2 and written-3.
HELD_OUT = 0.125
FOR_WEIGHTS = 0.25  # pages to fit stitching.WEIGHTS on: none of them are in what seams are learnt from
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾田董袁潘蒋蔡余杜叶程苏魏吕丁任卢姚沈弓"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华鑫波红玲飞宁雪琳晨宇浩文佳思雨婷辛凤"
SECTIONS = (
    "为民创城不停步",
    "法治宣传教育",
    "志愿服务",
    "文明校园创建",
    "社会新闻",
    "民生关注",
    "今日视点",
    "基层动态",
)
BOILERPLATE = (
    "本版编辑：张小明 李芳",
    "责编/王强 版式/刘洋",
    "新闻热线：0351-8222222",
    "下转第4版",
    "投诉电话：0351—1234567",
)
SUBHEADS = (
    "夯实基础稳中求进",
    "创新驱动增添活力",
    "服务群众办好实事",
    "多方联动凝聚合力",
    "着眼长远谋划未来",
    "改革攻坚破解难题",
)
KICKERS = ("聚力攻坚开新局 实干笃行谱新篇", "传统产业焕新 新兴产业崛起", "城乡融合添活力 民生福祉节节高")
SUBTITLES = ("——高质量发展调研行系列报道之三", "——来自一线的报道", "——我市推进重点工作见闻")
SENTENCE = re.compile(r"[^。！？；]+[。！？；]?[”’）》]*")
LEAD = re.compile(r"^(.{0,16}[讯电]) ")  # 本报讯, 新华社北京5月1日电
MARKS = frozenset("▲■●◆□◎★▼►▶")  # each begins a brief of its own
HALF = str.maketrans("，：；！？（）", ",:;!?()")


@dataclass(slots=True, kw_only=True)
class Story:
    """One article and the faults it is laid out with; the fields are the truth that parse is measured against."""

    title: str | None
    paragraphs: list[str]
    kicker: str | None = None
    subtitle: str | None = None
    byline: tuple[str, ...] = ()
    photographers: tuple[str, ...] = ()
    kind: str = "article"
    faults: set[str] = field(default_factory=set)

    @property
    def body(self) -> str:
        return "\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """A page's text and its truth, in no particular order."""

    text: str
    stories: tuple[Story, ...]


def read_records(path: Path) -> list[dict[str, Any]]:
    """Read the labelled articles as they are."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def read_articles(path: Path) -> list[tuple[str, list[str]]]:
    """Read (title, paragraphs) of labelled articles, bylines and captions taken off so that the truth is known."""
    return articles(read_records(path))


def held_out() -> list[tuple[str, list[str]]]:
    """Return the articles that are for measuring alone, as read_articles does."""
    return articles(record for path in WRITTEN for record in read_records(path) if share(record) == "held out") + [
        article for path in GOLD for article in read_articles(path)
    ]


def share(record: Mapping[str, Any]) -> str:
    """Tell what a written article is for, by its id alone: "held out", "weights" or "learnt"."""
    drawn = zlib.crc32(record["id"].encode()) % 1000 / 1000
    return "held out" if drawn < HELD_OUT else "weights" if drawn < HELD_OUT + FOR_WEIGHTS else "learnt"


def articles(records: Iterable[Mapping[str, Any]]) -> list[tuple[str, list[str]]]:
    """Return (title, paragraphs) of those records that are a whole article, one that a page can hold."""
    found = []
    for record in records:
        body = re.sub(r"^(.{0,16}[讯电])\s*[（(][^）)]*[）)]\s*", r"\1 ", record["text"])
        body = re.sub(r"^[（(][^）)]*(?:记者|通讯员)[^）)]*[）)]", "", body)
        paragraphs = [re.sub(r"\s*[（(][^（）()]{2,40}[）)]$", "", part.strip()) for part in body.split("\n")]
        is_whole = all(re.search(r"[。！？…；][”’]?$", part) and len(part) > 8 for part in paragraphs)
        is_whole &= bool(record["title"]) and not any(part[:1] in MARKS for part in paragraphs)
        if is_whole and len(body) > 120 and not re.search(r"本报\w{0,4}记者|[讯电] 记者", body):
            found.append((record["title"], paragraphs))
    return found


def lay_out(articles: Sequence[tuple[str, list[str]]], seed: int) -> Laid:
    """Lay ``articles`` out on one page; the same seed gives the same page."""
    chance = random.Random(seed)
    stories = [_story(title, list(paragraphs), chance) for title, paragraphs in articles]
    marked = chance.random() < 0.5
    front: list[list[str]] = []  # groups of lines that stand one below the other
    late: list[list[str]] = []
    number = 0
    while number < len(stories):
        story = stories[number]
        partner = stories[number + 1] if number + 1 < len(stories) else None
        if partner and chance.random() < 0.35:
            _interleave(story, partner, front, late, chance, marked=marked)
            number += 2
            continue
        if story.title and _is_lead(story) and len(story.body) > 250 and chance.random() < 0.15:
            story.faults.add("headline below")
            first, second = _pieces(story, chance)
            front.append(first)
            late.append([*_stack(story, marked=marked, chance=chance), *second])
        else:
            front.append([*_stack(story, marked=marked, chance=chance), *_column(story, chance, marked=marked)])
        number += 1
    groups = [*front]
    groups += chance.sample(late, len(late))
    for _ in range(chance.randint(0, 2)):
        photo = _photo(chance)
        stories.append(photo)
        groups.insert(chance.randint(1, len(groups)), [photo.body, f"{' '.join(photo.photographers)} 摄影报道"])
    if chance.random() < 0.5:
        groups.insert(chance.randint(0, len(groups)), [chance.choice(BOILERPLATE)])
    gap = "\n\n" if chance.random() < 0.8 else "\n"
    text = gap.join(line for group in groups for line in group)
    if chance.random() < 0.25:
        text = text.translate(HALF)
        for story in stories:
            story.paragraphs = [part.translate(HALF) for part in story.paragraphs]
            story.title = story.title and story.title.translate(HALF)
            story.faults.add("half width")
    return Laid(text=text, stories=tuple(stories))


def _story(title: str, paragraphs: list[str], chance: random.Random) -> Story:
    story = Story(title=title, paragraphs=paragraphs)
    if not _is_lead(story) and chance.random() < 0.7:
        paragraphs[0] = f"本报讯 {paragraphs[0]}"
    if chance.random() < 0.92:
        story.byline = tuple(_name(chance) for _ in range(chance.choice((1, 1, 1, 2))))
    if _is_lead(story) and chance.random() < 0.08:
        story.title = None
        story.faults.add("no headline")
    elif chance.random() < 0.15:
        story.kicker = chance.choice(KICKERS)
        story.faults.add("stack")
    elif chance.random() < 0.12:
        story.subtitle = chance.choice(SUBTITLES)
        story.faults.add("stack")
    return story


def _is_lead(story: Story) -> bool:
    return bool(LEAD.match(story.paragraphs[0]))


def _name(chance: random.Random) -> str:
    return chance.choice(SURNAMES) + "".join(chance.choice(GIVEN) for _ in range(chance.choice((1, 2, 2))))


def _stack(story: Story, *, marked: bool, chance: random.Random) -> list[str]:
    mark = "## " if marked else ""
    lines = [f"{mark}{line}" for line in (story.kicker, story.title, story.subtitle) if line]
    if lines and chance.random() < 0.15:
        story.faults.add("label")
        lines.insert(0, mark + chance.choice(SECTIONS))
    return lines


def _column(story: Story, chance: random.Random, *, marked: bool) -> list[str]:
    """The story's paragraphs with column breaks, subheads and the byline."""
    lines: list[str] = []
    mark = "## " if marked and chance.random() < 0.7 else ""
    subheads = iter(chance.sample(SUBHEADS, len(SUBHEADS)))
    with_subheads = bool(story.byline) and len(story.paragraphs) > 4 and chance.random() < 0.4
    for number, paragraph in enumerate(story.paragraphs):
        if with_subheads and number and number % 2 == 0:
            story.faults.add("subheads")
            lines.append(mark + next(subheads, "再接再厉续写新篇"))
        if len(paragraph) > 60 and chance.random() < 0.3:
            lines += _broken(paragraph, story, chance)
        else:
            lines.append(paragraph)
    return _signed(lines, story, chance)


def _broken(paragraph: str, story: Story, chance: random.Random) -> list[str]:
    cut = _cut(paragraph, chance)
    story.faults.add("column break")
    head = paragraph[cut:]
    if chance.random() < 0.2 and not paragraph[cut - 1].isdigit() and re.match(r"[\u4e00-\u9fff]", paragraph[cut - 1]):
        story.faults.add("doubled")
        head = paragraph[cut - 1] + head
    return [paragraph[:cut], head]


def _cut(paragraph: str, chance: random.Random) -> int:
    """A place in the paragraph's middle after which a sentence goes on."""
    while True:
        cut = chance.randint(len(paragraph) // 4, 3 * len(paragraph) // 4)
        ends = re.search(r"[。！？；…：][”’）》]*$", paragraph[:cut])
        if not ends and paragraph[cut] not in "，。、；：！？”’）》":
            return cut


def _signed(lines: list[str], story: Story, chance: random.Random) -> list[str]:
    if not story.byline:
        return lines
    names = "、".join(story.byline)
    form = chance.choice((f"（{names}）", f"({names})", f"（记者 {' '.join(story.byline)}）", f"（本报记者 {names}）"))
    if chance.random() < 0.3:
        story.faults.add("byline at end")
        return [*lines[:-1], f"{lines[-1]}{chance.choice(('', ' '))}{form}"]
    return [*lines, form]


def _pieces(story: Story, chance: random.Random) -> tuple[list[str], list[str]]:
    """The story cut in the middle of a paragraph: what stands above and what stands below, both with columns."""
    longest = max(range(len(story.paragraphs)), key=lambda number: len(story.paragraphs[number]))
    place = chance.choice([number for number, part in enumerate(story.paragraphs) if len(part) > 60] or [longest])
    first, second = _broken(story.paragraphs[place], story, chance)
    above = [*story.paragraphs[:place], first]
    below = [second, *story.paragraphs[place + 1 :]]
    return above, _signed(below, story, chance)


def _interleave(
    story: Story, partner: Story, front: list[list[str]], late: list[list[str]], chance: random.Random, *, marked: bool
) -> None:
    """A piece of the partner, or all of it, stands within the story."""
    story.faults.add("interrupted")
    partner.faults.add("intruder")
    above, below = _pieces(story, chance)
    front.append([*_stack(story, marked=marked, chance=chance), *above])
    if _is_lead(partner) and len(partner.body) > 200 and chance.random() < 0.6:
        partner.faults.add("headline below")
        start, rest = _pieces(partner, chance)
        front += [start, below]
        late.append([*_stack(partner, marked=marked, chance=chance), *rest])
    else:
        front.append([*_stack(partner, marked=marked, chance=chance), *_column(partner, chance, marked=marked)])
        front.append(below)


def _photo(chance: random.Random) -> Story:
    body = chance.choice(
        (
            "11月14日，中涧河卫生院举行“糖尿病与幸福感”主题义诊活动，为辖区患者进行医学指导、营养科普、心理疏导等。",
            "12月3日，小学生在汾河公园认识越冬的候鸟。",
            "昨日，环卫工人清扫滨河东路的落叶，为市民创造整洁的出行环境。",
        )
    )
    names = tuple(_name(chance) for _ in range(chance.choice((1, 2))))
    return Story(title=None, paragraphs=[body], photographers=names, kind="photo", faults={"photo"})


def pages(articles: Sequence[tuple[str, list[str]]], count: int, seed: int = 0) -> Iterable[Laid]:
    """Yield ``count`` pages of three to eight articles each, drawn anew for every page."""
    for number in range(count):
        chance = random.Random(f"{seed}-{number}")
        yield lay_out(chance.sample(articles, min(len(articles), chance.randint(3, 8))), chance.randint(0, 10**9))


def tangled(articles: Sequence[tuple[str, list[str]]], seed: int) -> Laid:
    """Lay ``articles`` out with one fault turned up: two or three at a time, in pieces that stand between each other.

    A piece ends within a sentence, after one or after a paragraph; who wrote an article is told above it, in its first
    words, below it or nowhere; some headlines stand above a later piece than the first.
    """
    chance = random.Random(seed)
    stories = [_story(title, list(paragraphs), chance) for title, paragraphs in articles]
    marked, gap = chance.random() < 0.5, chance.choice(("\n", "\n\n", "\n\n"))
    groups: list[list[str]] = []
    rest = list(stories)
    while rest:
        together = [rest.pop() for _ in range(min(len(rest), chance.choice((1, 2, 2, 3))))]
        for story in together if len(together) > 1 else ():
            story.faults.add(("two", "three")[len(together) - 2])
        groups += _woven([_parts(story, chance, marked=marked, most=1 + len(together)) for story in together], chance)
    for _ in range(chance.randint(0, 2)):
        photo = _photo(chance)
        stories.append(photo)
        groups.insert(chance.randint(1, len(groups)), [photo.body, f"{' '.join(photo.photographers)} 摄影报道"])
    text = gap.join(line for group in groups for line in group)
    return Laid(text=text, stories=tuple(stories))


def _parts(story: Story, chance: random.Random, *, marked: bool, most: int) -> list[list[str]]:
    """The story in one to ``most`` pieces, each a list of lines."""
    said = chance.choice(("first words", "above", "below", "below", "below"))
    names = " ".join(story.byline)
    if names and said == "first words" and _is_lead(story):
        story.faults.add("named first")
        story.paragraphs[0] = LEAD.sub(rf"\1（记者 {names}） ", story.paragraphs[0])
    pieces: list[list[str]] = [[]]
    for paragraph in story.paragraphs:
        below = _parted(paragraph, story, chance) if len(pieces) < most and chance.random() < 0.5 else [paragraph]
        pieces[-1].append(below[0])
        pieces += [[head] if head else [] for head in below[1:]]
    pieces = [piece for piece in pieces if piece]
    has_late_headline = story.title and _is_lead(story) and len(pieces) > 1 and chance.random() < 0.2
    place = chance.randrange(1, len(pieces)) if has_late_headline else 0
    if place:
        story.faults.add("headline below")
    if names and said == "above" and not place and story.title:
        story.faults.add("named above")
        pieces[0].insert(0, f"本报记者 {names}")
    elif "named first" not in story.faults:
        pieces[-1] = _signed(pieces[-1], story, chance)
    pieces[place] = [*_stack(story, marked=marked, chance=chance), *pieces[place]]
    return pieces


def _parted(paragraph: str, story: Story, chance: random.Random) -> list[str]:
    """The paragraph's two halves: cut within a sentence, or after one; the second is empty where all stands above."""
    if len(paragraph) > 60 and chance.random() < 0.65:
        return _broken(paragraph, story, chance)
    ends = [match.end() for match in re.finditer(r"[。！？][”’]?", paragraph)][:-1]
    if ends and chance.random() < 0.4:
        story.faults.add("cut after a sentence")
        place = chance.choice(ends)
        return [paragraph[:place], paragraph[place:]]
    story.faults.add("cut after a paragraph")
    return [paragraph, ""]


def _woven(columns: list[list[list[str]]], chance: random.Random) -> list[list[str]]:
    """The columns' pieces in one order that keeps each column's own."""
    order = [number for number, column in enumerate(columns) for _ in column]
    chance.shuffle(order)
    left = [iter(column) for column in columns]
    return [next(left[number]) for number in order]


def tangled_pages(articles: Sequence[tuple[str, list[str]]], count: int, seed: int = 0) -> Iterable[Laid]:
    """Yield ``count`` tangled pages of three to eight articles each, drawn anew for every page."""
    for number in range(count):
        chance = random.Random(f"tangled-{seed}-{number}")
        yield tangled(chance.sample(articles, min(len(articles), chance.randint(3, 8))), chance.randint(0, 10**9))
