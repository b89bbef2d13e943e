"""Plans are begun, changed and handed in by several people at once, and each counts once."""

import threading
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from pb.core.errors import NotFound
from pb.core.mail import Letter
from pb.people.actions import add_account
from pb.people.tables import Message
from pb.plans import actions, queries
from pb.plans.rules.film import Film, Provider
from pb.plans.rules.owner import Guest, Owner, holds, may_claim
from pb.plans.rules.plan import ApplicantType
from pb.plans.rules.states import MoveNotAllowed, PlanState
from pb.plans.rules.walk import AlreadyHandedIn, ChangedMeanwhile, EmailNotConfirmed, seen_as
from pb.plans.tables import Plan
from pb.store.engine import Store
from pb.store.journal import SYSTEM, VISITOR, account, lines
from support.neighbourhood import NOW, Neighbourhood

LETTER = Letter("Onderwerp", "Hallo\n")
ANSWERS: dict[int, dict[str, object]] = {
    1: {"title": "Moestuin", "want": "Groente."},
    2: {"can_do": "Gieten."},
    3: {"need": "Hout.", "ask_cents": 250_000, "least_cents": 0, "applicant_kind": ApplicantType.GROUP},
    4: {"film": Film(Provider.VIMEO, "vimeo.com", "76979871", 0)},
}


def at_once(count: int, work: Callable[[int], object]) -> list[object]:
    """Do the same from several threads at the same moment; give what each returned or raised."""
    ready, results = threading.Barrier(count), list[object](range(count))

    def run(n: int) -> None:
        ready.wait()
        try:
            results[n] = work(n)
        except Exception as error:
            results[n] = error

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def begin(
    store: Store, place: Neighbourhood, press: str = "telefoon", initiator_id: int | None = None
) -> int:
    with store.writing() as session:
        return actions.start_draft(
            session, round_id=place.round_id, initiator_id=initiator_id, press=press, who=VISITOR, now=NOW
        )


def save(store: Store, plan_id: int, step: int, typed: dict[str, object], seen: str | None = None) -> None:
    with store.writing() as session:
        before = queries.whole_plan(session, plan_id=plan_id).part(step)
        actions.save_answers(
            session, plan_id=plan_id, step=step, seen=seen_as(before) if seen is None else seen, typed=typed,
            who=VISITOR, now=NOW,
        )  # fmt: skip


def complete(store: Store, place: Neighbourhood) -> tuple[int, int]:
    """Make a complete plan of an account; give both ids."""
    with store.writing() as session:
        account_id = add_account(session, email="bewoner@post.example", name="", now=NOW)
    plan_id = begin(store, place, initiator_id=account_id)
    for step, typed in ANSWERS.items():
        save(store, plan_id, step, typed)
    return plan_id, account_id


def test_twenty_people_at_once_get_twenty_numbers(store: Store, place: Neighbourhood) -> None:
    plan_ids = at_once(20, lambda n: begin(store, place, f"telefoon {n}"))
    with store.reading() as session:
        numbers = session.scalars(sa.select(Plan.number).order_by(Plan.number)).all()
    assert len(set(plan_ids)) == 20
    assert numbers == list(range(1, 21))


def test_five_presses_at_once_on_one_phone_make_one_plan(store: Store, place: Neighbourhood) -> None:
    assert len(set(at_once(5, lambda n: begin(store, place)))) == 1


def test_handing_in_five_times_at_once_is_handing_in_once(store: Store, place: Neighbourhood) -> None:
    plan_id, account_id = complete(store, place)

    def press(n: int) -> None:
        with store.writing() as session:
            actions.hand_in(session, plan_id=plan_id, letter=LETTER, who=account(account_id), now=NOW)

    assert at_once(5, press) == [None] * 5
    with store.reading() as session:
        assert queries.whole_plan(session, plan_id=plan_id).state is PlanState.SUBMITTED
        assert session.scalar(sa.select(sa.func.count()).select_from(Message)) == 1
        noted = [line.what for line in lines(session, subject=f"plan {plan_id}")]
    assert noted.count("plan handed in") == 1


def test_of_two_who_claim_at_once_one_is_the_initiator(store: Store, place: Neighbourhood) -> None:
    plan_id = begin(store, place)
    with store.writing() as session:
        people = [add_account(session, email=f"b{n}@post.example", name="", now=NOW) for n in range(2)]

    def claim(n: int) -> None:
        with store.writing() as session:
            actions.claim(session, plan_id=plan_id, account_id=people[n], who=account(people[n]), now=NOW)

    results = at_once(2, claim)
    assert sorted(type(result) for result in results if result is not None) == [AlreadyHandedIn]
    with store.reading() as session:
        assert queries.whole_plan(session, plan_id=plan_id).initiator_id == people[results.index(None)]


