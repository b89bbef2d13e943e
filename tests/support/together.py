"""An evening whose round lets people divide the pot themselves, brought to the moment when they do."""

from collections.abc import Mapping
from typing import Any

from flask import Flask

from pb.divide.queries import own_divisions
from pb.evening import live
from pb.evening.queries import evening_facts
from pb.evening.rules.steps import Stage
from pb.panel.queries import seats
from pb.people.rules import Role
from pb.rounds import actions as rounds
from pb.rounds.rules import Majority, Preset
from pb.store.engine import Store
from support.evenings import CARD_KEY, Asked, hold_evening
from support.neighbourhood import NOW, Neighbourhood, settle
from support.panel import key_of
from support.room import Hall, Phone

PLANS: Mapping[str, Asked] = {
    "Moestuin op het plein": Asked(ask_cents=1_000_000),
    "Repaircafé": Asked(ask_cents=500_000, least_cents=200_000),
    "Zwemles voor moeders": Asked(ask_cents=4_000_000),
    "Straatfeest": Asked(ask_cents=100_000),
}
SCORES: Mapping[str, tuple[int, ...]] = {
    "Moestuin op het plein": (5, 4, 4, 5, 5, 4),
    "Repaircafé": (4, 4, 5, 5, 2, 4),
    "Zwemles voor moeders": (5, 5, 4, 1, 4, 5),
    "Straatfeest": (1, 2, 1, 2, 4, 1),
}
POT_CENTS = 2_000_000


def settle_with(store: Store, preset: Preset) -> Neighbourhood:
    """Make a neighbourhood whose round divides in this way."""
    place = settle(store, open_round=False)
    with store.writing() as session:
        rounds.open_round(
            session, round_id=place.round_id, version=1, majority=Majority.MORE_THAN_HALF, preset=preset,
            who=place.who(Role.AREA_MANAGER), now=NOW,
        )  # fmt: skip
    return place


def hold_together(
    store: Store, place: Neighbourhood, *, until: Stage = Stage.DIVIDE, card_key: bytes = CARD_KEY
) -> int:
    """Hold an evening about ``PLANS`` with six people; the last plan gets a no. Give its id."""
    return hold_evening(
        store, place, SCORES, asked=PLANS, budget_cents=POT_CENTS, until=until, card_key=card_key
    )


def together_hall(app: Flask, store: Store, *, until: Stage = Stage.DIVIDE) -> Hall:
    """Open a hall in which people divide the pot themselves."""
    live.forget()
    place = settle_with(store, Preset.TOGETHER)
    evening_id = hold_together(store, place, until=until, card_key=key_of(app))
    with store.reading() as session:
        items = evening_facts(session, evening_id=evening_id).items
        seat_ids = tuple(seat.id for seat in seats(session, round_id=place.round_id))
    return Hall(app, store, place, evening_id, tuple(item.plan.id for item in items), seat_ids)


def given(hall: Hall) -> dict[int, tuple[dict[int, int], str]]:
    """Give what is kept: seat number to cents per place on the agenda, and by which way."""
    places = {item.plan.id: item.position for item in hall.now_at().items}
    with hall.store.reading() as session:
        kept = own_divisions(session, evening_id=hall.evening_id)
    return {
        hall.seat_ids.index(one.seat_id) + 1: (
            {places[plan_id]: cents for plan_id, cents in one.shares.items()}, one.way
        )
        for one in kept
    }  # fmt: skip


def plan_at(hall: Hall, position: int) -> int:
    """Give the id of the plan at a place on the agenda."""
    return hall.now_at().item(position).plan.id


def sends(phone: Phone, n: Any, euros: Mapping[int, int], **more: Any) -> Any:
    """Send what the phone's script sends: whole euros per place on the agenda."""
    shares = {str(plan_at(phone.hall, at)): amount * 100 for at, amount in euros.items()}
    return phone.send_json(f"{phone.hall.path}/mijn-verdeling", {"n": n, "shares": shares, **more})
