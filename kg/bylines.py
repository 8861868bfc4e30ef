"""Who wrote and who photographed: bylines as papers print them, on a line of their own or within a paragraph.

In: strings; out: names.  Nothing here knows pages or articles.
"""

import re
from dataclasses import dataclass

from kg.layout import Layout

LONGEST = 60
LONGEST_NAME = 5  # without a dot: 巴依斯古楞
HAN = "\u4e00-\u9fff"
NAME = re.compile(f"[{HAN}]+(?:[·•][{HAN}]+)+|[{HAN}]+")
BETWEEN = re.compile(r"[\s、,，;；:：/／|｜&]+")
MARKS = "□■●○◎◆◇▲△★☆※·• \t\u3000"
SENT_FROM = re.compile(r"\s*(?:发自|摄于|报道于).{2,20}$")
CLOSING = re.compile(rf"[（(【\[［]([^（）()【】\[\]］［]{{2,{LONGEST}}})[）)】\]］]$")
TWO_OR_MORE = re.compile(f"[{HAN}]{{2,3}}(?:[ 、,，\u3000]+[{HAN}]{{2,3}})+")
SENTENCE_CLOSE = re.compile(r"[。！？!?…”’」』》]\s*([^。！？!?…”’」』》]{2,40})$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The people of one byline; ``named_role`` tells whether a word such as 记者 or 摄 stands with them."""

    reporters: tuple[str, ...]
    photographers: tuple[str, ...]
    named_role: bool


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
    text = SENT_FROM.sub("", text.strip().strip(MARKS))
    if not 2 <= len(text) <= LONGEST:
        return None
    pieces = _pieces(text, layout, lenient=lenient)
    return _people(pieces) if pieces else None


def _pieces(text: str, layout: Layout, *, lenient: bool) -> list[tuple[str, str]] | None:
    """Cut ``text`` into (kind, word); kind is reporter, photographer, both, text, image or name."""
    pieces: list[tuple[str, str]] = []
    position = 0
    while position < len(text):
        if match := BETWEEN.match(text, position):
            position = match.end()
        elif match := layout.role.match(text, position):
            pieces.append((match.lastgroup or "", match.group()))
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
    return _paired(pieces)


def _names(run: str, layout: Layout, *, lenient: bool) -> list[tuple[str, str]] | None:
    """Read a run of Chinese characters as one name, or as a name with its role word behind.

    ``lenient``: a role word or another name stands before it, so that it need not begin with a known surname.
    """
    if run in layout.trailing_words:
        return [("text", run)]
    is_whole = len(run) == 1 or is_name(run, layout)
    if is_whole and run[-1] not in layout.photographer_words:
        return [("name", run)]
    for size in range(1, min(5, len(run) - 1)):
        tail = run[-size:]
        if tail in layout.trailing_words or tail in layout.photographer_words:
            head = _names(run[:-size], layout, lenient=lenient)
            kind = "photographer" if tail in layout.photographer_words else "text"
            return head and [*head, (kind, tail)]
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
    for number, (kind, word) in enumerate(pieces):
        if kind == "name":
            waiting.append(word)
            continue
        before_names = number + 1 < len(pieces) and pieces[number + 1][0] == "name"
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
    """文/图 本报记者 苗壮: two role words in a row before the names, the wider one holds."""
    return "both" if role == "both" and not has_names else kind


def _assign(names: list[str], role: str, reporters: list[str], photographers: list[str]) -> None:
    if role in ("photographer", "image", "both"):
        photographers += names
    if role not in ("photographer", "image"):
        reporters += names


def read_line(text: str, layout: Layout) -> Names | None:
    """Read a line of its own: names in brackets, or a byline with a role word, or spaced names (张 洋)."""
    text = text.strip()
    if match := CLOSING.fullmatch(text):
        return read(match.group(1), layout, lenient=bool(TWO_OR_MORE.fullmatch(match.group(1))))
    if len(text) > LONGEST or CLOSING.search(text):
        return None
    names = read(text, layout)
    spaced = re.fullmatch(f"[{HAN}] +[{HAN}](?:[ 、]+[{HAN}](?: ?[{HAN}]){{1,2}})*", text)
    return names if names and (names.named_role or spaced) else None


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
    return text, None


def _is_set_off(words: str) -> bool:
    """Tell 本报记者张洋 and 张 洋 摄 from 记者从市城, the first words of a sentence that its column cuts off."""
    return words.startswith("本报") or not words.startswith("记者") or bool(re.match(r"记者[\s：:]", words))


OPENINGS = (
    re.compile(rf"^[^\n（(。]{{0,14}}[（(]([^（）()\n]{{2,{LONGEST}}})[）)]"),
    re.compile(r"^[^\n（(。]{0,10}讯\s*([^\n。，,！？“”]{3,40})$", re.M),
    re.compile(r"^[^\n（(。]{0,10}?\s*([^\n。，！？“”讯]{0,10}记者[^\n。，！？“”]{2,40}?报道)[：:\s]"),
)


def opening(text: str, layout: Layout) -> Names | None:
    """Read the byline within an article's first words: ``本报讯（记者 张三）`` or ``本报讯 记者 张三`` on its line."""
    for pattern in OPENINGS:
        match = pattern.match(text)
        names = match and read(match.group(1), layout)
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
