"""Letters by lot: each drawn address gets a code of its own, once, and a lost letter gets another."""

import io
import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from pb.core.errors import NotFound
from pb.inviting import queries
from pb.inviting.actions import inviting as actions
from pb.inviting.queries import waves
from pb.inviting.rules.codes import invitation_code, invitation_lookup
from pb.inviting.rules.letter import LetterReplaced, address_lines, piles, places_of
from pb.inviting.rules.letter_languages import OTHER_LANGUAGES
from pb.inviting.rules.waves import LettersTooLate
from pb.inviting.tables import FeatureValue, Invitation, InvitationPerson
from pb.panel import actions as panel
from pb.panel import queries as panel_queries
from pb.panel.rules.address_file import AddressFile
from pb.panel.rules.draw import order_by_lot
from pb.panel.rules.keeping import SeedUsed
from pb.people.rules import Role
from pb.store import journal
from pb.store.engine import Store
from support.inviting import ask, invite_yes
from support.letters import draw_letters, letters_of_wave
from support.neighbourhood import NOW, Neighbourhood, email_of
from support.panel import KEY, address_list, draw, keep_addresses, key_of
from support.visitor import Page, Visitor

SEED = "4 1 6 6 2 5"
THROWN = "4 1 6 6 2 5 3 1 4 2"


def _drawn(store: Store, place: Neighbourhood, count: int = 5, seed: str = SEED) -> AddressFile:
    file = keep_addresses(store, place, address_list(50))
    draw_letters(store, place, file, count, seed)
    return file


# -- what a draw of letters does ----------------------------------------------------------------------


def test_each_drawn_address_gets_a_letter_with_a_code_of_its_own(store: Store, place: Neighbourhood) -> None:
    ask(store, place)
    file = _drawn(store, place)
    expected = order_by_lot((address.key for address in file.addresses), SEED)[:5]
    with store.reading() as session:
        [wave] = waves.waves(session, round_id=place.round_id)
        held = panel_queries.draw(session, round_id=place.round_id, draw_id=wave.draw_id or 0)
        letters = waves.letters(session, round_id=place.round_id, wave=1)
        persons = queries.addressees(session, round_id=place.round_id)
        seats = panel_queries.seats(session, round_id=place.round_id)
        facts = " ".join(line.facts for line in journal.lines(session))
    assert (wave.wave, wave.letters, wave.yes, wave.sent_at, seats) == (1, 5, 0, None, [])
    assert (held.pool_size, held.wanted, held.gave_seats) == (50, 5, False)
    assert [persons[letter.id].address_key for letter in letters] == expected
    assert [(letter.place, letter.reference) for letter in letters][::4] == [(1, "1-1"), (5, "1-5")]
    assert letters[0].address.startswith(f"Voorbeeldstraat {expected[0].split(':')[1]}, 1234 AB")
    codes = {invitation_code(KEY, letter.id, 1) for letter in letters}
    assert {letter.code_hmac for letter in letters} == {invitation_lookup(KEY, code) for code in codes}
    assert len(codes) == 5
    # Neither address nor code stands in the journal.
    assert "1234" not in facts
    assert not any(code in facts for code in codes)


def test_pressing_twice_is_one_draw_and_a_next_draw_is_a_next_wave_without_who_had_a_letter(
    store: Store, place: Neighbourhood
) -> None:
    ask(store, place)
    raw = address_list(20)
    first = draw_letters(store, place, keep_addresses(store, place, raw), 5, SEED)
    file = keep_addresses(store, place, raw)
    assert draw_letters(store, place, file, 5, SEED) == first
    with store.reading() as session:
        before = panel_queries.drawn_before(session, round_id=place.round_id)
    with pytest.raises(SeedUsed):
        draw_letters(store, place, file, 6, SEED, drawn_before=before)
    # Seats at once and letters never go to one address, whichever came first.
    second = draw(store, place, file, 4, "1 1 1", drawn_before=before)
    with store.reading() as session:
        before = panel_queries.drawn_before(session, round_id=place.round_id)
    third = draw_letters(store, place, keep_addresses(store, place, raw), 6, "2 2 2", drawn_before=before)
    with store.reading() as session:
        keys = [panel_queries.drawn_keys(session, draw_id=draw_id) for draw_id in (first, second, third)]
        gave = {held.id: held.gave_seats for held in panel_queries.draws(session, round_id=place.round_id)}
        again = panel.draw_again(session, round_id=place.round_id, draw_id=third, file=file)
        found = waves.waves(session, round_id=place.round_id)
    assert len({key for each in keys for key in each}) == 5 + 4 + 6
    assert gave == {first: False, second: True, third: False}
    assert (again.same_pool, again.same_outcome) == (True, True)
    assert [(wave.wave, wave.draw_id, wave.letters) for wave in found] == [(1, first, 5), (2, third, 6)]


