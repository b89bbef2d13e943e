"""What is kept of people, and that it is gone when it should be: in every table, in every column."""

import json
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from babel.dates import format_date
from flask import Flask

from pb.evening.actions.planning import plan_evening
from pb.inviting.rules.codes import own_code, own_lookup
from pb.inviting.tables import Answer, AnswerFeature, AnswerPerson, Appeal
from pb.people.actions import post
from pb.people.rules import Role
from pb.public.mirror import evenings_came, evenings_to_come
from pb.sortition.actions.forgetting import erase
from pb.sortition.actions.steps import add_step
from pb.sortition.actions.telling import mark_told
from pb.sortition.forgetting_command import forget_what_is_due
from pb.sortition.queries.known import Kind, find, known_about
from pb.sortition.queries.mirror import mirror
from pb.sortition.queries.steps import seats_now
from pb.sortition.rules.steps import Step
from pb.sortition.tables import SeatDraw
from pb.store.base import Table
from pb.store.engine import Store
from pb.store.journal import JournalLine
from support.evenings import LOT_SEED, Asked, put_plans
from support.inviting import invite_yes
from support.neighbourhood import NOW, Neighbourhood, email_of
from support.panel import invite, key_of
from support.seated import seat_panel
from support.today import today
from support.visitor import Visitor

DAY = datetime(2027, 7, 1, 3, 0, tzinfo=UTC)


def everything(store: Store) -> str:
    """Give all texts and bytes of the whole database."""
    found: list[str] = []
    with store.reading() as session:
        for table in Table.metadata.sorted_tables:
            for row in session.execute(sa.select(table)):
                found += [
                    one.decode(errors="replace") if isinstance(one, bytes) else one
                    for one in row
                    if isinstance(one, str | bytes)
                ]
    return "\n".join(found)


def plan(store: Store, place: Neighbourhood, held_on: date) -> None:
    """Plan an evening of this panel."""
    plans = put_plans(store, place, {"Moestuin": Asked()})
    with store.writing() as session:
        plan_evening(
            session, round_id=place.round_id, name="Beslisavond", held_on=held_on, place="Buurthuis",
            budget_cents=10_000_00, lot_seed=LOT_SEED, plan_ids=list(plans.values()),
            who=place.who(Role.AREA_MANAGER), now=NOW,
        )  # fmt: skip


def test_on_the_day_names_features_and_addresses_are_gone_and_the_mirror_is_the_same(
    store: Store, place: Neighbourhood
) -> None:
    held = seat_panel(store, place, fixed=2)
    invite_yes(store, place, 2, said="no", seed="nee")
    with store.writing() as session:
        post(session, to_email="lotjaja1@post.example", subject="Dank", body="Je code", now=NOW)
        post(session, to_email="ander@post.example", subject="Plan", body="Je plan", now=NOW)
    with store.reading() as session:
        before = mirror(session, round_id=place.round_id, evenings=evenings_came)
    assert before is not None
    assert len(before.features) == 2
    assert before.features[0].groups
    # Not yet: the day before nothing goes.
    evening = DAY.date() + timedelta(days=6)
    plan(store, place, evening)

    def forget(now: datetime) -> int:
        return forget_what_is_due(store, evenings=evenings_came, to_come=evenings_to_come, now=now)

    assert forget(DAY - timedelta(days=1)) == 0
    assert "Voorbeeldstraat 3," in everything(store)
    assert forget(DAY) == 1
    assert forget(DAY + timedelta(days=1)) == 0
    text = everything(store)
    with store.reading() as session:
        after = mirror(session, round_id=place.round_id, evenings=evenings_came)
        seated = {seat.answer_id for seat in seats_now(session, round_id=place.round_id)}
        assert session.query(AnswerFeature).count() == 0
        assert session.scalars(sa.select(SeatDraw.auditor)).all() == [None]
        lines = list(session.scalars(sa.select(JournalLine).where(JournalLine.what == "answers forgotten")))
    assert after == before
    assert [line.subject for line in lines] == [f"round {place.round_id}"]
    for number, answer_id in enumerate(held.answer_ids[:40], start=1):
        if answer_id not in seated:
            for secret in (f"Voorbeeld lot {number}\n", f"lotjaja{number}@", f"Voorbeeldstraat {number},"):
                assert secret not in text, secret
    assert "ander@post.example" in text  # of somebody else altogether
    # Who has a seat is still reached, but where they live nobody needs to know; the night after the last
    # evening they go too.
    assert "Voorbeeldstraat" not in text
    assert forget(DAY + timedelta(days=6)) == 0
    assert "lotjaja" in everything(store)
    assert forget(DAY + timedelta(days=7)) == 0
    with store.reading() as session:
        gone = session.scalars(sa.select(JournalLine).where(JournalLine.what == "persons forgotten")).all()
    assert [line.subject for line in gone] == [f"round {place.round_id}"]
    assert "jaja" not in everything(store)
    assert "Voorbeeld lot" not in everything(store)


