"""OpenCC's tables -> kg/data/traditional.txt: each traditional character and the simplified one it is compared as.

Run: python scripts/traditional.py (needs the package opencc, Apache-2.0).  乾 is left alone: it is
also a simplified one.
"""

from pathlib import Path

import opencc

TARGET = Path(__file__).parents[1] / "kg" / "data" / "traditional.txt"
BLOCKS = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000), range(0xF900, 0xFB00))
KEPT = "乾"


def main() -> None:
    """Write one pair of characters a line, in the order of their code points."""
    to_simplified = opencc.OpenCC("t2s").convert
    pairs = [(char, to_simplified(char)) for block in BLOCKS for char in map(chr, block) if char not in KEPT]
    # One character becomes one: offsets hold in either script.
    lines = [
        first + second for first, second in pairs if first != second and len(second) == 1 and ord(second) < 0x10000
    ]
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