def test_letters_that_nobody_can_answer_any_more_are_not_made(store: Store, place: Neighbourhood) -> None:
    ask(store, place, close=date(2026, 11, 20))
    with pytest.raises(LettersTooLate):
        _drawn(store, place)
    with store.reading() as session:
        assert session.scalar(sa.select(sa.func.count(Invitation.id))) == 0
        assert panel_queries.draws(session, round_id=place.round_id) == []


def test_a_wave_is_sent_once_and_that_can_be_taken_back(store: Store, place: Neighbourhood) -> None:
    ask(store, place)
    _drawn(store, place)
    who = place.who(Role.AREA_MANAGER)
    later = NOW + timedelta(hours=3)
    with store.writing() as session:
        for wave, at, count in ((1, NOW, 5), (1, later, 0)):
            sent = actions.mark_sent(
                session, round_id=place.round_id, wave=wave, was_sent=True, who=who, now=at
            )
            assert sent == count
        with pytest.raises(NotFound):
            actions.mark_sent(session, round_id=place.round_id, wave=2, was_sent=True, who=who, now=NOW)
    with store.writing() as session:
        assert waves.waves(session, round_id=place.round_id)[0].sent_at == NOW
        actions.mark_sent(session, round_id=place.round_id, wave=1, was_sent=False, who=who, now=later)
    with store.reading() as session:
        assert waves.waves(session, round_id=place.round_id)[0].sent_at is None


def test_a_new_code_kills_the_old_one_and_pressing_twice_makes_one(
    store: Store, place: Neighbourhood
) -> None:
    ask(store, place)
    _drawn(store, place)
    [letter, *_rest] = letters_of_wave(store, place)
    terms = {"round_id": place.round_id, "invitation_id": letter.id, "key": KEY, "now": NOW}
    who = place.who(Role.AREA_MANAGER)
    with store.writing() as session:
        assert actions.new_code(session, replaces=1, who=who, **terms) == 2
        assert actions.new_code(session, replaces=1, who=who, **terms) == 2
        assert actions.new_code(session, replaces=2, who=who, **terms) == 3
        with pytest.raises(LetterReplaced):
            actions.new_code(session, replaces=1, who=who, **terms)
        with pytest.raises(NotFound):
            actions.new_code(session, replaces=3, who=who, **(terms | {"round_id": place.round_id + 1}))
    with store.reading() as session:
        for serial, works in ((1, False), (2, False), (3, True)):
            code = invitation_lookup(KEY, invitation_code(KEY, letter.id, serial))
            found = queries.invitation_by_code(session, code_hmac=code)
            assert (found is not None and found.id == letter.id) == works


# -- on paper -------------------------------------------------------------------------------------


def test_an_address_is_set_as_the_post_asks() -> None:
    assert address_lines("Dorpsstraat 12A-3, 1234 AB Den Haag") == ("Dorpsstraat 12A-3", "1234 AB  Den Haag")
    assert address_lines("Hof, bij de kerk 1, 1234 AB") == ("Hof, bij de kerk 1", "1234 AB")
    assert address_lines("ergens") == ("ergens",)
    assert address_lines("") == ()


def test_letters_make_piles_without_a_gap() -> None:
    assert [list(piles(count)) for count in (0, 1, 250, 251)] == [[], [1], [1], [1, 2]]
    assert (places_of(1)[0], places_of(1)[-1], places_of(2)[0]) == (1, 250, 251)


def test_five_other_languages_say_what_to_do_and_one_is_read_from_the_right() -> None:
    assert [one.code for one in OTHER_LANGUAGES] == ["en", "tr", "ar", "pl", "es"]
    for one in OTHER_LANGUAGES:
        text = one.text(phone="+31 10 123", day="DAY")
        assert ("DAY" in text, "{" in text) == (True, False)
        # Groups of digits stay together; read from the right a plus would stand at the wrong end.
        assert ("0031\u00a010\u00a0123" if one.rtl else "+31\u00a010\u00a0123") in text
        assert "10" not in one.text(phone="", day="DAY")


@pytest.fixture
def manager(visitor: Visitor, place: Neighbourhood) -> Visitor:
    """Give an area manager who is logged in."""
    return visitor.log_in(email_of(Role.AREA_MANAGER))


@pytest.fixture
def panel_path(place: Neighbourhood) -> str:
    """Give the address of the panel."""
    return f"/werk/ronde/{place.round_id}/panel"


def _send(who: Visitor, path: str, raw: bytes) -> Page:
    return who.post(path, {"file": (io.BytesIO(raw), "adressen.csv")}, content_type="multipart/form-data")


def _row(page: Page, table: int = 0) -> list[str]:
    cells = page.all("table")[table].css("tbody tr")[0].css("td")
    return [cell.text().strip() for cell in cells]


