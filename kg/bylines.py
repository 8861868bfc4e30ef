"""Who wrote and who photographed: bylines as papers print them, on a line of their own or within a paragraph.

In: strings; out: names.  Nothing here knows pages or articles.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kg.layout import Layout
from kg.traditional import fold

LONGEST = 60
LONGEST_SIGNATURE = 26
LONGEST_NAME = 5  # without a dot: 巴依斯古楞
HAN = "\u4e00-\u9fff"
NAME = re.compile(f"[{HAN}]+(?:[·•][{HAN}]+)+|[{HAN}]+")
BETWEEN = re.compile(r"[\s、,，;；:：/／|｜&]+")
MARKS = "□■●○◎◆◇▲△★☆※·• \t\u3000"
SENT_FROM = re.compile(r"\s*(?:发自|摄于|报道于).{2,20}$|\s*[/／].{2,6}(?:报导|报道)$|^(?:作者)?单位[:：]\S+")
CLOSING = re.compile(rf"[（(【\[［]([^（）()【】\[\]］［]{{2,{LONGEST}}})[）)】\]］]$")
TWO_OR_MORE = re.compile(f"[{HAN}]{{2,3}}(?:[ 、,，\u3000]+[{HAN}]{{2,3}})+")
SENTENCE_CLOSE = re.compile(r"[。！？!?…”’」』》]\s*([^。！？!?…”’」』》]{2,40})$")
# A picture's credit behind its caption, without a full stop between them.
CREDIT = re.compile(r"(?<=\S)[\s\u3000]+(?=(\S.{1,30}(?:摄|攝|摄影|摄影报道|攝影)$))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The people of one byline; ``named_role`` tells whether a word such as 记者 or 摄 stands with them."""

    reporters: tuple[str, ...]
    photographers: tuple[str, ...]
    named_role: bool

    @property
    def is_credit(self) -> bool:
        """Tell whether it is a picture's: it names photographers and no reporter."""
        return bool(self.photographers) and not self.reporters


def is_name(text: str, layout: Layout) -> bool:
    """Tell whether ``text`` may be a Chinese person's name: a known surname and one or two characters more."""
    if text in layout.not_names:
        return False
    if "·" in text or "•" in text:
        return True
    if text[:2] in layout.surnames:
        return len(text) in (3, 4)
    return len(text) in (2, 3) and text[0] in layout.surnames


def read(text: str, layout: Layout, *, lenient: bool = False) -> Names | None:
    """Read a whole string as a byline: role words and names and nothing else; None when it is something else.

    ``本报记者 张 洋 通讯员李四 摄影 王五`` gives two reporters and a photographer; 文/图 makes its names both.
    """
    text = text.strip().strip(MARKS)
    plain = SENT_FROM.sub("", fold(text)).strip()
    if not 2 <= len(plain) <= LONGEST:
        return None
    pieces = _pieces(plain, layout, lenient=lenient)
    return _as_printed(_people(pieces), text) if pieces else None


def _as_printed(names: Names | None, text: str) -> Names | None:
    """Give the names back in the characters, simplified or traditional, that ``text`` has."""
    bare = re.sub(r"\s", "", text)
    plain = fold(bare)
    if names is None or plain == bare:
        return names

    def printed(name: str) -> str:
        start = plain.find(name)
        return bare[start : start + len(name)] if start >= 0 else name

    return Names(
        reporters=tuple(map(printed, names.reporters)),
        photographers=tuple(map(printed, names.photographers)),
        named_role=names.named_role,
    )


