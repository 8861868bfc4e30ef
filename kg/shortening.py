"""Whether one name of an article is the short form of another of the same type.

``MERGES`` is the whole algorithm: by type, the rules under which a short name may stand for a fuller one, strongest
first; what forbids it stands in vetoes.py.  In: two keys and the article's clues.  Out: the rank of a rule.  What a
name means by itself (home, gazetteer) is settled before.  Edit distance never decides: 河北省人民政府 and
湖北省人民政府 are one character apart.
"""

import re
from collections.abc import Iterable, Mapping
from itertools import pairwise

from kg.clues import Clues
from kg.context import ORGANISATION, PERSON, PLACE, PROGRAMME
from kg.gazetteer import TOWNSHIP_WORDS
from kg.names import (
    inserted,
    is_ordered_part,
    own_signs,
    signs,
    with_arabic,
    without_edition,
    without_inner_edition,
    without_inner_legal_form,
    without_legal_form,
)
from kg.vetoes import REGISTERED, VETOES, Check

BRACKET = re.compile(r"\(([^()]*)\)$")
DOUBLE = re.compile("([^暨·]+)[暨·]")
PEOPLE = re.compile("(?!民族).{1,6}族$")
LEVELS = ("省", "市", "县", "区")
DIGIT = "[〇零一二三四五六七八九十百]"
# No rule does with less than half of a few signs, or MOST of more than FEW: measured on 2,700 labelled articles.
FEW, MOST = 4, 0.7
# A longer name before 站 is not a town's (太原南, 韩家峪) but that of the thing it stands at.
LONGEST_TOWN = 4
# What a branch is may be said in as many characters more: 马桥[税务]分局.
LONGEST_KIND = 4
BRAND = (2, 3)
SCHOOL = re.compile(rf"^({DIGIT}+)中$")


def defined_in_text(short: str, full: str, clues: Clues) -> bool:
    """山西晋钛新材料股份有限公司（以下简称“晋钛新材”）."""
    return short in clues.definitions and clues.definitions[short].endswith(full)


def renamed_in_text(short: str, full: str, clues: Clues) -> bool:
    """南京永利铔厂（今中石化南京化学工业有限公司）: the text says what it was or is called."""
    return full in clues.renamed.get(short, ())


def beside_in_brackets(short: str, full: str, clues: Clues) -> bool:
    """益民集团（上海益民商业集团股份有限公司）: the fuller name in brackets behind it, or the other way round."""
    return full in clues.beside.get(short, ()) and len(short) < len(full)


def head_of_list(short: str, full: str, clues: Clues) -> bool:
    """南星 of 南星街道 where the text says 清波、南星、紫阳等街道."""
    heads = clues.shared_heads.get(short, ())
    forms = (full, *clues.surfaces.get(full, ())) if heads else ()
    return any(form.endswith(short + head) for form in forms for head in heads)


def legal_form_dropped(short: str, full: str, clues: Clues) -> bool:
    """太原重工 of 太原重工股份有限公司, 晋钛新材料公司 of 山西晋钛新材料股份有限公司."""
    whole = without_legal_form(full)
    if whole == full:
        return False
    bodies = {without_legal_form(short), short}
    # 汇川 of 深圳市汇川技术 is a place elsewhere, and no place here.
    before = {whole.removesuffix(body) for body in bodies if len(body) > 3 and whole.endswith(body)}
    if any(place and clues.split(place)[1] == "" for place in before):
        return True
    if not any(body in whole for body in bodies):
        return False
    core = clues.core(full)
    return whole in bodies or (len(core) > 1 and core in bodies)


def core_of_company(short: str, full: str, clues: Clues) -> bool:
    """晋钛新材 of 山西晋钛新材料股份有限公司, 能裕公司 of 定襄县能裕新能源有限公司: the own word after the place."""
    body, whole = without_legal_form(short), without_legal_form(full)
    if (
        whole == full
        or body not in whole
        or len(body) < 2
        or body.endswith(TOWNSHIP_WORDS)  # 蟒河镇 is not 蟒河镇强村富民发展有限公司
        or clues.is_city(body)
        or (body == short and clues.is_place(body))
    ):
        return False
    if clues.lexicon.ends_with(short, "generic") and not short.endswith(("公司", "集团")):
        return False  # 西北工业大学 is not 西北工业大学资产经营公司
    core = clues.core(full)
    if short.endswith("集团"):
        trades = [name[len(body) :] for name in (whole, core) if name.startswith(body)]
        return "集团" in full and any(trade in clues.lexicon.suffixes["group_trade"] for trade in trades)
    if body == short and whole.startswith(body) and full.endswith("公司") and not REGISTERED.search(full):
        return whole == body  # 攀钢矿业公司 is a company of 攀钢
    # 飞强 of 湖北利川飞强茶业: behind its first place, behind its second.
    is_own = any(own.startswith(body) or own.endswith(body) for own in (core, *clues.cores(core)))
    return whole.startswith(body) or is_own or (len(body) > 2 and body in core)


