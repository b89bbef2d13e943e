"""Make an evening to practise with: real rules, made-up plans, seats without people, nothing that counts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.dates import amsterdam_date
from pb.evening.actions.planning import plan_evening
from pb.evening.rules.seal import PracticeOnly
from pb.evening.rules.steps import NotOpenYet, Stage
from pb.evening.tables import Evening
from pb.panel.actions.filling import Newcomer, fill_seats, hold_round
from pb.panel.rules.origins import Origin
from pb.plans.actions import add_ready_plan
from pb.plans.rules.film import read_film_link
from pb.plans.rules.plan import ApplicantType
from pb.rounds.actions import make_practice_round
from pb.rounds.queries import RoundFacts, current_rules, round_facts
from pb.rounds.tables import Round
from pb.store.journal import Actor

SEATS = 12
NAME = "Proefavond"
PLACE = "Waar je nu bent"
LOT_SEED = "6-6-6-6-6"
# Two presses on one button are one press.
ONE_PRESS = timedelta(seconds=10)
# An open film that anyone may show: Big Buck Bunny, Blender Foundation, CC BY 3.0.
FILM = "https://www.youtube.com/watch?v=aqz-KE-bpKQ"


@dataclass(frozen=True)
class PracticePlan:
    """A made-up plan; ``part`` is what it asks of the most that a plan can get, in tenths."""

    title: str
    want: str
    can_do: str
    need: str
    part: int
    film: bool = False


PLANS = (
    PracticePlan(
        "Verzonnen plan: een bank die zingt",
        "Dit plan is verzonnen, om te oefenen. Wie op de bank gaat zitten, hoort een liedje.",
        "Wij kiezen elke week een nieuw liedje.",
        "Een bank, een luidspreker en veel liedjes.",
        6, film=True,
    ),
    PracticePlan(
        "Verzonnen plan: elke vrijdag taart op het plein",
        "Dit plan is verzonnen, om te oefenen. Iedereen krijgt een stuk taart.",
        "Wij bakken en snijden.",
        "Meel, eieren, suiker en heel grote schalen.",
        4,
    ),
    PracticePlan(
        "Verzonnen plan: een glijbaan van de dijk naar de markt",
        "Dit plan is verzonnen, om te oefenen. Met de glijbaan ben je sneller bij de markt.",
        "Wij houden de glijbaan droog.",
        "Een glijbaan van tweehonderd meter.",
        9,
    ),
)  # fmt: skip


def practise(session: Session, *, round_id: int, card_key: bytes, who: Actor, now: datetime) -> int:
    """Make an evening to practise with, under the rules of this round, and give its id.

    It stands in a round of its own, so that it takes nothing from the pot and is on no page for everyone.
    Raises: NotFound, NotOpenYet, PracticeOnly.
    """
    hold_round(session, round_id)
    real = round_facts(session, round_id=round_id)
    if real.practice:
        raise PracticeOnly()
    if current_rules(session, round_id=round_id) is None:
        raise NotOpenYet()
    name = f"{NAME} · {real.name}"[:120]
    just_made = _just_made(session, real, name, now)
    if just_made is not None:
        return just_made
    made = make_practice_round(session, like=round_id, name=name, who=who, now=now)
    asked = [_even_sum(real.cap_cents * plan.part // 10) for plan in PLANS]
    plan_ids = [
        add_ready_plan(
            session, round_id=made, title=plan.title, want=plan.want, can_do=plan.can_do, need=plan.need,
            ask_cents=ask_cents, least_cents=ask_cents // 2, source_ref=None,
            film=read_film_link(FILM, frozenset()) if plan.film else None,
            applicant_kind=ApplicantType.GROUP, who=who, now=now,
        )
        for plan, ask_cents in zip(PLANS, asked, strict=True)
    ]  # fmt: skip
    newcomers = [Newcomer(Origin.INVITED, name=f"Oefenbewoner {n}") for n in range(1, SEATS + 1)]
    fill_seats(session, round_id=made, newcomers=newcomers, draw_id=None, card_key=card_key, who=who, now=now)
    return plan_evening(
        session, round_id=made, name=NAME, held_on=amsterdam_date(now), place=PLACE,
        # Less than they ask together, so that there is something to divide.
        budget_cents=min(_even_sum(sum(asked) * 3 // 4), real.pot_cents),
        lot_seed=LOT_SEED, plan_ids=plan_ids, who=who, now=now,
    )  # fmt: skip


def _just_made(session: Session, real: RoundFacts, name: str, now: datetime) -> int | None:
    return session.scalar(
        sa.select(Evening.id)
        .join(Round, Round.id == Evening.round_id)
        .where(
            Round.practice, Round.area_id == real.area_id, Round.name == name,
            Round.made_at > now - ONE_PRESS, Evening.stage == Stage.PREPARED.value,
        )
        .order_by(Evening.id.desc())
        .limit(1)
    )  # fmt: skip


def _even_sum(cents: int) -> int:
    """Give an amount that is easy to say: two figures and zeros, at least one cent."""
    zeros = max(len(str(cents)) - 2, 0)
    step = int(10**zeros)
    return max(cents // step * step, 1)
