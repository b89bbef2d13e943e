"""The key in the address of the big screen."""

import hashlib
import hmac


def screen_key(key: bytes, evening_id: int) -> str:
    """Give the key of an evening's big screen: who has it may see what the whole room sees, no more.

    Shape: 22 hexadecimal characters of an HMAC-SHA256.
    """
    return hmac.new(key, f"screen:{evening_id}".encode(), hashlib.sha256).hexdigest()[:22]
