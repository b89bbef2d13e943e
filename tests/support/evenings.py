"""Evenings held from beginning to end through the rooms' own actions, without a browser."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from pb.decide.actions import record_decision
from pb.decide.queries import item_decisions
from pb.decide.rules.panel_decides import Way
from pb.divide.actions import agree, confirm, propose
from pb.divide.queries import DivisionFacts, division
from pb.evening.actions.joining import check_in, device_sha256, sit_down
from pb.evening.actions.moving import press_next
from pb.evening.actions.planning import plan_evening
from pb.evening.actions.scoring import take_position
from pb.evening.queries import EveningFacts, evening_facts
from pb.evening.rules.score import ScoreRequest
from pb.evening.rules.steps import Stage, StepKind
from pb.panel.actions import add_invited
from pb.panel.queries import seats
from pb.panel.rules.origins import Origin
from pb.panel.rules.people_file import InvitedPerson
from pb.people.rules import Role
from pb.plans.actions import add_ready_plan
from pb.plans.queries import ready_plans
from pb.plans.rules.film import Film
from pb.plans.rules.plan import ApplicantType
from pb.store.engine import Store
from pb.store.journal import Actor
from support.neighbourhood import NOW, Neighbourhood

HELD_ON = date(2026, 11, 26)
LOT_SEED = "trekking van 25 november: 4 8 15 16 23 42"
CARD_KEY = b"a made-up key to make cards with"
STAGES = tuple(Stage)


@dataclass(frozen=True)
class Verdict:
    """What the panel decides otherwise than the scores say."""

    yes: bool
    reason: str
    way: Way = Way.CONSENSUS
    minority_view: str = ""


@dataclass(frozen=True)
class Asked:
    """What a plan asks. Units: cents."""

    ask_cents: int = 1_000_000
    least_cents: int = 0
    film: Film | None = None
    kind: ApplicantType | None = ApplicantType.RESIDENT
    initiator_id: int | None = None
    texts: Mapping[str, str] = field(default_factory=dict)


def put_plans(store: Store, place: Neighbourhood, plans: Mapping[str, Asked]) -> dict[str, int]:
    """Put plans in the round, ready for an evening; titles to ids. A title that is there stays as it is."""
    with store.writing() as session:
        known = {plan.title: plan.id for plan in ready_plans(session, round_id=place.round_id)}
        for title, asked in plans.items():
            if title not in known:
                known[title] = add_ready_plan(
                    session,
                    round_id=place.round_id,
                    title=title,
                    want=asked.texts.get("want", f"{title}, voor de buurt."),
                    can_do=asked.texts.get("can_do", ""),
                    need=asked.texts.get("need", ""),
                    ask_cents=asked.ask_cents,
                    least_cents=asked.least_cents,
                    source_ref=None,
                    film=asked.film,
                    applicant_kind=asked.kind,
                    initiator_id=asked.initiator_id,
                    who=place.who(Role.AREA_MANAGER),
                    now=NOW,
                )
        return {title: known[title] for title in plans}


def seat_panel(
    store: Store,
    place: Neighbourhood,
    count: int,
    *,
    card_key: bytes = CARD_KEY,
    origin: Origin = Origin.INVITED,
) -> list[int]:
    """See to it that the panel has at least so many seats; their ids by number."""
    with store.writing() as session:
        have = [seat.id for seat in seats(session, round_id=place.round_id)]
        if len(have) < count:
            people = [
                InvitedPerson(row=number, name=f"Stoel {number}", email="", phone="", origin=origin)
                for number in range(len(have) + 1, count + 1)
            ]
            add_invited(
                session, round_id=place.round_id, people=people, card_key=card_key,
                who=place.who(Role.AREA_MANAGER), now=NOW,
            )  # fmt: skip
        return [seat.id for seat in seats(session, round_id=place.round_id)]


def hold_evening(
    store: Store,
    place: Neighbourhood,
    scores: Mapping[str, Sequence[int | None]],
    *,
    asked: Mapping[str, Asked] | None = None,
    verdicts: Mapping[str, Verdict] | None = None,
    budget_cents: int = 5_000_000,
    name: str = "Eerste beslisavond",
    held_on: date = HELD_ON,
    present: int | None = None,
    until: Stage = Stage.DONE,
    card_key: bytes = CARD_KEY,
) -> int:
    """Hold an evening about the plans of ``scores``, and give its id.

    ``scores`` holds per plan, in agenda order, what seat 1, 2, 3 … gives; None gives no score.
    ``asked`` is what plans ask (10,000 euros unless named); ``verdicts`` where the panel differs from the
    scores. ``present`` people come in, all seats that score unless named. The evening stops at ``until``:
    at Stage.DIVIDE the division was computed, at Stage.DONE a second person confirmed it.
    """
    plan_ids = put_plans(store, place, {title: (asked or {}).get(title, Asked()) for title in scores})
    count = max(present or 0, *(len(given) for given in scores.values()))
    seat_ids = seat_panel(store, place, count, card_key=card_key)[:count]
    with store.writing() as session:
        evening_id = plan_evening(
            session, round_id=place.round_id, name=name, held_on=held_on, place="Buurthuis",
            budget_cents=budget_cents, lot_seed=LOT_SEED, plan_ids=[plan_ids[title] for title in scores],
            who=place.who(Role.AREA_MANAGER), now=NOW,
        )  # fmt: skip
        host = place.who(Role.FACILITATOR)
        if _reached(until, Stage.DOORS):
            _press(session, evening_id, host)
            phones = [_come_in(session, evening_id, seat_id, host) for seat_id in seat_ids]
        if _reached(until, Stage.PLANS):
            for given in scores.values():
                _score_plan(session, evening_id, phones, given, host)
        if _reached(until, Stage.DECIDE):
            _press(session, evening_id, host)
        if _reached(until, Stage.DIVIDE):
            _decide(session, evening_id, verdicts or {}, host)
            propose(session, evening_id=evening_id, who=host, now=NOW)
        if _reached(until, Stage.DONE):
            confirm_shown(session, place, evening_id)
    return evening_id


def confirm_shown(session: Session, place: Neighbourhood, evening_id: int) -> None:
    """Let the panel agree with the division as it stands, and the area manager confirm it."""
    found = division(session, evening_id=evening_id)
    assert found is not None
    agree(
        session, evening_id=evening_id, shown_sha256=found.sha256, way=Way.CONSENSUS,
        who=place.who(Role.FACILITATOR), now=NOW + timedelta(minutes=4),
    )  # fmt: skip
    confirm(
        session, evening_id=evening_id, shown_sha256=found.sha256, who=place.who(Role.AREA_MANAGER),
        now=NOW + timedelta(minutes=5),
    )  # fmt: skip


def divided(store: Store, evening_id: int) -> DivisionFacts:
    """Give the division of an evening that has one."""
    with store.reading() as session:
        found = division(session, evening_id=evening_id)
    assert found is not None
    return found


def take_place(
    session: Session,
    evening_id: int,
    phone: str,
    *,
    item_id: int,
    scoring_version: int,
    score: int | None,
    now: datetime = NOW,
) -> None:
    """Let a phone stand on a figure."""
    request = ScoreRequest(op=secrets.token_urlsafe(16), n=None, item=item_id, score=score, v=scoring_version)
    take_position(
        session, evening_id=evening_id, device_sha256=device_sha256(phone), request=request, now=now
    )


def _reached(until: Stage, stage: Stage) -> bool:
    return STAGES.index(until) >= STAGES.index(stage)


def _come_in(session: Session, evening_id: int, seat_id: int, host: Actor) -> str:
    check_in(session, evening_id=evening_id, seat_id=seat_id, inside=True, who=host, now=NOW)
    return sit_down(session, evening_id=evening_id, seat_id=seat_id, now=NOW)


def _score_plan(
    session: Session, evening_id: int, phones: Sequence[str], given: Sequence[int | None], host: Actor
) -> None:
    _press(session, evening_id, host)
    evening = _press(session, evening_id, host)
    item = evening.current
    assert item is not None
    for phone, score in zip(phones, given, strict=False):
        if score is not None:
            take_place(
                session, evening_id, phone, item_id=item.id, scoring_version=item.scoring_version, score=score
            )
    _press(session, evening_id, host)


def _decide(session: Session, evening_id: int, verdicts: Mapping[str, Verdict], host: Actor) -> None:
    for found in item_decisions(session, evening=evening_facts(session, evening_id=evening_id)):
        verdict = verdicts.get(found.item.plan.title) or Verdict(found.computed_yes, "", Way.RULE)
        record_decision(
            session, evening_id=evening_id, position=found.item.position, yes=verdict.yes, way=verdict.way,
            reason=verdict.reason, minority_view=verdict.minority_view, who=host, now=NOW,
        )  # fmt: skip


def _press(session: Session, evening_id: int, host: Actor) -> EveningFacts:
    evening = evening_facts(session, evening_id=evening_id)
    step = evening.next
    assert step is not None
    assert step.kind in StepKind
    press_next(session, evening_id=evening_id, step=step.name, version=evening.version, who=host, now=NOW)
    return evening_facts(session, evening_id=evening_id)
