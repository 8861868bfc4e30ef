"""Learn how texts go on, for kg/continuation.py: news.tar.xz and invented articles -> kg/data/seams.npz.

    python scripts/seams.py ../shared/data/xwlb/news.tar.xz kg/data/seams.npz training/written-*.jsonl

A few texts of one day, of one writer or of any are cut as pages cut them: within a word, between two words, at a comma,
after a sentence and between two paragraphs.  The network is shown what stands above and below all those cuts and learns
which two belong together: of each two whether they do (binary cross-entropy), for each which of all (InfoNCE, van den
Oord, Li and Vinyals 2018).  The sides and the hashes of what stands around a seam are made as in kg/continuation.py.
Of the invented articles only those are read that tests/pages.py's ``share`` calls learnt.

Where the target holds a network already, that one learns on; kg/data/seams.npz did so once, begun with fewer cuts at
commas and none between words.  Some five minutes on one core.  Every TOLD steps the shares of cuts within a sentence
and after one are told whose lower side is found among CUTS, in articles that are not learnt from.
"""

import random
import re
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

import jieba
import numpy as np
import torch
from torch import nn
from torch.nn import functional

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

import topics  # noqa: E402  (scripts/topics.py: the same articles, read alike)

from kg import continuation  # noqa: E402

BEGUN, LEARNT_ON = (2000, 0.003), (1500, 0.0015)  # steps and speed: of a network from nothing, of one that is there
TOLD = 250  # after so many steps how well it does is told
WARM, LAST = 50, 0.02  # steps until full speed, share of it at the end; straight lines between them
PAGES, CUTS = 28, 20  # pages compared at a time, cuts on each
INVENTED = 0.5  # share of the pages
OF_ONE_WRITER = 0.5  # of those pages, share whose articles stand together in the file
FEWEST, MOST = 4, 7  # texts on a page
TRIED = 6  # times CUTS, until a page is given up
# Kinds of cuts, up to this of 1; the rest are within a clause, the first of them between two words.
PARAGRAPH, SENTENCE, COMMA, WORD = 0.2, 0.35, 0.55, 0.8
EDGE = 5  # characters that a cut leaves of a paragraph
BALANCE = 7.0  # how much all wrong sides of a cut count, beside the right one, in the cross-entropy
DEPTH, INNER = 32, 64  # numbers for a character, before and after the convolutions
PAIRS, AROUND = 1 << 15, 1 << 16  # rows of the tables of pairs and of what stands around a seam
AROUND_DEPTH = 16
GROUPS, SHOWN = 6, 4  # kinds of what stands right around a seam; those shown at a time: no seam is learnt by heart
LEAST = 8  # times that a character must stand in the texts
NO_BEGINNING = "，。、；：！？”’）》,.;:!?)"
ENDS = re.compile(r"[。！？；…：][”’）》]*$")
SENTENCE_END = re.compile(r"[。！？][”’]?")
Text = list[str]  # its paragraphs
Cut = tuple[str, str]
Page = list[Cut]


def days(archive: Path) -> Iterator[list[Text]]:
    """Yield the news items of each day."""
    with tarfile.open(archive) as files:
        for member in files:
            if member.isfile() and member.name.endswith(".md") and (file := files.extractfile(member)):
                parts = re.split(r"\n#{2,3} ", file.read().decode("utf-8", "replace"))[1:]
                found = [paragraphs for part in parts if (paragraphs := topics.paragraphs(part))]
                if len(found) >= FEWEST:
                    yield found


def cut(text: Text, chance: random.Random) -> Cut | None:
    """Return what stands above and below a cut of a text; None where the text has none of the kind that was drawn."""
    kind = chance.random()
    if kind < PARAGRAPH and len(text) > 1:
        place = chance.randrange(len(text) - 1)
        return text[place], text[place + 1]
    whole = chance.choice(text)
    if kind < SENTENCE:
        places = [match.end() for match in SENTENCE_END.finditer(whole)][:-1]
    elif kind < COMMA:
        places = [match.end() for match in re.finditer("[，、]", whole)]
    else:
        places = list(_between_words(whole)) if kind < WORD else list(range(len(whole)))
        places = [chance.choice(places)] if places else []
        places = [at for at in places if EDGE <= at <= len(whole) - EDGE and not _ends_there(whole, at)]
    at = chance.choice(places) if places else 0
    return (whole[:at], whole[at:]) if at else None


