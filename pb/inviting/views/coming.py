"""The letter: its QR or typed code opens it; only its hash is remembered."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import refresh
from sqlalchemy.orm import Session

from pb.core.errors import Broken
from pb.inviting import queries
from pb.inviting.forms.answering import LetterForm
from pb.inviting.queries.answering import letter_of_code
from pb.inviting.queries.invitations import InvitationFacts
from pb.inviting.rules.answering import InvitationGone, NoAppeal
from pb.inviting.rules.answering_codes import (
    LetterIsCard,
    LetterIsOwnCode,
    NoLetterRead,
    TooManyCodes,
    UnknownLetter,
    read_typed,
)
from pb.inviting.rules.appeal import Appeal
from pb.inviting.rules.codes import invitation_lookup, own_lookup
from pb.inviting.views.blueprint import views
from pb.panel.queries import seat_by_code
from pb.panel.rules.cards import code_lookup
from pb.panel.views.blueprint import card_key
from pb.rounds.queries import RoundFacts, round_facts
from pb.web.doors import public
from pb.web.i18n import LANGUAGES
from pb.web.limits import Limit, visitor_counted_as
from pb.web.pages import page
from pb.web.say import say
from pb.web.transaction import reading

# Only failures count, and a whole library may share one address.
wrong_codes = Limit(most=60, seconds=600)


@dataclass(frozen=True)
class LetterInHand:
    """The letter that this browser read, with what is asked in it."""

    invitation: InvitationFacts
    appeal: Appeal
    round: RoundFacts


@views.route("/uitnodiging", methods=["GET", "POST"])
@public("the page that the QR on a letter opens; it gives no right by itself")
def come() -> ResponseReturnValue:
    """Ask for the code of the letter, and open it."""
    form = LetterForm()
    if not form.validate_on_submit():
        return page("inviting/come.html", form=form, refusal=None), 422 if form.is_submitted() else 200
    try:
        take_letter(form.code.data or "")
    except Broken as error:
        form.code.errors = [say(error)]
        return page("inviting/come.html", form=form, refusal=None), error.status
    return redirect(url_for("inviting.say"))


def come_again(error: NoLetterRead) -> ResponseReturnValue:
    """Ask for the letter once more, and say why."""
    form = LetterForm(formdata=None)
    return page("inviting/come.html", form=form, refusal=say(error)), error.status


def take_letter(typed: str) -> None:
    """Let this browser hold the letter of a code, and nothing of another letter.

    Raises: UnknownLetter, LetterIsCard, LetterIsOwnCode, TooManyCodes, CodeUnreadable.
    """
    with reading() as db, only_failures_count():
        kept = _known_letter(db, read_typed(typed))
        found = letter_of_code(db, code_hmac=kept)
        mine = queries.answer_by_own(db, own_hmac=str(session.get("mine", "")))
    if found is None or mine is None or mine.invitation_id != found.id:
        session.pop("mine", None)
    session["letter"] = kept


def letter_in_hand() -> LetterInHand:
    """Give the letter that this browser read.

    Raises: NoLetterRead, InvitationGone, NoAppeal.
    """
    kept = session.get("letter")
    if not isinstance(kept, str):
        raise NoLetterRead()
    with reading() as db:
        found = letter_of_code(db, code_hmac=kept)
        if found is None:
            raise NoLetterRead()
        asked = queries.appeal_or_none(db, round_id=found.round_id)
        if asked is None:
            raise NoAppeal()
        if found.gone_at is not None:
            raise InvitationGone(phone=asked.phone)
        return LetterInHand(found, asked, round_facts(db, round_id=found.round_id))


@contextmanager
def only_failures_count() -> Iterator[None]:
    """Slow down guessing: count a try, and forgive it when the code was right. Raises: TooManyCodes."""
    address = visitor_counted_as()
    if not current_app.testing and wrong_codes.reached(address):
        raise TooManyCodes(wait_seconds=int(wrong_codes.seconds))
    wrong_codes.count(address)
    yield
    wrong_codes.forgive(address)


def chose_language() -> bool:
    """Take the language that a form asks for, which unlike a link loses nothing typed."""
    picked = request.form.get("taal")
    if picked not in LANGUAGES:
        return False
    session["language"] = picked
    refresh()
    return True


def is_card(db: Session, code: str) -> bool:
    """Say whether this is the code of a card of some evening."""
    return seat_by_code(db, code_hmac=code_lookup(card_key(), code)) is not None


def _known_letter(db: Session, code: str) -> str:
    kept = invitation_lookup(card_key(), code)
    if letter_of_code(db, code_hmac=kept) is not None:
        return kept
    if queries.answer_by_own(db, own_hmac=own_lookup(card_key(), code)) is not None:
        raise LetterIsOwnCode()
    raise LetterIsCard() if is_card(db, code) else UnknownLetter()
