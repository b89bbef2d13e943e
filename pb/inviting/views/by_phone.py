"""What people said, for staff; and answers that come by phone or on paper."""

from typing import Any

from flask import flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from pb.core.errors import Broken, NotFound
from pb.inviting import queries
from pb.inviting.actions.answering import (
    AnswerGiven,
    answer_no,
    answer_yes,
    give_code_again,
    withdraw,
)
from pb.inviting.forms.answering import (
    TWICE,
    FeaturesForm,
    LetterForm,
    NetworkForm,
    TakenForm,
    features_form,
)
from pb.inviting.queries.answering import addressee_of, letter_of_code, person_of
from pb.inviting.queries.invitations import InvitationFacts
from pb.inviting.rules.answering import (
    AnsweredAlready,
    AnswersFrozen,
    Contact,
    FeaturesChanged,
    LetterFull,
    SeatGiven,
    has_fixed_seat,
    is_for_one,
)
from pb.inviting.rules.answering_codes import UnknownLetter, read_typed
from pb.inviting.rules.appeal import Appeal, Channel
from pb.inviting.rules.codes import invitation_lookup, own_code
from pb.inviting.views.blueprint import views
from pb.inviting.views.code_mail import mail_of_code, mail_of_yes
from pb.inviting.views.saying import known_of, new_op, op_of
from pb.inviting.views.standing import standing
from pb.panel.rules.origins import Origin
from pb.panel.views.blueprint import card_key, whole
from pb.people.login import my_name_for_the_journal
from pb.people.rules import Role
from pb.people.views import send_mail
from pb.rounds.queries import RoundFacts, area_of_round, round_facts
from pb.web import after
from pb.web.clock import now, today
from pb.web.doors import may, staff
from pb.web.forms import Choice
from pb.web.pages import page
from pb.web.say import say as in_words
from pb.web.transaction import reading, writing

ANSWERS_A_PAGE = 200
TAKERS = (Role.AREA_MANAGER, Role.FACILITATOR, Role.CALLER)


@views.route("/werk/ronde/<int:round_id>/panel/antwoorden", methods=["GET", "POST"])
@staff(*TAKERS, area_of=area_of_round)
def answers(round_id: int) -> ResponseReturnValue:
    """List what people said, and find the letter of a code or of somebody of the network."""
    with reading() as db:
        facts = _round(db, round_id)
        appeal = queries.appeal_or_none(db, round_id=round_id)
        waiting = _waiting(db, round_id)
    by_code = LetterForm(formdata=None if "wie" in request.form else request.form or None)
    by_name = NetworkForm(formdata=request.form if "wie" in request.form else None)
    by_code.code.label.text = _("De briefcode")
    by_name.person.choices = [Choice(str(number), name) for number, name in waiting]
    if request.method == "POST":
        found = _letter_of(by_code, by_name, round_id)
        if found is not None:
            return redirect(url_for("inviting.enter_answer", round_id=round_id, invitation_id=found))
    with reading() as db:
        stands = standing(db, round_id)
        said = queries.answers(db, round_id=round_id)
        start = max(whole(request.args.get("vanaf")), 0)
        return page(
            "inviting/answers.html", **stands, by_code=by_code, by_name=by_name,
            answers=said[start : start + ANSWERS_A_PAGE], persons=queries.persons(db, round_id=round_id),
            total=len(said), first=start, next_from=start + ANSWERS_A_PAGE,
            stopped_late=[one for one in said if _stopped_late(appeal, one.withdrawn_at)],
            mix=[(origin, queries.counts(db, round_id=round_id, origin=origin)) for origin in Origin],
            i_host=may(Role.FACILITATOR, facts.area_id) or may(Role.AREA_MANAGER, facts.area_id),
            i_set_up=may(Role.AREA_MANAGER, facts.area_id),
        ), 422 if request.method == "POST" else 200  # fmt: skip


