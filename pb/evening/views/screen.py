"""The big screen: what a whole room reads from ten metres."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pb.core.errors import NotFound
from pb.evening import queries
from pb.evening.panes import Surface
from pb.evening.queries import EveningFacts, ItemFacts
from pb.evening.queries.gaps import gaps, who_is_here
from pb.evening.queries.held_back import HeldBack, held_back
from pb.evening.queries.moves import Answer, panel_answers
from pb.evening.queries.talk import people_moved
from pb.evening.rules.score import spread_of
from pb.evening.rules.screen_key import screen_key
from pb.evening.rules.seal import Replaced
from pb.evening.rules.steps import Scoring, Stage
from pb.evening.rules.wifi import wifi_text
from pb.evening.views.base import settings, show, views
from pb.web.clock import now
from pb.web.doors import checked
from pb.web.transaction import reading

FEWEST_SHOWN = 5


def _has_key(_session: Session, arguments: Mapping[str, Any]) -> None:
    key = screen_key(settings().card_key.encode(), arguments["evening_id"])
    if not hmac.compare_digest(key.encode(), arguments["key"].encode()):
        raise NotFound()


@views.get("/avond/<int:evening_id>/scherm/<key>")
@checked("whoever has the address of the big screen", _has_key)
def screen_page(evening_id: int, key: str) -> ResponseReturnValue:
    """Show the room where the evening is: counts only, from five on, and while scoring is open if so set."""
    with reading() as session:
        evening = queries.evening_facts(session, evening_id=evening_id)
        item = evening.current
        open_now = item is not None and item.scoring is Scoring.OPEN
        held = HeldBack() if open_now else held_back(session, evening=evening)
        return show(
            session,
            evening,
            Surface.SCREEN,
            "evening/screen.html",
            item=item,
            here=who_is_here(session, evening_id=evening_id),
            join_url=settings().base_url + "/kaart",
            wifi=wifi_text(evening.wifi_name, evening.wifi_password) if evening.wifi_name else "",
            server_time=now(),
            answers=answers_so_far(session, evening),
            **seal_facts(session, evening, item, held),
            **(_about(session, evening, item, held) if item else {}),
        )


def answers_so_far(session: Session, evening: EveningFacts) -> dict[int, Answer]:
    """Give what the panel said about each plan so far, by plan id; nothing is said before the deciding."""
    if evening.stage not in (Stage.DECIDE, Stage.DIVIDE, Stage.DONE):
        return {}
    return panel_answers(session, evening_id=evening.id)


def _about(session: Session, evening: EveningFacts, item: ItemFacts, held: HeldBack) -> dict[str, Any]:
    """Give what the room may see of the plan that it is talking about."""
    spreads = queries.spreads(session, evening_id=evening.id, without=held.seats)
    spread = spreads.get(item.id, spread_of([]))
    missing = gaps(session, evening_id=evening.id, item_id=item.id, scores=spread.people)
    closed = item.scoring is Scoring.CLOSED
    eligible = queries.eligible_seats(session, evening_id=evening.id, item_id=item.id)
    return {
        "spread": spread,
        "spread_shown": spread.people >= FEWEST_SHOWN and (closed or evening.spread_on_screen),
        "may_score": item.may_score if item.may_score is not None else len(eligible),
        "paper_to_come": held.forms.get(item.id, 0) if closed else missing.paper,
        "moved_people": people_moved(session, item_id=item.id, without=held.seats.get(item.id, ()))
        if closed
        else 0,
    }


@dataclass(frozen=True)
class ShownSeals:
    """The seals of which the room can see now that they changed.

    ``of_plan``: earlier seals of the plan at hand. ``others``: of other plans, since this one was shown.
    """

    of_plan: tuple[Replaced, ...] = ()
    others: tuple[tuple[ItemFacts, Replaced], ...] = ()


def seal_facts(
    session: Session, evening: EveningFacts, item: ItemFacts | None, held: HeldBack
) -> dict[str, Any]:
    """Give the codes that the room can write down now, and which hold no more; practice has none.

    A seal belongs to the bars that are shown: while paper of a plan is held back, its seal is as it closed.

    While people score nothing is sealed, and every position brings this page up to date: nothing is read.
    """
    scoring = item is not None and item.scoring is Scoring.OPEN
    if evening.practice or scoring or evening.stage in (Stage.PREPARED, Stage.DOORS):
        return {"seal": "", "seals": None, "shown_seals": ShownSeals()}
    found = queries.seals(session, evening_id=evening.id).without_late_paper(held.seats)
    if item is None:
        return {"seal": found.end or "", "seals": found, "shown_seals": ShownSeals()}
    others = [
        (one, replaced)
        for one in evening.items
        if one.id != item.id
        for replaced in found.replaced(one.id)[-1:]
        if item.shown_at is not None and replaced.at >= item.shown_at
    ]
    return {
        "seal": found.plans.get(item.id, ""),
        "seals": found,
        "shown_seals": ShownSeals(found.replaced(item.id), tuple(others)),
    }
