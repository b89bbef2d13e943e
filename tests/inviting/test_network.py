"""People of the network: asked once, recognised, mailed once, and taken back as long as there is no yes."""

import io
from datetime import date

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from pb.core.errors import NotFound
from pb.core.sheet import FileRefused
from pb.inviting import queries
from pb.inviting.actions.network import take_back
from pb.inviting.queries import waves
from pb.inviting.rules.codes import invitation_code, invitation_lookup
from pb.inviting.rules.network import AddressIncomplete, Home, Known, find_twice, home, read_network
from pb.inviting.tables import Answer, Invitation, InvitationPerson
from pb.panel.rules.address import HouseNumber
from pb.panel.rules.origins import Origin
from pb.panel.rules.people_file import Likeness
from pb.people.rules import Role
from pb.people.tables import Message
from pb.store import journal
from pb.store.engine import Store
from support.inviting import ask, invite_yes
from support.neighbourhood import NOW, Neighbourhood, email_of
from support.panel import key_of
from support.visitor import Page, Visitor

LIST = (
    "\ufeffnaam;e-mail;herkomst;straat;huisnummer;postcode;plaats\r\n"
    "Voorbeeld Een;een@post.example;netwerk;Voorbeeldstraat;3 A;1234ab;Stad\r\n"
    "Voorbeeld Twéé;;ambassadeur;;;;\r\n"
    "voorbeeld twee;;;;;;\r\n"
)


@pytest.fixture
def manager(visitor: Visitor, place: Neighbourhood) -> Visitor:
    """Give an area manager who is logged in."""
    return visitor.log_in(email_of(Role.AREA_MANAGER))


@pytest.fixture
def network(place: Neighbourhood) -> str:
    """Give the address of the network."""
    return f"/werk/ronde/{place.round_id}/panel/netwerk"


def _send(who: Visitor, path: str, raw: bytes, status: int = 200) -> Page:
    return who.post(
        path, {"file": (io.BytesIO(raw), "mensen.csv")}, status=status, content_type="multipart/form-data"
    )


# -- reading --------------------------------------------------------------------------------------


def test_a_list_gives_people_with_the_key_of_their_dwelling() -> None:
    file = read_network(LIST.encode(), file_name="x.csv")
    one, two, three = file.people
    assert (one.person.name, one.person.email, one.person.origin) == (
        "Voorbeeld Een", "een@post.example", Origin.INVITED,
    )  # fmt: skip
    assert one.home == Home("Voorbeeldstraat 3A, 1234 AB Stad", "1234AB:3:A:")
    assert (two.home, two.person.origin) == (Home(), Origin.AMBASSADOR)
    [twice] = find_twice(file.people, [])
    assert (twice.row, twice.of_row, twice.likeness, twice.leave_out) == (4, 3, Likeness.NAME, True)
    [known] = find_twice([one], [Known("Iemand Anders", "een@post.example")])
    assert (known.of_row, known.likeness, known.leave_out) == (None, Likeness.EMAIL, True)
    assert three.row == 4


def test_half_an_address_is_told_with_its_row() -> None:
    with pytest.raises(FileRefused) as refused:
        read_network(b"naam;postcode\nEen;\nTwee;1234 AB\n", file_name="x.csv")
    [problem] = refused.value.facts["problems"]  # type: ignore[misc]
    assert (problem.row, problem.code) == (3, "inviting.address-incomplete")
    with pytest.raises(AddressIncomplete):
        home("Dorpsstraat", None, "", "")
    assert home("", HouseNumber(3, "", "BIS"), "1234 AB", "").written == "3-BIS, 1234 AB"


# -- through the pages ---------------------------------------------------------------------------------


