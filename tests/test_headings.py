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


@pytest.mark.parametrize(
    ("line", "is_headline"),
    [
        ("延伸服务触角 化解群众烦忧", True),
        ("夜班公交开到家门口", True),
        ("海鲜档口的“鬼秤”，被一条石斑鱼掀翻", True),
        ("【供热】因翟营大街主管网漏水抢修，裕华区", False),
        ("据自治区总工会党组书记、常务副主席", False),
        ("医院党委书记蒋宏图、院", False),  # cut within a word
        ("山西焦煤霍州煤电集团有限责任公司总工程师牟", False),
    ],
)
def test_likelihood_parts_headlines_from_pieces_of_texts(line: str, *, is_headline: bool) -> None:
    assert (headings.likelihood(line) > 0) is is_headline


def test_rows_read_widths_and_scripts_alike() -> None:
    assert headings.rows("12月3日,张三说:“好”") == headings.rows("７月３日，張三說：“好”")
    assert all(0 <= row < headings.SIZE for row in headings.rows("太原：今冬供热提前"))
