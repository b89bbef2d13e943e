"""Codes that people read from paper and type: no look-alikes, and a slip of the finger is noticed."""

from typing import Final

from pb.core.errors import BadInput

# Source: Douglas Crockford, Base 32: no I, L, O and U.
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_CHARACTERS: Final = 10
RECEIPT_CHARACTERS: Final = 5

_RANDOM_CHARACTERS: Final = CODE_CHARACTERS - 1
_VALUES: Final = {character: value for value, character in enumerate(ALPHABET)}
_LOOK_ALIKES: Final = str.maketrans("OIL", "011")
_BETWEEN: Final = frozenset(" \t\r\n\u00a0\u2007\u202f-\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212_.")
# x^5 + x^2 + 1 has no divisors, so the 32 characters form a field in which only 0 has no inverse.
_FIELD_POLYNOMIAL: Final = 0b100101


class CodeWrongLength(BadInput):
    """Refuse a code that is too short or too long. Facts: ``found``, ``expected``."""

    code = "core.code-wrong-length"


class CodeUnknownCharacter(BadInput):
    """Refuse a character that no code has. Facts: ``character``, ``place`` among the characters, from 1."""

    code = "core.code-unknown-character"


class CodeMistyped(BadInput):
    """Refuse a code whose check character does not fit the rest: one of them was mistyped."""

    code = "core.code-mistyped"


def code_from_bytes(raw: bytes) -> str:
    """Write the first 45 bits of bytes as a code with its check character.

    Shape: XXXXX-XXXXX; the last character is the check.
    Raises: ValueError for fewer than six bytes.
    """
    body = _characters(raw, _RANDOM_CHARACTERS)
    return _with_dash(body + check_character(body))


def receipt_code(raw: bytes) -> str:
    """Write the first 25 bits of bytes as five characters to compare by eye.

    Raises: ValueError for fewer than four bytes.
    """
    return _characters(raw, RECEIPT_CHARACTERS)


def check_character(body: str) -> str:
    """Compute the character that makes every single slip and every swap of two characters noticed.

    Each character weighs another power of two in the field of 32, so changing one, or swapping any two
    that differ, always changes the sum; the check itself weighs one.
    Source: a Reed-Solomon code with one check symbol.
    """
    total = 0
    for character in body:
        total = _double(total ^ _VALUES[character])
    return ALPHABET[total]


def read_code(typed: str) -> str:
    """Read a code as people type it: any case, O for 0, I and L for 1, spaces and dashes anywhere.

    Shape: XXXXX-XXXXX.
    Raises: CodeUnknownCharacter, CodeWrongLength, CodeMistyped.
    """
    characters = [character for character in typed if character not in _BETWEEN]
    code = ""
    for place, character in enumerate(characters[: 2 * CODE_CHARACTERS], start=1):
        plain = character.upper().translate(_LOOK_ALIKES) if character.isascii() else character
        if plain not in _VALUES:
            raise CodeUnknownCharacter(character=_to_show(character), place=place)
        code += plain
    if len(characters) != CODE_CHARACTERS:
        raise CodeWrongLength(found=len(characters), expected=CODE_CHARACTERS)
    if check_character(code[:_RANDOM_CHARACTERS]) != code[_RANDOM_CHARACTERS:]:
        raise CodeMistyped()
    return _with_dash(code)


def _characters(raw: bytes, count: int) -> str:
    bits = 5 * count
    if 8 * len(raw) < bits:
        raise ValueError(f"{count} characters need at least {bits} bits")
    number = int.from_bytes(raw, "big") >> (8 * len(raw) - bits)
    return "".join(ALPHABET[number >> shift & 31] for shift in range(bits - 5, -1, -5))


def _double(value: int) -> int:
    doubled = value << 1
    return doubled ^ _FIELD_POLYNOMIAL if doubled & 0b100000 else doubled


def _with_dash(code: str) -> str:
    return f"{code[:5]}-{code[5:]}"


def _to_show(character: str) -> str:
    return character if character.isprintable() else f"U+{ord(character):04X}"
