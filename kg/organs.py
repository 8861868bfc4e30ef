"""What an organisation's name stands for by itself: ``RULES``, asked in this order until one answers.

In: a name and its context.  Out: a meaning, or None.  The full forms of organs and bodies are data (organs.csv,
bodies.csv); the place that an organ belongs to comes from the context.
"""

import re
from dataclasses import replace

from kg.context import ORGANISATION, PLACE, Context, Name, is_level
from kg.gazetteer import CHINA, Division
from kg.lexicon import is_complete
from kg.meanings import Meaning, Rule, as_printed, meaning_of, of_this_article
from kg.names import COUNT, key

# 市教育局, 团市委, 民建省委: an organ named by its level.  市场, 市政, 区块, 省部共建 … are words of their own.
RELATIVE_ORGAN = re.compile(
    r"^(团|共青团|民革|民盟|民建|民进|农工党|致公党|九三学社|)"
    r"(省|自治区|自治州|市|县|区|旗|州|盟|镇|乡|街道|村|社区)"
    r"(?!场|政[工公道设园管]|北区|南区|中区|际|块|域|部共建|镇银行|民中心|民[^政宗族委盟办革建进]|属|级|卫生服务)(.+)$"
)
# Below the county the article itself names the place, often in the fuller name of the same body (街道党工委).
LOWEST_LEVELS = ("镇", "乡", "街道", "村", "社区")
PARTIES = ("共青团", "团", "政协", "民革", "民盟", "民建", "民进", "农工党", "致公党", "九三学社")
OTHER_PARTIES = (*PARTIES[4:], "台盟", "中国国民党", "中国民主", "中国农工", "中国致公", "台湾民主")
# Taiwan, Hong Kong and Macao name their organs in other ways.
OTHER_SYSTEMS = ("71", "81", "82")
BRANCH_OFFICE = re.compile(r"^(.*?)(区|县|市|旗)?(公安|工商)分局(.*)$")
FOREIGN_BODY = re.compile(
    r"^(外交部|国防部|最高法院|财政部|能源部|内政部|卫生部|农业部|商务部|司法部|教育部|政府|总统府|议会|国会|央行|海军|空军|陆军"
    r"|民防部门|卫生部门|防空部队|海军陆战队|武装部队|黑海舰队|北方舰队|.{0,3}舰队).*$"
)
ARMY = re.compile(r"^(.+?)(?:军|军方|军队|政府军|武装力量|武装部队)$")
PARTY_TERM = re.compile(rf"^(?:中国共产党|中共)?第?(?:{COUNT})届(?:中央委员会|中央|中共中央)$")
BRACKET = re.compile(r"\([^()]*\)$")
# What a body may be called besides, but not its legal form or seat: 基金（有限合伙）.
SECOND_NAME = re.compile(r"(?<=..)[(（]([^()（）]+[局厅委院馆校站处办部心会])[)）]$")
TERM_OF_OFFICE = re.compile(rf"^第?(?:{COUNT})[届任](.+)$")
STREET_OFFICE = re.compile("(?<=.)(?:街道办?|街办)$")
TERM_INSIDE = re.compile(rf"^第?(?:{COUNT})届|(?<=政协)第?(?:{COUNT})届委员会$")
# 一汽工会: where so few characters are no accident.
UNITS_OF_EVERY_HOUSE = ("工会", "党委", "团委", "纪委")
SCHOOL = re.compile(rf"^({COUNT})中$")


def well_known_body(name: Name, context: Context) -> Meaning | None:
    """国家发改委, 中组部, 建行晋城分行: a body whose full form is common knowledge (bodies.csv), or a branch of it."""
    bodies = context.lexicon.name_by_body
    term = None if _has_other_term(name, context) else TERM_OF_OFFICE.match(name.key)
    full = bodies.get(name.key) or bodies.get(term[1] if term else BRACKET.sub("", name.key))
    if full:
        return _body(full, "well-known body")
    widths = range(len(name.key) - 2, 1, -1) if context.lexicon.ends_with(name.key, "branch") else ()
    for width in widths:
        body, rest = name.key[:width], name.key[width:]
        is_long = width > 3 or body.endswith("行") or rest in UNITS_OF_EVERY_HOUSE
        if body in bodies and is_long and _is_branch(rest, context):
            return _body(bodies[body] + rest, "branch of a well-known body", settled=False)
    return None


