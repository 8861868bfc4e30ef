import csv
from pathlib import Path

import pytest

from kg import bylines, layout

RULES = layout.load()
with (Path(__file__).parent / "cases" / "bylines.csv").open(encoding="utf-8", newline="") as file:
    CASES = list(csv.DictReader(file))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_read_line(case: dict[str, str]) -> None:
    names = bylines.read_line(case["text"], RULES)
    found = (names.reporters, names.photographers) if names else ((), ())
    assert found == (tuple(case["reporters"].split()), tuple(case["photographers"].split()))


@pytest.mark.parametrize(
    ("text", "rest", "reporters"),
    [
        ("评价并列入优秀成果案例。 (孙佳敏)", "评价并列入优秀成果案例。", ("孙佳敏",)),
        ("志愿者值班。本报记者 张 洋", "志愿者值班。", ("张洋",)),
        ("荣获年度优秀交易机构(平台)", "荣获年度优秀交易机构(平台)", ()),
        ("供热季开始。记者从市城", "供热季开始。记者从市城", ()),
        ("榜单(以下简称“榜单”)", "榜单(以下简称“榜单”)", ()),
    ],
)
def test_split_closing(text: str, rest: str, reporters: tuple[str, ...]) -> None:
    found, names = bylines.split_closing(text, RULES)
    assert found == rest
    assert (names.reporters if names else ()) == reporters


@pytest.mark.parametrize(
    ("text", "reporters"),
    [
        ("本报讯（记者 冀雨桐）3月11日，会议召开。", ("冀雨桐",)),
        ("本报讯 记者 禄婷\n“双十一”刚过。", ("禄婷",)),
        ("本报讯 记者孔宪文报道 7月29日，结果公布。", ("孔宪文",)),
        ("本报太原10月15日讯（记者 呼延澈）会议召开。", ("呼延澈",)),
        ("榜单（以下简称《榜单》）揭晓。", ()),
    ],
)
def test_opening(text: str, reporters: tuple[str, ...]) -> None:
    names = bylines.opening(text, RULES)
    assert (names.reporters if names else ()) == reporters
