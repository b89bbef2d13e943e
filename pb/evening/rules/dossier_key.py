"""The key in the address of an evening's dossier."""

import hashlib
import hmac


def dossier_key(key: bytes, evening_id: int) -> str:
    """Give the key of an evening's dossier: who has it may read the plans of that evening, no more.

    Shape: 22 hexadecimal characters of an HMAC-SHA256.
    """
    return hmac.new(key, f"dossier:{evening_id}".encode(), hashlib.sha256).hexdigest()[:22]
