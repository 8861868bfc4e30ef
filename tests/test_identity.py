"""Where names of different articles lead: by what other articles say, by a person's word, whatever is asked first."""

from collections.abc import Collection, Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import identity, ledger, lexicon, shortening
from kg.errors import InputError
from kg.identity import apply, identify
from kg.ledger import Decisions
from kg.records import ONE_OF_SEVERAL, Decision, Naming, Reading
from tests.records import article, entity, relation

FULL = "Organisation:太原重型机械集团有限公司"
SHORT = "Organisation:太重集团"


def own(id_: str, home: str = "14") -> Naming:
    return Naming(alias=ledger.bare(id_), read_as=id_, rule="full name", home=home, own=True)


def tie(alias: str, id_: str, rule: str = "company by initials", home: str = "14") -> Naming:
    return Naming(alias=alias, read_as=id_, rule=rule, home=home, own=False)


def decide(*lines: tuple[str, str, str]) -> Decisions:
    made = [Decision(when="", who="", action=a, entity=e, other=o, why="") for a, e, o in lines]
    return ledger.settle(made, "decisions.csv")


def led(namings: Iterable[Naming], *ids: str, decisions: Decisions = ledger.NONE) -> identity.Identities:
    known = list(namings)

    def at(aliases: Collection[str]) -> list[Naming]:
        return [naming for naming in known if naming.alias in aliases]

    return identify(ids or {naming.read_as for naming in known}, decisions, at)


def test_identify_leads_a_short_form_to_the_full_one_of_another_article() -> None:
    found = led([own(SHORT), own(FULL), tie("太重集团", FULL)])
    assert found.entity_by_id == {SHORT: FULL, FULL: FULL}
    assert found.doubts == ()


@pytest.mark.parametrize(
    ("namings", "reason", "score"),
    [
        # The rule does not carry that far.
        ([tie("太重集团", FULL, "abbreviated")], "abbreviated", 0.6),
        # In the papers of another province the short form may be another body's.
        ([tie("太重集团", FULL, home="13")], "company by initials", 0.63),
        # Two could be meant.
        ([tie("太重集团", FULL), tie("太重集团", "Organisation:太谷重型机器集团公司")], "company by initials", 0.45),
        # An article names both and leaves open which is meant.
        (
            [tie("太重集团", id_, ONE_OF_SEVERAL) for id_ in (FULL, "Organisation:太谷重型机器集团公司")],
            "one of several",
            0.4,
        ),
    ],
)
def test_identify_doubts(namings: list[Naming], reason: str, score: float) -> None:
    found = led([own(SHORT), own(FULL), *namings])
    assert found.entity_by_id[SHORT] == SHORT
    assert {(doubt.read_as, doubt.reason, doubt.score) for doubt in found.doubts} == {(SHORT, reason, score)}
    assert FULL in {doubt.other for doubt in found.doubts}


def test_identify_heeds_what_an_article_leaves_open_only_where_no_other_says_more() -> None:
    open_ = [tie("太重集团", id_, ONE_OF_SEVERAL) for id_ in (FULL, "Organisation:太谷重型机器集团公司")]
    found = led([own(SHORT), own(FULL), *open_, tie("太重集团", FULL)])
    assert found.entity_by_id[SHORT] == FULL
    assert found.doubts == ()


def test_identify_doubts_whose_foreign_name_is_given_in_part() -> None:
    short, full = "Person:普拉博沃", "Person:普拉博沃·苏比安托"
    found = led([own(short), own(full), tie("普拉博沃", full, "part of foreign name")])
    assert found.entity_by_id[short] == short
    assert [(doubt.read_as, doubt.other, doubt.score) for doubt in found.doubts] == [(short, full, 0.5)]


