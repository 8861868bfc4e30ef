"""Sentences and windows: no character lost, none used twice, windows within their limit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.text import sentences, windows

CHINESE = st.text(alphabet="山西太原。！？；，、“”（）\n a1", max_size=300)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("他来了。我走了。", ["他来了。", "我走了。"]),
        ("他说：“好。”我走了", ["他说：“好。”", "我走了"]),
        ("标题\n正文。", ["标题\n", "正文。"]),
        ("等等……之后", ["等等……", "之后"]),
        ("增长8.1%，高于2.5个百分点。", ["增长8.1%，高于2.5个百分点。"]),
    ],
)
def test_sentences_end_at_full_stops_and_line_breaks(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == expected


@given(CHINESE)
def test_sentences_cover_the_text_once(text: str) -> None:
    assert "".join(text[start:end] for start, end in sentences(text)) == text


@given(CHINESE, st.integers(min_value=4, max_value=60))
def test_windows_cover_the_text_within_the_limit(text: str, limit: int) -> None:
    cut = [text[start:end] for start, end in windows(text, limit)]
    assert "".join(cut) == text
    assert all(0 < len(window) <= limit for window in cut)


def test_windows_cut_a_long_sentence_at_a_comma() -> None:
    assert [*windows("一二三四五六，七八九十", 8)] == [(0, 7), (7, 11)]
