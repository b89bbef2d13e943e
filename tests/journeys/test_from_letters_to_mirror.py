"""A panel from its first letter to its mirror: asked, answered, drawn before people, checked, replaced."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from config import ROOT
from pb.panel.rules.origins import Origin
from pb.people.rules import Role
from pb.store.engine import Store
from support.here import MovedClock, serving_here
from support.inviting import invite_yes
from support.neighbourhood import PASSWORD, email_of, settle
from support.person import Person

pytestmark = pytest.mark.browser
KEY = "k" * 40
DESK = {"width": 1280, "height": 800}
LONG_NAME = "Voorbeeld met een heel lange naam, van der Voorbeeld-Voorbeeldsma"
DICE = "4 1 6 6 2 5 3 1"


@pytest.fixture
def town(
    store: Store, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[str, MovedClock]]:
    """Serve a neighbourhood with an open round."""
    with serving_here(database_url, tmp_path, monkeypatch, PB_CARD_KEY=KEY) as served:
        yield served


SOON = 8_000


def test_a_panel_is_asked_drawn_checked_and_replaced(
    chromium: Browser, store: Store, town: tuple[str, MovedClock], tmp_path: Path
) -> None:
    base_url, clock = town
    place = settle(store)
    road = f"/werk/ronde/{place.round_id}/panel"
    manager = Person(chromium, base_url, size=DESK).log_in(email_of(Role.AREA_MANAGER), PASSWORD)
    manager.context.set_default_timeout(SOON)
    ask(manager, road)
    letter = send_letters(manager, road, tmp_path)
    assert letter.startswith(f"{base_url}/uitnodiging#")
    resident = Person(chromium, base_url)
    own_code = say_yes(resident, letter)
    invite_yes(store, place, 30, key=KEY.encode())
    invite_yes(store, place, 6, key=KEY.encode(), origin=Origin.INVITED)
    manager.go(f"{road}/antwoorden").reads("37").go(f"{road}/doelen").reads("37 mensen zeiden ja")
    freeze(manager, road)
    clock.ahead = timedelta(days=2)
    facilitator = Person(chromium, base_url).log_in(email_of(Role.FACILITATOR), PASSWORD)
    facilitator.context.set_default_timeout(SOON)
    throw(manager, facilitator, road)
    check(Person(chromium, base_url), manager, own_code, tmp_path)
    caller = Person(chromium, base_url).log_in(email_of(Role.CALLER), PASSWORD)
    drop_out(caller, manager, road)
    look_in_the_mirror(Person(chromium, base_url), manager, clock, road)


def ask(manager: Person, road: str) -> None:
    """Write what is asked, and two features with targets from shares that are typed."""
    manager.go(road).press("Nodig mensen uit").type("Wat vraag je van mensen?", "Kijk mee naar plannen.")
    manager.type("Wanneer en waar?", "Dinsdag 6 april om 19.00 uur, Buurthuis De Voorbeeld.")
    manager.type("Hoeveel tijd kost het?", "Eén avond.").type("Welke vergoeding", "25")
    manager.type("Telefoonnummer voor vragen", "010 123 45 67").type("Hoeveel mensen komen er", "1")
    manager.press("Bewaar").reads("2 tot en met 500")
    manager.type("Hoeveel mensen komen er", "8").type("Hoeveel plaatsen zijn voor", "2")
    manager.press("Bewaar").go(f"{road}/kenmerken")
    for name, people in (("woning", (40, 20, 40)), ("geslacht", (50, 49, 1))):
        manager.press(name).press(f"Verander {name}")
        for row, count in enumerate(people, start=1):
            manager.page.locator(f"#mensen-{row}").fill(str(count))
        manager.press("Reken de doelen uit").press("Bewaar").reads("Kenmerken en doelen")


def send_letters(manager: Person, road: str, folder: Path) -> str:
    """Read in a list of addresses, draw who gets a letter, and read a code from the paper."""
    streets = "".join(f"Voorbeeldstraat;{number};1234 AB;Voorbeeldstad\r\n" for number in range(1, 61))
    manager.go(f"{road}/uitnodigingen").press("Kies de lijst met adressen").upload(
        "De lijst, als CSV", "adressen.csv", f"straat;huisnummer;postcode;plaats\r\n{streets}".encode()
    )
    manager.press("Kijk de lijst na").type("Hoeveel brieven loot je?", "40")
    manager.type("Lotnummer", "4 1 6 6 2 5 3 1 4 2").press("Loot").reads("Verzending 1")
    with manager.page.expect_download() as download:
        manager.page.get_by_role("link", name="De 40 brieven").click()
    download.value.save_as(folder / "brieven.pdf")
    subprocess.run(
        ["pdftoppm", "-r", "150", "-l", "1", "-png", "brieven.pdf", "brief"], cwd=folder, check=True
    )
    [image] = folder.glob("brief-*.png")
    read = subprocess.run(["zbarimg", "--quiet", "--raw", image], capture_output=True, check=True, text=True)
    manager.press("Deze brieven zijn verstuurd").reads("verstuurd")
    return read.stdout.strip()


def say_yes(resident: Person, address: str) -> str:
    """Scan the letter, say yes, and give the own code."""
    resident.go(address)
    resident.page.wait_for_url("**/antwoord")
    resident.look().reads("Doe je mee?").press("Ja, ik doe mee").press("Verder").reads("klopt")
    resident.page.locator("[name=name]").fill(LONG_NAME)
    resident.page.locator("[name=phone]").fill("06 12345678")
    resident.choose("Ik ben 16 jaar of ouder").press("Verder").reads("Stap 2 van 2")
    resident.choose("sociale huur").choose("vrouw")
    resident.choose("jullie mogen deze antwoorden gebruiken").press("Ja, ik doe mee").reads("Dank je")
    return resident.page.locator(".own-code").first.inner_text()


def freeze(manager: Person, road: str) -> None:
    """Look at the chances, fix the list, and publish it."""
    manager.go(f"{road}/loten").reads("37 mensen loten mee om 8 stoelen")
    for box in manager.page.locator("main input[type=checkbox]").all():
        box.check()
    manager.choose("Acht dobbelstenen").press("Leg de lijst vast").reads("Maak de lijst openbaar")
    manager.press("Maak de lijst openbaar").reads("De lijst is openbaar")


def throw(manager: Person, facilitator: Person, road: str) -> None:
    """Two people type the eight dice, first differently; then the seats are given."""
    manager.go(f"{road}/loten").press("Typ het getal").type("Het getal", "4 1 6 7").press("Dit lees ik")
    manager.reads("acht").type("Het getal", DICE).press("Dit lees ik")
    facilitator.go(manager.page.url)
    facilitator.go(f"{road}/loten/1/getal").type("Het getal", DICE).press("Dit lees ik")
    manager.go(f"{road}/loten")
    manager.press("Geef de stoelen")


def check(stranger: Person, manager: Person, own_code: str, folder: Path) -> None:
    """A resident checks the draw on the page and with the one file, and looks at the own numbers."""
    stranger.go("/ronde/1/panel/loting/1")
    stranger.press("Reken het na")
    stranger.reads("Het klopt allemaal.").look()
    files = {}
    for words in ("De lijst", "Het bewijs", "Het programma"):
        with stranger.page.expect_download() as download:
            stranger.page.locator("main").get_by_role("link", name=words).click()
        files[words] = folder / download.value.suggested_filename
        download.value.save_as(files[words])
    command = [sys.executable, "-I", files["Het programma"], files["De lijst"]]
    told = subprocess.run(
        [*command, "--certificate", files["Het bewijs"]], cwd=folder, capture_output=True, text=True
    )
    assert told.returncode == 0, told.stdout + told.stderr
    assert (ROOT / "pb/draw_verify.py").read_bytes() == files["Het programma"].read_bytes()
    stranger.go("/mijn-antwoord").type("eigen code", own_code).press("Bekijk mijn antwoord")
    stranger.go("/mijn-loting").reads("Jouw kans").reads("van de 1.000 panels")


def drop_out(caller: Person, manager: Person, road: str) -> None:
    """One says yes on the phone and one no; the empty seat is drawn again, with the same targets."""
    for seat, step, words in (
        (1, "withdrawn", "Stoel 1 komt niet"), (2, "confirmed", "1 van de 8 komt"),
        (3, "asked", "geen gehoor"),
    ):  # fmt: skip
        caller.go(f"{road}/bellen").page.locator(f"#stoel-{seat} button[value={step}]").click()
        caller.reads(words).look()
    manager.go(f"{road}/wisselingen").reads("1 lege stoel").press("Kijk wat een loting doet")
    manager.press("Loot nu").reads("vervanger")
    manager.go(road).reads("Weggehaald: 1")


def look_in_the_mirror(stranger: Person, manager: Person, clock: MovedClock, road: str) -> None:
    """See the panel beside the neighbourhood, before and after names and features are gone."""
    stranger.go("/ronde/1/panel").reads("uit het netwerk")
    before = stranger.page.locator("main").inner_text()
    manager.go(f"{road}/gegevens")
    clock.ahead = timedelta(days=300)
    manager.go(f"{road}/gegevens").reads("gewist")
    assert stranger.go("/ronde/1/panel").page.locator("main").inner_text() == before
    assert LONG_NAME not in manager.go(f"{road}/antwoorden").page.content()
