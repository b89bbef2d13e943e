"""The sentence about a plan's amount tells why it is what it is, also where a plan gets nothing."""

import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pb.core.money import euros
from pb.decide.rules import Ballots, DecideConfig, PlanAsk, decide
from pb.divide.given import tell_level, tell_lift
from pb.divide.rules import (
    PRESETS,
    Amendment,
    DivideConfig,
    Facts,
    Fit,
    Panel,
    Rule,
    ScoreStats,
    divide_with_amendments,
    explain,
)

PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parents[2] / "templates"),
    extensions=["jinja2.ext.i18n"],
    undefined=StrictUndefined,
    autoescape=True,
)
PAGES.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
PAGES.filters["euros"] = euros
PEOPLE = [f"r{number:02}" for number in range(12)]
TOGETHER = PRESETS["trimmed_mean_proposals"]
GIVEN = {"first": 600_00, "none": 0, "few": 0}
PLANS = [PlanAsk("first", 1, 1_000_00), PlanAsk("none", 2, 1_000_00), PlanAsk("few", 3, 1_000_00)]


def why(
    config: DivideConfig,
    plan_id: str,
    *,
    pot: int = 2_000_00,
    given: dict[str, dict[str, int]] | None = None,
    scores: dict[str, str] | None = None,
    changed: tuple[Amendment, ...] = (),
    published: bool = True,
) -> str:
    """Say why a plan of three gets what it gets, as the pages do. ``scores`` is a figure per person."""
    figures = {"first": "555555544444", "none": "555555544441", "few": "555555544411"} | (scores or {})
    ballots = {
        plan.plan_id: Ballots(dict(zip(PEOPLE, map(int, figures[plan.plan_id]), strict=True)))
        for plan in PLANS
    }
    proposals = given or {who: dict(GIVEN) for who in PEOPLE} | {"r00": GIVEN | {"few": 900_00}}
    decisions = decide(PLANS, PEOPLE, ballots, DecideConfig(lot_seed="3-5-1"))
    facts = Facts(
        stats={one: ScoreStats.of(decisions.outcomes[one]) for one in decisions.ranking},
        proposals=proposals,
        panel=Panel(len(PEOPLE), {one: each.scores for one, each in ballots.items()}),
    )
    division = divide_with_amendments(
        decisions.ranking, PLANS, config, changed, budget_cents=pot, cap_cents=None, facts=facts
    )
    told = explain(decisions, division, config, cap_cents=None)[plan_id]
    steps = [SimpleNamespace(code=step.code.value, facts=dict(step.facts)) for step in told.steps]
    amounts = {
        str(number): sorted(proposals[who].get(plan.plan_id, 0) for who in PEOPLE)
        for number, plan in enumerate(PLANS, 1)
    }
    inputs = {"rules": {"divide": config.to_json()}, "proposals": amounts if published else None}
    number = [plan.plan_id for plan in PLANS].index(plan_id) + 1
    tell_lift(steps, inputs, number)
    return told_of(steps)


def told_of(steps: list[SimpleNamespace]) -> str:
    words = PAGES.from_string('{% from "divide/_why.html" import why %}{{ why(steps) }}').render(steps=steps)
    return re.sub(r"\s+", " ", words.replace("\u00a0", " ")).strip()


def test_a_plan_that_nobody_gave_money_to_is_not_told_that_the_money_was_short() -> None:
    nobody = "Niemand gaf geld aan dit plan. Daarom krijgt het niets."
    assert why(TOGETHER, "none").endswith(nobody)
    assert "tellen niet mee; alle andere waren nul. Daarom krijgt het niets." in why(TOGETHER, "few")
    # From few people it is not published who gave what: then only what came of it.
    assert why(TOGETHER, "none", published=False).endswith("Samen kwamen ze voor dit plan op € 0.")


CASES: list[tuple[str, DivideConfig, str, dict[str, object]]] = [
    ("Samen kwamen ze voor dit plan op € 600.", TOGETHER, "first", {}),
    (
        "krijgt dit plan alles wat het kan krijgen: € 1.000.",
        TOGETHER, "first", {"given": {who: {"first": 1_000_00} for who in PEOPLE}},
    ),
    (
        ("Alles bij elkaar was dat meer dan er te verdelen was. Daarom krijgt dit plan naar verhouding "
        "minder dan mensen het gaven: € 250."),
        TOGETHER, "first",
        {"pot": 500_00, "given": {who: {"first": 500_00, "none": 500_00} for who in PEOPLE}},
    ),
    (
        ("Alles bij elkaar was dat minder dan er te verdelen was. Daarom krijgt dit plan naar verhouding "
        "meer dan mensen het gaven: € 800."),
        replace(TOGETHER, fit=Fit.SCALE), "first",
        {"pot": 800_00, "given": {who: {"first": 300_00} for who in PEOPLE}},
    ),
    (
        "Het deel voor dit plan was minder dan € 1. Zo kleine bedragen worden niet verdeeld.",
        replace(TOGETHER, rule=Rule.MEAN_PROPOSALS), "none",
        {"given": {who: {"first": 600_00, "none": 5} for who in PEOPLE}},
    ),
    (
        "Er was te weinig geld om ook dit plan iets te geven.",
        DivideConfig(guarantee=Fraction(0)), "first", {"pot": 0},
    ),
    (
        ("Alleen wie een plan een 4 of een 5 gaf, betaalde mee. Voor dit plan was dat samen niet genoeg. "
        "Het kost € 1.000; aan het eind was er nog € 500."),
        PRESETS["mes"], "few", {"pot": 1_500_00},
    ),
    (
        "De berekening gaf € 1.000. De mensen in het panel legden dat bedrag vast. De reden: Zo blijft het.",
        PRESETS["equal"], "first",
        {"pot": 3_000_00, "changed": (Amendment("first", 1_000_00, "Zo blijft het."),)},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("words", "config", "plan_id", "more"), CASES)
def test_the_reason_told_is_what_the_rule_did(
    words: str, config: DivideConfig, plan_id: str, more: dict[str, object]
) -> None:
    assert words in why(config, plan_id, **more)  # type: ignore[arg-type]


def test_low_scores_and_too_few_scores_are_told_as_what_they_are() -> None:
    low = {"rule": "prop_score", "side": "zero", "lam": "3/1"}
    assert told_of([SimpleNamespace(code="level", facts=low)]) == (
        "De cijfers van dit plan waren zo laag dat het van deze regel niets krijgt."
    )
    last = {"place": 3, "of": 3, "by": "order", "tied_with": []}
    assert told_of([SimpleNamespace(code="rank", facts=last)]).endswith(
        "Te weinig mensen gaven het een cijfer. Daarom komt het na de plannen met genoeg cijfers."
    )


def test_the_equal_amount_before_and_after_the_panel_changed_an_amount_are_both_told() -> None:
    facts = {
        "level_cents": 873_333, "side": "at_minimum", "held_by": "own_min", "lam": "1/2", "amount": 900_000,
        "rule": "equal", "unit": 100,
    }  # fmt: skip
    step = SimpleNamespace(code="level", facts=facts)
    say = PAGES.get_template("divide/_why.html").module.step_sentence  # type: ignore[attr-defined]
    tell_level([step], 873_333)
    assert "Vóór het panel" not in say(step)
    tell_level([step], 828_889)
    told = " ".join(say(step).replace("\xa0", " ").split())
    assert told.endswith(
        "Vóór het panel een bedrag veranderde, was het gelijke bedrag € 8.733,33; daarna € 8.288,89."
    )
