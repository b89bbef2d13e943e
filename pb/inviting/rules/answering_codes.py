"""What is refused of whoever types a code: each sentence says which code it is, and where it belongs."""

from urllib.parse import urlsplit

from pb.core.codes import CodeMistyped, CodeUnknownCharacter, CodeWrongLength, read_code
from pb.core.errors import BadInput, Broken


class NoLetterRead(Broken):
    """Say that this browser holds no letter now: it lost it, or cookies are refused."""

    code = "inviting.no-letter-read"


class AnotherLetterRead(Broken):
    """Say that this browser read another letter after this form was opened."""

    code = "inviting.another-letter-read"


class CodeUnreadable(BadInput):
    """Refuse what is no code at all, or has a slip of the finger in it."""

    code = "inviting.code-unreadable"


class UnknownLetter(BadInput):
    code = "inviting.unknown-letter"


class LetterIsCard(BadInput):
    """Refuse the code of a card of the evening where that of a letter or of an answer is asked."""

    code = "inviting.letter-is-card"


class LetterIsOwnCode(BadInput):
    """Refuse somebody's own code where that of a letter is asked."""

    code = "inviting.letter-is-own-code"


class UnknownOwnCode(BadInput):
    code = "inviting.unknown-own-code"


class OwnCodeIsLetter(BadInput):
    """Refuse the code of a letter where one's own code is asked."""

    code = "inviting.own-code-is-letter"


class TooManyCodes(Broken):
    """Slow down whoever tries codes. Facts: ``wait_seconds``."""

    code = "inviting.too-many-codes"
    status = 429


def read_typed(text: str) -> str:
    """Read a code as typed, or in all that a QR says when a scanner types it.

    Shape: XXXXX-XXXXX.
    Raises: CodeUnreadable, LetterIsCard, UnknownLetter for the address of another page.
    """
    try:
        return read_code(_code_in(text) if "://" in text else text)
    except (CodeMistyped, CodeUnknownCharacter, CodeWrongLength):
        raise CodeUnreadable() from None


def _code_in(text: str) -> str:
    try:
        seen = urlsplit(text.strip())
    except ValueError:
        raise UnknownLetter() from None
    if seen.path.rstrip("/").endswith("/kaart"):
        raise LetterIsCard()
    return seen.fragment
