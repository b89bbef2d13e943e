"""Every rule with every setting, beside a slow second computation: equal to the letter."""

import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pb.decide.rules import Ballots, DecideConfig, PlanAsk, decide
from pb.divide.rules import DivideConfig, divide, divide_with_amendments
from support import divisions
from support.plain_deciding import decide_plainly
from support.plain_division import amend_plainly, divide_plainly

EXAMPLES = int(os.environ.get("PB_EXAMPLES", "60"))
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
SMALL = st.integers(0, 60)


@given(st.data(), divisions.asks(), divisions.sharing(), divisions.POTS, divisions.CAPS)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=SLOW)
def test_every_way_of_sharing_gives_the_same_to_the_letter(
    data: st.DataObject, plans: list[PlanAsk], config: DivideConfig, pot: int, cap: int | None
) -> None:
    facts = data.draw(divisions.facts_about(plans))
    ranking = data.draw(st.permutations([plan.plan_id for plan in plans]))
    found = divide(ranking, plans, config, budget_cents=pot, cap_cents=cap, facts=facts).to_json()
    assert found == divide_plainly(ranking, plans, config, budget=pot, cap=cap, facts=facts)


@given(st.data(), divisions.asks(5, SMALL), divisions.BUYING, st.integers(0, 150), st.none() | SMALL)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=SLOW)
def test_buying_whole_plans_gives_the_same_to_the_letter(
    data: st.DataObject, plans: list[PlanAsk], config: DivideConfig, pot: int, cap: int | None
) -> None:
    facts = data.draw(divisions.facts_about(plans, SMALL))
    ranking = data.draw(st.permutations([plan.plan_id for plan in plans]))
    found = divide(ranking, plans, config, budget_cents=pot, cap_cents=cap, facts=facts).to_json()
    assert found == divide_plainly(ranking, plans, config, budget=pot, cap=cap, facts=facts)


@given(
    st.data(),
    divisions.asks(5, SMALL),
    divisions.sharing(cents=SMALL) | divisions.BUYING,
    st.integers(0, 150),
    st.none() | SMALL,
    divisions.amendments(60),
)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=SLOW)
def test_what_people_change_gives_the_same_to_the_letter(
    data: st.DataObject,
    plans: list[PlanAsk],
    config: DivideConfig,
    pot: int,
    cap: int | None,
    wishes: list,  # type: ignore[type-arg]
) -> None:
    facts = data.draw(divisions.facts_about(plans, SMALL))
    ranking = [plan.plan_id for plan in plans]
    found = divide_with_amendments(
        ranking, plans, config, wishes, budget_cents=pot, cap_cents=cap, facts=facts
    ).to_json()
    assert found == amend_plainly(ranking, plans, config, wishes, budget=pot, cap=cap, facts=facts)


@given(divisions.evenings(), divisions.deciding())
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=SLOW)
def test_every_way_of_deciding_gives_the_same_to_the_letter(
    evening: tuple[list[PlanAsk], dict[str, Ballots]], config: DecideConfig
) -> None:
    plans, ballots = evening
    found = decide(plans, divisions.PEOPLE, ballots, config).to_json()
    assert found == decide_plainly(plans, divisions.PEOPLE, ballots, config)


@given(divisions.evenings(), divisions.deciding(), st.data())
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=SLOW)
def test_people_counted_on_the_floor_weigh_as_much_as_people_with_a_name(
    evening: tuple[list[PlanAsk], dict[str, Ballots]], config: DecideConfig, data: st.DataObject
) -> None:
    """Some of the people lose their name: what they gave is only counted, figure by figure."""
    plans, ballots = evening
    nameless = data.draw(st.sets(st.sampled_from(divisions.PEOPLE)))
    here = [person for person in divisions.PEOPLE if person not in nameless]
    counted = {}
    for plan in plans:
        given_here = ballots[plan.plan_id]
        barred = plan.submitters if config.exclude_submitters else frozenset()
        # Who made the plan keeps a name, since somebody has to say that they may not score it.
        if nameless & barred:
            return
        floor = [0] * 5
        silent = 0
        for person in nameless:
            if person in given_here.abstained:
                silent += 1
            elif person in given_here.scores:
                floor[given_here.scores[person] - 1] += 1
        counted[plan.plan_id] = Ballots(
            {person: score for person, score in given_here.scores.items() if person not in nameless},
            frozenset(given_here.abstained) - nameless,
            floor=(floor[0], floor[1], floor[2], floor[3], floor[4]),
            floor_abstained=silent,
        )
    before = decide(plans, divisions.PEOPLE, ballots, config)
    assert decide(plans, here, counted, config, unnamed_present=len(nameless)) == before
