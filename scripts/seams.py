"""Learn how texts go on, for kg/continuation.py: news.tar.xz and invented articles -> kg/data/seams.npz.

    python scripts/seams.py ../shared/data/xwlb/news.tar.xz training/written-2.jsonl kg/data/seams.npz

Texts are cut within a sentence, after one and after a paragraph.  For each cut the network is shown what stands below
it, and what stands below RIVALS other cuts, most of them in texts of the same day or by the same writers, and learns to
tell which goes on (binary cross-entropy, Adam).  The sides and the hashes of what stands around a seam are made as in
kg/continuation.py.  Articles that topics.HELD_OUT names are for fitting stitching.WEIGHTS.
"""

import random
import re
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

import topics  # noqa: E402  (scripts/topics.py: the same articles are held out)

from kg import continuation  # noqa: E402

STEPS = 1050
SPEED = 0.002
TOGETHER = 600  # cuts compared at a time
RIVALS, NEAR_RIVALS = 7, 5
DEPTH, INNER = 32, 48  # numbers for a character, before and after the convolutions
PAIRS, AROUND = 1 << 15, 1 << 16  # rows of the tables of pairs and of what stands around a seam
AROUND_DEPTH = 16
LEAST = 8  # times that a character must stand in the texts
NEWS_GAP, OWN_GAP = 45, 25  # characters to a cut within a sentence
GROUP = 6  # articles that make a day
NO_BEGINNING = "，。、；：！？”’）》,.;:!?)"
ENDS = re.compile(r"[。！？；…：][”’）》]*$")
Cut = tuple[str, str]


def days(archive: Path) -> Iterator[list[list[str]]]:
    """Yield the news items of each day, each as its paragraphs."""
    with tarfile.open(archive) as files:
        for member in files:
            if member.isfile() and member.name.endswith(".md") and (file := files.extractfile(member)):
                parts = re.split(r"\n#{2,3} ", file.read().decode("utf-8", "replace"))[1:]
                found = [topics.paragraphs(part) for part in parts]
                yield [paragraphs for paragraphs in found if paragraphs]


