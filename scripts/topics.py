"""Learn which words are of one subject, for kg/topics.py: news.tar.xz and invented articles -> kg/data/topics.npz.

    python scripts/topics.py ../shared/data/xwlb/news.tar.xz kg/data/topics.npz training/written-*.jsonl

Words are pairs of neighbouring characters and single characters.  First, latent semantic analysis (Deerwester et al.
1990): the matrix of pairs and news items, weighted by inverse document frequency, is cut down to its strongest
dimensions (Halko, Martinsson and Tropp 2011), all but the first, which only says how long an item is.  Then the vectors
are moved until two neighbouring pieces of one text, its headline the first of its sentences, are more alike than pieces
of texts that stand with it in the news or are by the same writers (the loss is InfoNCE, van den Oord, Li and Vinyals
2018; a part of the words is left out each time, so that no text is learnt by heart).  Of the invented articles only
those are read that tests/pages.py's ``share`` calls learnt.

The result holds ``terms``, sorted, each the code points of its two characters in one number (a single one as it is),
``vectors``, one row of signed bytes a term, and ``scales``, what a row is multiplied with.
"""

import math
import random
import re
import sys
import tarfile
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from kg import language  # noqa: E402
from kg.traditional import fold  # noqa: E402
from tests import pages  # noqa: E402  (says which articles pages are made of)

TERMS = 24_000
OWN_TERMS = 16_000  # pairs that the articles have, most: in OWN_LEAST of them
OWN_LEAST = 3
CHARACTERS = 3_200
DIMENSIONS = 64
SPARE = 12  # dimensions more than wanted: the sketch is nearer then
ROUNDS = 4
STRENGTH = 0.25  # power of a dimension's singular value: between 0 (all alike) and 1 (as in the matrix)
SHORTEST = 20  # of a line that is a paragraph
STEPS = 2400
SPEED = 0.01
HELD_BACK = 1.0  # how much a vector's way from where it began costs
LEFT_OUT = 0.4  # of the words of a piece, each time
NEWS, NEIGHBOURS, ARTICLES = 130, 150, 120  # texts compared at a time: of so many news items in a row; articles
LONGEST_PIECE = 6  # sentences
FEWEST_WORDS = 10
LEAST = 3  # sentences of a text
SENTENCE = re.compile(r"(?<=[。！？；\n])(?![”’])")
LEAD_NAMES = re.compile(r"^(.{0,16}[讯电])[（(][^）)]*[）)]")  # 本报讯（记者 …）
BYLINE = re.compile(r"[（(][^（）()]{2,40}[）)]$")


def items(archive: Path) -> Iterator[tuple[str, str]]:
    """Yield the transcripts' items: headline, and the text of the paragraphs without mark-up and white space."""
    with tarfile.open(archive) as files:
        for member in files:
            if member.isfile() and member.name.endswith(".md") and (file := files.extractfile(member)):
                for part in re.split(r"\n#{2,3} ", file.read().decode("utf-8", "replace"))[1:]:
                    if text := "".join(paragraphs(part)):
                        yield part.split("\n", 1)[0].strip("【】 "), text


def paragraphs(part: str) -> list[str]:
    """Return the paragraphs of a transcript's item, without its heading."""
    lines = [re.sub(r"<[^>]*>|\s", "", line) for line in re.split(r"</p>|\n", part)[1:]]
    lines = [re.sub(r"^央视网消息（新闻联播）：", "", line) for line in lines]
    return [line for line in lines if len(line) >= SHORTEST and line[-1] in "。！？…”；"]


def matrix(counted: list[Counter[str]], terms: dict[str, int], rarity: torch.Tensor) -> torch.Tensor:
    """Return the sparse matrix of items and terms: damped counts times rarity, each item of length 1."""
    starts, places, values = [0], [], []
    for counts in counted:
        known = torch.tensor([terms[term] for term in counts if term in terms], dtype=torch.long)
        row = torch.log1p(torch.tensor([float(number) for term, number in counts.items() if term in terms]))
        row = row * rarity[known]
        places.append(known)
        values.append(row / (row.norm() + 1e-9))
        starts.append(starts[-1] + len(known))
    shape = (len(counted), len(terms))
    return torch.sparse_csr_tensor(torch.tensor(starts), torch.cat(places), torch.cat(values), shape)


def dimensions(found: torch.Tensor) -> torch.Tensor:
    """Return a row of ``DIMENSIONS`` numbers for each term of the matrix."""
    turned = found.to_sparse_coo().t().to_sparse_csr()  # type: ignore[no-untyped-call]
    sketch = torch.randn(found.shape[1], DIMENSIONS + SPARE, generator=torch.Generator().manual_seed(1))
    for _ in range(ROUNDS):
        sketch, _ = torch.linalg.qr(turned @ (found @ sketch))
    _, strengths, rotation = torch.linalg.svd(found @ sketch, full_matrices=False)
    rows: torch.Tensor = (sketch @ rotation.T) * strengths**STRENGTH
    return rows[:, 1 : DIMENSIONS + 1]


def articles(written: Iterable[str], share: str) -> list[tuple[str, list[str]]]:
    """Return headline and paragraphs of the invented articles of a share, without white space and bylines."""
    records = [record for path in written for record in pages.read_records(Path(path)) if pages.share(record) == share]
    found = [(record["title"] or "", [_plain(line) for line in record["text"].split("\n")]) for record in records]
    return [(title, kept) for title, lines in found if (kept := [line for line in lines if len(line) >= SHORTEST])]


