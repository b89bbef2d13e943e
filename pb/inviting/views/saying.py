"""Saying yes or no to a letter: what is asked, who you are, the features, and what happens next."""

import secrets
from typing import Any

from flask import redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pb.core.errors import Broken
from pb.inviting import queries
from pb.inviting.actions.answering import answer_no, answer_yes, check_seat_left
from pb.inviting.forms.answering import TWICE, FeaturesForm, LetterForm, YouForm, features_form
from pb.inviting.queries import waves
from pb.inviting.queries.answering import addressee_of, said_no, said_yes
from pb.inviting.queries.invitations import Addressee
from pb.inviting.rules.answering import (
    AnsweredAlready,
    AnsweredOnThisPhone,
    Contact,
    FeaturesChanged,
    InvitationGone,
    LetterFull,
    NoAppeal,
    SeatGiven,
    has_fixed_seat,
    is_for_one,
)
from pb.inviting.rules.answering_codes import AnotherLetterRead, NoLetterRead
from pb.inviting.rules.appeal import Appeal, Channel
from pb.inviting.rules.codes import own_code, own_lookup
from pb.inviting.rules.places import places_drawn
from pb.inviting.views.blueprint import views
from pb.inviting.views.code_mail import mail_of_yes
from pb.inviting.views.coming import LetterInHand, chose_language, come_again, letter_in_hand, take_letter
from pb.inviting.views.mine import held_answer
from pb.panel.rules.origins import Origin
from pb.panel.views.blueprint import card_key
from pb.people.views import send_mail
from pb.store.journal import VISITOR
from pb.web import after
from pb.web.clock import now, today
from pb.web.doors import public
from pb.web.pages import page
from pb.web.say import say as in_words
from pb.web.transaction import reading, writing

OP_LEAST, OP_MOST = 16, 40


@views.route("/uitnodiging/antwoord", methods=["GET", "POST"])
@public("shows what the letter that was just read asks")
def say() -> ResponseReturnValue:
    """Show what is asked, and take the answer: yes, no, or somebody else."""
    try:
        held = letter_in_hand()
    except NoLetterRead as error:
        return come_again(error)
    answer = request.form.get("antwoord") if request.method == "POST" else None
    if answer == "ja":
        return redirect(url_for("inviting.say_yes"))
    if answer == "ander":
        # The phone is handed over: who answered before is nobody else's business.
        session.pop("mine", None)
        return redirect(url_for("inviting.say_yes", voor="ander"))
    if answer == "nee":
        return _no(held)
    return page("inviting/say.html", op=new_op(), **about(held))


@views.route("/uitnodiging/ja", methods=["GET", "POST"])
@public("takes the yes of whoever holds the letter that was just read")
def say_yes() -> ResponseReturnValue:
    """Ask who somebody is and for the features, in two steps, and take the yes."""
    try:
        held = _letter_of_form()
    except (InvitationGone, NoAppeal):
        raise
    except Broken as error:
        return _again(error)
    facts = about(held)
    if facts["closed"] or ((facts["taken"] or facts["full"]) and request.method == "GET"):
        return page("inviting/say.html", op=new_op(), **facts), 409 if request.form else 200
    you, asked = YouForm(), features_form(held.appeal)
    if request.method == "POST":
        return _step(held, you, asked, facts)
    if facts["mine"] and not _is_other():
        return redirect(url_for("inviting.mine"))
    if facts["addressee"]:
        you.fill_in(known_of(facts["addressee"]))
    return _ask(you, asked, facts, step=1)


@views.get("/uitnodiging/dank")
@public("shows the own code to whoever just said yes on this browser")
def thanks() -> ResponseReturnValue:
    """Say thanks, give the own code, and tell what comes next."""
    with reading() as db:
        mine = held_answer(db)
        if mine is None or not mine.counts:
            return redirect(url_for("inviting.mine"))
        appeal = queries.appeal(db, round_id=mine.round_id)
        shares = not is_for_one(mine.origin)
        places = _places(db, appeal, mine.origin)
    return page(
        "inviting/thanks.html", appeal=appeal, code=own_code(card_key(), mine.id), shares=shares,
        fixed=has_fixed_seat(appeal, mine.origin), places=places,
    )  # fmt: skip


def about(held: LetterInHand) -> dict[str, Any]:
    """Gather what every page about a letter tells. Nobody's name, but of whom the letter itself is for."""
    invitation, appeal = held.invitation, held.appeal
    with reading() as db:
        mine = held_answer(db)
        yes = said_yes(db, invitation_id=invitation.id)
        for_one = is_for_one(invitation.origin)
        return {
            "held": held,
            "appeal": appeal,
            "round": held.round,
            "yes": yes,
            "no": said_no(db, invitation_id=invitation.id),
            "mine": mine is not None and mine.invitation_id == invitation.id and mine.counts,
            "for_one": for_one,
            # Somebody of the network answered, perhaps on another phone: this letter has done its work.
            "taken": for_one and yes > 0,
            "fixed": has_fixed_seat(appeal, invitation.origin),
            "places": _places(db, appeal, invitation.origin),
            "full": not yes and not _has_seat_left(db, held),
            "frozen": appeal.frozen_at is not None or appeal.deleted_at is not None,
            "closed": appeal.deleted_at is not None or not appeal.takes_answers_on(today()),
            "addressee": addressee_of(db, invitation_id=invitation.id) if for_one and not yes else None,
        }


