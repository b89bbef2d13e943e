"""Compute the division when everything is decided, and let a second person confirm what was shown."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.canonical import canonical, sha256_of
from pb.core.errors import NotFound
from pb.decide.queries import count, number_of, recorded
from pb.decide.rules import Outcome
from pb.decide.rules.panel_decides import NotAllDecided, follow_panel
from pb.divide.rules import DivideConfig, Facts, Panel, ScoreStats, divide, explain
from pb.divide.rules.confirming import (
    AlreadyConfirmed,
    NotDivided,
    OtherThanShown,
    check_confirmation,
)
from pb.divide.tables import DivisionLine, DivisionRecord
from pb.evening.actions.events import append, hold
from pb.evening.actions.moving import close, move_to
from pb.evening.queries import EveningFacts, evening_facts
from pb.evening.rules.steps import Stage
from pb.people.actions import post
from pb.plans.actions import Letter
from pb.plans.queries import initiator_emails
from pb.rounds.queries import rule_version
from pb.store import journal
from pb.store.journal import Actor

# The inputs of a division are published, so that anyone can compute it again.
FEWEST_SCORES_SHOWN = 5


def propose(session: Session, *, evening_id: int, who: Actor, now: datetime) -> None:
    """Divide the evening's budget by the rule that was frozen, and show it; pressing twice is one press.

    Raises: NotAllDecided, MovedMeanwhile when the evening is not at deciding.
    """
    hold(session, evening_id)
    evening = evening_facts(session, evening_id=evening_id)
    if evening.stage in (Stage.DIVIDE, Stage.DONE):
        return
    decided = recorded(session, evening_id=evening_id)
    if len(decided) < len(evening.items):
        raise NotAllDecided()
    record = _compute(session, evening, {plan_id: one.yes for plan_id, one in decided.items()}, who, now)
    move_to(session, evening_id=evening_id, from_stage=Stage.DECIDE, to_stage=Stage.DIVIDE, who=who, now=now)
    append(
        session,
        hold(session, evening_id),
        "divided",
        now,
        sha256=record.sha256,
        total_cents=record.total_cents,
        leftover_cents=record.leftover_cents,
    )
    journal.note(
        session,
        at=now,
        who=who,
        what="division computed",
        subject=f"evening {evening_id}",
        sha256=record.sha256,
        total_cents=record.total_cents,
        leftover_cents=record.leftover_cents,
    )


def confirm(
    session: Session, *, evening_id: int, shown_sha256: str, who: Actor, now: datetime,
    letters: Mapping[int, Letter] | None = None,
) -> None:  # fmt: skip
    """Confirm the division that was shown, by somebody other than who computed it.

    ``letters`` hold per plan id what its initiator gets in the mail; after a practice evening nobody does.
    Raises: NotDivided, AlreadyConfirmed, ConfirmedByProposer, OtherThanShown.
    """
    hold(session, evening_id)
    row = session.scalar(
        sa.select(DivisionRecord).where(DivisionRecord.evening_id == evening_id).with_for_update()
    )
    if row is None:
        raise NotDivided()
    if who.kind != "account" or who.id is None:
        raise NotFound()
    if row.confirmed_by is not None:
        raise AlreadyConfirmed()
    check_confirmation(
        proposed_by=row.proposed_by, confirmed_by=who.id, kept_sha256=row.sha256, shown_sha256=shown_sha256
    )
    changed = session.scalar(
        sa.update(DivisionRecord)
        .where(
            DivisionRecord.id == row.id, DivisionRecord.confirmed_by.is_(None),
            DivisionRecord.sha256 == shown_sha256,
        )
        .values(confirmed_by=who.id, confirmed_at=now)
        .returning(DivisionRecord.id)
    )  # fmt: skip
    if changed is None:
        raise OtherThanShown()
    close(session, evening_id=evening_id, spent_cents=row.total_cents, who=who, now=now)
    append(session, hold(session, evening_id), "confirmed", now, sha256=shown_sha256)
    journal.note(
        session,
        at=now,
        who=who,
        what="division confirmed",
        subject=f"evening {evening_id}",
        sha256=shown_sha256,
    )
    if evening_facts(session, evening_id=evening_id).practice:
        return
    for plan_id, address in initiator_emails(session, list(letters or ())).items():
        letter = (letters or {})[plan_id]
        post(session, to_email=address, subject=letter.subject, body=letter.body, now=now)


def _compute(
    session: Session, evening: EveningFacts, yes: dict[int, bool], who: Actor, now: datetime
) -> DivisionRecord:
    rules = rule_version(session, rule_set_id=evening.rule_set_id)
    counted = count(session, evening=evening)
    config = DivideConfig.from_json(rules.rules["divide"])
    decisions = follow_panel(
        counted.decisions, counted.plans, counted.config,
        {number_of(item): yes[item.plan.id] for item in evening.items},
    )  # fmt: skip
    cap_cents: int = rules.rules["cap"]
    everyone = {seat for scores in counted.panel.values() for seat in scores}
    result = divide(
        decisions.ranking,
        counted.plans,
        config,
        budget_cents=evening.budget_cents,
        cap_cents=cap_cents,
        facts=Facts(
            stats={
                plan_id: ScoreStats.of(outcome)
                for plan_id, outcome in decisions.outcomes.items()
                if plan_id in decisions.ranking and outcome.scorers
            },
            panel=Panel(present=max(len(everyone), 1), scores=counted.panel),
        ),
    )  # fmt: skip
    why = explain(decisions, result, config, cap_cents=cap_cents, lot_seed=evening.lot_seed)
    inputs: dict[str, object] = {
        "rules": rules.rules,
        "rules_sha256": rules.sha256,
        "lot_seed": evening.lot_seed,
        "budget": evening.budget_cents,
        "cap": cap_cents,
        "chain_head": evening.head,
        "plans": [
            {
                "plan": number_of(item),
                "request": item.plan.ask_cents,
                "min": item.plan.least_cents,
                "hist": _shown(decisions.outcomes[number_of(item)]),
                "eligible": decisions.outcomes[number_of(item)].eligible,
                "yes": yes[item.plan.id],
            }
            for item in evening.items
        ],
        "ranking": list(decisions.ranking),
    }
    outcome = result.to_json() | {"level_cents": _level_cents(result.to_json(), config)}
    record = DivisionRecord(
        evening_id=evening.id,
        inputs=canonical(inputs).decode(),
        result=canonical(outcome).decode(),
        sha256=sha256_of({"inputs": inputs, "result": outcome}),
        budget_cents=evening.budget_cents,
        total_cents=result.total_cents,
        leftover_cents=result.leftover_cents,
        proposed_at=now,
        proposed_by=who.id,
    )
    session.add(record)
    session.flush()
    for item in evening.items:
        number = number_of(item)
        session.add(
            DivisionLine(
                division_id=record.id,
                plan_id=item.plan.id,
                place=decisions.places[number].place if yes[item.plan.id] else 0,
                amount_cents=result.amounts.get(number, 0),
                status=str(result.status[number]) if number in result.status else "no",
                steps=canonical([step.to_json() for step in why[number].steps]).decode(),
            )
        )
    session.flush()
    return record


def _shown(outcome: Outcome) -> list[int] | None:
    """Give the counts per figure, unless so few people scored that they would tell who stood where."""
    return list(outcome.hist) if outcome.scorers >= FEWEST_SCORES_SHOWN else None


def _level_cents(result: dict[str, object], config: DivideConfig) -> int | None:
    """Give the common level in whole cents, rounded down, for the picture only."""
    level = result.get("lam")
    if config.rule.value != "equal" or not isinstance(level, str):
        return None
    top, _, bottom = level.partition("/")
    return int(top) // int(bottom or "1")
