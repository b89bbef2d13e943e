"""A draw: the hash first, then the dice, then a result that anyone can do again."""

import hashlib
import io
import json
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from pb.core.canonical import sha256_of
from pb.panel import queries
from pb.panel.rules.draw import pool_sha256
from pb.panel.tables import Upload
from pb.people.rules import Role
from pb.store.engine import Store
from support.neighbourhood import NOW, Neighbourhood, email_of, settle
from support.panel import address_list, draw, keep_addresses
from support.visitor import Page, Visitor

THROWN = "4 1 6 6 2 5 3 1 4 2"


@pytest.fixture
def manager(visitor: Visitor, place: Neighbourhood) -> Visitor:
    """Give an area manager who is logged in."""
    return visitor.log_in(email_of(Role.AREA_MANAGER))


@pytest.fixture
def panel(place: Neighbourhood) -> str:
    """Give the address of the panel."""
    return f"/werk/ronde/{place.round_id}/panel"


def _send(who: Visitor, path: str, raw: bytes, status: int = 200) -> Page:
    return who.post(
        path, {"file": (io.BytesIO(raw), "adressen.csv")}, status=status, content_type="multipart/form-data"
    )


def test_the_hash_of_the_addresses_is_shown_before_anyone_throws(manager: Visitor, panel: str) -> None:
    page = _send(manager, f"{panel}/adressen", address_list(30))
    published = {
        "addresses_sha256": pool_sha256(f"1234AB:{n}::" for n in range(1, 31)),
        "chosen": {"uses": None, "status": None, "neighbourhoods": None, "opt_outs_seal": None},
        "counted": {
            "rows": 30, "not_homes": None, "without_use": None, "not_in_use": None, "elsewhere": 0,
            "opted_out": 0, "double": 0, "drawn_before": 0, "tickets": 30,
        },
    }  # fmt: skip
    assert page.one(".hash").text() == sha256_of(published)
    assert "30 adressen doen mee." in page.text
    assert page.values()["seed"] == ""


def _lines(who: Visitor, path: str, raw: bytes) -> list[dict[str, Any]]:
    who.get(path)
    data = {"csrf_token": who.token, "file": (io.BytesIO(raw), "adressen.csv")}
    headers = {"Accept": "application/x-ndjson", "X-Part": "pane"}
    answer = who.raw("POST", path, data=data, headers=headers)
    assert answer.status_code == 200
    return [json.loads(line) for line in answer.get_data(as_text=True).splitlines()]


def test_a_page_with_a_script_hears_how_far_the_reading_is(manager: Visitor, panel: str) -> None:
    *parts, end = _lines(manager, f"{panel}/adressen", address_list(9_000))
    told = [line["part"] for line in parts]
    assert told == sorted(set(told))
    assert len(told) == 2
    assert "9000 adressen doen mee." in manager.get(end["go"]).text


def test_a_page_with_a_script_gets_its_middle_again_with_what_is_wrong(manager: Visitor, panel: str) -> None:
    raw = address_list(3).replace(b"1234 AB", b"12345", 1)
    [line] = _lines(manager, f"{panel}/adressen", raw)
    assert line["main"].startswith("<main")
    assert "Eén ding klopt niet in dit bestand" in line["main"]
    assert 'name="csrf_token"' in line["main"]


def test_a_draw_is_held_and_shows_the_addresses_in_order(
    manager: Visitor, panel: str, store: Store, place: Neighbourhood
) -> None:
    page = _send(manager, f"{panel}/adressen", address_list(30))
    thrown = " 4  1 6-6 2 5 3 1 4 2 "
    drawn = manager.post(page.answer.request.path, page.values() | {"wanted": "3", "seed": thrown})
    first = min(range(1, 31), key=lambda n: hashlib.sha256(f"4166253142:1234AB:{n}::".encode()).hexdigest())
    assert drawn.title == "3 stoelen geloot"
    assert f"Voorbeeldstraat {first}, 1234 AB Voorbeeldstad" in drawn.all(".panel-seats > li")[0].text()
    with store.reading() as session:
        assert len(queries.seats(session, round_id=place.round_id)) == 3


