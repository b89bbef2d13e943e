"""What another rule, or fewer voices, would have made of the same evening: to look at when it is over."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace

from pb.decide.rules import DecideConfig, Decisions, Histogram, Outcome, PlanAsk, Status, Tally, outcome_of
from pb.decide.rules.panel_decides import follow_panel
from pb.divide.rules import PRESETS, DivideConfig, Division, Facts, Rule, ScoreStats, divide
from pb.divide.rules.config import FROM_PROPOSALS

# From fewer people, a difference would tell what one of them gave.
FEWEST_LEFT_OUT = 3


@dataclass(frozen=True, slots=True)
class Alternative:
    """A division by one preset, by its name; ``announced`` says that the evening had this one."""

    name: str
    announced: bool
    division: Division

    @property
    def funded(self) -> int:
        """Count the plans that get money."""
        return sum(amount > 0 for amount in self.division.amounts.values())


@dataclass(frozen=True, slots=True)
class Room:
    """Who could score what on an evening, and what it decided. Plans and people go by any id.

    ``plans`` know in ``submitters`` who does not count for them; ``yes`` is what the panel decided.
    """

    plans: tuple[PlanAsk, ...]
    present: frozenset[str]
    scores: Mapping[str, Mapping[str, int]]
    outcomes: Mapping[str, Outcome]
    yes: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class Fewer:
    """The same evening without the scores of some people, and what it would have given."""

    yes: Mapping[str, bool]
    division: Division


def by_each_preset(
    ranking: Sequence[str],
    plans: Sequence[PlanAsk],
    announced: DivideConfig,
    *,
    budget_cents: int,
    cap_cents: int | None,
    facts: Facts,
) -> tuple[Alternative, ...]:
    """Divide by every preset for which the facts are there, and by the rule that was announced.

    Without proposals nobody divided the money themselves; without a panel not every score is a person's.
    """
    configs = {
        name: replace(preset, unit_cents=announced.unit_cents)
        for name, preset in PRESETS.items()
        if _has_facts(preset, facts)
    }
    configs[announced.rule.value] = announced
    return tuple(
        Alternative(
            name=name,
            announced=config is announced,
            division=divide(
                ranking, plans, config, budget_cents=budget_cents, cap_cents=cap_cents, facts=facts
            ),
        )
        for name, config in configs.items()
    )


def _has_facts(config: DivideConfig, facts: Facts) -> bool:
    if config.rule in FROM_PROPOSALS:
        return facts.proposals is not None
    return config.rule is not Rule.MES or facts.panel is not None


def without_scores_of(
    people: Set[str],
    room: Room,
    decide_config: DecideConfig,
    plans: Sequence[PlanAsk],
    divide_config: DivideConfig,
    *,
    budget_cents: int,
    cap_cents: int | None,
    facts: Facts,
) -> Fewer:
    """Decide and divide as if these people had not scored, and had not been there to score.

    Where the panel decided otherwise than the scores say, its decision stands.
    """
    outcomes = {plan.plan_id: _outcome_without(people, plan, room, decide_config) for plan in room.plans}
    yes = {
        plan_id: outcome.status is Status.YES if _followed(room, plan_id) else room.yes[plan_id]
        for plan_id, outcome in outcomes.items()
    }
    decisions = follow_panel(
        Decisions(outcomes=outcomes, ranking=(), ties=(), places={}), room.plans, decide_config, yes
    )
    division = divide(
        decisions.ranking,
        plans,
        divide_config,
        budget_cents=budget_cents,
        cap_cents=cap_cents,
        facts=_facts_without(people, facts, decisions, present=len(room.present - people)),
    )
    return Fewer(yes=yes, division=division)


def scorers_among(people: Set[str], room: Room) -> int:
    """Count the people whose score counts for at least one plan."""
    return sum(any(_counts(person, plan, room) for plan in room.plans) for person in people)


def _counts(person: str, plan: PlanAsk, room: Room) -> bool:
    there = person in room.present and person not in plan.submitters
    return there and person in room.scores.get(plan.plan_id, {})


def _followed(room: Room, plan_id: str) -> bool:
    return room.yes[plan_id] == (room.outcomes[plan_id].status is Status.YES)


def _outcome_without(people: Set[str], plan: PlanAsk, room: Room, config: DecideConfig) -> Outcome:
    was = room.outcomes[plan.plan_id]
    gone = (people & room.present) - plan.submitters
    counts = list(was.hist)
    for person in gone:
        score = room.scores.get(plan.plan_id, {}).get(person)
        if score is not None:
            counts[score - 1] -= 1
    hist: Histogram = (counts[0], counts[1], counts[2], counts[3], counts[4])
    return outcome_of(plan, Tally(was.eligible - len(gone), was.abstained, hist), config)


def _facts_without(people: Set[str], facts: Facts, decisions: Decisions, present: int) -> Facts:
    stats = {
        plan_id: ScoreStats.of(decisions.outcomes[plan_id])
        for plan_id in decisions.ranking
        if decisions.outcomes[plan_id].scorers
    }
    proposals = facts.proposals and {
        person: given for person, given in facts.proposals.items() if person not in people
    }
    panel = facts.panel and replace(
        facts.panel,
        present=max(present, 1),
        scores={
            plan_id: {person: score for person, score in given.items() if person not in people}
            for plan_id, given in facts.panel.scores.items()
        },
    )
    return Facts(stats=stats, proposals=proposals, panel=panel)