def new_op() -> str:
    """Name a press, so that pressing twice is one answer."""
    return secrets.token_urlsafe(24)


def op_of(typed: str | None) -> str:
    """Give the name of a press as our own page sent it, or a new one."""
    fits = typed and OP_LEAST <= len(typed) <= OP_MOST and typed.isascii() and typed.isprintable()
    return typed if typed and fits else new_op()


def known_of(addressee: Addressee) -> Contact:
    """Give what is known of somebody of the network, to fill in beforehand."""
    return Contact(addressee.name, addressee.email, addressee.phone)


def _step(
    held: LetterInHand, you: YouForm, asked: FeaturesForm, facts: dict[str, Any]
) -> ResponseReturnValue:
    """Take one step of the two, or show it again with what is wrong."""
    step = 2 if you.step.data == "2" else 1
    if chose_language() or "terug" in request.form:
        return _ask(you, asked, facts, step=1 if "terug" in request.form else step)
    if not you.validate():
        return _ask(you, asked, facts, step=1), 422
    if held.appeal.features and step == 1:
        return _ask(you, asked, facts, step=2)
    if not asked.validate():
        return _ask(you, asked, facts, step=2), 422
    try:
        return _yes(held, you, asked)
    except TWICE as error:
        you.say_twice(error)
        return _ask(you, asked, facts, step=1), error.status
    except (AnsweredAlready, AnsweredOnThisPhone, FeaturesChanged, LetterFull, SeatGiven) as error:
        return _ask(you, features_form(held.appeal), facts, step=2, refusal=error), error.status


def _yes(held: LetterInHand, you: YouForm, asked: FeaturesForm) -> ResponseReturnValue:
    op = op_of(you.op.data)
    with reading() as db:
        mine = held_answer(db)
    same_letter = mine is not None and mine.invitation_id == held.invitation.id and mine.counts
    mine_id = mine.id if mine is not None and same_letter and not _is_other() else None
    with writing() as db:
        try:
            given = answer_yes(
                db, invitation_id=held.invitation.id, round_id=held.round.id, person=you.person(),
                features=asked.chosen(), channel=Channel.PAGE, op=op, key=card_key(), who=VISITOR, now=now(),
                mail=mail_of_yes(held.appeal, fixed=has_fixed_seat(held.appeal, held.invitation.origin)),
            )  # fmt: skip
        except TWICE:
            # Whoever already said yes on this phone needs nothing else, but to know that it is done.
            if mine_id is not None:
                raise AnsweredOnThisPhone() from None
            raise
        if mine_id not in (None, given.answer_id):
            # Two pages were open: the second yes of one phone. Nothing of it is stored.
            raise AnsweredOnThisPhone()
        after.commit(send_mail)
    session["mine"] = own_lookup(card_key(), given.own_code)
    return redirect(url_for("inviting.thanks"))


def _no(held: LetterInHand) -> ResponseReturnValue:
    facts = about(held)
    if facts["closed"] or facts["taken"]:
        return page("inviting/say.html", op=new_op(), **facts), 409
    with writing() as db:
        answer_no(
            db, invitation_id=held.invitation.id, round_id=held.round.id, channel=Channel.PAGE,
            op=op_of(request.form.get("op")), key=card_key(), who=VISITOR, now=now(),
        )  # fmt: skip
    return redirect(url_for("inviting.say", nee=1))


def _letter_of_form() -> LetterInHand:
    """Give the letter that a form is about; a code typed with it opens that letter first."""
    if request.method == "POST" and request.form.get("code", "").strip():
        take_letter(request.form["code"])
        return letter_in_hand()
    held = letter_in_hand()
    if request.method == "POST" and request.form.get("item", "") != str(held.invitation.id):
        raise AnotherLetterRead()
    return held


def _again(error: Broken) -> ResponseReturnValue:
    """Ask for the code of the letter, and keep what was typed."""
    if request.method == "GET" and isinstance(error, NoLetterRead):
        return come_again(error)
    form = LetterForm()
    lost = isinstance(error, NoLetterRead | AnotherLetterRead)
    form.code.errors = [] if lost else [in_words(error)]
    kept = [pair for pair in request.form.items(multi=True) if pair[0] not in ("csrf_token", "code", "item")]
    refusal = in_words(error) if lost else None
    return page("inviting/say_again.html", form=form, kept=kept, refusal=refusal), error.status


def _places(db: Session, appeal: Appeal, origin: Origin) -> int:
    promised = len(waves.standing(waves.network(db, round_id=appeal.round_id)))
    return places_drawn(appeal, origin, promised=promised)


def _has_seat_left(db: Session, held: LetterInHand) -> bool:
    try:
        check_seat_left(db, held.appeal, held.invitation)
    except SeatGiven:
        return False
    return True


def _is_other() -> bool:
    return request.args.get("voor") == "ander"


def _ask(
    you: YouForm, asked: FeaturesForm, facts: dict[str, Any], *, step: int, refusal: Broken | None = None
) -> str:
    you.item.data = str(facts["held"].invitation.id)
    you.op.data = op_of(you.op.data)
    return page(
        "inviting/say_yes.html",
        you=you,
        asked=asked,
        step=step,
        other=_is_other(),
        refusal=in_words(refusal) if refusal else None,
        asks_whose=isinstance(refusal, AnsweredOnThisPhone),
        **facts,
    )