def test_a_draw_pressed_twice_is_one_draw(
    manager: Visitor, panel: str, store: Store, place: Neighbourhood
) -> None:
    page = _send(manager, f"{panel}/adressen", address_list(30))
    answers = page.values() | {"wanted": "3", "seed": THROWN}
    first = manager.post(page.answer.request.path, answers)
    second = manager.post(page.answer.request.path, answers)
    assert first.answer.request.path == second.answer.request.path
    with store.reading() as session:
        assert len(queries.draws(session, round_id=place.round_id)) == 1


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"wanted": "", "seed": THROWN}, "Vul in hoeveel stoelen je loot."),
        ({"wanted": "0", "seed": THROWN}, "1 of meer"),
        ({"wanted": "-3", "seed": THROWN}, "heel getal"),
        ({"wanted": "drie", "seed": THROWN}, "heel getal"),
        ({"wanted": "1e3", "seed": THROWN}, "heel getal"),
        ({"wanted": "31", "seed": THROWN}, "1 te weinig"),
        ({"wanted": "999999999", "seed": THROWN}, "te weinig"),
        ({"wanted": "3", "seed": "   "}, "Vul het lotnummer in."),
        ({"wanted": "3", "seed": "1"}, "Gooi minstens 10 keer"),
        ({"wanted": "3", "seed": "416625314"}, "Gooi minstens 10 keer"),
        ({"wanted": "3", "seed": "4 1 6 6 2 5 3 1 4 7"}, "1 tot en met 6"),
        ({"wanted": "3", "seed": "1" * 201}, "200"),
    ],
)
def test_a_draw_that_cannot_be_held_is_told_at_the_field_and_keeps_what_was_typed(
    manager: Visitor, panel: str, store: Store, place: Neighbourhood, answers: dict[str, str], sentence: str
) -> None:
    page = _send(manager, f"{panel}/adressen", address_list(30))
    again = manager.post(page.answer.request.path, page.values() | answers, status=422)
    assert sentence in again.one(".wrong").text()
    assert {name: again.values()[name] for name in answers} == answers
    assert again.one(".hash").text() == page.one(".hash").text()
    with store.reading() as session:
        assert queries.seats(session, round_id=place.round_id) == []


def test_a_seed_is_used_once_in_a_round(manager: Visitor, panel: str) -> None:
    page = _send(manager, f"{panel}/adressen", address_list(30))
    manager.post(page.answer.request.path, page.values() | {"wanted": "3", "seed": THROWN})
    second = _send(manager, f"{panel}/adressen", address_list(30))
    assert "3 adressen zijn in deze ronde al geloot" in second.text
    refused = manager.post(
        second.answer.request.path, second.values() | {"wanted": "2", "seed": THROWN}, status=422
    )
    assert "Gooi opnieuw." in refused.one(".wrong").text()
    manager.post(second.answer.request.path, refused.values() | {"seed": "2222222222"})


def test_a_draw_held_by_a_colleague_in_between_shows_the_new_hash(
    manager: Visitor, panel: str, store: Store, place: Neighbourhood
) -> None:
    page = _send(manager, f"{panel}/adressen", address_list(30))
    draw(store, place, keep_addresses(store, place, address_list(31)), 5, "colleague")
    again = manager.post(
        page.answer.request.path, page.values() | {"wanted": "3", "seed": THROWN}, status=409
    )
    assert "Er is intussen geloot" in again.text
    assert again.one(".hash").text() != page.one(".hash").text()
    manager.post(again.answer.request.path, again.values() | {"wanted": "3", "seed": THROWN})


def test_a_hash_that_was_never_shown_draws_nothing(manager: Visitor, panel: str) -> None:
    page = _send(manager, f"{panel}/adressen", address_list(30))
    for tampered in ("", "0" * 64, "x" * 5000):
        manager.post(
            page.answer.request.path, {"wanted": "3", "seed": THROWN, "pool_sha256": tampered}, status=409
        )


