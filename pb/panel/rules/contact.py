"""Names, e-mail addresses and phone numbers as lists hold them."""

import re
import unicodedata
from typing import Final

from pb.core.errors import BadInput
from pb.core.text import clean_line

NAME_MOST: Final = 120
EMAIL_MOST: Final = 254

_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u00a1-\U0010ffff-]+"
_LOCAL: Final = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_TOP_LABEL: Final = re.compile(r"[a-z][a-z0-9-]*[a-z0-9]")
_BY_SPREADSHEET: Final = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]*)?[eE][+-]?[0-9]+|[0-9]{6,}[.,]0+")
_BETWEEN_DIGITS: Final = re.compile("[\\s\u00a0().\\-/\u2010-\u2015\u2212]")
# Area and service codes of three digits, without the 0; all others have four.
_SHORT_CODES: Final = frozenset(
    map(
        str,
        (
            10, 13, 14, 15, 20, 23, 24, 26, 30, 33, 35, 36, 38, 40, 43, 45, 46, 50, 53, 55, 58,
            *range(70, 80), 82, 84, 85, 87, 88, 91,
        ),
    )
)  # fmt: skip
# Letters that NFKD does not take apart and that people write both ways.
_BARE: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})


class NameMissing(BadInput):
    """Refuse a name with nothing to read in it."""

    code = "panel.name-missing"


class EmailLineEnd(BadInput):
    """Refuse a line end in an e-mail address: it could add headers to a mail."""

    code = "panel.email-line-end"


class EmailTwoAts(BadInput):
    """Refuse two at signs, or two addresses in one field."""

    code = "panel.email-two-ats"


class EmailWithName(BadInput):
    """Refuse a name around the address, as mail programs write it."""

    code = "panel.email-with-name"


class EmailHostIncomplete(BadInput):
    """Refuse an address without a full domain, such as name@localhost."""

    code = "panel.email-host-incomplete"


class EmailUnreadable(BadInput):
    """Refuse what is no e-mail address."""

    code = "panel.email-unreadable"


class EmailOddLetters(BadInput):
    """Doubt letters that look like others, or that not every mail program knows; told, not raised."""

    code = "panel.email-odd-letters"


class NameOddLetters(BadInput):
    """Doubt a name that mixes alphabets, which is hardly ever meant; told, not raised."""

    code = "panel.name-odd-letters"


class PhoneBySpreadsheet(BadInput):
    """Refuse a number that a spreadsheet shortened, because digits are gone."""

    code = "panel.phone-by-spreadsheet"


class PhoneStartMissing(BadInput):
    """Refuse a number without 0, + or 00 before it; a spreadsheet takes those away."""

    code = "panel.phone-start-missing"


class PhoneUnreadable(BadInput):
    """Refuse what is no phone number."""

    code = "panel.phone-unreadable"


def read_name(typed: str) -> str:
    """Keep a name as typed: O'Brien, Null and =cmd are all names.

    Raises: NameMissing; the refusals of clean_line.
    """
    name = clean_line(typed, most=NAME_MOST)
    if not name:
        raise NameMissing()
    return name


def plain_name(name: str) -> str:
    """Reduce a name to what stays when case, accents, dots and spaces are not counted."""
    apart = unicodedata.normalize("NFKD", name.casefold()).translate(_BARE)
    plain = "".join(character for character in apart if character.isalnum())
    # A name in signs only must not become equal to every other such name.
    return plain or name.casefold()


def read_email(typed: str) -> str:
    """Read an e-mail address strictly.

    Shape: lower case, the domain as ASCII (IDNA).
    Raises: EmailLineEnd, EmailTwoAts, EmailWithName, EmailHostIncomplete, EmailUnreadable; the refusals
    of clean_line.
    """
    trimmed = typed.strip()
    if "\r" in trimmed or "\n" in trimmed:
        raise EmailLineEnd()
    text = clean_line(trimmed, most=EMAIL_MOST)
    if "<" in text or ">" in text or '"' in text:
        raise EmailWithName()
    if text.count("@") > 1:
        raise EmailTwoAts()
    local, at, host = text.lower().partition("@")
    if not at or len(local) > 64 or not _LOCAL.fullmatch(local) or not host or " " in host:
        raise EmailUnreadable()
    try:
        labels = host.encode("idna").decode("ascii").split(".")
    except UnicodeError:
        raise EmailUnreadable() from None
    if len(labels) < 2:
        raise EmailHostIncomplete()
    if not all(_LABEL.fullmatch(label) for label in labels) or not _TOP_LABEL.fullmatch(labels[-1]):
        raise EmailUnreadable()
    address = f"{local}@{'.'.join(labels)}"
    if len(address) > EMAIL_MOST:
        raise EmailUnreadable()
    return address


def has_odd_letters(email_typed: str) -> bool:
    """Tell whether an e-mail address mixes alphabets or has letters before the @ that are not ASCII."""
    return not email_typed.strip().partition("@")[0].isascii() or mixes_scripts(email_typed)


def mixes_scripts(text: str) -> bool:
    """Tell whether a text has letters of more than one alphabet, such as a Cyrillic j in a Latin name."""
    return len({_script(character) for character in text if character.isalpha()} - {""}) > 1


def read_phone(typed: str) -> str:
    """Read a phone number; Dutch when it starts with a single 0.

    Shape: E.164, such as +31612345678.
    Raises: PhoneBySpreadsheet, PhoneStartMissing, PhoneUnreadable; the refusals of clean_line.
    """
    text = clean_line(typed, most=60)
    if _BY_SPREADSHEET.fullmatch(text):
        raise PhoneBySpreadsheet()
    compact = _BETWEEN_DIGITS.sub("", text.replace("(0)", ""))
    if compact.startswith("00"):
        compact = f"+{compact[2:]}"
    digits = compact.removeprefix("+")
    if not (digits.isascii() and digits.isdecimal()):
        raise PhoneUnreadable()
    if compact.startswith("0"):
        compact = f"+31{compact[1:]}"
    elif not compact.startswith("+"):
        raise PhoneStartMissing() if len(digits) >= 9 else PhoneUnreadable()
    if compact.startswith("+310"):
        compact = f"+31{compact[4:]}"
    right = r"\+31[1-9][0-9]{8}" if compact.startswith("+31") else r"\+[1-9][0-9]{7,14}"
    if not re.fullmatch(right, compact):
        raise PhoneUnreadable()
    return compact


def shown_phone(phone: str) -> str:
    """Write a Dutch number as it is written here, in groups; another one stays as it is.

    Shape: 06 12 34 56 78, 010 456 78 90, 0180 12 34 56; a code of an area or service is never split.
    Source: the numbering plan for telephone and ISDN services, annex of area codes.
    """
    digits = f"0{phone[3:]}" if phone.startswith("+31") else phone
    if len(digits) != 10 or not digits.startswith("0") or not digits.isdecimal():
        return phone
    if digits.startswith("06"):
        return f"06 {digits[2:4]} {digits[4:6]} {digits[6:8]} {digits[8:]}"
    code = 3 if digits[1:3] in _SHORT_CODES else 4
    return f"{digits[:code]} {digits[code:6]} {digits[6:8]} {digits[8:]}"


def _script(character: str) -> str:
    first = unicodedata.name(character, "").split(" ")[0]
    if first == "MODIFIER":  # the letter apostrophe of some names belongs to every alphabet
        return ""
    return "LATIN" if first in ("FULLWIDTH", "FEMININE", "MASCULINE") else first
