"""Text as people type and paste it: made tidy, or refused when nobody could trust what it shows."""

import re
import unicodedata
from typing import Final

from pb.core.errors import BadInput, Broken

MARKS_IN_A_ROW_MOST: Final = 4

_BIDI_CONTROLS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LINE_ENDS: Final = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
_SPACE: Final = re.compile(r"[^\S\n]")
_ZWNJ: Final = "\u200c"
_ZWJ: Final = "\u200d"
_BLANKS_POSING_AS_LETTERS: Final = frozenset("\u115f\u1160\u3164\uffa0\u034f\u17b4\u17b5")
# Signs that Unicode calls format characters although they are seen, such as the Arabic end of verse.
_SEEN_FORMAT: Final = re.compile(
    "[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd\U00013430-\U0001345f]"
)
_VARIATION: Final = re.compile("[\ufe00-\ufe0f\u180b-\u180d\u180f\U000e0100-\U000e01ef]")
# The flags of England, Scotland and Wales are a black flag and unseen letters, closed by an unseen full stop.
_SUBDIVISION_FLAG: Final = re.compile(
    "(?<=\U0001f3f4)[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f"
)
_JOINING_SCRIPTS: Final = (
    "ARABIC", "SYRIAC", "MONGOLIAN", "NKO", "MANDAIC", "ADLAM", "DEVANAGARI", "BENGALI", "GURMUKHI",
    "GUJARATI", "ORIYA", "TAMIL", "TELUGU", "KANNADA", "MALAYALAM", "SINHALA", "KHMER", "MYANMAR",
    "TIBETAN", "JAVANESE", "BALINESE",
)  # fmt: skip
_NINE_DIGITS: Final = re.compile(
    r"(?<![0-9])(?:[0-9]{9}|[0-9]{3}([ .-])[0-9]{3}\1[0-9]{3}|[0-9]{4}([ .-])[0-9]{2}\2[0-9]{3})(?![0-9])"
)


class TextTooLong(BadInput):
    """Refuse text that does not fit."""

    code = "core.text-too-long"


class TextBidiControl(BadInput):
    """Refuse unseen characters that turn the reading direction round."""

    code = "core.text-bidi-control"


class TextControlCharacter(BadInput):
    """Refuse NUL and other characters that are no text."""

    code = "core.text-control-character"


class TextBrokenCharacter(BadInput):
    """Refuse half characters, which cannot be stored."""

    code = "core.text-broken-character"


class TextStackedMarks(BadInput):
    """Refuse letters with a tower of accents, which cover the lines around them."""

    code = "core.text-stacked-marks"


class TextHoldsBsn(BadInput):
    """Warn that a number in the text may be somebody's citizen service number; told, not raised."""

    code = "core.text-holds-bsn"


def clean_line(raw: str, *, most: int) -> str:
    """Make one line of text tidy: composed letters, single spaces, nothing unseen.

    Shape: NFC on one line; line ends became spaces; empty stays empty.
    Units: ``most`` in characters, counted after tidying.
    Raises: TextTooLong, TextBidiControl, TextControlCharacter, TextBrokenCharacter, TextStackedMarks.
    """
    return _fit(" ".join(_tidy(raw, most=most).split()), most=most)


def clean_text(raw: str, *, most: int) -> str:
    """Make text of several lines tidy.

    Shape: NFC; line ends are LF, at most one empty line in a row, no space at the end of a line; spaces
    within a line stay, because people draw lists with them.
    Units and Raises: as clean_line.
    """
    lines = (_SPACE.sub(" ", line).rstrip() for line in _tidy(raw, most=most).split("\n"))
    return _fit(re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip(), most=most)


def has_letters(text: str) -> bool:
    """Tell whether there is a letter of any script to read; digits and emoji are not enough."""
    return any(
        unicodedata.category(character).startswith("L") and character not in _BLANKS_POSING_AS_LETTERS
        for character in text
    )


def find_bsn(text: str) -> tuple[tuple[int, int], ...]:
    """Find numbers of nine digits that pass the eleven test: 111222333, 111 222 333 or 1112.22.333.

    Shape: (start, end) of each in the text, end exclusive. One in eleven arbitrary numbers passes too.
    Source: Besluit burgerservicenummer; an RSIN has the same shape and test.
    """
    return tuple(
        found.span()
        for found in _NINE_DIGITS.finditer(text)
        if _passes_eleven_test(re.sub(r"[ .\-]", "", found.group()))
    )