def inner_legal_form_dropped(short: str, full: str, clues: Clues) -> bool:
    """中国工商银行太原分行 of 中国工商银行股份有限公司太原分行."""
    whole = without_inner_legal_form(full)
    before = whole.removesuffix(short)
    return whole not in (full, before) and (not before or clues.is_place(before))


def end_of_fuller_name(short: str, full: str, clues: Clues) -> bool:
    """坞城校区 of 山西大学坞城校区, 营业部 of 兴业银行太原分行营业部; 南亚 is not the end of 东南亚.

    The end of a printed form is as good: 人大常委会 of 全国人大常委会, 文明办 of 区文明办.
    """
    forms = {BRACKET.sub("", form) for form in (full, *clues.surfaces.get(full, ()))}
    before = {form.removesuffix(short) for form in forms if form.endswith(short)}
    return any(len(word) > 1 for word in before) or (len(short) > 2 and not before.isdisjoint(LEVELS))


def bracket_dropped(short: str, full: str, clues: Clues) -> bool:
    """山西农业大学 of 山西农业大学（山西省农业科学院）; a place parts: 中国石油大学（北京）, （华东）."""
    bracket = BRACKET.search(full)
    return bracket is not None and full.removesuffix(bracket[0]) == short and not clues.is_place(bracket[1])


def end_without_head(short: str, full: str, clues: Clues) -> bool:
    """3号线一期 of 太原轨道交通3号线一期工程."""
    heads = [head for head in clues.lexicon.suffixes["programme_head"] if full.endswith(head)]
    return len(short) > 3 and any(full.removesuffix(head).endswith(short) for head in heads)


def company_by_initials(short: str, full: str, clues: Clues) -> bool:
    """太重集团 of 太原重型机械集团有限公司, 山西建投 of 山西建设投资集团有限公司, 辰汉农装 of 洛阳辰汉农业装备有限公司.

    In order: with the group's word two initials are enough; else the same place before them, or the whole own word.
    """
    body, name = without_legal_form(short), without_legal_form(full)
    if name == full or not is_ordered_part(body, name):
        return False
    own, core = clues.core(body), clues.core(full)
    place = body.removesuffix(own)
    if place:
        is_part = own[:1] == core[:1] != "" and not core.startswith(own) and is_ordered_part(own, core)
        # 美国广播公司 is not 美国哥伦比亚广播公司.
        is_own = own in clues.cores(core) and place not in clues.gazetteer.country_by_alias
        return name.startswith(place) and own != "" and (is_part or is_own)
    if body != short and not short.endswith("公司"):
        return 2 <= len(body) <= 4 and _has_initials(body, name, clues)
    return len(body) > 3 and core.startswith(body[:2]) and not core.startswith(body) and is_ordered_part(body, core)


def brand_by_initials(short: str, full: str, clues: Clues) -> bool:
    """陕汽 of 陕西汽车控股集团有限公司, 武体发 of 武汉体育发展投资有限公司: its place's initial, then its own word's.

    Not of what a group founded: 包头钢铁(集团)设备检修服务有限公司.
    """
    if len(short) not in BRAND or not REGISTERED.search(full) or without_legal_form(short) != short:
        return False
    name = without_legal_form(full)
    return "集团" not in name and _has_initials(short, name, clues)


def _has_initials(body: str, name: str, clues: Clues) -> bool:
    """Tell whether ``body`` is a place's initial, then the own word's, then others in order (柳钢 of 广西柳州钢铁)."""
    names = (name, *clues.cores(name))
    return any(
        body[:1] == before[:1] and body[1:2] == core[:1] and is_ordered_part(body[2:], core[1:])
        for before, core in pairwise(names)
    )


