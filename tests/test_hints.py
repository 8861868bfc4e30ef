"""What the network of relations is shown of an article, and what its scores become."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kg import hints, schema
from kg.hints import LEAST, NEAR, Types, View, view
from kg.records import Mention

TYPES = Types.of(schema.load())
TEXT = "大赛开幕\n太原市教育局局长王建国、副局长李芳出席。大赛由太原市教育局主办，王建国致辞。"
NAMES = (("大赛", "Programme"), ("太原市教育局", "Organisation"), ("王建国", "Person"), ("李芳", "Person"))


def mentions(text: str, names: tuple[tuple[str, str], ...] = NAMES) -> list[Mention]:
    """Return a mention wherever a name stands."""
    found = [
        Mention(article_id="a", start=start, end=start + len(name), text=name, type=type_)
        for name, type_ in names
        for start in range(len(text))
        if text.startswith(name, start)
    ]
    return sorted(found, key=lambda mention: mention.start)


def shown(seen: View) -> list[tuple[str, str]]:
    return [(seen.mentions[head].text, seen.mentions[tail].text) for head, tail in seen.pairs.tolist()]


def test_tokens_cover_the_text_and_mentions_are_whole() -> None:
    seen = view(TEXT, mentions(TEXT), TYPES)
    assert "".join(TEXT[start:end] for start, end in seen.spans.tolist()) == TEXT
    assert [TEXT[start:end] for start, end in seen.spans[seen.places].tolist()] == [one.text for one in seen.mentions]
    assert max(end - start for start, end in np.delete(seen.spans, seen.places, axis=0).tolist()) <= len("，") + 4


@given(st.text("王建国太原，。\n ab", max_size=60), st.data())
def test_tokens_cover_any_text(text: str, data: st.DataObject) -> None:
    edges = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=8)))
    found = [
        Mention(article_id="a", start=start, end=end, text=text[start:end], type="Person")
        for start, end in zip(edges[::2], edges[1::2], strict=False)
    ]
    seen = view(text, found, TYPES)
    assert "".join(text[start:end] for start, end in seen.spans.tolist()) == text
    assert len(seen.places) == len(found)
    assert len(seen.pairs) == len(seen.relations) == len(seen.allowed) == len(seen.between)


def test_pairs_are_those_the_schema_allows() -> None:
    seen = view(TEXT, mentions(TEXT), TYPES)
    assert ("王建国", "太原市教育局") in shown(seen)
    assert ("太原市教育局", "王建国") not in shown(seen)
    assert ("王建国", "王建国") not in shown(seen)
    number = shown(seen).index(("王建国", "太原市教育局"))
    allowed = [type_ for type_, is_allowed in zip(TYPES.relations, seen.allowed[number], strict=True) if is_allowed]
    assert allowed == ["HOLDS_POSITION"]


def test_two_names_are_a_second_pair_only_where_it_is_near() -> None:
    near, far = (view(text, mentions(text), TYPES) for text in (TEXT, TEXT.replace("。", "。" + "无" * NEAR, 1)))
    assert shown(near).count(("李芳", "太原市教育局")) == 2
    assert shown(far).count(("李芳", "太原市教育局")) == 1


def test_classes_stay_within_their_bounds() -> None:
    text = "王建国" + "，" * 900 + TEXT * 8
    seen = view(text, mentions(text), TYPES)
    assert (seen.classes < np.array(hints.OF_MENTION)).all()
    assert (seen.relations < np.array(hints.OF_PAIR)).all()


def test_no_mentions_no_pairs() -> None:
    assert len(view(TEXT, [], TYPES).pairs) == 0
    unknown = [Mention(article_id="a", start=0, end=2, text="大赛", type="Ship")]
    assert len(view(TEXT, unknown, TYPES).mentions) == 0


def test_hints_are_the_scores_above_next_to_nothing() -> None:
    seen = view(TEXT, mentions(TEXT), TYPES)
    scores = np.full((len(seen.pairs), len(TYPES.relations)), LEAST - 0.01, dtype=np.float32)
    number = shown(seen).index(("李芳", "太原市教育局"))
    scores[number] = 1.234
    (hint,) = hints.hints(seen, scores, TYPES)
    assert (hint.type, hint.score) == ("HOLDS_POSITION", 1.23)
    assert TEXT[hint.head :].startswith("李芳")
    assert TEXT[hint.tail :].startswith("太原市教育局")
