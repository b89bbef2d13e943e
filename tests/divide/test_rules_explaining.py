"""Why this amount: a chain of steps in numbers, and a sentence that a person can read."""

import json
import os
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pb.core.canonical import canonical
from pb.core.errors import Broken
from pb.core.money import euros
from pb.decide.rules import (
    Ballots,
    Criterion,
    DecideConfig,
    Decisions,
    Missing,
    MoreScoresThanPeople,
    PlanAsk,
    Quorum,
    SameSequence,
    ScoreNotOnTheFloor,
    Veto,
    decide,
    strict,
)
from pb.decide.rules import Rule as DecideRule
from pb.divide.cases import choices, reading
from pb.divide.rules import (
    Amendment,
    Code,
    Completion,
    DivideConfig,
    Explanation,
    Facts,
    MinPolicy,
    NoEarmarksInEqualShares,
    OnNoFit,
    Panel,
    Rule,
    RuleLacksFacts,
    ScoreStats,
    divide,
    divide_by_presets,
    divide_with_amendments,
    explain,
)
from support import divisions

EXAMPLES = int(os.environ.get("PB_EXAMPLES", "60"))
PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parents[2] / "templates"),
    extensions=["jinja2.ext.i18n"],
    undefined=StrictUndefined,
    autoescape=True,
)
PAGES.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
PAGES.filters["euros"] = euros
PEOPLE = [f"r{number}" for number in range(38)]
DECIDE = DecideConfig(quorum=Quorum(Fraction(1, 2), 0), lot_seed="dobbelsteen 3-5-1")
DIVIDE = DivideConfig()


def say(macro: str, subject: object) -> str:
    room = "decide/_reason" if macro in ("reason", "margin") else "divide/_why"
    source = f'{{% from "{room}.html" import {macro} %}}{{{{ {macro}(subject) }}}}'
    words = PAGES.from_string(source).render(subject=subject)
    return re.sub(r"\s+", " ", words.replace("\u00a0", " ")).strip()


def evening(
    config: DivideConfig = DIVIDE,
    *,
    pot: int = 75_000_00,
    amendments: tuple[Amendment, ...] = (),
    scores: dict[str, int] | None = None,
) -> dict[str, Explanation]:
    """Explain an evening of four plans; ``scores`` says how many of 38 people gave each a 5."""
    plans = [
        PlanAsk("big", 1, 42_000_00, 15_000_00, "jeugd"),
        PlanAsk("all", 2, 27_500_00, 27_500_00),
        PlanAsk("small", 3, 7_900_00, 0, "jeugd"),
        PlanAsk("late", 4, 30_500_00, 0),
    ]
    likes = scores or {"big": 34, "all": 30, "small": 27, "late": 22}
    ballots = {
        plan_id: Ballots({person: 5 if place < many else 1 for place, person in enumerate(PEOPLE)})
        for plan_id, many in likes.items()
    }
    decisions = decide(plans, PEOPLE, ballots, DECIDE)
    facts = Facts(
        stats={plan_id: ScoreStats.of(decisions.outcomes[plan_id]) for plan_id in decisions.ranking},
        proposals={person: {"big": 20_000_00, "small": 5_000_00} for person in PEOPLE},
        panel=Panel(len(PEOPLE), {plan_id: each.scores for plan_id, each in ballots.items()}),
    )
    found = divide_with_amendments(
        decisions.ranking, plans, config, amendments, budget_cents=pot, cap_cents=30_000_00, facts=facts
    )
    return explain(
        decisions,
        found if amendments else found.computed,
        config,
        cap_cents=30_000_00,
        lot_seed=DECIDE.lot_seed,
        others={"greedy_full": divide(
            decisions.ranking, plans, DivideConfig(rule=Rule.GREEDY_FULL), budget_cents=pot,
            cap_cents=30_000_00)},
    )  # fmt: skip


