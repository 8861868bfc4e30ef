"""What names nothing by itself: the shipped words, and clear errors for a list that is wrong."""

from pathlib import Path

import pytest

from kg import generic
from kg.errors import SchemaError

WORDS = generic.load()


@pytest.mark.parametrize(
    "surface",
    [
        "其",
        "该行",
        "该公司",
        "这家企业",
        "本市",
        "记者",
        "本报记者",
        "薛女士",
        "相关部门",
        "全国",
        "当地",
        "活动",
        "公司",
    ],
)
def test_a_word_that_names_nothing_is_known(surface: str) -> None:
    assert WORDS.fullmatch(surface)


@pytest.mark.parametrize(
    "surface",
    [
        "本溪",
        "本田",
        "我市",
        "全省",
        "太重",
        "亚冬会",
        "那英",
        "该隐山公园管理委员会",
        "记者节",
        "全国总工会",
        "京",
        "全聚德",
        "王先",
    ],
)
def test_a_name_is_none_of_them(surface: str) -> None:
    assert not WORDS.fullmatch(surface)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("words: [", "is no YAML"),
        ("- 其", "file: Input should be a valid dictionary; give lists of regular expressions"),
        ("words: 其", "words: Input should be a valid tuple; give lists of regular expressions"),
        ("words: ['(其']", "words: '(其' is no regular expression (missing ), unterminated subpattern"),
    ],
)
def test_load_names_what_is_wrong(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "generic.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SchemaError) as caught:
        generic.load(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert message in str(caught.value)


def test_load_names_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="none.yaml: cannot be read"):
        generic.load(tmp_path / "none.yaml")
