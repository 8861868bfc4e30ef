import csv
from pathlib import Path

import pytest

from kg import headings, layout

RULES = layout.load()
with (Path(__file__).parent / "cases" / "headings.csv").open(encoding="utf-8", newline="") as file:
    CASES = list(csv.DictReader(file))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["lines"])
def test_read_stack(case: dict[str, str]) -> None:
    lines = [headings.strip_mark(line) for line in case["lines"].split("|")]
    headline = headings.read_stack(lines, RULES)
    assert headline.sections == tuple(case["sections"].split())
    found = (headline.kicker, headline.title, headline.subtitle)
    assert found == (case["kicker"] or None, case["title"] or None, case["subtitle"] or None)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("少儿诵读经典 文脉浸润童心", True),
        ("健身房搬走了，会员卡咋办？消协调解：退七成", True),
        ("——我市推进重点工作见闻", True),
        ("据悉，后续将依据评分结果，评选出若干奖项。", False),
        ("一、决定任命", False),
        ("他说：", False),
        ("全省规上工业企业“", False),
        ("水果店老板来展馆取经：“我的店能不能也用它们的箱子？”", False),
        ("快递员：“娃娃的前程，耽误不得”", True),
    ],
)
def test_is_heading(line: str, *, expected: bool) -> None:
    assert headings.is_heading(line) is expected


def test_likelihood_parts_headlines_from_beginnings() -> None:
    assert headings.likelihood("延伸服务触角 化解群众烦忧") > 0
    assert headings.likelihood("据自治区总工会党组书记、常务副主席") < 0
