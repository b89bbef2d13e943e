"""Making text out of bytes, and telling when that was a guess."""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pb.core.sheet.problems import SheetEncodingMixed, SheetEncodingUnknown, refused

_LINE_END: Final = re.compile(b"\r\n|\r|\n")
# No typed text holds these; Windows-1252 would happily read them.
_NEVER_IN_TEXT: Final = re.compile(b"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")


class Encoding(StrEnum):
    """Name how a file writes its letters."""

    UTF_8 = "utf-8"
    UTF_16 = "utf-16"
    WINDOWS_1252 = "windows-1252"


@dataclass(frozen=True, slots=True)
class Decoded:
    """Hold the text of a file; ``is_guess`` asks a page to show it before taking it in."""

    text: str
    encoding: Encoding
    is_guess: bool


def decode(raw: bytes) -> Decoded:
    """Read bytes as UTF-8, as UTF-16 with a byte order mark, or else, as a guess, as Windows-1252.

    Raises: FileRefused with SheetEncodingUnknown or SheetEncodingMixed.
    """
    if raw.startswith((BOM_UTF32_LE, BOM_UTF32_BE)):
        raise refused(SheetEncodingUnknown())
    if raw.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        try:
            return Decoded(raw.decode("utf-16"), Encoding.UTF_16, is_guess=False)
        except UnicodeDecodeError:
            raise refused(SheetEncodingUnknown()) from None
    if _is_like_utf_16(raw):
        raise refused(SheetEncodingUnknown())
    try:
        return Decoded(raw.decode().removeprefix("\ufeff"), Encoding.UTF_8, is_guess=False)
    except UnicodeDecodeError as error:
        return _guess(raw, at=error.start)


def _guess(raw: bytes, *, at: int) -> Decoded:
    row = 1 + len(_LINE_END.findall(raw[:at]))
    # Letters that do read as UTF-8 are hardly ever anything else, so the rest of the file went wrong.
    read_as_utf_8 = raw.decode(errors="ignore")
    if raw.startswith(BOM_UTF8) or not read_as_utf_8.isascii():
        raise refused(SheetEncodingMixed(), row=row)
    if _NEVER_IN_TEXT.search(raw):
        raise refused(SheetEncodingUnknown(), row=row)
    try:
        return Decoded(raw.decode("windows-1252"), Encoding.WINDOWS_1252, is_guess=True)
    except UnicodeDecodeError as error:
        raise refused(SheetEncodingUnknown(), row=1 + len(_LINE_END.findall(raw[: error.start]))) from None


def _is_like_utf_16(raw: bytes) -> bool:
    opening = raw[:1000]
    return len(opening) >= 4 and max(opening[0::2].count(0), opening[1::2].count(0)) > 0.4 * len(opening) / 2
