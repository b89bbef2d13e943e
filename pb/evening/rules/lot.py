"""The lot that parts plans which stand exactly equal: thrown in the room before anybody scores."""

import re
from typing import Final

from pb.core.errors import BadInput, Broken
from pb.core.text import has_letters

FEWEST_THROWS: Final = 5
FEWEST_SIGNS: Final = 8
SEED_MOST: Final = 100
_BETWEEN: Final = re.compile(r"[\s,.;\u2010-\u2015-]+")


class SeedMissing(BadInput):
    """Refuse to let anybody score before the room has thrown: a lot that is known too late proves nothing."""

    code = "evening.seed-missing"


class SeedUnclear(BadInput):
    """Refuse too few throws, and figures that are on no die. Facts: ``fewest``, ``signs``, ``most``."""

    code = "evening.seed-unclear"


class LotSettled(Broken):
    """Refuse another throw once a plan was opened for scores."""

    code = "evening.lot-settled"


def read_seed(typed: str) -> str:
    """Read what was thrown with a die, or the words of another way of drawing.

    Shape: throws as figures with a dash between them (``3-5-1-6-2``); words with letters stay as they are,
    with single spaces. Raises: SeedMissing, SeedUnclear.
    """
    text = " ".join(typed.split())
    if not text:
        raise SeedMissing()
    throws = _BETWEEN.sub("", text)
    if set(throws) <= set("123456") and len(throws) >= FEWEST_THROWS:
        read = "-".join(throws)
    elif has_letters(text) and len(text) >= FEWEST_SIGNS:
        read = text
    else:
        read = ""
    if not read or len(read) > SEED_MOST:
        raise SeedUnclear(fewest=FEWEST_THROWS, signs=FEWEST_SIGNS, most=SEED_MOST)
    return read


def check_throw_again(*, scored_versions: int) -> None:
    """Let the room throw until the first plan opens for scores; never after, also not when that was undone.

    ``scored_versions`` counts how often scoring opened or closed. Raises: LotSettled.
    """
    if scored_versions:
        raise LotSettled()