def _plain(line: str) -> str:
    return BYLINE.sub("", LEAD_NAMES.sub(r"\1", re.sub(r"\s", "", line)))


def words(text: str) -> list[int]:
    """Return the numbers of the pairs and the single characters of ``text`` that are no punctuation."""
    codes = [
        0 if character in language.PUNCTUATION or character.isspace() else ord(character) for character in fold(text)
    ]
    codes = [code if code <= 0xFFFF else 0 for code in codes]
    return [one << 16 | two for one, two in pairwise(codes) if one and two] + [code for code in codes if code]


def chosen_terms(news: Iterable[str], own: Iterable[str], pairs: Iterable[str]) -> list[int]:
    """Return the terms that get a vector: ``pairs``, those of the articles, and the commoner characters."""
    in_news = Counter(number for text in news for number in set(words(text)))
    in_own = Counter(number for text in own for number in set(words(text)))
    found = {ord(pair[0]) << 16 | ord(pair[1]) for pair in pairs}
    known = [
        number
        for number, times in in_own.most_common()
        if number > 0xFFFF and times >= OWN_LEAST and number not in found
    ]
    single = [number for number, _ in in_news.most_common() if number <= 0xFFFF]
    return sorted(found | set(known[:OWN_TERMS]) | set(single[:CHARACTERS]))


def sentences(text: str, place: dict[int, int]) -> list[list[int]]:
    """Return the text's sentences, each as the places of its terms."""
    return [[place[number] for number in words(one) if number in place] for one in SENTENCE.split(text) if one]


def _pieces(text: list[list[int]], chance: random.Random) -> tuple[list[int], list[int]]:
    """Return the words of two pieces of a text, one right below the other."""
    cut = chance.randint(1, len(text) - 1)
    above = text[max(0, cut - chance.randint(1, LONGEST_PIECE)) : cut]
    below = text[cut : cut + chance.randint(1, LONGEST_PIECE)]
    return [one for part in above for one in part], [one for part in below for one in part]


def _bags(vectors: torch.Tensor, pieces: list[list[int]], chance: random.Random) -> torch.Tensor:
    """Return a vector of length 1 for each piece, as kg/topics.py makes it, a part of the words left out."""
    places, starts, weights = [], [], []
    for piece in pieces:
        starts.append(len(places))
        for place, times in Counter(piece).items():
            places.append(place)
            weights.append(math.log1p(times) if chance.random() >= LEFT_OUT else 0.0)
    sums = torch.nn.functional.embedding_bag(
        torch.tensor(places), vectors, torch.tensor(starts), per_sample_weights=torch.tensor(weights), mode="sum"
    )
    return torch.nn.functional.normalize(sums + 1e-9, dim=1)


def moved(start: torch.Tensor, news: list[list[list[int]]], own: list[list[list[int]]]) -> torch.Tensor:
    """Return the vectors after learning from the sentences of news items and articles; seeded."""
    chance = random.Random(1)  # noqa: S311
    vectors, sharpness = torch.nn.Parameter(start.clone()), torch.nn.Parameter(torch.tensor(2.3))
    optimizer = torch.optim.Adam([vectors, sharpness], lr=SPEED)
    for step in range(STEPS):
        first = chance.randrange(len(news) - NEIGHBOURS)
        near = news[first : first + NEIGHBOURS]
        texts = chance.sample(own, min(ARTICLES, len(own))) if step % 3 == 0 else chance.sample(near, NEWS)
        drawn = [_pieces(text, chance) for text in texts]
        drawn = [both for both in drawn if min(map(len, both)) >= FEWEST_WORDS]
        above, below = (_bags(vectors, [both[side] for both in drawn], chance) for side in (0, 1))
        alike = above @ below.T * sharpness.exp()
        truth = torch.arange(len(drawn))
        entropy = torch.nn.functional.cross_entropy
        loss = (entropy(alike, truth) + entropy(alike.T, truth)) / 2
        loss = loss + HELD_BACK * ((vectors - start) ** 2).sum() / len(start)
        for group in optimizer.param_groups:
            group["lr"] = SPEED * max(0.03, 1 - step / STEPS)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return vectors.detach()


def main(archive: str, target: str, *written: str) -> None:
    """Learn and write."""
    told = list(items(Path(archive))), [(title, "".join(lines)) for title, lines in articles(written, "learnt")]
    news, own = ([text for _, text in texts] for texts in told)
    counted = [language.terms(text) for text in news]
    spread = Counter(term for counts in counted for term in counts)
    pairs = sorted(term for term, _ in spread.most_common(TERMS) if max(term) <= "\uffff")
    rarity = torch.tensor([math.log(len(counted) / spread[term]) for term in pairs])
    found = matrix(counted, {term: number for number, term in enumerate(pairs)}, rarity)
    first = dimensions(found) * rarity[:, None]
    terms = chosen_terms(news, own, pairs)
    place = {number: row for row, number in enumerate(terms)}
    start = torch.randn(len(terms), DIMENSIONS, generator=torch.Generator().manual_seed(2)) * 0.02
    start[[place[ord(pair[0]) << 16 | ord(pair[1])] for pair in pairs]] = first / first.norm(dim=1).mean()
    parted = ([sentences(f"{title}\n{text}", place) for title, text in texts] for texts in told)
    rows = moved(start, *([one for one in texts if len(one) > LEAST] for texts in parted)).numpy()
    scales = np.abs(rows).max(axis=1) / 127
    np.savez_compressed(
        target,
        terms=np.array(terms, dtype=np.uint32),
        vectors=np.round(rows / scales[:, None]).astype(np.int8),
        scales=scales.astype(np.float32),
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