def university_dropped(short: str, full: str, clues: Clues) -> bool:
    """太原理工 of 太原理工大学, 复旦 of 复旦大学, 华西 of 华西医院; a place is none: 郑州 is not 郑州大学."""
    if len(short) < 2 or clues.is_place(short):
        return False
    forms = (full, *clues.surfaces.get(full, ()))
    return full in (f"{short}大学", f"{short}学院") or f"{short}医院" in forms


def common_words_dropped(short: str, full: str, clues: Clues) -> bool:
    """阳郭法庭 of 临渭区人民法院阳郭人民法庭: 人民 and 街道 are often left out, 中学校 is also 中学."""
    left_out = "|".join(clues.lexicon.suffixes["left_out"])
    whole = re.sub(f"{left_out}|(?<=中学)校", "", full)
    return len(short) > 3 and whole != full and whole.endswith(re.sub("(?<=中学)校", "", short))


def numbered_school(short: str, full: str, _: Clues) -> bool:
    """十二中 of 太原市第十二中学校; the whole number counts (二中 is not 十二中)."""
    match = SCHOOL.match(short)
    if not match:
        return False
    return re.search(rf"(?<!{DIGIT})第?{match[1]}中(?:学校?)?$", full) is not None and len(full) > len(short) + 1


def abbreviated(short: str, full: str, clues: Clues) -> bool:
    """兰大二院 of 兰州大学第二医院, 侯马开发区 of 侯马经济开发区: in order, same beginning, same end.

    What is put into a name makes another one (山西[医科]大学), unless it only describes (经济开发区) or names the
    company above (国网[山西省电力公司]晋城供电公司).  Endings may be cut (endings.csv): 浙大 of 浙江大学.
    """
    short, full = with_arabic(short), with_arabic(full)
    whole = clues.lexicon.cut_like(short, full)
    if len(short) >= len(full) or short[-1:] != whole[-1:] or len(short) < (2 if whole != full else 3):
        return False
    between = inserted(short, whole) if whole == full else None
    if not whole.endswith(clues.end(short, "institution")):
        return False  # 农学院 is no 研究院
    if between is not None:
        if PEOPLE.match(between) and full.endswith((*TOWNSHIP_WORDS, "村")):
            return True  # 三江水族乡
        return between in clues.lexicon.suffixes["descriptor"] or (len(between) > 3 and between.endswith("公司"))
    starts = {whole[:1], clues.core(whole)[:1]} | {part[0] for part in re.findall(r"[)·](.+)", whole)}
    whole = _from_place(short, whole, clues)
    return (short[:1] in starts or short[:1] == whole[:1]) and is_ordered_part(short, whole)


def _from_place(short: str, full: str, clues: Clues) -> str:
    """Return ``full`` from where it says the place that ``short`` begins with (长春光机所), or as it is."""
    place = next((short[:width] for width in (3, 2) if clues.is_place(short[:width])), "")
    return full[full.find(place) :] if place in full else full


def own_word_and_end(short: str, full: str, clues: Clues) -> bool:
    """马桥分局 of 桓台县税务局马桥税务分局, 驮卢厂 of 东亚糖业驮卢糖厂: its own word, then its end."""
    end = clues.end(short, "own_end")
    own = short.removesuffix(end)
    if not end or short in full or len(own) < 2 or clues.is_place(own) or clues.lexicon.ends_with(own, "generic"):
        return False
    place = full.rfind(own)
    return place > 0 and full.endswith(end) and 0 < len(full) - len(end) - place - len(own) <= LONGEST_KIND


def own_house_and_end(short: str, full: str, clues: Clues) -> bool:
    """江汉油田坪北项目部 of 中国石化江汉油田采油气工程技术服务中心坪北项目部: what stands between is left out."""
    for width in range(3, len(short) - 3):
        house, end = short[:width], short[width:]
        if full.endswith(end) and 0 < full.find(house) < len(full) - len(short) and not clues.split(house)[0]:
            return True
    return False


def character_doubled(short: str, full: str, clues: Clues) -> bool:
    """太重重工 of 太原重工: a slip of the pen that writes a neighbour's character twice; no other slip is forgiven."""
    return len(short) > 3 and any(_is_doubled(short, printed) for printed in clues.surfaces.get(full, ()))