def _pieces(text: str, layout: Layout, *, lenient: bool) -> list[tuple[str, str]] | None:
    """Cut ``text`` into (kind, word); kind is reporter, photographer, both, text, image or name."""
    pieces: list[tuple[str, str]] = []
    position = 0
    while position < len(text):
        if match := BETWEEN.match(text, position):
            position = match.end()
        elif match := layout.role.match(text, position):
            # 汤 文: the second half of a name, not a word for who wrote.
            is_half = match.lastgroup == "text" and _has_half(pieces)
            pieces.append(("name" if is_half else match.lastgroup or "", match.group()))
            position = match.end()
        elif match := NAME.match(text, position):
            found = _names(match.group(), layout, lenient=lenient or bool(pieces))
            if found is None:
                return None
            if found[0] == ("text", match.group()) and pieces and pieces[-1][0] == "image":
                pieces.pop()  # 图/受访者提供: the picture is nobody's who is named here
            pieces += found
            position = match.end()
        else:
            return None
    if not any(kind == "name" for kind, _ in pieces):
        # 记者 谭桂学: a name that ends like a school.
        pieces = [("name" if kind == "affiliation" and is_name(word, layout) else kind, word) for kind, word in pieces]
    return _paired(pieces)


def _has_half(pieces: Sequence[tuple[str, str]]) -> bool:
    """Tell whether the last piece is one character that has no partner yet."""
    singles = 0
    for kind, word in reversed(pieces):
        if kind != "name" or len(word) > 1:
            break
        singles += 1
    return singles % 2 == 1


def _names(run: str, layout: Layout, *, lenient: bool) -> list[tuple[str, str]] | None:
    """Read a run of Chinese characters as one name, or as a name with its role word behind.

    ``lenient``: a role word or another name stands before it, so that it need not begin with a known surname.
    """
    if run in layout.trailing_words:
        return [("text", run)]
    is_whole = len(run) == 1 or is_name(run, layout)
    if is_whole and lenient and len(run) > 2 and layout.affiliation.fullmatch(run):
        return [("affiliation", run)]
    if is_whole and run[-1] not in layout.photographer_words:
        return [("name", run)]
    for size in range(1, min(5, len(run) - 1)):
        tail = run[-size:]
        if tail in layout.trailing_words or tail in layout.photographer_words:
            head = _names(run[:-size], layout, lenient=lenient)
            kind = "photographer" if tail in layout.photographer_words else "text"
            return head and [*head, (kind, tail)]
    if lenient and layout.affiliation.fullmatch(run):
        return [("affiliation", run)]
    if lenient and 2 <= len(run) <= LONGEST_NAME and run not in layout.not_names:
        return [("name", run)]
    return None


def _paired(pieces: list[tuple[str, str]]) -> list[tuple[str, str]] | None:
    """Join 张 + 洋 to 张洋; a single character that finds no partner means that this is no byline."""
    joined: list[tuple[str, str]] = []
    half = ""
    for kind, word in pieces:
        if kind == "name" and len(word) == 1:
            half += word
            if len(half) == 2:
                joined.append(("name", half))
                half = ""
            continue
        if half:
            return None
        joined.append((kind, word))
    return None if half else joined


def _people(pieces: list[tuple[str, str]]) -> Names | None:
    """Give each name its role: a word before its names or after them, as the byline does it."""
    reporters: list[str] = []
    photographers: list[str] = []
    waiting: list[str] = []
    role = ""
    pieces = [piece for piece in pieces if piece[0] != "affiliation"]
    kinds = [kind for kind, _ in pieces]
    if kinds and kinds[-1] == "photographer" and set(kinds[:-1]) <= {"name", "reporter"}:
        # 本报记者 谭俊 通讯员 柳菲 摄: the last word is said of all of them.
        pieces = [piece for piece in pieces if piece[0] != "reporter"]
        kinds = [kind for kind, _ in pieces]
    for number, (kind, word) in enumerate(pieces):
        if kind == "name":
            waiting.append(word)
            continue
        ahead = kinds[number + 1 :]
        # 图/本报记者 苗壮
        before_names = ahead[:1] == ["name"] or (kind in ("image", "text") and ahead[:2] == ["reporter", "name"])
        closes = bool(waiting) and kind != "reporter" and not (role and before_names and kind != "both")
        if waiting:
            _assign(waiting, kind if closes and kind != "text" else role, reporters, photographers)
        waiting = []
        role = "" if closes else _combined(role, kind, has_names=number > 0 and pieces[number - 1][0] == "name")
    _assign(waiting, role, reporters, photographers)
    if not reporters and not photographers:
        return None
    return Names(
        reporters=tuple(dict.fromkeys(reporters)),
        photographers=tuple(dict.fromkeys(photographers)),
        named_role=any(kind != "name" for kind, _ in pieces),
    )


