"""The sample pages' annotation measures; nothing of it may be learnt from or written into a dictionary.

Compared are the gold articles with every training article, and the gold's rare names with what the program reads.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from kg.labels import full_text

ROOT = Path(__file__).parents[1]
# Characters in a row.  Two writers share set phrases and names of up to 14 characters (国家级专精特新“小巨人”企业).
LONGEST_RUN = 14
# Runs of five characters that an article may share with a gold one: the same companies in another story make 17.
PIECE = 5
MOST_PIECES = 24
# State bodies and public institutions bear names that anybody can form; so do plans of a period.
PUBLIC = re.compile(
    "(?:政府|委|委员会|局|厅|办|办公室|大学|学院|医院|中学|小学|青少年宫|博物馆|纪念馆|校区|规划|目标)$"
)
# Named in newspapers every week, whoever writes them: a head of state, companies listed on an exchange or the city's.
WELL_KNOWN = {
    *("习近平", "兴业银行", "康佳集团", "富士康科技集团", "西山煤电"),
    *("太原公交集团", "太原公共交通控股（集团）有限公司", "太重集团", "太原重型机械集团有限公司"),
    *("太原重工", "太原重工股份有限公司", "山西焦煤", "山西焦煤集团有限责任公司"),
    *("美锦能源", "山西美锦能源股份有限公司"),
    # In w7-01 it is short for 山西能裕发电有限公司, another company in another town.
    "能裕公司",
}


def rows(*files: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for file in files for line in file.read_text("utf-8").split("\n") if line.strip()]


GOLD = rows(ROOT / "tests" / "gold" / "seeds.gold.jsonl")
TRAINING = rows(*sorted((ROOT / "training").glob("*.jsonl")))


def pieces(text: str, length: int) -> set[str]:
    return {text[start : start + length] for start in range(len(text) - length + 1)}


def shared(length: int, most: int) -> list[tuple[str, str, list[str]]]:
    """Return (gold id, training id, examples) where more than ``most`` runs of ``length`` characters are the same."""
    gold = {row["id"]: pieces(full_text(row), length) for row in GOLD}
    return [
        (gold_id, row["id"], sorted(found)[:3])
        for row in TRAINING
        for own in [pieces(full_text(row), length)]
        for gold_id, theirs in gold.items()
        if len(found := own & theirs) > most
    ]


def rare_names() -> Iterator[str]:
    """Yield surfaces of the gold that nobody would write who has not read it."""
    for row in GOLD:
        for entity in row["entities"]:
            for name in {entity["name"], *entity["surfaces"]}:
                plain = name.strip("“”")
                shortest = 2 if entity["type"] == "Person" else 4
                is_common = entity["type"] == "Place" or PUBLIC.search(plain) or plain in WELL_KNOWN
                if len(plain) >= shortest and not is_common:
                    yield plain


def strings(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from (*strings(key), *strings(inner))
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)
    else:
        yield str(value)


def test_no_training_article_repeats_a_run_of_the_gold() -> None:
    assert shared(LONGEST_RUN + 1, 0) == []


def test_no_training_article_tells_a_gold_article_in_other_words() -> None:
    assert shared(PIECE, MOST_PIECES) == []


def test_a_retold_article_would_be_seen() -> None:
    # Every other sentence dropped, and the longest runs broken: what is left gives it away.
    told = next(full_text(row) for row in GOLD if len(row["text"]) > 500)
    retold = "。".join(re.sub("[，、]", "，并且", sentence) for sentence in told.split("。")[::2])
    assert len(pieces(retold, PIECE) & pieces(told, PIECE)) > MOST_PIECES


def test_no_rare_name_of_the_gold_is_in_training_articles() -> None:
    text = "\n".join(map(full_text, TRAINING))
    assert sorted({name for name in rare_names() if name in text}) == []


@pytest.mark.parametrize("file", [*sorted((ROOT / "kg" / "data").glob("*.csv"))], ids=lambda file: file.stem)
def test_no_rare_name_of_the_gold_is_in_a_dictionary(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert sorted({name for name in rare_names() if name in text}) == []


@pytest.mark.parametrize("file", ["schema.yaml", "kg/data/layout.yaml"])
def test_no_rare_name_of_the_gold_is_in_the_rules(file: str) -> None:
    # Values alone: an example in a comment teaches the program nothing.
    text = "\n".join(strings(yaml.safe_load((ROOT / file).read_text(encoding="utf-8"))))
    assert sorted({name for name in rare_names() if name in text}) == []


def test_there_are_rare_names_to_look_for() -> None:
    assert len(set(rare_names())) > 80
