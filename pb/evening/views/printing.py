"""Which forms are printed: of every seat, or only of people who use no phone."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request
from sqlalchemy.orm import Session

from pb.evening import queries
from pb.evening.forms.paper import EVERYONE, NO_PHONE, FormsForm
from pb.evening.queries import EveningFacts
from pb.evening.queries.floor import who_needs_paper
from pb.panel.queries import SeatFacts, seats

FORMS_MOST = 600


@dataclass(frozen=True)
class Printed:
    """The forms that are shown. ``no_phone`` counts the people in the room who use no phone."""

    form: FormsForm
    right: bool
    seats: Sequence[SeatFacts]
    all_seats: int
    no_phone: int

    @property
    def only_no_phone(self) -> bool:
        """Say whether these are only of people who use no phone."""
        return bool(self.form.wie.data == NO_PHONE)

    @property
    def status(self) -> int:
        """Give the status of a page with these forms."""
        return 200 if self.right else 422


def forms_to_print(session: Session, evening: EveningFacts, *, with_floor: bool) -> Printed:
    """Choose the forms that the address asks for.

    Without a choice: of people who use no phone once somebody does, else of every seat.
    ``with_floor``: whoever stands on the floor needs a form too.
    """
    known = seats(session, round_id=evening.round_id)
    phones = queries.seats_with_phone(session, evening_id=evening.id)
    no_phone = who_needs_paper(session, evening_id=evening.id, with_floor=with_floor)
    form = FormsForm(request.args)
    if "wie" not in request.args:
        asked = "van" in request.args or "tot" in request.args
        form.wie.data = NO_PHONE if phones and no_phone and not asked else EVERYONE
    right = form.validate()
    first, last = form.van.data or 0, form.tot.data or 10**9
    chosen = [one for one in known if right and first <= one.number <= last]
    if form.wie.data == NO_PHONE:
        chosen = [one for one in chosen if one.id in no_phone]
    return Printed(form, right, chosen[:FORMS_MOST], len(known), len(no_phone))
