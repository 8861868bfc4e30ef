import pytest

from kg import layout, listings

RULES = layout.load()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025年3月12日", True),
        ("二〇一六年十二月十三日", True),
        ("3月12日", False),
        ("2025年3月12日 星期三", False),
    ],
)
def test_is_day(text: str, *, expected: bool) -> None:
    assert listings.is_day(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("太原市公安局交通警察支队", True),
        ("县“五水共治”工作领导小组办公室", True),
        ("学生工作部（处） 教务处", True),
        ("国網電力有限公司", True),
        ("汾河水库除险加固", False),
        ("校长办公室 张洋", False),
        ("", False),
    ],
)
def test_is_signer(text: str, *, expected: bool) -> None:
    assert listings.is_signer(text, RULES) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("盛阿根 叶惠琴 潘建强 诸美芳 章国梁", True),
        ("先进集体（6个）", True),
        ("西红柿 3.20 黄瓜 2.86", True),
        ("鸡蛋 7.60 猪肉（白条） 15.40", True),
        ("强农业 美乡村 富农民", False),
        ("全市新开公交线路6条", False),
        ("一季度 全市签约项目17个", False),
    ],
)
def test_is_row(text: str, *, expected: bool) -> None:
    assert listings.is_row(text) is expected


VERSES = ["它们并排躺着", "像一群走累了的孩子", "水来过", "听见上游的雪"]
RESULTS = ["滨江2比1东港", "泰岳1比1长河", "北原0比3海琴"]
HEADLINE = "图书馆迎来首批读者"


@pytest.mark.parametrize(
    ("bare", "below_bylines", "expected"),
    [
        (["", *VERSES], {1}, {1, 2, 3, 4}),
        (["", *VERSES, HEADLINE, ""], {1}, {1, 2, 3, 4}),
        (["", *VERSES], set(), set()),
        (["", *VERSES[:3]], {1}, set()),
        (["", HEADLINE, *RESULTS], set(), {2, 3, 4}),
        (["", HEADLINE, *RESULTS[:2]], set(), set()),
        ([], set(), set()),
    ],
    ids=["verses", "a headline below", "no name above", "too few", "results", "two results", "nothing"],
)
def test_rows(bare: list[str], below_bylines: set[int], expected: set[int]) -> None:
    assert listings.rows(bare, below_bylines) == expected
