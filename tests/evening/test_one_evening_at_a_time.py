"""A card opens one door: two evenings of a round are never open at once."""

import pytest

from pb.evening.actions.moving import press_next
from pb.evening.queries import evening_facts
from pb.evening.rules.steps import AnotherOpen, Stage
from pb.people.rules import Role
from pb.store.engine import Store
from support.evenings import hold_evening
from support.neighbourhood import NOW, Neighbourhood


def test_the_doors_of_a_second_evening_stay_closed_until_the_first_is_over(
    store: Store, place: Neighbourhood
) -> None:
    first = hold_evening(store, place, {"Moestuin": [5] * 6}, budget_cents=1_000_000, until=Stage.DIVIDE)
    second = hold_evening(store, place, {"Podium": [5] * 6}, budget_cents=1_000_000, until=Stage.PREPARED)
    host = place.who(Role.FACILITATOR)
    with pytest.raises(AnotherOpen), store.writing() as session:
        press_next(session, evening_id=second, step="open_doors-0", version=1, who=host, now=NOW)
    with store.reading() as session:
        assert evening_facts(session, evening_id=second).stage is Stage.PREPARED
        assert evening_facts(session, evening_id=first).stage is Stage.DIVIDE
