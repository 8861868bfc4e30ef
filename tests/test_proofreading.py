"""Corrected labels: every kind of fault and warning, by what a slip of the hand makes of a sound row."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from kg import generic, proofreading, schema

Row = dict[str, Any]
Edit = Callable[[Row], object]

DECLARED = schema.load()
GENERIC = generic.load()
SOUND: Row = {
    "id": "a1",
    "title": "市总工会送清凉",
    "text": "太原市总工会主席王建国来到杏花岭区，太原市总工会与太重集团共同主办“清凉行动”。太原市总工会地处并州。",
    "entities": [
        {"type": "Organisation", "name": "太原市总工会", "surfaces": ["市总工会", "太原市总工会"]},
        {"type": "Person", "name": "王建国", "surfaces": ["王建国"]},
        {"type": "Place", "name": "杏花岭区", "surfaces": ["杏花岭区"]},
        {"type": "Place", "name": "太原市", "surfaces": ["并州"]},
        {"type": "Organisation", "name": "太原重型机械集团有限公司", "surfaces": ["太重集团"]},
        {"type": "Programme", "name": "“清凉行动”", "surfaces": ["“清凉行动”"]},
    ],
    "relations": [
        {"head": "王建国", "type": "HOLDS_POSITION", "tail": "太原市总工会", "title": "主席"},
        {"head": "太原市总工会", "type": "ORGANISED", "tail": "“清凉行动”", "role": None},
        {"head": "太原市总工会", "type": "PARTNERED_WITH", "tail": "太原重型机械集团有限公司"},
        {"head": "太原市总工会", "type": "LOCATED_IN", "tail": "太原市"},
    ],
}


def edited(edit: Edit) -> Row:
    row = copy.deepcopy(SOUND)
    edit(row)
    return row


def entity(row: Row, number: int, **changes: object) -> Row:
    row["entities"][number].update(changes)
    return row


def relation(row: Row, number: int, **changes: object) -> Row:
    row["relations"][number].update(changes)
    return row


def again(row: Row, number: int, **changes: object) -> Row:
    row["relations"].append(row["relations"][number] | changes)
    return row


def found(*rows: Row) -> list[tuple[bool, str]]:
    places = [(f"labels.jsonl:{number}", row) for number, row in enumerate(rows, 1)]
    return [(finding.is_fault, str(finding)) for finding in proofreading.check(places, DECLARED, GENERIC)]


def test_sound_labels_pass() -> None:
    assert found(SOUND) == []


FAULTS: list[tuple[Edit, str]] = [
    (lambda row: row.pop("entities"), "entities: Field required; see training/GUIDELINES.md for the format"),
    (lambda row: row.pop("relations"), "relations: Field required; see training/GUIDELINES.md for the format"),
    (
        lambda row: (entity(row, 0, surfaces=[]), row["relations"][0].pop("tail")),
        (
            "entities.0.surfaces: Tuple should have at least 1 item after validation, not 0; "
            "relations.0.tail: Field required; see training/GUIDELINES.md for the format"
        ),
    ),
    (
        lambda row: entity(row, 1, surfaces=["王建国", ""]),
        "entities.1.surfaces.1: String should have at least 1 character; see training/GUIDELINES.md for the format",
    ),
    (
        lambda row: row.update(text=" \n", entities=[], relations=[]),
        "has no text; give its body as text, or leave the line out",
    ),
    (
        lambda row: row["entities"].append({"type": "Venue", "name": "主席", "surfaces": ["主席"]}),
        "unknown type 'Venue'; use one of: Person, Organisation, Place, Programme",
    ),
    (
        lambda row: again(row, 0, type="LEADS"),
        (
            "unknown type 'LEADS'; use one of: HOLDS_POSITION, PART_OF, LOCATED_IN, ORGANISED, PARTICIPATED_IN, "
            "PARTNERED_WITH, RECEIVED, OWNS, PUBLISHED"
        ),
    ),
    (
        lambda row: (row.update(text=row["text"] + "，太重 集团"), entity(row, 4, surfaces=["太重集团", "太重 "])),
        "'太重 ' begins or ends with white space; write it without",
    ),
    (
        lambda row: entity(row, 2, name=" 杏花岭区"),
        "' 杏花岭区' begins or ends with white space; write it without",
    ),
    (
        lambda row: entity(row, 4, surfaces=["太重集团", "太重公司"]),
        "'太重公司' (太原重型机械集团有限公司) does not stand in title or text; copy it from there or take it out",
    ),
    (
        lambda row: entity(row, 4, surfaces=["太重集团", "市总工会"]),
        (
            "'市总工会' belongs to 太原市总工会 (Organisation) and 太原重型机械集团有限公司 (Organisation); "
            "leave it with the one it mostly means"
        ),
    ),
    (
        lambda row: entity(row, 1, surfaces=["王建国", "王建国"]),
        "'王建国' stands twice under 王建国 (Person); keep one",
    ),
    (
        lambda row: row["entities"].append({"type": "Place", "name": "杏花岭区", "surfaces": ["杏花岭"]}),
        "'杏花岭区' is the name of two entities (Place); make them one",
    ),
    (
        lambda row: row["entities"].append({"type": "Person", "name": "杏花岭区", "surfaces": ["杏花岭"]}),
        "'杏花岭区' is the name of a Place and of a Person; give one of them another name",
    ),
    (
        lambda row: relation(row, 0, tail="市总工会"),
        "HOLDS_POSITION: tail '市总工会' is the name of no entity; add the entity or mend the name",
    ),
    (
        lambda row: again(row, 3, head="王建国"),
        (
            "LOCATED_IN: head '王建国' is a Person, not a Organisation or Place or Programme; "
            "mend it or take the relation out"
        ),
    ),
    (
        lambda row: again(row, 2, head="太原重型机械集团有限公司"),
        "PARTNERED_WITH: '太原重型机械集团有限公司' is both head and tail; mend one or take the relation out",
    ),
    (
        lambda row: again(row, 0),
        "HOLDS_POSITION of '王建国' and '太原市总工会' stands twice; keep one",
    ),
    (
        lambda row: again(row, 2, head="太原重型机械集团有限公司", tail="太原市总工会"),
        "PARTNERED_WITH of '太原重型机械集团有限公司' and '太原市总工会' stands twice; keep one",
    ),
    (
        lambda row: relation(row, 0, role="主席"),
        "HOLDS_POSITION: unknown attribute 'role' (it has: title, day, status); rename it or take it out",
    ),
    (
        lambda row: relation(row, 3, sentence="太原市总工会地处并州。"),
        "LOCATED_IN: unknown attribute 'sentence' (it has: status); rename it or take it out",
    ),
    (
        lambda row: relation(row, 0, title=" "),
        "HOLDS_POSITION: title ' ' is no text; give the words of the article, or null",
    ),
    (
        lambda row: relation(row, 0, title=1),
        "HOLDS_POSITION: title 1 is no text; give the words of the article, or null",
    ),
]


@pytest.mark.parametrize(("edit", "message"), FAULTS, ids=[message for _, message in FAULTS])
def test_each_fault_says_what_to_do(edit: Edit, message: str) -> None:
    faults = [text for is_fault, text in found(edited(edit)) if is_fault]
    assert faults == [f"labels.jsonl:1: article a1: {message}"]


def test_an_unknown_type_is_told_once_whatever_hangs_on_it() -> None:
    row = edited(lambda row: (again(row, 0, type="LEADS", post="主席"), again(row, 1, type="LEADS", tail="王建国")))
    assert len(found(row)) == 1


def test_an_id_that_stands_twice_names_both_places() -> None:
    other = edited(lambda row: row.update(id="a2"))
    assert found(SOUND, other, SOUND) == [
        (True, "labels.jsonl:3: article a1: its id stands at labels.jsonl:1 already; give each article its own")
    ]


WARNINGS: list[tuple[Edit, str]] = [
    (
        lambda row: entity(row, 1, surface=["王主席"], mentions=[]),
        "'王建国' has an unknown key 'surface' (known: type, name, surfaces); rename it or take it out",
    ),
    (
        lambda row: (
            row.update(text=row["text"] + "该工会"),
            entity(row, 0, surfaces=["太原市总工会", "市总工会", "该工会"]),
        ),
        "'该工会' (太原市总工会) names nothing by itself; take it out unless it is a name here",
    ),
    (
        lambda row: (
            row.update(text=row["text"] + "《“清凉行动”方案》"),
            row["entities"].append(
                {"type": "Programme", "name": "《“清凉行动”方案》", "surfaces": ["《“清凉行动”方案》"]}
            ),
        ),
        "'《“清凉行动”方案》' begins or ends with a book mark; write it without",
    ),
    (
        lambda row: entity(row, 2, name="杏花区"),
        "name '杏花区' is no surface of it and no longer than '杏花岭区'; give the fullest form",
    ),
    (
        lambda row: row.update(text=row["text"] + "太原市"),
        "'太原市' stands in the text but not among its surfaces; add it if it means the Place",
    ),
]


@pytest.mark.parametrize(("edit", "message"), WARNINGS, ids=[message for _, message in WARNINGS])
def test_each_warning_says_what_to_weigh(edit: Edit, message: str) -> None:
    assert found(edited(edit)) == [(False, f"labels.jsonl:1: article a1: {message}")]


@pytest.mark.parametrize(
    "edit",
    [
        lambda row: row.pop("title") and entity(row, 0, surfaces=["太原市总工会"]),
        lambda row: (entity(row, 5, name="清凉行动"), relation(row, 1, tail="清凉行动")),
        lambda row: relation(row, 0, title=None),
        lambda row: again(row, 0, title="党组书记"),
        lambda row: again(row, 3, tail="杏花岭区"),
        lambda row: row.update(
            text=row["text"] + "太原市实验中学",
            entities=[
                *row["entities"],
                {"type": "Organisation", "name": "太原市实验中学", "surfaces": ["太原市实验中学"]},
            ],
        ),
        lambda row: row.update(
            text=row["text"] + "在京举行",
            entities=[
                *row["entities"],
                {"type": "Place", "name": "北京市", "surfaces": ["京"]},
            ],
        ),
        lambda row: row.update(
            text=row["text"] + "我国",
            entities=[*row["entities"], {"type": "Place", "name": "中国", "surfaces": ["我国"]}],
        ),
        lambda row: row["entities"][0].update(id="Organisation:太原市总工会"),
        lambda row: row.update(id=7, url=None),
    ],
    ids=[
        "no title",
        "bare name",
        "no words",
        "two posts",
        "two places",
        "inside",
        "one character",
        "our",
        "more",
        "number",
    ],
)
def test_what_is_sound_is_let_alone(edit: Edit) -> None:
    assert found(edited(edit)) == []


def test_summary_counts_types_in_the_order_of_the_schema() -> None:
    assert proofreading.summary([SOUND, edited(lambda row: row.update(id="a2"))], DECLARED) == (
        "2 articles; entities: 2 Person, 4 Organisation, 4 Place, 2 Programme; "
        "relations: 2 HOLDS_POSITION, 2 LOCATED_IN, 2 ORGANISED, 2 PARTNERED_WITH"
    )
    empty = edited(lambda row: row.update(entities=[], relations=[]))
    assert proofreading.summary([empty], DECLARED) == "1 articles; entities: none; relations: none"