@views.route("/werk/ronde/<int:round_id>/panel/antwoorden/brief/<int:invitation_id>", methods=["GET", "POST"])
@staff(*TAKERS, area_of=area_of_round)
def enter_answer(round_id: int, invitation_id: int) -> ResponseReturnValue:
    """Show what was said on one letter, and take an answer by phone or from paper."""
    with reading() as db:
        facts = _round(db, round_id)
        appeal = queries.appeal(db, round_id=round_id)
        letter = queries.invitation(db, round_id=round_id, invitation_id=invitation_id)
        about = _about(db, facts, appeal, letter)
    you, asked = TakenForm(), features_form(appeal)
    # Staff are asked about somebody else.
    you.name.label.text, you.phone.label.text, you.email.label.text = _names_of_fields()
    if not you.is_submitted():
        you.op.data = new_op()
        if is_for_one(letter.origin) and not about["yes"]:
            you.fill_in(known_of(about["addressee"]))
        return page("inviting/answers_enter.html", you=you, asked=asked, refusal=None, **about)
    no = request.form.get("antwoord") == "nee"
    refusal: Broken | None = None
    status = 422
    if no or _said_all(you, asked):
        try:
            return _take(appeal, letter, None if no else (you.person(), asked.chosen()), you)
        except TWICE as error:
            you.say_twice(error)
        except (AnsweredAlready, FeaturesChanged, AnswersFrozen, LetterFull, SeatGiven) as error:
            refusal, status = error, error.status
    you.op.data = op_of(you.op.data)
    sentence = in_words(refusal) if refusal else None
    return page("inviting/answers_enter.html", you=you, asked=asked, refusal=sentence, **about), status


@views.get("/werk/ronde/<int:round_id>/panel/antwoorden/bewaard")
@staff(*TAKERS, area_of=area_of_round)
def entered(round_id: int) -> ResponseReturnValue:
    """Show the own code of the answer that was just typed in here, to read out; nobody else's."""
    with reading() as db:
        facts = _round(db, round_id)
        held = session.get("entered")
        found = [one for one in queries.answers(db, round_id=round_id) if one.id == held]
        appeal = queries.appeal_or_none(db, round_id=round_id)
    mine = found[0] if found and found[0].counts else None
    return page(
        "inviting/answers_entered.html", round=facts, appeal=appeal, answer=mine,
        again=session.get("entered_again", False), code=own_code(card_key(), mine.id) if mine else None,
    )  # fmt: skip


@views.route("/werk/ronde/<int:round_id>/panel/antwoorden/<int:answer_id>/stoppen", methods=["GET", "POST"])
@staff(*TAKERS, area_of=area_of_round)
def stop_answer(round_id: int, answer_id: int) -> ResponseReturnValue:
    """Let somebody stop who says so by phone."""
    with reading() as db:
        facts = _round(db, round_id)
        answer = queries.answer(db, round_id=round_id, answer_id=answer_id)
        appeal = queries.appeal(db, round_id=round_id)
        person = person_of(db, answer_id=answer_id)
    if request.method == "GET" and answer.counts:
        return page("inviting/answers_stop.html", round=facts, answer=answer, appeal=appeal, person=person)
    if answer.counts:
        with writing() as db:
            withdraw(db, answer_id=answer_id, round_id=round_id, who=my_name_for_the_journal(), now=now())
        flash(_("Deze persoon doet niet meer mee."))
    return redirect(url_for("inviting.enter_answer", round_id=round_id, invitation_id=answer.invitation_id))


# With the code one reads what somebody filled in: not for everybody who phones.
@views.post("/werk/ronde/<int:round_id>/panel/antwoorden/<int:answer_id>/code")
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def code_again(round_id: int, answer_id: int) -> ResponseReturnValue:
    """Give somebody who lost it the own code once more: by mail, or else to read out."""
    with reading() as db:
        _round(db, round_id)
        answer = queries.answer(db, round_id=round_id, answer_id=answer_id)
        appeal = queries.appeal(db, round_id=round_id)
    with writing() as db:
        code = give_code_again(
            db, answer_id=answer_id, round_id=round_id, key=card_key(),
            mail=mail_of_code(appeal, day=today(), fixed=has_fixed_seat(appeal, answer.origin)),
            who=my_name_for_the_journal(), now=now(),
        )  # fmt: skip
        after.commit(send_mail)
    if code is None:
        flash(_("De eigen code is gemaild."))
        return redirect(
            url_for("inviting.enter_answer", round_id=round_id, invitation_id=answer.invitation_id)
        )
    session["entered"], session["entered_again"] = answer_id, True
    return redirect(url_for("inviting.entered", round_id=round_id))