def cuts(paragraphs: list[str], gap: int, chance: random.Random) -> Iterator[Cut]:
    """Yield the last and first characters at cuts of a text."""
    for number, text in enumerate(paragraphs):
        places = [chance.randint(5, len(text) - 5) for _ in range(max(1, len(text) // gap)) if len(text) >= 14]
        places = [at for at in places if text[at] not in NO_BEGINNING and not ENDS.search(text[max(0, at - 4) : at])]
        ends = [match.end() for match in re.finditer(r"[。！？][”’]?", text)][:-1]
        if ends and chance.random() < 0.6:
            places.append(chance.choice(ends))
        yield from (continuation.sides(text[:at], text[at:]) for at in places)
        if number + 1 < len(paragraphs) and chance.random() < 0.8:
            yield continuation.sides(text, paragraphs[number + 1])


class Side(nn.Module):
    """One side of a seam: two convolutions over its characters."""

    def __init__(self) -> None:
        super().__init__()
        self.place = nn.Parameter(torch.zeros(continuation.WIDTH, DEPTH))
        self.first, self.second = nn.Linear(3 * DEPTH, INNER), nn.Linear(3 * INNER, INNER)
        self.out = nn.Linear(continuation.WIDTH * INNER, 2 * continuation.HIDDEN)

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        rows = functional.relu(self.first(_windows(rows + self.place)))
        rows = rows + functional.relu(self.second(_windows(rows)))
        found: torch.Tensor = self.out(functional.dropout(rows.flatten(1), 0.15, self.training))
        return found


def _windows(rows: torch.Tensor) -> torch.Tensor:
    padded = functional.pad(rows, (0, 0, 1, 1))
    return torch.cat([padded[:, :-2], padded[:, 1:-1], padded[:, 2:]], dim=2)


class Network(nn.Module):
    """Both sides, and what stands right around the seam."""

    def __init__(self, characters: int) -> None:
        super().__init__()
        self.characters, self.pairs = nn.Embedding(characters, DEPTH), nn.Embedding(PAIRS, DEPTH)
        self.around = nn.Embedding(AROUND, AROUND_DEPTH + 1)
        for table, spread in ((self.characters, 0.1), (self.pairs, 0.05), (self.around, 0.02)):
            nn.init.normal_(table.weight, std=spread)
        self.tail, self.head = Side(), Side()
        self.around_to_hidden = nn.Linear(AROUND_DEPTH, continuation.HIDDEN, bias=False)
        self.last = nn.Linear(continuation.HIDDEN, 1)

    def encode(self, side: Side, characters: torch.Tensor, pairs: torch.Tensor) -> torch.Tensor:
        rows = functional.dropout(self.characters(characters) + self.pairs(pairs), 0.1, self.training)
        found: torch.Tensor = side(rows)
        return found

    def forward(self, left: torch.Tensor, right: torch.Tensor, around: torch.Tensor) -> torch.Tensor:
        hidden, summed = continuation.HIDDEN, self.around(around).sum(dim=1)
        both = functional.relu(left[:, :hidden] + right[:, :hidden] + self.around_to_hidden(summed[:, :-1]))
        alike = (left[:, hidden:] * right[:, hidden:]).sum(dim=1) / continuation.DAMPED
        found: torch.Tensor = self.last(functional.dropout(both, 0.1, self.training))[:, 0] + alike + summed[:, -1]
        return found


def batches(news: list[list[list[str]]], own: list[list[str]], chance: random.Random) -> Iterator[list[list[Cut]]]:
    """Yield cuts by day, about TOGETHER at a time, for ever."""
    while True:
        groups = [[cut for item in day for cut in cuts(item, NEWS_GAP, chance)] for day in news]
        chance.shuffle(own)
        for _ in range(3):
            starts = range(0, len(own), GROUP)
            groups += [[c for text in own[at : at + GROUP] for c in cuts(text, OWN_GAP, chance)] for at in starts]
        groups = [chance.sample(group, min(len(group), 60)) for group in groups if len(group) >= GROUP]
        chance.shuffle(groups)
        batch: list[list[Cut]] = []
        for group in groups:
            batch.append(group)
            if sum(map(len, batch)) >= TOGETHER:
                yield batch
                batch = []


def rivals(batch: list[list[Cut]], chance: random.Random) -> list[tuple[int, int]]:
    """Return which two cuts are mixed: the one's upper side, the other's lower one."""
    found, start, size = [], 0, sum(map(len, batch))
    for group in batch:
        for tail in range(start, start + len(group)):
            near = [chance.randrange(start, start + len(group)) for _ in range(NEAR_RIVALS)]
            far = [chance.randrange(size) for _ in range(RIVALS - NEAR_RIVALS)]
            found += [(tail, head) for head in near + far if head != tail]
        start += len(group)
    return found


def learn(network: Network, found: Iterator[list[list[Cut]]], rows: np.ndarray, chance: random.Random) -> None:
    """Move the network's weights, STEPS times."""
    optimizer = torch.optim.Adam(network.parameters(), lr=SPEED)
    for step in range(STEPS):
        batch = next(found)
        sides = list(zip(*(cut for group in batch for cut in group), strict=True))
        above, below = (continuation.codes(list(side)) for side in sides)
        size, mixed = len(above), rivals(batch, chance)
        tails, heads = np.array([(number, number) for number in range(size)] + mixed).T
        left, right = (
            network.encode(side, torch.tensor(rows[codes]), torch.tensor(continuation.neighbours(codes, PAIRS)))
            for side, codes in ((network.tail, above), (network.head, below))
        )
        around = torch.tensor(continuation.around(above[tails], below[heads], AROUND))
        truth = torch.tensor([1.0] * size + [0.0] * len(mixed))
        odds = network(left[torch.tensor(tails)], right[torch.tensor(heads)], around)
        loss = functional.binary_cross_entropy_with_logits(odds, truth)
        for group in optimizer.param_groups:
            group["lr"] = SPEED * max(0.02, 1 - step / STEPS)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def save(network: Network, known: list[str], target: str) -> None:
    """Write the tables as bytes with a scale for each column, the rest in half precision."""
    found = {"known": np.array([ord(character) for character in known], dtype=np.uint16)}
    for name in ("characters", "pairs", "around"):
        table = getattr(network, name).weight.detach().numpy()
        scale = np.abs(table).max(axis=0) / 127 + 1e-9
        found |= {name: np.round(table / scale).astype(np.int8), f"{name}_scale": scale.astype(np.float32)}
    for name, side in (("tail", network.tail), ("head", network.head)):
        found[f"{name}_place"] = _half(side.place)
        for part, layer in (("1", side.first), ("2", side.second), ("out", side.out)):
            found |= {f"{name}_{part}": _half(layer.weight.T), f"{name}_{part}_bias": _half(layer.bias)}
    found["around_to_hidden"] = _half(network.around_to_hidden.weight.T)
    found |= {"out": _half(network.last.weight[0]), "out_bias": _half(network.last.bias)}
    np.savez_compressed(target, **found)


def _half(weights: torch.Tensor) -> np.ndarray:
    return weights.detach().numpy().astype(np.float16)


def main(archive: str, written: str, target: str) -> None:
    """Learn and write."""
    torch.manual_seed(1)
    chance = random.Random(1)  # noqa: S311
    news = list(days(Path(archive)))
    own = [text.split("\n") for text in topics.articles(Path(written))]
    texts = [text for day in news for item in day for text in item] + [text for item in own for text in item]
    counts = Counter(character for text in texts for character in continuation.plain(text))
    known = ["\0", "\1", *(one for one, times in counts.items() if times >= LEAST and one <= "\uffff")]
    rows = np.full(0x10000, continuation.UNKNOWN, dtype=np.int64)
    rows[[ord(character) for character in known]] = np.arange(len(known))
    network = Network(len(known))
    learn(network, batches(news, own, chance), rows, chance)
    network.eval()
    save(network, known, target)


if __name__ == "__main__":
    main(*sys.argv[1:])
