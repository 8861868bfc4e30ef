import pytest

from kg.numerals import page_label


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("4", "4"),
        ("04", "4"),
        ("０４", "4"),
        ("四", "4"),
        ("十二", "12"),
        ("a04", "A4"),
        ("Ｂ１２", "B12"),
        ("A1", "A1"),
        ("头版", "头版"),
        ("", ""),
    ],
)
def test_page_label(text: str, label: str) -> None:
    assert page_label(text) == label
