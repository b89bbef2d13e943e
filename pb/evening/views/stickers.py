"""The sticker round: one tap on a phone, and counts typed in for people without one."""

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from pb.core.errors import NotFound
from pb.evening import (
    queries,
    stickers_panes,  # noqa: F401  (hangs what people see in this round)
)
from pb.evening.actions.stickers import count_stickers, stick
from pb.evening.forms.console import StickerCountForm
from pb.evening.rules.score import TooFast
from pb.evening.rules.stickers import MoreStickersThanPeople, StickerTally, read_colour
from pb.evening.views.base import HOSTS, views
from pb.evening.views.card import my_device
from pb.evening.views.console import show_console
from pb.evening.views.my_seat import has_seat, my_seat
from pb.people.login import my_name_for_the_journal
from pb.web.clock import now
from pb.web.doors import checked, staff
from pb.web.limits import Limit
from pb.web.say import say
from pb.web.transaction import writing

taps = Limit(most=60, seconds=10)


@views.post("/avond/<int:evening_id>/sticker")
@checked("a phone that was bound with a card", has_seat)
def give_sticker(evening_id: int) -> ResponseReturnValue:
    """Give a plan a sticker."""
    if not taps.take(my_device()):
        raise TooFast(wait_seconds=int(taps.seconds))
    item, _, colour = request.form.get("sticker", "")[:40].partition("-")
    if not (item.isascii() and item.isdigit() and len(item) < 10):
        raise NotFound()
    chosen = read_colour(colour)
    with writing() as session:
        seat_id = my_seat(session, evening_id)
        stick(session, evening_id=evening_id, item_id=int(item), seat_id=seat_id, colour=chosen, now=now())
    return redirect(url_for("evening.phone", evening_id=evening_id, _anchor=f"plan-{item}"))


@views.post("/avond/<int:evening_id>/stickers/<int:position>")
@staff(*HOSTS, area_of=queries.area_of_evening)
def type_stickers(evening_id: int, position: int) -> ResponseReturnValue:
    """Keep how many stickers people without a phone gave a plan."""
    form = StickerCountForm()
    if not form.validate_on_submit():
        return _again(evening_id, position, form), 422
    try:
        with writing() as session:
            count_stickers(
                session,
                evening_id=evening_id,
                position=position,
                counted=StickerTally(form.green.data, form.orange.data, form.red.data),
                who=my_name_for_the_journal(),
                now=now(),
            )
    except MoreStickersThanPeople as error:
        form.green.errors = [say(error)]
        return _again(evening_id, position, form), error.status
    return redirect(url_for("evening.console", evening_id=evening_id))


def _again(evening_id: int, position: int, form: StickerCountForm) -> str:
    """Show the console with what was typed for this plan."""
    g.sticker_count_form, g.sticker_count_position = form, position
    return show_console(evening_id)