def test_from_a_list_of_addresses_to_letters_in_the_post(
    manager: Visitor, panel_path: str, store: Store, place: Neighbourhood, tmp_path: Path
) -> None:
    overview = f"{panel_path}/uitnodigingen"
    assert "Schrijf op wat je vraagt" in manager.get(overview).text
    ask(store, place, seats=4)
    empty = manager.get(overview)
    # Two people for each of 4 seats, of 4.5 in a hundred letters.
    assert empty.one(".big-number").text() == "178"
    assert empty.one(f"a[href='{panel_path}/adressen']")
    sample = PdfReader(io.BytesIO(manager.browser.get(f"{overview}/voorbeeld.pdf").data))
    assert "Brief voorbeeld" in sample.pages[0].extract_text()
    page = _send(manager, f"{panel_path}/adressen", address_list(30))
    where = page.answer.request.path
    assert where.endswith("/loot-brieven")
    # No more than there are.
    assert page.values()["wanted"] == "30"
    assert "Meer adressen zijn er niet." in page.text
    assert page.one(f"a[href='{where.removesuffix('/loot-brieven')}']")
    chosen = manager.post(where.replace("loot-brieven", "kies"), {})
    assert chosen.answer.request.path == where
    assert where in manager.get(where.replace("loot-brieven", "brieven")).html
    refused = manager.post(where, page.values() | {"wanted": "178", "seed": THROWN}, status=422)
    assert "148 te weinig" in refused.one(".wrong").text()
    drawn = manager.post(where, refused.values() | {"wanted": "3"})
    assert drawn.answer.request.path == overview
    assert _row(drawn) == ["1", "3", "0", "3", "0", "0", "0,0"]
    assert "nog niet verstuurd" in drawn.text
    assert "Verstuur eerst de brieven" in drawn.text
    # The list is used up; coming back shows the letters.
    assert manager.get(where).answer.request.path == overview
    with store.reading() as session:
        [held] = panel_queries.draws(session, round_id=place.round_id)
        letters = waves.letters(session, round_id=place.round_id, wave=1)
    proof = Visitor(manager.app).get(f"/ronde/{place.round_id}/loting/{held.id}")
    assert "zijn 3 adressen geloot voor een brief" in proof.text
    assert "De eerste krijgen een brief." in proof.text
    assert "3 adressen geloot voor een brief" in manager.get(f"{panel_path}/loting/{held.id}").title
    _on_paper(manager, f"{overview}/1/brieven-1.pdf", place, held.id, [one.id for one in letters], tmp_path)
    manager.get(f"{overview}/1/brieven-2.pdf", status=404)
    sent = manager.fill(overview, {}, form="form[action$=verstuurd]")
    assert "Genoteerd: 3 brieven zijn weg." in sent.html
    assert sent.all(".tag.yes")
    assert "Nog niemand zegt ja." in sent.text
    assert "Wacht nog even." in sent.text
    back = manager.fill(overview, {}, form="form[action$=verstuurd]")
    assert "nog niet verstuurd" in back.text


def _on_paper(
    manager: Visitor, path: str, place: Neighbourhood, draw_id: int, ids: list[int], folder: Path
) -> None:
    """Read the letters as a screen reader and as a phone would."""
    answer = manager.browser.get(path)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    made = PdfReader(io.BytesIO(answer.data))
    catalogue = made.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == "nl"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in catalogue["/Metadata"].get_data()
    # A screen reader knows which language it speaks, and what the picture is.
    tags = [made.get_object(number) for number in range(1, int(made.trailer["/Size"]))]
    told = [tag for tag in tags if isinstance(tag, dict)]
    assert {str(tag["/Lang"]) for tag in told if "/Lang" in tag} >= {one.code for one in OTHER_LANGUAGES}
    assert "QR-code: opent de pagina om te antwoorden" in {str(tag.get("/Alt")) for tag in told}
    # Each letter has a front and a back.
    assert len(made.pages) == 2 * len(ids)
    codes = [invitation_code(key_of(manager.app), one, 1) for one in ids]
    front, back = made.pages[0].extract_text(), made.pages[1].extract_text()
    for words in ("Aan de bewoners van", "Beste bewoner,", "€\u00a025", "010\u00a0123", "oppas", codes[0]):
        assert words in front, words
    assert "maandag 1 maart 2027" in front
    assert "1 juli 2027" in back
    assert f"/ronde/{place.round_id}/loting/{draw_id}" in back.replace("\n", "")
    assert "1 March 2027" in back
    assert "marca" in back
    file = folder / "letters.pdf"
    file.write_bytes(answer.data)
    subprocess.run(
        ["pdftoppm", "-r", "80", "-o", "-gray", "-png", "letters.pdf", "letter"], cwd=folder, check=True
    )
    images = sorted(str(image) for image in folder.glob("letter-*.png"))
    read = subprocess.run(
        ["zbarimg", "--quiet", "--raw", *images], cwd=folder, check=True, capture_output=True, text=True
    )
    assert read.stdout.split() == [f"http://127.0.0.1:8000/uitnodiging#{code}" for code in codes]


