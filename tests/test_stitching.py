import pytest

from kg import fragments, layout, stitching

RULES = layout.load()
LEAD = "本报讯 昨日，第十二届太行山苹果节在平顺县开幕，来自全国的一百二十家客商到场。"
FRUIT = "苹果节期间，平顺县还将举办果树修剪比赛，客商可到苹果园里采摘。"
OTHER = "本报讯 市公交公司今起调整八条线路，新增两条夜班公交，末班车延到零点。"
BUSES = "夜班公交每二十分钟一班，市民可在公交公司的应用里查看到站时间。"


def links(*printed: str) -> list[stitching.Link]:
    return stitching.links(fragments.read("\n\n".join(printed), RULES).fragments)


def test_links_part_what_is_told_of_another_subject() -> None:
    (link,) = links(f"## 苹果节开幕\n\n{LEAD}", f"## 公交调整\n\n{OTHER}", FRUIT)
    assert (link.tail, link.head) == (0, 2)
    reasons = dict(link.reasons)
    assert reasons["subject"] > 0
    assert reasons["only here"] > 0  # 苹果节, 平顺县, 客商
    assert reasons["ends there"] < 0  # the other article's headline stands right below the first one's lead


def test_links_say_how_far_they_lie_above_the_next_best() -> None:
    for link in links(f"## 苹果节开幕\n\n{LEAD}", f"## 公交调整\n\n{OTHER}", FRUIT, BUSES):
        assert abs(link.score - sum(weight for _, weight in link.reasons)) < 1e-9
        assert link.margin <= link.score


LEAD_CUT = "本报讯 昨日，第十二届太行山苹果节在平顺县开幕，来自全国的一百二十家客商走进苹果园，品尝当地果农"
LEAD_REST = "新摘的苹果，现场签下三千吨订单。苹果节期间，平顺县还将举办果树修剪比赛。"
OTHER_CUT = "本报讯 市公交公司今起调整八条线路，新增两条夜班公交，末班车由晚上十点半延长到"
OTHER_REST = "零点。夜班公交每二十分钟一班，市民可在公交公司的应用里查看到站时间。"
FRUIT_HEADLINE = "太行山苹果节在平顺开幕 百余客商签下三千吨订单"


def test_links_leave_a_headline_above_a_piece_to_another_article() -> None:
    (link,) = links(f"## 新增两条夜班公交\n\n{OTHER_CUT}", f"## {FRUIT_HEADLINE}\n\n{OTHER_REST}")
    assert link.role == stitching.STRANGE
    assert dict(link.reasons)["strange headline"] < 0


def test_links_find_the_headline_below_a_lead_that_had_ended() -> None:
    stack = f"## 苹果园里话丰收\n\n## {FRUIT_HEADLINE}"
    (link,) = links(LEAD_CUT + LEAD_REST, f"{stack}\n\n{FRUIT}（王强）")
    assert link.role == stitching.HEADLINE
    assert dict(link.reasons)["late headline words"] > 0


@pytest.mark.parametrize(("byline", "is_told"), [("（王强）", True), ("本报记者 王强", False)])
def test_links_go_on_below_the_byline_of_another_article(byline: str, is_told: bool) -> None:
    (link,) = links(f"## 公交调整\n\n{OTHER_CUT}", byline, OTHER_REST)
    assert ("signed and open" in dict(link.reasons)) == is_told


def test_links_of_nothing() -> None:
    assert stitching.links([]) == []
