"""Whether one name of an article is the short form of another of the same type.

``MERGES`` is the whole algorithm: by type, the rules under which a short name may stand for a fuller one, strongest
first; ``VETOES`` name what forbids it.  In: two keys and the article's clues.  Out: the rank of a rule.  What a name
means by itself (home, gazetteer) is settled before.  Edit distance never decides: 河北省人民政府 and 湖北省人民政府 are
one character apart.
"""

import re
from collections.abc import Callable, Mapping

from kg.clues import Clues
from kg.context import ORGANISATION, PERSON, PLACE, PROGRAMME
from kg.names import edition, inserted, is_ordered_part, numerals, without_edition, without_legal_form

# What a group's name may go without: 太原食品集团 of 太原食品产业集团有限公司.
TRADE = frozenset(["产业", "科技", "实业", "控股", "投资", "发展", "投资控股", "产业投资", "开发"])
REGISTERED = re.compile(r"(?:有限|股份|有限责任)公司$")
SHORT_TITLE = re.compile(r"^(.)(?:主席|总书记|总理|总统|老|书记|市长|省长|院士|教授|委员|代表|医生|大夫|老师)$")

Check = Callable[[str, str, Clues], bool]


def other_number(short: str, full: str, _: Clues) -> bool:
    """第一医院 and 第二医院; a number that only the fuller name has is no objection."""
    return not numerals(without_edition(short)) <= numerals(full)


def other_edition(short: str, full: str, _: Clues) -> bool:
    """第五届进博会 and 第六届进博会, 2024年 and 2025年."""
    return not all(number in full for number in edition(short))


def other_place(short: str, full: str, clues: Clues) -> bool:
    """湖北省人民政府 and 河北省人民政府, 朔城区交警大队 and 平鲁区交警大队: neither place lies in the other."""
    left, right = clues.split(short)[0], clues.split(full)[0]
    return bool(left and right) and not (left.startswith(right) or right.startswith(left))


def two_registered_names(short: str, full: str, clues: Clues) -> bool:
    """中车株洲电力机车有限公司 and 中车株洲电力机车研究所有限公司: each is a full name."""
    if not (REGISTERED.search(short) and REGISTERED.search(full)):
        return False
    return clues.core(short) != clues.core(full)


def generic_word(short: str, _: str, clues: Clues) -> bool:
    """大学, 论坛, 公司 stand for no one name."""
    return short in clues.lexicon.suffixes["generic"] and short not in clues.definitions


VETOES: tuple[Check, ...] = (other_number, other_edition, other_place, two_registered_names, generic_word)


def defined_in_text(short: str, full: str, clues: Clues) -> bool:
    """山西晋钛新材料股份有限公司（以下简称“晋钛新材”）."""
    return short in clues.definitions and clues.definitions[short].endswith(full)


def legal_form_dropped(short: str, full: str, clues: Clues) -> bool:
    """太原重工 of 太原重工股份有限公司, 晋钛新材料公司 of 山西晋钛新材料股份有限公司."""
    if without_legal_form(full) == full:
        return False
    bodies = {without_legal_form(short), short}
    return without_legal_form(full) in bodies or (len(clues.core(full)) > 1 and clues.core(full) in bodies)


def core_of_company(short: str, full: str, clues: Clues) -> bool:
    """晋钛新材 of 山西晋钛新材料股份有限公司, 能裕公司 of 定襄县能裕新能源有限公司: the own word after the place."""
    body, core = without_legal_form(short), clues.core(full)
    if without_legal_form(full) == full or len(body) < 2 or clues.is_place(body):
        return False
    if clues.lexicon.ends_with(short, "generic") and not short.endswith(("公司", "集团")):
        return False  # 西北工业大学 is not 西北工业大学资产经营公司
    whole = without_legal_form(full)
    if short.endswith("集团"):
        return "集团" in full and whole.startswith(body) and whole[len(body) :] in TRADE
    return whole.startswith(body) or core.startswith(body) or core.endswith(body) or (len(body) > 2 and body in core)


