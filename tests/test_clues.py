"""What the article says of its names: definitions, quoted words, printed forms; and a company's own word."""

import pytest

from kg.clues import Clues, collect
from kg.meanings import as_printed
from tests.naming import context_of


def clues_of(body: str, *names: tuple[str, str]) -> Clues:
    context = context_of(body, *names)
    return collect(context, {name: as_printed(name, context) for name in context.names})


@pytest.mark.parametrize(
    ("body", "short"),
    [
        ("山西晋钛新材料股份有限公司（以下简称“晋钛新材”）投产。", "晋钛新材"),
        ("山西晋钛新材料股份有限公司（下称晋钛新材）投产。", "晋钛新材"),
        ("山西晋钛新材料股份有限公司（晋钛新材）投产。", None),
    ],
)
def test_collect_reads_definitions(body: str, short: str | None) -> None:
    expected = {short: "山西晋钛新材料股份有限公司"} if short else {}
    assert clues_of(body).definitions == expected


def test_collect_reads_quoted_words() -> None:
    name = "2024“守敬杯——智造”机器人大赛"
    assert clues_of(f"{name}。", ("Programme", name)).quoted == {
        "2024守敬杯-智造机器人大赛": frozenset({"守敬杯-智造", "守敬杯"})
    }


def test_collect_keeps_printed_forms() -> None:
    assert clues_of("太原重工。", ("Organisation", "太原重工")).surfaces == {"太原重工": frozenset({"太原重工"})}


@pytest.mark.parametrize(
    ("company", "core"),
    [
        ("定襄县能裕新能源有限公司", "能裕新能源"),
        ("太原重工股份有限公司", "重工"),
        ("中国石油有限公司", "石油"),
        ("能裕新能源有限公司", "能裕新能源"),
    ],
)
def test_core(company: str, core: str) -> None:
    assert clues_of("。").core(company) == core
