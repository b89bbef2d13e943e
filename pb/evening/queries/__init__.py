"""Read an evening: where it is, who is there, who stands where."""

from pb.evening.queries.agenda import drawn_seeds, practice_evenings
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
from pb.evening.queries.floor import (
    ByWay,
    FloorFacts,
    PresenceFacts,
    floor_counts,
    floor_seats,
    presences,
    ways_of,
    whereabouts,
    without_phone,
)
from pb.evening.queries.involved import Involved, initiator_seats, involved_seats, involvements
from pb.evening.queries.new_cards import new_cards_made
from pb.evening.queries.paper import PaperProgress, paper_progress, paper_waiting
from pb.evening.queries.people import (
    device_seat,
    eligible_seats,
    present_seats,
    seats_with_phone,
    stands,
)
from pb.evening.queries.positions import (
    Ballots,
    ballots,
    chain,
    spreads,
)
from pb.evening.queries.seals import Seals, seals

__all__ = [
    "Ballots",
    "ByWay",
    "EveningFacts",
    "FloorFacts",
    "Involved",
    "ItemFacts",
    "PaperProgress",
    "PresenceFacts",
    "Seals",
    "area_of_evening",
    "ballots",
    "chain",
    "claimed_cents",
    "device_seat",
    "drawn_seeds",
    "eligible_seats",
    "evening_facts",
    "evenings_of",
    "floor_counts",
    "floor_seats",
    "initiator_seats",
    "involved_seats",
    "involvements",
    "new_cards_made",
    "open_evenings",
    "paper_progress",
    "paper_waiting",
    "practice_evenings",
    "presences",
    "present_seats",
    "running_evening",
    "seals",
    "seats_with_phone",
    "spent_cents",
    "spreads",
    "stands",
    "version_and_seq",
    "ways_of",
    "whereabouts",
    "without_phone",
]
