"""The reference data holds together, and a lookup knows when it does not know."""

import pytest

from kg import gazetteer
from kg.errors import SchemaError
from kg.gazetteer import LEVELS, Gazetteer
from kg.records import Entity

TAIYUAN = ("1401", "14")


@pytest.fixture(scope="module")
def places() -> Gazetteer:
    return gazetteer.load()


def place(id_: str, name: str, type_: str = "Place") -> Entity:
    return Entity(id=id_, type=type_, name=name, aliases=(), mentions=())


def test_load_divisions_have_parents_of_a_higher_level(places: Gazetteer) -> None:
    for division in places.division_by_code.values():
        assert division.level in LEVELS
        assert division.short
        if division.parent:
            parent = places.division_by_code[division.parent]
            assert LEVELS.index(parent.level) < LEVELS.index(division.level)
            assert division.code.startswith(parent.code)
        else:
            assert division.level == "province"


def test_load_counts_every_province(places: Gazetteer) -> None:
    provinces = [division for division in places.division_by_code.values() if division.level == "province"]
    assert len(provinces) == 34


@pytest.mark.parametrize(
    ("name", "near", "code"),
    [
        ("太原市", (), "1401"),
        ("太原", (), "1401"),
        ("山西", (), "14"),
        ("祁县", (), "140727"),
        ("定襄", (), "140921"),
        ("吉林", (), "22"),
        ("吉林市", (), "2202"),
        ("内蒙古", (), "15"),
        ("积石山", (), "622927"),
        ("积石山县", (), "622927"),
        ("西双版纳州", (), "5328"),
        ("鼓楼区", ("3201", "32"), "320106"),
        ("鼓楼区", ("3501", "35"), "350102"),
        ("朝阳区", ("11",), "110105"),
        ("城区", ("1405", "14"), "140502"),
        ("矿区", TAIYUAN, "140303"),
        ("兰州新区", (), "620171"),
    ],
)
def test_division_finds(places: Gazetteer, name: str, near: tuple[str, ...], code: str) -> None:
    division = places.division(name, near)
    assert division is not None
    assert division.code == code


@pytest.mark.parametrize("name", ["鼓楼区", "朝阳区", "西湖区", "和平", "城区", "人民路", "兰州新", ""])
def test_division_does_not_guess(places: Gazetteer, name: str) -> None:
    assert places.division(name) is None


def test_division_prefers_the_county_that_stands_near_to_a_far_city(places: Gazetteer) -> None:
    assert places.division("朝阳", ("11", "110105")) == places.division_by_code["110105"]


@pytest.mark.parametrize(
    ("name", "near", "meant"),
    [
        ("并州", TAIYUAN, "太原市"),
        ("并州", ("1402", "14"), None),
        ("并州", ("14",), "太原市"),
        ("龙城", ("2113",), None),
        ("沪", (), "上海市"),
        ("我国", (), "中国"),
        ("印尼", (), "印度尼西亚"),
        ("俄罗斯", (), "俄罗斯"),
        ("太原", (), None),
        ("省城", ("37",), "济南市"),
        ("省城", ("37", "41"), None),
    ],
)
def test_named_place(places: Gazetteer, name: str, near: tuple[str, ...], meant: str | None) -> None:
    assert places.named_place(name, near) == meant


def test_full_name_is_one_in_the_country(places: Gazetteer) -> None:
    names = [places.full_name(division) for division in places.division_by_code.values()]
    assert len(set(names)) == len(names)


def test_place_id_is_one_in_the_country(places: Gazetteer) -> None:
    ids = [places.place_id(division.name, division) for division in places.division_by_code.values()]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    ("text", "code", "rest"),
    [
        ("太原市万柏林区教育局", "140109", "教育局"),
        ("晋城市委", "1405", "委"),
        ("山西大学", None, "山西大学"),
        ("太原市大同市教育局", "1401", "大同市教育局"),
        ("鼓楼区政府", None, "鼓楼区政府"),
        ("太原市", "1401", ""),
    ],
)
def test_leading(places: Gazetteer, text: str, code: str | None, rest: str) -> None:
    division, behind = places.leading(text)
    assert (division.code if division else None, behind) == (code, rest)


