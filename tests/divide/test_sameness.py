"""Somebody changes rows in the database after an evening: no page, no list and no paper says that it fits."""

import json

import sqlalchemy as sa
from flask import Flask

from pb.core.canonical import canonical, sha256_of
from pb.divide.queries import division
from pb.divide.sameness import Unlike, unlike
from pb.divide.tables import AmendmentRecord, DivisionLine, DivisionRecord
from pb.evening.rules.steps import Stage
from pb.grants.tables import PaymentBatch
from pb.people.rules import Role
from pb.store.engine import Store
from support.evenings import hold_evening
from support.neighbourhood import Neighbourhood
from support.room import Hall, open_hall

SCORES = {"Moestuin": [5, 5, 4, 4, 3], "Muziek": [5, 4, 4, 2, 4], "Bankje": [1, 2, 2, 1, 5]}
TOLD = "De bedragen van deze avond kloppen niet (plan 1, 2)"


def move_money(store: Store, cents: int = 100_000) -> None:
    """Take money from the second plan to the first, in the rows of the division alone."""
    with store.writing() as session:
        first, second = session.scalars(
            sa.select(DivisionLine).where(DivisionLine.amount_cents > 0).order_by(DivisionLine.plan_id)
        ).all()[:2]
        first.amount_cents += cents
        second.amount_cents -= cents


def found_in(store: Store, evening_id: int) -> Unlike | None:
    with store.reading() as session:
        return unlike(session, evening_id=evening_id)


def test_money_moved_between_two_plans_is_paid_to_nobody_and_signed_by_nobody(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    hall = open_hall(app, store, place, moment="done")
    assert found_in(store, hall.evening_id) is None
    manager, finance = hall.staff(Role.AREA_MANAGER), hall.staff(Role.FINANCE)
    path = f"/werk/avond/{hall.evening_id}/betaallijst"
    finance.post(path)
    with store.reading() as session:
        batch_id = session.scalars(sa.select(PaymentBatch.id)).one()
    move_money(store)
    page = finance.get(path)
    assert TOLD in page.text
    assert "Er wordt geen betaallijst gemaakt." in page.text
    assert "✓" not in page.text
    assert not page.all("main form")
    assert TOLD in finance.post(path, status=409).text
    assert finance.raw("GET", f"{path}/lijst-{batch_id}.csv").status_code == 409
    minutes = manager.get(f"{hall.path}/verslag")
    assert TOLD in minutes.text
    assert "Handtekeningen" not in minutes.text
    assert not minutes.all("a[href$='.pdf']")
    assert TOLD in manager.get(f"{hall.path}/verslag.pdf", status=409).text
    for public in ("uitslag", "uitslag/plan/1"):
        assert (
            "Hier staan andere bedragen dan er zijn bevestigd." in manager.get(f"{hall.path}/{public}").text
        )
    assert "Twee mensen staan voor deze uitslag" not in manager.get(f"{hall.path}/uitslag").text


def test_whatever_is_changed_in_the_rows_of_a_division_is_named(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    hall = open_hall(app, store, place, moment="divide")
    hall.amend(1, 700_000, "Het kan ook met minder")
    hall.confirm()
    assert found_in(store, hall.evening_id) is None
    for change, expected in (
        (sa.update(DivisionLine).where(DivisionLine.place == 1).values(computed_cents=1), True),
        (sa.update(DivisionLine).where(DivisionLine.place == 1).values(status="no"), True),
        (sa.update(DivisionLine).where(DivisionLine.place == 1).values(place=0), True),
        (sa.delete(DivisionLine).where(DivisionLine.place == 1), True),
        (sa.update(AmendmentRecord).values(reason="Iets anders"), True),
        (sa.update(AmendmentRecord).values(amount_cents=1), True),
        (sa.update(DivisionRecord).values(sha256="0" * 64), False),
        (
            sa.update(DivisionRecord).values(
                total_cents=DivisionRecord.total_cents + 1, leftover_cents=DivisionRecord.leftover_cents - 1
            ),
            False,
        ),
    ):
        with store.writing() as session:
            session.execute(change)
            found = unlike(session, evening_id=hall.evening_id)
            assert found is not None, change
            assert (bool(found.plans), found.whole) == (expected, not expected), change
            session.rollback()
    # A result that fits its lines and its own hash, but not what was told to the chain.
    with store.writing() as session:
        row = session.scalars(sa.select(DivisionRecord)).one()
        inputs, result = json.loads(row.inputs), json.loads(row.result)
        result["level_cents"] = 1
        row.result, row.sha256 = (
            canonical(result).decode(),
            sha256_of({"inputs": inputs, "result": result}),
        )
    assert found_in(store, hall.evening_id) == Unlike((), True)


def test_nobody_confirms_lines_that_are_not_what_was_computed(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    evening_id = hold_evening(store, place, SCORES, until=Stage.DIVIDE)
    move_money(store)
    hall = Hall(app, store, place, evening_id, (), ())
    hall.staff().post(f"{hall.path}/akkoord", {"way": "consensus", "getoond": sha256(store, evening_id)})
    officer = hall.staff(Role.OFFICER)
    assert TOLD in officer.get(f"{hall.path}/bevestig").text
    page = officer.post(f"{hall.path}/bevestig", {"getoond": sha256(store, evening_id)}, status=409)
    assert TOLD in page.text
    assert hall.now_at().stage is Stage.DIVIDE


def sha256(store: Store, evening_id: int) -> str:
    with store.reading() as session:
        found = division(session, evening_id=evening_id)
    assert found is not None
    return found.sha256
