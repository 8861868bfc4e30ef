"""Learn which pairs of characters are of one subject, for kg/topics.py: news.tar.xz -> kg/data/topics.npz.

    python scripts/topics.py ../shared/data/xwlb/news.tar.xz kg/data/topics.npz

Latent semantic analysis (Deerwester et al. 1990): the matrix of pairs and news items, weighted by inverse document
frequency, is cut down to its strongest dimensions (Halko, Martinsson and Tropp 2011), all but the first, which only
says how long an item is.  The result holds ``terms``, sorted, each the code points of two characters in one number,
``vectors``, one row of signed bytes a term, and ``scales``, what a row is multiplied with.
"""

import math
import re
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch

from kg import language

TERMS = 24_000
DIMENSIONS = 64
SPARE = 12  # dimensions more than wanted: the sketch is nearer then
ROUNDS = 4
STRENGTH = 0.25  # power of a dimension's singular value: between 0 (all alike) and 1 (as in the matrix)
SHORTEST = 20  # of a line that is a paragraph


def items(archive: Path) -> Iterator[str]:
    """Yield the transcripts' items, each the text of its paragraphs without mark-up and white space."""
    with tarfile.open(archive) as files:
        for member in files:
            if member.isfile() and member.name.endswith(".md") and (file := files.extractfile(member)):
                for part in re.split(r"\n#{2,3} ", file.read().decode("utf-8", "replace"))[1:]:
                    lines = [re.sub(r"<[^>]*>|\s", "", line) for line in re.split(r"</p>|\n", part)[1:]]
                    lines = [re.sub(r"^央视网消息（新闻联播）：", "", line) for line in lines]
                    if text := "".join(line for line in lines if len(line) >= SHORTEST and line[-1] in "。！？…”；"):
                        yield text


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


def main(archive: str, target: str) -> None:
    """Learn and write."""
    counted = [language.terms(text) for text in items(Path(archive))]
    spread = Counter(term for counts in counted for term in counts)
    chosen = sorted(term for term, _ in spread.most_common(TERMS) if max(term) <= "\uffff")
    rarity = torch.tensor([math.log(len(counted) / spread[term]) for term in chosen])
    found = matrix(counted, {term: number for number, term in enumerate(chosen)}, rarity)
    rows = (dimensions(found) * rarity[:, None]).numpy()
    scales = np.abs(rows).max(axis=1) / 127
    np.savez_compressed(
        target,
        terms=np.array([ord(term[0]) << 16 | ord(term[1]) for term in chosen], dtype=np.uint32),
        vectors=np.round(rows / scales[:, None]).astype(np.int8),
        scales=scales.astype(np.float32),
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