@pytest.mark.parametrize(
    "namings",
    [
        [own("Place:太重集团"), own(FULL), tie("太重集团", FULL)],
        [own(f"{SHORT}@1401"), own(FULL), tie("太重集团", FULL)],
        [own(SHORT), own("Organisation:太重"), tie("太重集团", "Organisation:太重")],
        [own(SHORT), own(FULL), tie("太重集团", FULL, "organ of its level")],
        [own("Person:习主席"), own("Person:习近平"), tie("习主席", "Person:习近平", "surname and title")],
    ],
    ids=["other type", "a place behind it", "not fuller", "a rule that says nothing elsewhere", "a title"],
)
def test_identify_leaves_alone(namings: list[Naming]) -> None:
    found = led(namings)
    assert all(id_ == led_to for id_, led_to in found.entity_by_id.items())
    assert found.doubts == ()


def test_identify_goes_all_the_way() -> None:
    """太重 is short for 太重集团 in one article, 太重集团 for its full name in another."""
    namings = [own("Organisation:太重"), own(SHORT), own(FULL), tie("太重", SHORT), tie("太重集团", FULL)]
    assert set(led(namings).entity_by_id.values()) == {FULL}


def test_identify_takes_two_that_are_one_for_one() -> None:
    namings = [own("Organisation:太重"), own(SHORT), own(FULL)]
    namings += [tie("太重", SHORT), tie("太重", FULL), tie("太重集团", FULL)]
    assert set(led(namings).entity_by_id.values()) == {FULL}


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (["", "1401"], {"": "", "1401": ""}),
        (["", "14", "1401"], {"": "", "14": "", "1401": ""}),
        (["", "1401", "1405"], {"": "", "1401": "1401", "1405": "1405"}),
        (["", "14", "1401", "13"], {"": "", "14": "1401", "1401": "1401", "13": "13"}),
        (["14", "1401", "1405"], {"14": "14", "1401": "1401", "1405": "1405"}),
    ],
)
def test_identify_parts_namesakes_by_the_place_of_their_posts(codes: list[str], expected: dict[str, str]) -> None:
    ids = {code: f"Person:张伟@{code}" if code else "Person:张伟" for code in codes}
    found = led(map(own, ids.values()))
    assert found.entity_by_id == {ids[code]: ids.get(to, "Person:张伟") for code, to in expected.items()}
    is_one = len(set(found.entity_by_id.values())) == 1
    assert is_one == (not found.doubts)


def test_identify_follows_a_merge_by_hand_whatever_the_rules_say() -> None:
    other = "Organisation:晋西工业集团"
    found = led([own(SHORT), own(FULL), own(other), tie("太重集团", FULL)], decisions=decide(("merge", SHORT, other)))
    assert found.entity_by_id == {SHORT: other, FULL: FULL, other: other}


@pytest.mark.parametrize(
    ("codes", "decision", "expected"),
    [
        (["", "1401"], ("rename", "Person:张伟@1401", "张伟（太原）"), {"": "1401", "1401": "1401"}),
        (["", "14", "1401"], ("drop", "Person:张伟@1401", ""), {"": "1401", "14": "1401", "1401": "1401"}),
        (["", "1401", "13"], ("drop", "Person:张伟@1401", ""), {"": "", "1401": "1401", "13": "13"}),
        (
            ["", "1401", "13"],
            ("merge", "Person:张伟@13", "Person:张伟@1401"),
            {"": "1401", "1401": "1401", "13": "1401"},
        ),
    ],
)
def test_what_is_decided_about_a_person_stays_his(
    codes: list[str], decision: tuple[str, str, str], expected: dict[str, str]
) -> None:
    ids = {code: f"Person:张伟@{code}" if code else "Person:张伟" for code in codes}
    found = led(map(own, ids.values()), decisions=decide(decision))
    assert found.entity_by_id == {ids[code]: ids[to] for code, to in expected.items()}


def test_identify_keeps_the_name_that_a_person_chose() -> None:
    """Merged into the short name, the full one does not pull it back."""
    found = led([own(SHORT), own(FULL), tie("太重集团", FULL)], decisions=decide(("merge", FULL, SHORT)))
    assert set(found.entity_by_id.values()) == {SHORT}


def test_identify_keeps_apart_what_a_person_split() -> None:
    found = led([own(SHORT), own(FULL), tie("太重集团", FULL)], decisions=decide(("split", FULL, "太重集团")))
    assert found.entity_by_id[SHORT] == SHORT
    assert found.doubts == ()
    people = [own("Person:张伟"), own("Person:张伟@1401")]
    found = led(people, decisions=decide(("split", "Person:张伟", "Person:张伟@1401")))
    assert found.entity_by_id["Person:张伟@1401"] == "Person:张伟@1401"


