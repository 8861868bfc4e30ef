"""What forbids that one name stands for another, whatever rule of shortening.py proposes it.

``VETOES`` is all of them.  In: two keys and the article's clues; out: True where the two must stay apart.  The words
that they look for are data (suffixes.csv).
"""

import re
from collections.abc import Callable

from kg.clues import Clues
from kg.names import counts, edition, inserted, numerals, without_edition, without_legal_form

REGISTERED = re.compile(r"(?:有限|股份|有限责任)公司$")

# The town, street or village that a name begins with, after its county: 石人镇 of 江源区石人镇卫生院.
TOWNSHIP = re.compile(
    "^(?:.*?[省市县区旗州])?([^省市县区旗州]{1,12}?(?:镇|(?<![家故老])乡|街道|苏木|牧场|农场|林场|村|社区))"
)

SHORTEST = 2
INNER_BRACKET = re.compile(r"[(]([^()]+)[)](?=.)")
LEVEL_OF_AWARD = re.compile("奖(?:特|[一二三四]|金|银|铜)(?:等)?奖$")

Check = Callable[[str, str, Clues], bool]


def other_number(short: str, full: str, _: Clues) -> bool:
    """第一医院 and 第二医院; a number that only the fuller name has is no objection."""
    return not numerals(without_edition(short)) <= numerals(full)


def other_edition(short: str, full: str, _: Clues) -> bool:
    """第五届进博会 and 第六届进博会, 2024年 and 2025年."""
    return not edition(short) <= counts(full)


def other_place(short: str, full: str, clues: Clues) -> bool:
    """湖北省人民政府 and 河北省人民政府; 山西省博物馆 and 太原市博物馆, of another level of government.

    河南省双汇集团 may be 河南省漯河市双汇实业集团: the one place is written before the other.
    """
    left, rest = clues.split(short)
    right, behind = clues.split(full)
    if not (left and right) or left == right:
        return False
    return not (full.startswith(short.removesuffix(rest)) or short.startswith(full.removesuffix(behind)))


def other_country(short: str, full: str, clues: Clues) -> bool:
    """俄罗斯国防部 and 白俄罗斯国防部: each begins with a country of its own."""
    left, right = clues.country(short), clues.country(full)
    return left is not None and right is not None and left != right


def ministry_elsewhere(short: str, full: str, clues: Clues) -> bool:
    """国防部 and 俄罗斯国防部, where the text speaks of Ukraine before it says 国防部."""
    country = clues.country(full)
    return short in clues.owners and country is not None and clues.owners[short] != {country}


def other_township(short: str, full: str, _: Clues) -> bool:
    """石人镇卫生院 and 大石人镇卫生院: each begins with a town of its own; 二社区 is 第二社区, 家乡 is no town."""
    left, right = TOWNSHIP.match(short.replace("第", "")), TOWNSHIP.match(full.replace("第", ""))
    if left is None or right is None or left[1] == right[1]:
        return False
    return not (inserted(left[1], right[1]) or "").endswith("族")  # 三江水族乡


def registered_name(short: str, full: str, clues: Clues) -> bool:
    """中车株洲电力机车有限公司 and 中车株洲电力机车研究所有限公司, 泰开集团有限公司 and 泰开集团变压器公司."""
    return REGISTERED.search(short) is not None and clues.core(short) != clues.core(full)


def generic_word(short: str, _: str, clues: Clues) -> bool:
    """大学, 论坛, 公司 stand for no one name; 空军 is not the end of 东部战区空军 but a thing of its own."""
    words = clues.lexicon.suffixes
    return (short in words["generic"] or short in words["own"]) and short not in clues.definitions


def other_outpost(short: str, full: str, clues: Clues) -> bool:
    """国家电投 and 国家电投山东分公司, 太原分行 and 太原支行: one of the two is a branch, or of another kind."""
    left, right = clues.end(short, "outpost"), clues.end(full, "outpost")
    return left != right and not (left and full.endswith(left))


def other_legal_form(short: str, full: str, clues: Clues) -> bool:
    """鞍钢集团 and 鞍钢股份有限公司, 华阳集团 and 华阳股份: a group is not its listed company, nor vice versa."""
    tails = clues.lexicon.suffixes["registered_tail"]
    left, right = ({tail for tail in tails if tail in name[len(without_legal_form(name)) :]} for name in (short, full))
    if left and right:
        return left.isdisjoint(right)
    tail = clues.end(short, "registered_tail")
    is_company = REGISTERED.search(full) is not None or (tail == "股份" and full.endswith("公司"))
    return bool(tail) and tail not in full and is_company


def institution_and_company(short: str, full: str, clues: Clues) -> bool:
    """北京长峰医院 and 北京长峰医院股份有限公司: who runs it is somebody else."""
    return REGISTERED.search(full) is not None and clues.lexicon.ends_with(short, "institution")


def occasion_of_it(short: str, full: str, clues: Clues) -> bool:
    """“承德山水” and “承德山水”品牌管理办法: a document, a title or a ceremony about a thing is not the thing."""
    occasion = clues.end(full, "occasion")
    return bool(occasion) and not short.endswith(occasion)


def company_of_the_group(short: str, full: str, clues: Clues) -> bool:
    """山钢集团 and 山东钢铁集团日照有限公司: what the group founded in a place is not the group."""
    _, group, behind = without_legal_form(full).rpartition("集团")
    if not short.endswith("集团") or not group or not REGISTERED.search(full):
        return False
    behind = behind.strip("()")
    return bool(behind) and any(clues.is_place(behind[:width]) for width in (2, 3, 4))


def landscape_and_town(short: str, full: str, clues: Clues) -> bool:
    """芝罘岛 and 芝罘岛街道, 汾河 and 汾河景区: called after what they lie at; but 獐子岛 is 獐子岛镇."""
    if not full.startswith(short) or not clues.lexicon.ends_with(short, "landscape"):
        return False
    rest = full[len(short) :]
    return rest == "街道" or (short.endswith(("江", "河")) and rest.endswith("区"))


def of_a_town(short: str, full: str, clues: Clues) -> bool:
    """榆次区老促会 and 榆次区张庆乡老区建设促进会: the one is the district's, the other a town's in it."""
    (left, rest), (right, behind) = clues.split(short), clues.split(full)
    town = TOWNSHIP.match(behind) if left and left == right else None
    return town is not None and town[1][:2] not in rest


def other_level(short: str, full: str, _: Clues) -> bool:
    """山西省科学技术进步奖 and 山西省科学技术进步奖二等奖: the level is part of what was won."""
    return LEVEL_OF_AWARD.search(full) is not None and full[-2:] != short[-2:]


def other_meeting(short: str, full: str, _: Clues) -> bool:
    """数字峰会 and 第七届数字中国建设峰会云生态大会: a meeting inside another ends in its own word."""
    return short.endswith("峰会") and "峰会" in full and full.endswith("大会")


def company_in_a_place(short: str, full: str, clues: Clues) -> bool:
    """万华 and 万华化学(铜陵)特种材料有限公司: what a house founded in a place; a longer name may be its own."""
    bracket = INNER_BRACKET.search(full) if len(short) == SHORTEST and REGISTERED.search(full) else None
    return bracket is not None and clues.is_place(bracket[1])


VETOES: tuple[Check, ...] = (
    other_number,
    other_edition,
    other_place,
    other_country,
    ministry_elsewhere,
    other_township,
    registered_name,
    generic_word,
    other_outpost,
    other_legal_form,
    institution_and_company,
    occasion_of_it,
    company_of_the_group,
    landscape_and_town,
    of_a_town,
    other_level,
    other_meeting,
    company_in_a_place,
)
