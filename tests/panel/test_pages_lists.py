"""A list of people is checked whole, shown, and only then taken in; a bad one changes nothing."""

import io
import zipfile

import pytest
import sqlalchemy as sa
from flask import Flask

from pb.panel import queries
from pb.panel.tables import Seat, Upload
from pb.people.rules import Role
from pb.store.engine import Store
from support.neighbourhood import Neighbourhood, email_of
from support.panel import invite
from support.visitor import Page, Visitor

GOOD = (
    "naam;e-mail;telefoon;herkomst\r\nProef Een;een@post.example;06 12345678;\r\nProef Twee;;;ambassadeur\r\n"
)
ADDRESSES = "straat;huisnummer;postcode;plaats\r\n"


@pytest.fixture
def manager(visitor: Visitor, place: Neighbourhood) -> Visitor:
    """Give an area manager who is logged in."""
    return visitor.log_in(email_of(Role.AREA_MANAGER))


@pytest.fixture
def panel(place: Neighbourhood) -> str:
    """Give the address of the panel."""
    return f"/werk/ronde/{place.round_id}/panel"


def _send(who: Visitor, path: str, content: bytes | str, name: str = "lijst.csv", status: int = 200) -> Page:
    raw = content.encode() if isinstance(content, str) else content
    return who.post(
        path, {"file": (io.BytesIO(raw), name)}, status=status, content_type="multipart/form-data"
    )


def _numbers(store: Store, place: Neighbourhood) -> list[int]:
    with store.reading() as session:
        return [seat.number for seat in queries.seats(session, round_id=place.round_id)]


def _workbook() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as book:
        book.writestr("xl/workbook.xml", "<workbook/>")
    return held.getvalue()


def _rows(count: int) -> str:
    return "naam\r\n" + "".join(f"Proef {number}\r\n" for number in range(count))


def test_a_good_list_is_shown_first_and_gives_seats_after_a_yes(
    manager: Visitor, panel: str, store: Store, place: Neighbourhood
) -> None:
    shown = _send(manager, f"{panel}/lijst", GOOD, "wijk 2026.csv")
    assert "2 mensen in wijk 2026.csv" in shown.text
    assert "+31612345678" in shown.text
    assert _numbers(store, place) == []
    page = manager.post(shown.answer.request.path, shown.values())
    assert page.answer.request.path == panel
    assert "er zijn 2 stoelen bij" in page.text
    assert "1 ambassadeur" in page.text
    assert _numbers(store, place) == [1, 2]
    with store.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Upload)) == 0


def test_a_yes_pressed_twice_is_one_import(
    manager: Visitor, panel: str, store: Store, place: Neighbourhood
) -> None:
    shown = _send(manager, f"{panel}/lijst", GOOD)
    manager.post(shown.answer.request.path, shown.values())
    again = manager.post(shown.answer.request.path, shown.values())
    assert "Deze lijst was al ingelezen" in again.text
    assert _numbers(store, place) == [1, 2]


def test_the_same_file_again_is_told_and_not_imported(
    manager: Visitor, panel: str, store: Store, place: Neighbourhood
) -> None:
    shown = _send(manager, f"{panel}/lijst", GOOD)
    manager.post(shown.answer.request.path, shown.values())
    again = _send(manager, f"{panel}/lijst", GOOD, "andere naam.csv", status=409)
    assert "Deze lijst is al ingelezen" in again.one(".wrong").text()
    assert _numbers(store, place) == [1, 2]


def test_a_longer_list_proposes_to_leave_out_who_has_a_seat(
    manager: Visitor, panel: str, store: Store, place: Neighbourhood
) -> None:
    invite(store, place, 2)
    more = (
        "naam;e-mail\r\nVoorbeeld 1;p1@post.example\r\nVOORBEELD 2;\r\n"
        "Nieuw Iemand;n@post.example\r\nVoorbeeld 2;ander@post.example\r\n"
    )
    shown = _send(manager, f"{panel}/lijst", more)
    proposed = {
        box.attributes["value"]: "checked" in box.attributes for box in shown.all("input[name=leave_out]")
    }
    assert proposed == {"2": True, "3": True, "5": False}
    page = manager.post(shown.answer.request.path, shown.values() | {"leave_out": ["2", "3", "niks", "999"]})
    assert "er zijn 2 stoelen bij" in page.text
    assert _numbers(store, place) == [1, 2, 3, 4]