def end_of_fuller_name(short: str, full: str, _: Clues) -> bool:
    """坞城校区 of 山西大学坞城校区, 营业部 of 兴业银行太原分行营业部; 南亚 is not the end of 东南亚."""
    return _without_bracket(full).endswith(short) and len(full) - len(short) > 1


def bracket_dropped(short: str, full: str, _: Clues) -> bool:
    """山西农业大学 of 山西农业大学（山西省农业科学院）."""
    return _without_bracket(full) == short


def _without_bracket(name: str) -> str:
    return re.sub(r"\([^()]*\)$", "", name)


def end_without_head(short: str, full: str, clues: Clues) -> bool:
    """3号线一期 of 太原轨道交通3号线一期工程."""
    heads = [head for head in clues.lexicon.suffixes["programme_head"] if full.endswith(head)]
    return len(short) > 3 and any(full.removesuffix(head).endswith(short) for head in heads)


def company_by_initials(short: str, full: str, _: Clues) -> bool:
    """太重集团 of 太原重型机械集团有限公司, 江铜集团 of 江西铜业集团有限公司: two initials in order, then 集团."""
    body = short.removesuffix("集团")
    if body == short or "集团" not in full or without_legal_form(full) == full:
        return False
    name = without_legal_form(full)
    return 2 <= len(body) <= 4 and body[0] == full[0] and is_ordered_part(body, name) and not name.startswith(body)


def university_dropped(short: str, full: str, _: Clues) -> bool:
    """太原理工 of 太原理工大学."""
    return len(short) > 3 and full in (f"{short}大学", f"{short}学院")


def common_words_dropped(short: str, full: str, _: Clues) -> bool:
    """阳郭法庭 of 临渭区人民法院阳郭人民法庭: 人民 and 街道 are often left out."""
    return len(short) > 3 and re.sub("人民|街道", "", full).endswith(short)


def abbreviated(short: str, full: str, clues: Clues) -> bool:
    """兰大二院 of 兰州大学第二医院, 侯马开发区 of 侯马经济开发区: in order, same beginning, same end.

    What is put into a name makes another one (山西[医科]大学), unless it only describes (经济开发区).
    """
    full = re.sub("(?<=附)属(?=[中小])|(?<=[中小])学$", "", full) if short[-1] in "中小" else full
    if not 3 <= len(short) < len(full) or short[-1] != full[-1]:
        return False
    between = inserted(short, full)
    if between is not None:
        return between in clues.lexicon.suffixes["descriptor"]
    starts = {full[:1], clues.core(full)[:1]} | {part[0] for part in re.findall(r"[)·](.+)", full)}
    return short[0] in starts and is_ordered_part(short, full)


def character_doubled(short: str, full: str, clues: Clues) -> bool:
    """太重重工 of 太原重工: a slip of the pen that writes a neighbour's character twice; no other slip is forgiven."""
    return len(short) > 3 and any(_is_doubled(short, printed) for printed in clues.surfaces.get(full, ()))


def _is_doubled(slip: str, right: str) -> bool:
    wrong = [place for place, (a, b) in enumerate(zip(slip, right, strict=False)) if a != b]
    if len(slip) != len(right) or len(wrong) != 1:
        return False
    return slip[wrong[0]] in slip[max(0, wrong[0] - 1) : wrong[0]] + slip[wrong[0] + 1 : wrong[0] + 2]


def beginning_of_place(short: str, full: str, clues: Clues) -> bool:
    """碛口 of 碛口古镇, 石老人 of 石老人海水浴场; but 竞秀公园站 is not 竞秀公园."""
    if full == f"{short}区" and short.endswith("山"):
        return True
    if clues.lexicon.ends_with(short, "place_tail") or clues.is_place(short):
        return False
    if full == f"{short}站" and clues.lexicon.ends_with(short, "local_place"):
        return False
    return full.startswith(short) and full[len(short) :] in clues.lexicon.suffixes["place_tail"]


def edition_dropped(short: str, full: str, _: Clues) -> bool:
    """进博会 of 第六届进博会."""
    return without_edition(full) == without_edition(short)