def _combined(role: str, kind: str, *, has_names: bool) -> str:
    """文/图 本报记者 苗壮, 图/本报记者 苗壮: of two role words in a row before the names the first one holds."""
    is_second = role == "both" or (role == "image" and kind == "reporter")
    return role if is_second and not has_names else kind


def _assign(names: list[str], role: str, reporters: list[str], photographers: list[str]) -> None:
    if role in ("photographer", "image", "both"):
        photographers += names
    if role not in ("photographer", "image"):
        reporters += names


WITH_PLACE = re.compile(rf"([{HAN}]{{2,4}})[（(][^（）()。，]{{1,14}}[）)]")  # 江月娥（台南／家管）
PEN_NAME = re.compile(f"[□■]\\s*([{HAN}]{{2,4}})")
FOREIGN = re.compile(f"[{HAN}]{{3,6}}")  # 古丽米拉: no surname tells that this is a name, the brackets do
AGENCY = re.compile(r"^(?:新华社|中新社|本报|本刊)?发?([（(].+[)）])$")  # 新华社发（杨文魁 摄）
CREDITED = re.compile(rf"[{HAN}]{{2,5}}[ \u3000]*(?:摄|摄影|摄影报道)")  # 次仁顿珠 摄: the word tells that it is a name
SOLD_BY = re.compile(
    r"(?<=[摄攝影])(?:[/／][\u4e00-\u9fff]{2,8}|[（(][\u4e00-\u9fff]{2,8}[）)])$"
)  # 杨文魁摄（人民视觉）
NOBODY = Names(reporters=(), photographers=(), named_role=True)


def read_line(text: str, layout: Layout) -> Names | None:
    """Read a line of its own: names in brackets, or a byline with a role word, or spaced names (张 洋).

    本报评论员 and （科研院） are bylines that name nobody.
    """
    text = SOLD_BY.sub("", AGENCY.sub(r"\1", text.strip()))
    if match := CLOSING.fullmatch(text):
        inner = match.group(1)
        names = read(inner, layout, lenient=bool(TWO_OR_MORE.fullmatch(inner)) or " " in inner.replace("\u3000", " "))
        if names is None and FOREIGN.fullmatch(inner) and inner not in layout.not_names:
            names = read(inner, layout, lenient=True)
        return names or (NOBODY if layout.affiliation.fullmatch(fold(inner)) else None)
    if len(text) > LONGEST or CLOSING.search(text):
        return None
    if layout.unnamed_byline.fullmatch(fold(text.strip(MARKS))):
        return NOBODY
    names = read(text, layout) or (read(text, layout, lenient=True) if CREDITED.fullmatch(text) else None)
    spaced = re.fullmatch(f"[{HAN}] +[{HAN}](?:[ 、]+[{HAN}](?: ?[{HAN}]){{1,2}})*", text)
    if names is None and (match := PEN_NAME.fullmatch(text)):
        return Names(reporters=(match.group(1),), photographers=(), named_role=True)
    is_marked = text[0] in "□■" and " " not in text[1:].strip().replace("\u3000", " ")
    return names if names and (names.named_role or spaced or is_marked) else None


