"""Letters by lot: draw them, print them, say that they were sent, and give a lost one a new code."""

from functools import partial
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from sqlalchemy.orm import Session

from pb.core.errors import NotFound
from pb.inviting import queries
from pb.inviting.actions import inviting as actions
from pb.inviting.forms.inviting import DrawLettersForm, FindLetterForm, NewCodeForm, SentForm
from pb.inviting.queries import waves
from pb.inviting.queries.waves import LetterFacts
from pb.inviting.rules.appeal import Appeal
from pb.inviting.rules.letter import LETTERS_A_PILE, Letter, piles, places_of
from pb.inviting.rules.waves import (
    check_open,
    heard_per_area,
    next_wave,
    response_percent,
    seats_by_lot,
)
from pb.inviting.views.blueprint import views
from pb.inviting.views.letter_pdf import as_pdf, letters_of, set_letters
from pb.inviting.views.standing import standing
from pb.panel.rules.origins import Origin
from pb.panel.views.blueprint import card_key, settings, whole
from pb.panel.views.holding import Purpose, hold
from pb.people.login import my_name_for_the_journal
from pb.people.rules import Role
from pb.rounds.queries import RoundFacts, area_of_round, round_facts
from pb.web.clock import now, today
from pb.web.doors import staff
from pb.web.pages import page
from pb.web.transaction import reading, writing

LETTERS_A_PAGE = 100
# A letter as it will look, to an address that does not exist; the QR only says so.
SAMPLE = Letter(
    "voorbeeld",
    ("Aan de bewoners van", "Voorbeeldstraat 1", "1234 AB  Voorbeeldstad"),
    "00000-00000",
    "Dit is een voorbeeldbrief.",
)


@views.get("/werk/ronde/<int:round_id>/panel/uitnodigingen")
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def letters(round_id: int) -> ResponseReturnValue:
    """Show the waves of letters with what came back, and what comes next."""
    with reading() as session:
        stands = standing(session, round_id)
        found = waves.waves(session, round_id=round_id)
        heard = waves.heard(session, round_id=round_id)
        per_postcode = waves.postcodes(session, round_id=round_id)
        invited = len(waves.network(session, round_id=round_id))
    asked = stands["appeal"]
    return page(
        "inviting/letters.html",
        **stands,
        waves=found,
        piles=piles,
        pile_size=LETTERS_A_PILE,
        percent=response_percent,
        postcodes=per_postcode if len(per_postcode) > 1 else [],
        next=next_wave(asked, heard) if asked else None,
        invited=invited,
        sent_form=SentForm(formdata=None),
    )


@views.route(
    "/werk/ronde/<int:round_id>/panel/adressen/<string(length=64):file_sha256>/loot-brieven",
    methods=["GET", "POST"],
)
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def draw_letters(round_id: int, file_sha256: str) -> ResponseReturnValue:
    """Draw addresses that get a letter; without anything to ask, go on to the draw of seats."""
    with reading() as session:
        asked = queries.appeal_or_none(session, round_id=round_id)
        heard = waves.heard(session, round_id=round_id)
        homes = waves.homes(session, round_id=round_id)
    if asked is None:
        return redirect(url_for("panel.draw", round_id=round_id, file_sha256=file_sha256))
    # Lists that wait are gone after a draw; then this page shows the draw, also when nobody can answer.
    form = DrawLettersForm()
    if form.is_submitted():
        check_open(asked, today())
    advice = next_wave(asked, heard)
    if not form.is_submitted() and advice.letters:
        form.wanted.data = advice.letters
    return hold(
        round_id,
        file_sha256,
        form,
        Purpose(
            template="inviting/letters_draw.html",
            give=partial(actions.draw_letters, key=card_key()),
            drawn_at=lambda _draw_id: url_for("inviting.letters", round_id=round_id),
            facts={
                "file_sha256": file_sha256,
                "next": advice,
                "appeal": asked,
                "seats_to_fill": seats_by_lot(asked, heard.network_yes),
                "today": today(),
                "percent": response_percent,
            },
            tell=lambda addresses: {"heard": heard_per_area(addresses, homes) if homes else None},
        ),
    )


@views.route("/werk/ronde/<int:round_id>/panel/uitnodigingen/<int:wave>", methods=["GET", "POST"])
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def letters_of_wave(round_id: int, wave: int) -> ResponseReturnValue:
    """List the letters of a wave in the order drawn, or find one by its address; nothing is stored."""
    start = max(1, whole(request.args.get("vanaf")))
    form = FindLetterForm()
    looks = form.is_submitted()
    right = looks and form.validate()
    with reading() as session:
        facts = round_facts(session, round_id=round_id)
        this = _wave(session, round_id, wave)
        if right:
            found = waves.letters(session, round_id=round_id, wave=wave, key_begins=form.number_key())
            exact = [one for one in found if one.address_key == form.key()]
            # Who reads a number aloud leaves out what stands behind it, or says it differently.
            found = exact if exact and not form.is_bare() else found
        else:
            places = range(start, start + LETTERS_A_PAGE)
            found = waves.letters(session, round_id=round_id, wave=wave, places=places)
    more = start + LETTERS_A_PAGE if not right and start + LETTERS_A_PAGE <= this.letters else None
    return page(
        "inviting/letters_of_wave.html",
        round=facts,
        wave=this,
        form=form,
        found=found,
        looked=right,
        others=right and not any(one.address_key == form.key() for one in found),
        more_from=more,
    ), 422 if looks and not right else 200


