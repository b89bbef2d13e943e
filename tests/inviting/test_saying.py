"""The letter on a phone: what is asked, saying yes or no, and what a stranger never sees. Without script."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_babel import force_locale, gettext

from pb.inviting import queries, tables
from pb.inviting.forms.words import in_language
from pb.inviting.rules.asking_ready import READY
from pb.inviting.rules.codes import own_code
from pb.inviting.views import coming
from pb.panel.rules.cards import card_code
from pb.panel.rules.origins import Origin
from pb.people.tables import Message
from pb.store.engine import Store
from pb.web.limits import Limit
from support.doormat import FoundLetter, send_letter
from support.inviting import ask
from support.neighbourhood import NOW, Neighbourhood
from support.panel import invite, key_of
from support.visitor import Page, Visitor

COME, SAY, YES, THANKS = "/uitnodiging", "/uitnodiging/antwoord", "/uitnodiging/ja", "/uitnodiging/dank"
WHO = {"name": "Voorbeeld Bewoner", "phone": "06 12345678", "email": "", "of_age": "y"}
NEXT_DOOR = "Voorbeeld Buur"
# Somebody else of the same house has a name and a number of their own.
MATE = WHO | {"name": NEXT_DOOR, "phone": "06 87654321"}


@dataclass(frozen=True)
class Doormat:
    """A round that asks, and a letter that somebody found."""

    app: Flask
    store: Store
    place: Neighbourhood
    letter: FoundLetter

    def send(self, **how: Any) -> FoundLetter:
        return send_letter(self.store, self.place, key=key_of(self.app), **how)

    def answers(self) -> list[queries.AnswerFacts]:
        with self.store.reading() as session:
            return queries.answers(session, round_id=self.place.round_id)

    def set(self, **values: Any) -> None:
        with self.store.writing() as session:
            for name, value in values.items():
                setattr(session.get_one(tables.Appeal, self.place.round_id), name, value)

    def questions(self, page: Page) -> list[str]:
        return sorted({str(field.attributes["name"]) for field in page.all("main fieldset input")})


@pytest.fixture
def mat(app: Flask, store: Store, place: Neighbourhood) -> Doormat:
    ask(store, place)
    return Doormat(app, store, place, send_letter(store, place, key=key_of(app)))


def opened(mat: Doormat, letter: FoundLetter | None = None, visitor: Visitor | None = None) -> Visitor:
    reader = visitor or Visitor(mat.app)
    page = reader.fill(COME, {"code": (letter or mat.letter).code.lower().replace("-", " ")})
    assert page.answer.request.path == SAY
    return reader


def says_yes(reader: Visitor, path: str = YES, **changes: str) -> Page:
    """Walk both steps; what is chosen is 'vrouw', and rather not for the home."""
    second = reader.fill(path, WHO | changes)
    assert second.title == "Een paar vragen", second.text
    first, last = sorted({str(field.attributes["name"]) for field in second.all("main fieldset input")})
    held = second.values() | {first: "vrouw", last: "zeg ik liever niet", "consent": "y"}
    return reader.post(str(second.one("main form").attributes["action"]), held)


def test_somebody_opens_the_letter_reads_what_is_asked_and_says_yes(mat: Doormat) -> None:
    reader = opened(mat)
    page = reader.get(SAY)
    for words in (
        "6 april",
        "tweeënhalf uur",
        "€\u00a025",
        "oppas",
        "010 123 45 67",
        "lot beslist",
        "1 maart 2027",
    ):
        assert words in page.html, words
    assert [button.text(strip=True) for button in page.all(".three button")][:2] == [
        "Ja, ik doe mee", "Nee, ik kan niet",
    ]  # fmt: skip
    ask_who = reader.post(SAY, {"antwoord": "ja"})
    assert ask_who.answer.request.path == YES
    thanks = says_yes(reader, email="voorbeeld@post.example")
    assert thanks.answer.request.path == THANKS
    # The front page and the login page lead whoever holds a letter.
    for path in ("/", "/inloggen"):
        assert "Heb je een brief gekregen? Naar je uitnodiging · Mijn antwoord" in reader.get(path).text
    assert "Zo lang kun jij ook je antwoord veranderen." in thanks.text
    mat.set(frozen_at=NOW)
    late = reader.get(THANKS)
    assert "veranderen" not in late.one("main").text()
    assert "Geef de telefoon door" not in late.text
    assert "Zei je ja op een brief? Mijn antwoord" in reader.get("/").text
    mat.set(deleted_at=NOW)
    assert "Mijn antwoord" not in reader.get("/").text
    mat.set(frozen_at=None, deleted_at=None)
    [answer] = mat.answers()
    code = thanks.one(".own-code").text()
    assert code == own_code(key_of(mat.app), answer.id)
    assert answer.counts
    with mat.store.reading() as session:
        [mail] = session.scalars(sa.select(Message))
    assert mail.to_email == "voorbeeld@post.example"
    assert f"/mijn-antwoord#{code}" in mail.body
    assert "Dan zien we je hier:\nDinsdag 6 april" in mail.body
    assert "Voorbeeld" not in mail.body.replace("Buurthuis de Voorbeeld", "")
    assert "06" not in mail.body.replace(code, "")
    # The same code opens the answer on any phone; the letter's code does not.
    elsewhere = Visitor(mat.app)
    assert "Voorbeeld Bewoner" in elsewhere.fill("/mijn-antwoord", {"code": code}).text


def test_pressing_twice_is_one_answer_and_going_back_shows_that_it_is_given(mat: Doormat) -> None:
    reader = opened(mat)
    second = reader.fill(YES, WHO)
    first, last = mat.questions(second)
    held = second.values() | {first: "man", last: "huur", "consent": "y"}
    pages = [reader.post(YES, held) for _press in range(2)]
    assert pages[0].one(".own-code").text() == pages[1].one(".own-code").text()
    assert len(mat.answers()) == 1
    assert reader.get(YES).answer.request.path == "/mijn-antwoord"
    assert "Jij hebt al ja gezegd" in reader.get(SAY).text


def test_two_open_pages_are_no_two_answers_unless_it_is_somebody_else(mat: Doormat) -> None:
    reader = opened(mat)
    other_tab = reader.fill(YES, MATE)
    first, last = mat.questions(other_tab)
    says_yes(reader)
    held = other_tab.values() | {first: "man", last: "huur", "consent": "y"}
    asked = reader.post(YES, held, status=409)
    assert "Is dit voor iemand anders in huis?" in asked.text
    assert asked.values()["name"] == NEXT_DOOR
    assert len(mat.answers()) == 1
    again = reader.post(str(asked.one("main form").attributes["action"]), asked.values())
    assert again.answer.request.path == THANKS
    assert len(mat.answers()) == 2


def test_a_letter_with_six_yeses_takes_no_more_and_keeps_what_was_typed(mat: Doormat) -> None:
    for number in range(6):
        done = says_yes(opened(mat), name=f"{NEXT_DOOR} {number}", phone=f"06 8765432{number}")
        assert done.answer.request.path == THANKS
    reader = opened(mat)
    second = reader.fill(YES, WHO)
    first, last = mat.questions(second)
    full = reader.post(YES, second.values() | {first: "man", last: "huur", "consent": "y"}, status=409)
    assert "Op deze brief hebben al 6 mensen ja gezegd." in full.text
    assert "Bel 010 123 45 67." in full.one(".notice").text()
    assert (full.values()["name"], full.values()[first]) == (WHO["name"], "man")
    assert len(mat.answers()) == 6


def test_an_address_for_mail_that_a_housemate_gave_is_told_at_its_field(mat: Doormat) -> None:
    email = "voorbeeld@post.example"
    reader = opened(mat)
    other_tab = reader.fill(YES, WHO | {"email": email})
    says_yes(reader, email=email)
    housemate = opened(mat)
    second = housemate.fill(YES, MATE | {"email": email.upper()})
    first, last = mat.questions(second)
    chosen = {first: "man", last: "huur", "consent": "y"}
    told = housemate.post(YES, second.values() | chosen, status=422)
    assert "Dit e-mailadres is al gebruikt bij deze brief" in told.one("#email-fout").text()
    assert told.values()["name"] == NEXT_DOOR
    again = housemate.post(YES, told.values() | {"email": ""})
    assert (again.values()[first], again.values()[last]) == ("man", "huur")
    assert housemate.post(YES, again.values()).answer.request.path == THANKS
    refused = housemate.fill("/mijn-antwoord/veranderen", {"email": email}, status=422)
    assert refused.one("#email-fout")
    assert refused.values()["email"] == email
    # Whoever said yes in another tab hears that, and is not asked for another address.
    asked = reader.post(YES, other_tab.values() | chosen, status=409)
    assert "Op deze telefoon heb je net al ja gezegd" in asked.text
    assert len(mat.answers()) == 2
    with mat.store.reading() as session:
        assert len(session.scalars(sa.select(Message)).all()) == 1


def test_one_person_with_one_letter_has_one_lot_whatever_the_browser(mat: Doormat) -> None:
    says_yes(opened(mat))
    with_no_cookie = opened(mat)
    second = with_no_cookie.fill(YES, WHO | {"name": NEXT_DOOR, "phone": "+31 6 1234 5678"})
    first, last = mat.questions(second)
    chosen = {first: "man", last: "huur", "consent": "y"}
    told = with_no_cookie.post(YES, second.values() | chosen, status=422)
    assert "of bel 010 123 45 67." in told.one("#phone-fout").text()
    assert "Mijn antwoord" in told.one("#phone-fout").text()
    assert told.values()[first] == "man"
    named = told.values() | {"phone": "06 87654321", "name": " voorbeeld  BEWONER "}
    second = with_no_cookie.post(YES, named)
    told = with_no_cookie.post(YES, second.values(), status=422)
    assert "Met deze naam is op deze brief al ja gezegd." in told.one("#name-fout").text()
    assert len(mat.answers()) == 1


def test_what_is_wrong_is_said_at_the_field_and_nothing_typed_is_lost(mat: Doormat) -> None:
    reader = opened(mat)
    page = reader.fill(YES, {"name": " ", "phone": "bel maar", "email": ""}, status=422)
    assert page.values()["phone"] == "bel maar"
    assert {"name-fout", "phone-fout", "of_age-fout"} <= {
        str(node.attributes["id"]) for node in page.all(".wrong")
    }
    page = reader.fill(YES, {"name": "Voorbeeld", "phone": "", "email": "", "of_age": "y"}, status=422)
    assert "Anders kunnen we je niets laten weten" in page.one("#phone-fout").text()
    second = reader.fill(YES, WHO)
    first, last = mat.questions(second)
    empty = reader.post(YES, second.values() | {"consent": ""}, status=422)
    assert {f"{first}-fout", f"{last}-fout", "consent-fout"} == {
        str(node.attributes["id"]) for node in empty.all(".wrong")
    }, "all at once"
    half = reader.post(YES, second.values() | {first: "vrouw", "consent": "y"}, status=422)
    assert half.values()[first] == "vrouw"
    assert half.values()["name"] == WHO["name"]
    assert half.one(f"#{last}-fout")
    unsure = reader.post(YES, half.values() | {last: "huur"} | {"consent": ""}, status=422)
    assert unsure.one("#consent-fout")
    # Back to the first step and on again: what was chosen is still there.
    back = reader.post(YES, unsure.values() | {"terug": "1"})
    assert back.values()["name"] == WHO["name"]
    forth = reader.post(YES, back.values())
    assert (forth.values()[first], forth.values()[last]) == ("vrouw", "huur")
    # Another language halfway keeps it as well.
    english = reader.post(YES, forth.values() | {"taal": "en"})
    assert english.one("html").attributes["lang"] == "en"
    assert english.values()[first] == "vrouw"
    assert mat.answers() == []


def test_ready_questions_speak_the_language_of_the_phone_and_typed_ones_stay(mat: Doormat) -> None:
    with mat.app.test_request_context(), force_locale("en"):
        assert in_language("buurt") == "neighbourhood"
        # Also a word of the catalogue, but not a text of a ready question.
        assert gettext("Naam") != "Naam"
        assert in_language("Naam") == "Naam"
        ready = [in_language(text) for text in (READY[0].question, READY[0].why, "vrouw")]
    with mat.store.writing() as session:
        feature = session.query(tables.Feature).filter_by(name="geslacht").one()
        feature.question, feature.why = READY[0].question, READY[0].why
    english = Visitor(mat.app, language="en")
    letter = english.fill(COME, {"code": mat.letter.code})
    # What staff wrote is Dutch, for a voice that reads it aloud too.
    assert letter.one(".lead").attributes["lang"] == "nl"
    assert len(letter.all("main p.soft.small")) == 1
    page = english.fill(YES, WHO)
    assert [one.css_first("span").attributes.get("lang") for one in page.all("legend")] == [None, "nl"]
    assert [one.text() for one in page.all("legend")] == [ready[0], "Wat is je woning?"]
    assert page.all(".why")[0].text() == ready[1]
    assert page.all("label.option > span")[0].text() == ready[2]
    # What is sent are the words that were asked, whatever the language.
    assert page.all("fieldset input")[0].attributes["value"] == "vrouw"


def test_a_no_is_thanked_for_and_may_become_a_yes(mat: Doormat) -> None:
    reader = opened(mat)
    page = reader.fill(SAY, {"antwoord": "nee"})
    assert "Dank je dat je het liet weten" in page.text
    assert [answer.said for answer in mat.answers()] == ["no"]
    says_yes(reader)
    assert [answer.counts for answer in mat.answers()] == [True]


def test_somebody_else_in_the_house_gets_an_empty_form_and_sees_no_name(mat: Doormat) -> None:
    reader = opened(mat)
    says_yes(reader)
    page = reader.get(SAY)
    assert "Per adres kan één persoon worden geloot" in page.text
    handed = reader.post(SAY, {"antwoord": "ander"})
    assert handed.values()["name"] == ""
    says_yes(reader, str(handed.one("main form").attributes["action"]), **MATE)
    assert len(mat.answers()) == 2
    housemate = opened(mat)
    second = housemate.fill(YES, WHO | {"name": "Voorbeeld Derde", "phone": "010 4567890"})
    rather = dict.fromkeys(mat.questions(second), "zeg ik liever niet")
    assert housemate.post(YES, second.values() | rather).answer.request.path == THANKS, "no consent needed"
    with mat.store.reading() as session:
        chosen = queries.feature_values(session, round_id=mat.place.round_id)
    assert list(chosen[mat.answers()[-1].id].values()) == [None, None]
    visitor = opened(mat)
    page = visitor.get(SAY)
    assert "Op dit adres hebben al 3 mensen ja gezegd" in page.text
    assert "Voorbeeld" not in page.one("main").text().replace("Voorbeeldwijk", "").replace(
        "Voorbeeldronde", ""
    ).replace("de Voorbeeld", "")
    assert visitor.get("/mijn-antwoord").all("form[data-code]")


def test_people_of_the_network_find_their_name_and_hear_whether_they_have_a_seat(mat: Doormat) -> None:
    known = mat.send(origin=Origin.AMBASSADOR, name=NEXT_DOOR, phone="+31612345678")
    reader = opened(mat, known)
    page = reader.get(SAY)
    assert "dan heb je een plaats" in page.text
    assert "Iemand anders" not in page.text
    assert reader.get(YES).values()["name"] == NEXT_DOOR
    mat.set(mode="nominated", network_seats=2)
    assert "Er zijn 2 plaatsen voor mensen die zijn voorgedragen." in reader.get(SAY).text
    assert "Er zijn 6 plaatsen voor mensen met een brief." in opened(mat).get(SAY).text
    assert "de 2 plaatsen voor mensen die zijn voorgedragen" in says_yes(reader, name=NEXT_DOOR).text
    assert "Krijg je een plaats? Dan zien we je hier" in reader.get("/mijn-antwoord").text
    # The same letter on another phone: it has done its work, and says no name.
    late = opened(mat, known)
    page = late.get(SAY)
    assert "die heeft al ja gezegd" in page.text
    assert NEXT_DOOR not in page.html
    assert late.get(YES).title == page.title


def test_another_letter_on_the_same_phone_shows_nothing_of_the_first(mat: Doormat) -> None:
    reader = opened(mat)
    half = reader.fill(YES, MATE)
    says_yes(reader)
    other = mat.send(number=2)
    opened(mat, other, reader)
    assert WHO["name"] not in reader.get(SAY).html + reader.get("/mijn-antwoord").html
    # A page of the first letter that was still open is not taken for the second.
    first, last = mat.questions(half)
    held = half.values() | {first: "man", last: "huur", "consent": "y"}
    asked = reader.post(YES, held, status=409)
    assert "net een andere brief geopend" in asked.text
    assert asked.values()["name"] == NEXT_DOOR
    reader.post(YES, asked.values() | {"code": mat.letter.code})
    assert {answer.invitation_id for answer in mat.answers()} == {mat.letter.id}


def test_a_lost_session_asks_for_the_code_and_keeps_what_was_typed(mat: Doormat) -> None:
    reader = opened(mat)
    half = reader.fill(YES, WHO)
    with reader.browser.session_transaction() as kept:
        del kept["letter"]
    first, last = mat.questions(half)
    asked = reader.post(YES, half.values() | {first: "man", last: "huur", "consent": "y"}, status=409)
    assert "welke brief je hebt" in asked.text
    wrong = reader.post(YES, asked.values() | {"code": "0000000000"}, status=422)
    assert wrong.one("#code-fout")
    done = reader.post(YES, wrong.values() | {"code": mat.letter.code})
    assert done.answer.request.path == THANKS
    assert "welke brief je hebt" in Visitor(mat.app).get(SAY, status=409).text
    # All cookies gone: first the form once more, then the code, and still nothing typed is lost.
    handed = opened(mat)
    half = handed.fill(YES, MATE).values()
    handed.browser.delete_cookie("pb")
    once_more = handed.post(YES, half | {first: "man", last: "huur", "consent": "y"}, status=403)
    assert NEXT_DOOR in once_more.text
    asked = handed.post(YES, once_more.values(), status=409)
    done = handed.post(YES, asked.values() | {"code": mat.letter.code})
    assert done.answer.request.path == THANKS
    assert len(mat.answers()) == 2


def test_codes_of_another_kind_are_told_what_they_are(mat: Doormat) -> None:
    key = key_of(mat.app)
    [seat_id] = invite(mat.store, mat.place, 1, key=key)
    card = card_code(key, seat_id, 1)
    opened_by = Visitor(mat.app)
    assert "kaart voor de avond" in opened_by.fill(COME, {"code": card}, status=422).text
    assert "kaart voor de avond" in opened_by.fill("/mijn-antwoord", {"code": card}, status=422).text
    scanned = opened_by.fill(COME, {"code": "http://127.0.0.1:8000/kaart#AAAAAAAAAAAAAAAAAAAAAA"}, status=422)
    assert "kaart voor de avond" in scanned.text
    assert opened_by.fill("/mijn-antwoord", {"code": mat.letter.code}, status=422).one("#code-fout a")
    says_yes(opened(mat))
    own = own_code(key, mat.answers()[0].id)
    assert opened_by.fill(COME, {"code": own}, status=422).one("#code-fout a")
    assert "kennen we niet" in opened_by.fill(COME, {"code": "0000000000"}, status=422).text
    assert opened_by.fill(COME, {"code": ""}, status=422).one("#code-fout")
    # What a scanner types is the whole address.
    page = opened_by.fill(COME, {"code": f"http://127.0.0.1:8000/uitnodiging#{mat.letter.code}"})
    assert page.answer.request.path == SAY
    with opened_by.browser.session_transaction() as kept:
        assert mat.letter.code not in str(dict(kept))


def test_only_wrong_codes_are_counted(mat: Doormat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coming, "wrong_codes", Limit(most=2, seconds=600))
    monkeypatch.setattr(mat.app, "testing", False)
    for _right in range(3):
        reader = opened(mat)
    for _wrong in range(2):
        reader.fill(COME, {"code": "0000000000"}, status=422)
    told = reader.fill("/mijn-antwoord", {"code": "0000000000"}, status=429)
    assert "Wacht 10 minuten" in told.text
    assert reader.fill(COME, {"code": mat.letter.code}, status=429).values()["code"] == mat.letter.code


def test_after_the_last_day_or_the_freeze_the_page_says_so_with_the_phone_number(mat: Doormat) -> None:
    reader = opened(mat)
    half = reader.fill(YES, WHO)
    first, last = mat.questions(half)
    for values, words in (
        ({"answers_close_on": date(2026, 1, 1)}, "De laatste dag was donderdag 1 januari 2026"),
        ({"answers_close_on": date(2027, 3, 1), "frozen_at": NOW}, "De lijst voor de loting ligt vast"),
    ):
        mat.set(**values)
        page = reader.get(SAY)
        assert words in page.text
        assert "010 123 45 67" in page.text
        assert not page.all(".three")
        held = half.values() | {first: "man", last: "huur", "consent": "y"}
        assert words in reader.post(YES, held, status=409).text
        assert words in reader.post(SAY, {"antwoord": "nee"}, status=409).text
    assert mat.answers() == []


def test_a_letter_that_was_taken_back_or_came_too_soon_says_one_sentence(
    mat: Doormat, app: Flask, store: Store, place: Neighbourhood
) -> None:
    gone = mat.send(number=3, gone=True)
    reader = Visitor(app)
    page = reader.get(COME)
    assert "ingetrokken" in reader.post(COME, page.values() | {"code": gone.code}, status=409).text
    with store.writing() as session:
        for table in (tables.FeatureValue, tables.Feature, tables.Appeal):
            session.execute(sa.delete(table))
    assert "nog niet klaar" in reader.post(COME, page.values() | {"code": mat.letter.code}, status=409).text


def test_without_questions_there_is_one_step(mat: Doormat, store: Store) -> None:
    with store.writing() as session:
        for table in (tables.FeatureValue, tables.Feature):
            session.execute(sa.delete(table))
    reader = opened(mat)
    assert "Stap" not in reader.get(YES).text
    assert reader.fill(YES, WHO).answer.request.path == THANKS
    assert [answer.counts for answer in mat.answers()] == [True]