def test_somebody_twice_in_the_list_is_shown_and_people_decide(manager: Visitor, panel: str) -> None:
    twice = "naam;e-mail\r\nJosé Proef;j@post.example\r\njose  proef;\r\nAnder;j@post.example\r\n"
    shown = _send(manager, f"{panel}/lijst", twice)
    assert "Rij 2 heeft dezelfde naam." in shown.text
    assert "Rij 2 heeft hetzelfde e-mailadres." in shown.text
    held = {name: value for name, value in shown.values().items() if name != "leave_out"}
    assert "er zijn 3 stoelen bij" in manager.post(shown.answer.request.path, held).text


def test_a_panel_that_changed_since_the_list_was_shown_is_shown_again(
    manager: Visitor, panel: str, store: Store, place: Neighbourhood
) -> None:
    shown = _send(manager, f"{panel}/lijst", GOOD)
    invite(store, place, 1)
    again = manager.post(shown.answer.request.path, shown.values(), status=409)
    assert "Het panel is net veranderd" in again.text
    assert _numbers(store, place) == [1]
    manager.post(again.answer.request.path, again.values())
    assert _numbers(store, place) == [1, 2, 3]


def test_a_guess_at_the_letters_is_asked_about(manager: Visitor, panel: str) -> None:
    shown = _send(
        manager, f"{panel}/lijst", "naam;e-mail\r\nJörg Proef€;j@post.example\r\n".encode("windows-1252")
    )
    assert "Klopt dit: Jörg Proef€?" in shown.text


def test_letters_that_look_like_others_are_pointed_at(manager: Visitor, panel: str) -> None:
    shown = _send(manager, f"{panel}/lijst", "naam;e-mail\r\nProef;\u0458an@post.example\r\n")
    assert "Rij 2, kolom e-mail" in shown.text
    assert "ongewone letters" in shown.text


def test_a_list_that_is_gone_is_told(manager: Visitor, panel: str) -> None:
    page = manager.get(f"{panel}/lijst/{'a' * 64}", status=410)
    assert "Kies het bestand opnieuw" in page.text
    manager.get(f"{panel}/adressen/{'a' * 64}", status=410)
    manager.get(f"{panel}/lijst/{'a' * 63}", status=404)


BAD = {
    "nothing at all": (b"", "leeg"),
    "a header only": (b"naam;e-mail\r\n", "geen rijen"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(64), "afbeelding"),
    "a workbook": (_workbook(), "Excelbestand"),
    "a pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF"),
    "a web page": (b"<!doctype html><table><tr><td>naam", "webpagina"),
    "an old workbook": (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "Excelbestand (xls)"),
    "a workbook with a password": (
        bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"), "wachtwoord"),
    "json": (b'{"naam": "x"}', "JSON"),
    "NUL": (b"naam;e-mail\r\nProef\x00;a@post.example\r\n", "Rij 2"),
    "a quotation mark left open": (b'naam;e-mail\r\n"Proef;a@b.example\r\nAnder;b@b.example\r\n', "Rij 2"),
    "a row too long": (b"naam;e-mail\r\nProef;a@post.example;meer\r\n", "Rij 2"),
    "a row too short": (b"naam;e-mail;telefoon\r\nProef;a@post.example\r\n", "Rij 2"),
    "a header twice": (b"naam;naam\r\nProef;Proef\r\n", "naam"),
    "a header unknown": (b"naam;schoenmaat\r\nProef;43\r\n", "schoenmaat"),
    "no header": (b"Proef;a@post.example\r\n", "kop"),
    "no separator": (b"een lijst met wat tekst erin\r\nProef\r\n", "naam"),
    "a cell of 200 kB": (b"naam\r\n" + b"x" * 200_000 + b"\r\n", "Rij 2, kolom naam"),
    "too many rows": (_rows(5001), "5001"),
    "a name missing": (b"naam;e-mail\r\n;a@post.example\r\n", "Rij 2, kolom naam"),
    "a name turned round": ("naam\r\nProef \u202e\r\n".encode(), "Rij 2, kolom naam"),
    "an address without a domain": (b"naam;e-mail\r\nProef;a@localhost\r\n", "Rij 2, kolom e-mail"),
    "two at signs": (b"naam;e-mail\r\nProef;a@@b.nl\r\n", "Rij 2, kolom e-mail"),
    "a name around the address": (b"naam;e-mail\r\nProef;Proef <a@b.nl>\r\n", "Rij 2, kolom e-mail"),
    "a phone number by a spreadsheet": (b"naam;telefoon\r\nProef;6,12E+08\r\n", "Rij 2, kolom telefoon"),
    "a phone number without its start": (b"naam;telefoon\r\nProef;612345678\r\n", "Rij 2, kolom telefoon"),
    "an error of a spreadsheet": (b"naam;telefoon\r\nProef;#N/B\r\n", "Rij 2, kolom telefoon"),
    "drawn by hand": (b"naam;herkomst\r\nProef;geloot\r\n", "Rij 2, kolom herkomst"),
    "an origin unknown": (b"naam;herkomst\r\nProef;buurman\r\n", "Rij 2, kolom herkomst"),
    "letters of two kinds": ("naam\r\nJosé\r\n".encode() + "José\r\n".encode("windows-1252"), "Rij 3"),
    "utf-32": ("\ufeffnaam\r\nProef\r\n".encode("utf-32"), "letters"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_list_is_refused_with_its_place_and_nothing_is_stored(
    manager: Visitor, panel: str, store: Store, kind: str
) -> None:
    content, told = BAD[kind]
    page = _send(manager, f"{panel}/lijst", content, status=422)
    assert told in page.one(".summary").text(separator=" ")
    assert "Er is niets opgeslagen" in page.text
    assert page.one("input[type=file]")
    with store.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Seat)) == 0
        assert session.scalar(sa.select(sa.func.count()).select_from(Upload)) == 0


