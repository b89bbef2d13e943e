"""What may be counted on the floor, what may be typed from paper, and when it counts."""

import pytest

from pb.evening.rules.door import fits, is_number
from pb.evening.rules.floor import (
    FloorCountedTooHigh,
    FloorCountOutdated,
    FloorCountUnclear,
    Way,
    WayUnknown,
    check_counts,
    check_still_there,
    five,
    read_count,
    read_way,
)
from pb.evening.rules.paper import (
    CountedOnFloor,
    Entry,
    Invalid,
    InvolvedOnPaper,
    Mark,
    NoDifference,
    PaperBothGiven,
    PaperFigureUnknown,
    PaperHalf,
    PaperNotThere,
    PaperPlace,
    PaperTooEarly,
    PaperTooLate,
    PhoneScoreStands,
    SamePersonTyped,
    SeatNotOnPaper,
    SettlerTyped,
    TypedTwice,
    check_paper,
    check_settler,
    differs,
    join_mark,
    next_turn,
    read_mark,
    what_counts,
)
from pb.evening.rules.steps import Scoring, Stage
from pb.evening.rules.whereabouts import Told, follow

# -- the floor ---------------------------------------------------------------------------------------------


def test_no_more_people_are_counted_than_stand_on_the_floor_and_fewer_is_fine() -> None:
    check_counts((0, 0, 0, 0, 0), people=0)
    check_counts((1, 2, 3, 2, 3), people=12)
    check_counts((1, 2, 3, 2, 4), people=12)
    with pytest.raises(FloorCountedTooHigh) as refused:
        check_counts((1, 2, 3, 2, 5), people=12)
    assert refused.value.facts == {"counted": 13, "people": 12}


def test_a_count_from_which_somebody_may_have_gone_is_asked_again() -> None:
    check_still_there((0, 0, 0, 0, 0), left=3)
    check_still_there((0, 0, 1, 0, 0), left=0)
    with pytest.raises(FloorCountOutdated):
        check_still_there((0, 0, 1, 0, 0), left=1)


@pytest.mark.parametrize(
    ("typed", "people"), [("", 0), ("  ", 0), ("0", 0), ("7", 7), (" 12 ", 12), ("9999", 9999)]
)
def test_a_head_count_is_a_whole_number_and_nothing_is_nobody(typed: str, people: int) -> None:
    assert read_count(typed) == people


@pytest.mark.parametrize(
    "typed", ["-1", "+3", "1,5", "3.0", "1e3", "٣", "３", "0_3", "twee", "12345", "1 2", "½"]
)
def test_anything_else_is_no_head_count(typed: str) -> None:
    with pytest.raises(FloorCountUnclear):
        read_count(typed)


def test_counts_are_five_whole_numbers() -> None:
    assert five([1, 2, 3, 4, 5]) == (1, 2, 3, 4, 5)
    for wrong in ([1, 2, 3, 4], [1, 2, 3, 4, -5], [1, 2, 3, 4, True], [1, 2, 3, 4, 5.0]):
        with pytest.raises(FloorCountUnclear):
            five(wrong)  # type: ignore[arg-type]


def test_a_seat_stands_on_a_phone_on_the_floor_or_on_paper_and_nowhere_else() -> None:
    assert [read_way(text) for text in ("phone", "floor", "paper")] == list(Way)
    for text in ("", "tablet", "PHONE", "vloer"):
        with pytest.raises(WayUnknown):
            read_way(text)


# -- where everybody was -----------------------------------------------------------------------------------

EVENING: list[Told] = [
    (1, "arrived", {"seat": 1}),
    (2, "arrived", {"seat": 2}),
    (3, "way", {"seat": 1, "way": "floor"}),
    (4, "scoring_opened", {"item": 10, "v": 1}),
    (5, "arrived", {"seat": 3}),
    (6, "way", {"seat": 2, "way": "paper"}),
    (7, "left", {"seat": 2}),
    (8, "scoring_closed", {"item": 10, "v": 2, "present": [1, 3]}),
    (9, "way", {"seat": 1, "way": "phone"}),
    (10, "arrived", {"seat": 4}),
]