def _is_doubled(slip: str, right: str) -> bool:
    wrong = [place for place, (a, b) in enumerate(zip(slip, right, strict=False)) if a != b]
    if len(slip) != len(right) or len(wrong) != 1:
        return False
    return slip[wrong[0]] in slip[max(0, wrong[0] - 1) : wrong[0]] + slip[wrong[0] + 1 : wrong[0] + 2]


def beginning_of_town(short: str, full: str, clues: Clues) -> bool:
    """柳市 of 柳市镇, whatever it ends in; 石浦 is the town and not 石浦港, which is called after it."""
    others = {f"{short}村", f"{short}遗址"}
    return full == f"{short}镇" and not short.endswith(("村", "关", "湖")) and others.isdisjoint(clues.surfaces)


def beginning_of_place(short: str, full: str, clues: Clues) -> bool:
    """碛口 of 碛口古镇, 石老人 of 石老人海水浴场; but 竞秀公园站 is not 竞秀公园, nor 军事博物馆站 the museum."""
    if (full == f"{short}区" and short.endswith("山")) or _is_scenic(short, full, clues):
        return True
    if clues.lexicon.ends_with(short, "place_tail") or clues.is_place(short):
        return False
    if full == f"{short}站" and (len(short) > LONGEST_TOWN or clues.lexicon.ends_with(short, "local_place")):
        return False
    return full.startswith(short) and full[len(short) :] in clues.lexicon.suffixes["place_tail"]


def _is_scenic(short: str, full: str, clues: Clues) -> bool:
    return full.startswith(short) and full[len(short) :] in clues.lexicon.suffixes["scenic_tail"]


def edition_dropped(short: str, full: str, _: Clues) -> bool:
    """进博会 of 第六届进博会, 杭州亚运会 of 杭州第19届亚运会."""
    return without_edition(full) == without_edition(short) or without_inner_edition(full) == short


def quoted_word(short: str, full: str, clues: Clues) -> bool:
    """“蓝马甲” of “蓝马甲”助老行动, “守敬杯” of 2024“守敬杯”邢台市青少年机器人大赛: the word the name has in quotes."""
    is_meeting = clues.lexicon.ends_with(full, "meeting") and not full.endswith("分论坛")
    return without_edition(short) in clues.quoted.get(full, ()) and not is_meeting


def quoted_word_with_head(short: str, full: str, clues: Clues) -> bool:
    """“夜塾计划” of “文瀛夜塾”青年充电续航计划: part of its quoted word, then its head."""
    heads = [head for head in clues.lexicon.suffixes["programme_head"] if short.endswith(head) and full.endswith(head)]
    body = short.removesuffix(max(heads, key=len)) if heads else ""
    return len(body) > 1 and any(body in word for word in clues.quoted.get(full, ()))


def same_quoted_word(short: str, full: str, clues: Clues) -> bool:
    """“好戏看山西”进京展演 of “好戏看山西”2024进京展演: one quoted word, one head, in order."""
    if not clues.quoted.get(short, frozenset()) & clues.quoted.get(full, frozenset()):
        return False
    heads = clues.lexicon.suffixes["programme_head"]
    is_cup = short.endswith(tuple(clues.quoted[short])) and clues.lexicon.ends_with(full, "quoted_tail")
    if is_cup and is_ordered_part(short, full):
        return True  # 集团“矿工杯” of 华阳集团第二十八届“矿工杯”职工篮球赛
    return is_ordered_part(short, full) and any(short.endswith(head) and full.endswith(head) for head in heads)


def beginning_of_programme(short: str, full: str, clues: Clues) -> bool:
    """“十四五” of “十四五”规划, 大生产 of 大生产运动; a name that is complete (论坛, 工程) is not continued."""
    if full == f"{short}会":
        return True  # 冬奥, 进博
    if clues.lexicon.ends_with(short, "programme_head"):
        return False
    return full.startswith(short) and full[len(short) :] in clues.lexicon.suffixes["programme_head"]


