"""A closed plan opens again only when nothing was built on it."""

from dataclasses import replace

import pytest

from pb.core.errors import Broken
from pb.evening.rules.reopening import (
    ClosedPlan,
    NotClosed,
    OtherPlanOpen,
    OutcomeConfirmed,
    PlanDecided,
    ReasonMissing,
    SamePerson,
    check_reason,
    check_reopening,
    check_second_person,
)
from pb.evening.rules.steps import Scoring, Stage

CLOSED = ClosedPlan(Stage.PLANS, Scoring.CLOSED, decided=False, other_open=False)


@pytest.mark.parametrize("stage", [Stage.PLANS, Stage.STICKERS, Stage.DECIDE])
def test_a_closed_plan_may_open_again_until_it_is_decided(stage: Stage) -> None:
    check_reopening(replace(CLOSED, stage=stage))


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"stage": Stage.DONE, "decided": True}, OutcomeConfirmed),
        ({"stage": Stage.DONE}, OutcomeConfirmed),
        ({"stage": Stage.DIVIDE}, PlanDecided),
        ({"stage": Stage.DECIDE, "decided": True}, PlanDecided),
        ({"decided": True}, PlanDecided),
        ({"scoring": Scoring.OPEN}, NotClosed),
        ({"scoring": Scoring.FILM}, NotClosed),
        ({"scoring": Scoring.WAITING}, NotClosed),
        ({"other_open": True}, OtherPlanOpen),
    ],
)
def test_it_stays_closed_when_something_was_built_on_it(
    changes: dict[str, object], refusal: type[Broken]
) -> None:
    with pytest.raises(refusal):
        check_reopening(replace(CLOSED, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("reason", ["", "  ", "\n\t"])
def test_whoever_asks_says_why(reason: str) -> None:
    with pytest.raises(ReasonMissing):
        check_reason(reason)


def test_whoever_asked_does_not_agree_with_themselves() -> None:
    with pytest.raises(SamePerson):
        check_second_person(asked_by=7, agrees=7)
    check_second_person(asked_by=7, agrees=8)