@views.get("/werk/ronde/<int:round_id>/panel/antwoorden/formulier")
@staff(*TAKERS, area_of=area_of_round)
def answers_paper(round_id: int) -> ResponseReturnValue:
    """Print the same questions on one sheet, for whoever would rather write."""
    with reading() as db:
        facts = _round(db, round_id)
        appeal = queries.appeal_or_none(db, round_id=round_id)
    return page("inviting/answers_paper.html", round=facts, appeal=appeal)


def _round(db: Session, round_id: int) -> RoundFacts:
    facts = round_facts(db, round_id=round_id)
    if facts.practice:
        raise NotFound()
    return facts


def _waiting(db: Session, round_id: int) -> list[tuple[int, str]]:
    """List who of the network has said nothing yet, by name."""
    asked = queries.invitations(
        db, round_id=round_id, origins=[origin for origin in Origin if is_for_one(origin)]
    )
    answered = {one.invitation_id for one in queries.answers(db, round_id=round_id) if one.counts}
    names = queries.addressees(db, round_id=round_id) if asked else {}
    found = [
        (one.id, names[one.id].name)
        for one in asked
        if one.gone_at is None and one.id not in answered and one.id in names
    ]
    return sorted(found, key=lambda pair: pair[1].casefold())


def _letter_of(by_code: LetterForm, by_name: NetworkForm, round_id: int) -> int | None:
    if "wie" in request.form:
        return int(by_name.person.data) if by_name.validate() else None
    if not by_code.validate():
        return None
    try:
        code = read_typed(by_code.code.data or "")
        with reading() as db:
            found = letter_of_code(db, code_hmac=invitation_lookup(card_key(), code))
        if found is None or found.round_id != round_id:
            raise UnknownLetter()
    except Broken as error:
        by_code.code.errors = [in_words(error)]
        return None
    return found.id


def _take(
    appeal: Appeal, letter: InvitationFacts, yes: tuple[Contact, dict[int, int | None]] | None,
    you: TakenForm,
) -> ResponseReturnValue:  # fmt: skip
    channel = Channel.PAPER if you.channel.data == Channel.PAPER.value else Channel.PHONE
    given: AnswerGiven | None = None
    with writing() as db:
        common: dict[str, Any] = {
            "invitation_id": letter.id, "round_id": appeal.round_id, "channel": channel,
            "op": op_of(you.op.data), "key": card_key(), "who": my_name_for_the_journal(), "now": now(),
        }  # fmt: skip
        if yes is None:
            answer_no(db, **common)
        else:
            mail = mail_of_yes(appeal, fixed=has_fixed_seat(appeal, letter.origin))
            given = answer_yes(db, person=yes[0], features=yes[1], mail=mail, **common)
            after.commit(send_mail)
    if given is None:
        flash(_("Het nee is bewaard."))
        return redirect(url_for("inviting.answers", round_id=appeal.round_id))
    session["entered"], session["entered_again"] = given.answer_id, False
    return redirect(url_for("inviting.entered", round_id=appeal.round_id))


def _about(db: Session, facts: RoundFacts, appeal: Appeal, letter: InvitationFacts) -> dict[str, Any]:
    said = queries.answers(db, round_id=facts.id, invitation_id=letter.id)
    yes = sum(one.counts for one in said)
    frozen = appeal.frozen_at is not None or appeal.deleted_at is not None
    return {
        "round": facts,
        "appeal": appeal,
        "letter": letter,
        "said": said,
        "persons": queries.persons(db, round_id=facts.id) if said else {},
        "yes": yes,
        "addressee": addressee_of(db, invitation_id=letter.id),
        "for_one": is_for_one(letter.origin),
        "fixed": has_fixed_seat(appeal, letter.origin),
        "i_set_up": may(Role.AREA_MANAGER, facts.area_id),
        "frozen": frozen,
        "takes": not frozen and letter.gone_at is None and not (yes and is_for_one(letter.origin)),
        "late": not frozen and not appeal.takes_answers_on(today()),
    }


def _names_of_fields() -> tuple[str, str, str]:
    return _("Naam"), _("Telefoonnummer"), _("E-mailadres")


def _said_all(you: TakenForm, asked: FeaturesForm) -> bool:
    # Both, so that everything that is wrong is said at once.
    right = [you.validate(), asked.validate()]
    return all(right)


def _stopped_late(appeal: Appeal | None, withdrawn_at: Any) -> bool:
    frozen_at = appeal.frozen_at if appeal else None
    return frozen_at is not None and withdrawn_at is not None and withdrawn_at >= frozen_at