@views.get("/werk/ronde/<int:round_id>/panel/uitnodigingen/<int:wave>/brieven-<int:pile>.pdf")
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def letters_pdf(round_id: int, wave: int, pile: int) -> ResponseReturnValue:
    """Give a pile of letters to print."""
    with reading() as session:
        this = _wave(session, round_id, wave)
        if pile not in piles(this.letters):
            raise NotFound()
        found = waves.letters(session, round_id=round_id, wave=wave, places=places_of(pile))
    return _print(round_id, found, f"brieven-{round_id}-{wave}-{pile}", draw_id=this.draw_id)


@views.get("/werk/ronde/<int:round_id>/panel/uitnodigingen/voorbeeld.pdf")
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def sample_letter(round_id: int) -> ResponseReturnValue:
    """Give a letter to nobody, with a code that opens nothing, to read before any are drawn."""
    with reading() as session:
        facts = round_facts(session, round_id=round_id)
        asked = queries.appeal(session, round_id=round_id)
    made = set_letters([SAMPLE], **_terms(facts, asked, None))
    return as_pdf(made, f"voorbeeldbrief-{round_id}")


@views.get("/werk/ronde/<int:round_id>/panel/uitnodigingen/brief/<int:invitation_id>.pdf")
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def letter_pdf(round_id: int, invitation_id: int) -> ResponseReturnValue:
    """Give one letter to print, to an address or to somebody of the network."""
    with reading() as session:
        found = waves.letter(session, round_id=round_id, invitation_id=invitation_id)
        if found is None:
            raise NotFound()
        draw_id = queries.invitation(session, round_id=round_id, invitation_id=invitation_id).draw_id
    return _print(round_id, [found], f"brief-{round_id}-{found.reference}", draw_id=draw_id)


@views.post("/werk/ronde/<int:round_id>/panel/uitnodigingen/<int:wave>/verstuurd")
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def mark_sent(round_id: int, wave: int) -> ResponseReturnValue:
    """Write down that the letters of a wave went to the post, or that they did not yet."""
    form = SentForm()
    if form.validate_on_submit():
        was_sent = form.was_sent.data == "yes"
        with writing() as session:
            count = actions.mark_sent(
                session,
                round_id=round_id,
                wave=wave,
                was_sent=was_sent,
                who=my_name_for_the_journal(),
                now=now(),
            )
        if count and was_sent:
            flash(ngettext("Genoteerd: de brief is weg.", "Genoteerd: %(num)s brieven zijn weg.", count))
        elif count:
            flash(
                ngettext(
                    "Genoteerd: de brief is nog niet weg.",
                    "Genoteerd: %(num)s brieven zijn nog niet weg.",
                    count,
                )
            )
    return redirect(url_for("inviting.letters", round_id=round_id))


@views.route(
    "/werk/ronde/<int:round_id>/panel/uitnodigingen/brief/<int:invitation_id>/nieuwe-code",
    methods=["GET", "POST"],
)
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def new_letter_code(round_id: int, invitation_id: int) -> ResponseReturnValue:
    """Ask whether the old code may die, make a new one, and show where to print it."""
    form = NewCodeForm()
    if form.validate_on_submit():
        with writing() as session:
            actions.new_code(
                session,
                round_id=round_id,
                invitation_id=invitation_id,
                replaces=whole(form.replaces.data),
                key=card_key(),
                who=my_name_for_the_journal(),
                now=now(),
            )
        return redirect(
            url_for("inviting.new_letter_code", round_id=round_id, invitation_id=invitation_id, klaar=1)
        )
    with reading() as session:
        facts = round_facts(session, round_id=round_id)
        found = waves.letter(session, round_id=round_id, invitation_id=invitation_id)
    if found is None or found.gone_at is not None:
        raise NotFound()
    form.replaces.data = str(found.serial)
    form.replaces.raw_data = None
    return page(
        "inviting/letter_code.html",
        round=facts,
        letter=found,
        drawn=found.origin is Origin.LOT,
        form=form,
        done=request.args.get("klaar") == "1" and found.serial > 1,
    ), 422 if form.is_submitted() else 200


def _print(
    round_id: int, found: list[LetterFacts], name: str, *, draw_id: int | None = None
) -> ResponseReturnValue:
    with reading() as session:
        facts = round_facts(session, round_id=round_id)
        asked: Appeal = queries.appeal(session, round_id=round_id)
    return as_pdf(set_letters(letters_of(found), **_terms(facts, asked, draw_id)), name)


def _terms(facts: RoundFacts, asked: Appeal, draw_id: int | None) -> dict[str, Any]:
    proof = ""
    # Everyone sees how was drawn once the round is open.
    if draw_id is not None and not facts.draft:
        proof = settings().base_url + url_for("panel.draw_proof", round_id=facts.id, draw_id=draw_id)
    return {"appeal": asked, "facts": facts, "day": today(), "proof": proof}


def _wave(session: Session, round_id: int, wave: int) -> waves.WaveFacts:
    for one in waves.waves(session, round_id=round_id):
        if one.wave == wave:
            return one
    raise NotFound()
