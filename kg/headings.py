"""Lines that are headings, and what each line of a stack of headings is: section, kicker, title or subtitle.

In: strings; out: strings.  Where a heading belongs is decided elsewhere (fragments.py, stitching.py).
"""

import re
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kg.layout import Layout
from kg.traditional import fold

LONGEST = 45  # of a bare heading line; the longest of 460 labelled city-paper headlines has 41 characters
LONGEST_LABEL = 12
LONGEST_SHORT_LABEL = 6  # above another heading, whatever its form
UNLIKE_LABEL = re.compile(r"[\s，、：:！!？?“”《》\d]")
SHORTEST_HALF = 4
LONGEST_HALF = 10  # of a headline set in two lines of equal length
MARK = re.compile(r"^\s{0,3}(#{1,6})(?!#)(.*)$")
STRONG = re.compile(r"^\*\*(.+)\*\*$|^__(.+)__$")
# The last: what somebody says, to the end of the line; none of 1,231 headlines of labelled articles and written pages.
RUNNING = re.compile(r"[。；;]|[，,、：:]$|^[，。、；：？！）”’》…,;:?!)]|[：:]“[^”]*[？！?!]”$")
DASH = re.compile(r"^(?:—{1,2}|――|--|－－|–{1,2}|─{1,2})")
QUOTED = re.compile(r"[“「][^”」]+[”」]")
NUMBERED = re.compile(r"^(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.、．])")
FULL_WIDTH = str.maketrans({",": "，", ":": "：", "!": "！", "?": "？"})
DAY = re.compile(r"\d月|\d日|今年|去年|昨[日天]|近日|日前|今天")
OPENER = re.compile(
    "(?:【[^】]*】)?(?:因(?![地势材])|据|记者|目前|随着|今年|去年|本次|此次|一方面|此外|同时|在|为|从|当|这|那|其|该|他|她|我们|自|截至|与此|会议|活动|近年|如今"
    "|对于|不仅|通过|根据|针对|围绕|按照|经|由|作为|随后|下一步|接下来|昨|今天)"
)
NUMBER, LATIN = re.compile(r"[0-9０-９.．]+"), re.compile(r"[A-Za-z]+")
PARTICLE = re.compile(r"[的了在被是与及和为将从把也着]")
CLOSERS = {"“": "”", "‘": "’", "（": "）", "(": ")", "《": "》", "【": "】", "「": "」", "『": "』"}


# Log odds that a bare short line is a heading and no piece of a sentence cut off by its column: (sign, test, weight).
# Fitted by logistic regression to 1,690 headlines and 4,035 beginnings of paragraphs of labelled articles; 86 % right.
SIGNS: tuple[tuple[str, Callable[[str], bool], float], ...] = (
    ("base", lambda _: True, 1.0),
    ("two halves", lambda line: " " in line or "\u3000" in line, 2.8),
    ("comma", lambda line: "，" in line, -3.6),
    ("pause", lambda line: "、" in line, -2.4),
    ("opens a sentence", lambda line: bool(OPENER.match(line)), -2.2),
    ("day", lambda line: bool(DAY.search(line)), -1.8),
    ("under 15", lambda line: len(line) < 15, 1.5),
    ("over 28", lambda line: len(line) > 28, -0.5),
    ("a particle", lambda line: bool(PARTICLE.search(line)), -0.3),
    ("particle at the end", lambda line: bool(PARTICLE.fullmatch(line[-1:])), -1.0),
    ("quote", lambda line: "“" in line, 1.5),
    ("begins with a quote", lambda line: line.startswith("“"), -1.3),
    ("colon", lambda line: any(mark in line for mark in "：丨｜|"), 0.8),
    ("question inside", lambda line: bool(re.search(r"[？！](?!$|[”’])", line)), 1.4),
    ("question", lambda line: line[-1:] in "？！", 3.0),
    ("dots", lambda line: "…" in line, 2.0),
)
SIZE = 1 << 16  # rows of the table of weights
LONGEST_RUN = 3  # characters
STEP = 3  # characters of a length's class
# How much SIGNS count, and what data/headlines.npz says, beside what lines.py says of a line's surroundings: fitted by
# logistic regression to the bare lines of pages of two generators and of the odd ones written by hand.
FORM_BASE, FORM_SIGNS, FORM_LEARNT = 3.6, 0.5, 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """What stands above an article, each line in its role."""

    kicker: str | None
    title: str | None
    subtitle: str | None
    sections: tuple[str, ...]


def strip_mark(line: str) -> tuple[int, str]:
    """Return the heading level (0: a bare line) and the line without its Markdown mark."""
    if match := MARK.match(line):
        return len(match.group(1)), match.group(2).strip().rstrip("#").strip()
    if match := STRONG.match(line.strip()):
        return 7, (match.group(1) or match.group(2)).strip()
    return 0, line.strip()


def is_balanced(text: str) -> bool:
    """Tell whether every quote and bracket that opens in ``text`` closes there and the other way round."""
    return all(text.count(left) == text.count(right) for left, right in CLOSERS.items())


def is_heading(line: str) -> bool:
    """Tell whether a bare line may be a heading: short, whole, without the punctuation of running text."""
    if DASH.match(line):
        return len(line) <= LONGEST and not line.endswith(("。", "；"))
    return 2 <= len(line) <= LONGEST and not RUNNING.search(line) and not NUMBERED.match(line) and is_balanced(line)


