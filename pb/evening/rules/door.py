"""Finding a person at the door by what a helper types or scans."""

import unicodedata

from pb.core.errors import BadInput


class CardNotOfTonight(BadInput):
    """Refuse a card that opens no seat of this evening: of another round, or replaced by a newer one."""

    code = "evening.card-not-of-tonight"


class NobodyAsked(BadInput):
    """Ask for a seat: nothing was typed, tapped or scanned."""

    code = "evening.nobody-asked"


class NobodyFound(BadInput):
    code = "evening.nobody-found"


class MoreFound(BadInput):
    """Ask which one is meant. Facts: ``count``."""

    code = "evening.more-found"


def is_number(typed: str) -> bool:
    """Tell whether a seat number was typed."""
    return typed.isascii() and typed.isdigit() and len(typed) < 6


def fits(name: str, typed: str) -> bool:
    """Tell whether each word that was typed begins a word of the name; case and accents do not count.

    Without a letter it is no name.
    """
    words, wanted = _words(name), _words(typed)
    named = any(start.isalpha() for start in wanted)
    return named and all(any(word.startswith(start) for word in words) for start in wanted)


def _words(text: str) -> list[str]:
    apart = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(mark if mark.isalnum() else " " for mark in apart if not unicodedata.combining(mark))
    return plain.split()