def test_people_are_invited_one_by_one_mailed_once_and_can_be_taken_back(
    manager: Visitor, network: str, store: Store, place: Neighbourhood
) -> None:
    assert "Schrijf dat eerst op." in manager.get(network).text
    assert manager.get(f"{network}/erbij").answer.request.path == network
    ask(store, place, seats=8)
    person = {"name": "Voorbeeld Een", "email": "Een@Post.example", "phone": "06 12345678"}
    half = manager.fill(f"{network}/erbij", person | {"postcode": "1234 AB"}, status=422)
    assert "Vul postcode en huisnummer allebei in" in half.one(".wrong").text()
    assert half.values()["email"] == "Een@Post.example"
    manager.fill(f"{network}/erbij", person | {"postcode": "1234 AB", "number": "3", "street": "Straat"})
    again = manager.fill(f"{network}/erbij", person | {"name": "Ander"}, status=422)
    assert "Iemand met dit e-mailadres is al uitgenodigd." in again.one(".wrong").text()
    manager.post(f"{network}/erbij", again.values() | {"somebody_else": "y", "email": ""})
    page = manager.get(network)
    assert "2 mensen uit het netwerk zijn gevraagd. Nog niemand heeft geantwoord." in page.text
    assert "De andere 8 loten we onder mensen met een brief. Nog niemand zegt ja." in page.text
    # One of them has an address to mail; the other gets a letter.
    mailed = manager.fill(network, {}, form="form[action$=mails]")
    assert "Er is één mail verstuurd." in mailed.html
    assert not mailed.all("form[action$=mails]")
    manager.post(f"{network}/mails", {})
    with store.reading() as session:
        one, two = waves.network(session, round_id=place.round_id)
        mails = [mail for mail in session.query(Message) if mail.to_email == "een@post.example"]
        facts = " ".join(line.facts + line.subject for line in journal.lines(session))
    [mail] = mails
    code = invitation_code(key_of(manager.app), one.id, 1)
    assert mail.subject == "Wil je in het panel van Voorbeeldwijk?"
    assert f"http://127.0.0.1:8000/uitnodiging#{code}" in mail.body
    assert "maandag 1 maart 2027" in mail.body
    assert "\n\n\n" not in mail.body
    assert not any(secret in facts for secret in (code, "Voorbeeld Een", "post.example"))
    handed = manager.fill(network, {}, form="form[action$=uitgedeeld]")
    assert "brief uitgedeeld" in handed.text
    paper = PdfReader(io.BytesIO(manager.browser.get(f"{network}/brieven-1.pdf").data))
    assert len(paper.pages) == 2
    assert "Beste Ander," in paper.pages[0].extract_text()
    assert invitation_code(key_of(manager.app), two.id, 1) in paper.pages[0].extract_text()
    # A new code may be mailed, and only that one works.
    made = manager.fill(f"{network.replace('netwerk', 'uitnodigingen')}/brief/{one.id}/nieuwe-code", {})
    assert "Verstuur de mail opnieuw" in made.text
    manager.fill(network, {}, form="form[action$=mails]")
    with store.reading() as session:
        last = session.query(Message).order_by(Message.id.desc()).first()
    assert last is not None
    assert invitation_code(key_of(manager.app), one.id, 2) in last.body
    gone = manager.fill(f"{network}/{one.id}/terug", {})
    assert "Eén persoon uit het netwerk is gevraagd" in gone.text
    with store.reading() as session:
        found = queries.invitation_by_code(session, code_hmac=invitation_lookup(key_of(manager.app), code))
        assert found is None
        assert session.get(InvitationPerson, one.id) is None
    # Whoever was taken back may be asked again.
    manager.fill(f"{network}/erbij", person)


