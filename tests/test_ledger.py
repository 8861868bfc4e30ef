"""The ledger: lines are added, taken back, and refused where they are none or contradict each other."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import ledger
from kg.errors import InputError
from kg.records import Decision

HEAD = "when,who,action,entity,other,why\n"
A, B, C = "Organisation:甲公司", "Organisation:乙公司", "Organisation:丙公司"


def decision(action: str, entity: str, other: str = "", why: str = "") -> Decision:
    return Decision(when="2026-11-23T10:00:00+00:00", who="李", action=action, entity=entity, other=other, why=why)


def settle(*decisions: Decision) -> ledger.Decisions:
    return ledger.settle(decisions, "decisions.csv")


def test_read_of_no_file_is_no_decision(tmp_path: Path) -> None:
    assert ledger.read(tmp_path / "decisions.csv") == []
    (tmp_path / "decisions.csv").touch()
    assert ledger.read(tmp_path / "decisions.csv") == []


def test_append_then_read(tmp_path: Path) -> None:
    file = tmp_path / "decisions.csv"
    made = [decision("merge", A, B, 'says "so", and\nso'), decision("drop", C)]
    ledger.append(file, made[:1])
    ledger.append(file, made[1:])
    assert ledger.read(file) == made
    assert file.read_text("utf-8").startswith(HEAD)


def test_append_to_a_last_line_without_end(tmp_path: Path) -> None:
    file = tmp_path / "decisions.csv"
    file.write_text(f"{HEAD}t,w,drop,{A},,", encoding="utf-8")
    ledger.append(file, [decision("drop", B)])
    assert [line.entity for line in ledger.read(file)] == [A, B]


def test_append_to_where_nothing_can_be_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"decisions.csv: cannot be written \(.*\); give another --ledger"):
        ledger.append(tmp_path / "no" / "decisions.csv", [decision("drop", A)])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n", ":1: is no ledger; its first line is when,who,action,entity,other,why"),
        (
            f"{HEAD}<<<<<<< HEAD\nt,w,drop,{A},,\n=======\n>>>>>>> other\n",
            ":2: holds the marks of a conflict; keep the lines",
        ),
        (f'{HEAD}t,w,rename,{A},"甲\t公司",\n', ":2: '甲\\t公司' holds a tab or a line break; take it out"),
        (f"{HEAD}t,w,mrege,{A},{B},\n", ":2: 'mrege' is no action; use merge, split, rename, drop, or undo before one"),
        (f"{HEAD}t,w,merge,{A}\n", ":2: has not 6 columns; mend the line"),
        (f"{HEAD}t,w,merge,{A},{B},x,y\n", ":2: has not 6 columns; mend the line"),
        (f"{HEAD}t,w,drop,甲公司,,\n", ":2: '甲公司' is no entity; write Type:name, as kg show prints it"),
        (f"{HEAD}t,w,drop,{A},,\nt,w,merge,{A},乙公司,\n", ":3: '乙公司' is no entity"),
        (f'{HEAD}t,w,drop,{A},,\nt,w,drop,{B},,"so\nt,w,drop,{C},,\n', ":3: is no CSV (unexpected end of data); mend"),
        (f"{HEAD}t,w,split,{A},,\n", ":2: split lacks its second name, in the column other; add it"),
    ],
)
def test_read_names_the_line(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "decisions.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        ledger.read(file)
    assert message in str(caught.value)


def test_read_takes_what_a_spreadsheet_saved_and_no_other_encoding(tmp_path: Path) -> None:
    file = tmp_path / "decisions.csv"
    file.write_text(f"{HEAD}t,w,drop,{A},,\n", encoding="utf-8-sig")
    assert ledger.read(file)[0].entity == A
    file.write_text(f"{HEAD}t,w,drop,{A},,\n", encoding="gb18030")
    with pytest.raises(InputError, match="cannot be read as UTF-8"):
        ledger.read(file)


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("drop,Place:山西大學,", ("drop", "Place:山西大学", "")),
        ("merge,Place:“山西”大學,Place:山西大學@14", ("merge", "Place:山西大学", "Place:山西大学@14")),
        ("split,Place:山西大学,Person:張偉@1401", ("split", "Place:山西大学", "Person:张伟@1401")),
        ("undo merge,Place:山西大學,Place:山大", ("undo merge", "Place:山西大学", "Place:山大")),
        # What an entity is shown as is as it was written, though it looks like an id.
        ("rename,Place:山西大學,Place:山西大學", ("rename", "Place:山西大学", "Place:山西大學")),
        ("drop,Place:@山,", ("drop", "Place:@山", "")),
    ],
)
def test_read_brings_ids_to_the_form_of_the_graph(tmp_path: Path, line: str, read: tuple[str, str, str]) -> None:
    file = tmp_path / "decisions.csv"
    file.write_text(f"{HEAD}t,w,{line},\n", encoding="utf-8")
    (made,) = ledger.read(file)
    assert (made.action, made.entity, made.other) == read
    assert ledger.normal(made.entity) == made.entity


@pytest.mark.parametrize("wrong", ["drop,Organisatoin:甲,", "merge,Person:甲,Persn:乙", "split,Person:甲,Persn:乙"])
def test_read_refuses_a_type_that_nobody_knows_until_it_is_taken_back(tmp_path: Path, wrong: str) -> None:
    file = tmp_path / "decisions.csv"
    file.write_text(f'{HEAD}t,w,drop,Person:甲,,"two\nlines"\nt,w,{wrong},\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"csv:4: '.*:.' is of no known type; mend the line, or kg undo 2$"):
        ledger.read(file, {"Person", "Organisation"}.__contains__)
    undone = replace(ledger.read(file)[1], action=f"undo {wrong.partition(',')[0]}")
    ledger.read(file, {"Person", "Organisation"}.__contains__, then=[undone])
    ledger.append(file, [undone])
    assert len(ledger.read(file, {"Person", "Organisation"}.__contains__)) == 3


def test_settle_says_what_holds() -> None:
    held = settle(
        decision("merge", A, B), decision("split", B, "“丙”公司"), decision("rename", B, "乙"), decision("drop", C)
    )
    assert dict(held.into) == {A: B}
    assert held.apart == frozenset({(B, "丙公司")})
    assert dict(held.names) == {B: "乙"}
    assert held.dropped == frozenset({C})


def test_settle_takes_back_and_takes_the_last_name() -> None:
    held = settle(
        decision("merge", A, B),
        decision("undo merge", A, B),
        decision("drop", C),
        decision("undo drop", C),
        decision("drop", C),
        decision("rename", B, "乙"),
        decision("rename", B, "乙公司"),
        decision("undo rename", B, "乙"),
    )
    assert not held.into
    assert held.dropped == frozenset({C})
    assert dict(held.names) == {B: "乙公司"}
    assert ("merge", A, B) in held.seen
    assert ("merge", A, B) not in held.lines


def test_a_name_taken_back_gives_way_to_the_one_before() -> None:
    made = [decision("rename", A, "甲"), decision("rename", A, "甲厂"), decision("undo rename", A, "甲厂")]
    assert dict(settle(*made[:2]).names) == {A: "甲厂"}
    assert dict(settle(*made).names) == {A: "甲"}
    assert not settle(*made, decision("undo rename", A, "甲")).names


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([("merge", A, B), ("merge", A, C)], f"{A} is merged into both {B} and {C}"),
        ([("merge", A, B), ("merge", B, C), ("merge", C, A)], "is merged into itself, by way of"),
        ([("merge", A, A)], f"{A} is merged into itself"),
        ([("merge", A, "Person:甲")], f"{A} and Person:甲 are of two types; drop the wrong one"),
        ([("merge", A, B), ("split", B, "甲公司")], f"{A} is both merged into {B} and split off it"),
        ([("merge", A, B), ("split", B, A)], f"{A} is both merged into {B} and split off it"),
        ([("merge", A, B), ("drop", A, "")], f"{A} is both dropped and merged into {B}"),
    ],
)
def test_settle_refuses_contradictions(lines: list[tuple[str, str, str]], message: str) -> None:
    with pytest.raises(InputError) as caught:
        settle(*(decision(*line) for line in lines))
    assert str(caught.value).startswith("decisions.csv: contradicts itself: ")
    assert message in str(caught.value)
    # Taken back, the last of them contradicts nothing.
    action, *rest = lines[-1]
    settle(*(decision(*line) for line in lines), decision(f"undo {action}", *rest))


def test_contradiction_names_the_numbers_that_stand_in_each_other_s_way() -> None:
    made = [decision("drop", C), decision("merge", A, B), decision("undo drop", C), decision("split", B, "甲公司")]
    told = f"{A} is both merged into {B} and split off it"
    assert ledger.contradiction(made) == (told, [2, 4])
    assert ledger.contradiction(made[:3]) == ("", [])
    # Where no single one is to blame, none is named.
    other = [decision("merge", C, B), decision("drop", C)]
    assert ledger.contradiction([*made[1:], *other]) == (told, [])
    with pytest.raises(InputError) as caught:
        settle(*made)
    assert str(caught.value) == (
        f"decisions.csv: contradicts itself: {told} (decisions 2 and 4); kg undo NUMBER takes one back"
    )


@pytest.mark.parametrize(
    ("own", "into", "apart"),
    [
        ([], {A: B}, set()),
        ([("drop", C, "")], {A: B}, set()),
        ([("undo merge", A, B)], {}, {(B, "甲公司")}),
        ([("undo merge", A, B), ("merge", A, B)], {A: B}, set()),
        ([("merge", A, C)], {A: C}, {(B, "甲公司")}),
        ([("merge", B, A)], {B: A}, {(B, "甲公司")}),
        ([("merge", B, C)], {A: B, B: C}, set()),
        ([("split", B, "甲公司")], {}, {(B, "甲公司")}),
        ([("drop", A, "")], {}, {(B, "甲公司")}),
    ],
)
def test_what_the_user_says_goes_before_what_comes_with_kg(
    own: list[tuple[str, str, str]], into: dict[str, str], apart: set[tuple[str, str]]
) -> None:
    shipped = [replace(decision("merge", A, B), who="newspaper-kg")]
    held = ledger.settle([decision(*line) for line in own], "decisions.csv", shipped=shipped)
    assert held.into == into
    assert held.apart == apart
    # Whatever was in force before, the graph was made with nothing that is unknown now.
    assert ledger.settle([], "decisions.csv", shipped=shipped).lines <= held.seen
    assert held.lines <= ledger.settle([decision(*line) for line in own], "decisions.csv", shipped=shipped).seen


def test_what_comes_with_kg_can_hold_together_and_is_signed() -> None:
    shipped = ledger.defaults()
    assert len(ledger.settle(shipped, "data/decisions.csv").lines) == len(shipped)
    assert {decision.who for decision in shipped} == {"newspaper-kg"}
    assert all(decision.why for decision in shipped)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("Organisation:太重", True),
        ("Place:鼓楼区@320106", True),
        ("太重", False),
        ("太重:好", False),
        ("Person:", False),
    ],
)
def test_is_id(text: str, *, is_one: bool) -> None:
    assert ledger.is_id(text) == is_one


def test_bare_is_the_name_in_an_id() -> None:
    assert [ledger.bare(id_) for id_ in ("Place:鼓楼区@320106", A, "Person:张伟@")] == ["鼓楼区", "甲公司", "张伟"]


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=8).map(str.strip)


@given(who=WORDS, why=WORDS, other=WORDS.filter(bool))
def test_whatever_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, who: str, why: str, other: str) -> None:
    file = tmp_path_factory.mktemp("ledger") / "decisions.csv"
    made = Decision(when="t", who=who, action="rename", entity=A, other=other, why=why)
    ledger.append(file, [made])
    assert ledger.read(file) == [made]
