"""Read an evening: where it is, who is there, who stands where."""

from pb.evening.queries.evenings import (
    EveningFacts,
    ItemFacts,
    area_of_evening,
    claimed_cents,
    evening_facts,
    evenings_of,
    open_evenings,
    running_evening,
    spent_cents,
    version_and_seq,
)
from pb.evening.queries.people import (
    SeatState,
    device_seat,
    eligible_seats,
    involved_seats,
    last_n,
    present_seats,
    seat_state,
    seats_with_phone,
)
from pb.evening.queries.positions import (
    Ballots,
    ballots,
    chain,
    spreads,
)

__all__ = [
    "Ballots",
    "EveningFacts",
    "ItemFacts",
    "SeatState",
    "area_of_evening",
    "ballots",
    "chain",
    "claimed_cents",
    "device_seat",
    "eligible_seats",
    "evening_facts",
    "evenings_of",
    "involved_seats",
    "last_n",
    "open_evenings",
    "present_seats",
    "running_evening",
    "seat_state",
    "seats_with_phone",
    "spent_cents",
    "spreads",
    "version_and_seq",
]
