"""Names as strings: keys, numbers, editions, legal forms, characters in order."""

import pytest

from kg import names
from kg.names import key


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("太原钢铁（集团）有限公司", "太原钢铁(集团)有限公司"),
        ("“一带一路”", "一带一路"),
        ("《行动方案（2025—2027年）》", "行动方案(2025-2027年)"),
        ("张 洋", "张洋"),
        ("１号线", "1号线"),
        ("哈维尔•米莱", "哈维尔·米莱"),
        ("‘十四五’规划", "“十四五”规划"),
    ],
)
def test_key_folds(left: str, right: str) -> None:
    assert key(left) == key(right)


def test_key_of_quotes_alone_is_not_empty() -> None:
    assert key("“”") == "“”"


@pytest.mark.parametrize(
    ("surface", "name"),
    [("《太原市条例》", "太原市条例"), ("张 洋", "张洋"), ("“一带一路”", "“一带一路”"), ("ESG 50榜单", "ESG 50榜单")],
)
def test_printed(surface: str, name: str) -> None:
    assert names.printed(surface) == name


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("市三院", {"3"}),
        ("太原市第三十六中学", {"36"}),
        ("第一医院第二病区", {"1", "2"}),
        ("一百二十中", {"120"}),
        ("五台山", set()),
        ("2号线", {"2"}),
        ("第2届", {"2"}),
    ],
)
def test_numerals(name: str, numbers: set[str]) -> None:
    assert names.numerals(name) == numbers


@pytest.mark.parametrize(
    ("name", "bare", "numbers"),
    [
        ("第六届进博会", "进博会", {"6"}),
        ("2025年第九届亚冬会", "亚冬会", {"2025", "9"}),
        ("首届葡博会", "葡博会", {"首"}),
        ("2024-2025赛季青少年冰球联赛", "青少年冰球联赛", {"2024", "2025"}),
        ("进博会", "进博会", set()),
        ("第一届", "第一届", set()),
    ],
)
def test_without_edition(name: str, bare: str, numbers: set[str]) -> None:
    assert names.without_edition(name) == bare
    assert names.edition(name) == numbers


@pytest.mark.parametrize(
    ("short", "full", "expected"), [("太重", "太原重型", True), ("重太", "太原重型", False), ("", "太原", True)]
)
def test_is_ordered_part(short: str, full: str, expected: bool) -> None:
    assert names.is_ordered_part(short, full) is expected


@pytest.mark.parametrize(
    ("short", "full", "between"),
    [("山西大学", "山西医科大学", "医科"), ("太原站", "太原南站", "南"), ("兰大二院", "兰州大学第二医院", None)],
)
def test_inserted(short: str, full: str, between: str | None) -> None:
    assert names.inserted(short, full) == between


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("太原重工股份有限公司", "太原重工"),
        ("太原钢铁(集团)有限公司", "太原钢铁"),
        ("太重集团", "太重"),
        ("山西足球俱乐部", "山西"),
        ("公司", "公司"),
        ("太原市图书馆", "太原市图书馆"),
    ],
)
def test_without_legal_form(name: str, bare: str) -> None:
    assert names.without_legal_form(name) == bare


@pytest.mark.parametrize(
    ("name", "arabic"), [("第三十三研究所", "第33研究所"), ("太原十二中", "太原12中"), ("五台山", "五台山")]
)
def test_with_arabic(name: str, arabic: str) -> None:
    assert names.with_arabic(name) == arabic


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("杭州第19届亚运会", "杭州亚运会"),
        ("太原市国土空间总体规划(2021-2035年)", "太原市国土空间总体规划"),
        ("第六届进博会", "第六届进博会"),
    ],
)
def test_without_inner_edition(name: str, bare: str) -> None:
    assert names.without_inner_edition(name) == bare


@pytest.mark.parametrize(
    ("name", "bare"),
    [("中国工商银行股份有限公司太原分行", "中国工商银行太原分行"), ("太原重工股份有限公司", "太原重工股份有限公司")],
)
def test_without_inner_legal_form(name: str, bare: str) -> None:
    assert names.without_inner_legal_form(name) == bare