def test_of_two_who_save_the_same_question_at_once_one_is_told(store: Store, place: Neighbourhood) -> None:
    plan_id = begin(store, place)
    empty = seen_as({"can_do": ""})
    results = at_once(2, lambda n: save(store, plan_id, 2, {"can_do": f"antwoord {n}"}, seen=empty))
    assert sorted(str(type(result)) for result in results) == sorted(map(str, (type(None), ChangedMeanwhile)))


def test_saving_the_same_again_leaves_no_trace(store: Store, place: Neighbourhood) -> None:
    plan_id = begin(store, place)
    save(store, plan_id, 4, ANSWERS[4])
    save(store, plan_id, 4, ANSWERS[4], seen="old")
    with store.reading() as session:
        plan = queries.whole_plan(session, plan_id=plan_id)
        noted = [line.what for line in lines(session, subject=f"plan {plan_id}")]
    assert (plan.film, plan.version) == (ANSWERS[4]["film"], 2)
    assert noted == ["plan changed", "plan begun"]


def test_a_film_can_be_taken_away_again(store: Store, place: Neighbourhood) -> None:
    plan_id = begin(store, place)
    save(store, plan_id, 4, ANSWERS[4])
    save(store, plan_id, 4, {"film": None})
    with store.reading() as session:
        assert queries.whole_plan(session, plan_id=plan_id).film is None


def test_a_plan_of_nobody_is_not_handed_in(store: Store, place: Neighbourhood) -> None:
    plan_id = begin(store, place)
    for step, typed in ANSWERS.items():
        save(store, plan_id, step, typed)
    with pytest.raises(EmailNotConfirmed), store.writing() as session:
        actions.hand_in(session, plan_id=plan_id, letter=LETTER, who=VISITOR, now=NOW)


def test_the_journal_names_no_person_and_holds_no_answers(store: Store, place: Neighbourhood) -> None:
    plan_id, account_id = complete(store, place)
    with store.writing() as session:
        actions.hand_in(session, plan_id=plan_id, letter=LETTER, who=account(account_id), now=NOW)
        version = queries.whole_plan(session, plan_id=plan_id).version
        actions.decline(
            session, round_id=place.round_id, plan_id=plan_id, version=version, reason="Geheime reden",
            alternative="Iets anders", letter=LETTER, who=SYSTEM, now=NOW,
        )  # fmt: skip
    with store.reading() as session:
        written = " ".join(line.facts + line.what for line in lines(session, subject=f"plan {plan_id}"))
    for word in ("Moestuin", "Groente", "post.example", "Geheime", "anders"):
        assert word not in written


def test_a_plan_is_changed_only_within_its_own_round(store: Store, place: Neighbourhood) -> None:
    plan_id, account_id = complete(store, place)
    with store.writing() as session:
        actions.hand_in(session, plan_id=plan_id, letter=LETTER, who=account(account_id), now=NOW)
    with pytest.raises(NotFound), store.writing() as session:
        actions.accept(
            session,
            round_id=place.round_id + 1,
            plan_id=plan_id,
            version=6,
            letter=LETTER,
            who=SYSTEM,
            now=NOW,
        )


@pytest.mark.parametrize("action", [actions.take_back, actions.revise, actions.restore])
def test_a_draft_has_nothing_to_take_back(
    store: Store, place: Neighbourhood, action: Callable[..., None]
) -> None:
    plan_id = begin(store, place)
    with pytest.raises(MoveNotAllowed), store.writing() as session:
        action(session, plan_id=plan_id, who=VISITOR, now=NOW)


ids = st.integers(min_value=1, max_value=3)
addresses = st.sampled_from(["a@post.example", "b@post.example"])
owners = st.builds(Owner, ids, st.none() | ids, st.none() | addresses)
guests = st.builds(Guest, ids, addresses, st.frozensets(ids)) | st.builds(Guest, drafts=st.frozensets(ids))


@given(owners, guests)
def test_once_a_plan_has_an_initiator_nobody_else_holds_it(owner: Owner, guest: Guest) -> None:
    if owner.initiator_id is not None:
        assert holds(owner, guest) == (owner.initiator_id == guest.account_id)
        assert not may_claim(owner, guest)


@given(owners, guests)
def test_whoever_may_claim_a_plan_holds_it_and_is_logged_in(owner: Owner, guest: Guest) -> None:
    if may_claim(owner, guest):
        assert holds(owner, guest)
        assert guest.account_id is not None
        assert owner.claim_email in (None, guest.email)
