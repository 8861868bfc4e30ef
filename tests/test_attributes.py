"""What sentences say of a statement besides its ends, read from marked sentences with the shipped schema."""

import pytest

from kg import classifier, relations, schema
from kg.attributes import told_day
from kg.classifier import Weights
from tests.test_relations import parse

RULES = relations.compile_rules(schema.load())


def attributes(marked: str, type_: str) -> dict[str, dict[str, str]]:
    """Return the attributes of each relation of ``type_`` by its ends."""
    made, entities = parse(marked)
    return {
        f"{relation.head_id.partition(':')[2]}>{relation.tail_id.partition(':')[2]}": dict(relation.attributes)
        for relation in relations.extract(made, entities, RULES)
        if relation.type == type_
    }


@pytest.mark.parametrize(
    ("marked", "title", "status"),
    [
        ("【O市财政局】党组书记、局长【P高远】说。", "党组书记、局长", None),
        ("【O市财政局】原局长【P高远】说。", "原局长", "former"),
        ("原【O大同市文物局】局长【P高远】说。", "局长", "former"),
        ("原【O大同矿机】总经理【P高远】到任。", "总经理", "former"),
        ("前【O大同矿机】总经理【P高远】到任。", "总经理", "former"),
        ("【O太原市图书馆】前馆长【P高远】说。", "前馆长", "former"),
        ("開幕前【O市財政局】局長【P高遠】致辭。", "局长", None),
        ("太原【O市财政局】局长【P高远】说。", "局长", None),
        ("【O市财政局】原党组书记、局长【P高远】说。", "原党组书记、局长", "former"),
        ("【O市财政局】前任局长【P高远】说。", "前任局长", "former"),
        ("【O市足球队】前锋【P高远】进球。", "前锋", None),
        ("时任【O市财政局】局长【P高远】到场。", "局长", "former"),
        ("时任【O市财政局】局长的【P高远】到场。", "局长", "former"),
        ("【P高远】曾任【O市财政局】局长。", "局长", "former"),
        ("【P高远】请求辞去【O市财政局】局长职务。", "局长", "former"),
        ("【O太钢】退休钳工【P高远】来了。", "退休钳工", "former"),
        ("【P高远】现任【O市财政局】局长。", "局长", None),
        ("【P高远】将出任【O市财政局】局长。", "局长", "planned"),
        ("【P高远】任科长，拟任【O市财政局】局长。", "局长", "planned"),
        ("原来，【O市财政局】局长【P高远】早已到场。", "局长", None),
    ],
)
def test_post_is_held_was_held_or_is_to_be(marked: str, title: str, status: str | None) -> None:
    (read,) = attributes(marked, "HOLDS_POSITION").values()
    assert (read["title"], read.get("status")) == (title, status)


def test_a_former_post_touches_no_other() -> None:
    read = attributes(
        "【O一局】原局长【P高远】、【O二局】局长【P田禾】、时任【O三局】局长【P王明】出席。", "HOLDS_POSITION"
    )
    assert {ends: said.get("status") for ends, said in read.items()} == {
        "高远>一局": "former",
        "田禾>二局": None,
        "王明>三局": "former",
    }


@pytest.mark.parametrize(
    ("marked", "type_", "expected"),
    [
        ("【G花节】由【O市文联】承办。", "ORGANISED", {"role": "承办"}),
        (
            "【O市文联】将于5月6日举办【G花节】。",
            "ORGANISED",
            {"role": "举办", "status": "planned", "day": "2025-05-06"},
        ),
        ("【O市文联】将奖品送到【G花展】。【O市文联】开展【G花展】。", "ORGANISED", {"role": "开展"}),
        ("【O市文联】没有举办【G花节】。", "ORGANISED", None),
        ("【G花节】将在【L汾河公园】举行。", "LOCATED_IN", {"status": "planned"}),
        ("【O天马公司】拟收购【O地龙公司】。", "OWNS", {"status": "planned"}),
        ("【O天马公司】终止收购【O地龙公司】。", "OWNS", None),
        ("【O天马公司】收购【O地龙公司】一事告吹。", "OWNS", None),
        ("【O天马公司】以3.2亿元受让【O地龙公司】39.782%股权。", "OWNS", {"stake": "39.782%", "amount": "3.2亿元"}),
        ("5月4日，【P高远】出席【G花节】。", "PARTICIPATED_IN", {"day": "2025-05-04"}),
        ("【P高远】谢绝出席【G花节】。", "PARTICIPATED_IN", None),
    ],
)
def test_statement_keeps_what_its_sentence_says(marked: str, type_: str, expected: dict[str, str] | None) -> None:
    made, entities = parse(marked, date="2025-06-01")
    found = [dict(found.attributes) for found in relations.extract(made, entities, RULES) if found.type == type_]
    assert found[:1] == ([] if expected is None else [expected])


