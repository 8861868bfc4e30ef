"""What a file's bytes give: every encoding, each bad input with its sentence, and characters that nobody sees."""

import gzip
import io
import json
import zipfile
from collections.abc import Callable

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from kg import formats
from kg.errors import InputError
from kg.formats import Content, decode, read
from tests import printing

TEXT = (
    "老城供水管网换新管\n\n　　本报讯 3月18日，记者从临江市水务局获悉，二期工程完工通水，41个小区用上了清水。\n"
    "　　“以前洗菜要先放两分钟水，现在拧开就是清的。”家住书院街道的居民刘桂兰说。\n（周敏）\n"
)
TRADITIONAL = (
    "老城供水管網換新管\n\n　　本報訊 3月18日，記者從臨江市水務局獲悉，二期工程完工通水，41個小區用上了清水。\n"
    "　　「以前洗菜要先放兩分鐘水，現在擰開就是清的。」家住書院街道的居民劉桂蘭說。\n（週敏）\n"
)


def text_of(content: bytes | str, name: str = "page.txt") -> str:
    found = read(content if isinstance(content, bytes) else content.encode(), name, name)
    assert not found.faults
    assert len(found.texts) == 1
    return found.texts[0]


def word_file(fill: Callable[[Document], object]) -> bytes:
    document, target = docx.Document(), io.BytesIO()
    fill(document)
    document.save(target)
    return target.getvalue()


def archive(name: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as file:
        file.writestr(name, TEXT)
    return target.getvalue()


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "gb18030", "gbk", "gb2312", "utf-16", "utf-16-le", "utf-16-be", "utf-32"],
)
def test_read_decodes(encoding: str) -> None:
    assert text_of(TEXT.encode(encoding)) == TEXT


@pytest.mark.parametrize("mark", ["utf-16-be", "utf-32-be"])
def test_read_decodes_big_endian_with_a_mark(mark: str) -> None:
    assert text_of(("\ufeff" + TEXT).encode(mark)) == TEXT


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16", "utf-32"])
def test_read_decodes_rare_characters(encoding: str) -> None:
    text = TEXT.replace("刘桂兰", "𠮷桂\u3400")
    assert text_of(text.encode(encoding)) == text


@pytest.mark.parametrize("encoding", ["big5", "big5hkscs", "gb18030", "utf-8"])
def test_read_decodes_traditional_characters(encoding: str) -> None:
    assert text_of(TRADITIONAL.encode(encoding)) == TRADITIONAL


@pytest.mark.parametrize(
    "text", ["标题在此", "螺母“咬", "的三本账", "小沙棘挑起“金扁担”", "太原市教育局昨日召开会议。"]
)
def test_decode_takes_a_short_text_for_gb18030(text: str) -> None:
    assert decode(text.encode("gbk"), "page.txt") == (text, ())


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_read_names_the_line_of_a_wrong_byte(encoding: str) -> None:
    before, after = TEXT.split("刘桂兰")
    found = read(before.encode(encoding) + b"\xff" + after.encode(encoding), "page.txt", "folder/page.txt")
    assert found.texts == (f"{before}\ufffd{after}",)
    assert len(found.faults) == 1
    assert found.faults[0].startswith(f"folder/page.txt:4: a byte (0xff) that is no {encoding.upper()}; ")


