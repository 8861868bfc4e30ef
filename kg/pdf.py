"""A PDF's text layer -> page texts, column by column in reading order, headlines marked by their size.

pdfminer.six (MIT) gives the lines of text with their places; in which order its blocks are read is decided here by the
white gaps between them (recursive X-Y cut, Nagy and Seth 1984).
"""

import io
import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pdfminer.high_level import extract_pages
from pdfminer.layout import LAParams, LTChar, LTPage, LTTextBox, LTTextLine
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect

from kg.errors import InputError

# Columns stand about a character apart: a wider gap on a line begins another one.
LAYOUT = LAParams(char_margin=0.9, line_margin=0.6, line_overlap=0.4, boxes_flow=None, detect_vertical=True)
HEADLINE = 1.25  # times the size of the text
INDENT = 1.2  # characters
CODE = re.compile(r"\(cid:\d+\)")  # of a character whose font does not say which it is
FEWEST_CHARACTERS = 20  # on all pages; fewer are a page number on a scan
GAP = 0.3  # of a character: the least white between two columns


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    text: str
    left: float
    size: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Box:
    """A block of lines and its place on the page, in points from the page's left and top edges."""

    left: float
    right: float
    top: float
    bottom: float
    lines: tuple[_Line, ...]


def read(content: bytes, where: str) -> list[str]:
    """Return each page's text, empty where there is none; raises InputError for a scan, a locked or a broken file."""
    try:
        pages = [list(_boxes(page)) for page in extract_pages(io.BytesIO(content), laparams=LAYOUT)]
    except (PDFPasswordIncorrect, PDFEncryptionError) as error:
        raise InputError(f"{where}: is locked by a password; unlock it first (qpdf --decrypt)") from error
    except Exception as error:  # pdfminer throws whatever its parser stumbles over
        raise InputError(f"{where}: is a broken PDF ({type(error).__name__}); print it to a new PDF") from error
    text = "".join(line.text for boxes in pages for box in boxes for line in box.lines)
    if len(CODE.sub("", text)) < max(FEWEST_CHARACTERS, len(text) // 2):
        raise InputError(
            f"{where}: holds no text, only pictures of it; recognise the text first (ocrmypdf -l chi_sim IN OUT)"
        )
    return [_text(boxes) if boxes else "" for boxes in pages]


def _boxes(page: LTPage) -> Iterator[_Box]:
    for element in page:
        if not isinstance(element, LTTextBox):
            continue
        lines = tuple(line for one in element if isinstance(one, LTTextLine) for line in _lines(one))
        if lines:
            yield _Box(
                left=element.x0, right=element.x1, top=page.y1 - element.y1, bottom=page.y1 - element.y0, lines=lines
            )


def _lines(line: LTTextLine) -> Iterator[_Line]:
    sizes = [char.size for char in line if isinstance(char, LTChar)]
    text = line.get_text().strip("\n")
    if text.strip() and sizes:
        yield _Line(text=text.rstrip(), left=line.x0, size=statistics.median(sizes))


def _text(boxes: Sequence[_Box]) -> str:
    body = _body_size(boxes)
    return "\n\n".join(_block(box, body) for box in _ordered(boxes, body))


def _body_size(boxes: Sequence[_Box]) -> float:
    """Return the size in which most characters of the page are set."""
    sizes: dict[float, int] = {}
    for box in boxes:
        for line in box.lines:
            size = round(line.size, 1)
            sizes[size] = sizes.get(size, 0) + len(line.text)
    return max(sizes, key=lambda size: (sizes[size], size))


def _block(box: _Box, body: float) -> str:
    largest = max(line.size for line in box.lines)
    lines = []
    for line in box.lines:
        is_headline = line.size >= HEADLINE * body and line.size > 0.95 * largest
        is_indented = not line.text.startswith((" ", "\u3000")) and line.left - box.left > INDENT * line.size
        if is_headline:
            lines.append(f"## {line.text.strip()}")
        else:
            lines.append(f"\u3000\u3000{line.text}" if is_indented else line.text)
    return "\n".join(lines)


def _ordered(boxes: Sequence[_Box], body: float) -> list[_Box]:
    """Cut the page at its widest white gap, again and again; upper and left parts are read first."""
    if len(boxes) < 2:
        return list(boxes)
    across = _gap([(box.top, box.bottom) for box in boxes])
    down = _gap([(box.left, box.right) for box in boxes])
    if down[0] > GAP * body and (down[0] >= across[0] or across[0] <= GAP * body):
        first = [box for box in boxes if box.right <= down[1]]
    elif across[0] > 0:
        first = [box for box in boxes if box.bottom <= across[1]]
    elif down[0] > 0:
        first = [box for box in boxes if box.right <= down[1]]
    else:
        return sorted(boxes, key=lambda box: (round(box.left / (3 * body)), box.top))
    rest = [box for box in boxes if box not in first]
    return [*_ordered(first, body), *_ordered(rest, body)]


def _gap(spans: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return the widest gap that no span covers: its width and its middle; (0, 0) where there is none."""
    best = (0.0, 0.0)
    end = None
    for start, stop in sorted(spans):
        if end is not None and start - end > best[0]:
            best = (start - end, (start + end) / 2)
        end = stop if end is None else max(end, stop)
    return best