def test_whoever_answered_is_not_asked_again_and_the_list_tells_no_answer(
    manager: Visitor, network: str, store: Store, place: Neighbourhood
) -> None:
    ask(store, place)
    key = key_of(manager.app)
    for said, origin in (("yes", Origin.INVITED), ("no", Origin.AMBASSADOR)):
        invite_yes(store, place, 2, origin=origin, said=said, seed=said, key=key)
    stopped = invite_yes(store, place, 1, origin=Origin.EXPERIENCE, seed="stop", key=key)
    with store.writing() as session:
        session.get_one(Answer, stopped[0]).withdrawn_at = NOW
        # Somebody told them face to face, or phoned: they answered before anything was sent.
        session.execute(sa.update(Invitation).values(sent_at=None))
        for person in session.query(InvitationPerson).filter(InvitationPerson.invitation_id.in_((1, 3))):
            person.email = f"{person.invitation_id}@post.example"
    page = manager.get(network)
    assert "5 mensen uit het netwerk zijn gevraagd. 5 mensen hebben geantwoord." in page.text
    assert [tag.text() for tag in page.all(".panel-seats .tag.yes")] == ["heeft geantwoord"] * 5
    # Neither a mail nor a letter is left to send, also when somebody still has the old page open.
    assert not page.all("form[action$=mails], form[action$=uitgedeeld], a[href*=brieven-]")
    before = len(_sent(store))
    manager.post(f"{network}/mails", {})
    manager.post(f"{network}/uitgedeeld", {})
    assert len(_sent(store)) == before
    assert manager.browser.get(f"{network}/brieven-1.pdf").status_code == 404
    with store.reading() as session:
        assert {one.sent_at for one in waves.network(session, round_id=place.round_id)} == {None}
    # With one who did not answer, only that one is left.
    manager.fill(f"{network}/erbij", {"name": "Nog Niet"})
    assert "Deze brief is uitgedeeld" in manager.get(network).text
    assert "Genoteerd: één brief is uitgedeeld." in manager.post(f"{network}/uitgedeeld", {}).html


def _sent(store: Store) -> list[int]:
    with store.reading() as session:
        return [message.id for message in session.query(Message)]


def test_whoever_said_yes_is_not_taken_back(
    manager: Visitor, network: str, store: Store, place: Neighbourhood
) -> None:
    ask(store, place, seats=8, mode="nominated", network_seats=2)
    invite_yes(store, place, 3, origin=Origin.EXPERIENCE, key=key_of(manager.app))
    drawn = invite_yes(store, place, 1)
    page = manager.get(network)
    assert "zelfde adres" not in page.text
    counted = "Het panel heeft 8 plaatsen: 6 voor mensen met een brief en 2 voor mensen uit het netwerk. "
    counted += "4 mensen zeggen ja: 1 met een brief en 3 uit het netwerk."
    road = network.removesuffix("/netwerk")
    for told in (page, manager.get(f"{road}/uitnodigingen"), manager.get(f"{road}/antwoorden")):
        assert counted in told.text
    assert "4 tot 6" in page.text
    with store.reading() as session:
        first = waves.network(session, round_id=place.round_id)[0].id
        letter = queries.answer(session, round_id=place.round_id, answer_id=drawn[0]).invitation_id
    assert "heeft ja gezegd" in manager.get(f"{network}/{first}/terug").text
    manager.post(f"{network}/{first}/terug", {}, status=409)
    # Letters to addresses are not people of the network.
    manager.post(f"{network}/{letter}/terug", {}, status=404)
    with store.writing() as session, pytest.raises(NotFound):
        take_back(
            session,
            round_id=place.round_id,
            invitation_id=letter,
            who=place.who(Role.AREA_MANAGER),
            now=NOW,
        )
    with store.reading() as session:
        assert len(waves.network(session, round_id=place.round_id)) == 3


