"""Practise first: one button makes an evening that is like a real one, and of which nothing counts."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pb.evening.actions.practising import practise
from pb.evening.views.base import HOSTS, settings, views
from pb.people.login import my_name_for_the_journal
from pb.rounds.queries import area_of_round
from pb.web.clock import now
from pb.web.doors import staff
from pb.web.transaction import writing


@views.post("/werk/ronde/<int:round_id>/avond/oefenen")
@staff(*HOSTS, area_of=area_of_round)
def make_practice(round_id: int) -> ResponseReturnValue:
    """Make an evening to practise with, and go there."""
    with writing() as session:
        evening_id = practise(
            session,
            round_id=round_id,
            card_key=settings().card_key.encode(),
            who=my_name_for_the_journal(),
            now=now(),
        )
    flash(_("De proefavond staat klaar. Alles werkt als op een echte avond, en niets telt."))
    return redirect(url_for("evening.prepare", evening_id=evening_id))
