"""A figure is a figure: by phone, on the floor or on paper, equal positions give equal results."""

from collections.abc import Sequence

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from pb.decide.queries import count
from pb.decide.rules import Ballots, DecideConfig, Outcome, PlanAsk, decide
from pb.evening.actions.counting import count_floor
from pb.evening.actions.paper import type_form
from pb.evening.actions.ways import stand
from pb.evening.queries import ballots, evening_facts, spreads, ways_of
from pb.evening.rules.floor import Way, five
from pb.evening.rules.paper import Mark
from pb.people.rules import Role
from pb.rounds.rules import Majority, Preset, rules_for
from pb.store.engine import Store
from support.neighbourhood import NOW, Neighbourhood, call
from support.room import Hall, Phone, open_hall

RULES = [
    {"rule": "support"},
    {"rule": "mean", "threshold": "7/2"},
    {"rule": "median", "threshold": "4/1", "strict": False},
    {"rule": "support", "missing": "lowest"},
    {"rule": "support", "missing": "middle", "quorum": None},
    {"rule": "support", "veto": {"grade": 1, "max_share": "1/5"}},
]
FIGURES = (5, 4, 4, 2, 3, None)


def config(**changes: object) -> DecideConfig:
    frozen = rules_for(call(), majority=Majority.MORE_THAN_HALF, preset=Preset.EQUAL)["decide"]
    assert isinstance(frozen, dict)
    return DecideConfig.from_json({**frozen, "lot_seed": "1-2-3", **changes})


def counts_of(figures: Sequence[int | None]) -> tuple[int, int, int, int, int]:
    return five([sum(1 for one in figures if one == figure) for figure in range(1, 6)])


@pytest.mark.parametrize("rule", RULES, ids=str)
@given(
    figures=st.lists(st.none() | st.integers(1, 5), max_size=40),
    ways=st.lists(st.sampled_from(["own", "floor"]), min_size=40, max_size=40),
    involved=st.integers(0, 3),
)
def test_whoever_stands_on_the_floor_counts_exactly_like_whoever_has_a_score(
    rule: dict[str, object], figures: list[int | None], ways: list[str], involved: int
) -> None:
    people = [f"seat {number}" for number in range(len(figures))]
    barred = [f"involved {number}" for number in range(involved)]
    plan = PlanAsk("1", 1, 100_000, submitters=frozenset(barred))
    own = {who: figure for who, figure in zip(people, figures, strict=True) if figure}
    on_floor = [figure if way == "floor" else None for figure, way in zip(figures, ways, strict=False)]
    mixed = {
        who: figure
        for who, figure, way in zip(people, figures, ways, strict=False)
        if figure and way == "own"
    }

    def outcome(given_ballots: Ballots) -> Outcome:
        everyone = [*people, *barred]
        return decide([plan], everyone, {"1": given_ballots}, config(**rule)).outcomes["1"]

    by_phone = outcome(Ballots(scores=own))
    assert outcome(Ballots(scores=mixed, floor=counts_of(on_floor))) == by_phone
    assert outcome(Ballots(scores={}, floor=counts_of(figures))) == by_phone


def score_by(hall: Hall, way: Way, figures: Sequence[int | None]) -> None:
    """Let seats 1, 2, … give these figures for the plan that is open, all in one way."""
    item = hall.now_at().current
    assert item is not None
    if way is Way.PHONE:
        for number, figure in enumerate(figures, start=1):
            if figure:
                Phone(hall, number).tap(figure)
        return
    with hall.store.writing() as session:
        for number, _figure in enumerate(figures, start=1):
            stand(
                session, evening_id=hall.evening_id, seat_id=hall.seat_ids[number - 1], way=way,
                who=hall.place.who(Role.FACILITATOR), now=NOW,
            )  # fmt: skip
        if way is Way.FLOOR:
            count_floor(
                session, evening_id=hall.evening_id, item_id=item.id, counts=counts_of(figures),
                who=hall.place.who(Role.FACILITATOR), now=NOW,
            )  # fmt: skip
            return
        for role in (Role.FACILITATOR, Role.AREA_MANAGER):
            for number, figure in enumerate(figures, start=1):
                if figure:
                    type_form(
                        session, evening_id=hall.evening_id, seat_id=hall.seat_ids[number - 1],
                        marks={item.id: Mark(figure)}, who=hall.place.who(role), now=NOW,
                    )  # fmt: skip


def test_the_same_figures_give_the_same_outcome_by_phone_on_the_floor_and_on_paper(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    hall = open_hall(app, store, place, plans=3, moment="doors")
    for way in Way:
        hall.press(2)
        score_by(hall, way, FIGURES)
        hall.press()
    hall.press()
    with store.reading() as session:
        evening = evening_facts(session, evening_id=hall.evening_id)
        outcomes = list(count(session, evening=evening).decisions.outcomes.values())
        by_way = list(ways_of(session, evening_id=hall.evening_id).values())
        seen = list(spreads(session, evening_id=hall.evening_id).values())
    first = {**outcomes[0].to_json()}
    for outcome in outcomes:
        assert outcome.to_json() == first
    assert (outcomes[0].scorers, outcomes[0].eligible) == (5, 6)
    assert {spread.counts for spread in seen} == {counts_of(FIGURES)}
    everything, nothing = counts_of(FIGURES), (0, 0, 0, 0, 0)
    assert [(one.phone.counts, one.floor.counts, one.paper.counts) for one in by_way] == [
        (everything, nothing, nothing), (nothing, everything, nothing), (nothing, nothing, everything),
    ]  # fmt: skip


def test_people_on_the_floor_are_in_the_quorum_and_need_no_score_of_their_own(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    hall = open_hall(app, store, place, moment="doors")
    hall.press(2)
    score_by(hall, Way.FLOOR, (5, 5, 5, 5, 5, 5))
    hall.press()
    with store.reading() as session:
        [found] = ballots(session, evening_id=hall.evening_id)
    assert (found.floor, dict(found.scores)) == ((0, 0, 0, 0, 6), {})
    assert found.present == set(hall.seat_ids)
    assert hall.now_at().items[0].may_score == 6
