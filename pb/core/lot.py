"""A lot that everybody can draw again: a hash of a seed and an id."""

import hashlib


def lot_key(seed: str, item_id: str) -> str:
    """Give an item its place in a lot: sort by this key, ascending.

    Shape: hexadecimal sha256 of ``seed:item_id`` in UTF-8.
    Ties: none for different ids.
    """
    return hashlib.sha256(f"{seed}:{item_id}".encode()).hexdigest()