def test_the_chain_holds_every_number_and_can_be_written_as_json() -> None:
    told = evening()["small"].to_json()
    assert json.loads(canonical(told)) == told
    assert told == {
        "plan": "small",
        "final": 7_900_00,
        "steps": [
            {
                "code": "decided",
                "status": "yes",
                "rule": "support",
                "scorers": 38,
                "counted": 38,
                "imputed": 0,
                "abstained": 0,
                "eligible": 38,
                "quorum": 19,
                "min_grade": 4,
                "support": 27,
                "need": 20,
                "margin_people": 8,
            },
            {"code": "rank", "place": 3, "of": 4, "by": "support", "tied_with": []},
            {"code": "asked", "request": 7_900_00, "cap": 30_000_00, "limit": 7_900_00},
            {"code": "reserved", "low": 3_950_00, "because": "guarantee", "own_min": 0, "spare": 28_550_00},
            {
                "code": "level",
                "rule": "equal",
                "lam": "1980000/1",
                "side": "full",
                "amount": 7_900_00,
                "limit": 7_900_00,
                "short": 0,
                "capped": False,
                "unit": 100,
                "held_by": None,
                "level_cents": 19_800_00,
                "per_hundred_cents": None,
                "everybody_full": False,
            },
        ],
        "counterfactual": {
            "free_when_your_turn_came": 32_500_00,
            "other_presets": {"greedy_full": 7_900_00},
        },
    }


def test_a_reason_counts_people_and_not_percentages() -> None:
    plans = [PlanAsk("p", 1, 100)]

    def told(config: DecideConfig, given: list[int], here: int | None = None) -> tuple[str, str]:
        people = [f"r{number}" for number in range(here or len(given))]
        ballots = {"p": Ballots(dict(zip(people, given, strict=False)))}
        outcome = decide(plans, people, ballots, config).outcomes["p"]
        return say("reason", outcome), say("margin", outcome)

    assert told(DECIDE, [5] * 27 + [1] * 5) == (
        "27 van de 32 mensen gaven een 4 of 5. Er waren 17 mensen nodig.",
        "Hadden 11 mensen anders gekozen, dan was het een nee.",
    )
    assert told(DECIDE, [4] * 17 + [2] * 18) == (
        "17 van de 35 mensen gaven een 4 of 5. Er waren 18 mensen nodig.",
        "Had 1 persoon anders gekozen, dan was het een ja.",
    )
    assert told(DECIDE, [5] * 5, 11) == (
        "Maar 5 van de 11 mensen gaven een cijfer. Er waren er minstens 6 nodig.",
        "",
    )
    assert told(DECIDE, [], 11)[0] == "Niemand gaf dit plan een cijfer."
    veto = replace(DECIDE, veto=Veto(2, Fraction(1, 4)))
    assert told(veto, [5] * 7 + [1] * 3)[0] == (
        "3 van de 10 mensen gaven een 2 of lager. Dat mochten er hoogstens 2 zijn."
    )
    mean = replace(DECIDE, rule=DecideRule.MEAN, threshold=Fraction(7, 2), strict=False)
    assert told(mean, [4] * 5 + [3] * 5)[0] == "10 mensen gaven samen 35 punten. Er waren 35 punten nodig."
    median = replace(DECIDE, rule=DecideRule.MEDIAN, threshold=Fraction(4), strict=False)
    assert told(median, [4, 4, 1])[0] == "Het middelste cijfer was een 4. Minstens een 4 was nodig."
    lowest = replace(DECIDE, quorum=None, missing=Missing.LOWEST)
    assert told(lowest, [5] * 6, 10)[0] == (
        "6 van de 10 mensen gaven een 4 of 5. Er waren 6 mensen nodig. "
        "4 mensen gaven geen cijfer en tellen toch mee."
    )


def test_the_sentence_tells_what_made_the_amount() -> None:
    told = {plan_id: say("why", each.steps) for plan_id, each in evening().items()}
    assert told == {
        "big": "Elk plan krijgt hetzelfde bedrag, tot wat het vroeg. Voor dit plan is dat € 19.800.",
        "all": "Het gelijke bedrag was € 19.800. "
        "Met minder dan € 27.500 kan dit plan niet; daarom krijgt het dat.",
        "small": "Elk plan kon tot € 19.800 krijgen. Dit plan krijgt alles wat het kan krijgen: € 7.900.",
        "late": "Elk plan krijgt hetzelfde bedrag, tot wat het vroeg. Voor dit plan is dat € 19.800.",
    }
    tight = evening(pot=62_000_00)["late"]
    assert say("why", tight.steps) == (
        "Elk plan dat paste, krijgt minstens een vast deel van wat het vroeg. Voor dit plan is dat € 15.000."
    )


