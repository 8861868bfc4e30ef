"""How well the names of one thing come together (kg/resolve.py) where the names are given: B-cubed, each rule, speed.

    make bench                                     writes bench/results/resolution.md
    python bench/resolution.py LABELS...           the same, with more labelled articles (JSON lines, also .xz)
    python bench/resolution.py --errors LABELS...  prints every wrong and every missed merge, one a line

In: training/*.jsonl, tests/gold and LABELS; an article that an earlier file has is left out.  Every other article (by
the hash of its id) is held out: --errors does not show it, nor those of tests/gold, so that a rule made after reading
the list is measured on articles that its author has not read.
"""

import datetime
import json
import os
import re
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from recognition import processor
from rules import articles

from kg import clusters, gazetteer, jsonlines, labels, lessons, lexicon, resolve, rows, scorer
from kg.names import is_ordered_part, key
from kg.records import Article, Entity, Mention, Reading
from kg.scorer import CLUSTER
from kg.shortening import MERGES

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "bench" / "results" / "resolution.md"
HELD_OUT = 0.5
MENTIONS = 100_000
BAR_SECONDS = 10
ERRORS, SPEED = "--errors", "--speed"
AS_PRINTED = "as printed"
LEVEL_WORD = re.compile(r"^(?:[我全本该]|团)?(?:省|自治区|市|县|区|旗|州|盟|镇|乡|街道|村|社区)")

