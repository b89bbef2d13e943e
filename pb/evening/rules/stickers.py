"""The sticker round: green, orange or red per plan, as a shape with a word; it decides nothing by itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pb.core.errors import BadInput, Broken

FEWEST_SHOWN = 5


class Colour(StrEnum):
    """What a sticker says: agree, agree on a condition, no."""

    GREEN = "green"
    ORANGE = "orange"
    RED = "red"


class NoSuchSticker(BadInput):
    code = "evening.no-such-sticker"


class NoStickersNow(Broken):
    """Refuse a sticker outside the sticker round."""

    code = "evening.no-stickers-now"


class MoreStickersThanPeople(BadInput):
    """Refuse more counted stickers than there are people without a phone. Facts: ``people``."""

    code = "evening.more-stickers-than-people"


@dataclass(frozen=True)
class StickerTally:
    """How many stickers of each colour a plan has; never whose."""

    green: int = 0
    orange: int = 0
    red: int = 0

    @property
    def people(self) -> int:
        """Count everyone who stuck one."""
        return self.green + self.orange + self.red

    @property
    def shown(self) -> bool:
        """Say whether enough people did so to show it to the room."""
        return self.people >= FEWEST_SHOWN

    def plus(self, other: "StickerTally") -> "StickerTally":
        """Add two tallies of the same plan."""
        return StickerTally(self.green + other.green, self.orange + other.orange, self.red + other.red)


def read_colour(typed: str) -> Colour:
    """Read a colour. Raises: NoSuchSticker."""
    try:
        return Colour(typed)
    except ValueError as error:
        raise NoSuchSticker() from error


def tally_of(colours: Iterable[str]) -> StickerTally:
    """Count stickers."""
    given = [Colour(colour) for colour in colours]
    return StickerTally(given.count(Colour.GREEN), given.count(Colour.ORANGE), given.count(Colour.RED))


def check_counted(counted: StickerTally, *, without_phone: int) -> None:
    """See that no more stickers were counted than people have no phone. Raises: MoreStickersThanPeople."""
    if min(counted.green, counted.orange, counted.red) < 0 or counted.people > without_phone:
        raise MoreStickersThanPeople(people=without_phone)
