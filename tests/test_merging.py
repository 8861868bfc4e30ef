"""Which group of names another one swallows, and where a chain of steps ends."""

from dataclasses import replace

from kg.context import Name
from kg.meanings import as_printed
from kg.merging import Step, follow, steps
from tests.naming import context_of


def steps_of(*names: str, settled: str = "") -> dict[str, Step]:
    return both_of(*names, settled=settled)[0]


def both_of(*names: str, settled: str = "") -> tuple[dict[str, Step], dict[str, tuple[str, ...]]]:
    context = context_of("，".join(names), *(("Organisation", name) for name in names))
    meanings = {name: replace(as_printed(name, context), settled=name.text == settled) for name in context.names}
    groups: dict[str, list[Name]] = {}
    for name, meaning in meanings.items():
        groups.setdefault(meaning.id, []).append(name)
    return steps(groups, meanings, context)


def test_steps_lead_to_the_fuller_name_by_a_rule() -> None:
    assert steps_of("太原重型机械集团有限公司", "太重集团", "立方公司") == {
        "Organisation:太重集团": Step(id="Organisation:太原重型机械集团有限公司", rule="company by initials")
    }


def test_steps_leave_a_name_alone_that_two_could_mean() -> None:
    found, unsure = both_of("兴业银行太原分行营业部", "兴业银行大同分行营业部", "营业部")
    assert not found
    fuller = {"Organisation:兴业银行太原分行营业部", "Organisation:兴业银行大同分行营业部"}
    assert {id_: set(others) for id_, others in unsure.items()} == {"Organisation:营业部@a1": fuller}


def test_steps_leave_a_settled_name_alone() -> None:
    assert not steps_of("太原重型机械集团有限公司", "太重集团", settled="太重集团")


def test_follow_goes_to_the_end_and_keeps_the_first_rule() -> None:
    chain = {"a": Step(id="b", rule="first"), "b": Step(id="c", rule="second")}
    assert [follow(id_, chain) for id_ in "abc"] == [("c", "first"), ("c", "second"), ("c", "")]