def test_read_keeps_a_text_that_is_cut_off_in_a_character() -> None:
    found = read(TEXT.rstrip("）\n").encode()[:-1], "page.txt", "page.txt")
    assert found.texts[0] == TEXT.rstrip("敏）\n") + "\ufffd"
    assert found.faults[0].startswith("page.txt:5: ")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b" \r\n\t\n", "is empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "is a picture"),
        (b"\xff\xd8\xff\xe0" + bytes(range(256)), "is a picture"),
        (b"GIF89a" + bytes(range(256)), "is a picture"),
        (gzip.compress(TEXT.encode(), mtime=0), "is gzip-compressed; unpack it"),
        (b"PK\x03\x04" + bytes(range(256)), "is a broken archive or Word file"),
        (b"Rar!\x1a\x07\x00" + bytes(range(256)), "is an archive; unpack it"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(range(256)), "is an archive; unpack it"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "is an old Word file (.doc)"),
        (archive("page.txt"), "is an archive and no Word file"),
        (bytes(range(1, 256)) * 8, "is no text"),
        (TEXT.encode().decode("gb18030", "replace").encode(), "is no text"),
        (b"404 Not Found: the page is not on this server.\n", "no Chinese text in it"),
        ("，。！？……——\n".encode(), "no Chinese text in it"),
        (
            json.dumps([{"title": "标题", "text": TEXT}], ensure_ascii=False).encode(),
            "is JSON; give articles as .jsonl",
        ),
        (json.dumps({"text": TEXT}, ensure_ascii=False, indent=1).encode(), "is JSON; give articles as .jsonl"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_read_names_what_is_no_page(content: bytes, reason: str) -> None:
    with pytest.raises(InputError) as error:
        read(content, "page.txt", "folder/page.txt")
    assert str(error.value).startswith(f"folder/page.txt: {reason}")


@pytest.mark.parametrize("name", ["page.pdf", "page.docx", "PAGE.PDF"])
def test_read_names_a_file_that_is_not_what_its_name_says(name: str) -> None:
    with pytest.raises(InputError, match=f"is no {name[-4:].strip('.').upper()} file; open it in its program"):
        read(TEXT.encode(), name, name)


@pytest.mark.parametrize("text", ["[本报讯]\n" + TEXT, "{" + TEXT, "[" * 50_000 + "\n" + TEXT])
def test_read_takes_brackets_for_text(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(formats, "LONGEST_LINE", 60_000)
    assert text_of(text) == text


def test_read_names_an_endless_line() -> None:
    line = "这是一个没有换行的句子，" * 2_000
    with pytest.raises(InputError, match=r"^page.txt:3: a line of 24,000 characters; "):
        text_of(f"标题\n\n{line}")


def test_read_names_a_file_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "MOST_BYTES", 1_000_000)
    content = TEXT.encode() * 5_000
    with pytest.raises(InputError, match=f"^page.txt: has {len(content) // 1_000_000} MB, more than any issue; "):
        read(content, "page.txt", "page.txt")
    monkeypatch.setattr(formats, "MOST_BYTES", len(content))
    assert read(content, "page.txt", "page.txt").texts


@pytest.mark.parametrize("end", ["\r\n", "\r", "\u2028", "\u2029"])
def test_read_unifies_line_ends(end: str) -> None:
    assert text_of(TEXT.replace("\n", end)) == TEXT


@pytest.mark.parametrize("count", [1, 3])
def test_read_makes_a_page_of_what_stands_between_form_feeds(count: int) -> None:
    # A page without text is left empty: the others keep their numbers.
    found = read(("\f".join([TEXT] * count) + "\f\n").encode(), "page.txt", "page.txt")
    assert found == Content(texts=(*(TEXT,) * count, ""))


@pytest.mark.parametrize(
    "unseen",
    ["\u200b", "\u200e", "\ufeff", "\u00ad", "\u2060", "\x0b", "\x1b[1;31m", "\x7f", "\x85", "\ue5d2", "\0"],
    ids=lambda char: f"U+{ord(char[0]):04X}",
)
def test_read_drops_what_nobody_sees(unseen: str) -> None:
    assert text_of(TEXT.replace("临江市", f"临{unseen}江{unseen}市")) == TEXT


def test_read_keeps_tabs_and_wide_spaces() -> None:
    text = "柯　欣\t摄\n　　本报讯 3月14日，学生打开手机。\n"
    assert text_of(text) == text


def test_read_turns_radicals_into_the_characters_that_they_look_like() -> None:
    assert text_of("⽼城供⽔，⼈满意，福\ufa1b。\n") == "老城供水，人满意，福福。\n"


def test_read_turns_entities_into_characters() -> None:
    escaped = "&ldquo;老城&rdquo;供水&#12289;排水&#x9EC4;河&nbsp;本报讯\n"
    assert text_of(escaped) == "“老城”供水、排水黄河\xa0本报讯\n"
    assert text_of(escaped.replace("&", "&amp;")) == "“老城”供水、排水黄河\xa0本报讯\n"


def test_read_keeps_what_only_looks_like_an_entity() -> None:
    text = "在网页源文件里，&nbsp; 表示空格，index.php?a=1&copy=3 里则是参数。\n"
    assert text_of(text) == text


def test_read_closes_spaced_out_text() -> None:
    assert text_of("老 城 供 水 管 网 换 新 管 ， 居 民 告 别 黄 水 。\n") == "老城供水管网换新管，居民告别黄水。\n"


def test_read_keeps_the_spaces_of_ordinary_text() -> None:
    text = "老城供水管网换新管 三万居民告别黄水\n本报讯 张 三 李 四报道，二期工程完工通水，居民用上了清水。\n"
    assert text_of(text) == text


@pytest.mark.parametrize("name", ["page.html", "page.htm", "PAGE.SHTML", "page.txt", "stdin"])
def test_read_knows_a_web_page(name: str) -> None:
    paragraph = TEXT.split("\n")[2].strip()
    source = f"\n<!DOCTYPE html><html><body><h1>老城换新管</h1><p>{paragraph}</p></body></html>"
    assert text_of(source, name) == f"## 老城换新管\n\n{paragraph}"


@pytest.mark.parametrize("name", ["page.pdf", "page.txt", "stdin"])
def test_read_knows_a_pdf(name: str) -> None:
    content = printing.page([], ["本报讯 3月18日，记者从临江市水务局获悉，二期工程完工通水。"], width=40)
    assert text_of(content, name).strip("\u3000") == "本报讯 3月18日，记者从临江市水务局获悉，二期工程完工通水。"


def test_read_takes_paragraphs_headings_and_tables_of_a_word_file() -> None:
    def fill(document: Document) -> None:
        document.add_heading("老城供水管网换新管", 1)
        document.add_paragraph("本报讯 3月18日，工程完工。\n居民用上清水。")
        table = document.add_table(2, 3)
        for cell, text in zip(table._cells, ("街道", "小区", "户数", "南门", "12", "9000"), strict=True):
            cell.text = text
        document.add_heading("县图书馆\u200b夜间开放", 2)
        document.add_paragraph("清河县图书馆座无虚席。")

    assert text_of(word_file(fill), "page.docx").split("\n\n") == [
        "## 老城供水管网换新管",
        "本报讯 3月18日，工程完工。",
        "居民用上清水。",
        "街道 小区 户数",
        "南门 12 9000",
        "## 县图书馆夜间开放",
        "清河县图书馆座无虚席。",
    ]


def test_read_knows_a_word_file_whatever_it_is_called() -> None:
    content = word_file(lambda document: document.add_paragraph("清河县图书馆座无虚席。"))
    assert text_of(content, "page.txt") == "清河县图书馆座无虚席。"


def test_read_names_a_word_file_without_chinese_text() -> None:
    content = word_file(lambda document: document.add_paragraph("Nothing here."))
    with pytest.raises(InputError, match=r"^page.docx: no Chinese text in it; "):
        read(content, "page.docx", "page.docx")


def test_read_names_a_word_file_that_is_cut_off() -> None:
    content = word_file(lambda document: document.add_paragraph("清河县图书馆座无虚席。"))
    with pytest.raises(InputError, match=r"^page.docx: is a broken archive or Word file; save it anew"):
        read(content[: len(content) // 2], "page.docx", "page.docx")


def test_read_takes_columns_and_text_boxes_of_a_word_file() -> None:
    line = "汾河水库除险加固工程昨日开工，大坝加高两米。"
    space = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    box = f"<w:txbxContent><w:p><w:r><w:t>{line}</w:t></w:r></w:p></w:txbxContent>"
    twice = (
        f'<w:r {nsdecls("w")} xmlns:mc="{space}"><mc:AlternateContent><mc:Choice Requires="wps">{box}</mc:Choice>'
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>"
    )

    def fill(document: Document) -> None:
        cells = document.add_table(1, 2).rows[0].cells
        for cell, name in zip(cells, ("张洋", "王丹"), strict=True):
            cell.text = f"{name}的栏目"
            cell.add_paragraph(line)
        document.add_paragraph("")._p.append(parse_xml(twice))

    assert text_of(word_file(fill), "page.docx").split("\n\n") == ["张洋的栏目", line, "王丹的栏目", line, line]


def test_read_bears_with_two_encodings() -> None:
    line = "汾河水库除险加固工程昨日开工，大坝加高两米。\n"
    content = read(line.encode() * 2 + line.encode("gb18030"), "page.txt", "page.txt")
    assert content.texts == (line * 3,)
    (fault,) = content.faults
    assert fault == "page.txt:3: in another encoding (GB18030) than the rest (UTF-8); save the page in one"


def test_read_names_lines_of_one_character() -> None:
    with pytest.raises(InputError, match=r"^page.txt: 300 lines of one character each; "):
        read("\n".join("汾河水" * 100).encode(), "page.txt", "page.txt")
