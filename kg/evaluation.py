"""Gold rows + predicted rows -> tables: scores with their intervals, or two systems side by side; and checks on rows.

Reads no file: ``kg evaluate`` reads the rows and prints the tables.
"""

from collections.abc import Sequence
from typing import Any

from kg import labels, matching, scorer, significance
from kg.errors import InputError
from kg.labels import Row
from kg.records import Table

DIGITS = 3
# A share of 5000 shuffles.
P_DIGITS = 4


def scores(articles: Sequence[tuple[Row, Row]], levels: Sequence[str]) -> Table:
    """Return precision, recall, F1 and the 95 % interval of F1, a row a level and type; articles are gold, predicted.

    The interval is empty where fewer than two articles have the type.
    """
    rows: list[tuple[object, ...]] = []
    for level in levels:
        counts = scorer.count(articles, level)
        intervals = significance.intervals(counts)
        for type_, prf in scorer.total(counts).items():
            ratios = (prf.precision, prf.recall, prf.f1, *(intervals[type_] or (None, None)))
            rounded = (ratio if ratio is None else round(ratio, DIGITS) for ratio in ratios)
            rows.append((level, type_, *rounded, prf.gold, prf.predicted))
    columns = ("level", "type", "precision", "recall", "f1", "f1_low", "f1_high", "gold", "predicted")
    return Table(columns=columns, rows=tuple(rows))


def comparison(articles: Sequence[tuple[Row, Row]], others: Sequence[tuple[Row, Row]], levels: Sequence[str]) -> Table:
    """Return the F1 of two systems on the same gold articles, a row a level and type, with the p of a paired test."""
    rows: list[tuple[object, ...]] = []
    for level in levels:
        ours, theirs = scorer.count(articles, level), scorer.count(others, level)
        gold = {type_: prf.gold for type_, prf in scorer.total(ours).items()}
        for type_, both in significance.differences(ours, theirs).items():
            ratios = (round(ratio, DIGITS) for ratio in (both.f1, both.other, both.difference))
            rows.append((level, type_, gold.get(type_, 0), *ratios, round(both.p, P_DIGITS)))
    return Table(columns=("level", "type", "gold", "f1", "other_f1", "difference", "p"), rows=tuple(rows))


def check_gold(rows: Sequence[Row], where: str) -> None:
    """Raise InputError, which names the row, where ``rows`` lack what scoring reads."""
    if not rows:
        raise InputError(f"{where}: no articles in it; give gold as JSON lines (see tests/gold)")
    seen: set[str] = set()
    for number, row in enumerate(rows, 1):
        place = f"{where}: article {number}"
        _check_fields(row, ("id", "text", "entities", "relations"), place, "see tests/gold for the format")
        _check_items(row, place)
        if str(row["id"]) in seen:
            raise InputError(f"{place}: id {row['id']} stands there already; give each article once")
        seen.add(str(row["id"]))
        names = {entity["name"] for entity in row["entities"]}
        for end in (relation[side] for relation in row["relations"] for side in ("head", "tail")):
            if end not in names:
                raise InputError(f"{place}: relation end '{end}' is no entity of it; add it or mend it")


def check_predictions(rows: Sequence[Row], gold_rows: Sequence[Row], where: str) -> None:
    """Raise InputError, which names the row, where ``rows`` lack what scoring reads or are of other articles."""
    gold_by_id = {str(gold["id"]): gold for gold in gold_rows}
    for number, row in enumerate(rows, 1):
        place = f"{where}: article {number}"
        _check_fields(row, ("id", "entities"), place, "give what kg extract prints")
        _check_items(row, place)
        if str(row["id"]) in gold_by_id and matching.has_places(row):
            _check_places(row, labels.full_text(gold_by_id[str(row["id"])]), place)
    if gold_by_id.keys().isdisjoint(str(row["id"]) for row in rows):
        raise InputError(
            f"{where}: holds no article of the gold (by id); give what kg extract prints for the gold file"
        )


def _check_fields(row: Row, fields: Sequence[str], place: str, remedy: str) -> None:
    missing = [field for field in fields if field not in row]
    if missing:
        raise InputError(f"{place} has no {', '.join(missing)}; {remedy}")


def _check_items(row: Row, place: str) -> None:
    for key, fields in (("entities", ("type", "name")), ("relations", ("head", "type", "tail"))):
        items = row.get(key, [])
        if not isinstance(items, list):
            raise InputError(f"{place}: {key} is no list; give one object for each")
        for number, item in enumerate(items, 1):
            if not isinstance(item, dict) or not all(isinstance(item.get(field), str) for field in fields):
                raise InputError(f"{place}: {key} {number} lacks {', '.join(fields)}; give each as text")
            surfaces = item.get("surfaces", [])
            if not isinstance(surfaces, list) or not all(isinstance(surface, str) for surface in surfaces):
                raise InputError(f"{place}: {key} {number}: surfaces are no list of texts; kg label --check tells more")


def _check_places(row: Row, text: str, place: str) -> None:
    for entity in row["entities"]:
        if not isinstance(entity.get("mentions"), list):
            raise InputError(f"{place}: '{entity['name']}' has no mentions, others have; give them for all or for none")
        for mention in entity["mentions"]:
            if not _is_place(mention, text):
                raise InputError(
                    f"{place}: '{entity['name']}' does not stand at {mention}; "
                    "count start and end in headline, line break, body of the gold article"
                )


def _is_place(mention: Any, text: str) -> bool:
    if not isinstance(mention, dict):
        return False
    start, end = mention.get("start"), mention.get("end")
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end <= len(text):
        return False
    return bool(mention.get("text", text[start:end]) == text[start:end])
