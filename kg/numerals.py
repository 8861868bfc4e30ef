"""Numbers as newspapers print them: 三十六, 第04版, A4.  In: strings; out: strings."""

import re
import unicodedata

NUMBER = re.compile("[0-9]{1,6}|[〇零一二三四五六七八九十百]{1,5}")
DIGITS = "〇一二三四五六七八九"


def arabic(number: str) -> str:
    """Return a Chinese or Arabic number below a thousand in digits: 三十六 is 36, a row of digits (一三三) 133."""
    if number.isdecimal():
        return str(int(number))
    if not {"十", "百"} & set(number):
        return str(int("".join(str(DIGITS.find(char)) for char in number.replace("零", "〇"))))
    total = digit = 0
    for char in number:
        if char in "十百":
            total += (digit or 1) * (10 if char == "十" else 100)
            digit = 0
        else:
            digit = DIGITS.find(char.replace("零", "〇"))
    return str(total + digit)


def page_label(text: str) -> str:
    """Return a page's printed number in one form: 第04版, ０4 and 四 are 4, a04 is A4."""
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    if not plain:
        return ""
    letter, number = (plain[0], plain[1:]) if plain[0].isascii() and plain[0].isalpha() else ("", plain)
    return letter + arabic(number) if NUMBER.fullmatch(number) else plain