def test_anyone_can_do_the_draw_again_from_the_same_file(
    manager: Visitor, panel: str, store: Store, place: Neighbourhood
) -> None:
    draw_id = draw(store, place, keep_addresses(store, place, address_list(30)), 5, "4 1 6")
    where = f"{panel}/loting/{draw_id}/opnieuw"
    manager.get(where)
    assert "Zelfde uitslag ✓" in _send(manager, where, address_list(30)).text
    shuffled = address_list(30).decode().split("\r\n")
    other_order = "\r\n".join([shuffled[0], *reversed(shuffled[1:-1]), ""]).encode()
    assert "Zelfde uitslag ✓" in _send(manager, where, other_order).text
    assert "Dit is een andere lijst" in _send(manager, where, address_list(29)).text
    assert (
        "Rij 2" in _send(manager, where, b"straat;huisnummer;postcode;plaats\r\nx;0;y;z\r\n", status=422).text
    )
    assert "Kies eerst een bestand." in manager.post(where, {}, status=422).text


def test_the_proof_is_for_everyone_and_holds_no_address(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    draw_id = draw(
        store, place, keep_addresses(store, place, address_list(30, street="Geheimstraat")), 5, "4 1 6"
    )
    page = Visitor(app).get(f"/ronde/{place.round_id}/loting/{draw_id}")
    assert "Uit 30 adressen in Voorbeeldwijk zijn 5 stoelen van het panel geloot." in page.text
    assert "4 1 6" in page.text
    assert pool_sha256(f"1234AB:{n}::" for n in range(1, 31)) in page.text
    assert hashlib.sha256(b"4 1 6:1234AB:12:A:BIS").hexdigest() in page.text
    with store.reading() as session:
        drawn = queries.drawn_keys(session, draw_id=draw_id)
    assert "Geheimstraat" not in page.html
    assert not any(key in page.html for key in drawn)


def test_a_draw_is_found_in_its_own_round_only_and_not_before_the_round_is_open(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    draw_id = draw(store, place, keep_addresses(store, place, address_list(30)), 5, "4 1 6")
    stranger = Visitor(app)
    stranger.get(f"/ronde/{place.round_id + 1}/loting/{draw_id}", status=404)
    stranger.get(f"/ronde/{place.round_id}/loting/{draw_id + 1}", status=404)


def test_the_proof_of_a_draft_round_is_not_public_yet(app: Flask, store: Store) -> None:
    draft = settle(store, open_round=False)
    draw_id = draw(store, draft, keep_addresses(store, draft, address_list(30)), 5, "4 1 6")
    Visitor(app).get(f"/ronde/{draft.round_id}/loting/{draw_id}", status=404)
    manager = Visitor(app).log_in(email_of(Role.AREA_MANAGER))
    assert "Wat iedereen ziet" not in manager.get(f"/werk/ronde/{draft.round_id}/panel/loting/{draw_id}").text
    assert NOW.year == 2026


# -- choosing who takes part --------------------------------------------------------------------------

BAG = "id;straat;huisnummer;postcode;plaats;buurt;gebruiksdoel;status\r\n" + "".join(
    f"059920000000{n:04d};Geheimstraat;{n};5678 KL;Voorbeeldstad;{'Noord' if n % 3 else 'Zuid'};"
    f"{'winkelfunctie' if n % 10 == 0 else '' if n % 10 == 5 else 'woonfunctie'};"
    f"Naamgeving {'ingetrokken' if n % 7 == 0 else 'uitgegeven'}\r\n"
    for n in range(1, 101)
)
OPT_OUTS = "postcode;huisnummer\r\n5678KL;1\r\n5678KL;2\r\n5678KL;999\r\n"


def _steps(page: Page) -> dict[str, str]:
    rows = [row.text(separator="|").split("|") for row in page.all("table tr")]
    return {cells[0].strip(): cells[-1].strip() for cells in ([c for c in row if c.strip()] for row in rows)}


def _choose(who: Visitor, path: str, answers: dict[str, Any], raw: bytes = b"", status: int = 200) -> Page:
    file = {"file": (io.BytesIO(raw), "afgemeld.csv")} if raw else {}
    return who.post(path, answers | file, status=status, content_type="multipart/form-data")


def test_who_takes_part_is_chosen_counted_hashed_and_published_without_an_address(
    manager: Visitor, panel: str, app: Flask, store: Store, place: Neighbourhood
) -> None:
    first = _send(manager, f"{panel}/adressen", BAG.encode())
    where = first.answer.request.path
    assert _steps(first) == {
        "Van het bestand naar de loting": "Rijen", "Rijen in het bestand": "100", "Geen woning": "−10",
        "Zonder gebruiksdoel": "−10", "Ingetrokken of niet in gebruik": "−12", "Dubbel: zelfde woning": "−0",
        "Adressen in de loting": "68",
    }  # fmt: skip
    chosen = _choose(
        manager,
        f"{where}/kies",
        {"uses": "homes-and-blank", "status": "any", "buurt": "Noord"},
        OPT_OUTS.encode(),
    )
    steps = _steps(chosen)
    assert (steps["Andere buurt"], steps["Afgemeld: wil geen brief"], steps["Adressen in de loting"]) == (
        "−30", "−2", "58",
    )  # fmt: skip
    assert "Eén afmelding hoort bij geen adres dat meedoet" in chosen.text
    assert "Rij 4 van de lijst met afmeldingen" in chosen.text
    assert chosen.one(".hash").text() != first.one(".hash").text()
    again = manager.get(f"{where}/kies")
    assert again.values()["uses"] == "homes-and-blank"
    assert "Nu gebruiken we afgemeld.csv." in again.text
    # Nothing of it is lost when a draw is refused.
    manager.post(where, chosen.values() | {"wanted": "59", "seed": THROWN}, status=422)
    drawn = manager.post(where, chosen.values() | {"wanted": "58", "seed": THROWN})
    assert drawn.title == "58 stoelen geloot"
    assert "Geheimstraat 1," not in drawn.text
    draw_id = int(drawn.answer.request.path.rpartition("/")[2])
    proof = Visitor(app).get(f"/ronde/{place.round_id}/loting/{draw_id}")
    assert chosen.one(".hash").text() in proof.text
    published = next(code.text() for code in proof.all(".code") if code.text().startswith('{"addresses'))
    assert hashlib.sha256(published.encode()).hexdigest() == chosen.one(".hash").text()
    assert "Deze buurten deden mee: Noord." in proof.text
    assert "Geheimstraat" not in proof.html
    with store.reading() as session:
        assert not any(key in proof.html for key in queries.drawn_keys(session, draw_id=draw_id))
        assert session.scalar(sa.select(sa.func.count()).select_from(Upload)) == 0
    later = _send(manager, f"{panel}/adressen", BAG.encode())
    assert "Denk aan de afmeldingen." in later.text
    assert "was anders gekozen" in later.text
    repeat = f"{panel}/loting/{draw_id}/opnieuw"
    assert "Kies ook de lijst met afmeldingen" in _send(manager, repeat, BAG.encode(), status=422).text
    for opt_outs, told in ((OPT_OUTS, "Zelfde uitslag ✓"), (OPT_OUTS.replace(";2", ";4"), "Andere uitslag")):
        files = {
            "file": (io.BytesIO(BAG.encode()), "bag.csv"),
            "opt_outs": (io.BytesIO(opt_outs.encode()), "afgemeld.csv"),
        }
        assert told in manager.post(repeat, files, content_type="multipart/form-data").text


def test_a_choice_that_cannot_be_kept_says_why_and_keeps_what_was_ticked(
    manager: Visitor, panel: str, store: Store
) -> None:
    bad = BAG + ";Hof;x;;;Zuid;winkelfunctie;Naamgeving uitgegeven\r\n"
    where = _send(manager, f"{panel}/adressen", bad.encode()).answer.request.path + "/kies"
    answers = {"uses": "everything", "status": "in-use", "buurt": ["Zuid"]}
    refused = _choose(manager, where, answers, status=422)
    assert "Rij 102, kolom huisnummer" in refused.text
    assert refused.values()["uses"] == "everything"
    assert [box.attributes["value"] for box in refused.all("input[name=buurt][checked]")] == ["Zuid"]
    answers["uses"] = "homes"
    assert "Kies minstens één buurt." in _choose(manager, where, answers | {"buurt": []}, status=422).text
    wrong = _choose(manager, where, answers, b"postcode;huisnummer\r\n5678KL;\r\n", status=422)
    assert "het BAG-nummer" in wrong.one(".summary").text()
    _choose(manager, where, answers | {"uses": "castles"}, status=422)
    assert _steps(_choose(manager, where, answers))["Adressen in de loting"] == "23"
    _choose(manager, where, answers, OPT_OUTS.encode())
    assert "Afgemeld" not in _choose(manager, where, answers | {"forget_opt_outs": "y"}).text
    with store.reading() as session:
        assert list(session.scalars(sa.select(Upload.kind))) == ["addresses"]


def test_a_choice_made_by_a_colleague_in_between_shows_the_new_hash(manager: Visitor, panel: str) -> None:
    page = _send(manager, f"{panel}/adressen", BAG.encode())
    where = page.answer.request.path
    _choose(manager, f"{where}/kies", {"uses": "everything", "status": "in-use", "buurt": ["Noord", "Zuid"]})
    again = manager.post(where, page.values() | {"wanted": "3", "seed": THROWN}, status=409)
    assert again.one(".hash").text() != page.one(".hash").text()
    assert (again.values()["wanted"], again.values()["seed"]) == ("3", THROWN)


def test_letters_are_counted_before_the_draw_and_nothing_typed_is_lost(manager: Visitor, panel: str) -> None:
    where = _send(manager, f"{panel}/adressen", BAG.encode()).answer.request.path + "/brieven"
    assert manager.get(where).values("form[method=get]")["respons"] == "4,5"
    # Who comes from a page that knows the seats finds them filled in, and nothing wrong yet.
    assert manager.get(f"{where}?stoelen=15").values("form[method=get]")["stoelen"] == "15"
    counted = manager.get(f"{where}?stoelen=2&respons=4,5&respons-2=2,5")
    assert counted.one(".big-number").text() == "80"
    assert "Er doen maar 68 adressen mee." in counted.text
    assert counted.values("form[method=get]")["respons-2"] == "2,5"
    group = f"{where}?stoelen=2&respons=50&groep-stoelen=1&groep-deel=20&groep-respons=10"
    assert manager.get(group).one(".big-number").text() == "50"
    for query, told in (
        ("stoelen=&respons=4,5", "Vul in hoeveel stoelen"),
        ("stoelen=0&respons=4,5", "van 1 tot en met 9999"),
        ("stoelen=10&respons=0", "boven 0"),
        ("stoelen=10&respons=5&respons-1=veel", "boven 0"),
        ("stoelen=10&respons=5&groep-stoelen=3", "alle drie"),
    ):
        wrong = manager.get(f"{where}?{query}", status=422)
        assert told in wrong.one(".wrong").text()
        assert not wrong.all(".big-number")


def test_a_list_of_opt_outs_that_was_thrown_away_is_asked_again_and_never_forgotten(
    manager: Visitor, panel: str, store: Store
) -> None:
    where = _send(manager, f"{panel}/adressen", BAG.encode()).answer.request.path
    answers = {"uses": "homes", "status": "in-use", "buurt": ["Noord", "Zuid"]}
    chosen = _choose(manager, f"{where}/kies", answers, OPT_OUTS.encode())
    with store.writing() as session:
        session.execute(sa.delete(Upload).where(Upload.kind == "opt-outs"))
    for path in (where, f"{where}/brieven"):
        assert "De lijst met afmeldingen is na een dag weggegooid." in manager.get(path).text
    back = manager.post(where, chosen.values() | {"wanted": "3", "seed": THROWN})
    assert back.answer.request.path.endswith("/kies")
    assert "Afgemeld" in _choose(manager, f"{where}/kies", answers, OPT_OUTS.encode()).text
