"""Mentions -> mentions: what the model cannot know of an article it reads window by window.

A table of small rules over one article's text, applied in order: quotation marks are not cut, a body's place and unit
are part of its name, a named programme runs to its head noun and takes its edition along, 6号楼 names nothing, 我市 is
always a place, a name found once is found everywhere, and nothing in a web address is one.  Which nouns, units and
editions there are stands in schema.yaml; what each rule is worth, in bench/results/rules.md.  Mentions keep their
promise: slices of the text, in order, without overlap.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from kg.records import Article, Mention
from kg.schema import EntityType, Schema

# What a quotation may span and a mention may be extended by, in characters; longer ones are speech, not names.
QUOTATION = 40
# Between a closing quotation mark and the head noun that the name runs to: “…”主题宣传活动.
BEFORE_HEAD = 10
# Words that are not part of such a name: “…”获第七届…大赛 and “…”首批12个试点 are not one thing.
NO_PART = "的和与及等在获入赴列个"
# What may belong to a name before it (2024—2025年度第十三届), in characters.
LEAD = 16
# Shorter names are words of their own elsewhere (以, 华).
REPEATED = 2

BRACKETS = {"（": "）", "(": ")"}
QUOTES = {"“": "”", "‘": "’", "《": "》"}
PAIRS = BRACKETS | QUOTES
OPENING = {closing: opening for opening, closing in QUOTES.items()}
# 我省, 全市 …: surfaces of the place that they stand for (GUIDELINES, settled cases).
PLACE = "Place"
RELATIVE_PLACE = re.compile(r"我[国省市县区]|全[省市县区](?![域属])")
# A letter box is looked for from where its name begins and nowhere within: a long Latin word takes no longer for that.
ADDRESS = re.compile(r"(?:https?://|www\.)[!-~]+|(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]+", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The schema's entity types, and by type how a name runs on to its head noun and what ends before it is its own."""

    types: Mapping[str, EntityType]
    head_by_type: Mapping[str, re.Pattern[str]]
    lead_by_type: Mapping[str, re.Pattern[str]]
    has_places: bool


def compile_rules(schema: Schema) -> Rules:
    """Make the patterns of the schema's head nouns; the longest noun that fits is taken."""
    return Rules(
        types=schema.entities,
        head_by_type={
            name: re.compile(
                rf"[^，。、；：！？“”‘’（）()《》\s{NO_PART}]{{0,{BEFORE_HEAD}}}?"
                rf"(?:{'|'.join(sorted(map(re.escape, declared.heads), key=len, reverse=True))})"
            )
            for name, declared in schema.entities.items()
            if declared.heads
        },
        lead_by_type={
            name: re.compile(rf"(?:{declared.lead.pattern})$")
            for name, declared in schema.entities.items()
            if declared.lead
        },
        has_places=PLACE in schema.entities,
    )


def repair(
    article: Article, mentions: Iterable[Mention], rules: Rules, *, leave_out: Collection[str] = ()
) -> tuple[Mention, ...]:
    """Return the mentions of ``article`` after every rule but those named to ``leave_out`` (bench/rules.py asks).

    Where two overlap, the longer stays.
    """
    text = article.text
    found = tuple(mentions)
    for rule in RULES:
        if rule.__name__ in leave_out:
            continue
        found = _apart(rule(text, found, article.id, rules))
    return found


def balance_marks(text: str, mentions: Iterable[Mention], _: str, __: Rules) -> Iterator[Mention]:
    """Extend a mention that cuts a pair of quotation marks or brackets to the whole pair, else cut it at the mark."""
    for mention in mentions:
        start, end = _balanced(text, mention.start, mention.end)
        if end - start > 1 and any(map(str.isalnum, text[start:end])):
            yield _moved(text, mention, start, end)


def run_to_head(text: str, mentions: Iterable[Mention], _: str, rules: Rules) -> Iterator[Mention]:
    """Extend “…” to the head noun that follows it: “安愉人生” to “安愉人生”公益行动."""
    for mention in mentions:
        pattern = rules.head_by_type.get(mention.type)
        match = pattern.match(text, mention.end) if pattern and mention.text[-1] in "”’" else None
        yield _moved(text, mention, mention.start, match.end()) if match else mention


def whole_words(text: str, mentions: Iterable[Mention], _: str, __: Rules) -> Iterator[Mention]:
    """Let no name begin or end inside a Latin word or a number; two that part one between them are one name.

    Its type is the second one's, since a Chinese name ends in its head: 彭博绿金E and SG 50榜单 are a ranking.
    """
    wholes = (_moved(text, mention, *_whole(text, mention.start, mention.end)) for mention in mentions)
    yield from _merged(text, wholes, lambda left, right: right.type if left.end > right.start else None)


def claim(_: str, mentions: Iterable[Mention], __: str, rules: Rules) -> Iterator[Mention]:
    """Give a name the type that its form tells: “双碳学院” and “黄河联盟” are bodies, not programmes."""
    for mention in mentions:
        claims = (
            name
            for name, declared in rules.types.items()
            for other in declared.claims
            if other.type == mention.type and other.form.search(mention.text)
        )
        yield replace(mention, type=next(claims, mention.type))


def join(text: str, mentions: Iterable[Mention], article_id: str, rules: Rules) -> Iterator[Mention]:
    """Make one name of two that touch, where the schema says so: 湖里区 and 金山街道社区, 辽宁大学 and 蒲河校区.

    What came of them is joined again, for a body may stand behind several places: 晋源区, 义井街道, 西峪社区.
    """
    found = tuple(mentions)
    joined = tuple(_merged(text, found, lambda left, right: _joined_type(left, right, rules)))
    yield from joined if len(joined) == len(found) else join(text, joined, article_id, rules)


