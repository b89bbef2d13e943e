"""Made-up plans, people and settings for the rules of deciding and dividing: every option, small numbers."""

from hypothesis import strategies as st

from pb.decide.rules import Ballots, Criterion, DecideConfig, Missing, PlanAsk, Quorum, Veto
from pb.decide.rules import Rule as DecideRule
from pb.divide.rules import (
    Amendment,
    Completion,
    DivideConfig,
    Facts,
    Fit,
    MinPolicy,
    OnNoFit,
    Panel,
    Rule,
    ScoreStats,
    ScoreWeight,
    UtilityMode,
)

PEOPLE = [f"r{number}" for number in range(6)]
FILLING = [rule for rule in Rule if rule not in (Rule.GREEDY_FULL, Rule.MES)]
CENTS = st.integers(0, 3000) | st.integers(0, 30).map(lambda hundreds: hundreds * 100)
POTS = st.integers(0, 8000)
CAPS = st.none() | CENTS


@st.composite
def asks(draw: st.DrawFn, most: int = 6, cents: st.SearchStrategy[int] = CENTS) -> list[PlanAsk]:
    return [
        PlanAsk(
            f"p{place}",
            draw(st.integers(0, 3)) if place else 1,
            draw(cents),
            draw(st.just(0) | cents),
            draw(st.sampled_from([None, "jeugd", "groen"])),
            draw(st.frozensets(st.sampled_from(PEOPLE), max_size=2)),
        )
        for place in range(draw(st.integers(0, most)))
    ]


@st.composite
def facts_about(draw: st.DrawFn, plans: list[PlanAsk], cents: st.SearchStrategy[int] = CENTS) -> Facts:
    ids = [plan.plan_id for plan in plans]
    stats = {
        plan_id: ScoreStats(
            draw(st.fractions(1, 5, max_denominator=7)), draw(st.fractions(0, 1, max_denominator=7))
        )
        for plan_id in ids
    }
    proposals = {
        person: {plan_id: draw(cents) for plan_id in ids} for person in draw(st.sets(st.sampled_from(PEOPLE)))
    }
    scores = {plan_id: draw(st.dictionaries(st.sampled_from(PEOPLE), st.integers(1, 5))) for plan_id in ids}
    return Facts(stats=stats, proposals=proposals, panel=Panel(draw(st.integers(6, 8)), scores))


def sharing(
    rules: list[Rule] | None = None, cents: st.SearchStrategy[int] = CENTS
) -> st.SearchStrategy[DivideConfig]:
    """Give settings of every rule that needs no purses."""
    return st.builds(
        DivideConfig,
        rule=st.sampled_from(rules or [*FILLING, Rule.GREEDY_FULL]),
        unit_cents=st.sampled_from([1, 1, 100, 500, 7]),
        min_policy=st.sampled_from(MinPolicy),
        guarantee=st.fractions(0, 1, max_denominator=4),
        on_no_fit=st.sampled_from(OnNoFit),
        rest_offer=st.booleans(),
        partial=st.booleans(),
        score_weight=st.sampled_from(ScoreWeight),
        trim=st.fractions(0, 1, max_denominator=5),
        fit=st.sampled_from(Fit),
        earmarks=st.dictionaries(st.sampled_from(["jeugd", "groen", "sport"]), cents),
        earmark_spill=st.booleans(),
        exclude_own_proposal=st.booleans(),
    )


BUYING = st.builds(
    DivideConfig,
    rule=st.just(Rule.MES),
    completion=st.sampled_from(Completion),
    increment_cents=st.sampled_from([1, 2, 5]),
    utility=st.sampled_from([(0, 0, 0, 1, 2), (0, 0, 0, 1, 1), (1, 2, 3, 4, 5), (0, 0, 0, 0, 3)]),
    utility_mode=st.sampled_from(UtilityMode),
)


def amendments(most_cents: int) -> st.SearchStrategy[list[Amendment]]:
    return st.lists(
        st.builds(
            Amendment,
            plan_id=st.sampled_from([f"p{place}" for place in range(7)]),
            amount_cents=st.integers(-1, most_cents),
            reason=st.sampled_from(["het kan in twee fasen", "x", " ", ""]),
        ),
        max_size=5,
    )


@st.composite
def evenings(draw: st.DrawFn) -> tuple[list[PlanAsk], dict[str, Ballots]]:
    """Give plans, and what people gave: some of them absent, some who abstain as well."""
    plans = draw(asks())
    ballots = {}
    for plan in plans:
        scores = draw(st.dictionaries(st.sampled_from([*PEOPLE, "absent"]), st.integers(1, 5)))
        ballots[plan.plan_id] = Ballots(scores, draw(st.frozensets(st.sampled_from(PEOPLE), max_size=2)))
    return plans, ballots


@st.composite
def deciding(draw: st.DrawFn) -> DecideConfig:
    rule = draw(st.sampled_from(DecideRule))
    lowest, highest = (0, 1) if rule is DecideRule.SUPPORT else (1, 5)
    return DecideConfig(
        rule=rule,
        min_grade=draw(st.integers(1, 5)),
        threshold=draw(st.fractions(lowest, highest, max_denominator=6)),
        strict=draw(st.booleans()),
        quorum=draw(
            st.none()
            | st.builds(Quorum, st.fractions(0, 1, max_denominator=4), st.integers(0, 6), st.booleans())
        ),
        missing=draw(st.sampled_from(Missing)),
        exclude_submitters=draw(st.booleans()),
        veto=draw(st.none() | st.builds(Veto, st.integers(1, 3), st.fractions(0, 1, max_denominator=5))),
        rank=tuple(draw(st.lists(st.sampled_from(Criterion), unique=True, max_size=4))),
        lot_seed=draw(st.sampled_from(["a", "dobbelsteen 3-5-1"])),
    )
