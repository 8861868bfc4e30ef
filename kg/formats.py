"""A file's bytes -> the text of its pages: plain text in any Chinese encoding, web pages, PDF with text, Word.

What a file is is told by its first bytes, then by its name.  Cutting into articles is done elsewhere (article.py).
"""

import html
import io
import json
import re
import sys
import unicodedata
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.errors import InputError

STDIN = "-"
TEXT_SUFFIXES = (".txt", ".md", ".markdown", ".text")
WEB_SUFFIXES = (".html", ".htm", ".xhtml", ".shtml")
OTHER_SUFFIXES = (".pdf", ".docx")
SUFFIXES = TEXT_SUFFIXES + WEB_SUFFIXES + OTHER_SUFFIXES

# In the order in which they are tried where the bytes alone do not tell: GB18030 holds GBK and GB2312.
ENCODINGS = ["utf_8", "gb18030", "big5hkscs", "big5", "utf_16_le", "utf_16_be"]
BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
SIGNATURES = (
    (b"\x89PNG", "a picture; give the text that stands on it"),
    (b"\xff\xd8\xff", "a picture; give the text that stands on it"),
    (b"GIF8", "a picture; give the text that stands on it"),
    (b"\x1f\x8b", "gzip-compressed; unpack it first"),
    (b"PK\x03\x04", "a broken archive or Word file; save it anew"),
    (b"Rar!", "an archive; unpack it first"),
    (b"7z\xbc\xaf", "an archive; unpack it first"),
    (b"\xd0\xcf\x11\xe0", "an old Word file (.doc); save it as .docx or as plain text"),
)
SHORTEST_GUESS = 60  # bytes; anything shorter could be any encoding, and GB18030 is the commonest
MOST_BYTES = 3_000_000  # of a text: a whole issue has a quarter of a million characters
LONGEST_LINE = 20_000  # a page has about six thousand characters
# More of these than one in a hundred, and it is no text whatever decoded it.
STRANGE_SHARE = 0.01
ENTITIES = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{2,6}|#x[0-9a-fA-F]{2,5});")
SPACED_OUT = re.compile(r"(?<=[\u4e00-\u9fff，。、；：！？“”（）\d.%]) (?=[\u4e00-\u9fff，。、；：！？“”（）\d.%])")
TAGS = re.compile(r"</?(p|br|div|span|strong|b|i|em|font|a|h[1-6])\b[^>]*>", re.IGNORECASE)
# Radicals that stand for characters, and marks for vertical lines, as PDF text layers give them.
LOOKALIKES = str.maketrans(
    "⺟⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳︐︑︒︓︔︕︖︵︶︹︺︻︼︽︾︿﹀﹁﹂﹃﹄",
    "母民虎西见角贝车长门青韦页风飞马骨鬼鱼鸟麦黄齐齿龙龟，、。：；！？（）〔〕【】《》〈〉「」『』",
)
FEWEST_SIGNS = 3  # of mark-up in a text
SPACED_OUT_SHARE = 0.3
HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The pages' texts of one file, and what was wrong with it although it could be read."""

    texts: tuple[str, ...]
    faults: tuple[str, ...] = ()


def read_bytes(source: str | Path) -> bytes:
    """Return what stands in a file, or on standard input; raises InputError where it cannot be read."""
    if source == STDIN:
        if sys.stdin is None:
            raise InputError("standard input: is closed; give a file, or a page through a pipe")
        return sys.stdin.buffer.read()
    try:
        return Path(source).read_bytes()
    except OSError as error:
        raise InputError(f"{source}: cannot be read ({error.strerror}); check the path and its rights") from error


def read(content: bytes, name: str, where: str) -> Content:
    """Read the bytes of a file called ``name``; raises InputError, which begins with ``where`` and says what to do."""
    if not content.strip():
        raise InputError(f"{where}: is empty; give a page with text")
    # The readers of other formats are imported where they are needed: a page of text should not wait for them.
    if content.startswith(b"%PDF"):
        from kg import pdf

        return _content(pdf.read(content, where), where)
    if zipfile.is_zipfile(io.BytesIO(content)):
        return _content([_read_docx(content, where)], where)
    for signature, what in SIGNATURES:
        if content.startswith(signature):
            raise InputError(f"{where}: is {what}")
    suffix = Path(name).suffix.lower()
    if suffix in OTHER_SUFFIXES:
        raise InputError(f"{where}: is no {suffix[1:].upper()} file; open it in its program and save it anew")
    if len(content) > MOST_BYTES:
        size = len(content) // 1_000_000
        raise InputError(f"{where}: has {size} MB, more than any issue; give one file a page")
    text, faults = decode(content, where)
    if suffix in WEB_SUFFIXES or re.match(r"\s*<(?:!doctype html|html)\b", text, re.IGNORECASE):
        from kg import webpage

        return _content([webpage.read(_cleaned(text), where)], where, faults)
    return _content(_unescaped(text).split("\f"), where, faults)


def _content(texts: Sequence[str], where: str, faults: tuple[str, ...] = ()) -> Content:
    """Clean the pages' texts; one without Chinese is left empty, so that the others keep their numbers.

    Raises InputError where no page has any.
    """
    pages, first = [], 1
    for text in texts:
        cleaned = _cleaned(text)
        _check_lines(cleaned, where, first=first)
        pages.append(cleaned)
        first += cleaned.count("\n")
    if not any(page.strip() for page in pages):
        raise InputError(f"{where}: is empty; give a page with text")
    if not any(map(HAN.search, pages)):
        raise InputError(f"{where}: no Chinese text in it; give a page of a Chinese newspaper")
    if len(pages) == 1 and pages[0].lstrip()[:1] in ("[", "{") and _is_json(pages[0]):
        raise InputError(f"{where}: is JSON; give articles as .jsonl, one object a line with id, title and text")
    return Content(texts=tuple(page if HAN.search(page) else "" for page in pages), faults=faults)


