"""Everyone reads a plan: the film first, and nothing from elsewhere before a press."""

from typing import Any

import pytest

from pb.plans import actions, queries
from pb.plans.rules.film import Film, Provider
from pb.plans.rules.plan import ApplicantType
from pb.store.engine import Store
from pb.store.journal import SYSTEM
from support.neighbourhood import NOW, Neighbourhood
from support.visitor import Visitor

FILM = Film(Provider.YOUTUBE, "www.youtube.com", "dQw4w9WgXcQ", 10)


def ready(store: Store, place: Neighbourhood, **changes: Any) -> int:
    facts: dict[str, Any] = {
        "title": "Moestuin", "want": "Groente.", "ask_cents": 250_000, "least_cents": 0, "source_ref": None,
    }  # fmt: skip
    with store.writing() as session:
        return actions.add_ready_plan(
            session, round_id=place.round_id, who=SYSTEM, now=NOW, **(facts | changes)
        )


def test_the_film_is_a_plain_link_until_somebody_presses(
    visitor: Visitor, place: Neighbourhood, store: Store
) -> None:
    ready(store, place, film=FILM)
    page = visitor.get(f"/ronde/{place.round_id}/plan/1")
    link = page.one(".film a")
    assert link.attributes["href"] == "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=10s"
    assert link.attributes["rel"] == "noopener noreferrer"
    assert link.text().strip() == "Speel de film af (YouTube)"
    assert not page.all("iframe, img")
    assert page.all("script[src='/static/js/film.js'][type=module]")
    assert page.html.index('class="film"') < page.html.index("<h1>")


def test_a_plan_shows_its_answers_and_amounts(visitor: Visitor, place: Neighbourhood, store: Store) -> None:
    ready(store, place, can_do="Wij gieten.", need="Hout.", least_cents=1, applicant_kind=ApplicantType.GROUP)
    text = visitor.get(f"/ronde/{place.round_id}/plan/1").text.replace("\u00a0", " ")
    for words in ("Groente.", "Wij gieten.", "Hout.", "€ 2.500", "lukt vanaf € 0,01", "Een groep bewoners"):
        assert words in text


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "W" * 90},
        {"title": "Lang " * 18, "ask_cents": 1},
        {"want": "", "ask_cents": 1_000_000_000_000},
        {"want": "a" * 1500},
    ],
)
def test_long_names_and_odd_amounts_are_shown_whole(
    visitor: Visitor, place: Neighbourhood, store: Store, changes: dict[str, Any]
) -> None:
    ready(store, place, **changes)
    page = visitor.get(f"/ronde/{place.round_id}/plan/1")
    assert page.title == str(changes.get("title", "Moestuin")).strip()


@pytest.mark.parametrize("path", ["/ronde/{round}/plan/2", "/ronde/999999/plan/1", "/ronde/{round}/plan/0"])
def test_what_is_not_ready_does_not_exist(
    visitor: Visitor, place: Neighbourhood, store: Store, path: str
) -> None:
    ready(store, place)
    visitor.get(path.format(round=place.round_id), status=404)


def test_a_plan_of_another_round_is_not_found_here(store: Store, place: Neighbourhood) -> None:
    plan_id = ready(store, place, film=FILM)
    with store.reading() as session:
        assert [plan.id for plan in queries.ready_plans(session, round_id=place.round_id)] == [plan_id]
        assert queries.ready_plans(session, round_id=place.round_id + 1) == []
        assert queries.plans_by_id(session, [plan_id])[plan_id].film == FILM
        assert queries.plans_by_id(session, []) == {}
        assert queries.initiator_emails(session, [plan_id]) == {}
        assert queries.plan_counts(session, round_id=place.round_id) == queries.PlanCounts(
            ready=1, submitted=0
        )
