"""Words that stand for a name which the article gave before: 公司 for 天马公司, 该校 for 山西大学.

In: an article's text, its mentions in text order, what schema.yaml declares of such words.  Out: further places of the
same entities.  Relations are read there too; the mentions themselves stay as they are.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence

from kg.records import Entity
from kg.schema import StandIn
from kg.text import sentences

Named = tuple[int, int, Entity]  # start, end, whose name stands there


def stand_ins(text: str, named: Sequence[Named], declared: Mapping[str, Sequence[StandIn]]) -> Iterator[Named]:
    """Yield where a word stands for an entity: of the last sentence that names a fitting one, the first that fits."""
    starts = [start for start, _, _ in named]
    begins = [start for start, _ in sentences(text)]
    for type_, words in declared.items():
        for word in words:
            fitting = [place for place in named if place[2].type == type_ and word.name.search(place[2].name)]
            if not fitting:
                continue
            before = [start for start, _, _ in fitting]
            for match in word.word.finditer(text, fitting[0][1]):
                start, end = match.span()
                inside = bisect_right(starts, start)
                last = bisect_left(before, start)
                if not last or named[inside - 1][1] > start or (inside < len(named) and starts[inside] < end):
                    continue
                sentence = begins[bisect_right(begins, before[last - 1]) - 1]
                yield start, end, fitting[bisect_left(before, sentence)][2]