NAMES = ["太重", "太重集团", "太原重机", "太原重型机械", "太原重型机械集团"]
IDS = st.sampled_from([f"{type_}:{name}" for type_ in ("Organisation", "Person") for name in NAMES])
NAMINGS = st.lists(
    st.builds(
        Naming,
        alias=st.sampled_from(NAMES),
        read_as=IDS,
        rule=st.sampled_from(["company by initials", "abbreviated", "as printed"]),
        home=st.sampled_from(["14", "13", ""]),
        own=st.just(False),
    ),
    max_size=14,
)
LINES = st.lists(st.tuples(st.just("merge"), IDS, IDS), max_size=2)


@given(namings=NAMINGS, lines=LINES, order=st.randoms())
def test_identify_does_not_depend_on_what_is_asked(
    namings: list[Naming], lines: list[tuple[str, str, str]], order: object
) -> None:
    try:
        decisions = decide(*lines)
    except InputError:
        decisions = ledger.NONE
    known = [*map(own, {naming.read_as for naming in namings}), *namings]
    together = led(known, decisions=decisions)
    order.shuffle(known)  # type: ignore[attr-defined]
    assert led(known, decisions=decisions) == together
    for id_, expected in together.entity_by_id.items():
        assert led(known, id_, decisions=decisions).entity_by_id == {id_: expected}
        # Where an id ends up, it stays.
        assert led(known, expected, decisions=decisions).entity_by_id == {expected: expected}


def test_scores_are_of_rules_that_there_are() -> None:
    named = {rule.__name__.replace("_", " ") for rules in shortening.MERGES.values() for rule in rules}
    assert set(identity.scores()) <= {*named, ONE_OF_SEVERAL}
    assert lexicon.load()


def reading() -> Reading:
    of = article("太重集团、太原重工与市教育局合作，王明出席。")
    group, firm = entity(of, "Organisation", "太重集团"), entity(of, "Organisation", "太原重工")
    bureau, wang = entity(of, "Organisation", "太原市教育局", "市教育局"), entity(of, "Person", "王明")
    relations = (
        relation(of, "PARTNERED_WITH", group, firm),
        relation(of, "PARTNERED_WITH", group, bureau),
        relation(of, "HOLDS_POSITION", wang, bureau, title="局长"),
    )
    return Reading(article=of, entities=(group, firm, bureau, wang), relations=relations)


def test_apply_joins_entities_and_what_is_said_of_them() -> None:
    applied = apply(reading(), {SHORT: FULL, "Organisation:太原重工": FULL}, ())
    joined = applied.entities[0]
    assert (joined.id, joined.name) == (FULL, "太原重型机械集团有限公司")
    assert [mention.text for mention in joined.mentions] == ["太重集团", "太原重工"]
    assert [alias.text for alias in joined.aliases] == ["太重集团", "太原重工"]
    # That it works with itself is no statement.
    assert [(r.head_id, r.tail_id) for r in applied.relations if r.type == "PARTNERED_WITH"] == [
        (FULL, "Organisation:太原市教育局")
    ]


def test_apply_keeps_the_name_of_an_entity_as_an_alias_of_what_it_joins() -> None:
    applied = apply(reading(), {"Organisation:太原市教育局": FULL}, ())
    joined = next(entity for entity in applied.entities if entity.id == FULL)
    assert {alias.text for alias in joined.aliases} == {"市教育局", "太原市教育局"}


def test_apply_leaves_out_what_was_dropped() -> None:
    applied = apply(reading(), {SHORT: FULL}, {FULL})
    assert [entity.name for entity in applied.entities] == ["太原重工", "太原市教育局", "王明"]
    assert [relation.type for relation in applied.relations] == ["HOLDS_POSITION"]


def test_apply_changes_nothing_where_nothing_leads_elsewhere() -> None:
    assert apply(reading(), {}, ()) == reading()
