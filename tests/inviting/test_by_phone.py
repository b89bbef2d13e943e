"""What people said, for staff; answers by phone and on paper; a form to print."""

from typing import Any

import sqlalchemy as sa
from flask import Flask

from pb.inviting import queries, tables
from pb.inviting.rules.codes import own_code
from pb.panel.rules.origins import Origin
from pb.people.rules import Role
from pb.people.tables import Message
from pb.rounds.tables import Round
from pb.store.engine import Store
from support.doormat import send_letter
from support.inviting import ask, invite_yes
from support.neighbourhood import NOW, Neighbourhood, email_of
from support.panel import key_of
from support.visitor import Page, Visitor

WHO = {"name": "Voorbeeld Beller", "phone": "06 12345678", "email": "", "of_age": "y"}


def _page(place: Neighbourhood, more: str = "") -> str:
    return f"/werk/ronde/{place.round_id}/panel/antwoorden{more}"


def _filled(page: Page, **answers: str) -> dict[str, Any]:
    questions = {str(field.attributes["name"]) for field in page.all("main .question input[type=radio]")}
    return page.values() | dict.fromkeys(questions, "zeg ik liever niet") | WHO | answers


def test_who_takes_calls_types_a_yes_and_reads_the_code_aloud(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    ask(store, place)
    letter = send_letter(store, place, key=key_of(app))
    staff = Visitor(app).log_in(email_of(Role.CALLER))
    empty = staff.get(_page(place))
    assert "Nog geen antwoorden" in empty.text
    form = staff.fill(_page(place), {"code": letter.code})
    assert letter.code not in form.answer.request.full_path
    assert "nog niets gezegd" in form.text
    where = form.answer.request.path
    wrong = staff.post(where, _filled(form, phone="", antwoord="ja"), status=422)
    assert wrong.one("#phone-fout")
    assert wrong.values()["name"] == WHO["name"]
    done = staff.post(where, _filled(wrong, channel="paper", antwoord="ja"))
    with store.reading() as session:
        [answer] = queries.answers(session, round_id=place.round_id)
        row = session.get_one(tables.Answer, answer.id)
    assert (row.channel, row.taken_by) == ("paper", place.staff[Role.CALLER])
    assert done.one(".own-code").text() == own_code(key_of(app), answer.id)
    assert "Het ja is bewaard" in done.text
    twice = staff.post(where, _filled(wrong, channel="paper", antwoord="ja"))
    assert twice.one(".own-code").text() == done.one(".own-code").text()
    listed = staff.get(_page(place))
    assert "Voorbeeld Beller" in listed.text
    assert "06 12 34 56 78" in listed.text
    # Nobody else reads that code from their own screen.
    colleague = Visitor(app).log_in(email_of(Role.AREA_MANAGER))
    assert not colleague.get(_page(place, "/bewaard")).all(".own-code")


def test_who_takes_calls_may_go_to_twelve_of_one_letter_and_an_address_for_mail_stands_once(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    ask(store, place)
    letter = send_letter(store, place, key=key_of(app))
    staff = Visitor(app).log_in(email_of(Role.CALLER))
    where = _page(place, f"/brief/{letter.id}")
    email = "voorbeeld@post.example"
    for number in range(12):
        who = {"name": f"Voorbeeld {number}", "phone": f"06 123456{number:02d}"}
        staff.post(where, _filled(staff.get(where), antwoord="ja", email="" if number else email, **who))
        if not number:
            told = staff.post(where, _filled(staff.get(where), antwoord="ja", email=email), status=422)
            assert "al gebruikt bij deze brief" in told.one("#email-fout").text()
            assert told.one("input[name=name]").attributes["value"] == WHO["name"]
    full = staff.post(where, _filled(staff.get(where), antwoord="ja"), status=409)
    assert "Op deze brief hebben al 12 mensen ja gezegd." in full.one(".notice[role=alert]").text()
    assert full.one("input[name=name]").attributes["value"] == WHO["name"]
    with store.reading() as session:
        assert len(queries.answers(session, round_id=place.round_id)) == 12


def test_who_phones_to_stop_or_lost_the_own_code_is_helped(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    ask(store, place)
    mailed, phoned = invite_yes(store, place, 2, key=key_of(app))
    with store.writing() as session:
        session.get_one(tables.AnswerPerson, phoned).email = ""
    staff = Visitor(app).log_in(email_of(Role.AREA_MANAGER))
    staff.get(_page(place))
    with store.reading() as session:
        letter_id = session.get_one(tables.Answer, mailed).invitation_id
    assert "De eigen code is gemaild" in staff.post(_page(place, f"/{mailed}/code")).text
    with store.reading() as session:
        [mail] = session.scalars(sa.select(Message))
    assert own_code(key_of(app), mailed) in mail.body
    assert (mail.subject, "Dank je voor je ja" in mail.body) == ("Je eigen code", False)
    assert "veranderen of stoppen" in mail.body
    with store.writing() as session:
        session.get_one(tables.Appeal, place.round_id).frozen_at = NOW
    staff.post(_page(place, f"/{mailed}/code"))
    with store.reading() as session:
        late = list(session.scalars(sa.select(Message).order_by(Message.id)))[-1]
    assert "De lijst voor de loting ligt vast." in late.body
    assert "veranderen" not in late.body
    with store.writing() as session:
        session.get_one(tables.Appeal, place.round_id).frozen_at = None
    read_out = staff.post(_page(place, f"/{phoned}/code"))
    assert read_out.one(".own-code").text() == own_code(key_of(app), phoned)
    assert "Dit is de eigen code van deze persoon. Lees haar voor." in read_out.text
    assert "Het ja is bewaard" not in read_out.text
    assert staff.get(_page(place, f"/brief/{letter_id}")).all(f"a[href$='/{mailed}/stoppen']")
    assert "Stopt Voorbeeld lot 1?" in staff.get(_page(place, f"/{mailed}/stoppen")).text
    for _twice in range(2):
        page = staff.post(_page(place, f"/{mailed}/stoppen"))
        assert "gestopt" in page.text
        assert "Voorbeeld lot" not in page.text
    staff.post(_page(place, f"/{mailed}/code"), status=404)
    staff.get(_page(place, "/999999/stoppen"), status=404)


def test_the_list_has_counts_per_origin_and_no_features(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    ask(store, place, mode="nominated", network_seats=2)
    yes = invite_yes(store, place, 3)
    invite_yes(store, place, 1, said="no", seed="nee")
    invite_yes(store, place, 2, origin=Origin.AMBASSADOR)
    with store.writing() as session:
        session.get_one(tables.Appeal, place.round_id).frozen_at = NOW
        session.get_one(tables.Answer, yes[0]).withdrawn_at = NOW
    page = Visitor(app).log_in(email_of(Role.AREA_MANAGER)).get(_page(place))
    rows = [" ".join(row.text(separator=" ").split()) for row in page.all("main table")[0].css("tr")]
    assert rows[1:] == ["brief 4 2 1 1", "ambassadeur 2 2 0 0", "Samen 6 4 1 1"]
    assert "stopte nadat de lijst vastlag" in page.text
    assert len(page.all(".answers li")) == 6
    for words in ("vrouw", "huur", "koop"):
        assert words not in page.text
    for answer_id in yes:
        assert own_code(key_of(app), answer_id) not in page.html


def test_somebody_of_the_network_is_picked_by_name_and_may_say_no(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    ask(store, place)
    invited = send_letter(store, place, origin=Origin.INVITED, name="Voorbeeld Netwerk", key=key_of(app))
    staff = Visitor(app).log_in(email_of(Role.CALLER))
    form = staff.fill(_page(place), {"wie": str(invited.id)}, form="form:has(select)")
    assert form.title == "Antwoord van Voorbeeld Netwerk"
    assert "heeft een plaats" in form.text
    assert form.values()["name"] == "Voorbeeld Netwerk"
    page = staff.post(form.answer.request.path, form.values() | {"antwoord": "nee"})
    assert "Het nee is bewaard" in page.text
    staff.post(form.answer.request.path, _filled(form, antwoord="ja", op=""))
    with store.reading() as session:
        assert [one.counts for one in queries.answers(session, round_id=place.round_id)] == [True]
    again = staff.get(form.answer.request.path)
    assert "die heeft ja gezegd" in again.text
    assert not again.all("input[name=name]")
    assert not staff.get(_page(place)).all("select")


def test_codes_of_elsewhere_open_nothing_and_frozen_takes_nothing(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    staff = Visitor(app).log_in(email_of(Role.AREA_MANAGER))
    assert "nog niemand iets gevraagd" in staff.get(_page(place)).text
    assert "nog niemand iets gevraagd" in staff.get(_page(place, "/formulier")).text
    ask(store, place)
    letter = send_letter(store, place, key=key_of(app))
    gone = send_letter(store, place, key=key_of(app), number=2, gone=True)
    assert "kennen we niet" in staff.fill(_page(place), {"code": "0000000000"}, status=422).text
    assert "ingetrokken" in staff.get(_page(place, f"/brief/{gone.id}")).text
    staff.get(_page(place, "/brief/999999"), status=404)
    form = staff.get(_page(place, f"/brief/{letter.id}"))
    with store.writing() as session:
        session.get_one(tables.Appeal, place.round_id).frozen_at = NOW
    refused = staff.post(form.answer.request.path, _filled(form, antwoord="ja"), status=409)
    assert "ligt vast" in refused.text
    Visitor(app).log_in(email_of(Role.AREA_MANAGER, "andere-wijk")).get(_page(place), status=404)
    Visitor(app).log_in(email_of(Role.COACH)).get(_page(place), status=403)
    with store.writing() as session:
        session.get_one(Round, place.round_id).practice = True
    staff.get(_page(place), status=404)


def test_the_paper_form_asks_the_same_and_has_a_place_for_the_code(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    ask(store, place)
    page = Visitor(app).log_in(email_of(Role.CALLER)).get(_page(place, "/formulier"))
    assert len(page.all(".cells i")) == 10
    for words in ("Wat is je geslacht?", "huur", "zeg ik liever niet", "16 jaar", "1 juli 2027"):
        assert words in page.one(".paper").text()
