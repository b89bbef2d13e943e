"""What people see while everybody divides the pot for themselves, and what they see of it afterwards."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import g, request
from sqlalchemy.orm import Session

from pb.divide.own_sheet import Sheet, sheet
from pb.divide.own_steps import steps_cents
from pb.divide.paper_forms import OwnForm
from pb.divide.queries import DivisionFacts, Line, Own, own_division, own_divisions
from pb.divide.rules.own import parts
from pb.divide.tables import OwnDivision
from pb.evening.actions.at_the_table import receipt_of
from pb.evening.actions.countdown import closes_in
from pb.evening.queries import EveningFacts, ItemFacts, evening_facts, present_seats
from pb.evening.rules.steps import Stage
from pb.evening.tables import Event
from pb.panel.queries import seats

CLOSE = "sluit-verdelen"


@dataclass(frozen=True)
class Row:
    """One plan on a phone. Units: cents. ``typed`` is what stands in the field."""

    item: ItemFacts
    limit_cents: int
    own_plan: bool
    typed: str
    errors: tuple[str, ...]

    @property
    def id(self) -> int:
        return self.item.plan.id


@dataclass(frozen=True)
class OwnPhone:
    """The page of one seat. Units: cents. ``n`` and ``way`` are of what is kept of it; 0 for nothing."""

    rows: tuple[Row, ...]
    pot_cents: int
    left_cents: int
    steps_cents: tuple[int, ...]
    bar: list[tuple[int, int, int]]
    n: int
    way: str
    receipt: str
    error: str
    keeps_rest: bool
    ask_first: bool
    ask_error: str


@dataclass(frozen=True)
class OwnRoom:
    """How far the room is. ``seats_not_yet`` are numbers of seats that are there and gave nothing."""

    items: tuple[ItemFacts, ...]
    limits: dict[int, int]
    pot_cents: int
    handed_in: int
    present: int
    seats_not_yet: tuple[int, ...]
    went_home: int
    on_paper: int
    asking: bool
    refusal: str

    @property
    def anything(self) -> bool:
        """Say whether anybody gave something; with nothing it cannot be closed."""
        return self.handed_in + self.went_home > 0

    @property
    def must_ask(self) -> bool:
        """Say whether closing now would leave somebody out who is there; with nothing given it cannot be."""
        return bool(self.seats_not_yet) and self.anything


@dataclass(frozen=True)
class OwnAfter:
    """What one seat gave beside what came of it. Units: cents."""

    rows: tuple[tuple[Line, int, bool], ...]
    given: dict[int, int]
    kept_cents: int
    leftover_cents: int
    n: int
    way: str


def own_facts(session: Session, evening: EveningFacts, seat: int | None) -> dict[str, Any]:
    """Give what a phone fills in, or on the console and the screen how many people did."""
    found = sheet(session, evening)
    if seat is None:
        return {"room": own_room(session, evening, found)}
    return {"own": _phone(session, evening, found, seat)}


def own_room(session: Session, evening: EveningFacts, found: Sheet) -> OwnRoom:
    """Count who divided the pot; never what."""
    given = {one.seat_id: one.way for one in own_divisions(session, evening_id=evening.id)}
    present = present_seats(session, evening_id=evening.id)
    numbers = {one.id: one.number for one in seats(session, round_id=evening.round_id)}
    return OwnRoom(
        items=found.items,
        limits=dict(found.limits),
        pot_cents=found.pot_cents,
        handed_in=len(given.keys() & present),
        present=len(present),
        seats_not_yet=tuple(sorted(numbers[seat_id] for seat_id in present - given.keys())),
        went_home=len(given.keys() - present),
        on_paper=sum(way == "paper" for way in given.values()),
        asking=request.args.get("vraag") == CLOSE,
        refusal=g.pop("own_refusal", ""),
    )


@closes_in(Stage.DIVIDE)
def can_close(session: Session, evening_id: int) -> bool:
    """Say whether everybody divides now, and somebody gave something: then the room may count down."""
    return sheet(session, evening_facts(session, evening_id=evening_id)).open and bool(
        own_divisions(session, evening_id=evening_id)
    )


def own_after(
    session: Session, evening: EveningFacts, seat: int | None, division: DivisionFacts
) -> dict[str, Any]:
    """Give a phone what its own seat gave, beside what the room made of it; nothing to anybody else."""
    can_give = sheet(session, evening)
    if seat is None or not can_give.asked or not any(line.decided_yes for line in division.lines):
        return {"own_after": None}
    own = own_division(session, evening_id=evening.id, seat_id=seat)
    given = dict(own.shares) if own else {}
    involved = can_give.own(seat)
    return {
        "own_after": OwnAfter(
            rows=tuple(
                (line, given.get(line.plan.id, 0), line.plan.id in involved)
                for line in division.lines
                if line.decided_yes
            ),
            given=given,
            kept_cents=division.budget_cents - sum(given.values()),
            leftover_cents=division.leftover_cents,
            n=own.n if own else 0,
            way=own.way if own else "",
        )
    }


def _phone(session: Session, evening: EveningFacts, found: Sheet, seat: int) -> OwnPhone:
    own = own_division(session, evening_id=evening.id, seat_id=seat)
    # What was typed on a page without script comes back as it was typed.
    form: OwnForm | None = g.pop("own_form", None)
    given = dict(own.shares) if own else {}
    involved = found.own(seat)
    rows = tuple(
        Row(
            item=item,
            limit_cents=found.limits[item.plan.id],
            own_plan=item.plan.id in involved,
            typed=form.typed(item.plan.id) if form else in_field(given.get(item.plan.id, 0)),
            errors=form.errors_at(item.plan.id) if form else (),
        )
        for item in found.items
    )
    if form:
        given = form.shares()
    return OwnPhone(
        rows=rows,
        pot_cents=found.pot_cents,
        left_cents=found.pot_cents - sum(given.values()),
        steps_cents=steps_cents(found.pot_cents),
        bar=parts({row.id: given.get(row.id, 0) for row in rows}, pot_cents=found.pot_cents),
        n=own.n if own else 0,
        way=own.way if own else "",
        receipt=_receipt(session, evening.id, own) if own else "",
        error=g.pop("own_error", ""),
        keeps_rest=found.keeps_rest,
        ask_first=own is not None and own.way == "paper",
        ask_error=g.pop("own_ask_error", ""),
    )


def in_field(cents: int) -> str:
    """Write whole euros as they stand in a field."""
    return f"{cents // 100:,}".replace(",", ".")


def _receipt(session: Session, evening_id: int, own: Own) -> str:
    found = session.scalar(
        sa.select(Event.hash)
        .join(OwnDivision, sa.and_(OwnDivision.evening_id == Event.evening_id, OwnDivision.seq == Event.seq))
        .where(OwnDivision.evening_id == evening_id, OwnDivision.seat_id == own.seat_id)
    )
    return receipt_of(found) if found else ""