CHANGED: list[tuple[str, DivideConfig, int, str]] = [
    ("late", DIVIDE, 50_000_00, "Toen het aan de beurt was, was er nog"),
    ("late", replace(DIVIDE, guarantee=Fraction(0), rule=Rule.GREEDY_FULL), 60_000_00, "geen geld meer vrij"),
    ("small", replace(DIVIDE, rule=Rule.GREEDY_FULL), 60_000_00, "Het krijgt wat er nog was: € 2.500."),
    ("big", replace(DIVIDE, rule=Rule.GREEDY_FULL), 60_000_00, "komt eerst"),
    ("big", DIVIDE, 175_000_00, "Er was genoeg geld."),
    (
        "big",
        replace(DIVIDE, rule=Rule.PROP_REQUEST),
        75_000_00,
        "Van elke 100 euro die een plan hoogstens mocht krijgen",
    ),
    ("big", replace(DIVIDE, rule=Rule.PROP_SCORE), 75_000_00, "Een plan met hogere cijfers"),
    ("big", replace(DIVIDE, rule=Rule.MEAN_PROPOSALS), 60_000_00, "verdeelden het geld zelf"),
    ("big", replace(DIVIDE, earmarks={"jeugd": 40_000_00}), 75_000_00, "€ 30.000"),
    ("all", replace(DIVIDE, on_no_fit=OnNoFit.STOP), 20_000_00, "Toen het aan de beurt was"),
    (
        "small",
        replace(DIVIDE, on_no_fit=OnNoFit.STOP, rest_offer=False),
        20_000_00,
        "Daarna krijgt geen plan",
    ),
    (
        "all",
        replace(DIVIDE, min_policy=MinPolicy.DROP, guarantee=Fraction(0)),
        60_000_00,
        "te klein: € 17.366,66. Met minder dan € 27.500 kan het niet. Er was dus € 10.133,34 te weinig.",
    ),
    (
        "late",
        replace(DIVIDE, min_policy=MinPolicy.DROP, guarantee=Fraction(9, 10), rest_offer=False),
        85_000_00,
        "te klein: € 25.700. Er moest minstens € 27.000 zijn, een vast deel van wat het vroeg.",
    ),
    ("late", replace(DIVIDE, guarantee=Fraction(1)), 75_000_00, "geld over; daarvan krijgt het € 9.600."),
    (
        "big",
        replace(DIVIDE, rule=Rule.MES, completion=Completion.ADD1_UTIL),
        75_000_00,
        "Het krijgt het hele",
    ),
    ("late", replace(DIVIDE, rule=Rule.MES), 30_000_00, "Voor dit plan was er niet genoeg over"),
    (
        "small",
        replace(DIVIDE, rule=Rule.GREEDY_FULL, earmarks={"jeugd": 35_000_00}),
        35_000_00,
        "alleen geld dat voor dit thema klaarlag: € 5.000.",
    ),
]


@pytest.mark.parametrize(("plan_id", "config", "pot", "words"), CHANGED)
def test_every_way_to_get_or_miss_money_has_its_sentence(
    plan_id: str, config: DivideConfig, pot: int, words: str
) -> None:
    assert words in say("why", evening(config, pot=pot)[plan_id].steps)


