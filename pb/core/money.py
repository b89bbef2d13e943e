"""Euros as Dutch people type and read them; whole cents within."""

import re
from typing import Final

from pb.core.errors import BadInput
from pb.core.text import clean_line

MOST_CENTS: Final = 1_000_000_000_00

_CHARACTERS_MOST: Final = 60
_SIGN_OR_WORD: Final = re.compile(r"^(?:€|eur(?:o|o's)?\b)\s*|\s*(?:€|\beuro?(?:'s)?)$", re.IGNORECASE)
_NO_CENTS: Final = re.compile(r",\s?(?:[-–—]{1,2}|=)$")
_WHOLE: Final = r"(?:[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[1-9][0-9]{0,2}(?: [0-9]{3})+)"
_DUTCH: Final = re.compile(rf"({_WHOLE})(?:,([0-9]{{1,2}}))?")
_ENGLISH: Final = re.compile(r"([0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.([0-9]{1,2}))?")


class MoneyEmpty(BadInput):
    code = "core.money-empty"


class MoneyNotAnAmount(BadInput):
    code = "core.money-not-an-amount"


class MoneyNegative(BadInput):
    code = "core.money-negative"


class MoneyAmbiguous(BadInput):
    """Refuse 300,000: three hundred thousand to one reader, three hundred to another."""

    code = "core.money-ambiguous"


class MoneyForeign(BadInput):
    """Refuse an English way of writing, with the Dutch one as a fact."""

    code = "core.money-foreign"


class MoneyWrongGroups(BadInput):
    code = "core.money-wrong-groups"


class MoneyTooManyDecimals(BadInput):
    code = "core.money-too-many-decimals"


class MoneyTooLarge(BadInput):
    code = "core.money-too-large"


def parse_euros(text: str) -> int:
    """Read an amount as Dutch people type it: 30000, 30.000, € 30.000,- or 1.250,50.

    Units: cents, 0 up to and including MOST_CENTS.
    Raises: a BadInput for whatever has more than one reading; nothing is guessed.
    """
    typed = clean_line(text, most=_CHARACTERS_MOST)
    amount = _SIGN_OR_WORD.sub("", _SIGN_OR_WORD.sub("", typed, count=1), count=1)
    if not amount:
        raise MoneyEmpty()
    if re.fullmatch(r"[-−–] ?€? ?[0-9][0-9.,]*", amount):
        raise MoneyNegative()
    amount = _NO_CENTS.sub("", amount)
    if (dutch := _DUTCH.fullmatch(amount)) is None:
        raise _why_not(amount)
    cents = _cents(dutch[1], dutch[2])
    if cents > MOST_CENTS:
        raise MoneyTooLarge(most_cents=MOST_CENTS)
    return cents


def euros(cents: int) -> str:
    """Write an amount for people: € 30.000 or € 1.250,50.

    Shape: a no-break space after the sign, so that it never breaks; cents only when there are any.
    """
    whole, rest = divmod(abs(_whole(cents)), 100)
    minus = "−" if cents < 0 else ""
    return f"{minus}€\u00a0{_grouped(whole)}" + (f",{rest:02}" if rest else "")


def euros_plain(cents: int) -> str:
    """Write an amount for a file or a field: 30000,00, with a plain hyphen below zero."""
    whole, rest = divmod(abs(_whole(cents)), 100)
    return f"{'-' if cents < 0 else ''}{whole},{rest:02}"


def _whole(cents: int) -> int:
    if isinstance(cents, bool) or not isinstance(cents, int):
        raise TypeError(f"money is a whole number of cents, not {type(cents).__name__}")
    return cents


def _grouped(whole: int) -> str:
    return f"{whole:,}".replace(",", ".")


def _cents(whole: str, rest: str | None) -> int:
    return int(re.sub(r"[^0-9]", "", whole)) * 100 + int((rest or "").ljust(2, "0"))


def _why_not(amount: str) -> BadInput:
    if re.fullmatch(r"[1-9][0-9]{0,2},[0-9]{3}", amount):
        whole, rest = amount.split(",")
        return MoneyAmbiguous(as_whole=f"{whole}.{rest}", as_cents=f"{whole},{rest[:2]}")
    if english := _ENGLISH.fullmatch(amount):
        whole = _grouped(_cents(english[1], None) // 100)
        return MoneyForeign(meant=whole + (f",{english[2].ljust(2, '0')}" if english[2] else ""))
    if re.fullmatch(rf"{_WHOLE},[0-9]{{3,}}|0\.[0-9]{{3,}}", amount):
        return MoneyTooManyDecimals()
    if re.fullmatch(r"[0-9]+(?:[. ][0-9]+)+(?:,[0-9]+)?", amount):
        return MoneyWrongGroups()
    return MoneyNotAnAmount()
