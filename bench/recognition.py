"""How fast names are found, and how well: our recognition beside bare HanLP on the same model, jieba and thulac.

    make bench      writes bench/results/recognition.md: one table, one run, two threads

In: the labelled articles (../shared/data/labels, else training/*.jsonl), every so many of them.  Each row runs in a
process of its own, so that its peak memory is its own.  Speed belongs to the machine and the hour, which the file
states; the scores and the ratios are what a change of the code is judged by.
"""

import datetime
import importlib.util
import json
import lzma
import os
import platform
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from kg import labels, resolve, schema, scorer, spans  # noqa: E402
from kg.records import Article, Issue, Mention  # noqa: E402
from kg.text import sentences, windows  # noqa: E402

TARGET = ROOT / "bench" / "results" / "recognition.md"
ARTICLES = 40
SEED = 5
# Threads that wait do not spin: else a program beside the bench slows one row tenfold and spares the next.
THREADS = {"OMP_NUM_THREADS": "2", "MKL_NUM_THREADS": "2", "OMP_WAIT_POLICY": "passive"}
# What the taggers of words call the types of the schema.
TAGS_OF_WORDS = {
    "nr": "Person",
    "np": "Person",
    "ns": "Place",
    "nt": "Organisation",
    "ni": "Organisation",
    "nz": "Programme",
}
Found = list[tuple[Article, list[Mention]]]
Read = Callable[[Iterable[Article]], Found]


def sample() -> list[dict[str, Any]]:
    """Return labelled articles drawn by a fixed seed, the same on every machine that has the same files."""
    files = sorted((ROOT.parent / "shared" / "data" / "labels").glob("*.jsonl.xz"))
    files = files or sorted((ROOT / "training").glob("*.jsonl"))
    rows: list[dict[str, Any]] = []
    for file in files:
        content = lzma.decompress(file.read_bytes()) if file.suffix == ".xz" else file.read_bytes()
        rows += [json.loads(line) for line in content.decode().split("\n") if line]
    return random.Random(SEED).sample(rows, min(ARTICLES, len(rows)))  # noqa: S311  (no secret)


def article(row: dict[str, Any]) -> Article:
    """Return the record of a labelled article."""
    issue = Issue(id="bench", publication=None, date=row["date"], home=(), sources=("bench",), sha256="")
    return Article(
        id=row["id"],
        issue=issue,
        page=1,
        position=1,
        kind="article",
        kicker=None,
        title=None,
        subtitle=None,
        section=None,
        byline=(),
        photographers=(),
        date=row["date"],
        body=labels.full_text(row),
    )


def ours(*, int8: bool | None = None) -> Read:
    """Return our recognition without the rules; ``int8`` None lets the program choose."""
    from kg import tagger
    from kg.ner import DEFAULT_MODEL, Recognizer

    if int8 is not None:
        tagger.gains_from_int8 = lambda: int8
    recognizer = Recognizer(DEFAULT_MODEL, type_by_tag=schema.load().type_by_tag)
    return lambda articles: [(read, list(found)) for read, found, _ in recognizer.recognize(articles)]


def bare_hanlp() -> Read:
    """Return HanLP's own recognizer on the same folder: its batches, fp32, its decoding by the best tag."""
    from hanlp.components.ner.transformer_ner import TransformerNamedEntityRecognizer

    from kg.ner import DEFAULT_MODEL, to_tokens

    component = TransformerNamedEntityRecognizer()
    component.load(str(DEFAULT_MODEL), devices=-1, verbose=False, transformer=str(DEFAULT_MODEL / "encoder"))

    def read(articles: Iterable[Article]) -> Found:
        return [
            (
                one,
                [
                    _mention(one, begin + start, begin + end, tag)
                    for (begin, _), names in zip(cuts, out, strict=True)
                    for _, tag, start, end in names
                ],
            )
            for one in articles
            for cuts in [list(windows(one.text, 160))]
            for out in [component([to_tokens(one.text[begin:end]) for begin, end in cuts], batch_size=16)]
        ]

    return read


def jieba_words() -> Read:
    """Return jieba.posseg, whose words tagged as names count as names."""
    import jieba.posseg

    return _of_words(lambda text: ((word.word, word.flag) for word in jieba.posseg.cut(text)))


def thulac_words() -> Read:
    """Return thulac, likewise."""
    import thulac

    if not hasattr(time, "clock"):
        time.clock = time.perf_counter  # type: ignore[attr-defined]  # thulac was written for an older Python
    tagger = thulac.thulac()
    return _of_words(tagger.cut)


TOOLS: dict[str, Callable[[], Read]] = {
    "newspaper-kg": ours,
    "newspaper-kg, fp32": lambda: ours(int8=False),
    "bare HanLP, same model": bare_hanlp,
    "jieba.posseg": jieba_words,
    "thulac": thulac_words,
}