def quoted_word(short: str, full: str, clues: Clues) -> bool:
    """“蓝马甲” of “蓝马甲”助老行动, “守敬杯” of 2024“守敬杯”邢台市青少年机器人大赛: the word the name has in quotes."""
    return without_edition(short) in clues.quoted.get(full, ()) and not clues.lexicon.ends_with(full, "occasion")


def quoted_word_with_head(short: str, full: str, clues: Clues) -> bool:
    """“夜塾计划” of “文瀛夜塾”青年充电续航计划: part of its quoted word, then its head."""
    heads = [head for head in clues.lexicon.suffixes["programme_head"] if short.endswith(head) and full.endswith(head)]
    body = short.removesuffix(max(heads, key=len)) if heads else ""
    return len(body) > 1 and any(body in word for word in clues.quoted.get(full, ()))


def beginning_of_programme(short: str, full: str, clues: Clues) -> bool:
    """“十四五” of “十四五”规划, 大生产 of 大生产运动; a name that is complete (论坛, 工程) is not continued."""
    if clues.lexicon.ends_with(short, "programme_head"):
        return False
    return full.startswith(short) and full[len(short) :] in clues.lexicon.suffixes["programme_head"]


def abbreviated_event(short: str, full: str, _: Clues) -> bool:
    """进博会 of 第六届中国国际进口博览会: in order, same end, short."""
    body, name = without_edition(short), without_edition(full)
    if not 3 <= len(body) <= 8 or body[-1] != name[-1] or len(name) < len(body) + 2:
        return False
    return (is_ordered_part(body, name) and not inserted(body, name)) or name.endswith(body)


def part_of_foreign_name(short: str, full: str, _: Clues) -> bool:
    """米莱 of 哈维尔·米莱, 班禅 of 班禅额尔德尼·确吉杰布."""
    return len(short) > 1 and "·" in full and (short in re.split("[·-]", full) or full.startswith(short))


def surname_and_title(short: str, full: str, _: Clues) -> bool:
    """习主席 of 习近平."""
    match = SHORT_TITLE.match(short)
    if match is None or SHORT_TITLE.match(full):
        return False
    return full.startswith(match[1]) and 2 <= len(full) <= 3


def surname_of_four(short: str, full: str, _: Clues) -> bool:
    """高市 of 高市早苗: Japanese names go by their surname."""
    return len(short) == 2 and len(full) == 4 and full.startswith(short)


MERGES: Mapping[str, tuple[Check, ...]] = {
    PERSON: (part_of_foreign_name, surname_and_title, surname_of_four),
    ORGANISATION: (
        defined_in_text,
        bracket_dropped,
        legal_form_dropped,
        end_of_fuller_name,
        university_dropped,
        common_words_dropped,
        core_of_company,
        company_by_initials,
        quoted_word,
        abbreviated,
        character_doubled,
    ),
    PLACE: (defined_in_text, beginning_of_place, end_of_fuller_name, abbreviated),
    PROGRAMME: (
        defined_in_text,
        edition_dropped,
        bracket_dropped,
        beginning_of_programme,
        quoted_word,
        quoted_word_with_head,
        end_of_fuller_name,
        end_without_head,
        abbreviated_event,
    ),
}


def stands_for(type_: str, short: str, full: str, clues: Clues) -> int | None:
    """Return the rank in ``MERGES[type_]`` of the first rule by which ``short`` may stand for ``full``, or None."""
    if short == full or not _could_stand_for(type_, short, full, clues):
        return None
    for rank, rule in enumerate(MERGES.get(type_, ())):
        if rule(short, full, clues):
            return None if any(veto(short, full, clues) for veto in VETOES) else rank
    return None


def _could_stand_for(type_: str, short: str, full: str, clues: Clues) -> bool:
    """Tell quickly that two names share too little; most pairs of an article end here."""
    return type_ == PERSON or short in clues.definitions or len(set(short) & set(full)) * 2 >= len(set(short))
