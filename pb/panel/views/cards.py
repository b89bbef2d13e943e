"""Print cards, and give a seat a new one."""

from dataclasses import dataclass, field

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from pb.panel import actions, queries
from pb.panel.actions.printing import note_printed
from pb.panel.forms import CardsForm, NewCardForm
from pb.panel.queries import CardFacts
from pb.panel.rules.cards import card_code, card_token, card_url, token_sha256
from pb.panel.rules.keeping import CardNotYours
from pb.panel.rules.origins import SEAT_NUMBER_MOST
from pb.panel.views.blueprint import card_key, settings, views, whole
from pb.people.login import my_account_id, my_name_for_the_journal
from pb.people.rules import Role
from pb.rounds.queries import area_of_round, round_facts
from pb.web.clock import now
from pb.web.doors import may, staff
from pb.web.pages import page
from pb.web.qr import qr_svg
from pb.web.transaction import reading, writing

CARDS_A_SHEET = 8
CARDS_A_PAGE = 10 * CARDS_A_SHEET


@dataclass(frozen=True, slots=True)
class PrintedCard:
    """What stands on a card; no name."""

    seat_id: int
    number: int
    serial: int
    qr: Markup = field(repr=False)
    code: str = field(repr=False)


@views.get("/werk/ronde/<int:round_id>/panel/kaarten")
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def cards(round_id: int) -> ResponseReturnValue:
    """Show cards to print and cut: all, some, or one."""
    form = CardsForm(request.args)
    right = form.validate()
    first = (form.first.data if right else None) or 1
    last = (form.last.data if right else None) or SEAT_NUMBER_MOST
    with reading() as session:
        facts = round_facts(session, round_id=round_id)
        found = queries.cards(session, round_id=round_id, first=first, last=last, most=CARDS_A_PAGE + 1)
    shown = found[:CARDS_A_PAGE] if right else []
    working = [card for card in shown if _works(card)]
    _note_printed(round_id, working)
    return page(
        "panel/cards.html",
        round=facts,
        form=form,
        sheets=_sheets([_print(card) for card in working]),
        count=len(working),
        dead=[card.seat for card in shown if not _works(card)],
        next_from=found[CARDS_A_PAGE].seat.number if right and len(found) > CARDS_A_PAGE else None,
        last=form.last.data if right else None,
        one_seat=None,
        site=_site(),
    ), 200 if right else 422


@views.route("/werk/ronde/<int:round_id>/panel/stoel/<int:seat_id>/nieuwe-kaart", methods=["GET", "POST"])
@staff(Role.AREA_MANAGER, Role.FACILITATOR, area_of=area_of_round)
def new_card(round_id: int, seat_id: int) -> ResponseReturnValue:
    """Ask whether the old card may die, and make a new one."""
    form = NewCardForm()
    if form.validate_on_submit():
        with writing() as session:
            actions.new_card(
                session,
                round_id=round_id,
                seat_id=seat_id,
                card_key=card_key(),
                who=my_name_for_the_journal(),
                now=now(),
                replaces=whole(form.replaces.data),
            )
        return redirect(url_for("panel.one_card", round_id=round_id, seat_id=seat_id))
    with reading() as session:
        facts = round_facts(session, round_id=round_id)
        card = queries.card(session, round_id=round_id, seat_id=seat_id)
    form.replaces.data = str(card.serial)
    form.replaces.raw_data = None
    return page("panel/new_card.html", form=form, round=facts, card=card), 422 if form.is_submitted() else 200


@views.get("/werk/ronde/<int:round_id>/panel/stoel/<int:seat_id>/kaart")
@staff(Role.AREA_MANAGER, Role.FACILITATOR, area_of=area_of_round)
def one_card(round_id: int, seat_id: int) -> ResponseReturnValue:
    """Show one card: to the area manager, or to the facilitator who just made it."""
    with reading() as session:
        facts = round_facts(session, round_id=round_id)
        card = queries.card(session, round_id=round_id, seat_id=seat_id)
    # Whoever holds a card scores with it; making one leaves a line in the journal and kills the old one.
    if not may(Role.AREA_MANAGER, facts.area_id) and card.made_by != my_account_id():
        raise CardNotYours(number=card.seat.number)
    works = _works(card)
    _note_printed(round_id, [card] if works else [])
    return page(
        "panel/cards.html",
        round=facts,
        form=None,
        sheets=_sheets([_print(card)] if works else []),
        count=1 if works else 0,
        dead=[] if works else [card.seat],
        next_from=None,
        last=None,
        one_seat=card.seat,
        site=_site(),
    )


def _note_printed(round_id: int, shown: list[CardFacts]) -> None:
    numbers = [card.seat.number for card in shown]
    if numbers:
        with writing() as session:
            note_printed(
                session, round_id=round_id, numbers=numbers, who=my_name_for_the_journal(), now=now()
            )


def _print(card: CardFacts) -> PrintedCard:
    seat_id, serial = card.seat.id, card.serial
    url = card_url(settings().base_url, card_token(card_key(), seat_id, serial))
    return PrintedCard(
        seat_id=seat_id,
        number=card.seat.number,
        serial=serial,
        # The label is on paper too, so it is Dutch like the rest of the card.
        qr=qr_svg(url, f"QR-code van stoel {card.seat.number}"),
        code=card_code(card_key(), seat_id, serial),
    )


def _works(card: CardFacts) -> bool:
    """Tell whether the key that makes cards is still the one that this card was made with."""
    return token_sha256(card_token(card_key(), card.seat.id, card.serial)) == card.token_sha256


def _sheets(printed: list[PrintedCard]) -> list[list[PrintedCard]]:
    return [printed[start : start + CARDS_A_SHEET] for start in range(0, len(printed), CARDS_A_SHEET)]


def _site() -> str:
    """Give the address to type for who cannot scan."""
    return settings().base_url.partition("://")[2] + "/kaart"
