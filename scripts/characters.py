"""Count which character follows which, for kg/language.py: news.tar.xz (see its README) -> kg/data/characters.txt.xz.

    python scripts/characters.py ../shared/data/xwlb/news.tar.xz kg/data/characters.txt.xz

Each line of the result: a character (``^`` begins a paragraph), the letter of its count as a first character, the
letter of its count at all, then each follower seen twice or more with its letter.  A letter is A + twice the
binary logarithm of the count.  Digits count as 0, Latin words as A, half-width punctuation does not occur.
"""

import lzma
import math
import re
import sys
import tarfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

LEAST = 2
SHORTEST = 25  # of a line that is a paragraph


def paragraphs(archive: Path) -> Iterator[str]:
    """Yield the transcripts' paragraphs without mark-up and white space."""
    with tarfile.open(archive) as files:
        for member in files:
            if member.isfile() and member.name.endswith(".md") and (file := files.extractfile(member)):
                for line in file.read().decode("utf-8", "replace").splitlines():
                    text = re.sub(r"<[^>]*>", "", line).strip()
                    text = re.sub(r"^央视网消息（新闻联播）：", "", text)
                    if len(text) >= SHORTEST and text[-1] in "。！？…”；":
                        yield re.sub(r"\s+", "", re.sub(r"[A-Za-z]+", "A", re.sub(r"[0-9０-９.]+", "0", text)))


def letter(count: int) -> str:
    """Return the letter of a count."""
    return chr(ord("A") + round(2 * math.log2(count)))


def main(archive: str, target: str) -> None:
    """Count and write."""
    single: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for paragraph in paragraphs(Path(archive)):
        single.update(paragraph)
        pairs.update(zip("^" + paragraph, paragraph, strict=False))
    first: Counter[str] = Counter()
    followers: dict[str, dict[str, int]] = defaultdict(dict)
    for (before, after), count in pairs.items():
        first[before] += count
        if count >= LEAST:
            followers[before][after] = count
    rows = []
    for character, counts in sorted(followers.items()):
        follow = "".join(after + letter(count) for after, count in sorted(counts.items()))
        rows.append(character + letter(first[character]) + letter(single[character] or first[character]) + follow)
    Path(target).write_bytes(lzma.compress("\n".join(rows).encode(), preset=9))


if __name__ == "__main__":
    main(*sys.argv[1:])