def signature(text: str, layout: Layout) -> Names | None:
    """Read a line of its own that names a writer after where he lives or works: 开福区居民 邓桂生, 文学院 方若水."""
    if match := WITH_PLACE.fullmatch(text.strip().strip(MARKS)):
        name = match.group(1)
        if is_name(fold(name), layout):
            return Names(reporters=(name,), photographers=(), named_role=True)
    words = fold(text.strip().strip(MARKS)).split()
    if len(words) > 2 and len(words[-1]) == len(words[-2]) == 1:
        words[-2:] = [words[-2] + words[-1]]
    if not 2 <= len(words) <= 4 or len(text) > LONGEST_SIGNATURE or not is_name(words[-1], layout):
        return None
    if not all(re.fullmatch(f"[{HAN}\\d（）()·]{{2,}}", word) for word in words):
        return None
    if len(words) > 2 and len({len(word) for word in words}) == 1:
        return None  # 强农业 美乡村 富农民
    if not any(layout.affiliation.fullmatch(word) for word in words[:-1]):
        return None
    return _as_printed(Names(reporters=(words[-1],), photographers=(), named_role=True), text)


def split_closing(text: str, layout: Layout) -> tuple[str, Names | None]:
    """Cut the byline off a paragraph's end: the text without it and the names, or the text as it is and None."""
    if match := CLOSING.search(text):
        names = read(match.group(1), layout)
        rest = text[: match.start()].rstrip()
        if names and rest and rest[-1] in "。！？!?…”’」』》；;.）)":
            return rest, names
        return text, None
    match = SENTENCE_CLOSE.search(text)
    names = match and read(match.group(1), layout)
    if match and names and names.named_role and _is_set_off(match.group(1)):
        return text[: match.start(1)].rstrip(), names
    for match in CREDIT.finditer(text):
        names = read(match.group(1), layout)
        if names and names.is_credit:
            return text[: match.start()].rstrip(), names
    return text, None


def _is_set_off(words: str) -> bool:
    """Tell 本报记者张洋 and 张 洋 摄 from 记者从市城, the first words of a sentence that its column cuts off."""
    words = fold(words)
    return words.startswith("本报") or not words.startswith("记者") or bool(re.match(r"记者[\s：:]", words))


OPENINGS = (
    re.compile(rf"^[^\n（(。]{{0,20}}[（(]([^（）()\n]{{2,{LONGEST}}})[）)]"),
    re.compile(rf"^[【\[［]([^【】\[\]［］\n]{{2,{LONGEST}}})[】\]］]"),
    re.compile(r"^[^\n（(。]{0,10}讯\s*([^\n。，,！？“”]{3,40})$", re.M),
    re.compile(r"^[^\n（(。]{0,10}?\s*([^\n。，！？“”讯]{0,10}记者[^\n。，！？“”]{2,40}?报道)[：:\s]"),
)
LONGEST_OPENING = 120


def opening(text: str, layout: Layout) -> Names | None:
    """Read the byline within an article's first words: ``本报讯（记者 张三）`` or ``本报讯 记者 张三`` on its line."""
    text = text[:LONGEST_OPENING]
    plain = fold(text)
    for pattern in OPENINGS:
        match = pattern.match(plain)
        names = match and read(text[match.start(1) : match.end(1)], layout)
        if names and names.named_role:
            return names
    return None


def byline(body: str, layout: Layout) -> Names:
    """Find the reporters and photographers whom an otherwise ready text names.

    Looked at are the first and the last lines, 本报讯（记者 …）at the start, brackets after the last sentence, and
    picture credits ``（… 摄）`` at the end of any paragraph.
    """
    lines = [line.strip() for line in body.splitlines() if line.strip()]
    found: list[Names] = []
    if lines:
        found += [
            names
            for names in (opening(body.strip(), layout), *(read_line(line, layout) for line in lines[:3]))
            if names
        ]
    for number, line in enumerate(lines):
        is_last = number >= len(lines) - 2
        names = split_closing(line, layout)[1] or (read_line(line, layout) if is_last and number else None)
        if names and (is_last or names.photographers):
            found.append(names)
    reporters = dict.fromkeys(name for names in found for name in names.reporters)
    photographers = dict.fromkeys(name for names in found for name in names.photographers)
    return Names(
        reporters=tuple(reporters),
        photographers=tuple(photographers),
        named_role=any(names.named_role for names in found),
    )
