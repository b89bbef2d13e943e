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
    DecideConfig,
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
    divide_with_amendments,
    explain,
)

EXAMPLES = int(os.environ.get("PB_EXAMPLES", "100"))
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
            {"code": "reserved", "low": 3_950_00, "because": "guarantee", "own_min": 0},
            {
                "code": "level",
                "rule": "equal",
                "lam": "1980000/1",
                "side": "full",
                "amount": 7_900_00,
                "limit": 7_900_00,
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
        "27 van de 32 mensen gaven een 4 of 5. 17 was genoeg.",
        "Hadden 11 mensen anders gekozen, dan was het een nee.",
    )
    assert told(DECIDE, [4] * 17 + [2] * 18) == (
        "17 van de 35 mensen gaven een 4 of 5. Er waren er 18 nodig.",
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
        "6 van de 10 mensen gaven een 4 of 5. 6 was genoeg. 4 mensen gaven geen cijfer en tellen toch mee."
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
    ("big", replace(DIVIDE, rule=Rule.PROP_REQUEST), 75_000_00, "Van elke 100 euro die een plan vroeg"),
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
    ("all", replace(DIVIDE, min_policy=MinPolicy.DROP), 60_000_00, "Daarom krijgt het niets"),
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


def test_a_plan_that_was_not_decided_tells_only_that() -> None:
    told = evening(scores={"big": 30, "all": 10, "small": 27, "late": 22})["all"]
    assert [step.code.value for step in told.steps] == ["decided"]
    assert told.final_cents == 0
    assert say("why", told.steps).startswith("10 van de 38 mensen gaven een 4 of 5. Er waren er 20 nodig.")


@given(
    st.builds(
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
    ),
    st.integers(0, 120_000_00),
    st.sampled_from([None, {"jeugd": 9_000_00}]),
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
        for words in (say("why", each.steps), say("chain", each.steps)):
            assert "None" not in words
            assert "  " not in words
        assert say("why", each.steps).endswith(".")


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
