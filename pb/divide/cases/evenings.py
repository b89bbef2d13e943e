"""Run cases of a whole evening, and of the evenings of a year."""

from collections.abc import Mapping
from pathlib import Path

from pb.decide.rules import DecideConfig, Decisions, decide
from pb.decide.rules.strict import listing, record, whole
from pb.divide.cases.inputs import GIVEN, People, panel_of, read_cap, read_people, read_plans, read_proposals
from pb.divide.cases.settings import read_decide_config, read_divide_config
from pb.divide.rules import DivideConfig, Division, Facts, Rule, ScoreStats, divide

Record = Mapping[str, object]


class Evening:
    """The plans, people and money of an evening, read once and used by every run."""

    def __init__(self, given: object, field: str, *, money: str | None) -> None:
        required = ("plans", "present", money) if money else ("plans", "present")
        optional = (*GIVEN, "proposals", "budget", "cap")
        found = record(given, field, required=required, optional=optional)
        self.plans = read_plans(found["plans"], f"{field}.plans")
        self.people: People = read_people(found, self.plans, field)
        self.budget = whole(found.get(money or "budget", 0), f"{field}.{money or 'budget'}")
        self.cap = read_cap(found.get("cap"), f"{field}.cap")
        known = {plan.plan_id for plan in self.plans}
        self.proposals = (
            read_proposals(found["proposals"], f"{field}.proposals", known) if "proposals" in found else None
        )

    def decide(self, config: DecideConfig) -> Decisions:
        """Decide about the plans."""
        return decide(self.plans, self.people.present, self.people.ballots, config)

    def divide(
        self, decisions: Decisions, config: DivideConfig, budget: int, *, exclude_submitters: bool
    ) -> Division:
        """Divide what there is over the plans that were decided."""
        panel = None
        if config.rule is Rule.MES:
            panel = panel_of(self.plans, self.people, exclude_submitters=exclude_submitters)
        facts = Facts(
            stats={plan_id: ScoreStats.of(decisions.outcomes[plan_id]) for plan_id in decisions.ranking},
            proposals=self.proposals,
            panel=panel,
        )
        return divide(
            decisions.ranking, self.plans, config, budget_cents=budget, cap_cents=self.cap, facts=facts
        )


def _both(config: Record) -> tuple[DecideConfig, DivideConfig]:
    found = record(config, "config", required=("decide", "divide"))
    return (
        read_decide_config(found["decide"], "config.decide"),
        read_divide_config(found["divide"], "config.divide"),
    )


def prepare_decide(given: Record, _: Path | None) -> Evening:
    """Read an evening of which the money does not matter."""
    return Evening(given, "input", money=None)


def work_decide(evening: Evening, config: Record) -> dict[str, object]:
    """Decide."""
    return evening.decide(read_decide_config(config, "config")).to_json()


def prepare_evening(given: Record, _: Path | None) -> Evening:
    """Read an evening."""
    return Evening(given, "input", money="budget")


def work_evening(evening: Evening, config: Record) -> dict[str, object]:
    """Decide, then divide."""
    rules, shares = _both(config)
    decisions = evening.decide(rules)
    division = evening.divide(decisions, shares, evening.budget, exclude_submitters=rules.exclude_submitters)
    return {"decide": decisions.to_json(), "divide": division.to_json()}


def prepare_year(given: Record, _: Path | None) -> list[Evening]:
    """Read the evenings of a year."""
    found = record(given, "input", required=("evenings",))
    return listing(
        found["evenings"], "input.evenings", lambda item, at: Evening(item, at, money="base_budget")
    )


def work_year(evenings: list[Evening], config: Record) -> dict[str, object]:
    """Chain the evenings: what one leaves over, the next can divide too."""
    rules, shares = _both(config)
    lines = []
    carried = spent = 0
    for evening in evenings:
        budget = evening.budget + carried
        decisions = evening.decide(rules)
        division = evening.divide(decisions, shares, budget, exclude_submitters=rules.exclude_submitters)
        carried = division.leftover_cents
        spent += division.total_cents
        lines.append(
            {
                "budget": budget,
                "amounts": dict(division.amounts),
                "status": {plan_id: status.value for plan_id, status in division.status.items()},
                "ranking": list(decisions.ranking),
                "total": division.total_cents,
                "leftover": division.leftover_cents,
            }
        )
    return {
        "evenings": lines,
        "spent": spent,
        "unspent_at_year_end": carried,
        "base_total": sum(evening.budget for evening in evenings),
    }