LONG = (Amendment("big", 28_000_00, "Het kan in twee fasen."),)
# Every status of every rule at least once; the machine form of each stands in explanations.json.
KEPT: dict[str, tuple[DivideConfig, int, tuple[Amendment, ...], dict[str, int] | None]] = {
    "equal": (DIVIDE, 75_000_00, (), None),
    "equal, one does not fit": (DIVIDE, 50_000_00, (), None),
    "equal, at the guarantee": (DIVIDE, 62_000_00, (), None),
    "equal, stop": (replace(DIVIDE, on_no_fit=OnNoFit.STOP, rest_offer=False), 20_000_00, (), None),
    "equal, in fives": (replace(DIVIDE, unit_cents=5_00), 75_001_03, (), None),
    "equal, drop": (replace(DIVIDE, min_policy=MinPolicy.DROP), 60_000_00, (), None),
    "equal, amended": (DIVIDE, 75_000_00, LONG, None),
    "equal, tied": (DIVIDE, 75_000_00, (), {"big": 30, "all": 30, "small": 27, "late": 22}),
    "equal, one refused": (DIVIDE, 75_000_00, (), {"big": 30, "all": 10, "small": 27, "late": 22}),
    "equal, rest": (replace(DIVIDE, guarantee=Fraction(1)), 75_000_00, (), None),
    "equal, earmark": (replace(DIVIDE, earmarks={"jeugd": 36_000_00}), 60_000_00, (), None),
    "equal, stop, a full earmark": (
        replace(DIVIDE, on_no_fit=OnNoFit.STOP, earmarks={"jeugd": 37_900_00}), 45_000_00, (), None,
    ),
    "top down, stop, a full earmark": (
        replace(DIVIDE, rule=Rule.GREEDY_FULL, on_no_fit=OnNoFit.STOP, earmarks={"jeugd": 37_900_00}),
        45_000_00, (), None,
    ),
    "equal, drop, no money": (replace(DIVIDE, min_policy=MinPolicy.DROP), 0, (), None),
    "percentage, enough": (replace(DIVIDE, rule=Rule.PROP_REQUEST), 175_000_00, (), None),
    "percentage": (replace(DIVIDE, rule=Rule.PROP_REQUEST), 75_000_00, (), None),
    "percentage, in cents": (replace(DIVIDE, rule=Rule.PROP_REQUEST, unit_cents=1), 71_234_56, (), None),
    "scores": (replace(DIVIDE, rule=Rule.PROP_SCORE), 75_000_00, (), None),
    "proposals": (replace(DIVIDE, rule=Rule.MEAN_PROPOSALS), 60_000_00, (), None),
    "top down": (replace(DIVIDE, rule=Rule.GREEDY_FULL), 60_000_00, (), None),
    "top down, whole": (replace(DIVIDE, rule=Rule.GREEDY_FULL, partial=False), 60_000_00, (), None),
    "top down, stop": (
        replace(DIVIDE, rule=Rule.GREEDY_FULL, on_no_fit=OnNoFit.STOP, earmarks={"jeugd": 35_000_00}),
        45_000_00, (), None,
    ),
    "equal shares": (replace(DIVIDE, rule=Rule.MES), 75_000_00, (), None),
    "equal shares, completed": (
        replace(DIVIDE, rule=Rule.MES, completion=Completion.UTIL), 75_000_00, LONG, None,
    ),
}  # fmt: skip


def test_the_machine_form_of_every_kind_of_step_stays_as_it_was_published() -> None:
    """Write the file anew with PB_WRITE_EXPLANATIONS=1, and read what changed before you keep it."""
    told = {
        name: {plan_id: each.to_json() for plan_id, each in evening(config, pot=pot, amendments=changes,
                                                                    scores=scores).items()}
        for name, (config, pot, changes, scores) in KEPT.items()
    }  # fmt: skip
    kept = Path(__file__).with_name("explanations.json")
    if os.environ.get("PB_WRITE_EXPLANATIONS"):
        lines = (f"{json.dumps(name)}: {json.dumps(each, ensure_ascii=False)}" for name, each in told.items())
        kept.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    assert json.loads(json.dumps(told)) == json.loads(kept.read_text(encoding="utf-8"))
    codes = {step["code"] for plans in told.values() for each in plans.values() for step in each["steps"]}  # type: ignore[attr-defined]
    assert {code.value for code in Code} - codes == {"min_above_cap", "no_request"}