Kind = Callable[[str, str], bool]
# What a missed merge looks like; the first that fits counts.
KINDS: Mapping[str, Kind] = {
    "names its level (市教育局, 全省)": lambda short, _: bool(LEVEL_WORD.match(short)),
    "beginning of the fuller name": lambda short, full: full.startswith(short),
    "end of the fuller name": lambda short, full: full.endswith(short),
    "middle of the fuller name": lambda short, full: short in full,
    "its characters in order": is_ordered_part,
    "half of its characters": lambda short, full: len(set(short) & set(full)) * 2 >= len(set(short)),
    "other characters": lambda *_: True,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """The articles of one file, each with its labels and the names given to the program."""

    name: str
    is_gold: bool
    articles: tuple[tuple[labels.Row, Article, tuple[Mention, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """A name and the fullest name of its thing; ``rule`` put them together, or ``kind`` says what was missed."""

    type: str
    name: str
    fuller: str
    rule: str
    kind: str
    is_right: bool
    article: str


def read(files: Iterable[Path]) -> Iterator[Labelled]:
    """Yield the files with their articles; gold names are mentions wherever they stand (kg.labels.project)."""
    seen: set[str] = set()
    for file in files:
        # By their text: the sample pages' articles are numbered like somebody's training articles.
        gold = {str(row["id"]): row for row in jsonlines.read_lines(file) if labels.full_text(row) not in seen}
        seen |= {labels.full_text(row) for row in gold.values()}
        if gold:
            found = tuple((gold[one.id], one, mentions(one, gold[one.id])) for one in articles(list(gold.values())))
            yield Labelled(name=file.name, is_gold=file.parent.name == "gold", articles=found)


def mentions(article: Article, row: labels.Row) -> tuple[Mention, ...]:
    """Return the names of the labels where they stand."""
    return tuple(
        Mention(article_id=article.id, start=start, end=end, text=article.text[start:end], type=type_)
        for start, end, type_ in labels.project(article.text, row["entities"])
    )


Resolved = Sequence[tuple[labels.Row, Sequence[Entity], labels.Row]]


def resolved(of: Labelled) -> Resolved:
    """Return labels, entities and what ``kg extract`` would print of each article."""
    places, words = gazetteer.load(), lexicon.load()
    done = []
    for row, article, given in of.articles:
        entities = tuple(resolve.resolve(article, given, places, words))
        done.append((row, entities, rows.reading_row(Reading(article=article, entities=entities, relations=()))))
    return done


def is_held_out(row: labels.Row) -> bool:
    """Tell whether nobody reads the errors of this article."""
    return lessons.is_held_out(str(row["id"]), HELD_OUT)


def merges(row: labels.Row, entities: Sequence[Entity]) -> Iterator[Merge]:
    """Yield what was merged in an article, right or wrong, and what gold has together that was left apart."""
    truths = {(truth["type"], surface): truth["name"] for truth in row["entities"] for surface in truth["surfaces"]}
    # 全省 may be of two entities, of two provinces in turn.
    often = Counter((entity.type, alias.text) for entity in entities for alias in entity.aliases)
    parts: dict[tuple[str, str], list[str]] = {}
    for entity in entities:
        rules = {alias.text: alias.rule for alias in entity.aliases}
        names = [name for name in rules if (entity.type, name) in truths and often[entity.type, name] == 1]
        fullest, *others = sorted(names, key=_fullness) or [""]
        for name in others:
            rule = next((rules[one] for one in (name, fullest) if rules[one] != AS_PRINTED), AS_PRINTED)
            is_right = truths[entity.type, name] == truths[entity.type, fullest]
            yield _merge(row, entity.type, name, fullest, rule=rule, is_right=is_right)
        best = {truths[entity.type, name]: name for name in sorted(names, key=_fullness, reverse=True)}
        for truth, name in best.items():
            parts.setdefault((entity.type, truth), []).append(name)
    for (type_, _), names in parts.items():
        fullest, *others = sorted(names, key=_fullness)
        for name in others:
            kind = next(kind for kind, fits in KINDS.items() if fits(key(name), key(fullest)))
            yield _merge(row, type_, name, fullest, kind=kind, is_right=False)


def _fullness(name: str) -> tuple[int, str]:
    """Return what names are sorted by, the fullest first."""
    return -len(name), name


def _merge(
    row: labels.Row, type_: str, name: str, fuller: str, *, rule: str = "", kind: str = "", is_right: bool
) -> Merge:
    return Merge(type=type_, name=name, fuller=fuller, rule=rule, kind=kind, is_right=is_right, article=str(row["id"]))


def scores(read_files: Mapping[str, Resolved]) -> Iterator[str]:
    """Yield the table of scores by file and type."""
    yield "| articles | type | names | precision | recall | F1 | F1, held out | pairs right | pairs found |"
    yield f"|{'---|' * 9}"
    for file, found in read_files.items():
        whole = _counts((row, printed) for row, _, printed in found)
        held_out = _counts((row, printed) for row, _, printed in found if is_held_out(row))
        right, wrong, missed = _pairs((row, printed) for row, _, printed in found)
        for type_, prf in whole.items():
            guessed, true = right[type_] + wrong[type_], right[type_] + missed[type_]
            yield (
                f"| {file} | {type_} | {prf.gold} | {prf.precision:.4f} | {prf.recall:.4f} | {prf.f1:.4f} "
                f"| {held_out.get(type_, scorer.PRF()).f1:.4f} "
                f"| {right[type_]} of {guessed} | {right[type_]} of {true} |"
            )


def _counts(pairs: Iterable[tuple[labels.Row, labels.Row]]) -> dict[str, scorer.PRF]:
    return scorer.total(scorer.count(pairs, CLUSTER))


def _pairs(pairs: Iterable[tuple[labels.Row, labels.Row]]) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Count by type the pairs of names that are rightly together, wrongly together, wrongly apart."""
    counts: tuple[Counter[str], Counter[str], Counter[str]] = (Counter(), Counter(), Counter())
    for gold, predicted in pairs:
        verdict = clusters.pairs(gold, predicted)
        for count, items in zip(
            counts, ([one for one, _ in verdict.right], verdict.wrong, verdict.missed), strict=True
        ):
            for item in items:
                count.update([item["type"], scorer.ALL])
    return counts


def rules_table(found: Sequence[Merge]) -> Iterator[str]:
    """Yield the table of rules and, below it, of missed merges."""
    made = Counter(merge.rule for merge in found if merge.rule)
    right = Counter(merge.rule for merge in found if merge.is_right)
    idle = {check.__name__.replace("_", " ") for checks in MERGES.values() for check in checks} - made.keys()
    yield "| rule | merges | right | wrong |"
    yield "|---|---|---|---|"
    for rule, count in [*made.most_common(), *((rule, 0) for rule in sorted(idle))]:
        yield f"| {rule} | {count} | {right[rule]} | {count - right[rule]} |"
    yield f"| all | {made.total()} | {right.total()} | {made.total() - right.total()} |"
    yield ""
    missed = Counter(merge.kind for merge in found if merge.kind)
    yield "| missed: the shorter name is | merges |"
    yield "|---|---|"
    for kind in KINDS:
        yield f"| {kind} | {missed[kind]} |"
    yield f"| all | {missed.total()} |"


def errors(files: Iterable[tuple[Labelled, Resolved]]) -> Iterator[str]:
    """Yield what was merged wrongly or missed, of articles that may be read, the most frequent rule first."""
    found = [
        merge
        for labelled, done in files
        if not labelled.is_gold
        for row, entities, _ in done
        if not is_held_out(row)
        for merge in merges(row, entities)
        if not merge.is_right
    ]
    often = Counter(merge.rule or merge.kind for merge in found)
    for merge in sorted(
        found, key=lambda merge: (not merge.rule, -often[merge.rule or merge.kind], merge.rule, merge.kind)
    ):
        told = f"wrong\t{merge.rule}" if merge.rule else f"missed\t{merge.kind}"
        yield f"{told}\t{merge.type}\t{merge.name}\t{merge.fuller}\t{merge.article}"


def measure(files: Iterable[Path]) -> dict[str, float]:
    """Return seconds of processor time for MENTIONS names, and for jieba on the same text; and memory in bytes."""
    given = [(article, found) for labelled in read(files) for _, article, found in labelled.articles]
    places, words = gazetteer.load(), lexicon.load()
    work: list[tuple[Article, tuple[Mention, ...]]] = []
    names = 0
    for article, found in cycle(given):
        work.append((article, found))
        names += len(found)
        if names >= MENTIONS:
            break
    at_start = _peak()
    begun = time.process_time()
    for article, found in work[: len(work) // 2]:
        resolve.resolve(article, found, places, words)
    at_half = _peak()
    for article, found in work[len(work) // 2 :]:
        resolve.resolve(article, found, places, words)
    resolving = time.process_time() - begun
    at_end = _peak()
    import jieba

    jieba.initialize()
    begun = time.process_time()
    for article, _ in work:
        jieba.lcut(article.text)
    return {
        "names": names,
        "articles": len(work),
        "distinct": len(given),
        "resolving": resolving,
        "cutting": time.process_time() - begun,
        "start": at_start,
        "half": at_half,
        "end": at_end,
    }


def _peak() -> int:
    # Linux counts kilobytes, macOS bytes.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def speed(files: Sequence[Path]) -> Iterator[str]:
    """Yield what a process of its own, on one core, needs for MENTIONS names."""
    done = subprocess.run(
        [sys.executable, __file__, SPEED, *map(str, files)], capture_output=True, text=True, check=True
    )
    out = json.loads(done.stdout.splitlines()[-1])
    share = out["resolving"] / out["cutting"]
    yield (
        f"{out['names']:,} names of {out['articles']:,} articles ({out['distinct']:,} distinct ones, over and over) "
        f"take {out['resolving']:.1f} s of one core (the bar: {BAR_SECONDS} s for {MENTIONS:,}), "
        f"{out['names'] / out['resolving']:,.0f} names a second.  jieba needs {out['cutting']:.1f} s to cut the same "
        f"text into words; resolving its names takes {share:.2f} times as long."
    )
    yield ""
    start, half, end = (out[point] / 2**20 for point in ("start", "half", "end"))
    yield f"Peak memory: {start:.0f} MB before, {half:.0f} MB after half of them, {end:.0f} MB at the end."


def main() -> None:
    """Write the tables; or list the errors."""
    option = sys.argv[1] if sys.argv[1:2] in ([ERRORS], [SPEED]) else None
    given = [Path(argument) for argument in sys.argv[2 if option else 1 :]]
    if option == SPEED:
        print(json.dumps(measure(given)))
        return
    files = [
        *sorted((ROOT / "training").glob("*.jsonl")),
        *sorted((ROOT / "tests" / "gold").glob("*.gold.jsonl")),
        *given,
    ]
    found = [(labelled, resolved(labelled)) for labelled in read(files)]
    if option == ERRORS:
        print("\n".join(errors(found)))
        return
    judged = [
        merge
        for labelled, done in found
        if not labelled.is_gold
        for row, entities, _ in done
        for merge in merges(row, entities)
    ]
    lines = [
        "# Which names are one thing: scores, rules, speed",
        "",
        datetime.date.today().isoformat(),
        "",
        "The names are given, as gold has them; what is judged is which of them come together in their article.",
        "Precision, recall, F1: B-cubed over the distinct names of an article (kg/clusters.py).  Most names are the",
        "only one of their thing; pairs are of different names of one thing.",
        "",
        *scores({labelled.name: done for labelled, done in found}),
        "",
        "## Rules",
        "",
        "On the articles outside tests/gold.  A merge is a name put with the fullest name of its thing, under the",
        "rule that led it there.",
        "",
        *rules_table(judged),
        "",
        "## Speed",
        "",
        f"{processor()}, {os.cpu_count()} cores, {os.getloadavg()[0]:.1f} other programs running.",
        "",
        *speed(files),
    ]
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