def bsn_warning(text: str) -> tuple[Broken, ...]:
    """Tell what a person should know before sending a text that may hold a citizen service number."""
    places = find_bsn(text)
    return (TextHoldsBsn(count=len(places)),) if places else ()


def _passes_eleven_test(digits: str) -> bool:
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    total = sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True))
    return total % 11 == 0 and digits != "000000000"


def _tidy(raw: str, *, most: int) -> str:
    if not isinstance(raw, str):
        raise TypeError(f"text must be str, not {type(raw).__name__}")
    # Before any work: what is this much longer cannot become short enough by tidying an honest text.
    if len(raw) > 8 * most + 1000:
        raise TextTooLong(most=most, length=len(raw))
    text = unicodedata.normalize("NFC", _LINE_ENDS.sub("\n", raw))
    _refuse_untrusted(text)
    # Taking away an unseen character can bring two others together, so look until nothing changes.
    while (shorter := unicodedata.normalize("NFC", _without_unseen(text))) != text:
        text = shorter
    _refuse_stacked_marks(text)
    return text


def _fit(text: str, *, most: int) -> str:
    if len(text) > most:
        raise TextTooLong(most=most, length=len(text))
    return text


def _refuse_untrusted(text: str) -> None:
    for place, character in enumerate(text, start=1):
        if character in _BIDI_CONTROLS:
            raise TextBidiControl(place=place)
        category = unicodedata.category(character)
        if category == "Cc" and character not in "\t\n":
            raise TextControlCharacter(place=place)
        if category == "Cs" or _is_noncharacter(character):
            raise TextBrokenCharacter(place=place)


def _refuse_stacked_marks(text: str) -> None:
    in_a_row = 0
    for place, character in enumerate(text, start=1):
        in_a_row = in_a_row + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        if in_a_row > MARKS_IN_A_ROW_MOST:
            raise TextStackedMarks(place=place)


def _without_unseen(text: str) -> str:
    flag_tags = {place for flag in _SUBDIVISION_FLAG.finditer(text) for place in range(*flag.span())}
    kept: list[str] = []
    for place, character in enumerate(text):
        before = kept[-1] if kept else ""
        after = text[place + 1 : place + 2]
        if place in flag_tags or _is_wanted(character, before, after):
            kept.append(character)
    return "".join(kept)


def _is_wanted(character: str, before: str, after: str) -> bool:
    if character in (_ZWJ, _ZWNJ):
        return _joiner_works(character, before, after)
    if _VARIATION.match(character):
        return _variation_works(before, after)
    if character in _BLANKS_POSING_AS_LETTERS:
        return False
    return unicodedata.category(character) != "Cf" or _SEEN_FORMAT.match(character) is not None


def _joiner_works(joiner: str, before: str, after: str) -> bool:
    if not before:
        return False
    if joiner == _ZWJ and _is_part_of_emoji(before) and after and _is_emoji(after):
        return True
    if unicodedata.combining(before) == 9:  # after a virama it shapes the consonant, also at a word's end
        return True
    return _joins(before) and bool(after) and _joins(after)


def _variation_works(before: str, after: str) -> bool:
    if not before:
        return False
    if before in "0123456789#*":  # keycaps, such as 1️⃣
        return after == "\u20e3"
    return _is_emoji(before) or unicodedata.name(before, "").startswith(("CJK", "MONGOLIAN LETTER"))


def _joins(character: str) -> bool:
    return unicodedata.category(character)[0] in "LM" and unicodedata.name(character, "").startswith(
        _JOINING_SCRIPTS
    )


def _is_emoji(character: str) -> bool:
    # The last range holds emoji newer than this Python knows; ‼ ⁉ ℹ 〰 and arrows are no symbols to Unicode.
    return (
        unicodedata.category(character) == "So"
        or character in "\u203c\u2049\u2139\u3030"
        or "\u2190" <= character <= "\u21ff"
        or "\U0001f000" <= character <= "\U0001faff"
    )


def _is_part_of_emoji(character: str) -> bool:
    return character == "\ufe0f" or _is_emoji(character)


def _is_noncharacter(character: str) -> bool:
    number = ord(character)
    return number & 0xFFFE == 0xFFFE or 0xFDD0 <= number <= 0xFDEF
