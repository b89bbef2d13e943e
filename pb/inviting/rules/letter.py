"""What stands on a letter apart from its words, and how letters are put on a pile to print."""

from dataclasses import dataclass, field
from typing import Final

from pb.core.errors import Broken

# So many in one PDF: a browser and a printer stay calm, and so does whoever puts them in envelopes.
LETTERS_A_PILE: Final = 250


class LetterReplaced(Broken):
    """Refuse to replace the code of a letter when somebody else did so in the meantime."""

    code = "inviting.letter-replaced"


class CodeDead(Broken):
    """Refuse to print letters whose codes were made with another key. Facts: ``count``."""

    code = "inviting.code-dead"


class NothingToPrint(Broken):
    """Say that there is no letter to print: its address was erased, or it was taken back."""

    code = "inviting.nothing-to-print"
    status = 410


@dataclass(frozen=True, slots=True)
class Letter:
    """Hold what differs from letter to letter.

    Shape: ``to`` are the lines in the window of the envelope; ``reference`` says which letter it is, for
    who prints and who phones, and opens nothing.
    """

    reference: str
    to: tuple[str, ...] = field(repr=False)
    code: str = field(repr=False)
    url: str = field(repr=False)
    drawn: bool = True


def piles(letters: int) -> range:
    """Number the piles that so many letters make, from 1."""
    return range(1, -(-letters // LETTERS_A_PILE) + 1)


def places_of(pile: int) -> range:
    """Give the places of the letters in a pile, from 1."""
    first = (pile - 1) * LETTERS_A_PILE + 1
    return range(first, first + LETTERS_A_PILE)


def address_lines(written: str) -> tuple[str, ...]:
    """Set an address as written on one line on the lines of an envelope: street, then postcode and town.

    Two spaces stand between postcode and town, as the post asks.
    """
    street, comma, rest = written.rpartition(", ")
    if not comma:
        return (written,) if written else ()
    digits, letters, town = (*rest.split(" ", 2), "", "")[:3]
    if len(digits) == 4 and digits.isdigit() and len(letters) == 2:
        rest = f"{digits} {letters}  {town}".rstrip()
    return (street, rest)


def letter_url(base_url: str, code: str) -> str:
    """Write the address in the QR; a browser sends nothing of what stands after the #."""
    return f"{base_url}/uitnodiging#{code}"
