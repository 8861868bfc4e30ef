"""A small graph for tests of decisions: the shipped rules, names given by hand, issues of an article or two."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from kg import ingest as kg_ingest
from kg import ledger, pipeline, reconcile
from kg.classifier import Blend
from kg.errors import InputError
from kg.ledger import Decisions
from kg.pipeline import Tools
from kg.records import Article, Decision, Guess, Hint, IssueText, Mention, ReadyArticle
from kg.store import Store
from tests.naming import mentions_of
from tests.records import issue

NAMES = (
    ("Organisation", "恒川重型机械集团有限公司"),
    ("Organisation", "恒重集团"),
    ("Organisation", "太原市教育局"),
    ("Organisation", "市教育局"),
    ("Person", "王明"),
    ("Place", "太原市"),
)
FULL, SHORT = "Organisation:恒川重型机械集团有限公司", "Organisation:恒重集团"
BUREAU, WANG = "Organisation:太原市教育局", "Person:王明"
TEXTS = {
    "a": ["恒重集团与太原市教育局签约，太原市教育局局长王明出席。"],
    "b": ["恒川重型机械集团有限公司（以下简称“恒重集团”）开工。恒重集团与太原市教育局合作。"],
    "c": ["市教育局局长王明到恒重集团调研。", "王明说，太原市变化大。"],
    "d": ["恒川重型机械集团有限公司发布年报。"],
}


def finding(tools: Tools, *names: tuple[str, str]) -> Tools:
    """Return the tools with a recogniser that finds (type, name) pairs wherever they stand, and has no network."""

    def recognize(articles: Iterable[Article]) -> Iterator[tuple[Article, tuple[Mention, ...], Guess]]:
        return ((article, mentions_of(article, *names), lambda _: None) for article in articles)

    return replace(tools, recognize=recognize)


def hinting(tools: Tools, score: float) -> Tools:
    """Return the tools with a network that takes neighbours for partners; on partners nothing but hints decides."""

    def guess(mentions: Sequence[Mention]) -> tuple[Hint, ...]:
        starts = (mention.start for mention in mentions)
        return tuple(Hint(type="PARTNERED_WITH", head=head, tail=tail, score=score) for head, tail in pairwise(starts))

    def recognize(articles: Iterable[Article]) -> Iterator[tuple[Article, tuple[Mention, ...], Guess]]:
        return ((article, mentions, guess) for article, mentions, _ in tools.recognize(articles))

    blend = Blend(hint=1.0, signs=0.0, unseen=0.0, stated=0.0, bias=0.0)
    weights = replace(tools.relation_weights, blends={"PARTNERED_WITH": blend})
    return replace(tools, recognize=recognize, relation_weights=weights)


class World:
    """A graph with the tools and the ledger that it is made with."""

    def __init__(self, store: Store, tools: Tools) -> None:
        self.store = store
        self.tools = tools
        self.made: list[Decision] = []

    def ingest(self, id_: str, *texts: str, home: str = "太原市") -> None:
        of = replace(issue(sources=(f"/{id_}.jsonl",), sha256=repr(texts), home=(home, "山西省")), id=id_)
        ready = [
            ReadyArticle(issue=of, position=n, id=f"{id_}{n}", title=None, text=text, date="2025-01-01")
            for n, text in enumerate(texts or TEXTS[id_], 1)
        ]
        faults: list[InputError] = []
        kg_ingest.ingest(IssueText(issue=of, ready=tuple(ready)), self.tools, self.store, faults.append)
        assert faults == []

    def withdraw(self, id_: str) -> bool:
        return kg_ingest.withdraw(id_, self.store, self.tools.decisions, self.tools.gazetteer)

    def decide(self, action: str, entity: str, other: str = "") -> None:
        self.made.append(Decision(when="", who="", action=action, entity=entity, other=other, why=""))
        self.settle(ledger.settle(self.made, "decisions.csv"))

    def settle(self, decisions: Decisions) -> None:
        self.tools = replace(self.tools, decisions=decisions)
        self.store.change(
            lambda change: reconcile.replay(
                change,
                decisions,
                where="decisions.csv",
                gazetteer=self.tools.gazetteer,
                reread=lambda reading, _: pipeline.reread(reading, self.tools),
            )
        )

    def entities(self, type_: str = "Organisation") -> dict[object, object]:
        rows = self.store.query(f"MATCH (e:{type_}) RETURN e.id, e.articles ORDER BY e.id").rows
        return dict(rows)  # type: ignore[arg-type] # rows are objects

    def names(self, id_: str) -> set[object]:
        query = "MATCH (a:Alias)-[:NAMES]->(e:Entity {id: $id}) RETURN a.name"
        return {name for (name,) in self.store.query(query, {"id": id_}).rows}

    def name(self, id_: str) -> object:
        ((name,),) = self.store.query("MATCH (e:Entity {id: $id}) RETURN e.name", {"id": id_}).rows
        return name