def test_people_read_what_they_changed_and_why() -> None:
    told = evening(amendments=(Amendment("big", 28_000_00, "Het kan in <twee> fasen."),))
    assert say("why", told["big"].steps) == (
        "De berekening gaf € 19.800. De mensen in het panel maakten er € 28.000 van."
        " De reden: Het kan in &lt;twee&gt; fasen."
    )
    assert say("why", told["late"].steps) == (
        "De berekening gaf € 19.800. Het panel veranderde een ander plan; daardoor werd het € 15.000."
    )
    assert told["all"].steps[-1].code.value == "level"


def test_the_lot_is_named_with_its_seed() -> None:
    told = evening(scores={"big": 30, "all": 30, "small": 27, "late": 22})
    words = say("chain", told["big"].steps)
    assert "precies gelijk met 1 ander plan. Het lot (dobbelsteen 3-5-1) koos de volgorde" in words
    assert told["big"].steps[1].facts["by"] == "lot"


@pytest.mark.parametrize("above", [0, 36])
def test_every_plan_whose_tie_the_lot_broke_says_so_also_the_highest_of_them(above: int) -> None:
    """``by`` tells what parted a plan from the one above; of the first of equal plans that is no lot."""
    scores = {"small": 27, "late": 27, "all": 27, "big": above}
    told = evening(scores=scores)
    for plan_id in ("small", "late", "all"):
        assert "gelijk met 2 andere plannen. Het lot" in say("chain", told[plan_id].steps), plan_id
    if above:
        assert "Het lot" not in say("chain", told["big"].steps)


def test_a_plan_that_was_not_decided_tells_only_that() -> None:
    told = evening(scores={"big": 30, "all": 10, "small": 27, "late": 22})["all"]
    assert [step.code.value for step in told.steps] == ["decided"]
    assert told.final_cents == 0
    assert say("why", told.steps).startswith(
        "10 van de 38 mensen gaven een 4 of 5. Er waren 20 mensen nodig."
    )


def test_how_close_it_was_is_told_in_euros() -> None:
    def step(config: DivideConfig, pot: int, plan_id: str) -> dict[str, object]:
        steps = evening(config, pot=pot)[plan_id].steps
        return dict([each for each in steps if each.code.value not in ("rounded", "amended")][-1].facts)

    kept = evening(pot=50_000_00)
    assert kept["all"].steps[3].to_json() == {
        "code": "reserved", "low": 27_500_00, "because": "own_min", "own_min": 27_500_00, "spare": 7_500_00,
    }  # fmt: skip
    assert "Daarna was er nog € 7.500 vrij." in say("chain", kept["all"].steps)
    refused = kept["late"].steps[-1].to_json()
    assert (refused["code"], refused["needed"], refused["free"], refused["short"]) == (
        "does_not_fit", 15_000_00, 3_550_00, 11_450_00,
    )  # fmt: skip
    assert say("why", kept["late"].steps).endswith("was er nog € 3.550. Er was dus € 11.450 te weinig.")
    assert step(replace(DIVIDE, rule=Rule.GREEDY_FULL), 60_000_00, "small")["short"] == 5_400_00
    top = step(replace(DIVIDE, rule=Rule.GREEDY_FULL), 60_000_00, "big")
    assert (top["side"], top["spare"], top["short"]) == ("full", 30_000_00, 0)
    assert step(DIVIDE, 75_000_00, "late")["short"] == 10_200_00
    shares = step(replace(DIVIDE, rule=Rule.MES), 30_000_00, "late")
    assert (shares["cost"], shares["left"], shares["short"]) == (30_000_00, 30_000_00 - 7_900_00, 7_900_00)
    after = step(replace(DIVIDE, on_no_fit=OnNoFit.STOP, rest_offer=False), 20_000_00, "small")
    assert (after["free"], after["short"]) == (None, None)