def likelihood(line: str) -> float:
    """Return the log odds that a bare line that passes ``is_heading`` is a heading, by its form alone.

    The weights were learnt by scripts/headlines.py from headlines of a national news programme (github
    DuckBurnIncense/xin-wen-lian-bo, MIT) and of this project's invented articles, and from pieces of their texts; of
    other articles' lines they tell 95 of 100 pairs of headline and piece apart.
    """
    weights, base = _learnt()
    plain = fold(line).translate(FULL_WIDTH)
    signs = _signs(plain)
    learnt = base + float(weights[_rows(plain, signs)].sum())
    return FORM_BASE + FORM_SIGNS * sum(signs.values()) + FORM_LEARNT * learnt


def rows(line: str) -> list[int]:
    """Return the rows of the table of weights that a line has: its runs of characters, its ends, length and signs."""
    plain = fold(line).translate(FULL_WIDTH)
    return _rows(plain, _signs(plain))


def _signs(plain: str) -> dict[str, float]:
    """Return the weight of each of SIGNS that a line has."""
    return {name: weight for name, test, weight in SIGNS if test(plain)}


def _rows(plain: str, signs: Iterable[str]) -> list[int]:
    whole = f"^{LATIN.sub('A', NUMBER.sub('0', plain))}$"
    runs = [whole[at : at + size] for size in range(1, LONGEST_RUN + 1) for at in range(len(whole) - size + 1)]
    ends = [f"E{whole[-4:]}", f"B{whole[:4]}", f"E{whole[-3:-1]}", f"B{whole[1:3]}", f"L{len(whole) // STEP}"]
    own = [f"S{name}" for name in signs if name != "base"]
    return [zlib.crc32(sign.encode()) % SIZE for sign in (*runs, *ends, *own)]


@cache
def _learnt() -> tuple[NDArray[np.float32], float]:
    with np.load(Path(__file__).parent / "data" / "headlines.npz") as file:
        return file["weights"].astype(np.float32) * np.float32(file["scale"]), float(file["base"])


def is_section(line: str, layout: Layout) -> bool:
    """Tell whether a heading line is the label of a section or column: known as such, or of a label's form."""
    line = fold(line)
    if layout.section.fullmatch(line):
        return True
    return len(line) <= LONGEST_LABEL and " " not in line and bool(layout.section_form.fullmatch(line))


def read_stack(lines: Sequence[tuple[int, str]], layout: Layout) -> Headline:
    """Give each (level, text) line of a stack its role; a stack of labels only has no title."""
    subtitles = [text for _, text in lines if DASH.match(text)]
    rest = [(level, text) for level, text in lines if not DASH.match(text)]
    count = labels_above(rest, layout)
    sections, rest = [text for _, text in rest[:count]], rest[count:]
    while len(rest) > 1 and is_section(rest[-1][1], layout):
        sections.append(rest.pop()[1])
    kicker, title, subtitle = _roles(rest)
    return Headline(
        kicker=kicker,
        title=title,
        subtitle=" ".join(subtitles) if subtitles else subtitle,
        sections=tuple(sections),
    )


def labels_above(lines: Sequence[tuple[int, str]], layout: Layout) -> int:
    """Return how many lines at the top of a stack are labels of sections."""
    count = 0
    while count < len(lines) and _is_label(lines[count:], layout):
        count += 1
    return count


def _is_label(rest: Sequence[tuple[int, str]], layout: Layout) -> bool:
    line = rest[0][1]
    if len(rest) > 1 and _are_halves(line, rest[1][1]) and not is_section(line, layout):
        return False
    is_short = len(rest) > 1 and len(line) <= LONGEST_SHORT_LABEL and not UNLIKE_LABEL.search(line)
    return is_short or is_section(line, layout)


def _are_halves(first: str, second: str) -> bool:
    """公交志愿服务 / 温暖乘客出行: one headline set in two lines of equal length."""
    return SHORTEST_HALF <= len(first) == len(second) <= LONGEST_HALF and " " not in first + second


def _roles(rest: Sequence[tuple[int, str]]) -> tuple[str | None, str | None, str | None]:
    """Return kicker, title and subtitle of a stack without labels and dashes.

    Marked lines outrank bare ones; of two equals the first is the kicker, unless both are halves of one headline.
    """
    if not rest:
        return None, None, None
    texts = [text for _, text in rest]
    marked = [number for number, (level, _) in enumerate(rest) if level]
    if marked and len(marked) < len(rest):
        first, last = marked[0], marked[-1]
        kicker, title, subtitle = _roles([(0, text) for text in texts[first : last + 1]])
        return _joined(*texts[:first], kicker), title, _joined(subtitle, *texts[last + 1 :])
    if len(texts) > 1 and _are_halves(texts[-2], texts[-1]):
        return _joined(*texts[:-2]), f"{texts[-2]} {texts[-1]}", None
    if len(texts) > 1 and _is_below(texts[-1]) and not _is_below(texts[-2]) and not _is_slogan(texts[-2]):
        return _joined(*texts[:-2]), texts[-2], texts[-1]
    return _joined(*texts[:-1]), texts[-1], None


def _is_slogan(line: str) -> bool:
    """城乡融合添活力 民生福祉节节高: parallel halves make a kicker, and so does what announces a line."""
    if line.endswith(("——", "—", "：", ":")):
        return True
    halves = line.split()
    return len(halves) > 1 and len({len(half) for half in halves}) == 1


def _is_below(line: str) -> bool:
    """A line with a comma, or one that is all quoted, stands below a title: 快递员：娃娃的前程，耽误不得."""
    return "，" in line.translate(FULL_WIDTH) or bool(QUOTED.fullmatch(line))


def _joined(*lines: str | None) -> str | None:
    return " ".join(line for line in lines if line) or None
