import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import seams

with (Path(__file__).parent / "cases" / "seams.csv").open(encoding="utf-8", newline="") as file:
    CASES = list(csv.DictReader(file))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["joined"])
def test_join(case: dict[str, str]) -> None:
    assert seams.join(case["tail"], case["head"]) == case["joined"]


@pytest.mark.parametrize(
    ("tail", "head", "twice"),
    [
        ("营业收入达1.75万亿元", "元，占全省总量", 1),
        ("让人", "人享有健康", 0),
        ("孩子们天", "天去河边玩耍", 0),
        ("这项研究", "研究团队认为", 2),
        ("由太原市", "太原市教育局主办", 3),
        ("他来到人民广场", "人民广场上人山人海", 4),
        ("到20", "20年底", 0),
        ("编号1234", "1234号", 0),
        ("他说：“", "“我们来了", 0),
        ("她想了想……", "…才开口", 0),
        ("汾河两岸", "绿树成荫", 0),
        ("", "绿树成荫", 0),
        ("汾河两岸", "", 0),
    ],
    ids=repr,
)
def test_doubled(tail: str, head: str, twice: int) -> None:
    assert seams.doubled(tail, head) == twice


@pytest.mark.parametrize(
    ("tail", "head", "joined"),
    [
        ("采用 micro-", "processor 芯片", "采用 microprocessor 芯片"),
        ("运行于Wi-", "Fi网络", "运行于Wi-Fi网络"),
        ("型号为A-", "3", "型号为A-3"),
        ("一类汉字-", "word", "一类汉字-word"),
        ("-", "word", "-word"),
        ("", "绿树成荫", "绿树成荫"),
        ("汾河两岸", "", "汾河两岸"),
    ],
    ids=repr,
)
def test_join_hyphens_and_empty_pieces(tail: str, head: str, joined: str) -> None:
    assert seams.join(tail, head) == joined


@given(tail=st.text("天地人元，。“”20a-", min_size=4, max_size=8), head=st.text("天地人元，。“”20a-", max_size=8))
@settings(deadline=None, max_examples=200, derandomize=True)
def test_join_drops_only_what_is_doubled(tail: str, head: str) -> None:
    twice = seams.doubled(tail, head)
    assert 0 <= twice <= min(len(tail), len(head), 4)
    assert not twice or tail.endswith(head[:twice])
    assert seams.join(tail, head) in (tail + head[twice:], tail[:-1] + head)
