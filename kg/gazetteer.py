"""Places the world knows: China's administrative divisions, countries, and other names of both.

``load`` reads kg/data/divisions.csv, countries.csv and places.csv once; the townships of a province (townships.zip)
wait until one is asked for.  A lookup never guesses: of several divisions of one name the nearest to the given codes
is taken, else none.
"""

import csv
import io
import zipfile
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kg.errors import SchemaError
from kg.records import Entity

DATA = Path(__file__).parent / "data"
LEVELS = ("province", "city", "county", "township")
CHINA = "中国"
TOWNSHIP_WORDS = ("镇", "乡", "街道", "苏木")


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """An administrative division: ``short`` is its everyday name, ``parent`` the code of the one above, if any."""

    code: str
    name: str
    short: str
    level: str
    parent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gazetteer:
    """All divisions by code and by name, countries by alias, nicknames with the home where each is meant.

    ``names_by_beginning``: the first two characters -> the names that say their level and begin so, the longest first.
    """

    division_by_code: Mapping[str, Division]
    codes_by_name: Mapping[str, tuple[str, ...]]
    codes_by_short: Mapping[str, tuple[str, ...]]
    names_by_beginning: Mapping[str, tuple[str, ...]]
    country_by_alias: Mapping[str, str]
    nicknames: Mapping[str, tuple[tuple[str, str], ...]]

    def division(self, name: str, near: Collection[str] = ()) -> Division | None:
        """Return the division that ``name``, full or short, means among places ``near`` (codes), or None if unsure."""
        return self._nearest(self.codes_by_name.get(name, ()), near) or self._short(name, near)

    def _short(self, name: str, near: Collection[str]) -> Division | None:
        codes = self.codes_by_short.get(name, ())
        for level in LEVELS[:2]:
            above = [code for code in codes if self.division_by_code[code].level == level]
            if len(above) == 1 and not (level == "city" and self._is_near(codes, near, above[0])):
                return self.division_by_code[above[0]]
        return self._nearest(codes, near)

    def _is_near(self, codes: Iterable[str], near: Collection[str], taken: str) -> bool:
        """Tell whether the text already stands in a county of the short name of a city far away (大同区 in 大庆)."""
        return taken not in near and any(code in near for code in codes if code != taken)

    def _nearest(self, codes: Collection[str], near: Collection[str]) -> Division | None:
        if len(codes) == 1:
            return self.division_by_code[next(iter(codes))]
        best, tied = 0, None
        for code in codes:
            closeness = max((_shared_levels(code, place) for place in near), default=0)
            if closeness > best:
                best, tied = closeness, code
            elif closeness == best:
                tied = None
        return self.division_by_code[tied] if tied else None

    def township(self, name: str, near: Collection[str]) -> Division | None:
        """Return the one town, township or street called ``name`` in the cities and counties ``near``, or None."""
        if not name.endswith(TOWNSHIP_WORDS):
            return None
        closest: dict[int, list[Division]] = defaultdict(list)
        for province in sorted({code[:2] for code in near}):
            for code in _townships(province).get(name, ()):
                closeness = max(_shared_levels(code, place) for place in near)
                closest[closeness].append(self._at(code))
        best = max(closest, default=0)
        return closest[best][0] if best > 1 and len(closest[best]) == 1 else None

    def _at(self, code: str) -> Division:
        """Return the division of ``code``, a township's included."""
        if len(code) < 9:
            return self.division_by_code[code]
        name = _township_names(code[:2])[code]
        # 东莞 and its like have no counties: their townships stand under the city.
        parent = code[:6] if code[:6] in self.division_by_code else code[:4]
        return Division(code=code, name=name, short=name, level="township", parent=parent)

    def named_place(self, name: str, near: Collection[str]) -> str | None:
        """Return the full name that a nickname or a country's other name stands for (并州, 京, 印尼).

        None for one that several of the places near could mean (省城 in a text about two provinces).
        """
        has_city = any(len(code) > 2 for code in near)
        known = self.nicknames.get(name, ())
        meant = {
            full
            for full, home in known
            if home and (any(code.startswith(home) for code in near) or (not has_city and home[:2] in near))
        } or {full for full, home in known if not home}
        if len(meant) > 1:
            return None
        return meant.pop() if meant else self.country_by_alias.get(name)

    def chain(self, code: str) -> tuple[Division, ...]:
        """Return the division of ``code`` and all those above it, nearest first."""
        found = []
        while code:
            found.append(self._at(code))
            code = found[-1].parent
        return tuple(found)

    def full_name(self, division: Division) -> str:
        """Return the name that is one in the country: a namesake (鼓楼区) comes with the name of its city.

        So does a district of two characters (矿区), which says too little by itself.
        """
        is_bare = len(division.name) < 3 and division.name.endswith("区")
        if not division.parent or (len(self.codes_by_name.get(division.name, ())) < 2 and not is_bare):
            return division.name
        return self.division_by_code[division.parent].name + division.name

    def could_begin(self, text: str) -> bool:
        """Tell quickly whether ``text`` may begin with a division's full or short name: most do not."""
        return text[:2] in self.names_by_beginning

    def leading(self, text: str, near: Collection[str] = ()) -> tuple[Division | None, str]:
        """Split 太原市万柏林区教育局 into its lowest division and 教育局; 凉山州 says its level, 太原 does not."""
        found, rest, around = None, text, near
        while True:
            name = next((name for name in self.names_by_beginning.get(rest[:2], ()) if rest.startswith(name)), "")
            division = self.division(name, around) if name else None
            if division is None or (found and not division.code.startswith(found.code)):
                return found, rest
            found, rest, around = division, rest[len(name) :], (division.code,)

    def place_id(self, name: str, division: Division | None = None) -> str:
        """Return the id of a place; the code parts the divisions that share a name (鼓楼区)."""
        if division is None or (len(self.codes_by_name.get(division.name, ())) <= 1 and division.level != "township"):
            return f"Place:{name}"
        return f"Place:{name}@{division.code}"

    def home(self, names: Iterable[str]) -> tuple[Division, ...]:
        """Return the divisions that a paper calls its own, nearest first, with everything above the nearest."""
        for name in names:
            found, rest = self.leading(name)  # 长春市朝阳区
            division = self.division(name) or (found if not rest else None)
            if division:
                return self.chain(division.code)
        return ()

    def ancestors(self, entity: Entity) -> tuple[Entity, ...]:
        """Return the places that contain ``entity``, nearest first; nothing where the gazetteer does not know it."""
        name, _, code = entity.id.removeprefix("Place:").partition("@")
        codes = (code,) if code else self.codes_by_name.get(name, ())
        if entity.type != "Place" or len(codes) != 1 or not self._knows(codes[0], name):
            return ()
        above = [(self.place_id(place.name, place), place.name) for place in self.chain(codes[0])[1:]]
        return tuple(
            Entity(id=id_, type="Place", name=name, aliases=(), mentions=())
            for id_, name in [*above, (f"Place:{CHINA}", CHINA)]
        )

    def _knows(self, code: str, name: str) -> bool:
        if len(code) == 9:
            return _township_names(code[:2]).get(code) == name
        return code in self.division_by_code and self.division_by_code[code].name == name


