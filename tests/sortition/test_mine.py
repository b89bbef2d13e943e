"""Everybody sees their own lot, and nobody else's."""

import pytest
import sqlalchemy as sa
from flask import Flask

from pb.inviting.rules.codes import own_code, own_lookup
from pb.inviting.tables import Answer, Appeal, Invitation, InvitationPerson
from pb.panel.rules.origins import Origin
from pb.people.rules import Role
from pb.sortition.actions.forgetting import erase
from pb.sortition.queries import draws as queries
from pb.sortition.queries.known import Kind
from pb.store.engine import Store
from support.followed import drawn_panel, empty, files_of, replace
from support.inviting import ask, invite_yes
from support.neighbourhood import NOW, Neighbourhood
from support.panel import key_of
from support.seat_draws import decide, freeze_draw, publish, read_number
from support.visitor import Visitor


@pytest.fixture
def asked(store: Store, place: Neighbourhood) -> Neighbourhood:
    """Give a round that asks for a panel of 8."""
    ask(store, place)
    return place


def as_person(app: Flask, answer_id: int) -> Visitor:
    """Give a browser that opened this answer with its own code."""
    person = Visitor(app)
    key = key_of(app)
    with person.browser.session_transaction() as kept:
        kept["mine"] = own_lookup(key, own_code(key, answer_id))
    return person


def test_somebody_follows_their_own_lot_from_before_to_after(
    app: Flask, store: Store, asked: Neighbourhood, visitor: Visitor
) -> None:
    key = key_of(app)
    everybody = invite_yes(store, asked, 24, key=key)
    guest = invite_yes(store, asked, 1, origin=Origin.INVITED, key=key)[0]
    with store.writing() as session:
        # Somebody who had a letter lives where the guest does.
        rows = session.execute(
            sa.select(Answer.id, InvitationPerson)
            .join(Invitation, Invitation.id == Answer.invitation_id)
            .join(InvitationPerson, InvitationPerson.invitation_id == Invitation.id)
            .where(Answer.id.in_([everybody[0], guest]))
        ).all()
        for _answer, letter in rows:
            letter.address_key = "one home"
    me = as_person(app, everybody[5])
    assert "De loting moet nog komen" in me.get("/mijn-loting").text
    draw_id = freeze_draw(store, asked, key=key)
    assert "De loting moet nog komen" in me.get("/mijn-loting").text
    publish(store, asked, draw_id)
    with store.reading() as session:
        held = queries.draw(session, round_id=asked.round_id, draw_id=draw_id)
        figures = queries.figures(session, held)
        codes = {row.id: row.code for row in session.execute(sa.select(Answer.id, Answer.code))}
    page = me.get("/mijn-loting")
    turns = figures.turns[codes[everybody[5]]]
    assert codes[everybody[5]] in page.text
    assert f"Je zit in {len(turns)} van de 40 panels" in page.text
    assert page.all(".turn-numbers span")[0].text().split("–")[0] == str(turns[0])
    assert not any(code in page.text for one, code in codes.items() if one != everybody[5])
    assert "Je hoeft niet te loten" in as_person(app, guest).get("/mijn-loting").text
    assert "op jouw adres heeft al een stoel" in as_person(app, everybody[0]).get("/mijn-loting").text
    read_number(store, asked, draw_id, Role.AREA_MANAGER)
    read_number(store, asked, draw_id, Role.FACILITATOR)
    with store.reading() as session:
        number = queries.draw(session, round_id=asked.round_id, draw_id=draw_id).number or 0
    panel = figures.panel(number)
    drawn = next(one for one in everybody if codes[one] in panel)
    other = next(one for one in everybody[1:] if codes[one] not in panel)
    assert f"Nummer {number} is er een van jou" in as_person(app, drawn).get("/mijn-loting").text
    decide(store, asked, draw_id, key=key)
    with store.reading() as session:
        seat = queries.seat_of_answer(session, answer_id=drawn)
    assert seat is not None
    assert as_person(app, drawn).get("/mijn-loting").title == f"Je bent geloot: stoel {seat.number}"
    lost = as_person(app, other).get("/mijn-loting")
    assert lost.title == "Je bent niet geloot"
    assert f"Nummer {number} zit niet bij jouw nummers" in lost.text
    assert "Je zit in het panel: stoel" in as_person(app, guest).get("/mijn-loting").text
    # Who has no code is asked for it; who stopped is not in the draw.
    assert visitor.get("/mijn-loting").answer.request.path == "/mijn-antwoord"
    with store.writing() as session:
        session.get_one(Answer, drawn).withdrawn_at = held.frozen_at
    stopped = as_person(app, drawn).get("/mijn-loting").text
    assert "Je hebt laten weten dat je stopt. Je stoel gaat naar iemand anders." in stopped
    assert "Welkom" not in stopped
    with store.writing() as session:
        session.get_one(Answer, other).withdrawn_at = held.frozen_at
    assert "Je loot niet mee" in as_person(app, other).get("/mijn-loting").text


