"""The secrets of a card, made again from a key so that none of them is stored."""

import base64
import hashlib
import hmac
import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

from pb.core.codes import code_from_bytes, read_code
from pb.core.errors import BadInput

CARD_PATH: Final = "/kaart"
KEY_BYTES_LEAST: Final = 16

_TOKEN_BYTES: Final = 16
_TOKEN_TEXT: Final = re.compile("[A-Za-z0-9_-]{22}")
_CARD_TEXT_MOST: Final = 1000
_PORTS: Final = {"http": 80, "https": 443}


class CardFromElsewhere(BadInput):
    """Refuse a QR code that is no card of ours: another site, a product, plain text."""

    code = "panel.card-from-elsewhere"


class CardIsSignpost(BadInput):
    """Refuse a QR code of this site that is no card, such as the one on the wall."""

    code = "panel.card-is-signpost"


class CardHalfRead(BadInput):
    """Refuse a card of this site whose secret came in damaged."""

    code = "panel.card-half-read"


def card_token(key: bytes, seat_id: int, serial: int) -> bytes:
    """Make the secret in the QR code of a seat's card; a next serial makes the last card worthless.

    Shape: 16 bytes.
    """
    return _mac(key, "card-token", f"{seat_id}:{serial}")[:_TOKEN_BYTES]


def card_code(key: bytes, seat_id: int, serial: int) -> str:
    """Make the code under the QR code, for who types it: XXXXX-XXXXX."""
    return code_from_bytes(_mac(key, "card-code", f"{seat_id}:{serial}"))


def token_sha256(token: bytes) -> str:
    """Hash a token for the database; 128 random bits need no key.

    Shape: 64 hexadecimal characters.
    """
    return hashlib.sha256(token).hexdigest()


def code_lookup(key: bytes, code: str) -> str:
    """Hash a typed code for the database, with the key, because 45 bits could be tried one by one.

    Shape: 64 hexadecimal characters.
    Raises: the refusals of read_code.
    """
    return _mac(key, "card-code-lookup", read_code(code)).hex()


def token_text(token: bytes) -> str:
    """Write a token as text: 22 characters of base64url."""
    if len(token) != _TOKEN_BYTES:
        raise ValueError(f"a token has {_TOKEN_BYTES} bytes")
    return base64.urlsafe_b64encode(token).decode().rstrip("=")


def read_token(text: str) -> bytes:
    """Read a token; only its one exact text form will do.

    Raises: CardHalfRead.
    """
    if not _TOKEN_TEXT.fullmatch(text):
        raise CardHalfRead()
    token = base64.urlsafe_b64decode(f"{text}==")
    # The last character has four bits to spare; other values there would be a second way to write it.
    if token_text(token) != text:
        raise CardHalfRead()
    return token


def card_url(base_url: str, token: bytes) -> str:
    """Write what the QR code of a card says; the secret stands behind the #, which no server is sent."""
    return f"{base_url.rstrip('/')}{CARD_PATH}#{token_text(token)}"


def read_card_text(text: str, base_url: str) -> bytes:
    """Read what a scanner saw, and give the token when it is a card of this site.

    Raises: CardFromElsewhere, CardIsSignpost, CardHalfRead.
    """
    scanned = text.strip()
    own = urlsplit(base_url)
    # urlsplit would leave out line ends and tabs in the middle, and read on.
    if len(scanned) > _CARD_TEXT_MOST or not scanned.isprintable() or " " in scanned:
        raise CardFromElsewhere()
    try:
        seen = urlsplit(scanned)
        is_own = _origin(seen) == _origin(own)
    except ValueError:
        raise CardFromElsewhere() from None
    if not is_own or "\\" in scanned:
        raise CardFromElsewhere()
    if seen.path != f"{own.path.rstrip('/')}{CARD_PATH}" or seen.query or not seen.fragment:
        raise CardIsSignpost()
    return read_token(seen.fragment)


def _origin(parts: SplitResult) -> tuple[str, str, int | None, bool]:
    port = parts.port or _PORTS.get(parts.scheme)
    return parts.scheme, (parts.hostname or "").rstrip("."), port, "@" in parts.netloc


def _mac(key: bytes, purpose: str, about: str) -> bytes:
    # The purpose stands first and holds no colon, so that no two purposes ever hash the same text.
    if len(key) < KEY_BYTES_LEAST:
        raise ValueError(f"a key has at least {KEY_BYTES_LEAST} bytes")
    return hmac.new(key, f"beslisavond:{purpose}:{about}".encode(), hashlib.sha256).digest()