def test_one_person_is_erased_on_request_and_the_seat_becomes_empty(
    store: Store, place: Neighbourhood
) -> None:
    held = seat_panel(store, place)
    seat = held.seats[3]
    assert seat.answer_id is not None
    with store.reading() as session:
        about = known_about(session, round_id=place.round_id, kind=Kind.ANSWER, of=seat.answer_id)
    for secret in (about.person.name, about.person.email, about.letter.address):
        assert secret in everything(store)
    for _twice in range(2):
        with store.writing() as session:
            erase(
                session, round_id=place.round_id, kind=Kind.ANSWER, of=seat.answer_id,
                who=place.who(Role.AREA_MANAGER), now=NOW,
            )  # fmt: skip
    text = everything(store)
    for secret in (f"{about.person.name}\n", about.person.email, f"{about.letter.address}\n"):
        assert secret not in text, secret
    with store.reading() as session:
        now = seats_now(session, round_id=place.round_id)[3]
        assert session.get_one(Answer, seat.answer_id).erased_at == NOW
        packs = session.scalars(sa.select(SeatDraw.pack)).all()
        lines = list(session.scalars(sa.select(JournalLine).where(JournalLine.what == "person erased")))
    assert (now.number, now.state, now.is_empty) == (4, Step.WITHDRAWN, True)
    assert seat.code in packs[0].decode()  # type: ignore[operator]
    assert len(lines) == 1
    assert about.person.name not in lines[0].facts


def test_an_address_stays_while_somebody_else_there_takes_part(store: Store, place: Neighbourhood) -> None:
    held = seat_panel(store, place, yes=26)
    first, mate = held.answer_ids[:2]
    with store.writing() as session:
        session.get_one(Answer, mate).invitation_id = session.get_one(Answer, first).invitation_id
    who = place.who(Role.AREA_MANAGER)
    with store.writing() as session:
        erase(session, round_id=place.round_id, kind=Kind.ANSWER, of=first, who=who, now=NOW)
    with store.reading() as session:
        about = known_about(session, round_id=place.round_id, kind=Kind.ANSWER, of=mate)
        assert about.letter.address
    with store.writing() as session:
        erase(session, round_id=place.round_id, kind=Kind.ANSWER, of=mate, who=who, now=NOW)
    with store.reading() as session:
        about = known_about(session, round_id=place.round_id, kind=Kind.ANSWER, of=mate)
    assert not about.letter.address


def test_somebody_is_found_by_name_mail_code_letter_or_seat(store: Store, place: Neighbourhood) -> None:
    held = seat_panel(store, place, yes=26, fixed=1)
    invite(store, place, 1)
    with store.reading() as session:

        def kinds(words: str, own_hmac: str | None = None) -> list[Kind]:
            return [
                one.kind for one in find(session, round_id=place.round_id, words=words, own_hmac=own_hmac)
            ]

        assert kinds("LOTJAJA7@post.example") == [Kind.ANSWER]
        assert kinds("voorbeeld lot 17") == [Kind.ANSWER]
        assert kinds("p1@post.example") == [Kind.SEAT]
        assert kinds("niemand") == []
        # By what somebody says on the phone: the number, or where they live.
        first = session.get_one(AnswerPerson, held.answer_ids[0])
        first.phone = "+31612345678"
        session.flush()
        assert kinds("06 - 1234 56 78") == [Kind.ANSWER]
        assert kinds("06 1234") == []
        assert kinds("voorbeeldstraat 3,") == [Kind.ANSWER]
        hashed = session.get_one(Answer, held.answer_ids[0]).own_hmac
        assert kinds("wat dan ook", hashed) == [Kind.ANSWER]


