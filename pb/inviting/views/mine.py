"""One's own answer, opened by one's own code: look, change, stop."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from flask import flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from pb.core.errors import Broken
from pb.inviting import queries
from pb.inviting.actions.answering import change_answer, withdraw
from pb.inviting.forms.answering import TWICE, OwnCodeForm, PersonForm, features_form
from pb.inviting.queries.answering import features_of, letter_of_code, person_of
from pb.inviting.queries.answers import AnswerFacts
from pb.inviting.rules.answering import FeaturesChanged, has_fixed_seat
from pb.inviting.rules.answering_codes import LetterIsCard, OwnCodeIsLetter, UnknownOwnCode, read_typed
from pb.inviting.rules.codes import invitation_lookup, own_code, own_lookup
from pb.inviting.views.blueprint import views
from pb.inviting.views.coming import chose_language, is_card, only_failures_count
from pb.panel.views.blueprint import card_key
from pb.rounds.queries import round_facts
from pb.store.journal import VISITOR
from pb.web.clock import now, today
from pb.web.doors import public
from pb.web.pages import page
from pb.web.say import say
from pb.web.transaction import reading, writing

TellLot = Callable[[Session, AnswerFacts], Mapping[str, bool]]
# What the room of the draw knows of an answer; that room comes later in the house.
_NO_LOT: Final = {"published": False, "seated": False, "stopped": False, "kept": False, "seat_lost": False}
_told_by: list[TellLot] = []


@views.route("/mijn-antwoord", methods=["GET", "POST"])
@public("asks for one's own code, and shows the answer that it opens")
def mine() -> ResponseReturnValue:
    """Open the own answer with the own code, and show it."""
    if request.method == "POST":
        return _open()
    with reading() as db:
        held = held_answer(db)
        if held is None:
            return page("inviting/mine_code.html", form=OwnCodeForm(formdata=None))
        return page("inviting/mine.html", code=own_code(card_key(), held.id), **_about(db, held))


@views.route("/mijn-antwoord/veranderen", methods=["GET", "POST"])
@public("changes the answer that one's own code opened")
def mine_change() -> ResponseReturnValue:
    """Change the own contact and features, until the last day."""
    with reading() as db:
        held = held_answer(db)
        if held is None:
            return _code_again()
        facts = _about(db, held)
        if not facts["open"]:
            return page("inviting/mine.html", code=own_code(card_key(), held.id), **facts), 409
    you, asked = PersonForm(), features_form(facts["appeal"])
    if not you.is_submitted():
        you.fill_in(facts["person"])
        asked.fill_in(facts["kept"])
        return page("inviting/mine_change.html", you=you, asked=asked, refusal=None, **facts)
    if chose_language():
        return page("inviting/mine_change.html", you=you, asked=asked, refusal=None, **facts)
    refusal: Broken | None = None
    if _said_all(you, asked):
        try:
            with writing() as db:
                change_answer(
                    db, answer_id=held.id, round_id=held.round_id, person=you.person(),
                    features=asked.chosen(), who=VISITOR, now=now(),
                )  # fmt: skip
            flash(_("Je antwoord is veranderd."))
            return redirect(url_for("inviting.mine"))
        except TWICE as error:
            you.say_twice(error)
        except FeaturesChanged as error:
            refusal = error
    sentence = say(refusal) if refusal else None
    return page("inviting/mine_change.html", you=you, asked=asked, refusal=sentence, **facts), 422


@views.route("/mijn-antwoord/stoppen", methods=["GET", "POST"])
@public("withdraws the answer that one's own code opened")
def mine_stop() -> ResponseReturnValue:
    """Ask whether somebody wants to stop, and let them."""
    with reading() as db:
        held = held_answer(db)
        if held is None:
            return _code_again()
        facts = _about(db, held)
    if request.method == "GET" and held.counts:
        return page("inviting/mine_stop.html", **facts)
    if held.counts:
        with writing() as db:
            withdraw(db, answer_id=held.id, round_id=held.round_id, who=VISITOR, now=now())
    return redirect(url_for("inviting.mine"))


@views.post("/mijn-antwoord/vergeet")
@public("takes the own answer out of this browser")
def mine_forget() -> ResponseReturnValue:
    """Let this browser forget the letter and the answer."""
    session.pop("mine", None)
    session.pop("letter", None)
    flash(_("Op dit apparaat staat niets meer van je antwoord."))
    return redirect(url_for("inviting.mine"))


def held_answer(db: Session) -> AnswerFacts | None:
    """Give the answer that this browser opened with its own code, or just gave."""
    kept = session.get("mine")
    return queries.answer_by_own(db, own_hmac=kept) if isinstance(kept, str) else None


def tell_lots_with(tell: TellLot) -> None:
    """Let the room of the draw tell how far the draw is, and whether somebody lost a seat."""
    _told_by[:] = [tell]


def _said_all(you: PersonForm, asked: Any) -> bool:
    # Both, so that everything that is wrong is said at once.
    right = [you.validate(), asked.validate()]
    return all(right)


def _open() -> ResponseReturnValue:
    form = OwnCodeForm()
    if not form.validate():
        return page("inviting/mine_code.html", form=form), 422
    try:
        with reading() as db, only_failures_count():
            kept = _known_answer(db, read_typed(form.code.data or ""))
    except Broken as error:
        form.code.errors = [say(error)]
        return page("inviting/mine_code.html", form=form), error.status
    session["mine"] = kept
    return redirect(url_for("inviting.mine"))


def _known_answer(db: Session, code: str) -> str:
    kept = own_lookup(card_key(), code)
    if queries.answer_by_own(db, own_hmac=kept) is not None:
        return kept
    if letter_of_code(db, code_hmac=invitation_lookup(card_key(), code)) is not None:
        raise OwnCodeIsLetter()
    raise LetterIsCard() if is_card(db, code) else UnknownOwnCode()


def _code_again() -> ResponseReturnValue:
    form = OwnCodeForm(formdata=None)
    return page("inviting/mine_code.html", form=form, lost=request.method == "POST"), 409


def _about(db: Session, held: AnswerFacts) -> dict[str, Any]:
    appeal = queries.appeal(db, round_id=held.round_id)
    kept = features_of(db, answer_id=held.id)
    return {
        "answer": held,
        "appeal": appeal,
        "round": round_facts(db, round_id=held.round_id),
        "person": person_of(db, answer_id=held.id),
        "kept": kept,
        "chosen": [
            (feature, next((v.name for v in feature.values if v.id == kept.get(feature.id)), None))
            for feature in appeal.features
        ],
        "fixed": has_fixed_seat(appeal, held.origin),
        "frozen": appeal.frozen_at is not None or appeal.deleted_at is not None,
        "lot": _told_by[0](db, held) if _told_by else _NO_LOT,
        "open": held.counts and appeal.takes_answers_on(today()),
    }
