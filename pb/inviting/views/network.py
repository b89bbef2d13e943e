"""People of the network: invite them one by one, mail them, print their letters, take one back."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from flask import Response, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from pb.core.errors import NotFound
from pb.inviting import queries
from pb.inviting.actions import network as actions
from pb.inviting.forms.inviting import InvitePersonForm, SentForm, TakeBackForm
from pb.inviting.queries import waves
from pb.inviting.queries.waves import LetterFacts
from pb.inviting.rules.appeal import Appeal
from pb.inviting.rules.letter import letter_url, piles, places_of
from pb.inviting.rules.network import FixedSeatsTaken, PersonInvited, SaidYes
from pb.inviting.rules.waves import LettersTooLate
from pb.inviting.views.blueprint import views
from pb.inviting.views.letter_pdf import as_pdf, letters_of, set_letters
from pb.inviting.views.standing import standing
from pb.panel.forms import say_at
from pb.panel.rules.people_file import Likeness
from pb.panel.views.blueprint import card_key, settings
from pb.people.login import my_name_for_the_journal
from pb.people.rules import Role
from pb.rounds.queries import RoundFacts, area_of_round, round_facts
from pb.web.clock import now, today
from pb.web.doors import staff
from pb.web.mail import write_mail_twice
from pb.web.pages import page
from pb.web.transaction import reading, writing

EXAMPLE_NAME = "voorbeeld-netwerk.csv"
# As Dutch spreadsheets save a list: a byte order mark, semicolons, CR LF. Nobody in it exists.
EXAMPLE = (
    "naam;e-mail;telefoon;herkomst;straat;huisnummer;postcode;plaats",
    "Voorbeeld Een;een@voorbeeld.example;06 00000001;netwerk;Voorbeeldstraat;1;1234 AB;Voorbeeldstad",
    "Voorbeeld Twéé;;;ambassadeur;;;;",
    "Voorbeeld Drie;drie@voorbeeld.example;;ervaring;;;;",
)


@views.get("/werk/ronde/<int:round_id>/panel/netwerk")
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def network(round_id: int) -> ResponseReturnValue:
    """Show who of the network is invited and what they said."""
    with reading() as session:
        stands = standing(session, round_id)
        found = waves.network(session, round_id=round_id)
    return page(
        "inviting/network.html",
        **stands,
        people=found,
        answered=sum(one.answered for one in found),
        yes=sum(one.yes > 0 for one in found),
        promised=len(waves.standing(found)),
        shared=[
            key for key, people in Counter(one.address_key for one in found).items() if key and people > 1
        ],
        to_mail=len(waves.waiting(found, mail=True)),
        to_hand=len(waves.waiting(found, mail=False)),
        on_paper=len(_on_paper(found)),
        piles=piles(len(_on_paper(found))),
        mail_form=SentForm(formdata=None),
    )


@views.get("/werk/panel/lijst/<name>")
@staff(Role.AREA_MANAGER)
def network_example(name: str) -> Response:
    """Give a list to fill in, as spreadsheets save it."""
    if name != EXAMPLE_NAME:
        raise NotFound()
    answer = make_response("\ufeff" + "".join(f"{row}\r\n" for row in EXAMPLE))
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@views.route("/werk/ronde/<int:round_id>/panel/netwerk/erbij", methods=["GET", "POST"])
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def invite_person(round_id: int) -> ResponseReturnValue:
    """Invite one person of the network."""
    with reading() as session:
        facts = round_facts(session, round_id=round_id)
        if queries.appeal_or_none(session, round_id=round_id) is None:
            return redirect(url_for("inviting.network", round_id=round_id))
    form = InvitePersonForm()
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return page("inviting/network_person.html", form=form, round=facts), status
    try:
        with writing() as session:
            actions.invite_person(
                session,
                round_id=round_id,
                person=form.person(),
                somebody_else=bool(form.somebody_else.data),
                key=card_key(),
                who=my_name_for_the_journal(),
                now=now(),
            )
    except PersonInvited as twice:
        say_at(form.email if twice.facts["likeness"] == Likeness.EMAIL else form.name, twice)
        return page("inviting/network_person.html", form=form, round=facts, ask_again=True), twice.status
    except (LettersTooLate, FixedSeatsTaken) as late:
        say_at(form.name, late)
        return page("inviting/network_person.html", form=form, round=facts), late.status
    flash(_("%(name)s staat erbij. De uitnodiging is nog niet verstuurd.", name=form.name.data))
    onward = "inviting.invite_person" if "nog-iemand" in request.form else "inviting.network"
    return redirect(url_for(onward, round_id=round_id))


@views.post("/werk/ronde/<int:round_id>/panel/netwerk/mails")
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def mail_network(round_id: int) -> ResponseReturnValue:
    """Mail everybody of the network who has an address and got nothing yet."""
    with reading() as session:
        facts = round_facts(session, round_id=round_id)
        asked = queries.appeal(session, round_id=round_id)
    if SentForm().validate_on_submit():
        with writing() as session:
            count = actions.send_mails(
                session,
                round_id=round_id,
                key=card_key(),
                write=lambda name, code: _mail(facts, asked, name, code),
                who=my_name_for_the_journal(),
                now=now(),
            )
        flash(
            ngettext("Er is één mail verstuurd.", "Er zijn %(num)s mails verstuurd.", count)
            if count
            else _("Iedereen met een mailadres had de uitnodiging al.")
        )
    return redirect(url_for("inviting.network", round_id=round_id))


@views.post("/werk/ronde/<int:round_id>/panel/netwerk/uitgedeeld")
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def hand_over(round_id: int) -> ResponseReturnValue:
    """Write down that who has no e-mail address got a letter."""
    if SentForm().validate_on_submit():
        with writing() as session:
            count = actions.hand_over(session, round_id=round_id, who=my_name_for_the_journal(), now=now())
        if count:
            flash(
                ngettext(
                    "Genoteerd: één brief is uitgedeeld.",
                    "Genoteerd: %(num)s brieven zijn uitgedeeld.",
                    count,
                )
            )
    return redirect(url_for("inviting.network", round_id=round_id))


@views.get("/werk/ronde/<int:round_id>/panel/netwerk/brieven-<int:pile>.pdf")
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def network_pdf(round_id: int, pile: int) -> ResponseReturnValue:
    """Give a pile of letters to print, for people of the network without e-mail who did not answer."""
    with reading() as session:
        facts = round_facts(session, round_id=round_id)
        asked = queries.appeal(session, round_id=round_id)
        found = _on_paper(waves.network(session, round_id=round_id))
    if pile not in piles(len(found)):
        raise NotFound()
    places = places_of(pile)
    made = set_letters(
        letters_of(found[places.start - 1 : places.stop - 1]), appeal=asked, facts=facts, day=today()
    )
    return as_pdf(made, f"brieven-netwerk-{round_id}-{pile}")


@views.route("/werk/ronde/<int:round_id>/panel/netwerk/<int:invitation_id>/terug", methods=["GET", "POST"])
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def take_back(round_id: int, invitation_id: int) -> ResponseReturnValue:
    """Ask whether an invitation may be taken back, and do so."""
    with reading() as session:
        facts = round_facts(session, round_id=round_id)
        found = waves.letter(session, round_id=round_id, invitation_id=invitation_id)
    if found is None or found.origin not in waves.NETWORK:
        raise NotFound()
    form = TakeBackForm()
    shown: dict[str, Any] = {"form": form, "round": facts, "person": found}
    if found.gone_at is None and not form.validate_on_submit():
        return page("inviting/network_take_back.html", **shown), 422 if form.is_submitted() else 200
    try:
        with writing() as session:
            actions.take_back(
                session,
                round_id=round_id,
                invitation_id=invitation_id,
                who=my_name_for_the_journal(),
                now=now(),
            )
    except SaidYes as yes:
        return page("inviting/network_take_back.html", **shown, refused=yes), yes.status
    flash(_("De uitnodiging is teruggenomen. De briefcode werkt niet meer."))
    return redirect(url_for("inviting.network", round_id=round_id))


def _on_paper(found: Sequence[LetterFacts]) -> list[LetterFacts]:
    return [one for one in found if not one.email and not one.answered]


def _mail(facts: RoundFacts, asked: Appeal, name: str, code: str) -> tuple[str, str]:
    """Write the mail to somebody of the network."""
    letter = write_mail_twice(
        "inviting/network_mail.txt",
        round=facts,
        appeal=asked,
        name=name,
        code=code,
        link=letter_url(settings().base_url, code),
        site=settings().base_url,
        municipality=settings().municipality,
    )
    return letter.subject, letter.body