def test_a_plan_above_the_cap_and_a_unit_of_five_euros_are_told_as_they_are() -> None:
    proportional = evening(replace(DIVIDE, rule=Rule.PROP_REQUEST))
    assert "die een plan hoogstens mocht krijgen" in say("why", proportional["big"].steps)
    assert "die een plan vroeg" in say("why", proportional["all"].steps) or (
        proportional["all"].steps[4].facts["held_by"] == "own_min"
    )
    fives = evening(replace(DIVIDE, unit_cents=5_00), pot=75_001_00)
    assert "Afgerond is dat voor dit plan" in say("why", fives["big"].steps)


def test_a_minimum_above_what_can_be_given_and_no_request_have_their_sentences() -> None:
    plans = [PlanAsk("high", 1, 42_000_00, 35_000_00), PlanAsk("nil", 2, 0)]
    ballots = {plan.plan_id: Ballots(dict.fromkeys(PEOPLE, 5)) for plan in plans}
    decisions = decide(plans, PEOPLE, ballots, DECIDE)
    found = divide(decisions.ranking, plans, DIVIDE, budget_cents=75_000_00, cap_cents=30_000_00)
    told = explain(decisions, found, DIVIDE, cap_cents=30_000_00)
    assert told["high"].steps[-1].to_json() == {
        "code": "min_above_cap", "own_min": 35_000_00, "limit": 30_000_00, "short": 5_000_00,
    }  # fmt: skip
    assert say("why", told["high"].steps) == (
        "Met minder dan € 35.000 kan dit plan niet. Het kon hoogstens € 30.000 krijgen."
    )
    assert told["nil"].steps[-1].to_json() == {"code": "no_request"}
    assert say("why", told["nil"].steps) == "Dit plan kan geen geld krijgen, of vroeg geen geld."


def test_the_first_step_holds_the_numbers_of_every_way_to_decide() -> None:
    plans = [PlanAsk("p", 1, 100), PlanAsk("q", 2, 100)]
    people = [f"r{number}" for number in range(10)]
    ballots = {"p": Ballots(dict(zip(people, [5] * 5 + [1] * 3, strict=False)), abstained=["r9"])}

    def first(config: DecideConfig) -> dict[str, object]:
        decisions = decide(plans, people, ballots, config)
        told = explain(decisions, divide(decisions.ranking, plans, DIVIDE, budget_cents=0, cap_cents=None),
                       DIVIDE, cap_cents=None)  # fmt: skip
        assert told["q"].steps[0].facts["status"] == "no_quorum"
        return told["p"].steps[0].to_json()

    bare = replace(DECIDE, quorum=Quorum(Fraction(1, 2), 0))
    common = {
        "code": "decided", "scorers": 8, "counted": 8, "imputed": 0, "abstained": 1, "eligible": 10,
        "quorum": 5, "min_grade": 4, "support": 5, "need": None, "margin_people": None, "status": "yes",
    }  # fmt: skip
    assert first(bare) == common | {"rule": "support", "need": 5, "margin_people": 1}
    assert first(replace(bare, rule=DecideRule.MEAN, threshold=Fraction(3))) == common | {
        "rule": "mean", "points": 28, "points_needed": 25,
    }  # fmt: skip
    assert first(replace(bare, rule=DecideRule.MEDIAN, threshold=Fraction(3))) == common | {
        "rule": "median", "median": 5, "grade_needed": 4,
    }  # fmt: skip
    assert first(replace(bare, veto=Veto(2, Fraction(1, 4)))) == common | {
        "rule": "support", "status": "no_veto", "need": 5,
        "objections": 3, "objections_most": 2, "veto_grade": 2,
    }  # fmt: skip
    assert first(replace(bare, missing=Missing.LOWEST))["imputed"] == 1


