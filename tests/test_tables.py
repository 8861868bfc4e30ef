"""How a table is printed: for people in a window, for programs whole."""

import csv
import io
import json

import pytest

from kg import tables
from kg.errors import ReportError
from kg.records import Table

PAIRS = Table(columns=("name", "times"), rows=(("太原市", 3), ("Shanxi | 山西", 12)))
EMPTY = Table(columns=("name", "times"), rows=())


def test_render_table_aligns_full_width_characters() -> None:
    assert tables.render(PAIRS, "table").splitlines() == [
        "name           times",
        "-------------  -----",
        "太原市             3",
        "Shanxi | 山西     12",
    ]


def test_render_table_shortens_the_widest_columns_only() -> None:
    table = Table(columns=("person", "sentence"), rows=(("潘海燕", "省工信厅党组书记、厅长潘海燕介绍。"),))
    assert tables.render(table, "table", width=22).splitlines() == [
        "person  sentence",
        "------  --------------",
        "潘海燕  省工信厅党组…",
    ]
    assert tables.render(table, "table").splitlines()[-1].endswith("潘海燕介绍。")


@pytest.mark.parametrize("format_", ["json", "csv", "md"])
def test_render_shortens_nothing_for_programs(format_: str) -> None:
    assert tables.render(PAIRS, format_, width=10) == tables.render(PAIRS, format_)


def test_render_table_shortens_no_column_beyond_reading() -> None:
    assert tables.render(PAIRS, "table", width=13).splitlines()[2] == "太原市      3"


def test_render_table_in_a_narrow_window_prints_a_card_a_row() -> None:
    assert tables.render(PAIRS, "table", width=12).splitlines() == [
        "name   太原市",
        "times  3",
        "",
        "name   Shanx…",
        "times  12",
    ]
    assert tables.render(EMPTY, "table", width=5) == "(no rows)"
    sparse = Table(columns=("name", "sentence"), rows=(("太原市", None), (None, "一 二")))
    assert tables.render(sparse, "table", width=13) == "name      太原市\n\nsentence  一 二"


def test_render_table_without_rows() -> None:
    assert tables.render(EMPTY, "table").splitlines() == ["name  times", "----  -----", "(no rows)"]


def test_render_table_keeps_a_row_on_one_line() -> None:
    table = Table(columns=("name",), rows=(("first\nsecond\u200b\tthird",),))
    assert tables.render(table, "table").splitlines()[-1] == "first second\u200b third"


def test_render_json() -> None:
    assert json.loads(tables.render(PAIRS, "json")) == [
        {"name": "太原市", "times": 3},
        {"name": "Shanxi | 山西", "times": 12},
    ]
    assert "太原市" in tables.render(PAIRS, "json")
    assert tables.render(EMPTY, "json") == "[]"


def test_render_csv_reads_back() -> None:
    table = Table(columns=("a", "b"), rows=(('省"工信厅"', "one,\ntwo"), (None, ["甲", "乙"])))
    printed = tables.render(table, "csv")
    assert printed == 'a,b\r\n"省""工信厅""","one,\ntwo"\r\n,甲、乙'
    assert list(csv.reader(io.StringIO(printed, newline=""))) == [
        ["a", "b"],
        ['省"工信厅"', "one,\ntwo"],
        ["", "甲、乙"],
    ]


def test_render_markdown_escapes() -> None:
    table = Table(columns=("a", "b"), rows=(("x|y\\z", 1), ("two\nlines", None)))
    assert tables.render(table, "md").splitlines() == [
        "| a | b |",
        "| --- | ---: |",
        "| x\\|y\\\\z | 1 |",
        "| two<br>lines |  |",
    ]


@pytest.mark.parametrize(
    ("value", "printed"),
    [(True, "true"), (1.5, "1.5"), ({"name": 1}, '"{""name"": 1}"'), ([1, 2], '"[1, 2]"'), ([], '""')],
)
def test_render_values(value: object, printed: str) -> None:
    assert tables.render(Table(columns=("a",), rows=((value,),)), "csv") == f"a\r\n{printed}"


def test_render_unknown_format() -> None:
    with pytest.raises(ReportError) as error:
        tables.render(EMPTY, "xml")
    assert str(error.value) == "format xml: is not known; use one of: table, json, csv, md"
