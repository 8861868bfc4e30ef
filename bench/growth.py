"""What one more issue costs as the graph grows (kg/reconcile.py): time and memory, on either engine.

    python bench/growth.py DAYS [COUNT]             COUNT issues into a graph in a folder; prints a table
    python bench/growth.py DAYS [COUNT] --uri URI   the same into a database that answers Bolt; it has to be empty

In: DAYS is a folder of JSON lines, a file an issue, named after its date (20240131.jsonl): each line an article with
id, title, body and mentions ([start, end, type] into headline, line break, body), so that no model runs.  Out: a line
for each TENTH of the issues: entities and articles of the graph, seconds an issue (median), seconds of processor time
an article, of this process and of the engine's, and the most memory that each of them has held so far.  Processor time
is what to compare where other programs run beside.
"""

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from kg import embedded, ingest, ledger, pipeline, schema
from kg.errors import KGError
from kg.pipeline import Tools
from kg.records import Article, Guess, Issue, IssueText, Mention, ReadyArticle
from kg.store import Store

TENTH = 10
URI = "--uri"


def tools(mentions: dict[str, tuple[Mention, ...]]) -> Tools:
    """Return what the stages need; names are looked up in ``mentions`` by the article's id."""

    def recognize(articles: Iterable[Article]) -> Iterator[tuple[Article, tuple[Mention, ...], Guess]]:
        for article in articles:
            yield article, mentions[article.id], lambda _: None

    decisions = ledger.settle([], "growth", shipped=ledger.defaults())
    return replace(pipeline.tools("prepared", recognize, schema.load()), decisions=decisions)


def read(file: Path) -> tuple[IssueText, dict[str, tuple[Mention, ...]]]:
    """Return an issue and the names in its articles."""
    date = f"{file.stem[:4]}-{file.stem[4:6]}-{file.stem[6:8]}"
    issue = Issue(id=date, publication="growth", date=date, home=(), sources=(str(file),), sha256=file.stem)
    ready, names = [], {}
    for position, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        row = json.loads(line)
        article = ReadyArticle(
            issue=issue, position=position, id=row["id"], title=row["title"], text=row["body"], date=None
        )
        ready.append(article)
        text = f"{row['title']}\n{row['body']}" if row["title"] else row["body"]
        names[row["id"]] = tuple(
            Mention(article_id=row["id"], start=start, end=end, text=text[start:end], type=type_)
            for start, end, type_ in row["mentions"]
        )
    return IssueText(issue=issue, ready=tuple(ready)), names


def peak(process: str) -> float:
    """Return the most memory that a process (its number, or self) has held, in MB; 0 where the system does not say."""
    status = Path("/proc") / process / "status"
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


def processor_time(process: str) -> float:
    """Return the seconds of processor time that a process has taken; 0 where the system does not say."""
    stat = Path("/proc") / process / "stat"
    if not stat.exists():
        return 0.0
    user, system = stat.read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def engine_of(folder: Path) -> str:
    """Return the number of the process that serves ``folder``."""
    for entry in Path("/proc").glob("[0-9]*"):
        command = (entry / "cmdline").read_bytes() if (entry / "cmdline").exists() else b""
        if str(folder).encode() in command and entry.name != str(Path("/proc/self").resolve().name):
            return entry.name
    return "none"


def measure(files: list[Path], store: Store, engine: str) -> Iterator[str]:
    """Yield the table."""

    def stop(error: KGError) -> None:
        raise error

    names: dict[str, tuple[Mention, ...]] = {}
    with_names = tools(names)
    yield "| issues | articles | entities | seconds an issue | this, s an article | engine | this, MB | engine |"
    yield f"|{'---|' * 8}"
    count = articles = 0
    for start in range(0, len(files), max(1, len(files) // TENTH)):
        taken, fresh = [], 0
        before = processor_time("self"), processor_time(engine)
        for file in files[start : start + max(1, len(files) // TENTH)]:
            issue_text, found = read(file)
            names.clear()
            names.update(found)
            begun = time.perf_counter()
            ingest.ingest(issue_text, with_names, store, stop)
            taken.append(time.perf_counter() - begun)
            count, fresh = count + 1, fresh + len(issue_text.ready)
        articles += fresh
        own, engines = processor_time("self") - before[0], processor_time(engine) - before[1]
        entities = store.query("MATCH (e:Entity) RETURN count(e)").rows[0][0]
        yield (
            f"| {count} | {articles} | {entities} | {statistics.median(taken):.2f} "
            f"| {own / max(1, fresh):.4f} | {engines / max(1, fresh):.4f} | {peak('self'):.0f} | {peak(engine):.0f} |"
        )


def main() -> None:
    """Print the table line by line."""
    given = [argument for argument in sys.argv[1:] if argument != URI]
    uri = given.pop() if URI in sys.argv else None
    files = sorted(Path(given[0]).glob("*.jsonl"))[: int(given[1]) if len(given) > 1 else None]
    with ExitStack() as stack:
        if uri:
            store, engine = stack.enter_context(Store.connect(uri, user="neo4j", password="")), "none"
        else:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "graph"
            endpoint = stack.enter_context(embedded.serve(folder))
            store = stack.enter_context(Store.connect(endpoint.uri, user=endpoint.user, password=endpoint.password))
            engine = engine_of(folder)
        store.prepare()
        for line in measure(files, store, engine):
            print(line, flush=True)


if __name__ == "__main__":
    main()