def test_the_lot_is_only_named_where_it_parted_plans() -> None:
    plans = [PlanAsk("p", 1, 100), PlanAsk("q", 2, 100), PlanAsk("r", 3, 100)]
    ballots = {
        "p": Ballots(dict.fromkeys(PEOPLE, 5)), "q": Ballots(dict.fromkeys(PEOPLE, 5)),
        "r": Ballots(dict.fromkeys(PEOPLE, 4)),
    }  # fmt: skip
    decisions = decide(plans, PEOPLE, ballots, DECIDE)
    division = divide(decisions.ranking, plans, DIVIDE, budget_cents=5, cap_cents=None)
    told = explain(decisions, division, DIVIDE, cap_cents=None)
    first, second, third = (told[plan_id].steps[1].to_json() for plan_id in decisions.ranking)
    assert first == {"code": "rank", "place": 1, "of": 3, "by": "lot", "tied_with": [second_of(decisions)],
                     "seed": ""}  # fmt: skip
    assert (second["by"], second["place"], "seed" in second) == ("lot", 2, True)
    assert third == {"code": "rank", "place": 3, "of": 3, "by": "mean", "tied_with": []}
    by_order = replace(DECIDE, rank=(Criterion.SUPPORT, Criterion.ORDER))
    decisions = decide(plans, PEOPLE, ballots, by_order)
    told = explain(decisions, division, DIVIDE, cap_cents=None, lot_seed="x")
    assert [told[each].steps[1].facts["by"] for each in "pqr"] == ["order"] * 3
    assert all("seed" not in told[each].steps[1].facts for each in "pqr")


def second_of(decisions: Decisions) -> str:
    return decisions.ranking[1]


def test_what_other_presets_would_give_is_worked_out_where_their_facts_are_there() -> None:
    plans = [PlanAsk("a", 1, 20_000_00, 0), PlanAsk("b", 2, 12_000_00, 0)]
    proposals = {"r1": {"a": 5_000_00, "b": 5_000_00}}
    panel = Panel(2, {"a": {"r1": 1, "r2": 4}, "b": {"r1": 4, "r2": 5}})

    def others(facts: Facts, cap_cents: int | None = None, announced: DivideConfig = DIVIDE) -> object:
        found = divide_by_presets(
            ["a", "b"], plans, announced, budget_cents=20_000_00, cap_cents=cap_cents, facts=facts
        )
        return {name: list(other.amounts.values()) for name, other in found.items()}

    percentage, top = {"prop_request": [12_500_00, 7_500_00]}, {"greedy_full": [20_000_00, 0]}
    trimmed, shares = {"trimmed_mean_proposals": [5_000_00, 5_000_00]}, {"mes": [0, 12_000_00]}
    assert others(Facts()) == percentage | top
    assert others(Facts(proposals=proposals)) == percentage | top | trimmed
    assert others(Facts(panel=panel)) == percentage | top | shares
    assert others(Facts(), cap_cents=10_000_00) == {
        "prop_request": [10_000_00, 10_000_00], "greedy_full": [10_000_00, 10_000_00],
    }  # fmt: skip
    assert others(Facts(), announced=DivideConfig(rule=Rule.PROP_REQUEST)) == {
        "equal": [10_000_00, 10_000_00], **top,
    }  # fmt: skip


SETTINGS = st.builds(
    DivideConfig,
    rule=st.sampled_from(Rule),
    unit_cents=st.sampled_from([1, 100, 500]),
    guarantee=st.fractions(0, 1, max_denominator=4),
    min_policy=st.sampled_from(MinPolicy),
    on_no_fit=st.sampled_from(OnNoFit),
    rest_offer=st.booleans(),
    partial=st.booleans(),
    completion=st.sampled_from(Completion),
    increment_cents=st.just(50_00),
)
# What each status of a plan is told by.
TOLD_BY: dict[str, set[str]] = {
    "full": {"level", "from_the_top", "bought"},
    "share": {"level"},
    "at_minimum": {"level"},
    "zero": {"level"},
    "partial": {"from_the_top"},
    "not_bought": {"not_bought"},
} | {status: {status} for status in (
    "does_not_fit", "after_stop", "share_below_min", "earmark_only", "rest", "min_above_cap", "no_request",
)}  # fmt: skip