BAD_ADDRESSES = {
    "nothing at all": ("", "leeg"),
    "a column missing": ("straat;huisnummer;plaats\r\nDijk;1;Stad\r\n", "postcode"),
    "a postcode of digits": (ADDRESSES + "Dijk;1;1234;Stad\r\n", "Rij 2, kolom postcode"),
    "a postcode never issued": (ADDRESSES + "Dijk;1;1234 SS;Stad\r\n", "Rij 2, kolom postcode"),
    "a postcode with a zero": (ADDRESSES + "Dijk;1;0123 AB;Stad\r\n", "Rij 2, kolom postcode"),
    "a date for a number": (ADDRESSES + "Dijk;12-mrt;1234 AB;Stad\r\n", "Rij 2, kolom huisnummer"),
    "a calculation for a number": (ADDRESSES + "Dijk;1e3;1234 AB;Stad\r\n", "Rij 2, kolom huisnummer"),
    "a number below zero": (ADDRESSES + "Dijk;-1;1234 AB;Stad\r\n", "Rij 2, kolom huisnummer"),
    "several numbers": (ADDRESSES + "Dijk;1 t/m 9;1234 AB;Stad\r\n", "Rij 2, kolom huisnummer"),
    "a street missing": (ADDRESSES + ";1;1234 AB;Stad\r\n", "Rij 2, kolom straat"),
    "an identification cut short": (
        "straat;huisnummer;postcode;plaats;id\r\nDijk;1;1234 AB;Stad;5,99E+14\r\n", "Rij 2, kolom id"),
    "an identification without its zero": (
        "straat;huisnummer;postcode;plaats;id\r\nDijk;1;1234 AB;Stad;599200000000001\r\n", "Rij 2, kolom id"),
    "a use unknown": (
        "straat;huisnummer;postcode;plaats;gebruiksdoel\r\nDijk;1;1234 AB;Stad;huis\r\n",
        "Rij 2, kolom gebruiksdoel"),
    "a formula": (ADDRESSES + "=A1;1;1234 AB;Stad\r\n", "Rij 2, kolom straat"),
    "names of people": ("naam;straat;huisnummer;postcode;plaats\r\nProef;Dijk;1;1234 AB;Stad\r\n", "naam"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD_ADDRESSES)
def test_a_bad_list_of_addresses_is_refused_with_its_place(
    manager: Visitor, panel: str, store: Store, kind: str
) -> None:
    content, told = BAD_ADDRESSES[kind]
    page = _send(manager, f"{panel}/adressen", content, status=422)
    assert told in page.one(".summary").text(separator=" ")
    with store.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Upload)) == 0


