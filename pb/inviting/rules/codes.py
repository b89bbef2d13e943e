"""The codes of a letter and of whoever answered it, made again from a key so that none of them is stored."""

import hashlib
import hmac
from typing import Final

from pb.core.codes import code_from_bytes, read_code

KEY_BYTES_LEAST: Final = 16


def invitation_code(key: bytes, invitation_id: int, serial: int) -> str:
    """Make the code of a letter: XXXXX-XXXXX; a next serial makes the last code worthless."""
    return code_from_bytes(_mac(key, "invitation-code", f"{invitation_id}:{serial}"))


def own_code(key: bytes, answer_id: int) -> str:
    """Make the code with which one person finds their own answer, chance and numbers: XXXXX-XXXXX."""
    return code_from_bytes(_mac(key, "own-code", str(answer_id)))


def pool_code(key: bytes, answer_id: int) -> str:
    """Make the name that one person has in the draw; it opens nothing: XXXXX-XXXXX."""
    return code_from_bytes(_mac(key, "pool-code", str(answer_id)))


def invitation_lookup(key: bytes, code: str) -> str:
    """Hash the typed code of a letter for the database, with the key: 45 bits could be tried one by one.

    Shape: 64 hexadecimal characters.
    Raises: the refusals of read_code.
    """
    return _mac(key, "invitation-lookup", read_code(code)).hex()


def own_lookup(key: bytes, code: str) -> str:
    """Hash a person's own code as typed, for the database.

    Shape: 64 hexadecimal characters.
    Raises: the refusals of read_code.
    """
    return _mac(key, "own-lookup", read_code(code)).hex()


def _mac(key: bytes, purpose: str, about: str) -> bytes:
    if len(key) < KEY_BYTES_LEAST:
        raise ValueError(f"a key has at least {KEY_BYTES_LEAST} bytes")
    return hmac.new(key, f"beslisavond:{purpose}:{about}".encode(), hashlib.sha256).digest()