def surround(text: str, mentions: Iterable[Mention], _: str, rules: Rules) -> Iterator[Mention]:
    """Take in what belongs to a name on either side: 第六期 before a course, （Intertek） behind a company."""
    for mention in mentions:
        lead, trail = rules.lead_by_type.get(mention.type), rules.types[mention.type].trail
        before = lead and lead.search(text, max(0, mention.start - LEAD), mention.start)
        behind = trail and trail.match(text, mention.end)
        start = mention.start - len(before.group()) if before else mention.start
        yield _moved(text, mention, start, behind.end() if behind else mention.end)


def named(_: str, mentions: Iterable[Mention], __: str, rules: Rules) -> Iterator[Mention]:
    """Drop what looks like a name to the model but names nothing by itself: 东广场, 6号楼."""
    for mention in mentions:
        nameless = rules.types[mention.type].nameless
        if not nameless or not nameless.fullmatch(mention.text):
            yield mention


def relative_places(text: str, mentions: Iterable[Mention], article_id: str, rules: Rules) -> Iterator[Mention]:
    """Add 我市, 全省 and the like where no other name claims them."""
    yield from mentions
    for match in RELATIVE_PLACE.finditer(text) if rules.has_places else ():
        yield Mention(article_id=article_id, start=match.start(), end=match.end(), text=match.group(), type=PLACE)


def repeat(text: str, mentions: Iterable[Mention], _: str, __: Rules) -> Iterator[Mention]:
    """Find a name that was found once wherever else it stands by itself."""
    known: dict[str, Mention] = {}
    for mention in mentions:
        known.setdefault(mention.text, mention)
        yield mention
    for name, mention in known.items():
        if len(name) >= REPEATED:
            for match in re.finditer(re.escape(name), text):
                yield _moved(text, mention, match.start(), match.end())


def outside_addresses(text: str, mentions: Iterable[Mention], _: str, __: Rules) -> Iterator[Mention]:
    """Drop what stands in the address of a web page or a letter box: https is nobody."""
    addresses = [match.span() for match in ADDRESS.finditer(text)]
    for mention in mentions:
        if not any(start < mention.end and mention.start < end for start, end in addresses):
            yield mention


Rule = Callable[[str, tuple[Mention, ...], str, Rules], Iterator[Mention]]
RULES: tuple[Rule, ...] = (
    *(balance_marks, whole_words, join, claim, run_to_head, surround, named),
    *(relative_places, repeat, outside_addresses),
)


def _merged(
    text: str, mentions: Iterable[Mention], type_of: Callable[[Mention, Mention], str | None]
) -> Iterator[Mention]:
    """Make one of two neighbours where ``type_of`` gives it a type; what came of them may take in the next."""
    last: Mention | None = None
    for mention in mentions:
        type_ = type_of(last, mention) if last else None
        if last and type_:
            last = replace(_moved(text, last, last.start, max(last.end, mention.end)), type=type_)
            continue
        if last:
            yield last
        last = mention
    if last:
        yield last


def _whole(text: str, start: int, end: int) -> tuple[int, int]:
    while _parts_word(text, start):
        start -= 1
    while _parts_word(text, end):
        end += 1
    return start, end


def _parts_word(text: str, position: int) -> bool:
    around = text[position - 1 : position + 1] if position else ""
    return len(around) == 2 and around.isascii() and around.isalnum()


def _joined_type(left: Mention, right: Mention, rules: Rules) -> str | None:
    if left.end != right.start:
        return None
    for name, declared in rules.types.items():
        for pair in declared.joins:
            is_meant = (left.type, right.type) == (pair.left, pair.right)
            if is_meant and pair.ends.search(left.text) and pair.begins.match(right.text):
                return name
    return None


def _apart(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """Keep the longest of overlapping mentions, the earlier of equals."""
    taken: list[Mention] = []
    claimed: set[int] = set()
    for mention in sorted(mentions, key=lambda mention: (mention.start - mention.end, mention.start)):
        positions = range(mention.start, mention.end)
        if claimed.isdisjoint(positions):
            taken.append(mention)
            claimed.update(positions)
    return tuple(sorted(taken, key=lambda mention: mention.start))


def _balanced(text: str, start: int, end: int) -> tuple[int, int]:
    waiting: list[str] = []
    position = start
    while position < end:
        char = text[position]
        if char in BRACKETS and position == start:
            start += 1  # a name may hold a bracket, but never begins with one
        elif char in PAIRS:
            closing = _find_closing(text, position, PAIRS[char])
            if closing is None:
                return start, position
            end = max(end, closing + 1)
            waiting.append(PAIRS[char])
        elif waiting and char == waiting[-1]:
            waiting.pop()
        elif char in BRACKETS.values():
            return start, position
        elif char in OPENING and not waiting:
            opening = _find_opening(text, start, OPENING[char])
            start = position + 1 if opening is None else opening
        position += 1
    return start, end


def _find_closing(text: str, position: int, closing: str) -> int | None:
    found = text.find(closing, position + 1, position + 1 + QUOTATION)
    return None if found < 0 or re.search(r"[。\n]", text[position:found]) else found


def _find_opening(text: str, position: int, opening: str) -> int | None:
    found = text.rfind(opening, max(0, position - QUOTATION), position)
    return None if found < 0 or re.search(r"[。\n]", text[found:position]) else found


def _moved(text: str, mention: Mention, start: int, end: int) -> Mention:
    return replace(mention, start=start, end=end, text=text[start:end])