def test_a_list_is_checked_shown_and_taken_in_once(
    manager: Visitor, network: str, store: Store, place: Neighbourhood
) -> None:
    ask(store, place)
    path = f"{network}/lijst"
    wrong = _send(manager, path, LIST.replace("3 A;1234ab", ";1234ab").encode(), status=422)
    assert "Rij 2" in wrong.text
    assert "Er is niets opgeslagen." in wrong.text
    shown = _send(manager, path, LIST.encode())
    assert "Er is nog niemand uitgenodigd." in shown.text
    assert "Voorbeeldstraat 3A, 1234 AB Stad" in shown.text
    assert shown.one("input[name=leave_out][checked]").attributes["value"] == "4"
    where = shown.answer.request.path
    # Somebody is invited in between: look again at who stands there twice.
    manager.fill(f"{network}/erbij", {"name": "Voorbeeld Een"})
    changed = manager.post(where, shown.values(), status=409)
    assert "Er is intussen iemand uitgenodigd." in changed.text
    assert len(changed.all("input[name=leave_out]")) == 2
    done = manager.post(where, changed.values() | {"leave_out": "4"})
    assert "Er zijn 2 uitnodigingen bij." in done.html
    assert "niets dubbel gedaan" in manager.post(where, changed.values()).html
    assert "al ingelezen" in _send(manager, path, LIST.encode(), status=409).one(".wrong").text()
    with store.reading() as session:
        people = waves.network(session, round_id=place.round_id)
    assert [one.name for one in people] == ["Voorbeeld Een", "Voorbeeld Een", "Voorbeeld Twéé"]
    home = {"name": "Voorbeeld Vier", "postcode": "1234AB", "number": "3a"}
    assert len(manager.fill(f"{network}/erbij", home).all(".tag.wait")) == 4 + 2
    example = manager.browser.get("/werk/panel/lijst/voorbeeld-netwerk.csv").data
    assert len(read_network(example, file_name="x.csv").people) == 3
    manager.get("/werk/panel/lijst/anders.csv", status=404)


def test_nobody_is_invited_once_answering_is_over(
    manager: Visitor, network: str, store: Store, place: Neighbourhood
) -> None:
    ask(store, place, close=date(2020, 1, 1))
    assert "je kunt niemand meer uitnodigen" in manager.get(network).text
    assert "Een brief komt dan te laat." in manager.fill(f"{network}/erbij", {"name": "X"}, status=409).text


def test_no_more_people_are_promised_a_fixed_seat_than_there_are_seats(
    manager: Visitor, network: str, store: Store, place: Neighbourhood
) -> None:
    ask(store, place, seats=2)
    key = key_of(manager.app)
    for number in (1, 2):
        manager.fill(f"{network}/erbij", {"name": f"Voorbeeld {number}"})
    told = manager.fill(f"{network}/erbij", {"name": "Voorbeeld Drie"}, status=422)
    assert "Het panel heeft 2 plaatsen, en daarvan zijn er 2 beloofd." in told.one("#name-fout").text()
    assert told.values()["name"] == "Voorbeeld Drie"
    with store.reading() as session:
        one, two = waves.network(session, round_id=place.round_id)
    reader, late = Visitor(manager.app), Visitor(manager.app)
    for who, invited in ((reader, one), (late, two)):
        who.fill("/uitnodiging", {"code": invitation_code(key, invited.id, 1)})
    # A no frees the seat; a list with more people than that is refused as a whole.
    reader.fill("/uitnodiging/antwoord", {"antwoord": "nee"})
    listed = _send(manager, f"{network}/lijst", b"naam\nVoorbeeld Vier\nVoorbeeld Vijf\n")
    refused = manager.post(listed.answer.request.path, listed.values(), status=422)
    assert "Er is nog plaats voor 1, en dit zijn er 2." in refused.one(".notice[role=alert]").text()
    manager.fill(f"{network}/erbij", {"name": "Voorbeeld Drie"})
    # Whoever said no comes back too late; a panel that shrank is told to staff and to who comes last.
    assert "Er is geen plaats meer" in reader.get("/uitnodiging/antwoord").text
    assert "dan heb je een plaats" in late.get("/uitnodiging/antwoord").text
    invite_yes(store, place, 3, origin=Origin.INVITED, seed="meer", key=key)
    assert "Er is geen plaats meer" in late.get("/uitnodiging/ja").text
    page = manager.get(network)
    assert "Dat zijn er nu 3: 1 te veel. Er is niets te loten." in page.text
    assert "5 mensen uit het netwerk een vaste plaats beloofd, en het panel heeft 2 plaatsen" in page.text
    appeal = manager.get(f"/werk/ronde/{place.round_id}/panel/vraag")
    assert "een vaste plaats beloofd" in appeal.text
