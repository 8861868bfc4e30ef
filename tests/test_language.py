from kg import language


def test_reads_on_prefers_the_true_continuation() -> None:
    assert language.reads_on("按照具备条件的原则，全省有效", "期内的企业达到4946户") > language.reads_on(
        "按照具备条件的原则，全省有效", "为积极应对人口老龄化"
    )


def test_words_made_sees_the_word_across_the_seam() -> None:
    assert language.words_made("年度优秀交", "易机构奖") > 2
    assert language.words_made("营业收入", "，同比增长") == 0


def test_likeness_of_the_same_text_is_one() -> None:
    first, second = (
        language.weighed(language.terms(text), {}) for text in ("太原市中小企业专精特新发展", "糖尿病义诊")
    )
    assert abs(language.likeness(first, first) - 1) < 1e-9
    assert language.likeness(first, second) == 0
