"""Find somebody by a part of the name, typed as people type it."""

import unicodedata


def found_in(words: str, text: str) -> bool:
    """Say whether every word stands in a text, whatever the capitals and accents."""
    return all(word in _plain(text) for word in _plain(words).split())


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
