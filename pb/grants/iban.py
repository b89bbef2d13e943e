"""Account numbers: read as people type them, and refused with the reason."""

import re
from typing import Final

from schwifty import IBAN, exceptions

from pb.core.errors import BadInput
from pb.core.text import clean_line

# Joined the payment schemes later than schwifty's register says: four in October 2025, Serbia in May 2026.
JOINED_SEPA_LATELY: Final = frozenset({"AL", "MD", "ME", "MK", "RS"})


class IbanEmpty(BadInput):
    code = "grants.iban-empty"


class IbanUnreadable(BadInput):
    """Refuse what does not begin with two letters and two digits, or holds other signs."""

    code = "grants.iban-unreadable"


class IbanFromSpreadsheet(BadInput):
    """Refuse 4,17E+09, which is all that a spreadsheet left of an account number."""

    code = "grants.iban-from-spreadsheet"


class IbanUnknownCountry(BadInput):
    code = "grants.iban-unknown-country"


class IbanWrongLength(BadInput):
    code = "grants.iban-wrong-length"


class IbanWrongShape(BadInput):
    """Refuse letters where the country has digits, or the reverse."""

    code = "grants.iban-wrong-shape"


class IbanWrongCheckDigits(BadInput):
    code = "grants.iban-wrong-check-digits"


class IbanOutsideSepa(BadInput):
    code = "grants.iban-outside-sepa"


def check_iban(text: str) -> str:
    """Read an IBAN of the SEPA area.

    Shape: capitals and digits without spaces; spaces, dots, dashes and lower case are taken as typed.
    Raises: a BadInput; its facts never hold the number itself.
    """
    typed = clean_line(text, most=80)
    if re.fullmatch(r"[0-9]+[.,]?[0-9]*E\+?[0-9]+", typed, re.IGNORECASE):
        raise IbanFromSpreadsheet()
    iban = re.sub(r"[ .\-]", "", re.sub(r"^iban[ :]*", "", typed, flags=re.IGNORECASE)).upper()
    if not iban:
        raise IbanEmpty()
    if not iban.isascii() or re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]*", iban) is None:
        raise IbanUnreadable()
    country = iban[:2]
    read = IBAN(iban, allow_invalid=True)
    try:
        length = read.spec.iban_length
    except exceptions.InvalidCountryCode:
        raise IbanUnknownCountry(country=country) from None
    if len(iban) != length:
        raise IbanWrongLength(country=country, length=len(iban), expected=length)
    try:
        read.validate()
    except exceptions.InvalidChecksumDigits:
        raise IbanWrongCheckDigits() from None
    except exceptions.SchwiftyException:
        raise IbanWrongShape(country=country) from None
    if not (read.in_sepa_zone or country in JOINED_SEPA_LATELY):
        raise IbanOutsideSepa(country=country)
    return iban


def grouped_iban(iban: str) -> str:
    """Write an IBAN in groups of four, as on a bank card."""
    return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))