def party_centre(name: Name, context: Context) -> Meaning | None:
    """中国共产党第二十届中央委员会, 二十届中央: the party's centre from term to term, unless another party is named."""
    if not PARTY_TERM.match(name.key) or _has_other_term(name, context):
        return None
    if any(other.text.startswith(OTHER_PARTIES) for other in context.names):
        return None
    return _body("中共中央", "term of office")


def _is_branch(rest: str, context: Context) -> bool:
    return is_complete("", rest) and context.lexicon.ends_with(rest, "branch")


def branch_office(name: Name, context: Context) -> Meaning | None:
    """万柏林公安分局, 区公安分局: the police of a district is a branch of its city's (太原市公安局万柏林分局)."""
    match = BRANCH_OFFICE.match(name.text)
    if not match:
        return None
    place, level, kind, rest = match.groups()
    if place:
        district = context.division(place + (level or ""))
    else:
        district = context.division_of_level(level, name.start) if level else None
    city = context.gazetteer.division_by_code.get(district.parent) if district else None
    if not district or not city or not city.name.endswith("市"):
        return None
    bureau = "公安局" if kind == "公安" else "工商行政管理局"
    return _body(f"{city.name}{bureau}{district.short}分局{rest}", "branch office", settled=False)


def organ_with_second_name(name: Name, context: Context) -> Meaning | None:
    """义乌市教育局（体育局）, 省图书馆（省古籍保护中心）: an organ that has two names."""
    bracket = SECOND_NAME.search(name.text)
    if not bracket or context.division(bracket[1]) or context.named_place(bracket[1]):
        return None
    text = name.text.removesuffix(bracket[0])
    single = replace(name, text=text, key=key(text))
    for rule in (organ_of_level, organ_of_division):
        meaning = rule(single, context)
        if meaning:
            return replace(meaning, name=meaning.name + bracket[0], rule="second name in brackets")
    return None


def street_office(name: Name, context: Context) -> Meaning | None:
    """营盘街道, 尖草坪街办: as an organisation, the street's office (营盘街道办事处)."""
    if not STREET_OFFICE.search(name.text):
        return None
    full = STREET_OFFICE.sub("街道办事处", name.text)
    meaning = as_printed(replace(name, text=full, key=key(full)), context)
    return replace(meaning, rule="street office")


def organ_of_level(name: Name, context: Context) -> Meaning | None:
    """市教育局, 团市委, 省工信厅: an organ of the home, or of the place that the article is about."""
    match = RELATIVE_ORGAN.match(name.text)
    if not match:
        return None
    before, level, rest = match.groups()
    if level in LOWEST_LEVELS and _is_end_of_one(name, context):
        return None
    found = _named_in_full(level, rest, context) or context.division_of_level(level, name.start)
    place = context.gazetteer.full_name(found) if found else _last_place(level, name.start, context)
    if not place:
        return of_this_article(name, context, "organ of an unknown place")
    return _organ(before, place, rest, "organ of its level", context)


def _is_end_of_one(name: Name, context: Context) -> bool:
    longer = [n for n in context.names if n.type == name.type and n.key.endswith(name.key) and n.key != name.key]
    return len(longer) == 1


def _named_in_full(level: str, rest: str, context: Context) -> Division | None:
    """Return the one division of ``level`` whose own organ ``rest`` the article names in full.

    For a city's paper 市 is a city of its own rank, not one of its county-level cities (永济 in 运城).
    """
    home = next((division for division in context.home if is_level(division, level)), None)
    found = set()
    for other in context.names:
        if other.type == ORGANISATION and other.text.endswith(rest) and other.text != rest:
            division, tail = context.gazetteer.leading(other.text, context.near)
            is_meant = division and tail == rest and is_level(division, level)
            if division and is_meant and (not home or division.level == home.level):
                found.add(division)
    return found.pop() if len(found) == 1 else None


def _last_place(level: str, position: int, context: Context) -> str | None:
    """Return the last place before ``position`` whose name ends in ``level`` (村, 镇, 街道), whether known or not."""
    fitting = sorted(
        (mention.start, name.text)
        for name in context.names
        if name.type == PLACE and name.text.endswith(level) and len(name.text) > len(level) + 1
        for mention in name.mentions
    )
    before = [text for start, text in fitting if start < position]
    return before[-1] if before else (fitting[0][1] if fitting else None)


