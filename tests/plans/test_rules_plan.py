"""The plan itself: what is asked, what is missing, from draft to ready."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pb.core.errors import BadInput
from pb.core.text import (
    TextBidiControl,
    TextBrokenCharacter,
    TextControlCharacter,
    TextStackedMarks,
    TextTooLong,
)
from pb.plans.rules.amounts import (
    AskAboveCap,
    AskAbovePot,
    AskNothing,
    LeastAboveAsk,
    LeastAboveCap,
    LeastBelowZero,
    check_amounts,
)
from pb.plans.rules.plan import (
    ANSWER_CHARACTERS_MOST,
    ApplicantType,
    PlanAnswers,
    PlanNotComplete,
    Question,
    TitleTooShort,
    TitleWithoutLetters,
    UnknownApplicantType,
    check_answer,
    check_applicant_type,
    check_complete,
    check_title,
    missing_parts,
)
from pb.plans.rules.states import (
    MOVES,
    Closed,
    DeclineWithoutAlternative,
    DeclineWithoutReason,
    MoveNotAllowed,
    NotOpenYet,
    PlanMove,
    PlanState,
    after_move,
    check_decline,
    check_submit_on,
    may_edit,
    may_submit_on,
    moves_from,
)

FULL = PlanAnswers(
    title="Moestuin op het plein",
    want="Een moestuin.",
    can_do="Wij onderhouden hem.",
    need="Grond en hout.",
    ask_cents=1_200_000,
    least_cents=600_000,
    applicant_type=ApplicantType.GROUP,
)


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        ("", ""),
        ("   ", ""),
        ("  Moestuin  op het\u00a0plein ", "Moestuin op het plein"),
        ("Bak", "Bak"),
        ("\U0001f333 Bomen", "\U0001f333 Bomen"),
        ("حديقة", "حديقة"),
        ("a" * 90, "a" * 90),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("=1+1 feest", "=1+1 feest"),
    ],
)
def test_the_name_of_a_plan_is_kept_as_people_write_it(raw: str, title: str) -> None:
    assert check_title(raw) == title


@pytest.mark.parametrize(
    ("raw", "refusal"),
    [
        ("a", TitleTooShort),
        ("ab", TitleTooShort),
        ("a" * 91, TextTooLong),
        ("a" * 10_000, TextTooLong),
        ("\U0001f333\U0001f333\U0001f333", TitleWithoutLetters),
        ("2026", TitleWithoutLetters),
        ("....", TitleWithoutLetters),
        ("feest\u202etseef", TextBidiControl),
        ("feest\x00", TextControlCharacter),
        ("feest\ud800", TextBrokenCharacter),
        ("fe" + "\u0300" * 6, TextStackedMarks),
    ],
)
def test_a_name_that_nobody_can_read_aloud_is_refused(raw: str, refusal: type[BadInput]) -> None:
    with pytest.raises(refusal):
        check_title(raw)


def test_a_name_of_only_zero_width_characters_is_no_name() -> None:
    assert check_title("\u200b\u200d\u2060") == ""


@pytest.mark.parametrize("question", list(Question))
def test_an_answer_has_a_length_and_keeps_its_lines(question: Question) -> None:
    most = ANSWER_CHARACTERS_MOST[question]
    assert check_answer(question, "een\r\ntwee ") == "een\ntwee"
    assert check_answer(question, "") == ""
    assert len(check_answer(question, "a" * most)) == most
    with pytest.raises(TextTooLong):
        check_answer(question, "a" * (most + 1))


def test_who_asks_is_one_of_a_short_list() -> None:
    assert check_applicant_type("") is None
    assert [check_applicant_type(kind.value) for kind in ApplicantType] == list(ApplicantType)
    for wrong in ("Resident", "admin", "resident ", "\x00"):
        with pytest.raises(UnknownApplicantType):
            check_applicant_type(wrong)


def test_residents_and_their_groups_are_no_organisation() -> None:
    residents = [kind for kind in ApplicantType if not kind.is_organisation]
    assert residents == [ApplicantType.RESIDENT, ApplicantType.GROUP]


def test_an_empty_plan_misses_everything_in_the_order_of_the_form() -> None:
    assert missing_parts(PlanAnswers()) == (
        "title", "want", "can_do", "need", "ask_cents", "least_cents", "applicant_type",
    )  # fmt: skip


def test_a_full_plan_misses_nothing() -> None:
    assert missing_parts(FULL) == ()
    check_complete(FULL)


def test_a_film_stands_in_for_what_you_want_but_not_for_what_you_need() -> None:
    assert missing_parts(PlanAnswers(has_film=True)) == (
        "title", "need", "ask_cents", "least_cents", "applicant_type",
    )  # fmt: skip


def test_a_plan_that_needs_no_least_amount_is_complete() -> None:
    answers = PlanAnswers("Feest", "a", "b", "c", 1_800_000, 0, ApplicantType.RESIDENT)
    assert missing_parts(answers) == ()


def test_an_answer_of_only_signs_is_no_answer() -> None:
    answers = PlanAnswers("Feest", "...", "-", "\U0001f333", 5, 0, ApplicantType.RESIDENT)
    with pytest.raises(PlanNotComplete) as told:
        check_complete(answers)
    assert told.value.facts == {"missing": ("want", "can_do", "need")}


def test_asking_more_than_the_cap_is_allowed_and_told() -> None:
    # Worked example public-07: a plan asks 42,000 and needs 15,000 while the cap is 30,000.
    (told,) = check_amounts(
        ask_cents=4_200_000, least_cents=1_500_000, cap_cents=3_000_000, pot_cents=7_500_000
    )
    assert isinstance(told, AskAboveCap)
    assert told.facts == {"ask_cents": 4_200_000, "cap_cents": 3_000_000}


@pytest.mark.parametrize(("ask", "least"), [(3_000_000, 3_000_000), (1, 0), (1, 1), (3_000_000, 0)])
def test_an_ask_within_the_cap_needs_no_telling(ask: int, least: int) -> None:
    assert check_amounts(ask_cents=ask, least_cents=least, cap_cents=3_000_000, pot_cents=3_000_000) == ()


@pytest.mark.parametrize(
    ("ask", "least", "refusal"),
    [
        (0, 0, AskNothing),
        (-100, 0, AskNothing),
        (7_500_001, 0, AskAbovePot),
        (100, -1, LeastBelowZero),
        (100, 101, LeastAboveAsk),
        (3_000_001, 3_000_001, LeastAboveCap),
        (4_200_000, 3_100_000, LeastAboveCap),
    ],
)
def test_amounts_that_cannot_be_are_told_before_the_evening(
    ask: int, least: int, refusal: type[BadInput]
) -> None:
    with pytest.raises(BadInput) as told:
        check_amounts(ask_cents=ask, least_cents=least, cap_cents=3_000_000, pot_cents=7_500_000)
    assert type(told.value) is refusal


def test_a_pot_of_nothing_takes_no_ask() -> None:
    with pytest.raises(AskAbovePot):
        check_amounts(ask_cents=1, least_cents=0, cap_cents=1, pot_cents=0)


@given(*[st.integers(min_value=-10, max_value=20) for _ in range(4)])
def test_what_is_let_through_can_be_granted(ask: int, least: int, cap: int, pot: int) -> None:
    try:
        told = check_amounts(ask_cents=ask, least_cents=least, cap_cents=cap, pot_cents=pot)
    except BadInput:
        return
    assert 0 <= least <= min(ask, cap)
    assert 0 < ask <= pot
    assert bool(told) == (ask > cap)


@pytest.mark.parametrize("wrong", [1.0, True, "1", None])
def test_an_amount_that_is_no_whole_number_is_a_mistake_of_ours(wrong: object) -> None:
    with pytest.raises(TypeError):
        check_amounts(ask_cents=wrong, least_cents=0, cap_cents=1, pot_cents=1)  # type: ignore[arg-type]


WALK = [
    (PlanState.DRAFT, {PlanMove.SUBMIT, PlanMove.WITHDRAW}),
    (PlanState.SUBMITTED, {PlanMove.TAKE_BACK, PlanMove.ACCEPT, PlanMove.DECLINE, PlanMove.WITHDRAW}),
    (PlanState.READY, {PlanMove.CHECK_AGAIN, PlanMove.WITHDRAW}),
    (PlanState.DECLINED, {PlanMove.CHECK_AGAIN, PlanMove.REVISE}),
    (PlanState.WITHDRAWN, {PlanMove.RESTORE}),
]


@pytest.mark.parametrize(("state", "moves"), WALK)
def test_from_each_state_only_these_moves_can_be_made(state: PlanState, moves: set[PlanMove]) -> None:
    assert set(moves_from(state)) == moves
    for move in PlanMove:
        if move in moves:
            assert after_move(state, move) is MOVES[state, move]
        else:
            with pytest.raises(MoveNotAllowed) as told:
                after_move(state, move)
            assert told.value.status == 409


def test_a_plan_walks_from_draft_to_ready_and_only_a_check_makes_it_ready() -> None:
    assert after_move(after_move(PlanState.DRAFT, PlanMove.SUBMIT), PlanMove.ACCEPT) is PlanState.READY
    assert {move for (_, move), to in MOVES.items() if to is PlanState.READY} == {PlanMove.ACCEPT}


def test_only_a_draft_can_be_edited() -> None:
    assert [state for state in PlanState if may_edit(state)] == [PlanState.DRAFT]


def test_a_no_comes_with_a_reason_and_an_alternative() -> None:
    check_decline(reason="Het plein is niet van ons.", alternative="Vraag het aan de woningcorporatie.")
    with pytest.raises(DeclineWithoutReason):
        check_decline(reason=" ", alternative="Iets anders")
    with pytest.raises(DeclineWithoutAlternative):
        check_decline(reason="Kan niet", alternative="-")


OPENS, CLOSES = date(2026, 9, 1), date(2026, 10, 31)


@pytest.mark.parametrize(
    ("day", "may"),
    [
        (date(2026, 8, 31), False),
        (OPENS, True),
        (CLOSES, True),
        (date(2026, 11, 1), False),
    ],
)
def test_plans_are_taken_on_the_first_day_and_on_the_last(day: date, may: bool) -> None:
    assert may_submit_on(day, OPENS, CLOSES) is may
    if may:
        check_submit_on(day, OPENS, CLOSES)
    else:
        with pytest.raises(NotOpenYet if day < OPENS else Closed):
            check_submit_on(day, OPENS, CLOSES)


def test_a_moment_is_not_compared_with_a_day() -> None:
    with pytest.raises(TypeError):
        may_submit_on(datetime(2026, 10, 31, 23, 30, tzinfo=UTC), OPENS, CLOSES)