def test_the_events_tell_how_everybody_stood_when_a_plan_closed() -> None:
    found = follow(EVENING)
    assert found.stood[10] == {1: Way.FLOOR, 2: Way.PAPER, 3: Way.PHONE}
    assert found.there[10] == {1, 2, 3}
    assert found.stayed[10] == {1, 3}
    assert found.present == {1, 3, 4}
    assert found.way(1) is Way.PHONE


def test_whoever_leaves_the_floor_or_the_room_is_told_by_when() -> None:
    found = follow(EVENING)
    assert (found.left_floor_since(8), found.left_floor_since(9)) == (1, 0)
    gone = follow([*EVENING[:3], (4, "left", {"seat": 1}), (5, "left", {"seat": 2})])
    assert gone.left_floor == {1: 4}


def test_a_plan_that_was_opened_again_is_told_by_its_last_closing() -> None:
    again: list[Told] = [
        (11, "reopened", {"item": 10, "v": 3}),
        (12, "way", {"seat": 3, "way": "paper"}),
        (13, "scoring_closed", {"item": 10, "v": 4, "present": [1, 3, 4]}),
    ]
    found = follow([*EVENING, *again])
    assert found.stood[10] == {1: Way.PHONE, 2: Way.PAPER, 3: Way.PAPER, 4: Way.PHONE}


def test_an_opening_that_was_taken_back_lets_nobody_in() -> None:
    events: list[Told] = [(1, "scoring_opened", {"item": 10}), (2, "undone", {"step": "open_scoring-1"})]
    assert follow([*events, (3, "arrived", {"seat": 1})]).there[10] == set()


# -- one key per plan --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "mark"),
    [
        ("", None), ("  ", None), ("1", Mark(1)), (" 5 ", Mark(5)), ("h", Mark(None, Invalid.HALF)),
        ("T", Mark(None, Invalid.TWO)), ("l", Mark(None, Invalid.EMPTY)), ("-", Mark(None, Invalid.EMPTY)),
        ("o", Mark(None, Invalid.UNREADABLE)),
    ],
)  # fmt: skip
def test_one_key_says_what_stands_on_the_paper(typed: str, mark: Mark | None) -> None:
    assert read_mark(typed) == mark


@pytest.mark.parametrize("typed", ["3½", "½", "3,5", "3.5", "3 1/2", "4.0", "drie en half"])
def test_three_and_a_half_is_no_figure_and_the_sentence_offers_invalid(typed: str) -> None:
    with pytest.raises(PaperHalf):
        read_mark(typed)


@pytest.mark.parametrize(
    "typed", ["0", "6", "-1", "45", "3 4", "+3", "٣", "３", "x", "true", "null", "5" * 5000]
)
def test_only_one_to_five_are_figures(typed: str) -> None:
    with pytest.raises(PaperFigureUnknown):
        read_mark(typed)


def test_a_reason_from_the_list_is_the_same_as_its_letter_and_goes_with_no_figure() -> None:
    assert join_mark(None, "") is None
    assert join_mark(Mark(4), "") == Mark(4)
    assert join_mark(None, "two") == Mark(None, Invalid.TWO)
    assert join_mark(read_mark("t"), "two") == Mark(None, Invalid.TWO)
    for mark in (Mark(4), Mark(None, Invalid.HALF)):
        with pytest.raises(PaperBothGiven):
            join_mark(mark, "two")
    with pytest.raises(PaperFigureUnknown):
        join_mark(None, "geen zin")


# -- whose paper may be typed ------------------------------------------------------------------------------


def place(**changes: object) -> PaperPlace:
    base: dict[str, object] = {
        "number": 7, "position": 2, "stage": Stage.PLANS, "scoring": Scoring.OPEN, "involved": False,
        "was_there": True, "way": Way.PAPER, "stood": None, "own_way": "",
    }  # fmt: skip
    return PaperPlace(**(base | changes))  # type: ignore[arg-type]


