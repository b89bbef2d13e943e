"""The mirror shows groups, and no number in it is about one person."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from pb.sortition.rules.merging import Group, merge_small
from pb.sortition.rules.mirror import (
    EveningMirror,
    FeatureMirror,
    Mirror,
    read_mirror,
    seen_on_evening,
    write_mirror,
)


@st.composite
def groups(draw: st.DrawFn, *, came: bool = False) -> list[Group]:
    found = []
    for number in range(draw(st.integers(1, 7))):
        pool = draw(st.integers(0, 40))
        panel = draw(st.integers(0, pool))
        people = draw(st.none() | st.integers(0, 9000))
        found.append(
            Group((f"w{number}",), people, pool, panel, draw(st.integers(0, panel)) if came else None)
        )
    return found


@settings(max_examples=25, deadline=None)
@given(groups() | groups(came=True))
def test_no_number_and_no_difference_is_about_fewer_people_than_allowed(made: list[Group]) -> None:
    shown = merge_small(made)
    for group in shown:
        assert group.pool == 0 or group.pool >= 5
        assert group.panel == 0 or group.panel >= 3
        assert group.pool == group.panel or group.pool - group.panel >= 3
        if group.came is not None:
            assert group.came == 0 or group.came >= 3
            assert group.panel == group.came or group.panel - group.came >= 3
    assert len(shown) != 1
    if shown:
        # Everything is there once, so nothing is left to be found by subtraction.
        assert sorted(one for group in shown for one in group.values) == sorted(one.values[0] for one in made)
        assert sum(group.pool for group in shown) == sum(group.pool for group in made)
        assert sum(group.panel for group in shown) == sum(group.panel for group in made)


def test_a_small_group_joins_what_stands_next_to_it() -> None:
    made = [
        Group(("a",), 100, 40, 9), Group(("b",), 50, 12, 4), Group(("c",), 5, 2, 0), Group(("d",), 60, 30, 7),
    ]  # fmt: skip
    assert merge_small(made) == (made[0], Group(("b", "c"), 55, 14, 4), made[3])
    # Two groups of which one is too small say nothing at all.
    assert merge_small(made[1:3]) == ()


def test_small_groups_join_answers_that_mean_nearly_the_same() -> None:
    def shown(**counts: tuple[int, int]) -> list[str]:
        made = [Group((name.replace("_", " "),), None, *count) for name, count in counts.items()]
        return [" | ".join(group.values) for group in merge_small(made)]

    # Two kinds of rent, although fewer people own a house.
    assert shown(sociale_huur=(40, 9), particuliere_huur=(4, 1), koop=(20, 6)) == [
        "sociale huur | particuliere huur", "koop",
    ]  # fmt: skip
    # Ages join the age beside them, never the youngest with the oldest.
    ages = {"16–29": (4, 1), "30–44": (20, 6), "45–59": (30, 9), "60–74": (30, 9), "75_en_ouder": (3, 0)}
    assert shown(**ages) == ["16–29 | 30–44", "45–59", "60–74 | 75 en ouder"]
    # Two that are small stand together, and leave the others alone.
    assert shown(a=(30, 9), b=(4, 1), c=(6, 2), d=(30, 9)) == ["a", "b | c", "d"]
    # Whoever would rather not say stands next to nobody: as little as possible is joined for it.
    silent = {"zegt_liever_niet": (2, 0)}
    assert shown(vrouw=(30, 9), man=(12, 4), **silent) == ["vrouw", "man | zegt liever niet"]
    assert shown(huur=(12, 4), koop=(30, 9), **silent) == ["huur | zegt liever niet", "koop"]
    assert shown(huur=(12, 4), koop=(30, 9), zegt_liever_niet=(9, 3))[-1] == "zegt liever niet"


def test_an_evening_from_which_one_person_was_missing_shows_no_features() -> None:
    one = FeatureMirror("woning", "", (Group(("huur",), 1, 30, 7), Group(("koop",), 1, 20, 5)))
    then = {"woning": {"huur": 7, "koop": 5}}
    (seen,) = seen_on_evening([one], then, {"woning": {"huur": 6, "koop": 5}})
    assert seen.groups == ()
    (seen,) = seen_on_evening([one], then, {"woning": {"huur": 4, "koop": 5}})
    assert [group.came for group in seen.groups] == [4, 5]


@settings(max_examples=25, deadline=None)
@given(groups(), groups(came=True))
def test_what_is_kept_reads_back_the_same(made: list[Group], came: list[Group]) -> None:
    features = (FeatureMirror("leeftijd", "CBS", tuple(made)),)
    evening = EveningMirror(
        "Avond", "2026-11-21", 3, 4, None, (FeatureMirror("leeftijd", "CBS", tuple(came)),)
    )
    mirror = Mirror(40, 12, 1, features, (evening,))
    assert read_mirror(write_mirror(mirror)) == mirror


@settings(max_examples=25, deadline=None)
@given(groups())
def test_no_two_shown_groups_can_be_subtracted_to_a_small_one(made: list[Group]) -> None:
    for one, other in combinations(merge_small(made), 2):
        assert not set(one.values) & set(other.values)
