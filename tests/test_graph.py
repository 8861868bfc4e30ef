"""Readings to rows: every edge's ends are nodes, shared things appear once, evidence is kept."""

from kg import graph
from kg.records import EdgeRow, Entity, Graph, Reading
from tests.records import article, entity, issue, relation


def no_ancestors(_: Entity) -> tuple[Entity, ...]:
    return ()


def reading() -> Reading:
    text = article(
        "团市委主办活动，市教育局局长王明出席。团市委书记李平讲话。",
        title="团市委办活动",
        byline=("赵静",),
        photographers=("孙光",),
    )
    league = entity(text, "Organisation", "共青团太原市委员会", "团市委")
    wang = entity(text, "Person", "王明")
    writer = entity(text, "Person", "赵静")
    photographer = entity(text, "Person", "孙光")
    bureau = entity(text, "Organisation", "太原市教育局", "市教育局")
    return Reading(
        article=text,
        entities=(league, wang, writer, photographer, bureau),
        relations=(relation(text, "HOLDS_POSITION", wang, bureau, title="局长"),),
    )


def rows(*readings: Reading, ancestors: graph.Ancestors = no_ancestors) -> Graph:
    articles = [reading.article for reading in readings]
    documents = graph.document_rows(issue(), articles, recognizer="news-1", ingested_at="2025-11-16T08:00:00+00:00")
    entities = graph.entity_rows(readings, ancestors=ancestors, names={})
    return Graph(nodes=(*documents.nodes, *entities.nodes), edges=(*documents.edges, *entities.edges))


def edges(of: Graph, type_: str) -> list[EdgeRow]:
    return [edge for edge in of.edges if edge.type == type_]


def test_rows_gives_every_edge_its_ends() -> None:
    made = rows(reading())
    known = {(node.labels[0], node.id) for node in made.nodes}
    assert all(edge.source in known and edge.target in known for edge in made.edges)


def test_rows_writes_shared_things_once() -> None:
    assert rows(reading(), reading()) == rows(reading())


def test_rows_counts_mentions_and_keeps_their_offsets() -> None:
    league = next(edge for edge in edges(rows(reading()), "MENTIONS") if "团市委" in edge.properties["surfaces"])  # type: ignore[operator]
    assert league.properties["count"] == 3
    assert league.properties["offsets"] == (0, 7, 26)
    assert league.properties["in_title"] is True
    bureau = next(edge for edge in edges(rows(reading()), "MENTIONS") if "市教育局" in edge.properties["surfaces"])  # type: ignore[operator]
    assert bureau.properties["in_title"] is False


def test_rows_links_people_of_the_byline() -> None:
    made = rows(reading())
    assert [edge.source for edge in edges(made, "WROTE")] == [("Entity", "Person:赵静")]
    assert [edge.source for edge in edges(made, "PHOTOGRAPHED")] == [("Entity", "Person:孙光")]
    assert not [edge for edge in edges(made, "MENTIONS") if edge.target == ("Entity", "Person:赵静")]


def test_rows_keeps_the_sentence_of_a_relation() -> None:
    (edge,) = edges(rows(reading()), "HOLDS_POSITION")
    assert edge.key == {"article_id": "a1", "start": 0}
    assert edge.properties["title"] == "局长"
    assert edge.properties["date"] == "2025-11-14"
    assert "王明" in str(edge.properties["sentence"])


def test_rows_gives_aliases_for_every_surface_and_the_name() -> None:
    names = {
        edge.source[1] for edge in edges(rows(reading()), "NAMES") if edge.target[1].endswith("共青团太原市委员会")
    }
    assert names == {"团市委", "共青团太原市委员会"}


def test_rows_adds_the_places_that_contain_a_place() -> None:
    text = article("小店区举行活动。")
    district = entity(text, "Place", "小店区")
    city = Entity(id="Place:太原市", type="Place", name="太原市", aliases=(), mentions=())
    province = Entity(id="Place:山西省", type="Place", name="山西省", aliases=(), mentions=())

    def ancestors(place: Entity) -> tuple[Entity, ...]:
        return (city, province) if place == district else ()

    made = rows(Reading(article=text, entities=(district,), relations=()), ancestors=ancestors)
    chain = [(edge.source[1], edge.target[1], dict(edge.key)) for edge in edges(made, "PART_OF")]
    assert chain == [
        ("Place:小店区", "Place:太原市", {"source": "gazetteer"}),
        ("Place:太原市", "Place:山西省", {"source": "gazetteer"}),
    ]