@pytest.mark.parametrize(
    ("name", "near", "code"),
    [
        ("义井街道", TAIYUAN, "140110001"),
        ("史村镇", ("1410", "14"), "141021101"),
        ("城关镇", TAIYUAN, None),
        ("义井街道", ("31",), None),
        ("义井街道", ("81",), None),
        ("义井", TAIYUAN, None),
    ],
)
def test_township(places: Gazetteer, name: str, near: tuple[str, ...], code: str | None) -> None:
    found = places.township(name, near)
    assert (found.code if found else None) == code


def test_township_without_a_county_lies_in_its_city(places: Gazetteer) -> None:
    found = places.township("长安镇", ("4419",))
    assert found is not None
    assert [division.name for division in places.chain(found.code)] == ["长安镇", "东莞市", "广东省"]


@pytest.mark.parametrize(
    ("names", "chain"),
    [
        (("太原市", "山西省"), ["太原市", "山西省"]),
        (("大同市",), ["大同市", "山西省"]),
        (("山西省",), ["山西省"]),
        (("重庆市",), ["重庆市"]),
        (("清徐县",), ["清徐县", "太原市", "山西省"]),
        (("nowhere", "太原"), ["太原市", "山西省"]),
        (("长春市朝阳区",), ["朝阳区", "长春市", "吉林省"]),
        (("长春市人民路",), []),
        ((), []),
    ],
)
def test_home(places: Gazetteer, names: tuple[str, ...], chain: list[str]) -> None:
    assert [division.name for division in places.home(names)] == chain


def test_ancestors_of_a_county(places: Gazetteer) -> None:
    above = places.ancestors(place("Place:定襄县", "定襄县"))
    assert [(entity.id, entity.name) for entity in above] == [
        ("Place:忻州市", "忻州市"),
        ("Place:山西省", "山西省"),
        ("Place:中国", "中国"),
    ]


def test_ancestors_of_a_namesake_follow_its_code(places: Gazetteer) -> None:
    above = places.ancestors(place("Place:鼓楼区@320106", "鼓楼区"))
    assert [entity.name for entity in above] == ["南京市", "江苏省", "中国"]


def test_ancestors_of_a_township(places: Gazetteer) -> None:
    found = places.township("义井街道", TAIYUAN)
    assert found is not None
    above = places.ancestors(place(places.place_id(found.name, found), found.name))
    assert [entity.name for entity in above] == ["晋源区", "太原市", "山西省", "中国"]


@pytest.mark.parametrize(
    ("id_", "type_"),
    [
        ("Place:人民路@1401", "Place"),
        ("Place:朝阳区", "Place"),
        ("Place:云冈石窟", "Place"),
        ("Place:x@999999999", "Place"),
        ("Organisation:太原市", "Organisation"),
    ],
)
def test_ancestors_of_what_the_gazetteer_does_not_know(places: Gazetteer, id_: str, type_: str) -> None:
    assert places.ancestors(place(id_, id_.partition(":")[2], type_)) == ()


@pytest.mark.parametrize(
    ("table", "row", "fault"),
    [
        ("divisions.csv", "140199,新区,新区,county,1499", "no parent 1499"),
        ("places.csv", "并州,太原市,9999", "no division 9999"),
    ],
)
def test_load_names_a_row_that_refers_to_nothing(
    table: str, row: str, fault: str, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("data")
    for name in ("divisions.csv", "countries.csv", "places.csv"):
        added = f"{row}\n" if name == table else ""
        (folder / name).write_text((gazetteer.DATA / name).read_text("utf-8") + added, "utf-8")
    monkeypatch.setattr(gazetteer, "DATA", folder)
    with pytest.raises(SchemaError, match=fault):
        gazetteer.load.__wrapped__()


def test_read_names_a_missing_table() -> None:
    with pytest.raises(SchemaError, match=r"missing\.csv: cannot be read"):
        gazetteer.read("missing.csv")


def test_township_names_a_missing_table(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setattr(gazetteer, "DATA", tmp_path_factory.mktemp("data"))
    with pytest.raises(SchemaError, match=r"townships\.zip: cannot be read"):
        gazetteer._township_names.__wrapped__("14")
