"""A panel that was drawn by everything that a real one is drawn by, and draws for empty seats after it."""

import json
from typing import Any

from pb.people.rules import Role
from pb.sortition.actions.replacing import next_reserves, seat_drawn, seat_reserve
from pb.sortition.actions.steps import take_step
from pb.sortition.actions.vacancies import look_ahead, vacancy
from pb.sortition.queries.draws import certificate_bytes, pack_bytes
from pb.sortition.queries.steps import seats_now
from pb.sortition.rules.steps import Step
from pb.store.engine import Store
from support.inviting import ask, invite_yes
from support.neighbourhood import NOW, Neighbourhood
from support.panel import KEY
from support.seat_draws import decided_draw
from support.seated import SeatedPanel

Facts = dict[str, Any]


def drawn_panel(store: Store, place: Neighbourhood, *, yes: int = 40, key: bytes = KEY) -> SeatedPanel:
    """Ask, let people say yes, draw, and seat them."""
    ask(store, place, seats=12)
    ids = invite_yes(store, place, yes, key=key)
    draw_id = decided_draw(store, place, key=key)
    with store.reading() as session:
        return SeatedPanel(draw_id, seats_now(session, round_id=place.round_id), ids)


def empty(store: Store, place: Neighbourhood, *numbers: int) -> None:
    """Let whoever sits at these numbers say no."""
    with store.reading() as session:
        seats = {seat.number: seat for seat in seats_now(session, round_id=place.round_id)}
    with store.writing() as session:
        for number in numbers:
            take_step(
                session, round_id=place.round_id, seat_id=seats[number].id, step=Step.WITHDRAWN,
                seen=seats[number].standing.seen, who=place.who(Role.CALLER), now=NOW,
            )  # fmt: skip


def replace(store: Store, place: Neighbourhood, *, newcomers: int = 0, key: bytes = KEY) -> int:
    """Draw for the empty seats, and give the id of that draw."""
    with store.reading() as session:
        vacant = vacancy(session, round_id=place.round_id, newcomers=newcomers)
    outlook = look_ahead(vacant, card_key=key)
    assert outlook.drawn is not None
    with store.writing() as session:
        return seat_drawn(
            session, vacant=vacant, drawn=outlook.drawn, changes=outlook.changes, card_key=key,
            who=place.who(Role.AREA_MANAGER), now=NOW,
        )  # fmt: skip


def call_reserve(store: Store, place: Neighbourhood, number: int, *, key: bytes = KEY) -> None:
    """Give an empty seat to the first of the reserve list."""
    with store.writing() as session:
        vacant = vacancy(session, round_id=place.round_id)
        seat = next(seat for seat in vacant.empty if seat.number == number)
        seat_reserve(
            session, round_id=place.round_id, seat_id=seat.id, seen=next_reserves(session, vacant)[0],
            card_key=key, who=place.who(Role.AREA_MANAGER), now=NOW,
        )  # fmt: skip


def files_of(store: Store, draw_id: int) -> tuple[Facts, Facts]:
    """Read the list and the certificate of a draw."""
    with store.reading() as session:
        told = certificate_bytes(session, draw_id=draw_id)
        assert told is not None
        return json.loads(pack_bytes(session, draw_id=draw_id)), json.loads(told)