def organ_of_division(name: Name, context: Context) -> Meaning | None:
    """晋城市委, 太原市小店区教育局: an organ that names its place; only namesakes keep their city before them."""
    before = next((word for word in PARTIES if name.text.startswith(word)), "")
    found, rest = context.gazetteer.leading(name.text.removeprefix(before), context.near)
    if found is None or not rest or found.code.startswith(OTHER_SYSTEMS):
        return None
    return _organ(before, context.gazetteer.full_name(found), rest, "organ of a division", context)


def organ_of_short_place(name: Name, context: Context) -> Meaning | None:
    """太原五中, 临汾一中, 雁塔法院: a known kind of organ after a place's short name."""
    if not context.gazetteer.could_begin(name.text):
        return None
    for width in range(min(5, len(name.text) - 2), 1, -1):
        found = _own_district(name.text[:width], context) or context.division(name.text[:width])
        full = found and context.lexicon.organ("", context.gazetteer.full_name(found), name.text[width:], whole=True)
        if full:
            return _body(full, "organ of a short place name")
    return None


def _own_district(short: str, context: Context) -> Division | None:
    """Return the district of the paper's own city that ``short`` names: in Beijing 朝阳 is no far city."""
    gazetteer, home = context.gazetteer, {division.code for division in context.home}
    divisions = [gazetteer.division_by_code[code] for code in gazetteer.codes_by_short.get(short, ())]
    if any(division.code in context.near for division in divisions if division.level != "county"):
        return None
    own = [division for division in divisions if division.name.endswith("区") and division.parent in home]
    return own[0] if len(own) == 1 else None


def numbered_school(name: Name, context: Context) -> Meaning | None:
    """十二中: a school of the paper's own city, unless the article names a school of that number or a county."""
    match = SCHOOL.match(name.text)
    city = context.division_of_level("市", name.start) if match and context.home else None
    if not match or not city or any(anchor.division.name.endswith(("县", "旗")) for anchor in context.anchors):
        return None
    same = re.compile(rf"{match[1]}中(?:学校?)?$")
    if any(same.search(other.text) for other in context.names if other != name and other.type == ORGANISATION):
        return None
    full = context.lexicon.organ("", context.gazetteer.full_name(city), name.text, whole=True)
    return _body(full, "numbered school", settled=False) if full else None


def foreign_body(name: Name, context: Context) -> Meaning | None:
    """俄外交部, 乌军方: a body of the country whose sign it bears."""
    army = ARMY.match(name.text)
    if army and (country := context.country_of_sign(army[1])) and country != CHINA:
        return _body(context.lexicon.name_by_body.get(f"{country}军队", f"{country}军队"), "foreign body")
    sign, rest = name.text[:1], name.text[1:]
    country = context.country_of_sign(sign)
    if not country or country == CHINA or name.text.startswith(country):
        return None
    if not FOREIGN_BODY.match(rest) and all(other.text != country + rest for other in context.names):
        return None
    return _body(country + rest, "foreign body", settled=False)


def term_of_office(name: Name, context: Context) -> Meaning | None:
    """第六任香港特别行政区基本法委员会: the body stays the same from term to term."""
    match = TERM_OF_OFFICE.match(name.text)
    if not match or _has_other_term(name, context):
        return None
    return _body(match[1], "term of office", settled=False)


def _has_other_term(name: Name, context: Context) -> bool:
    """Tell whether the article tells this body as elected once from that elected again (十九届, 二十届中央委员会)."""
    elected = (other.key for other in context.names if "届" in other.key)
    terms = {other: match[1] for other in elected if (match := TERM_OF_OFFICE.match(other))}
    own = terms.pop(name.key, "")
    return own in terms.values()


def _organ(before: str, place: str, rest: str, rule: str, context: Context) -> Meaning:
    rest = TERM_INSIDE.sub("", rest) or rest  # 太原市第十五届人大常委会
    if rest[0] == place[-1] and rest[1:2] == "委":
        rest = rest[1:]  # 临县县委
    full = context.lexicon.organ(before, place, rest)
    return _body(full or before + place + rest, rule, settled=bool(full))


def _body(full: str, rule: str, *, settled: bool = True) -> Meaning:
    return meaning_of(ORGANISATION, full, rule, settled=settled)


RULES: tuple[Rule, ...] = (
    party_centre,
    organ_with_second_name,
    well_known_body,
    branch_office,
    street_office,
    organ_of_level,
    organ_of_division,
    organ_of_short_place,
    numbered_school,
    foreign_body,
    term_of_office,
)
