"""Words that stand for names: which name each stands for, and where none does."""

import re

import pytest

from kg.clauses import read, symbols
from kg.rules import compile_rules
from kg.schema import StandIn, load
from kg.standins import stand_ins
from tests.test_relations import parse

COMPANY = {"Organisation": [StandIn(word=re.compile("该?公司"), name=re.compile("公司$"))]}


def stands_for(marked: str) -> list[tuple[str, str]]:
    """Return each word in the stead of a name, and that name."""
    made, entities = parse(marked)
    named = sorted((m.start, m.end, entity) for entity in entities for m in entity.mentions)
    return [(made.text[start:end], entity.name) for start, end, entity in stand_ins(made.text, named, COMPANY)]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("【O天马公司】开会。该公司增收。", [("该公司", "天马公司")]),
        ("【O天马公司】开会。【O海星公司】休息。公司增收。", [("公司", "海星公司")]),
        ("【O天马公司】与【O海星公司】签约。公司增收。", [("公司", "天马公司")]),
        ("【O天马公司】增收，公司扩产。", [("公司", "天马公司")]),
        ("公司增收。【O天马公司】休息。", []),
        ("【O市工信局】开会。公司增收。", []),
        ("【P高远】开会。【O天马公司】休息，【O海星公司】也休息。", []),
        ("", []),
    ],
)
def test_stand_ins(marked: str, expected: list[tuple[str, str]]) -> None:
    assert stands_for(marked) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("【O天马公司】开会。公司董事长退休。", ["天马公司"]),
        ("【O天马公司】、【O省立大学】开会。该校退出。", ["省立大学"]),
        ("【O粤北联盟】成立。联盟由五家单位发起。", ["粤北联盟"]),
        ("【O天马公司】开会。上市公司增多。", []),
        ("【O天马公司】开会。公司法修订。", []),
        ("【O市立中学】开会。学校里没有人。", []),
    ],
)
def test_words_of_the_shipped_schema(marked: str, expected: list[str]) -> None:
    made, entities = parse(marked)
    rules = compile_rules(load())
    clauses = read(made.text, entities, rules.symbol_by_type, rules.stands)
    assert [slot.entity.name for clause in clauses for slot in clause.slots if slot and not slot.is_named] == expected


def test_read_without_declared_words_sees_names_only() -> None:
    made, entities = parse("【O天马公司】开会。该公司增收。")
    clauses = list(read(made.text, entities, symbols(load().entities), {}))
    assert all(slot.is_named for clause in clauses for slot in clause.slots if slot)
