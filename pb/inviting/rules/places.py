"""The places of a panel and who said yes, counted once for every page that tells of them."""

from dataclasses import dataclass

from pb.inviting.rules.answering import is_for_one
from pb.inviting.rules.appeal import Appeal, Mode
from pb.inviting.rules.waves import seats_by_lot
from pb.panel.rules.origins import Origin


@dataclass(frozen=True, slots=True)
class Tally:
    """Count places of the whole panel and people who say yes, by letter and from the network.

    Where people of the network have fixed places, ``for_network`` counts who of them says yes.
    """

    seats: int
    for_letters: int
    for_network: int
    letters_yes: int
    network_yes: int
    fixed: bool

    @property
    def over(self) -> int:
        """Count who of the network says yes to a fixed place that is not there."""
        return max(0, self.for_network - self.seats) if self.fixed else 0

    @property
    def yes(self) -> int:
        """Give who says yes, all together."""
        return self.letters_yes + self.network_yes


def count_places(appeal: Appeal, *, letters_yes: int, network_yes: int) -> Tally:
    """Count the places of a panel beside who says yes."""
    fixed = appeal.mode is Mode.FIXED
    return Tally(
        seats=appeal.seats,
        for_letters=seats_by_lot(appeal, network_yes),
        for_network=network_yes if fixed else appeal.network_seats,
        letters_yes=letters_yes,
        network_yes=network_yes,
        fixed=fixed,
    )


def places_drawn(appeal: Appeal, origin: Origin, *, promised: int) -> int:
    """Count the places that somebody's lot is about: those of the letters, or those of the network.

    ``promised`` counts who of the network may still have a fixed place; a no gives that place to the draw.
    """
    if appeal.mode is Mode.FIXED:
        return max(0, appeal.seats - promised)
    return appeal.network_seats if is_for_one(origin) else appeal.seats - appeal.network_seats