def test_every_problem_is_told_at_once_up_to_fifty(manager: Visitor, panel: str) -> None:
    page = _send(manager, f"{panel}/lijst", "naam;e-mail\r\n" + "Proef;fout\r\n" * 60, status=422)
    assert "60 dingen kloppen niet" in page.text
    # The same thing in one column is told once, with the first rows.
    [alike] = page.all(".problems > li")
    assert "Kolom e-mail, rij 2, 3, 4, 5, 6 en nog 55 rijen Daar staat bijvoorbeeld fout" in " ".join(
        alike.text(separator=" ").split()
    )
    assert "staan de eerste 50, bij elkaar gezet" in page.text


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "..\\..\\x.csv",
        "con.csv",
        "x" * 500 + ".csv",
        'a"; b.csv',
        "\u202excod.csv",
        "<script>alert(1)</script>.csv",
        "lijst\x00.csv",
        "😀.csv",
    ],
)
def test_the_name_of_a_file_is_never_a_path_nor_markup(manager: Visitor, panel: str, name: str) -> None:
    shown = _send(manager, f"{panel}/lijst", GOOD, name)
    assert "Er is nog niets opgeslagen" in shown.text
    assert "../" not in shown.text
    assert "<script>alert" not in shown.html
    assert "\u202e" not in shown.html


@pytest.mark.parametrize(("megabytes", "status", "told"), [(6, 422, "hoogstens 5 MB"), (33, 413, "te groot")])
def test_a_file_that_is_too_big_gets_a_page(
    manager: Visitor, panel: str, megabytes: int, status: int, told: str
) -> None:
    manager.get(f"{panel}/lijst")
    # Written out here: the client would put a big file in a temporary one, and leave it open.
    part = '--grens\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n'
    token = part.format("csrf_token", "") + manager.token + "\r\n"
    body = (token + part.format("file", '; filename="lijst.csv"') + "naam\r\n").encode()
    body += b"Proef\r\n" * (megabytes * 150_000) + b"\r\n--grens--\r\n"
    answer = manager.raw(
        "POST", f"{panel}/lijst", data=body, content_type="multipart/form-data; boundary=grens"
    )
    assert answer.status_code == status
    assert told in answer.get_data(as_text=True)


def test_no_file_at_all_is_asked_for(manager: Visitor, panel: str) -> None:
    for path in ("lijst", "adressen"):
        assert "Kies eerst een bestand." in _send(manager, f"{panel}/{path}", b"", "", status=422).text
        assert (
            "Kies eerst een bestand." in manager.post(f"{panel}/{path}", {"file": "tekst"}, status=422).text
        )


def test_a_formula_is_kept_as_text(manager: Visitor, panel: str) -> None:
    shown = _send(manager, f"{panel}/lijst", "naam\r\n=1+1\r\nO'Brien <b>x</b>\r\n")
    page = manager.post(shown.answer.request.path, shown.values())
    assert "=1+1" in page.text
    assert "<b>x</b>" not in page.html


@pytest.mark.parametrize(
    ("name", "path"), [("voorbeeld-mensen.csv", "lijst"), ("voorbeeld-adressen.csv", "adressen")]
)
def test_the_example_is_a_list_as_spreadsheets_save_it_and_can_be_read(
    manager: Visitor, panel: str, name: str, path: str
) -> None:
    answer = manager.raw("GET", f"/werk/panel/{name}")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert b";" in answer.data
    assert b"\r\n" in answer.data
    assert "filename" in answer.headers["Content-Disposition"]
    _send(manager, f"{panel}/{path}", answer.data, name)
    manager.get("/werk/panel/passwd", status=404)


def test_a_list_kept_for_one_round_is_not_there_for_another(
    app: Flask, manager: Visitor, panel: str, place: Neighbourhood
) -> None:
    shown = _send(manager, f"{panel}/lijst", GOOD)
    path = shown.answer.request.path.replace(f"ronde/{place.round_id}/", f"ronde/{place.round_id + 1}/")
    manager.get(path, status=404)
    other = Visitor(app).log_in(email_of(Role.AREA_MANAGER, "andere-wijk"))
    other.get(shown.answer.request.path, status=404)
