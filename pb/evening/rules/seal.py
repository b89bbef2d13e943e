"""The seal: the head of the chain, short enough to stand on a screen and on paper."""

from pb.core.codes import code_from_bytes
from pb.core.errors import Broken


class PracticeOnly(Broken):
    """Refuse to seal, export, publish or pay what people only practised with."""

    code = "evening.practice-only"
    status = 403


class NothingToSeal(Broken):
    """Refuse a seal over a chain that has no event yet."""

    code = "evening.nothing-to-seal"


def seal_code(head: str) -> str:
    """Write the head of a chain as ten characters that people can read out and type.

    Shape: XXXXX-XXXXX, the first 45 bits and a check character.
    Raises: NothingToSeal for an empty chain.
    """
    if not head:
        raise NothingToSeal()
    return code_from_bytes(bytes.fromhex(head))
