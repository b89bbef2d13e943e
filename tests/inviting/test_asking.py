"""What is asked of people, the two ways for the network, and what can change no more."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from pb.inviting import queries, tables
from pb.inviting.actions.appealing import write_appeal
from pb.inviting.actions.features import add_feature, change_feature, remove_feature
from pb.inviting.rules.appeal import Mode
from pb.inviting.rules.asking import AppealFrozen, asked_of
from pb.inviting.rules.asking_features import new_of, seen_mark
from pb.inviting.rules.asking_ready import READY
from pb.people.rules import Role
from pb.people.tables import Message
from pb.store import journal
from pb.store.engine import Store
from support.inviting import ask, invite_yes
from support.neighbourhood import NOW, Neighbourhood, email_of
from support.visitor import Visitor

TEXTS = {
    "asks": "Kijk met elkaar naar plannen uit de wijk.",
    "meets": "Dinsdag 6 april, 19.00 uur, Buurthuis de Voorbeeld.",
    "takes": "Eén avond.",
    "allowance_cents": "25",
    "phone": "010 123 45 67",
    "email": "Panel@gemeente.example",
}


def manager(app: Flask) -> Visitor:
    return Visitor(app).log_in(email_of(Role.AREA_MANAGER))


def test_the_first_time_only_texts_and_a_phone_number_have_to_be_typed(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    """Everything else has a sensible default, and the next step follows."""
    visitor = manager(app)
    path = f"/werk/ronde/{place.round_id}/panel/vraag"
    page = visitor.get(path)
    assert "Het netwerk noemt twee of drie mensen per plaats, en het lot beslist" in page.text
    assert "aangeraden" in page.text
    assert "vaak veel kleiner" in page.text
    after = visitor.fill(path, TEXTS)
    assert after.answer.request.path.endswith("/panel/kenmerken")
    with store.reading() as session:
        found = queries.appeal(session, round_id=place.round_id)
        lines = journal.lines(session, subject=f"appeal {place.round_id}")
    assert (found.seats, found.mode, found.network_seats, found.least_age) == (40, "nominated", 12, 16)
    assert found.one_per_address
    assert found.allowance_cents == 2500
    assert (found.phone, found.email) == ("010 123 45 67", "panel@gemeente.example")
    assert found.delete_on > found.answers_close_on > date(2026, 11, 21)
    assert [line.what for line in lines] == ["appeal written"]
    assert "gemeente.example" not in lines[0].facts


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(app: Flask, place: Neighbourhood) -> None:
    """Each refusal tells what to do."""
    visitor = manager(app)
    path = f"/werk/ronde/{place.round_id}/panel/vraag"
    blank = visitor.get(path).values()
    for change, field, said in (
        ({"seats": "1"}, "seats", "Kies een getal van 2 tot en met 500."),
        ({"network_seats": "40"}, "network_seats", "zodat er ook iets te loten blijft"),
        ({"least_age": "3"}, "least_age", "Kies een leeftijd van 12 tot en met 99."),
        ({"phone": "", "email": ""}, "phone", "Mensen moeten iets kunnen vragen."),
        ({"phone": "12"}, "phone", ""),
        ({"allowance_cents": "9999999"}, "allowance_cents", "hoogstens"),
        ({"delete_on": "01-12-2026", "answers_close_on": "02-12-2026"}, "delete_on", "na de laatste dag"),
        ({"answers_close_on": "01-02-2020"}, "answers_close_on", "al voorbij"),
        ({"asks": ""}, "asks", "Schrijf op wat je van mensen vraagt."),
        ({"mode": "eerlijk"}, "mode", "Kies een van de mogelijkheden."),
    ):
        page = visitor.post(path, blank | TEXTS | {"meets": "Blijft staan."} | change, status=422)
        assert said in page.one(f"#{field}-fout").text(), (change, page.text)
        assert page.values()["meets"] == "Blijft staan."
    # Fixed people need no number of seats.
    visitor.fill(path, TEXTS | {"mode": "fixed", "network_seats": ""})


def test_of_two_people_who_write_one_is_told_what_changed(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    """What was typed stays, and pressing again keeps it."""
    ask(store, place)
    path = f"/werk/ronde/{place.round_id}/panel/vraag"
    one, other = manager(app), manager(app)
    seen = one.get(path).values()
    smaller = other.fill(path, {"seats": "20", "takes": "Twee avonden."})
    assert "reken de doelen opnieuw uit" in smaller.text
    assert "zijn samen 12, en er zijn 20 plaatsen. Maak ze samen 8 hoger." in smaller.text
    page = one.post(path, seen | {"asks": "Mijn zin."}, status=409)
    assert "Iemand anders heeft dit net veranderd" in page.text
    told = page.one(".summary dl").text()
    assert "20" in told
    assert "Twee avonden." in told
    assert "Wat vraag je van mensen" not in told
    assert page.values()["asks"] == "Mijn zin."
    one.post(path, page.values() | {"seats": "12"})
    with store.reading() as session:
        found = queries.appeal(session, round_id=place.round_id)
    assert (found.asks, found.seats, found.version) == ("Mijn zin.", 12, 3)


def test_once_frozen_only_texts_change(app: Flask, store: Store, place: Neighbourhood) -> None:
    """A sentence says so, and whoever had the page open before is refused too."""
    ask(store, place)
    visitor = manager(app)
    path = f"/werk/ronde/{place.round_id}/panel/vraag"
    open_page = visitor.get(path).values()
    with store.writing() as session:
        session.get_one(tables.Appeal, place.round_id).frozen_at = NOW
    page = visitor.get(path)
    assert "De lijst voor de loting ligt vast." in page.text
    assert "seats" not in page.values()
    assert "mode" not in page.values()
    visitor.post(path, open_page | {"seats": "99", "takes": "Drie avonden."})
    with store.reading() as session:
        found = queries.appeal(session, round_id=place.round_id)
    assert (found.seats, found.takes) == (8, "Drie avonden.")
    features = visitor.get(f"/werk/ronde/{place.round_id}/panel/kenmerken")
    assert "ligt vast" in features.text
    assert not features.all("main button")
    answer = visitor.post(f"/werk/ronde/{place.round_id}/panel/kenmerken", {"do": "ready-buurt"})
    assert "ligt vast" in answer.text
    refused = visitor.post(
        f"/werk/ronde/{place.round_id}/panel/kenmerken", {"do": "ready-opleiding"}, status=409
    )
    assert "ligt vast" in refused.text


def test_a_freeze_between_looking_and_saving_is_noticed(store: Store, place: Neighbourhood) -> None:
    """The action itself refuses; so does every change of a feature."""
    ask(store, place)
    with store.writing() as session:
        session.get_one(tables.Appeal, place.round_id).frozen_at = NOW
    with store.reading() as session:
        appeal = queries.appeal(session, round_id=place.round_id)
    who, now = place.who(Role.AREA_MANAGER), NOW
    for change in ({"seats": 9}, {"mode": Mode.NOMINATED}, {"least_age": 18}, {"one_per_address": False}):
        with store.writing() as session, pytest.raises(AppealFrozen):
            write_appeal(
                session, round_id=place.round_id, version=1, asked=replace(asked_of(appeal), **change),
                who=who, now=now,
            )  # fmt: skip
    feature = appeal.features[0]
    new = new_of(feature)
    with store.writing() as session:
        with pytest.raises(AppealFrozen):
            change_feature(
                session, round_id=place.round_id, feature_id=feature.id, seen=seen_mark(new),
                new=replace(new, name="anders"), who=who, now=now,
            )  # fmt: skip
        with pytest.raises(AppealFrozen):
            remove_feature(session, round_id=place.round_id, feature_id=feature.id, who=who, now=now)
        with pytest.raises(AppealFrozen):
            add_feature(session, round_id=place.round_id, new=READY[0], who=who, now=now)


def test_names_are_kept_no_longer_than_who_answered_was_told(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    """Earlier may be, later not."""
    ask(store, place)
    invite_yes(store, place, 1)
    visitor = manager(app)
    path = f"/werk/ronde/{place.round_id}/panel/vraag"
    page = visitor.fill(path, {"delete_on": "02-07-2027"}, status=422)
    assert "donderdag 1 juli 2027" in page.one("#delete_on-fout").text()
    step = visitor.fill(path, {"delete_on": "01-06-2027"}, status=422)
    visitor.post(path, step.values() | {"understood": "y"})


def test_who_read_something_else_is_told_what_changed_and_nothing_changes_in_silence(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    """First a step that lists it; with the tick it is saved, mailed once, and the rest is to be phoned."""
    ask(store, place)
    visitor = manager(app)
    path = f"/werk/ronde/{place.round_id}/panel/vraag"
    visitor.fill(path, {"childcare": "Er is oppas."})
    invite_yes(store, place, 3)
    with store.writing() as session:
        session.query(tables.AnswerPerson).first().email = ""  # type: ignore[union-attr]
    # Another sentence about what is asked changes no promise.
    visitor.fill(path, {"asks": "Kijk met elkaar naar plannen."})
    change = {"meets": "Woensdag 7 april, 19.00 uur, De Brug.", "allowance_cents": "50", "mode": "nominated"}
    step = visitor.fill(path, change, status=422)
    told = step.one(".summary").text()
    for words in ("3 uitnodigingen zijn al verstuurd", "3 mensen zeiden ja.", "Dinsdag 6 april", "De Brug",
                  "€\u00a025", "€\u00a050", "Zij loten mee"):  # fmt: skip
        assert words in told, words
    assert step.values()["meets"] == change["meets"]
    unticked = visitor.post(path, step.values(), status=422)
    assert unticked.one("#understood-fout")
    # The tick is about what was listed, not about what is typed beside it.
    later = visitor.post(path, step.values() | {"understood": "y", "childcare": ""}, status=422)
    assert "Er is oppas." in later.one(".summary").text()
    with store.reading() as session:
        assert queries.appeal(session, round_id=place.round_id).allowance_cents == 2500
    saved = visitor.post(path, later.values() | {"understood": "y"})
    assert "mailen we naar 2 mensen die ja zeiden" in saved.text
    assert "Eén persoon die ja zei, heeft geen mailadres." in saved.text
    with store.reading() as session:
        mails = session.query(Message).all()
        lines = [line.what for line in journal.lines(session, subject=f"appeal {place.round_id}")]
        assert queries.appeal(session, round_id=place.round_id).allowance_cents == 5000
    assert lines.count("appeal change told") == 1
    assert len(mails) == 2
    for words in ("Eerst: Dinsdag 6 april", "Nu: Woensdag 7", "/mijn-antwoord", "Nu: niets", "English:"):
        assert words in mails[0].body, mails[0].body


def test_only_the_area_manager_of_this_area_writes_it(app: Flask, place: Neighbourhood) -> None:
    """Somebody elsewhere finds nothing."""
    facilitator = Visitor(app).log_in(email_of(Role.FACILITATOR))
    elsewhere = Visitor(app).log_in(email_of(Role.AREA_MANAGER, "andere-wijk"))
    for step in ("vraag", "kenmerken", "kenmerken/nieuw", "kenmerken/kerncijfers", "doelen"):
        path = f"/werk/ronde/{place.round_id}/panel/{step}"
        facilitator.get(path, status=403)
        elsewhere.get(path, status=404)