@given(
    SETTINGS,
    st.integers(0, 120_000_00),
    st.sampled_from([None, {"jeugd": 9_000_00}, {"jeugd": 35_000_00}]),
    st.lists(st.tuples(st.sampled_from(["big", "small", "late"]), st.integers(0, 31_000_00)), max_size=2),
)
@settings(max_examples=EXAMPLES, deadline=None)
def test_every_chain_is_short_exact_and_readable(
    config: DivideConfig, pot: int, earmarks: dict[str, int] | None, wishes: list[tuple[str, int]]
) -> None:
    if earmarks and config.rule is not Rule.MES:
        config = replace(config, earmarks=earmarks)
    amendments = tuple(Amendment(plan_id, cents, "Zo past het beter.") for plan_id, cents in wishes)
    for each in evening(config, pot=pot, amendments=amendments).values():
        assert len(each.steps) <= 7
        canonical(each.to_json())
        for step in each.steps:
            # Only a step that did nothing has nothing to say.
            words = say("step_sentence", step)
            assert words.endswith((".", "beter.")), step
            assert (step.facts.get("short") or 0) >= 0
            assert (step.facts.get("spare") or 0) >= 0
        for words in (say("why", each.steps), say("chain", each.steps)):
            assert "None" not in words
            assert "  " not in words
        assert say("why", each.steps).endswith(".")


@given(divisions.asks(), divisions.sharing() | divisions.BUYING, divisions.POTS, divisions.CAPS, st.data())
@settings(max_examples=EXAMPLES, deadline=None)
def test_every_status_of_every_rule_is_told_by_its_own_step(
    plans: list[PlanAsk], config: DivideConfig, pot: int, cap: int | None, data: st.DataObject
) -> None:
    ballots = {plan.plan_id: Ballots(dict.fromkeys(PEOPLE, 5)) for plan in plans}
    decisions = decide(plans, PEOPLE, ballots, replace(DECIDE, exclude_submitters=False))
    facts = data.draw(divisions.facts_about(plans))
    if config.rule is Rule.MES:
        config = replace(config, increment_cents=50)
    found = divide(decisions.ranking, plans, config, budget_cents=pot, cap_cents=cap, facts=facts)
    for plan_id, told in explain(decisions, found, config, cap_cents=cap).items():
        codes = [step.code.value for step in told.steps]
        assert len(codes) <= 7
        assert len(set(codes)) == len(codes)
        assert TOLD_BY[found.status[plan_id].value] & set(codes)
        assert ("rounded" in codes) is (
            plan_id in found.exact and found.exact[plan_id] != found.amounts[plan_id]
        )
        assert told.final_cents == found.amounts[plan_id]
        silent = [step for step in told.steps if not say("step_sentence", step)]
        # Only that no money was asked is left to the next sentence.
        assert [step.code.value for step in silent] == (["asked"] if silent else [])
        assert not silent or silent[0].facts["request"] == 0
        canonical(told.to_json())


BROKEN: list[Broken] = [
    strict.WrongKind(field="a", expected="integer", found="float"),
    strict.OutOfBounds(field="a", lowest=1, highest=5, found=6),
    strict.UnknownWord(field="a", found="loudest", known=["support"]),
    strict.UnknownField(field="a.b"),
    strict.MissingField(field="a.b"),
    strict.GivenTwice(field="a", found="p1"),
    strict.UnknownId(field="a", found="p9"),
    ScoreNotOnTheFloor(plan_id="p"),
    MoreScoresThanPeople(plan_id="p", scores=5, people=4),
    SameSequence(seq=3),
    RuleLacksFacts(rule="mes", needs="scores", plan_id=None),
    NoEarmarksInEqualShares(field="a"),
    choices.NoDataFolder(field="a"),
    reading.NotACase(problem="is not JSON", detail=None),
]


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.code)
def test_each_refusal_has_a_sentence_of_its_own(broken: Broken) -> None:
    page = PAGES.get_template(f"{broken.code.replace('.', '/broken/', 1)}.html")
    words = page.render(facts=broken.facts).strip()
    assert words.endswith(".")
    assert "<" not in words


def test_every_refusal_of_these_rooms_is_in_that_list() -> None:
    templates = Path(__file__).parents[2] / "templates"
    pages = {
        f"{room}.{page.stem}"
        for room in ("decide", "divide")
        for page in (templates / room / "broken").glob("*.html")
    }
    assert {broken.code for broken in BROKEN} <= pages
