"""The highest number that a phone was told, signed: what it says of it later is ours, or it is nothing."""

import base64
import hashlib
import hmac
import re

_SEEN = re.compile(r"([1-9][0-9]{0,9})\.([A-Za-z0-9_-]{8})")


def write_seen(key: bytes, *, evening_id: int, seq: int) -> str:
    """Write a sequence number of an evening with its signature.

    Shape: the number, a dot, and 48 bits in base64url. Everybody with a phone sees a few of these, and each
    guess is a request, so that a short signature is enough; each tap carries it over a slow line.
    """
    return f"{seq}.{_signature(key, evening_id, seq)}"


def read_seen(key: bytes, *, evening_id: int, text: str) -> int | None:
    """Read what a phone sends back; None for whatever we did not write for this evening."""
    found = _SEEN.fullmatch(text)
    if found is None:
        return None
    seq = int(found[1])
    return seq if hmac.compare_digest(_signature(key, evening_id, seq), found[2]) else None


def _signature(key: bytes, evening_id: int, seq: int) -> str:
    mac = hmac.new(key, f"seen:{evening_id}:{seq}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac[:6]).decode()
