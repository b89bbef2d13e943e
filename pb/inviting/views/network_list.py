"""Invite people of the network from a list: check all of it, show it, and only then invite."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from pb.inviting import queries
from pb.inviting.actions import network as actions
from pb.inviting.forms.inviting import ImportNetworkForm
from pb.inviting.queries import waves
from pb.inviting.rules.network import FixedSeatsTaken, find_twice, read_network
from pb.inviting.views.blueprint import views
from pb.inviting.views.network import EXAMPLE_NAME
from pb.panel.queries import imported_at, upload
from pb.panel.rules.keeping import FileKind
from pb.panel.views.blueprint import card_key, whole
from pb.panel.views.lists import ROWS_SHOWN
from pb.panel.views.taking import Taking, seen_then, take_list
from pb.people.login import my_name_for_the_journal
from pb.people.rules import Role
from pb.rounds.queries import area_of_round, round_facts
from pb.web.clock import now
from pb.web.doors import staff
from pb.web.pages import page
from pb.web.say import say
from pb.web.transaction import reading, writing


@views.route("/werk/ronde/<int:round_id>/panel/netwerk/lijst", methods=["GET", "POST"])
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def upload_network(round_id: int) -> ResponseReturnValue:
    """Take in a list of people of the network, and check all of it."""
    with reading() as session:
        facts = round_facts(session, round_id=round_id)
        if queries.appeal_or_none(session, round_id=round_id) is None:
            return redirect(url_for("inviting.network", round_id=round_id))
    return take_list(
        facts,
        Taking(
            FileKind.NETWORK,
            read_network,
            "inviting/network_upload.html",
            "inviting.confirm_network",
            facts={"example": EXAMPLE_NAME},
        ),
    )


@views.route(
    "/werk/ronde/<int:round_id>/panel/netwerk/lijst/<string(length=64):file_sha256>", methods=["GET", "POST"]
)
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def confirm_network(round_id: int, file_sha256: str) -> ResponseReturnValue:
    """Show a checked list, and invite its people after a yes."""
    with reading() as session:
        facts = round_facts(session, round_id=round_id)
        if imported_at(session, round_id=round_id, kind=FileKind.NETWORK, file_sha256=file_sha256):
            return _invited(round_id, None)
        kept = upload(session, round_id=round_id, kind=FileKind.NETWORK, file_sha256=file_sha256, now=now())
        known = actions.known(session, round_id=round_id)
        there = len(waves.network(session, round_id=round_id))
    file = read_network(kept.content, file_name=kept.file_name)
    form = ImportNetworkForm(invited_seen=str(there))
    seen = seen_then(form.invited_seen, there)
    full: FixedSeatsTaken | None = None
    if form.validate_on_submit() and seen == there:
        try:
            with writing() as session:
                made = actions.import_network(
                    session, round_id=round_id, file=file,
                    left_out_rows={whole(row) for row in request.form.getlist("leave_out")},
                    invited_seen=seen, key=card_key(), who=my_name_for_the_journal(), now=now(),
                )  # fmt: skip
            return _invited(round_id, made)
        except FixedSeatsTaken as taken:
            full = taken
    changed = form.is_submitted() and seen != there
    return page(
        "inviting/network_confirm.html",
        round=facts,
        form=form,
        file=file,
        rows=file.people[:ROWS_SHOWN],
        twice=find_twice(file.people, known),
        changed=changed,
        full=say(full) if full else None,
    ), 409 if changed else (422 if form.is_submitted() else 200)


def _invited(round_id: int, made: int | None) -> ResponseReturnValue:
    if made is None:
        flash(_("Deze lijst was al ingelezen. Er is niets dubbel gedaan."))
    else:
        flash(
            ngettext(
                "Er is één uitnodiging bij. Ze is nog niet verstuurd.",
                "Er zijn %(num)s uitnodigingen bij. Ze zijn nog niet verstuurd.",
                made,
            )
        )
    return redirect(url_for("inviting.network", round_id=round_id))
