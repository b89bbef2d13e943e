"""Every page, on a phone and on a desk, in Dutch and in English: axe finds nothing, nothing is too wide."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from pb.evening.rules.dossier_key import dossier_key
from pb.evening.rules.screen_key import screen_key
from pb.migrate import migrate
from pb.people.rules import Role
from pb.plans.rules.film import read_film_link
from pb.store.engine import Store
from support.evenings import Asked, hold_evening
from support.neighbourhood import PASSWORD, Neighbourhood, email_of, settle
from support.person import PHONE, Person
from support.seated import seat_panel
from support.server import serving

pytestmark = pytest.mark.browser
DESK = {"width": 1280, "height": 800}
FILM = read_film_link("https://youtu.be/aqz-KE-bpKQ", frozenset())
LONG = "Regentonnen voor de hele Havenstraat, met uitleg en hulp bij het plaatsen voor wie dat wil"
SCORES = {
    "Moestuin op het plein": [5, 5, 4, 4, 2, 1, 5],
    LONG: [1, 2, 3, 1, 2, 5, 4],
    "Buurtkeuken": [4, 4, 4, 5, 5, 5, 5],
}
CARD_KEY = "k" * 40

PAGES = {
    None: (
        "/", "/uitnodiging", "/mijn-antwoord", "/ronde/{round}/panel", "/ronde/{round}/panel/loting/1",
        "/ronde/{round}", "/ronde/{round}/plan/1", "/ronde/{round}/plan/2", "/avond/{evening}/uitslag",
        "/avond/{evening}/uitslag/plan/1", "/verdelen",
        "/inloggen", "/inloggen/link?t=x", "/inloggen/link-verstuurd", "/kaart", "/bestaat-niet",
        "/avond/{evening}/scherm/{key}",
        "/avond/{evening}/dossier/{dossier}",
    ),
    Role.AREA_MANAGER: (
        "/werk", "/werk/ronde/nieuw", "/werk/ronde/{round}", "/werk/ronde/{round}/regels", "/mijn-plannen",
        "/werk/ronde/{round}/plannen", "/werk/ronde/{round}/plan/1", "/werk/ronde/{round}/plan-op-papier",
        "/werk/ronde/{round}/panel", "/werk/ronde/{round}/panel/erbij", "/werk/ronde/{round}/panel/lijst",
        "/werk/ronde/{round}/panel/adressen", "/werk/ronde/{round}/panel/kaarten",
        "/werk/ronde/{round}/panel/stoel/1/nieuwe-kaart", "/werk/ronde/{round}/panel/stoel/1/weg",
        "/werk/ronde/{round}/panel/vraag", "/werk/ronde/{round}/panel/kenmerken",
        "/werk/ronde/{round}/panel/kenmerken/1", "/werk/ronde/{round}/panel/kenmerken/kerncijfers",
        "/werk/ronde/{round}/panel/uitnodigingen", "/werk/ronde/{round}/panel/netwerk",
        "/werk/ronde/{round}/panel/antwoorden", "/werk/ronde/{round}/panel/doelen",
        "/werk/ronde/{round}/panel/loten", "/werk/ronde/{round}/panel/bellen",
        "/werk/ronde/{round}/panel/wisselingen", "/werk/ronde/{round}/panel/gegevens",
        "/werk/ronde/{round}/avonden", "/werk/ronde/{round}/avond/nieuw", "/avond/{evening}",
        "/avond/{evening}/console", "/avond/{evening}/deur", "/avond/{evening}/bevestig",
        "/avond/{evening}/verslag", "/avond/{evening}/anders", "/avond/{evening}/dossier",
        "/werk/ronde/{round}/uitbetalen", "/werk/avond/{evening}/betaallijst",
    ),
    Role.ADMIN: ("/beheer/outbox", "/beheer/logboek", "/werk"),
    Role.FINANCE: ("/werk/avond/{evening}/betaallijst",),
}  # fmt: skip


# In Dutch every page is also seen on a desk, on the walks of staff.
@pytest.mark.parametrize(
    ("size", "language"),
    [
        (PHONE, "nl-NL"),
        pytest.param(PHONE, "en-GB", marks=pytest.mark.drill),
        (DESK, "en-GB"),
    ],
    ids=["phone-nl", "phone-en", "desk-en"],
)
def test_every_page_is_accessible_and_fits(
    chromium: Browser, tmp_path: Path, size: dict[str, int], language: str
) -> None:
    # The pages are the same on every database: one is enough here.
    url = f"sqlite:///{tmp_path / 'pages.db'}"
    store = Store(url)
    migrate(store)
    place = settle(store)
    evening_id = hold_evening(
        store, place, SCORES, asked={"Moestuin op het plein": Asked(film=FILM)}, card_key=CARD_KEY.encode()
    )
    seat_panel(store, place, key=CARD_KEY.encode())
    store.engine.dispose()
    with serving(url, tmp_path, PB_CARD_KEY=CARD_KEY) as base_url:
        for role, paths in PAGES.items():
            # Every size and every language meets axe once; whether a page fits is looked at in all.
            axe = (size, language) in ((PHONE, "nl-NL"), (DESK, "en-GB"))
            person = Person(chromium, base_url, size=size, language=language, axe=axe)
            if role is not None:
                _enter(person, role)
            for path in paths:
                person.go(_filled(path, place, evening_id))


def _enter(person: Person, role: Role) -> None:
    person.go("/inloggen")
    person.page.locator("#work_email").fill(email_of(role))
    person.page.locator("#password").fill(PASSWORD)
    person.page.locator("#wachtwoord button").click()
    person.page.wait_for_url("**/werk")


def _filled(path: str, place: Neighbourhood, evening_id: int) -> str:
    key = screen_key(CARD_KEY.encode(), evening_id)
    dossier = dossier_key(CARD_KEY.encode(), evening_id)
    return path.format(round=place.round_id, evening=evening_id, key=key, dossier=dossier)