def _ends_there(text: str, at: int) -> bool:
    return text[at] in NO_BEGINNING or ENDS.search(text[max(0, at - 4) : at]) is not None


@lru_cache(maxsize=1 << 18)
def _between_words(text: str) -> tuple[int, ...]:
    """Return the places between two words of a text."""
    return tuple(accumulate(len(word) for word in jieba.cut(text, HMM=False)))[:-1]


def page(texts: Sequence[Text], chance: random.Random) -> Page:
    """Return CUTS cuts of the texts, longer ones cut oftener; fewer where that many cannot be found."""
    lengths = [sum(map(len, text)) for text in texts]
    drawn = (cut(text, chance) for text in chance.choices(texts, lengths, k=TRIED * CUTS))
    return [one for one, _ in zip((found for found in drawn if found), range(CUTS), strict=False)]


def pages(news: Sequence[Sequence[Text]], own: Sequence[Text], chance: random.Random) -> Iterator[Page]:
    """Yield pages, for ever."""
    while True:
        number = chance.randint(FEWEST, MOST)
        if chance.random() >= INVENTED:
            day = chance.choice(news)
            texts = chance.sample(day, min(len(day), number))
        elif chance.random() < OF_ONE_WRITER:
            start = chance.randrange(len(own) - number)
            texts = list(own[start : start + number])
        else:
            texts = chance.sample(own, number)
        found = page(texts, chance)
        if len(found) == CUTS:
            yield found


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
        rows = functional.dropout(self.characters(characters) + self.pairs(pairs), 0.15, self.training)
        found: torch.Tensor = side(rows)
        return found

    def forward(self, left: torch.Tensor, right: torch.Tensor, around: torch.Tensor) -> torch.Tensor:
        """Return log odds, a table for each page: its upper sides are rows, its lower ones columns."""
        hidden = continuation.HIDDEN
        summed = functional.embedding_bag(around, self.around.weight, mode="sum") * (GROUPS / around.shape[1])
        here = summed.view(-1, CUTS, CUTS, AROUND_DEPTH + 1)
        left, right = (side.view(-1, CUTS, 2 * hidden) for side in (left, right))
        both = left[:, :, None, :hidden] + right[:, None, :, :hidden] + self.around_to_hidden(here[..., :-1])
        alike = left[..., hidden:] @ right[..., hidden:].transpose(1, 2) / continuation.DAMPED
        found: torch.Tensor = self.last(functional.relu(both))[..., 0] + alike + here[..., -1]
        return found


def odds(network: Network, shown: Sequence[Page], rows: np.ndarray, groups: Sequence[int]) -> torch.Tensor:
    """Return for each page the log odds that its lower sides (columns) go on with its upper ones (rows).

    ``groups`` are the kinds of what stands right around a seam that the network is shown.
    """
    sides = list(zip(*(continuation.sides(*one) for page in shown for one in page), strict=True))
    above, below = (continuation.codes(side) for side in sides)
    left, right = (
        network.encode(side, torch.tensor(rows[codes]), torch.tensor(continuation.neighbours(codes, PAIRS)))
        for side, codes in ((network.tail, above), (network.head, below))
    )
    first, tail, head = (part.ravel() for part in np.indices((len(shown), CUTS, CUTS)))
    around = continuation.around(above[first * CUTS + tail], below[first * CUTS + head], AROUND)[:, groups]
    found: torch.Tensor = network(left, right, torch.tensor(around))
    return found


def loss_of(found: torch.Tensor) -> torch.Tensor:
    """Return how wrong the odds are, in natural units of information."""
    truth = torch.eye(CUTS).expand(found.shape)
    weights = torch.where(truth > 0, 1.0, BALANCE / (CUTS - 1)) * CUTS / (1 + BALANCE)
    each = functional.binary_cross_entropy_with_logits(found, truth, weight=weights)
    places = torch.arange(CUTS).repeat(len(found))
    which = [functional.cross_entropy(one.reshape(-1, CUTS), places) for one in (found, found.transpose(1, 2))]
    total: torch.Tensor = each + sum(which) / 2
    return total


