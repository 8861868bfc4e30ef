"""Learn how headlines look, for kg/headings.py: news.tar.xz and invented articles -> kg/data/headlines.npz.

    python scripts/headlines.py ../shared/data/xwlb/news.tar.xz kg/data/headlines.npz training/written-*.jsonl

Headlines, and the halves of those in two, against pieces of texts that a column cut off within a sentence: logistic
regression on runs of one to three characters, what stands at the ends, the length and headings.SIGNS, all hashed to
rows of one table (Weinberger et al. 2009).  A third of a line's signs is left out each time, so that none is relied on.
"""

import random
import re
import sys
import tarfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

import topics  # noqa: E402

from kg import headings  # noqa: E402
from tests import pages  # noqa: E402

ROUNDS = 3
SPEED, SLOWER = 0.02, 0.4  # the second: after each round
TOGETHER = 512
LEFT_OUT = 0.35
SMALL = 4e-3  # what a weight's square costs
DAYS = 0.35  # of the transcripts that texts are taken from
OWN_PIECES = 4  # pieces of each paragraph of the articles, and one of each of the transcripts
OWN_TRUST = 2.0  # how much an article's line counts, beside one of the transcripts of its kind
SHORTEST, LONGEST, LEAST = 3, 40, 12  # characters of a piece, and of a paragraph that gives one
HALVES = re.compile("[ \u3000]|——")
HEADLINE = re.compile(r"\n#{2,3} (.*)")
SENTENCE_END = re.compile(r"[。！？；][”’]?")
NO_BEGINNING = "，。、；：！？”’）》,;:!?)"
Example = tuple[list[int], float, float]  # a line's rows, whether it is a headline, how much it counts


def halves(title: str) -> list[str]:
    """Return a headline and its halves, those that are headings by their form."""
    found = [title, *(HALVES.split(title) if HALVES.search(title) else [])]
    return [one for one in found if headings.is_heading(one) and not headings.DASH.match(one)]


def piece(paragraph: str, chance: random.Random) -> str | None:
    """Return a piece of a paragraph that ends within a sentence, None if what came out has no heading's form."""
    if len(paragraph) < LEAST:
        return None
    ends = [match.end() for match in SENTENCE_END.finditer(paragraph)][:-1]
    kind = chance.random()
    within = chance.choice(ends) if ends and kind < 0.7 else chance.randrange(len(paragraph) - SHORTEST)
    start = 0 if kind < 0.4 else within
    end = start + chance.randint(SHORTEST, LONGEST)
    if end >= len(paragraph) - 1 or paragraph[end] in NO_BEGINNING:
        return None
    return paragraph[start:end] if headings.is_heading(paragraph[start:end]) else None


def transcripts(archive: Path, chance: random.Random) -> tuple[list[str], list[str]]:
    """Return the transcripts' headlines, and paragraphs of some days."""
    titles: set[str] = set()
    texts: list[str] = []
    with tarfile.open(archive) as files:
        for member in files:
            if member.isfile() and member.name.endswith(".md") and (file := files.extractfile(member)):
                day = file.read().decode("utf-8", "replace")
                titles.update(title.strip("【】") for title in HEADLINE.findall(day))
                if chance.random() < DAYS:
                    texts += [text for part in re.split(r"\n#{2,3} ", day)[1:] for text in topics.paragraphs(part)]
    return sorted(titles), texts


def examples(
    titles: Sequence[str], texts: Sequence[str], times: int, trust: float, chance: random.Random
) -> Iterator[Example]:
    """Yield headlines and pieces of texts, both kinds of one weight together."""
    heads = [half for title in titles for half in halves(title)]
    cuts = [cut for _ in range(times) for text in texts if (cut := piece(text.strip(), chance))]
    for lines, truth in ((heads, 1.0), (cuts, 0.0)):
        for line in lines:
            yield headings.rows(line), truth, trust / len(lines)


def learn(found: list[Example], chance: random.Random) -> tuple[np.ndarray, float]:
    """Return the weight of each row, and the log odds of a line without any."""
    table, base = nn.EmbeddingBag(headings.SIZE, 1, mode="sum"), torch.zeros(1, requires_grad=True)
    nn.init.zeros_(table.weight)
    optimizer = torch.optim.Adam([*table.parameters(), base], lr=SPEED)
    mean = sum(weight for _, _, weight in found) / len(found)
    for _ in range(ROUNDS):
        for start in range(0, len(found) - TOGETHER, TOGETHER):
            batch = found[start : start + TOGETHER]
            kept = [[row for row in rows if chance.random() > LEFT_OUT] or rows for rows, _, _ in batch]
            rows = torch.tensor([row for one in kept for row in one])
            starts = torch.tensor(np.cumsum([0, *map(len, kept[:-1])]))
            truth, weight = (torch.tensor([one[place] for one in batch]) for place in (1, 2))
            odds = table(rows, starts)[:, 0] + base
            loss = (functional.binary_cross_entropy_with_logits(odds, truth, reduction="none") * weight / mean).mean()
            loss = loss + SMALL * (table.weight[rows] ** 2).sum() / TOGETHER
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        for group in optimizer.param_groups:
            group["lr"] *= SLOWER
        chance.shuffle(found)
    return table.weight.detach().numpy()[:, 0], base.detach().item()


def main(archive: str, target: str, *written: str) -> None:
    """Learn and write."""
    torch.manual_seed(0)
    chance = random.Random(3)  # noqa: S311
    titles, texts = transcripts(Path(archive), chance)
    records = [record for path in written for record in pages.read_records(Path(path)) if record["title"]]
    records = [record for record in records if pages.share(record) == "learnt"]
    own = [text for record in records for text in record["text"].split("\n")]
    found = [
        *examples(titles, texts, 1, 1.0, chance),
        *examples([record["title"] for record in records], own, OWN_PIECES, OWN_TRUST, chance),
    ]
    chance.shuffle(found)
    weights, base = learn(found, chance)
    scale = np.abs(weights).max() / 127
    np.savez_compressed(target, weights=np.round(weights / scale).astype(np.int8), scale=scale, base=base)


if __name__ == "__main__":
    main(*sys.argv[1:])