def test_whoever_was_in_a_replacement_sees_both_draws_each_with_its_own_check(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    key = key_of(app)
    panel = drawn_panel(store, place, key=key)
    empty(store, place, 2, 5)
    second = replace(store, place, key=key)
    (pack, told) = files_of(store, second)
    with store.reading() as session:
        ids = {row.code: row.id for row in session.execute(sa.select(Answer.id, Answer.code))}
    checks = [f"/ronde/{place.round_id}/panel/loting/{one}" for one in (second, panel.draw_id)]
    drawn = as_person(app, ids[told["panel"][0]]).get("/mijn-loting")
    assert "Je bent geloot: stoel" in drawn.title
    assert "Je stoel komt uit de loting voor lege stoelen" in drawn.text
    assert [node.attributes["href"] for node in drawn.all("section a.button")] == checks
    assert "je bent hier geloot" in drawn.text
    assert "je bent hier niet geloot" in drawn.text
    other = next(code for code in pack["people"] if code not in told["panel"])
    lost = as_person(app, ids[other]).get("/mijn-loting")
    assert lost.title == "Je bent niet geloot"
    assert "Je deed mee in 2 lotingen" in lost.text
    assert "van de 100 panels" in lost.text
    # Who gave up the seat is not welcomed, and not asked whether to stop.
    gone = as_person(app, ids[(set(pack["first"]["seated"]) - set(pack["invited"])).pop()])
    assert "Je had stoel" in gone.get("/mijn-loting").text
    assert "Je liet weten dat je niet komt." in gone.get("/mijn-loting").text
    answer = gone.get("/mijn-antwoord").text
    assert "Je liet weten dat je niet komt. Je stoel gaat naar iemand anders." in answer
    assert "Ik wil stoppen" not in answer
    page = Visitor(app).get(checks[0]).text
    assert "lootten mee om 2 stoelen" in page
    assert "Dit getal stond niet in de nieuwsbrief" in page
    assert "python3 draw_verify.py" in page


def test_after_erasing_nobody_reads_that_they_said_no(app: Flask, store: Store, asked: Neighbourhood) -> None:
    one, other = invite_yes(store, asked, 2, key=key_of(app))
    with store.writing() as session:
        erase(session, round_id=asked.round_id, kind=Kind.ANSWER, of=one, who=asked.who(Role.ADMIN), now=NOW)
        session.get_one(Appeal, asked.round_id).frozen_at = NOW
    for path in ("/mijn-loting", "/mijn-antwoord"):
        text = as_person(app, one).get(path).text
        assert "omdat jij dat vroeg" in text
        assert "zei nee" not in text
    assert "Antwoorden kan niet meer" in as_person(app, other).get("/mijn-loting").text
    assert "De loting zelf moet nog komen" in as_person(app, other).get("/mijn-antwoord").text
    with store.writing() as session:
        session.get_one(Appeal, asked.round_id).deleted_at = NOW
    for path in ("/mijn-loting", "/mijn-antwoord"):
        assert "hebben we je gegevens gewist" in as_person(app, other).get(path).text
