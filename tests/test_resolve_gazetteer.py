"""No false merge over the whole gazetteer: divisions, townships, their organs; numbered schools, hospitals and courts.

Two things must differ in their ids, whichever articles name them; and in one article, where short names look for fuller
ones, sisters must stay apart.  Papers print names in full, or bare at home (鼓楼区 in Nanjing).
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import combinations, pairwise

import pytest

from kg import gazetteer, lexicon
from kg.gazetteer import Division
from kg.names import is_ordered_part
from kg.records import Entity, Mention
from kg.resolve import resolve
from tests.records import article, issue

PLACES = gazetteer.load()
DIVISIONS = tuple(PLACES.division_by_code.values())
DIGITS = ("", "一", "二", "三", "四", "五", "六", "七", "八", "九")
NUMBERS = range(1, 31)
# Numbers that are parts of each other: 一, 十一, 二十一.
SISTERS = (1, 2, 3, 10, 11, 12, 20, 21, 30)
CITY, PROVINCE = "太原市", "山西省"


def read(type_: str, names: Sequence[str], home: Sequence[str]) -> list[Entity]:
    """Resolve an article that consists of names."""
    of = article("，".join(names) + "。", issue=issue(home=tuple(home)))
    mentions, start = [], 0
    for name in names:
        mentions.append(Mention(article_id=of.id, start=start, end=start + len(name), text=name, type=type_))
        start += len(name) + 1
    return resolve(of, mentions, PLACES, lexicon.load())


def merged(type_: str, names: Sequence[str], home: Sequence[str] = ()) -> list[tuple[str, ...]]:
    """Return the groups of different names that became one entity."""
    groups = (tuple(dict.fromkeys(mention.text for mention in entity.mentions)) for entity in read(type_, names, home))
    return [group for group in groups if len(group) > 1]


def shared_ids(things: Iterable[tuple[str, str, Sequence[str]]], type_: str) -> dict[str, set[str]]:
    """Return the ids that several things get; each (code, name, home) is named in an article of its own."""
    codes: dict[str, set[str]] = defaultdict(set)
    for code, name, home in things:
        (entity,) = read(type_, [name], home)
        codes[entity.id].add(code)
    return {id_: found for id_, found in codes.items() if len(found) > 1}


def home_of(division: Division) -> list[str]:
    """Return the home of a paper of the division above."""
    return [above.name for above in PLACES.chain(division.code)[1:]]


@cache
def families() -> list[tuple[Division | None, list[Division]]]:
    """Return each division with those right below it; the provinces have none above."""
    children: dict[str, list[Division]] = defaultdict(list)
    for division in DIVISIONS:
        children[division.parent].append(division)
    return [(PLACES.division_by_code.get(parent), below) for parent, below in children.items()]


@cache
def namesakes() -> dict[str, list[Division]]:
    """Return the short names that several divisions share, with those."""
    sharing: dict[str, list[Division]] = defaultdict(list)
    for division in DIVISIONS:
        sharing[division.short].append(division)
    return {short: divisions for short, divisions in sharing.items() if len(divisions) > 1}


def chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    return (DIGITS[tens] if tens > 1 else "") + ("十" if tens else "") + DIGITS[ones]


def test_numbers_are_written_as_papers_write_them() -> None:
    assert [chinese(number) for number in (1, 10, 11, 20, 30)] == ["一", "十", "十一", "二十", "三十"]


def test_every_division_has_its_own_id() -> None:
    assert not shared_ids(((one.code, PLACES.full_name(one), ()) for one in DIVISIONS), "Place")


def test_every_division_has_its_own_id_where_it_is_printed_bare() -> None:
    assert not shared_ids(((one.code, one.name, home_of(one)) for one in DIVISIONS), "Place")


def test_every_organ_has_its_own_id_where_its_place_is_printed_bare() -> None:
    assert not shared_ids(((one.code, f"{one.name}人民医院", home_of(one)) for one in DIVISIONS), "Organisation")


@pytest.mark.parametrize("organ", ["人民医院", "法院"])
def test_districts_of_one_short_name_have_their_own_organs(organ: str) -> None:
    """朝阳法院 is one thing in Beijing, one in Changchun, and one in the city of 朝阳; so is 和平人民医院.

    淮安法院 in the city of 淮安 is the city's, not its district's of the same short name.
    """
    cities = {one.code: one.short for one in DIVISIONS if one.level == "city"}
    things = [
        (one.code, one.short + organ, home_of(one) if one.level == "county" else [one.name])
        for divisions in namesakes().values()
        for one in divisions
        if one.level == "city" or (one.name.endswith("区") and cities.get(one.parent) != one.short)
    ]
    assert len(things) > 100
    assert not shared_ids(things, "Organisation")


@pytest.mark.parametrize("organ", ["教育局", "委"])
def test_an_organ_of_the_home_city_is_none_of_a_city_below_it(organ: str) -> None:
    """市教育局 beside 辛集市教育局, in the paper of 石家庄市."""
    pairs = [(above, one) for above, below in families() for one in below if above and one.level == "county"]
    cities = [(above, one) for above, one in pairs if above.name.endswith("市") and one.name.endswith("市")]
    assert len(cities) > 200
    assert not [
        one.name
        for above, one in cities
        if merged("Organisation", [f"市{organ}", one.name + organ], [above.name, *home_of(above)])
    ]


def test_divisions_of_one_family_stay_apart() -> None:
    for above, below in families():
        names = [PLACES.full_name(one) for one in (*([above] if above else []), *below)]
        assert not merged("Place", names), above
        bare = [one.name for one in below]
        assert not merged("Place", bare, [above.name, *home_of(above)] if above else ()), above


def test_divisions_of_one_short_name_stay_apart() -> None:
    """吉林省 and 吉林市, 海南省 and 海南藏族自治州, 长沙市 and 长沙县, all 鼓楼区; whatever 吉林 means."""
    for short, divisions in namesakes().items():
        names = [PLACES.full_name(division) for division in divisions]
        for home in ((), home_of(divisions[0]), home_of(divisions[-1])):
            assert not merged("Place", names, home), short
            assert all(len(set(group) - {short}) < 2 for group in merged("Place", [*names, short], home)), short


def test_provinces_and_cities_stay_apart() -> None:
    """河北 and 湖北, 山西 and 陕西: one character is all that parts them."""
    assert not merged("Place", [PLACES.full_name(one) for one in DIVISIONS if one.level in ("province", "city")])


ORGANS = ("人民政府", "教育局", "人民医院", "第一中学", "人民法院", "公安局", "融媒体中心")


def test_organs_of_one_family_stay_apart() -> None:
    """Of each family one kind of organ, in full or at home: all kinds of all families take two minutes."""
    for number, (above, below) in enumerate(families()):
        family, organ = [*([above] if above else []), *below], ORGANS[number % len(ORGANS)]
        if number % 2 or not above:
            assert not merged("Organisation", [PLACES.full_name(one) + organ for one in family])
        else:
            assert not merged("Organisation", [one.name + organ for one in family], [above.name, *home_of(above)])


def test_intermediate_courts_stay_apart() -> None:
    cities = [one.name for one in DIVISIONS if one.level == "city"]
    assert not merged("Organisation", [f"{name}中级人民法院" for name in cities[:80]])


@cache
def similar_townships() -> list[tuple[list[str], str, str]]:
    """Return (home, name, name) of two townships of a county that the rules could take for one."""
    found = []
    for county, names in townships().items():
        # Of 东莞 and its like, which have no counties, the towns stand under the city.
        place = county if county in PLACES.division_by_code else county[:4]
        home = [above.name for above in PLACES.chain(place)]
        for one, other in combinations(sorted(names, key=lambda name: (len(name), name)), 2):
            is_near = len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) == 1
            is_doubled = any(a == b for name in (one, other) for a, b in pairwise(name))
            if is_ordered_part(one, other) or (is_near and is_doubled):
                found.append((home, one, other))
    return found


@cache
def townships() -> dict[str, set[str]]:
    """Return the towns, townships, streets, numbered farms and regiments of each county, by its code."""
    names: dict[str, set[str]] = defaultdict(set)
    for province in sorted({division.code[:2] for division in DIVISIONS}):
        for code, name in gazetteer._township_names(province).items():
            if name.endswith(gazetteer.TOWNSHIP_WORDS) or re.search("[一二三四五六七八九十](?:农场|团)$", name):
                names[code[:6]].add(name)
    return names


@pytest.mark.parametrize(
    ("type_", "organ"),
    [
        ("Place", ""),
        ("Organisation", "卫生院"),
    ],
)
def test_townships_of_one_county_stay_apart(type_: str, organ: str) -> None:
    pairs = similar_townships()
    assert len(pairs) > 100
    assert not [(one, other) for home, one, other in pairs if merged(type_, [one + organ, other + organ], home)]


def test_townships_of_one_name_have_their_own_ids() -> None:
    """城关镇, 城关乡 …: of the names that many counties have, each means the one at home."""
    counties: dict[str, list[str]] = defaultdict(list)
    for county, names in townships().items():
        if county in PLACES.division_by_code:
            for name in names:
                counties[name].append(county)
    things = [
        (county, name, [above.name for above in PLACES.chain(county)])
        for name, found in counties.items()
        if len(found) > 6 and name.endswith(gazetteer.TOWNSHIP_WORDS)
        for county in found
    ]
    assert len(things) > 500
    assert not shared_ids(things, "Place")


# c: the city, s: its short name, n: the number in Chinese, a: in digits.
NUMBERED = {
    "school": "{c}第{n}中学 {c}第{a}中学 {c}第{n}中学校 {s}第{n}中学 {s}{n}中 市{n}中 {n}中 {a}中 第{n}中学",
    "hospital": "{c}第{n}人民医院 {c}第{a}人民医院 市第{n}人民医院 第{n}人民医院 市{n}医院 市{n}院 {n}院",
    "primary school": "{c}第{n}小学 第{n}小学 {n}小 {c}第{n}实验小学 实验{n}小",
    "court": "{c}第{n}中级人民法院 {c}第{n}中级法院 市{n}中院 {s}{n}中院 {n}中院",
    "attached hospital": "山西医科大学第{n}医院 山西医科大学附属第{n}医院 山西医科大学第{n}附属医院 山医大{n}院",
    "attached school": "山西大学附属第{n}中学 山西大学附属第{n}小学 山大{n}附中 第{n}附属中学",
    "police": "{c}公安局第{n}大队 {c}公安局交警支队第{n}大队 交警支队{n}大队 交警{n}大队",
    "railway": "中铁{n}局集团有限公司 中铁{n}局 中国铁路第{n}工程局 中建{n}局 中国建筑第{n}工程局有限公司",
    "branch": "{c}热力第{n}分公司 {c}第{n}热力公司 热力{n}公司",
}


def forms(kind: str, number: int) -> list[str]:
    return NUMBERED[kind].format(c=CITY, s=CITY[:-1], n=chinese(number), a=number).split()


@pytest.mark.parametrize("home", [(CITY, PROVINCE), ()], ids=["home", "elsewhere"])
@pytest.mark.parametrize(
    "kind",
    list(NUMBERED),
)
def test_numbered_sisters_stay_apart(kind: str, home: tuple[str, ...]) -> None:
    """Each form for itself with all numbers, then all forms with the numbers that are parts of each other."""
    number_of = {name: number for number in NUMBERS for name in forms(kind, number)}
    articles = [*zip(*(forms(kind, number) for number in NUMBERS), strict=True)]
    articles.append(tuple(name for number in SISTERS for name in forms(kind, number)))
    for names in articles:
        for group in merged("Organisation", names, home):
            assert len({number_of[name] for name in group}) == 1, group


def test_numbered_sisters_of_two_cities_stay_apart() -> None:
    """太原五中 and 大同五中: of each number and city one school, in full and in short."""
    schools = {
        name: (city.code, number)
        for city in DIVISIONS
        if city.level == "city" and city.parent == "14"
        for number in SISTERS[:5]
        for name in (f"{city.name}第{chinese(number)}中学", f"{city.short}{chinese(number)}中")
    }
    found = [{schools[mention.text] for mention in one.mentions} for one in read("Organisation", list(schools), ())]
    assert sorted(found, key=sorted) == [{school} for school in sorted(set(schools.values()))]
