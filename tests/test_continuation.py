import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import continuation

SEAMS = (
    ("调度员在电脑上点了几下，系统跳出一辆当天返", "程的冷藏车，驾驶员半小时后到达村口。"),
    ("市教育局有关负责人介绍，今年全市计划新建幼儿", "园十二所，新增学位三千个。"),
    ("截至目前，全市已有一百二十个村完成污水管网改", "造，惠及群众八万余人。"),
    ("医院为老年患者开设绿色通道，安排志愿者全程陪", "同挂号、检查和取药。"),
    ("公司负责人表示，下一步将加大研发投入，提高产", "品质量，拓展国际市场。"),
)
TEXT = st.text("太原市，。“”记者a1Ｂ２國𠮷", max_size=16)


def test_evidence_is_for_what_goes_on() -> None:
    tails, heads = zip(*SEAMS, strict=True)
    sums = [sum(continuation.evidence(list(zip(tails, heads[by:] + heads[:by], strict=True)))) for by in range(5)]
    assert max(sums) == sums[0]  # one alone may be wrong


def test_evidence_is_against_a_piece_of_a_sentence_after_a_whole_one() -> None:
    whole, piece = continuation.evidence(
        [("会议昨日结束。", "会后，代表们参观了展览。"), ("会议昨日结束。", "的心理辅导教师。")]
    )
    assert whole > piece


def test_evidence_reads_any_way_of_printing_alike() -> None:
    plain, printed = continuation.evidence([("全长30公里，沿途", "设站十座，"), ("全長2500公里,沿途", "設站十座,")])
    assert plain == pytest.approx(printed)


@given(st.lists(st.tuples(TEXT, TEXT), max_size=8))
@settings(deadline=None, max_examples=50)
def test_evidence_does_not_depend_on_what_else_is_asked(pairs: list[tuple[str, str]]) -> None:
    together = continuation.evidence(pairs)
    assert together == pytest.approx([continuation.evidence([pair])[0] for pair in pairs], abs=1e-4)
    assert all(continuation.LOWEST <= odds <= continuation.HIGHEST for odds in together)
