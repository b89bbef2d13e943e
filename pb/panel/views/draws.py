"""Draw seats by lot from a list of addresses, and let anyone see that it was fair."""

from functools import partial

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from pb.core.lot import lot_key
from pb.core.sheet import FileRefused, Source
from pb.panel import actions, queries
from pb.panel.forms import DrawForm, ListForm, RepeatForm
from pb.panel.rules.address_choice import Choice
from pb.panel.rules.address_file import read_addresses, read_in_steps
from pb.panel.rules.address_opt_out import OptOuts, read_opt_outs
from pb.panel.rules.keeping import FileKind
from pb.panel.views.blueprint import card_key, views
from pb.panel.views.choosing import DRAW_PAGE
from pb.panel.views.holding import Purpose, hold
from pb.panel.views.taking import read_upload
from pb.panel.views.telling import tell_steps, wants_steps
from pb.people.login import my_name_for_the_journal
from pb.people.rules import Role
from pb.rounds.queries import area_of_round, published_round, round_facts
from pb.web.clock import now
from pb.web.doors import public, staff
from pb.web.pages import page
from pb.web.transaction import reading, writing

EXAMPLE_KEY = "1234AB:12:A:BIS"


@views.route("/werk/ronde/<int:round_id>/panel/adressen", methods=["GET", "POST"])
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def upload_addresses(round_id: int) -> ResponseReturnValue:
    """Take in a list of addresses, and check all of it."""
    with reading() as session:
        facts = round_facts(session, round_id=round_id)
    form = ListForm()
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return page("panel/upload_addresses.html", form=form, round=facts), status
    content, file_name = read_upload(form)
    keep = partial(_keep_list, round_id, content)

    def refuse(refused: FileRefused) -> str:
        return page("panel/upload_addresses.html", form=form, round=facts, refused=refused)

    if wants_steps():
        return tell_steps(read_in_steps(content, file_name=file_name), keep=keep, refuse=refuse)
    try:
        return redirect(keep(read_addresses(content, file_name=file_name).source))
    except FileRefused as refused:
        return refuse(refused), refused.status


@views.route(
    "/werk/ronde/<int:round_id>/panel/adressen/<string(length=64):file_sha256>", methods=["GET", "POST"]
)
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def draw(round_id: int, file_sha256: str) -> ResponseReturnValue:
    """Show the hash of the addresses before anyone throws dice; then draw, and give each a seat at once."""
    return hold(
        round_id,
        file_sha256,
        DrawForm(),
        Purpose(
            template="panel/draw.html",
            give=partial(actions.draw_seats, card_key=card_key()),
            drawn_at=lambda draw_id: url_for("panel.drawn", round_id=round_id, draw_id=draw_id),
        ),
    )


@views.get("/werk/ronde/<int:round_id>/panel/loting/<int:draw_id>")
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def drawn(round_id: int, draw_id: int) -> ResponseReturnValue:
    """Show a draw to staff: the addresses in the order drawn."""
    with reading() as session:
        facts = round_facts(session, round_id=round_id)
        held = queries.draw(session, round_id=round_id, draw_id=draw_id)
        seats = queries.drawn_seats(session, draw_id=draw_id)
    return page("panel/drawn.html", round=facts, draw=held, seats=seats)


@views.route("/werk/ronde/<int:round_id>/panel/loting/<int:draw_id>/opnieuw", methods=["GET", "POST"])
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def draw_again(round_id: int, draw_id: int) -> ResponseReturnValue:
    """Draw again from the same file, to see that it comes out the same; nothing is stored."""
    with reading() as session:
        facts = round_facts(session, round_id=round_id)
        held = queries.draw(session, round_id=round_id, draw_id=draw_id)
    form = RepeatForm()
    needs_opt_outs = bool(held.chosen.get("chosen", {}).get("opt_outs_seal"))
    if not needs_opt_outs:
        del form.opt_outs
    shown = {"form": form, "round": facts, "draw": held}
    if not form.validate_on_submit():
        return page("panel/draw_again.html", **shown), 422 if form.is_submitted() else 200
    if needs_opt_outs and not form.opt_outs.data:
        form.opt_outs.errors = [_("Kies ook de lijst met afmeldingen van toen.")]
        return page("panel/draw_again.html", **shown), 422
    content, file_name = read_upload(form)
    choice = Choice.from_published(held.published)
    try:
        file = read_addresses(content, file_name=file_name, uses=choice.uses, in_use_only=choice.in_use_only)
        opt_outs = _read_opt_outs(form.opt_outs.data) if needs_opt_outs else None
    except FileRefused as refused:
        return page("panel/draw_again.html", **shown, refused=refused), refused.status
    with reading() as session:
        again = actions.draw_again(session, round_id=round_id, draw_id=draw_id, file=file, opt_outs=opt_outs)
    return page("panel/draw_again.html", **shown, again=again, file=file)


@views.get("/ronde/<int:round_id>/loting/<int:draw_id>")
@public("anyone may check a draw; the page holds no address")
def draw_proof(round_id: int, draw_id: int) -> ResponseReturnValue:
    """Show everyone how a draw was held."""
    with reading() as session:
        facts = published_round(session, round_id=round_id)
        held = queries.draw(session, round_id=round_id, draw_id=draw_id)
    return page(
        "panel/draw_proof.html",
        round=facts,
        draw=held,
        example_key=EXAMPLE_KEY,
        example_hash=lot_key(held.seed, EXAMPLE_KEY),
    )


def _keep_list(round_id: int, content: bytes, source: Source) -> str:
    """Keep a list that was read, and give where to go on."""
    with writing() as session:
        actions.keep_upload(
            session,
            round_id=round_id,
            kind=FileKind.ADDRESSES,
            source=source,
            content=content,
            who=my_name_for_the_journal(),
            now=now(),
        )
    return url_for(DRAW_PAGE, round_id=round_id, file_sha256=source.sha256)


def _read_opt_outs(uploaded: FileStorage) -> OptOuts:
    with uploaded.stream:
        return read_opt_outs(uploaded.read(), file_name=uploaded.filename or "")