def learn(
    network: Network,
    shown: Iterator[Page],
    kept: Sequence[Page],
    rows: np.ndarray,
    course: tuple[int, float],
    chance: random.Random,
) -> None:
    """Move the network's weights; tell now and then how many lower sides of ``kept`` pages it finds.

    ``course``: how many times, and how fast at most.
    """
    steps, speed = course
    optimizer = torch.optim.Adam(network.parameters(), lr=speed, betas=(0.9, 0.99), fused=True)
    for step in range(1, steps + 1):
        loss = loss_of(odds(network, [next(shown) for _ in range(PAGES)], rows, chance.sample(range(GROUPS), SHOWN)))
        for group in optimizer.param_groups:
            group["lr"] = speed * float(np.interp(step, (0, WARM, steps), (0.0, 1.0, LAST)))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % TOLD == 0:
            network.eval()
            within, after = found_in(network, kept, rows)
            print(f"{step}: {within:.1%} within a sentence, {after:.1%} after one", file=sys.stderr)
            network.train()


@torch.no_grad()
def found_in(network: Network, kept: Sequence[Page], rows: np.ndarray) -> tuple[float, float]:
    """Return the share of cuts whose lower side is told from the page's others, within a sentence and after one."""
    right: dict[bool, list[bool]] = {True: [], False: []}
    for page in kept:
        for (tail, _), best, own in zip(
            page, odds(network, [page], rows, range(GROUPS))[0].argmax(dim=1), range(CUTS), strict=True
        ):
            right[bool(ENDS.search(tail))].append(page[best][1] == page[own][1])
    within, after = (sum(right[is_after]) / len(right[is_after]) for is_after in (False, True))
    return within, after


def load(network: Network, target: str) -> None:
    """Set the network's weights to what ``save`` wrote."""
    with np.load(target) as file:
        found = {
            name: torch.tensor(file[name].astype(np.float32)) for name in file.files if not name.endswith("_scale")
        }
        for name in ("characters", "pairs", "around"):
            getattr(network, name).weight.data = found[name] * torch.tensor(file[f"{name}_scale"])
    for name, side in (("tail", network.tail), ("head", network.head)):
        side.place.data = found[f"{name}_place"]
        for part, layer in (("1", side.first), ("2", side.second), ("out", side.out)):
            layer.weight.data, layer.bias.data = found[f"{name}_{part}"].T.contiguous(), found[f"{name}_{part}_bias"]
    network.around_to_hidden.weight.data = found["around_to_hidden"].T.contiguous()
    network.last.weight.data, network.last.bias.data = found["out"][None], found["out_bias"]


def known_in(target: str) -> list[str]:
    """Return the characters of the network that ``save`` wrote."""
    with np.load(target) as file:
        return [chr(code) for code in file["known"]]


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


def main(archive: str, target: str, *written: str) -> None:
    """Learn and write."""
    torch.manual_seed(1)
    chance = random.Random(1)  # noqa: S311
    news = list(days(Path(archive)))
    own, others = ([text for _, text in topics.articles(written, share)] for share in ("learnt", "weights"))
    texts = [text for day in news for item in day for text in item] + [text for item in own for text in item]
    counts = Counter(character for text in texts for character in continuation.plain(text))
    known = ["\0", "\1", *(one for one, times in counts.items() if times >= LEAST and one <= "\uffff")]
    is_begun = Path(target).exists()
    known = known_in(target) if is_begun else known
    rows = np.full(0x10000, continuation.UNKNOWN, dtype=np.int64)
    rows[[ord(character) for character in known]] = np.arange(len(known))
    kept = [page(others[start : start + MOST], chance) for start in range(0, len(others), MOST)]
    network = Network(len(known))
    if is_begun:
        load(network, target)
    course = LEARNT_ON if is_begun else BEGUN
    learn(network, pages(news, own, chance), [one for one in kept if len(one) == CUTS], rows, course, chance)
    network.eval()
    save(network, known, target)


if __name__ == "__main__":
    main(*sys.argv[1:])
