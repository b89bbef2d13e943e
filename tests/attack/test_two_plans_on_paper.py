"""Two people who type in plans from paper at once do not mix up whose plan it is."""

from pb.people.rules import Role
from pb.plans.actions import start_paper_plan
from pb.plans.queries import whole_plan
from pb.store.engine import Store
from support.neighbourhood import NOW, Neighbourhood


def _start(store: Store, place: Neighbourhood, email: str) -> int:
    with store.writing() as session:
        return start_paper_plan(
            session, round_id=place.round_id, email=email, who=place.who(Role.AREA_MANAGER), now=NOW
        )


def test_a_plan_for_another_address_is_another_plan(store: Store, place: Neighbourhood) -> None:
    first = _start(store, place, "anna@post.example")
    second = _start(store, place, "bart@post.example")
    assert first != second
    with store.reading() as session:
        assert whole_plan(session, plan_id=first).claim_email == "anna@post.example"
        assert whole_plan(session, plan_id=second).claim_email == "bart@post.example"


def test_pressing_twice_for_the_same_address_is_one_plan(store: Store, place: Neighbourhood) -> None:
    for email in ("anna@post.example", ""):
        assert _start(store, place, email) == _start(store, place, email)
