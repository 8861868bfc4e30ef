"""Lays text out as a PDF page in columns, for the tests of kg/pdf.py; the text layer is what any such PDF has."""

import io
from collections.abc import Sequence

from reportlab.lib.pagesizes import A3
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"
SIZE = 10.0
LEADING = 15.0
TOP = 1120.0
pdfmetrics.registerFont(UnicodeCIDFont(FONT))


def page(
    headline: Sequence[tuple[str, float]],
    paragraphs: Sequence[str],
    *,
    width: int = 18,
    rows: int = 20,
) -> bytes:
    """Return a one-page PDF: ``headline`` lines with their sizes across the page, ``paragraphs`` in columns below.

    ``width`` is a column's in characters, ``rows`` its length in lines; paragraphs are indented by two characters.
    """
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A3)
    draw(canvas, headline, paragraphs, width=width, rows=rows)
    canvas.save()
    return target.getvalue()


def draw(
    canvas: Canvas,
    headline: Sequence[tuple[str, float]],
    paragraphs: Sequence[str],
    *,
    width: int,
    rows: int,
    left: float = 40.0,
    top: float = TOP,
) -> None:
    """Draw one article on ``canvas``."""
    for text, size in headline:
        canvas.setFont(FONT, size)
        canvas.drawString(left, top, text)
        top -= 1.6 * size
    canvas.setFont(FONT, SIZE)
    lines = [line for paragraph in paragraphs for line in _lines(paragraph, width)]
    for number, (text, indent) in enumerate(lines):
        column, row = divmod(number, rows)
        x = left + column * (width + 2) * SIZE + indent * SIZE
        canvas.drawString(x, top - row * LEADING, text)


def _lines(paragraph: str, width: int) -> list[tuple[str, int]]:
    first, rest = paragraph[: width - 2], paragraph[width - 2 :]
    return [(first, 2), *((rest[start : start + width], 0) for start in range(0, len(rest), width))]
