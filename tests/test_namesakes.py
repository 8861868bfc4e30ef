"""Who holds a post in a known place has an id that says where; everybody else keeps the bare one."""

from dataclasses import replace

import pytest

from kg import gazetteer, namesakes
from kg.records import Relation
from tests.records import article, entity, relation

TEXT = article("太原市教育局局长王明、山西省副省长王明、外交部王明、李平与晋城市的王明。")
WANG, PING = entity(TEXT, "Person", "王明"), entity(TEXT, "Person", "李平")
BODIES = {
    name: entity(TEXT, "Organisation", name, "王明")
    for name in ("太原市教育局", "中共晋城市委员会", "外交部", "山西省教育厅")
}
CITY = entity(TEXT, "Place", "晋城市")


def parted(*relations: Relation) -> list[str]:
    entities = (WANG, PING, CITY, *BODIES.values())
    found, stated = namesakes.part(entities, relations, gazetteer.load())
    assert [relation.tail_id for relation in stated] == [relation.tail_id for relation in relations]
    assert {relation.head_id for relation in stated} <= {entity.id for entity in found}
    return [entity.id for entity in found if entity.type == "Person"]


@pytest.mark.parametrize(
    ("bodies", "id_"),
    [
        (["太原市教育局"], "Person:王明@1401"),
        (["山西省教育厅"], "Person:王明@14"),
        (["山西省教育厅", "太原市教育局"], "Person:王明@1401"),
        (["中共晋城市委员会"], "Person:王明@1405"),
        (["外交部"], "Person:王明"),
        ([], "Person:王明"),
    ],
)
def test_part_by_the_place_of_the_post(bodies: list[str], id_: str) -> None:
    posts = [relation(TEXT, "HOLDS_POSITION", WANG, BODIES[body], title="局长") for body in bodies]
    assert parted(*posts) == [id_, "Person:李平"]


def test_part_by_a_post_in_a_place() -> None:
    assert parted(relation(TEXT, "HOLDS_POSITION", WANG, CITY, title="市长"))[0] == "Person:王明@1405"


def test_part_needs_a_post_of_today_and_a_sure_one() -> None:
    no_post = relation(TEXT, "PARTICIPATED_IN", WANG, BODIES["太原市教育局"])
    sure = relation(TEXT, "HOLDS_POSITION", WANG, BODIES["太原市教育局"], title="局长")
    unsure = replace(sure, evidence=replace(sure.evidence, confidence=0.7))
    former = replace(sure, attributes={"title": "局长", "status": "former"})
    assert parted(no_post, unsure, former) == ["Person:王明", "Person:李平"]
