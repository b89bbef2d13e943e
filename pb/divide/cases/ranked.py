"""Run cases in which the plans were already put in order."""

from collections.abc import Mapping
from pathlib import Path

from pb.decide.rules.strict import listing, name, record, whole
from pb.divide.cases.inputs import (
    GIVEN,
    panel_of,
    read_amendment,
    read_cap,
    read_people,
    read_plans,
    read_proposals,
    read_stats,
)
from pb.divide.cases.settings import read_divide_config
from pb.divide.rules import Facts, divide, divide_with_amendments

Record = Mapping[str, object]


class Ranked:
    """Plans that were already put in order, with what the rules may weigh."""

    def __init__(self, given: Record, _: Path | None) -> None:
        found = record(
            given,
            "input",
            required=("plans", "ranking", "budget"),
            optional=("cap", "score_stats", "proposals", "amendments", "present", *GIVEN),
        )
        self.plans = read_plans(found["plans"], "input.plans")
        self.ranking = listing(found["ranking"], "input.ranking", name)
        self.budget = whole(found["budget"], "input.budget")
        self.cap = read_cap(found.get("cap"), "input.cap")
        known = {plan.plan_id for plan in self.plans}
        stats, proposals = found.get("score_stats"), found.get("proposals")
        people = read_people(found, self.plans, "input") if "present" in found else None
        self.facts = Facts(
            stats=None if stats is None else read_stats(stats, "input.score_stats", known),
            proposals=None if proposals is None else read_proposals(proposals, "input.proposals", known),
            panel=None if people is None else panel_of(self.plans, people, exclude_submitters=True),
        )
        self.amendments = listing(found.get("amendments", []), "input.amendments", read_amendment)


def work_divide(ranked: Ranked, config: Record) -> dict[str, object]:
    """Divide."""
    return divide(
        ranked.ranking,
        ranked.plans,
        read_divide_config(config, "config"),
        budget_cents=ranked.budget,
        cap_cents=ranked.cap,
        facts=ranked.facts,
    ).to_json()


def work_amend(ranked: Ranked, config: Record) -> dict[str, object]:
    """Divide, and again with the amendments."""
    return divide_with_amendments(
        ranked.ranking,
        ranked.plans,
        read_divide_config(config, "config"),
        ranked.amendments,
        budget_cents=ranked.budget,
        cap_cents=ranked.cap,
        facts=ranked.facts,
    ).to_json()