CLOSED = {"scoring": Scoring.CLOSED}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        CLOSED | {"stood": Way.PAPER},
        CLOSED | {"stood": Way.PAPER, "way": Way.PHONE},
        CLOSED | {"stood": Way.PHONE},
        CLOSED | {"stood": Way.PAPER, "own_way": "paper"},
        {"stage": Stage.STICKERS},
    ],
)
def test_paper_may_be_typed_while_scoring_is_open_and_after_it_until_deciding(
    changes: dict[str, object],
) -> None:
    check_paper(place(**changes))


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"stage": Stage.DECIDE}, PaperTooLate),
        ({"stage": Stage.DONE}, PaperTooLate),
        ({"scoring": Scoring.WAITING}, PaperTooEarly),
        ({"scoring": Scoring.FILM}, PaperTooEarly),
        ({"involved": True}, InvolvedOnPaper),
        ({"was_there": False}, PaperNotThere),
        ({"way": Way.PHONE}, SeatNotOnPaper),
        ({"way": Way.FLOOR}, SeatNotOnPaper),
        (CLOSED | {"stood": Way.FLOOR}, CountedOnFloor),
        (CLOSED | {"stood": Way.PHONE, "own_way": "phone"}, PhoneScoreStands),
        (CLOSED | {"stood": Way.PHONE, "own_way": "tablet"}, PhoneScoreStands),
        (CLOSED | {"stood": Way.PHONE, "way": Way.PHONE}, SeatNotOnPaper),
    ],
)
def test_paper_that_would_count_twice_or_too_late_is_refused(
    changes: dict[str, object], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        check_paper(place(**changes))


# -- two people, and a third -------------------------------------------------------------------------------


def test_two_people_type_and_what_they_agree_on_counts() -> None:
    first, second = Entry(1, Mark(4), 11), Entry(2, Mark(4), 12)
    assert next_turn([], typed_by=11, number=7, position=1) == 1
    assert next_turn([first], typed_by=12, number=7, position=1) == 2
    assert what_counts([first]) is None
    assert what_counts([first, second]) == Mark(4)
    assert not differs([first, second])


def test_one_person_never_types_twice_and_nobody_types_a_third_time() -> None:
    first, second = Entry(1, Mark(4), 11), Entry(2, Mark(3), 12)
    for entries in ([first], [first, second]):
        with pytest.raises(SamePersonTyped):
            next_turn(entries, typed_by=11, number=7, position=1)
    with pytest.raises(TypedTwice):
        next_turn([first, second], typed_by=13, number=7, position=1)


def test_a_third_person_settles_a_difference_and_only_that() -> None:
    first, second = Entry(1, Mark(4), 11), Entry(2, Mark(None, Invalid.HALF), 12)
    assert differs([first, second])
    assert what_counts([first, second]) is None
    check_settler([first, second], typed_by=13)
    for same in (11, 12):
        with pytest.raises(SettlerTyped):
            check_settler([first, second], typed_by=same)
    settled = [first, second, Entry(3, Mark(2), 13)]
    assert what_counts(settled) == Mark(2)
    for entries in ([], [first], [first, Entry(2, Mark(4), 12)], settled):
        with pytest.raises(NoDifference):
            check_settler(entries, typed_by=14)


def test_two_unequal_reasons_are_a_difference_too() -> None:
    assert differs([Entry(1, Mark(None, Invalid.HALF), 1), Entry(2, Mark(None, Invalid.TWO), 2)])


# -- finding people ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Fatıma Özdemir", "ozd"), ("Jan de Vries", "vri jan"), ("Renée van 't Hof", "renee hof"),
        ("O'Brien", "brien"), ("Jörg", "JÖRG"), ("Voorbeeldstraat 12", "voorb 12"),
    ],
)  # fmt: skip
def test_a_few_letters_find_somebody_without_accents_or_capitals(name: str, typed: str) -> None:
    assert fits(name, typed)


def test_letters_in_the_middle_and_nothing_at_all_find_nobody() -> None:
    assert not fits("Jan de Vries", "ries")
    assert not fits("Jan de Vries", "")
    assert not fits("Voorbeeldstraat 12", "-12")
    assert not fits("Jan de Vries", "jan pietersen")


def test_a_seat_number_is_plain_digits() -> None:
    assert is_number("17")
    for typed in ("", "١٧", "1.7", "-1", "999999", "17a"):
        assert not is_number(typed)
