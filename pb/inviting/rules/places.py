"""The places of a panel and who said yes, counted once for every page that tells of them."""

from dataclasses import dataclass

from pb.inviting.rules.appeal import Appeal, Mode
from pb.inviting.rules.waves import seats_by_lot


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
