import pytest

from kg import subheads

ABOVE = "晋城市坚持把财力向民生领域倾斜。近四年新改建中小学四十九所，市人民医院新院区正式开诊，民生福祉不断增进。"
BELOW = "围绕住有宜居，开展园林式街区创建，系统治理主城区的十二条河流。"


def odds(
    heading: str,
    above: str = ABOVE,
    below: str = BELOW,
    *,
    is_named: bool = False,
    is_day_below: bool = False,
    is_barer: bool = False,
) -> float:
    return subheads.odds(heading, above, below, is_named=is_named, is_day_below=is_day_below, is_barer=is_barer)


@pytest.mark.parametrize(
    ("heading", "parts"),
    [
        ("增进民生福祉", True),
        ("夯实基础稳中求进", True),
        ("太原地铁一号线今日开通初期运营二十四座车站", False),
        ("古籍修复师收徒传艺 非遗技艺后继有人", False),
    ],
)
def test_odds_by_form_and_words(heading: str, parts: bool) -> None:
    assert (odds(heading) > 0) is parts


@pytest.mark.parametrize("sign", ["named", "day below"])
def test_odds_fall_where_another_article_is_likely(sign: str) -> None:
    heading = "夯实基础稳中求进"
    other = odds(heading, is_named=sign == "named", is_day_below=sign == "day below")
    assert other < odds(heading)


def test_odds_rise_below_a_marked_headline() -> None:
    assert odds("夯实基础稳中求进", is_barer=True) > odds("夯实基础稳中求进")


def test_odds_rise_with_words_of_the_text_above_and_fall_with_those_below() -> None:
    heading, other = "增进民生福祉", "公交车准点发车。"
    assert odds(heading, heading, other) > odds(heading, other, other) > odds(heading, other, heading)


@pytest.mark.parametrize("space", [" ", "\u3000"])
def test_odds_fall_with_two_halves(space: str) -> None:
    assert odds(f"夯实基础{space}稳中求") < odds("夯实基础稳中求进")


def test_odds_fall_with_length() -> None:
    text = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未"
    found = [odds(text[:length]) for length in (subheads.SHORT, subheads.SHORT + 1, subheads.LONG)]
    assert found == sorted(found, reverse=True)
    assert len(set(found)) == 3


@pytest.mark.parametrize(("above", "below"), [("", ""), ("", BELOW), (ABOVE, ""), ("，。", "！")])
def test_odds_of_texts_without_words(above: str, below: str) -> None:
    assert odds("夯实基础稳中求进", above, below) == subheads.BASE + subheads.WEIGHTS["short"]