def test_one_letter_is_found_by_its_address_and_gets_a_new_code(
    manager: Visitor, panel_path: str, store: Store, place: Neighbourhood
) -> None:
    ask(store, place)
    file = keep_addresses(store, place, address_list(120))
    draw_letters(store, place, file, 120, SEED, key=key_of(manager.app))
    wave = f"{panel_path}/uitnodigingen/1"
    first = manager.get(wave)
    assert len(first.all(".panel-seats > li")) == 100
    assert len(manager.get(f"{wave}?vanaf=101").all(".panel-seats > li")) == 20
    assert "Vul het huisnummer in." in manager.fill(wave, {"postcode": "1234ab"}, status=422).text
    none = manager.fill(wave, {"postcode": "1234ab", "number": "121"})
    assert "kreeg in deze verzending geen brief" in none.text
    with store.writing() as session:
        home = session.query(InvitationPerson).filter_by(address_key="1234AB:9::").one()
        home.address_key, home.address = "1234AB:9:H:", "Voorbeeldstraat 9-H, 1234 AB Voorbeeldstad"
    for typed in ("9", "9-H", "9 huis"):
        near = manager.fill(wave, {"postcode": "1234ab", "number": typed})
        [who] = near.all(".seat-who")
        assert who.text(strip=True) == "Voorbeeldstraat 9-H, 1234 AB Voorbeeldstad"
        assert ("andere letter of toevoeging" in near.text) is (typed != "9-H")
    [answer] = [one.attributes["href"] for one in near.all(".panel-seats a") if "antwoord" in one.text()]
    assert "Voorbeeldstraat 9-H" in manager.get(answer or "").one("main").text()
    found = manager.fill(wave, {"postcode": "1234ab", "number": "7"})
    # What was looked for is an address of somebody, so it stands in no address of a page.
    assert found.answer.request.query_string == b""
    [link] = [one.attributes["href"] for one in found.all(".panel-seats a") if "nieuwe" in one.text()]
    made = manager.fill(link or "", {})
    assert "De oude briefcode werkt niet meer." in made.text
    letter = int((link or "").split("/")[-2])
    printed = manager.browser.get(f"{panel_path}/uitnodigingen/brief/{letter}.pdf")
    text = PdfReader(io.BytesIO(printed.data)).pages[0].extract_text()
    assert invitation_code(key_of(manager.app), letter, 2) in text
    assert "Voorbeeldstraat 7" in text
    manager.get(f"{panel_path}/uitnodigingen/brief/{letter + 999}.pdf", status=404)
    manager.get(f"{panel_path}/uitnodigingen/2", status=404)


def test_letters_made_with_another_key_are_not_printed(
    manager: Visitor, panel_path: str, store: Store, place: Neighbourhood
) -> None:
    ask(store, place)
    _drawn(store, place)
    page = manager.get(f"{panel_path}/uitnodigingen/1/brieven-1.pdf", status=409)
    assert "5 briefcodes niet meer" in page.text


def test_enough_people_but_for_one_target_is_told_with_what_else_helps(
    manager: Visitor, panel_path: str, store: Store, place: Neighbourhood
) -> None:
    ask(store, place)
    invite_yes(store, place, 17, key=key_of(manager.app))
    with store.writing() as session:
        boat = session.query(FeatureValue).filter_by(name="koop").one()
        session.add(FeatureValue(feature_id=boat.feature_id, place=3, name="boot", people=9, least=1, most=2))
    page = manager.get(f"{panel_path}/uitnodigingen")
    assert "Er zeggen genoeg mensen ja voor alle plaatsen, maar nog niet voor elk kenmerk." in page.text
    assert "Alleen voor ‘woning: boot’ zeggen er nog te weinig mensen ja." in page.text
    assert "Nodig mensen uit het netwerk uit bij wie dit past" in page.text
    assert not page.all(".big-number")


def test_letters_that_come_too_late_are_refused_with_what_to_do(
    manager: Visitor, panel_path: str, store: Store, place: Neighbourhood
) -> None:
    ask(store, place, close=date(2020, 1, 1))
    page = _send(manager, f"{panel_path}/adressen", address_list(30))
    assert "Een brief komt dan te laat." in page.text
    manager.post(page.answer.request.path, page.values() | {"wanted": "3", "seed": THROWN}, status=409)
    with store.reading() as session:
        assert panel_queries.draws(session, round_id=place.round_id) == []
