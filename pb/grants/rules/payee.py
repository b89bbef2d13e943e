"""Who is paid: a name that every bank can write, and the numbers that belong to an organisation."""

import re
import unicodedata
from typing import Final

from pb.core.errors import BadInput
from pb.core.text import clean_line, has_letters

NAME_CHARACTERS_MOST: Final = 70
DESCRIPTION_CHARACTERS_MOST: Final = 140
END_TO_END_ID_CHARACTERS_MOST: Final = 35

SEPA_CHARACTERS: Final = re.compile(r"[A-Za-z0-9/\-?:().,'+ ]*")

_TYPED_CHARACTERS_MOST: Final = 500
# An apostrophe in front stays where a name begins with it ('t Hart); before a sign it would hide a formula.
_IN_FRONT: Final = re.compile(r"(?:[ \-+/.,:?)]|'(?![A-Za-z0-9]))+")
# Letters and signs that do not come apart into a Latin letter and its marks by themselves.
_SPELLED: Final = str.maketrans(
    {
        "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ø": "o", "Ø": "O",
        "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th",
        "ħ": "h", "Ħ": "H", "ı": "i", "ŋ": "n", "Ŋ": "N", "ŧ": "t", "Ŧ": "T", "ə": "e", "Ə": "E",
        "€": "EUR", "&": "+", "@": "(at)", "_": "-", "‐": "-", "–": "-", "—": "-", "−": "-",
        "’": "'", "‘": "'", "‚": "'", "´": "'", "`": "'", "ʼ": "'", "ʻ": "'",
        '"': "'", "“": "'", "”": "'", "„": "'", "«": "'", "»": "'",
        "<": "(", ">": ")", "[": "(", "]": ")", "{": "(", "}": ")",
        ";": ",", "!": ".", "*": ".", "#": ".", "|": "/", "\\": "/", "⁄": "/", "·": "-", "~": "-", "=": "-",
    }
)  # fmt: skip


class PayeeNameEmpty(BadInput):
    code = "grants.payee-name-empty"


class PayeeNameTooLong(BadInput):
    """Refuse a name that a payment file would cut; the holder chooses how to shorten it."""

    code = "grants.payee-name-too-long"


class PayeeNameNotLatin(BadInput):
    """Refuse a script that a payment file cannot hold; guessing a spelling is not for us."""

    code = "grants.payee-name-not-latin"


class DescriptionTooLong(BadInput):
    code = "grants.description-too-long"


class EndToEndIdUnusable(BadInput):
    code = "grants.end-to-end-id-unusable"


class KvkNumberWrong(BadInput):
    code = "grants.kvk-number-wrong"


def sepa_text(name: str) -> str:
    """Write a text in the characters that every bank in the SEPA area takes; show it before it is used.

    Shape: A-Z a-z 0-9 and / - ? : ( ) . , ' + and space; never a slash first, last or twice in a row,
    and nothing in front that a spreadsheet would take for a formula. Signs and emoji without a spelling
    are left out.
    Raises: PayeeNameNotLatin for letters and digits of other scripts.
    Source: EPC217-08, SEPA requirements for an extended character set; BNG's rule for slashes.
    """
    spelled: list[str] = []
    for character in unicodedata.normalize("NFKD", name.translate(_SPELLED)).translate(_SPELLED):
        if SEPA_CHARACTERS.fullmatch(character):
            spelled.append(character)
        elif unicodedata.category(character)[0] in "LN":
            raise PayeeNameNotLatin()
        elif unicodedata.category(character)[0] != "M":
            spelled.append(" ")
    one_slash = re.sub(r"/(?: */)+", "/", " ".join("".join(spelled).split()))
    in_front = _IN_FRONT.match(one_slash)
    return one_slash[in_front.end() if in_front else 0 :].rstrip(" /")


def check_payee_name(raw: str) -> str:
    """Make the name of an account holder tidy, if a payment can carry it.

    Shape: as people write it; sepa_text gives what the bank will read.
    Units: at most 70 characters as the bank reads it.
    Raises: PayeeNameEmpty, PayeeNameTooLong, PayeeNameNotLatin and what clean_line raises.
    """
    name = clean_line(raw, most=_TYPED_CHARACTERS_MOST)
    for_bank = sepa_text(name)
    if not has_letters(for_bank):
        raise PayeeNameEmpty()
    if max(len(for_bank), len(name)) > NAME_CHARACTERS_MOST:
        raise PayeeNameTooLong(most=NAME_CHARACTERS_MOST, length=max(len(for_bank), len(name)))
    return name


def check_description(raw: str) -> str:
    """Write what a payment is for, in the bank's characters.

    Raises: DescriptionTooLong above 140 characters, PayeeNameNotLatin.
    """
    description = sepa_text(clean_line(raw, most=_TYPED_CHARACTERS_MOST))
    if len(description) > DESCRIPTION_CHARACTERS_MOST:
        raise DescriptionTooLong(most=DESCRIPTION_CHARACTERS_MOST, length=len(description))
    return description


def check_end_to_end_id(given: str) -> str:
    """Check the reference that travels with a payment; it is never altered, for it must come back the same.

    Raises: EndToEndIdUnusable.
    """
    if not 0 < len(given) <= END_TO_END_ID_CHARACTERS_MOST or given != sepa_text(given):
        raise EndToEndIdUnusable(most=END_TO_END_ID_CHARACTERS_MOST)
    return given


def check_kvk_number(raw: str) -> str:
    """Read a number of the Chamber of Commerce; empty stays empty.

    Shape: eight digits as text, leading zeros kept; spaces and dots between them are taken away.
    Raises: KvkNumberWrong.
    """
    number = re.sub(r"[ .]", "", clean_line(raw, most=40))
    if number and re.fullmatch(r"[0-9]{8}", number) is None:
        raise KvkNumberWrong(digits=len(re.sub(r"[^0-9]", "", number)))
    return number