def test_each_company_has_its_own_stake() -> None:
    read = attributes("【O天马公司】收购【O地龙公司】100%股权、【O飞虎公司】60%股权。", "OWNS")
    assert read["天马公司>地龙公司"] == {"stake": "100%"}
    of_two = attributes("【O天马公司】持有【O地龙公司】股权，占20%、30%不等。", "OWNS")
    assert "stake" not in of_two["天马公司>地龙公司"]


def test_what_is_said_in_passing_is_not_planned() -> None:
    read = attributes("【O天马公司】拟收购【O地龙公司】旗下【O飞虎公司】。", "PART_OF")
    assert read == {"飞虎公司>地龙公司": {}}
    places = attributes("【G花节】将在【L太原】【L晋源区】举行。", "LOCATED_IN")
    assert places == {"晋源区>太原": {}, "花节>晋源区": {"status": "planned"}}


def test_a_learned_edge_has_a_status_too() -> None:
    weights = Weights(
        entities=tuple(RULES.schema.entities), bias={"PARTICIPATED_IN": 3.0}, by_type={"PARTICIPATED_IN": {}}
    )

    def learned(marked: str) -> list[dict[str, str]]:
        made, entities = parse(marked)
        return [dict(found.attributes) for found in classifier.judge(made, entities, [], RULES, weights)]

    assert learned("【P高远】来到【G花节】。") == [{}]
    assert learned("【P高远】即将来到【G花节】。") == [{"status": "planned"}]
    assert learned("【P高远】没有来到【G花节】。") == []


@pytest.mark.parametrize(
    ("marked", "type_", "expected"),
    [
        ("【O市财政局】的副局长【P高远】来了。", "HOLDS_POSITION", {"高远>市财政局": "副局长"}),
        (
            "【P高远】从【O太重】转到【O市财政局】副局长，【P王明】来了。",
            "HOLDS_POSITION",
            {"高远>市财政局": "副局长", "高远>太重": ""},
        ),
        ("【O市财政局】来了【P高远】。", "HOLDS_POSITION", {"高远>市财政局": ""}),
        ("【O太重】、【O市财政局】主办【G花节】。", "ORGANISED", {"太重>花节": "主办", "市财政局>花节": "主办"}),
        ("【O太重】主办【G花节】，【O市财政局】承办。", "ORGANISED", {"太重>花节": "主办", "市财政局>花节": "承办"}),
    ],
)
def test_a_learned_edge_has_its_title_or_role(marked: str, type_: str, expected: dict[str, str]) -> None:
    weights = Weights(entities=tuple(RULES.schema.entities), bias={type_: 3.0}, by_type={type_: {}})
    made, entities = parse(marked)
    read = {
        f"{found.head_id.partition(':')[2]}>{found.tail_id.partition(':')[2]}": found.attributes
        for found in classifier.judge(made, entities, [], RULES, weights)
    }
    assert {ends: read[ends].get("title", read[ends].get("role", "")) for ends in expected} == expected


@pytest.mark.parametrize(
    ("text", "issued", "day"),
    [
        ("8月21日", "2025-08-22", "2025-08-21"),
        ("12月30日", "2025-01-02", "2024-12-30"),
        ("7月1日", "2025-01-02", "2025-07-01"),
        ("2019年3月4日", None, "2019-03-04"),
        ("3月4日开工，5月6日完工", "2025-08-22", "2025-05-06"),
        ("3月4日", None, None),
        ("2月30日", "2025-08-22", None),
        ("1979年2月3日出生", "2025-08-22", None),
        ("昨日", "2025-08-22", "2025-08-21"),
        ("昨日", "2025-01-01", "2024-12-31"),
        ("今天上午", "2025-08-22", "2025-08-22"),
        ("8月21日签约，明日开工", "2025-08-22", "2025-08-23"),
        ("昨日", None, None),
        ("今天的太原", "2025-08-22", None),
        ("明日之星", "2025-08-22", None),
        ("记者昨日从市文旅局获悉", "2025-08-22", None),
        ("近日", "2025-08-22", None),
    ],
)
def test_told_day(text: str, issued: str | None, day: str | None) -> None:
    assert told_day(text, issued) == day
