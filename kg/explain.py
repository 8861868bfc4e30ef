"""Cut -> text for an editor's eye: every line of the pages with what became of it, then each article with its joins.

In: pages and what article.cut made of them; out: lines of text.
"""

from collections.abc import Iterator, Sequence

from kg.article import Cut, Piece
from kg.records import Article, Join, Page

SHOWN = 60  # characters of a line
LEFT_OUT = "left out"


def explain(pages: Sequence[Page], cut: Cut) -> Iterator[str]:
    """Yield the lines to print: ``page:line  kind  article  text``, and for each article where it was put together."""
    for page in pages:
        yield f"{page.source}, page {page.number}"
        pieces = [piece for piece in cut.pieces if piece.page == page.number]
        yield from _page(page, pieces)
        yield ""
    for number, article in enumerate(cut.articles, 1):
        yield from _article(number, article)


def _page(page: Page, pieces: Sequence[Piece]) -> Iterator[str]:
    piece_by_line = {line: piece for piece in pieces for line in range(piece.line.number, piece.line.last + 1)}
    for line, text in enumerate(page.text.splitlines()):
        if not text.strip():
            continue
        piece = piece_by_line.get(line)
        kind = piece.kind if piece else LEFT_OUT
        article = f"[{piece.article + 1}]" if piece and piece.article is not None else ""
        yield f"{line + 1:5}  {kind:9} {article:>5}  {_short(text.strip())}"


def _article(number: int, article: Article) -> Iterator[str]:
    title = article.title or f"(no headline) {_short(article.body)}"
    names = "、".join((*article.byline, *article.photographers))
    yield f"[{number}] {title}{f'  ({names})' if names else ''}"
    for join in article.joins:
        yield f"      page {join.page}, line {join.line}: {_seam(join)}  {join.confidence:.2f}"
        yield f"          {', '.join(f'{name} {weight:+.2f}' for name, weight in join.reasons)}"


def _seam(join: Join) -> str:
    if not join.tail:
        return f"headline “{join.head}”"
    repaired = f"  (“{join.repaired}” printed twice)" if join.repaired else ""
    return f"…{join.tail} + {join.head}…{repaired}"


def _short(text: str) -> str:
    line = text.split("\n", 1)[0]
    return line if len(line) <= SHOWN else f"{line[:SHOWN]}…"
