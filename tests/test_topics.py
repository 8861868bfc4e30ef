import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import language, topics
from kg.topics import Topics

TRAINS = "清晨的第一趟动车组从车站开出，旅客在候车厅里排队检票。"
RAILWAY = "这条铁路全长三百公里，全线设站十座，明年铺轨。"
MATCH = "主队在加时赛里攻入一球，夺得联赛冠军，球迷欢呼。"
ALPHABET = st.text("太原铁路车站球队联赛冠军。，a1", max_size=12)


def reference(text: str, texts: list[str]) -> dict[str, float]:
    return language.weighed(language.terms(text), language.rarity([language.terms(one) for one in texts]))


@given(st.lists(ALPHABET, min_size=2, max_size=6))
@settings(deadline=None, max_examples=60)
def test_words_are_the_likeness_of_the_texts(texts: list[str]) -> None:
    pairs = [(tail, head) for tail in range(len(texts)) for head in range(tail + 1, len(texts))]
    vectors = [reference(text, texts) for text in texts]
    expected = [language.likeness(vectors[tail], vectors[head]) for tail, head in pairs]
    assert Topics(texts, [""] * len(texts), pairs).words() == pytest.approx(expected, abs=1e-5)


@given(st.lists(ALPHABET, min_size=3, max_size=5), st.lists(ALPHABET, min_size=5, max_size=5))
@settings(deadline=None, max_examples=60)
def test_headlines_are_covered_as_language_says(texts: list[str], stacks: list[str]) -> None:
    stacks = stacks[: len(texts)]
    pairs = [(0, 1), (0, 2), (1, 2)]
    weights = language.rarity([language.terms(text) for text in texts])
    found = Topics(texts, stacks, pairs)
    expected = [
        language.coverage(language.terms(stacks[tail]), language.terms(texts[head]), weights) for tail, head in pairs
    ]
    assert found.headline_in_text(range(len(texts))) == pytest.approx(expected, abs=1e-5)
    above = found.gathered(range(len(texts)), {1: 0})
    texts_above = [texts[0] + "。" + stacks[0], "。".join([texts[1], stacks[1], texts[0], stacks[0]])]
    expected = [
        language.coverage(language.terms(stacks[head]), language.terms(texts_above[tail]), weights)
        for tail, head in pairs
    ]
    assert found.headline_of(above) == pytest.approx(expected, abs=1e-5)


def test_gathered_counts_what_is_far_off_less() -> None:
    texts = [f"{TRAINS}{TRAINS}", RAILWAY, MATCH, f"{TRAINS}主队"]
    counts = [language.terms(text) for text in texts]
    weights = language.rarity(counts)
    found = Topics(texts, [""] * 4, [(1, 3), (2, 3)])
    near, none = found.gathered(range(4), {1: 0, 2: 1}), found.gathered(range(3, -1, -1), {})
    halved = {term: counts[1][term] + counts[0][term] / 2 for term in counts[0] | counts[1]}
    quartered = {term: counts[2][term] + halved.get(term, 0) / 2 for term in counts[2] | halved}
    last = language.weighed(counts[3], weights)
    expected = [language.likeness(language.weighed(one, weights), last) for one in (halved, quartered)]
    assert found.likeness(near, none)[0] == pytest.approx(expected, abs=1e-5)


def test_subjects_are_alike_without_a_word_in_common() -> None:
    texts = [TRAINS, RAILWAY, MATCH, "這條鐵路全長三百公里，全線設站十座，明年鋪軌。"]
    found = Topics(texts, [""] * 4, [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3)])
    alone = found.gathered(range(4), {})
    assert found.words()[0] == 0
    trains, train_match, traditional, railway_match, same = found.likeness(alone, alone)[1]
    assert trains > max(train_match, railway_match) + 0.1
    assert same > 0.99
    assert traditional == pytest.approx(trains, abs=0.01)


def test_only_here_counts_words_of_just_two_texts() -> None:
    texts = ["茂源合作社种苹果。", "种苹果的茂源合作社。", "合作社来了。"]
    found = Topics(texts, [""] * 3, [(0, 1), (0, 2)]).only_here()
    assert found[0] == pytest.approx(1.6094, abs=1e-3)  # 茂源, 源合, 种苹, 苹果
    assert found[1] == 0


@pytest.mark.parametrize("texts", [[], [""], ["。，"], ["𠮷野家𠮷", "\ud800"]], ids=repr)
def test_topics_take_any_text(texts: list[str]) -> None:
    found = Topics(texts, [""] * len(texts), [])
    alone = found.gathered(range(len(texts)), {})
    assert found.words() == found.only_here() == found.headline_of(alone) == []
    assert found.likeness(alone, alone) == ([], [])


def test_words_of_a_long_text_share_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topics, "CELLS", 40)
    texts = [TRAINS, RAILWAY, MATCH, TRAINS]
    same, other = Topics(texts, [""] * 4, [(0, 3), (0, 2)]).words()
    assert same == pytest.approx(1, abs=1e-5)
    assert other < same
