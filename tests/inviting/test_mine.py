"""One's own answer: looked at, changed and stopped with one's own code, by nobody else."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from flask import Flask

from pb.inviting import queries, tables
from pb.inviting.rules.codes import own_code
from pb.panel.rules.origins import Origin
from pb.store.engine import Store
from support.inviting import ask, invite_yes
from support.neighbourhood import NOW, Neighbourhood
from support.panel import key_of
from support.visitor import Page, Visitor

MINE, CHANGE, STOP = "/mijn-antwoord", "/mijn-antwoord/veranderen", "/mijn-antwoord/stoppen"


@dataclass(frozen=True)
class Given:
    """Somebody who said yes, with their own code, and a neighbour who did too."""

    app: Flask
    store: Store
    place: Neighbourhood
    answer_id: int
    code: str

    def opened(self) -> Visitor:
        reader = Visitor(self.app)
        reader.fill(MINE, {"code": self.code})
        return reader

    def set(self, **values: Any) -> None:
        with self.store.writing() as session:
            for name, value in values.items():
                setattr(session.get_one(tables.Appeal, self.place.round_id), name, value)

    def facts(self) -> queries.AnswerFacts:
        with self.store.reading() as session:
            return queries.answer(session, round_id=self.place.round_id, answer_id=self.answer_id)


@pytest.fixture
def given(app: Flask, store: Store, place: Neighbourhood) -> Given:
    ask(store, place)
    _first, second = invite_yes(store, place, 2, key=key_of(app))
    return Given(app, store, place, second, own_code(key_of(app), second))


def _questions(page: Page) -> list[str]:
    return sorted({str(field.attributes["name"]) for field in page.all("main fieldset input")})


def test_the_own_code_shows_the_own_answer_and_nobody_elses(given: Given) -> None:
    page = given.opened().get(MINE)
    assert "Voorbeeld lot 2" in page.text
    assert "Voorbeeld lot 1" not in page.html
    assert "Wat is je woning?" in page.text
    assert given.code in page.one(".own-code").text()
    for path in (MINE, CHANGE, STOP):
        stranger = Visitor(given.app).get(path, status=200 if path == MINE else 409)
        assert "Voorbeeld lot" not in stranger.html
        assert stranger.all("form[data-code]")
    forgot = given.opened()
    forgot.post(MINE + "/vergeet")
    assert "Voorbeeld lot" not in forgot.get(MINE).html


def test_a_change_keeps_what_is_wrong_and_stores_what_is_right(given: Given) -> None:
    reader = given.opened()
    page = reader.get(CHANGE)
    assert page.values()["name"] == "Voorbeeld lot 2"
    first, last = _questions(page)
    wrong = reader.fill(
        CHANGE, {"name": "Voorbeeld Anders", "phone": "", "email": "", last: "koop"}, status=422
    )
    assert wrong.one("#phone-fout")
    assert wrong.values()["name"] == "Voorbeeld Anders"
    english = reader.post(CHANGE, wrong.values() | {"taal": "en"})
    assert english.values()["name"] == "Voorbeeld Anders"
    reader.get("/taal/nl")
    held = wrong.values() | {"phone": "0612345678", first: "zeg ik liever niet", "consent": "y"}
    done = reader.post(CHANGE, held)
    assert "Je antwoord is veranderd" in done.text
    for words in ("Voorbeeld Anders", "06 12 34 56 78", "koop", "zeg ik liever niet"):
        assert words in done.text
    assert given.facts().changed_at is not None


def test_after_the_last_day_only_stopping_is_left(given: Given) -> None:
    given.set(answers_close_on=date(2026, 1, 1))
    reader = given.opened()
    page = reader.get(MINE)
    assert "Veranderen kan niet meer" in page.text
    assert "Verander mijn antwoord" not in page.text
    assert "Veranderen kan niet meer" in reader.get(CHANGE, status=409).text
    assert "We wissen meteen" in reader.get(STOP).text
    page = reader.fill(STOP, {})
    assert "Je doet niet meer mee" in page.text
    assert "gewist" in page.text
    assert not page.all(f"a[href='{STOP}']")
    assert given.facts().withdrawn_at is not None
    assert "Je doet niet meer mee" in reader.post(STOP).text


def test_stopping_after_the_freeze_keeps_the_name_until_the_promised_day(given: Given) -> None:
    given.set(frozen_at=NOW)
    reader = given.opened()
    assert "de lijst voor de loting ligt vast" in reader.get(MINE).text
    assert "zoekt zo nodig iemand anders" in reader.get(STOP).text
    page = reader.fill(STOP, {})
    assert "donderdag 1 juli 2027 wissen we je gegevens" in page.text
    assert given.facts().erased_at is None


def test_a_fixed_seat_and_erased_data_are_said_plainly(given: Given) -> None:
    [fixed] = invite_yes(given.store, given.place, 1, origin=Origin.EXPERIENCE, key=key_of(given.app))
    reader = Visitor(given.app)
    page = reader.fill(MINE, {"code": own_code(key_of(given.app), fixed)})
    assert "Je hebt een plaats in het panel" in page.text
    with given.store.writing() as session:
        session.get_one(tables.Answer, fixed).erased_at = NOW
    page = reader.get(MINE)
    assert "Je gegevens zijn gewist" in page.text
    assert "Voorbeeld experience" not in page.html
    assert not page.all(f"a[href='{CHANGE}']")


def test_a_page_that_lost_its_session_says_so_and_changes_nothing(given: Given) -> None:
    reader = given.opened()
    held = reader.get(CHANGE).values() | {"name": "Voorbeeld Kwijt"}
    with reader.browser.session_transaction() as kept:
        del kept["mine"]
    page = reader.post(CHANGE, held, status=409)
    assert "Typ je eigen code nog een keer" in page.text
    assert "kennen we niet" in reader.fill(MINE, {"code": "0000000000"}, status=422).text
    assert given.facts().changed_at is None