def test_the_pages_show_give_and_erase(
    app: Flask, store: Store, place: Neighbourhood, visitor: Visitor
) -> None:
    held = seat_panel(store, place, yes=26, key=key_of(app))
    path = f"/werk/ronde/{place.round_id}/panel/gegevens"
    visitor.log_in(email_of(Role.AREA_MANAGER))
    page = visitor.get(path)
    assert "1 juli 2027 worden namen en kenmerken gewist." in page.text
    answer_id = next(seat.answer_id for seat in held.seats)
    page = visitor.fill(path, {"words": own_code(key_of(app), answer_id)}, form="main form")
    assert page.answer.request.query_string == b""
    assert "1 gevonden" in page.text
    one = f"{path}/antwoord/{answer_id}"
    page = visitor.get(one)
    for word in ("Stoel 1", "geslacht", "woning", "kreeg een stoel", f"panel-{place.round_id}-1"):
        assert word in page.text, word
    told = json.loads(visitor.raw("GET", f"{one}.json").data)
    assert told["seat"]["number"] == 1
    assert told["person"]["email"].startswith("lotjaja")
    assert set(told["features"]) == {"geslacht", "woning"}
    assert told["draws"][0]["numbers"]
    # Who told somebody by phone is a fact about that person too.
    with store.writing() as session:
        session.get_one(AnswerPerson, answer_id).email = ""
        for ticked in (True, False):
            mark_told(
                session, round_id=place.round_id, draw_id=held.draw_id, answer_id=answer_id, told=ticked,
                who=place.who(Role.CALLER), now=NOW,
            )  # fmt: skip
    ticks = json.loads(visitor.raw("GET", f"{one}.json").data)["told"]
    assert [(tick["news"], tick["told"]) for tick in ticks] == [("list", True), ("list", False)]
    assert "toch niet gehoord dat de lijst vastligt" in visitor.get(one).text
    page = visitor.get(f"{one}/wissen")
    assert "Dit blijft, en waarom" in page.text
    page = visitor.fill(f"{one}/wissen", {})
    assert "één persoon, op verzoek" in page.text
    assert "lotjaja" not in visitor.get(one).text
    visitor.post(f"{path}/panel-wissen", {}, status=409)
    visitor.get(f"{path}/antwoord/99999", status=404)
    visitor.fill(path, {"words": ""}, status=422, form="main form")
    other = Visitor(app).log_in(email_of(Role.AREA_MANAGER, "andere-wijk"))
    for closed in (path, one, f"{one}.json", f"{one}/wissen"):
        other.get(closed, status=404)


def test_the_first_visit_after_the_day_forgets_what_the_timer_did_not(
    app: Flask, store: Store, place: Neighbourhood, visitor: Visitor
) -> None:
    held = seat_panel(store, place, key=key_of(app))
    plan(store, place, today(3))
    evening, after = (format_date(today(days), "d MMMM yyyy", "nl") for days in (3, 4))
    public = f"/ronde/{place.round_id}/panel"
    before = Visitor(app).get(public).text
    with store.writing() as session:
        session.get_one(Appeal, place.round_id).delete_on = NOW.date() - timedelta(days=2)
    path = f"/werk/ronde/{place.round_id}/panel/gegevens"
    visitor.log_in(email_of(Role.AREA_MANAGER))
    page = visitor.get(path)
    assert "De namen en kenmerken zijn gewist op" in page.text
    assert ": vanzelf" in page.text
    assert Visitor(app).get(public).text == before
    # And says so to whoever it is about, with when and where.
    seated = Visitor(app)
    with seated.browser.session_transaction() as kept:
        kept["mine"] = own_lookup(key_of(app), own_code(key_of(app), held.seats[0].answer_id or 0))
    mine = seated.get("/mijn-loting").text
    assert "hebben we je antwoorden en je adres gewist." in mine
    assert f"{after}: de dag na de laatste avond." in mine
    assert evening in mine
    assert ", Buurthuis" in mine
    assert "belt of mailt je nog om te vragen of je komt" in mine
    with store.writing() as session:
        first = seats_now(session, round_id=place.round_id)[0]
        add_step(
            session,
            round_id=place.round_id,
            seat=first,
            step=Step.CONFIRMED,
            who=place.who(Role.CALLER),
            now=NOW,
        )
    assert "Je komt, dat weten we." in seated.get("/mijn-loting").text
    # An evening is still to come, so who has a seat is kept until the day after it; the button goes before.
    assert f"{after}, de dag na de laatste avond 12" in page.text
    page = visitor.get(f"{path}/panel-wissen")
    assert "Van 12 stoelen gaan naam, e-mailadres en telefoonnummer weg." in page.text
    assert f"{after}. Stoelnummers en cijfers blijven." in page.text
    page = visitor.fill(f"{path}/panel-wissen", {})
    assert "De namen van het panel zijn gewist." in page.text
    assert "12 namen van het panel" in page.text
    refused = visitor.get(f"/werk/ronde/{place.round_id}/panel/wisselingen/loten", status=409)
    assert "De kenmerken zijn gewist, zoals beloofd." in refused.text
    assert "Voorbeeld lot" not in visitor.get(f"/werk/ronde/{place.round_id}/panel/wisselingen").text
