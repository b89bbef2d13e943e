"""Find somebody by a part of the name, typed as people type it."""

import re
import unicodedata
from typing import Final

PHONE_LEAST: Final = 8
STREET_LEAST: Final = 3


def found_in(words: str, text: str) -> bool:
    """Say whether every word stands in a text, whatever the capitals and accents."""
    return all(word in _plain(text) for word in _plain(words).split())


def found_at(words: str, address: str) -> bool:
    """Say whether somebody lives where is typed: house numbers and postcodes whole, streets by a part."""
    there = re.findall(r"\w+", _plain(address))
    typed = re.findall(r"\w+", re.sub(r"\b(\d{4})([a-z]{2})\b", r"\1 \2", _plain(words)))
    return bool(typed) and all(
        word in there if word[0].isdigit() or len(word) < STREET_LEAST else any(word in one for one in there)
        for word in typed
    )


def same_phone(typed: str, phone: str) -> bool:
    """Say whether a number is typed in full, however it is spaced and with or without the Dutch 31."""
    digits = _national(typed)
    return (
        len(digits) >= PHONE_LEAST
        and digits == _national(phone)
        and not re.search(r"[a-z]", typed.casefold())
    )


def _national(text: str) -> str:
    digits = re.sub(r"\D", "", text)
    if re.match(r"\s*(\+|00)\s*31", text):
        digits = re.sub("^(00)?31", "", digits)
    return digits.removeprefix("0")


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
