"""Which characters the letters of this house can print."""

import struct
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

# Greek and Cyrillic of Libertinus Serif, which comes with the program that sets our documents.
WITH_THE_PROGRAM = ((0x0386, 0x038A), (0x038E, 0x03A1), (0x03A3, 0x03CE), (0x0400, 0x045F), (0x0490, 0x0491))
NO_LETTER = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "So", "Sk"})
UNKNOWN = "?"
# Some fonts say that they have it, but nothing of it can be drawn.
BYTE_ORDER_MARK = "\ufeff"


Fonts = tuple[frozenset[int], ...]


@lru_cache
def printable(fonts: Path) -> Fonts:
    """Give the characters of each TTF file of a folder, and those that come with the program."""
    found = [frozenset(characters_of(path.read_bytes())) for path in sorted(fonts.glob("*.ttf"))]
    ours = frozenset(place for first, last in WITH_THE_PROGRAM for place in range(first, last + 1))
    return (*found, ours)


def keep_printable(text: str, fonts: Fonts) -> str:
    """Leave out signs that cannot be printed, such as emoji, and put a ? for letters that cannot.

    Shape: composed Unicode; a kind of space that no font has is a plain one, unless it may not break.
    """
    kept, base = [], ""
    for character in unicodedata.normalize("NFC", text):
        if unicodedata.category(character).startswith("M"):
            # A mark is drawn with its letter, by one font that must have both.
            if any(ord(character) in font and base and ord(base) in font for font in fonts):
                kept.append(character)
            continue
        shown = _kept(character, fonts)
        kept.append(shown)
        base = shown if shown.isalpha() else ""
    return "".join(kept)


def reads_from_the_right(text: str) -> bool:
    """Say whether a text begins with a letter that is read from right to left."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in ("L", "R", "AL"):
            return kind != "L"
    return False


def characters_of(font: bytes) -> set[int]:
    """Read which characters a TrueType font has.

    Source: OpenType, table cmap, formats 4 and 12.
    """
    tables = struct.unpack_from(">H", font, 4)[0]
    for at in range(12, 12 + 16 * tables, 16):
        tag, _sum, start, _length = struct.unpack_from(">4sIII", font, at)
        if tag == b"cmap":
            return {place for one in _subtables(font, start) for place in one}
    return set()


def _kept(character: str, fonts: Fonts) -> str:
    kind = unicodedata.category(character)
    if character == "\n" or (_has(character, fonts) and kind != "Cc" and character != BYTE_ORDER_MARK):
        return character
    if kind == "Zs":
        return "\u00a0" if character in "\u2007\u202f" else " "
    if kind in NO_LETTER:
        return ""
    plain = unicodedata.normalize("NFKC", character)
    return plain if len(plain) == 1 and _has(plain, fonts) else UNKNOWN


def _has(character: str, fonts: Fonts) -> bool:
    return any(ord(character) in font for font in fonts)


def _subtables(font: bytes, start: int) -> Iterator[Iterator[int]]:
    count = struct.unpack_from(">H", font, start + 2)[0]
    for at in range(start + 4, start + 4 + 8 * count, 8):
        offset = start + struct.unpack_from(">I", font, at + 4)[0]
        form = struct.unpack_from(">H", font, offset)[0]
        if form == 4:
            yield _segments(font, offset)
        elif form == 12:
            yield _groups(font, offset)


def _segments(font: bytes, offset: int) -> Iterator[int]:
    count = struct.unpack_from(">H", font, offset + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", font, offset + 14)
    starts = struct.unpack_from(f">{count}H", font, offset + 16 + 2 * count)
    for first, last in zip(starts, ends, strict=True):
        yield from range(first, min(last, 0xFFFE) + 1)


def _groups(font: bytes, offset: int) -> Iterator[int]:
    count = struct.unpack_from(">I", font, offset + 12)[0]
    for at in range(offset + 16, offset + 16 + 12 * count, 12):
        first, last, _glyph = struct.unpack_from(">III", font, at)
        yield from range(first, last + 1)
