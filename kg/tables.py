"""Table -> text: columns or cards for people, JSON, CSV or Markdown for programs."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence

from wcwidth import wcwidth

from kg.errors import ReportError
from kg.records import Table

NARROWEST = 6  # of a column that is cut, in the terminal's characters
GAP = "  "


def render(table: Table, format_: str, *, width: int | None = None) -> str:
    """Lay ``table`` out as table, json, csv or md, without a line end after the last line.

    ``width`` (columns of a terminal) shortens long cells, in the table format alone, and makes a card of each row where
    its columns would be too narrow to read; without it nothing is left out.
    """
    if format_ not in FORMATS:
        raise ReportError(f"format {format_}: is not known; use one of: {', '.join(FORMATS)}")
    return FORMATS[format_](table) if width is None or format_ != "table" else _as_table(table, width)


def _as_table(table: Table, width: int | None = None) -> str:
    lines = [[" ".join(_cell(value).split()) for value in row] for row in (table.columns, *table.rows)]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    if width is not None:
        widths = _fit(widths, width)
        if sum(widths) + len(GAP) * (len(widths) - 1) > width:
            return _as_cards(lines, width)
    lines.insert(1, ["-" * column for column in widths])
    is_number = [_is_number(table, column) for column in range(len(widths))]
    text = [
        GAP.join(map(_padded, line, widths, [right and row > 1 for right in is_number])).rstrip()
        for row, line in enumerate(lines)
    ]
    return "\n".join(text if table.rows else [*text, "(no rows)"])


def _as_cards(lines: Sequence[Sequence[str]], width: int) -> str:
    """Return a window too narrow for columns filled downwards: a line a cell that is not empty, a card a row."""
    columns, *rows = lines
    names = max(map(_width, columns))
    room = max(width - names - len(GAP), NARROWEST)
    cards = [
        "\n".join(
            f"{_padded(column, names, False)}{GAP}{_padded(cell, room, False).rstrip()}"
            for column, cell in zip(columns, row, strict=True)
            if cell
        )
        for row in rows
    ]
    return "\n\n".join(cards) or "(no rows)"


def _as_json(table: Table) -> str:
    return json.dumps(table.dicts(), ensure_ascii=False, indent=2)


def _as_csv(table: Table) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([table.columns, *([_cell(value) for value in row] for row in table.rows)])
    return text.getvalue().removesuffix("\r\n")


def _as_markdown(table: Table) -> str:
    rule = ["---:" if _is_number(table, column) else "---" for column in range(len(table.columns))]
    lines = [table.columns, rule, *table.rows]
    return "\n".join(f"| {' | '.join(map(_markdown_cell, line))} |" for line in lines)


FORMATS: Mapping[str, Callable[[Table], str]] = {
    "table": _as_table,
    "json": _as_json,
    "csv": _as_csv,
    "md": _as_markdown,
}


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case list() | tuple() if all(isinstance(item, str) for item in value):
            return "、".join(value)
        case _:
            return json.dumps(value, ensure_ascii=False)


def _markdown_cell(value: object) -> str:
    return "<br>".join(_cell(value).replace("\\", "\\\\").replace("|", "\\|").splitlines())


def _is_number(table: Table, column: int) -> bool:
    values = [row[column] for row in table.rows if row[column] is not None]
    return bool(values) and all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)


def _width(text: str) -> int:
    # Control characters have no width of their own (-1).
    return sum(max(wcwidth(char), 0) for char in text)


def _fit(widths: Sequence[int], width: int) -> list[int]:
    """Return the column widths with the widest ones cut to one measure, so that a row fits into ``width``."""
    room = width - len(GAP) * (len(widths) - 1)
    most = max(widths, default=0)
    while most > NARROWEST and sum(min(column, most) for column in widths) > room:
        most -= 1
    return [min(column, most) for column in widths]


def _padded(text: str, width: int, right: bool) -> str:
    if _width(text) > width:
        kept = ""
        for char in text:
            if _width(kept + char) >= width:
                break
            kept += char
        text = kept + "…"
    space = " " * (width - _width(text))
    return space + text if right else text + space
