"""The page that shows the panel beside its neighbourhood."""

from datetime import UTC, datetime, time, timedelta

import sqlalchemy as sa
from flask import Flask

from pb.evening.tables import Evening, Presence
from pb.inviting.tables import Appeal
from pb.people.rules import Role
from pb.rounds.tables import Round, RuleSetVersion
from pb.sortition.actions.forgetting import erase, forget_round
from pb.sortition.actions.replacing import next_reserves, seat_reserve
from pb.sortition.actions.vacancies import vacancy
from pb.sortition.queries.known import Kind
from pb.sortition.queries.mirror import EveningCame, mirror
from pb.store.engine import Store
from pb.store.journal import SYSTEM
from support.neighbourhood import NOW, Neighbourhood, email_of
from support.panel import key_of
from support.seated import seat_panel
from support.visitor import Page, Visitor


def test_everyone_sees_groups_and_where_the_panel_came_from(
    app: Flask, store: Store, place: Neighbourhood, visitor: Visitor
) -> None:
    path = f"/ronde/{place.round_id}/panel"
    assert "Het panel is nog niet geloot." in visitor.get(path).text
    seat_panel(store, place, fixed=2, key=key_of(app))
    page = visitor.get(path)
    assert "12 mensen zitten in het panel. 42 mensen wilden meedoen." in page.text
    assert "2 uit het netwerk, 10 geloot." in page.text
    for table in page.all("main table"):
        cells = [cell.text().strip() for cell in table.css("tbody td:last-child")]
        assert sum(int(cell) for cell in cells) == 12
        assert all(int(cell) == 0 or int(cell) >= 3 for cell in cells)
    assert {rect.attributes["width"] for rect in page.all("rect.share-area")} == {"50"}
    for secret in ("Voorbeeld lot", "@post.example", "Voorbeeldstraat"):
        assert secret not in page.html
    staff = Visitor(app).log_in(email_of(Role.AREA_MANAGER))
    assert staff.get(path).text == page.text


def test_an_evening_shows_how_many_came_and_how_many_were_new(store: Store, place: Neighbourhood) -> None:
    held = seat_panel(store, place)
    ids = [seat.id for seat in held.seats]
    day = NOW.date()
    evenings = [
        EveningCame("Eerste", day, frozenset(ids[:9])),
        EveningCame("Tweede", day + timedelta(days=7), frozenset(ids[3:])),
    ]
    with store.reading() as session:
        found = mirror(session, round_id=place.round_id, evenings=lambda _session, _round: evenings)
    assert found is not None
    first, second = found.evenings
    assert (first.came, first.panel, first.newcomers) == (9, 12, None)
    assert (second.came, second.panel, second.newcomers) == (9, 12, 3)


def test_who_really_came_is_read_from_the_evening(
    app: Flask, store: Store, place: Neighbourhood, visitor: Visitor
) -> None:
    held = seat_panel(store, place, key=key_of(app))
    with store.writing() as session:
        evening = Evening(
            round_id=place.round_id, name="Eerste avond", held_on=NOW.date(), budget_cents=1, lot_seed="x",
            rule_set_id=session.scalars(sa.select(RuleSetVersion.id)).first(), stage="done", moved_at=NOW,
        )  # fmt: skip
        session.add(evening)
        session.flush()
        session.add_all(
            Presence(evening_id=evening.id, seat_id=seat.id, arrived_at=NOW) for seat in held.seats[:11]
        )
    page = visitor.get(f"/ronde/{place.round_id}/panel")
    assert "Eerste avond zaterdag 21 november 2026 11 van de 12 kwamen." in page.text
    # One person was missing: what the others filled in would tell what that one did.
    assert "Er misten zo weinig mensen" in page.text


def test_a_draft_round_has_no_such_page(store: Store, place: Neighbourhood, visitor: Visitor) -> None:
    with store.writing() as session:
        session.execute(sa.update(Round).values(state="draft"))
    visitor.get(f"/ronde/{place.round_id}/panel", status=404)


def test_erasing_or_stopping_after_the_freeze_changes_no_count_that_was_shown(
    app: Flask, store: Store, place: Neighbourhood, visitor: Visitor
) -> None:
    """Whoever keeps the page of before and after learns nothing of who went; the page says what is now."""
    held = seat_panel(store, place, key=key_of(app))
    path = f"/ronde/{place.round_id}/panel"
    manager = Visitor(app).log_in(email_of(Role.AREA_MANAGER))
    chances = f"/werk/ronde/{place.round_id}/panel/doelen"

    def cells(page: Page) -> list[str]:
        return [cell.text() for cell in page.all("main tbody td")]

    before, seen = cells(visitor.get(path)), cells(manager.get(chances))
    assert "bij het vaststellen stond" in manager.get(chances).text
    assert "Daarna stopte" not in manager.get(chances).text
    seated = held.seats[0].answer_id
    other = next(one for one in held.answer_ids if one not in {seat.answer_id for seat in held.seats})
    assert seated is not None
    with store.writing() as session:
        for one in (seated, other):
            erase(
                session, round_id=place.round_id, kind=Kind.ANSWER, of=one,
                who=place.who(Role.AREA_MANAGER), now=NOW,
            )  # fmt: skip
    page = visitor.get(path)
    assert cells(page) == before
    assert "11 mensen zitten in het panel. 40 mensen wilden meedoen. 1 stoel is nu leeg." in page.text
    assert "bij het vaststellen. Toen deden er 40 mensen mee, nu 38." in page.text
    fixed = manager.get(chances)
    assert "Daarna stopten 2 mensen, of werden gewist. Nu doen er nog 38 mee." in fixed.text
    assert [cell.partition(" nu ")[0].strip() for cell in cells(fixed)] == [cell.strip() for cell in seen]
    assert any(" nu " in cell for cell in cells(fixed))
    # One newcomer is one too few to show.
    with store.writing() as session:
        seen = next_reserves(session, vacancy(session, round_id=place.round_id))[0]
        seat_reserve(
            session, round_id=place.round_id, seat_id=held.seats[0].id, seen=seen, card_key=key_of(app),
            who=place.who(Role.AREA_MANAGER), now=NOW + timedelta(hours=1),
        )  # fmt: skip
    page = visitor.get(path)
    assert cells(page) == before
    assert "12 mensen zitten in het panel." in page.text
    assert "Daarna kwam er 1 nieuw mens in het panel." in page.text
    # The names go on their day, and the counts stay as they were.
    with store.writing() as session:
        appeal = session.get_one(Appeal, place.round_id)
        forget_round(
            session, round_id=place.round_id, evenings=lambda _session, _round: [], who=SYSTEM,
            now=datetime.combine(appeal.delete_on, time(12), UTC),
        )  # fmt: skip
    assert cells(visitor.get(path)) == before
    assert "De kenmerken zijn gewist, zoals beloofd." in manager.get(chances).text