def abbreviated_event(short: str, full: str, clues: Clues) -> bool:
    """进博会 of 第六届中国国际进口博览会, 太马 of 2024太原马拉松: in order, same end; 国际 may be left out."""
    body = without_edition(short)
    name = clues.lexicon.cut_like(body, without_edition(full))
    is_cut = name != without_edition(full)
    between = inserted(body, name)
    if between in clues.lexicon.suffixes["descriptor"]:
        return True
    if not (2 if is_cut else 3) <= len(body) <= 8 or body[-1:] != name[-1:] or len(name) < len(body) + 2 - is_cut:
        return False
    if name.endswith(body):
        return True
    if is_cut:  # 太马 of 太原马: one character more is the rest of a word
        return is_ordered_part(body, name) and body[:1] == name[:1] and (between is None or len(between) == 1)
    return is_ordered_part(body, name) and between is None


def first_of_two(short: str, full: str, _: Clues) -> bool:
    """风筝会 of 第42届潍坊国际风筝会暨2025潍坊风筝嘉年华: a double name goes by its first half."""
    double = DOUBLE.match(full) if len(short) > 2 else None
    return double is not None and without_edition(double[1]).endswith(without_edition(short))


def part_of_foreign_name(short: str, full: str, _: Clues) -> bool:
    """米莱 of 哈维尔·米莱, 班禅 of 班禅额尔德尼·确吉杰布."""
    return len(short) > 1 and "·" in full and (short in re.split("[·-]", full) or full.startswith(short))


def surname_and_title(short: str, full: str, clues: Clues) -> bool:
    """习主席 of 习近平; 李校长 of 李建军 where the text says 校长李建军, but not where it says 记者李建军."""
    title, printed = short[1:], clues.titles.get(full, frozenset())
    if not full.startswith(short[:1]) or not 2 <= len(full) <= 3 or _is_surname_and_title(full, clues):
        return False
    if title in clues.lexicon.suffixes["evident_title"]:
        return title in printed
    # Who is 国家主席 may well be 总书记 too; who is 记者 is not.
    offices = clues.lexicon.suffixes["title"]
    return title in offices and (not printed or not printed.isdisjoint(offices))


def _is_surname_and_title(name: str, clues: Clues) -> bool:
    return any(name[1:] in clues.lexicon.suffixes[kind] for kind in ("title", "evident_title"))


def surname_of_four(short: str, full: str, _: Clues) -> bool:
    """高市 of 高市早苗: Japanese names go by their surname."""
    return len(short) == 2 and len(full) == 4 and full.startswith(short)


MERGES: Mapping[str, tuple[Check, ...]] = {
    PERSON: (part_of_foreign_name, surname_and_title, surname_of_four),
    ORGANISATION: (
        defined_in_text,
        renamed_in_text,
        beside_in_brackets,
        head_of_list,
        bracket_dropped,
        legal_form_dropped,
        inner_legal_form_dropped,
        end_of_fuller_name,
        university_dropped,
        common_words_dropped,
        numbered_school,
        core_of_company,
        company_by_initials,
        brand_by_initials,
        quoted_word,
        abbreviated,
        own_word_and_end,
        own_house_and_end,
        character_doubled,
    ),
    PLACE: (defined_in_text, head_of_list, beginning_of_town, beginning_of_place, end_of_fuller_name, abbreviated),
    PROGRAMME: (
        defined_in_text,
        renamed_in_text,
        beside_in_brackets,
        edition_dropped,
        bracket_dropped,
        beginning_of_programme,
        quoted_word,
        quoted_word_with_head,
        same_quoted_word,
        end_of_fuller_name,
        end_without_head,
        abbreviated_event,
        first_of_two,
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


def least_common(type_: str, shorts: Iterable[str], clues: Clues) -> float:
    """Return how many characters a name must have in common with another one for any of ``shorts`` to stand for it."""
    if not (clues.definitions.keys().isdisjoint(shorts) and clues.renamed.keys().isdisjoint(shorts)):
        return 0
    return 1 if type_ == PERSON else min([len(signs(short)) for short in shorts]) / 2


def _could_stand_for(type_: str, short: str, full: str, clues: Clues) -> bool:
    """Tell quickly that two names share too little; two companies that have nothing but 有限公司 in common do."""
    if short in clues.definitions or short in clues.renamed:
        return True
    if type_ == PERSON:
        return not signs(short).isdisjoint(full)
    own = own_signs(short)
    least = len(own) * MOST if len(own) > FEW else len(own) / 2
    return len(own.intersection(full)) >= least and len(signs(short).intersection(full)) * 2 >= len(signs(short))
