"""Both engines for every test that asks for ``store``, real ones: a folder and a Neo4j server; and the rules."""

import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from functools import cache

import neo4j
import pytest
from hypothesis import settings

from kg import embedded, pipeline, schema
from kg.embedded import Endpoint
from kg.pipeline import Tools
from kg.records import Article, Guess, Mention
from kg.store import Store
from scripts.neo4j import server

# No example fails because the machine is busy with something else.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

ENGINES = ("embedded", pytest.param("neo4j", marks=pytest.mark.neo4j))


@pytest.fixture(scope="session")
def endpoints(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Endpoint]]:
    """Return a function from an engine's name to its endpoint; an engine starts when it is first asked for."""
    with ExitStack() as stack:

        @cache
        def endpoint(engine: str) -> Endpoint:
            if engine == "embedded":
                return stack.enter_context(embedded.serve(tmp_path_factory.mktemp("graph")))
            if uri := os.environ.get("KG_TEST_NEO4J_URI"):
                user = os.environ.get("KG_TEST_NEO4J_USER", "neo4j")
                return Endpoint(uri=uri, user=user, password=os.environ.get("KG_TEST_NEO4J_PASSWORD", ""))
            home = tmp_path_factory.mktemp("neo4j")
            address = stack.enter_context(server.running(home, password=secrets.token_urlsafe(24)))
            return Endpoint(uri=address.uri, user=address.user, password=address.password)

        yield endpoint


@pytest.fixture(params=ENGINES)
def endpoint(request: pytest.FixtureRequest, endpoints: Callable[[str], Endpoint]) -> Endpoint:
    """The endpoint of one engine, not emptied."""
    try:
        return endpoints(request.param)
    except server.UnavailableError as error:
        if os.environ.get("KG_REQUIRE_NEO4J") == "1":
            raise
        pytest.skip(str(error))


@pytest.fixture
def store(endpoint: Endpoint) -> Iterator[Store]:
    """A prepared and empty graph on one engine, then on the other."""
    with Store.connect(endpoint.uri, user=endpoint.user, password=endpoint.password) as store:
        # Past the store, which offers no such thing and may be what is broken.
        with neo4j.GraphDatabase.driver(endpoint.uri, auth=(endpoint.user, endpoint.password)) as driver:
            driver.execute_query("MATCH (n) DETACH DELETE n")
        store.prepare()
        yield store


def _recognize(articles: Iterable[Article]) -> Iterator[tuple[Article, tuple[Mention, ...], Guess]]:
    """Find two names wherever they stand, without a network."""
    for article in articles:
        text = article.text
        yield (
            article,
            tuple(
                Mention(article_id=article.id, start=start, end=start + len(name), text=name, type=type_)
                for name, type_ in (("太原市教育局", "Organisation"), ("王明", "Person"))
                if (start := text.find(name)) >= 0
            ),
            lambda _: None,
        )


@pytest.fixture(scope="session")
def tools() -> Tools:
    """The shipped rules, with a plain function in the model's place."""
    return pipeline.tools("two-names", _recognize, schema.load())