def _shared_levels(code: str, place: str) -> int:
    """Count the levels at which two codes lie together: same county 3, same city 2, same province 1."""
    if code == place:
        return 4
    return next((depth for depth, width in ((3, 6), (2, 4), (1, 2)) if _same(code, place, width)), 0)


def _same(code: str, place: str, width: int) -> bool:
    return len(code) >= width and len(place) >= width and code[:width] == place[:width]


@lru_cache(maxsize=1)
def load() -> Gazetteer:
    """Read the shipped reference data, once.

    Raises SchemaError that names the file and line of a row that refers to nothing.
    """
    divisions = {row["code"]: Division(**row) for row in read("divisions.csv")}
    by_name: dict[str, list[str]] = defaultdict(list)
    by_short: dict[str, list[str]] = defaultdict(list)
    for division in divisions.values():
        if division.parent and division.parent not in divisions:
            raise SchemaError(f"{DATA / 'divisions.csv'}: {division.code}: no parent {division.parent}; add it")
        by_name[division.name].append(division.code)
        for short in {division.short, division.short + division.name[-1]} - {division.name}:
            by_short[short].append(division.code)
    countries = {
        alias: row["name"] for row in read("countries.csv") for alias in (row["name"], *row["aliases"].split())
    }
    nicknames: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for line, row in enumerate(read("places.csv"), 2):
        if row["home"] and row["home"] not in divisions:
            raise SchemaError(f"{DATA / 'places.csv'}:{line}: no division {row['home']}; see divisions.csv")
        nicknames[row["surface"]].append((row["name"], row["home"]))
    return Gazetteer(
        division_by_code=divisions,
        codes_by_name={name: tuple(codes) for name, codes in by_name.items()},
        codes_by_short={name: tuple(codes) for name, codes in by_short.items()},
        names_by_beginning=_by_beginning(divisions.values()),
        country_by_alias=countries,
        nicknames={name: tuple(sorted(meant, key=lambda pair: not pair[1])) for name, meant in nicknames.items()},
    )


def _by_beginning(divisions: Iterable[Division]) -> dict[str, tuple[str, ...]]:
    """Return what Gazetteer.names_by_beginning holds: full names, and 凉山州 and its like."""
    found: dict[str, set[str]] = defaultdict(set)
    for division in divisions:
        found[division.name[:2]].add(division.name)
        if division.name.endswith(("县", "州", "旗")):
            found[division.short[:2]].add(division.short.removesuffix(division.name[-1]) + division.name[-1])
    return {beginning: tuple(sorted(names, key=len, reverse=True)) for beginning, names in found.items()}


def read(name: str) -> list[dict[str, str]]:
    """Return the rows of one of the shipped tables; spreadsheets may have put a byte-order mark before them.

    Raises SchemaError that names the file, and the line of a row with too few or too many columns.
    """
    path = DATA / name
    try:
        rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    except OSError as error:
        raise SchemaError(f"{path}: cannot be read ({error.strerror}); install kg again") from error
    except UnicodeDecodeError as error:
        raise SchemaError(f"{path}: is not UTF-8; save it again as CSV in UTF-8") from error
    for line, row in enumerate(rows, 2):
        if None in row or None in row.values():
            raise SchemaError(f"{path}:{line}: has too few or too many columns; mend the line")
    return rows


@lru_cache(maxsize=40)
def _township_names(province: str) -> dict[str, str]:
    path = DATA / "townships.zip"
    try:
        with zipfile.ZipFile(path) as packed:
            if f"{province}.csv" not in packed.namelist():
                return {}  # Hong Kong, Macao and Taiwan have none in the statistics bureau's list
            table = packed.read(f"{province}.csv").decode("utf-8")
    except (OSError, zipfile.BadZipFile) as error:
        raise SchemaError(f"{path}: cannot be read ({error}); install kg again") from error
    return {code: name for code, _, name in (line.partition(",") for line in table.splitlines()[1:])}


@lru_cache(maxsize=40)
def _townships(province: str) -> dict[str, tuple[str, ...]]:
    codes: dict[str, list[str]] = defaultdict(list)
    for code, name in _township_names(province).items():
        codes[name].append(code)
    return {name: tuple(found) for name, found in codes.items()}