def decode(content: bytes, where: str) -> tuple[str, tuple[str, ...]]:
    """Decode UTF-8, GB18030, Big5, UTF-16 or UTF-32, and say where a few bytes are wrong; raises InputError."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _decoded(content, encoding, where)
    try:
        return _sound(content.decode("utf-8"), where), ()
    except UnicodeDecodeError:
        if _is_nearly_utf8(content):
            return _decoded(content, "utf-8", where)
    return _decoded(content, _guessed(content), where)


def _guessed(content: bytes) -> str:
    """Tell GB18030, which holds GBK and GB2312, from Big5 and from UTF-16 without a mark."""
    import charset_normalizer

    found = charset_normalizer.from_bytes(content, cp_isolation=ENCODINGS).best()
    if found and found.encoding.startswith("utf_16") and b"\0" not in content:
        return "gb18030"
    return found.encoding if found and len(content) >= SHORTEST_GUESS else "gb18030"


def _is_nearly_utf8(content: bytes) -> bool:
    text = content.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    beyond_ascii = sum(char > "\x7f" for char in text) - wrong
    return wrong * 10 <= beyond_ascii and wrong <= max(3, STRANGE_SHARE * beyond_ascii)


def _decoded(content: bytes, encoding: str, where: str) -> tuple[str, tuple[str, ...]]:
    try:
        return _sound(content.decode(encoding), where), ()
    except UnicodeDecodeError as error:
        before = content[: error.start].decode(encoding, "replace")
        line, byte = len(re.findall("\r\n?|\n", before)) + 1, content[error.start]
    text = _sound(content.decode(encoding, "replace"), where)
    name = encoding.upper().replace("_", "-")
    return text, (f"{where}:{line}: a byte (0x{byte:02x}) that is no {name}; mend the character marked \ufffd there",)


def _sound(text: str, where: str) -> str:
    strange = sum(unicodedata.category(char) == "Cn" or "\x01" <= char <= "\x06" for char in text)
    strange += text.count("\ufffd")
    if strange > max(3, STRANGE_SHARE * len(text)):
        raise InputError(
            f"{where}: is no text (neither UTF-8 nor UTF-16 nor GB18030 nor Big5); save the page as plain text in UTF-8"
        )
    return text


def _unescaped(text: str) -> str:
    """Turn &nbsp; and <br> into what they stand for where a text was copied from a web page's source."""
    if len(TAGS.findall(text)) >= FEWEST_SIGNS:
        text = TAGS.sub(
            lambda match: "\n" if match[1].lower() in ("p", "br", "div") or match[1][0] in "hH" else "", text
        )
    for _ in range(2):
        if len(ENTITIES.findall(text)) < FEWEST_SIGNS:
            return text
        text = html.unescape(text)
    return text


def _cleaned(text: str) -> str:
    """Return the text with one kind of line end and without characters that nobody sees."""
    text = re.sub("\r\n?|[\u2028\u2029]", "\n", text)
    text = re.sub("\x1b\\[[0-9;]*m", "", text).translate(LOOKALIKES)
    kept = []
    for char in text:
        category = unicodedata.category(char) if not "\u3000" <= char <= "\u9fff" else ""
        if category in ("Cc", "Cf", "Co") and char not in "\t\n\f":
            continue
        # Radicals and compatibility ideographs, as PDF text layers give them, are the characters that they look like.
        is_double = "\u2e80" <= char <= "\u2fdf" or "\uf900" <= char <= "\ufaff"
        kept.append(unicodedata.normalize("NFKC", char) if is_double else char)
    text = "".join(kept)
    if len(SPACED_OUT.findall(text)) > SPACED_OUT_SHARE * max(1, len(HAN.findall(text))):
        text = SPACED_OUT.sub("", text)
    return text


def _check_lines(text: str, where: str, *, first: int) -> None:
    for number, line in enumerate(text.split("\n"), first):
        if len(line) > LONGEST_LINE:
            raise InputError(
                f"{where}:{number}: a line of {len(line):,} characters; give the text with the page's line breaks"
            )


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), list | dict)
    except (ValueError, RecursionError):
        return False


def _read_docx(content: bytes, where: str) -> str:
    """Return the paragraphs of a Word file, its headings marked with ##, tables row by row."""
    import docx

    try:
        document = docx.Document(io.BytesIO(content))
    except Exception as error:  # the reader throws whatever its XML and zip parsers stumble over
        raise InputError(f"{where}: is an archive and no Word file; unpack it or give a .docx") from error
    lines: list[str] = []
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            # A merged cell comes once for each cell that it covers.
            rows = [{id(cell._tc): cell.text.strip() for cell in row.cells} for row in block.rows]
            lines += [" ".join(filter(None, row.values())) for row in rows]
        else:
            lines += _paragraph(block.text, block.style.name if block.style else "")
    return "\n\n".join(lines)


def _paragraph(text: str, style: str) -> Sequence[str]:
    is_heading = style.startswith(("Heading", "Title", "标题"))
    return [f"## {line.strip()}" if is_heading else line for line in text.split("\n") if line.strip()]
