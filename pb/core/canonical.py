"""One way to write facts as bytes, so that a hash means the same to everyone."""

import hashlib
import json


def canonical(facts: object) -> bytes:
    """Write facts as JSON with sorted keys, no spaces, UTF-8.

    Raises: TypeError for floats and anything else that JSON cannot say exactly.
    """
    _refuse_floats(facts)
    return json.dumps(
        facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def sha256_of(facts: object) -> str:
    """Hash the canonical form of facts.

    Shape: 64 lower-case hexadecimal characters.
    """
    return hashlib.sha256(canonical(facts)).hexdigest()


def _refuse_floats(facts: object) -> None:
    if isinstance(facts, float):
        raise TypeError("a float has no exact form; use an integer or a fraction as text")
    if isinstance(facts, dict):
        for key, value in facts.items():
            if not isinstance(key, str):
                raise TypeError(f"a key must be text, not {key!r}")
            _refuse_floats(value)
    elif isinstance(facts, list | tuple):
        for value in facts:
            _refuse_floats(value)
