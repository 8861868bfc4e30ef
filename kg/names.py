"""One name as a string: its key, its printed form, and its parts (numbers, edition, legal form, characters in order).

In: strings; out: strings and truths.  Nothing here knows a place, a table or an article.
"""

import re
import unicodedata
from functools import lru_cache

from kg.numerals import arabic
from kg.traditional import fold

# A name is compared with every other of its article: what a string yields is kept.
cached = lru_cache(maxsize=65536)
# Most names are nothing but these, and have nothing to be dropped.
HAN = re.compile("[一-龥]+")
BOOK_MARKS = re.compile("[《》〈〉]")
INNER_SPACE = re.compile(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])")
DROPPED = re.compile(r"[\s“”‘’「」『』《》〈〉\"'`]+")
DASHES = re.compile(r"[—–―─－-]+")
DOTS = str.maketrans({"•": "·", "・": "·", "‧": "·", "˙": "·", "．": "·"})
COUNT = r"[〇零一二三四五六七八九十百]+|\d+"
# Numbers that tell one unit from its sister; 中国铁路十二局 and 一中 count, 三晋 or 五台山 do not.
UNIT = (
    "中|小|院|医院|人民|实验|大队|支队|中队|分|水|批|届|期|号|季|次|场|检|监|路|附|师|军|局|窟|建|桥|幼|职|轮|等"
    "|所|厂|团|旅|冶|公司|公局|航局"
)
NUMERAL = re.compile(rf"第({COUNT})|({COUNT})(?={UNIT})")
COUNTS = re.compile(rf"首|{COUNT}")
EDITION = re.compile(
    rf"^(?:\d{{4}}(?:-\d{{4}})?(?:年度|年|赛季)?·?|第(?:{COUNT})[届期次批季场轮个]|首[届批次个]|新一轮的?)+"
)
INNER_EDITION = re.compile(rf"(?<=..)第(?:{COUNT})届|\(\d{{4}}(?:-\d{{4}})?年?\)$")
LEGAL = re.compile(r"(?:\(集团\)|集团)?(?:股份|控股)?(?:有限责任|有限)?公司$|\(?集团\)?$|(?:足球|篮球)?俱乐部$|股份$")
LEGAL_CHARACTERS = frozenset("股份控有限责任公司集团()")
INNER_LEGAL = re.compile(r"(?:股份|控股)?(?:有限责任|有限)公司(?=.)")


@cached
def key(name: str) -> str:
    """Return what a name is compared by.

    Quotes, white space, the width of brackets and digits, and traditional against simplified characters do not count.
    """
    if HAN.fullmatch(name):
        return fold(name)
    folded = unicodedata.normalize("NFKC", fold(name).translate(DOTS))
    folded = "".join(char for char in folded if unicodedata.category(char) != "Cf")
    return DASHES.sub("-", DROPPED.sub("", folded)) or name


def printed(name: str) -> str:
    """Return a surface as a name: book marks and white space between Chinese characters go, quotes stay."""
    return name if HAN.fullmatch(name) else INNER_SPACE.sub("", BOOK_MARKS.sub("", name)).strip()


@cached
def numerals(name: str) -> frozenset[str]:
    """Return the numbers that count units in a name, 第 aside: 市三院 and 第三人民医院 both have 3."""
    return frozenset(arabic(first or second) for first, second in NUMERAL.findall(name))


@cached
def with_arabic(name: str) -> str:
    """Write the numbers that count units in digits: 第三十三研究所 -> 第33研究所."""
    return NUMERAL.sub(lambda match: match[0].replace(match[1] or match[2], arabic(match[1] or match[2])), name)


@cached
def without_edition(name: str) -> str:
    """Strip year and edition before a programme's name (第六届, 2025年, 首届)."""
    return EDITION.sub("", name) or name


@cached
def without_inner_edition(name: str) -> str:
    """Strip the edition behind the place (杭州第19届亚运会) and the years behind a plan ((2021-2035年))."""
    return INNER_EDITION.sub("", name) or name


@cached
def edition(name: str) -> frozenset[str]:
    """Return the years and ordinals that ``without_edition`` strips."""
    return counts(name[: len(name) - len(without_edition(name))])


@cached
def counts(name: str) -> frozenset[str]:
    """Return all numbers in a name, and 首: 二十 and 四 of 第二十届四中全会 as 20 and 4."""
    return frozenset(found if found == "首" else arabic(found) for found in COUNTS.findall(name))


@cached
def signs(name: str) -> frozenset[str]:
    """Return the different characters of a name."""
    return frozenset(name)


@cached
def own_signs(name: str) -> frozenset[str]:
    """Return the different characters of a name, but for those that the law adds to a company's (股份有限公司)."""
    return frozenset(name) - LEGAL_CHARACTERS


@cached
def without_legal_form(name: str) -> str:
    """Strip what the law adds to a company's name (股份有限公司, (集团)有限责任公司, 集团)."""
    return LEGAL.sub("", name) or name


def without_inner_legal_form(name: str) -> str:
    """Strip the legal form in front of a branch (中国工商银行股份有限公司太原分行 -> 中国工商银行太原分行)."""
    return INNER_LEGAL.sub("", name)


def is_ordered_part(short: str, full: str) -> bool:
    """Tell whether the characters of ``short`` stand in ``full`` in the same order."""
    position = 0
    for char in short:
        position = full.find(char, position) + 1
        if not position:
            return False
    return True


def inserted(short: str, full: str) -> str | None:
    """Return what ``full`` puts into ``short`` (医科 in 山西[医科]大学, 南 in 太原[南]站), or None if it is not so."""
    for width in range(1, len(short)):
        start = full.find(short[:width])
        if start >= 0 and full.endswith(short[width:]) and len(full) > start + len(short):
            return full[start + width : len(full) - len(short) + width]
    return None