def _of_words(cut: Callable[[str], Iterable[tuple[str, str]]]) -> Read:
    def read(articles: Iterable[Article]) -> Found:
        return [(one, list(_tagged(one, cut))) for one in articles]

    return read


def _tagged(one: Article, cut: Callable[[str], Iterable[tuple[str, str]]]) -> Iterator[Mention]:
    for begin, end in sentences(one.text):
        position = begin
        for word, tag in cut(one.text[begin:end]):
            start = one.text.find(word, position, end) if word.strip() else -1
            if start >= 0:
                position = start + len(word)
                if tag in TAGS_OF_WORDS:
                    yield _mention(one, start, position, TAGS_OF_WORDS[tag])


def _mention(one: Article, start: int, end: int, type_: str) -> Mention:
    return Mention(article_id=one.id, start=start, end=end, text=one.text[start:end], type=type_)


def measure(tool: str) -> dict[str, Any]:
    """Return characters, seconds, and seconds of rules and merging, memory and score of one tool."""
    read = TOOLS[tool]()
    rows = sample()
    articles = [article(row) for row in rows]
    read(articles[:3])
    begun, cpu = time.perf_counter(), time.process_time()
    found = read(articles)
    model, model_cpu = time.perf_counter() - begun, time.process_time() - cpu
    begun = time.perf_counter()
    if tool.startswith("newspaper-kg"):
        rules = spans.compile_rules(schema.load())
        found = [(one, list(spans.repair(one, mentions, rules))) for one, mentions in found]
    repaired = time.perf_counter() - begun
    pairs = scorer.pairs(rows, [_row(one, mentions) for one, mentions in found])
    merged = _merge(found) if tool.startswith("newspaper-kg") else 0.0
    return {
        "characters": sum(len(one.text) for one in articles),
        "model": model,
        "cpu": model_cpu + repaired,
        "rules": repaired,
        "merging": merged,
        # Linux counts kilobytes, macOS bytes.
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024),
        "f1": scorer.total(scorer.count(pairs, "entity"))[scorer.ALL].f1,
    }


def _merge(found: Found) -> float:
    from kg import gazetteer, lexicon

    places, words = gazetteer.load(), lexicon.load()
    begun = time.perf_counter()
    for one, mentions in found:
        resolve.resolve(one, mentions, places, words)
    return time.perf_counter() - begun


def _row(one: Article, mentions: Iterable[Mention]) -> dict[str, Any]:
    names = sorted({(mention.type, mention.text) for mention in mentions})
    entities = [{"type": type_, "name": name, "surfaces": [name]} for type_, name in names]
    return {"id": one.id, "entities": entities, "relations": []}


def table() -> Iterator[str]:
    """Yield the table in Markdown, a process a row."""
    yield "| | characters a second | characters a second of processor time | F1 of names | peak memory, MB |"
    yield "|---|---|---|---|---|"
    shares = ""
    for tool in TOOLS:
        if tool == "thulac" and importlib.util.find_spec(tool) is None:
            yield f"| {tool} | not installed (pip install {tool}) | | | |"
            continue
        done = subprocess.run(
            [sys.executable, __file__, tool], capture_output=True, text=True, check=True, env=os.environ | THREADS
        )
        out = json.loads(done.stdout.splitlines()[-1])
        seconds = out["model"] + out["rules"]
        yield (
            f"| {tool} | {out['characters'] / seconds:,.0f} | {out['characters'] / out['cpu']:,.0f} "
            f"| {out['f1']:.3f} | {out['memory'] / 2**20:.0f} |"
        )
        if not shares:
            shares = (
                f"Of newspaper-kg's time the rules (kg/spans.py) take {100 * out['rules'] / seconds:.1f} %. "
                f"Merging (kg/resolve.py) is not counted; it would add {100 * out['merging'] / seconds:.1f} %."
            )
    yield ""
    yield shares


def processor() -> str:
    """Return what this machine calls its processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def main() -> None:
    """Write the table, with the machine and the day; with a tool as argument, print its figures as JSON."""
    if sys.argv[1:]:
        print(json.dumps(measure(sys.argv[1])))
        return
    from kg.encoder import gains_from_int8

    load = os.getloadavg()[0]
    lines = [
        "# Finding names: speed, memory and score",
        "",
        (
            f"{datetime.date.today().isoformat()}, {processor()}, {os.cpu_count()} cores, 2 threads, "
            f"{load:.1f} other programs running at the start; int8: {'yes' if gains_from_int8() else 'no'}.  "
            f"{ARTICLES} labelled articles (seed {SEED}).  Figures of another day or machine compare as ratios only."
        ),
        "",
        *table(),
        "",
        (
            "F1 takes every name as it was found, before names of one thing are merged, so an alias counts as wrong "
            "for every tool alike; labelled articles may have trained the model, so that its F1 here says only that a "
            "change of speed left the answers alone."
        ),
    ]
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
