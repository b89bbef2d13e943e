"""A phone and a console without JavaScript: the same evening, with a link to reload."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from pb.evening.queries import spreads
from pb.evening.rules.steps import Stage
from pb.panel.queries import card, seats
from pb.panel.rules.cards import card_code
from pb.people.rules import Role
from pb.store.engine import Store
from support.evenings import hold_evening
from support.neighbourhood import PASSWORD, email_of, settle
from support.person import Person
from support.server import serving

pytestmark = pytest.mark.browser
CARD_KEY = "k" * 40


def test_somebody_without_script_scores_moves_and_sees_it_closed(
    chromium: Browser, store: Store, database_url: str, tmp_path: Path
) -> None:
    place = settle(store)
    evening_id = hold_evening(
        store, place, {"Moestuin": [None] * 6}, until=Stage.DOORS, card_key=CARD_KEY.encode()
    )
    with store.reading() as session:
        seat = seats(session, round_id=place.round_id)[2]
        serial = card(session, round_id=place.round_id, seat_id=seat.id).serial
    code = card_code(CARD_KEY.encode(), seat.id, serial)
    with serving(database_url, tmp_path, PB_CARD_KEY=CARD_KEY) as base_url:
        console = Person(chromium, base_url, script=False)
        console.go("/inloggen").page.locator("#work_email").fill(email_of(Role.FACILITATOR))
        console.page.locator("#password").fill(PASSWORD)
        console.press("Log in").go(f"/avond/{evening_id}/console")
        phone = Person(chromium, base_url, script=False).go("/kaart")
        phone.type("De code op je kaart", code.lower().replace("-", " ")).press("Verder")
        phone.reads("Stoel 3, klopt dat?").press("Ja, vraag het").reads("Laat dit nummer zien")
        console.go(f"/avond/{evening_id}/deur").press("krijgt stoel 3").go(f"/avond/{evening_id}/console")
        phone.page.wait_for_url("**/stoel", timeout=15_000)
        phone.reads("Je bent binnen")
        console.press("Volgende").press("Volgende")
        phone.press("Ververs deze pagina").reads("Waar sta jij?")
        phone.page.locator("button.figure[value='2']").click()
        phone.reads("jouw cijfer is 2")
        phone.page.locator("button.figure[value='5']").click()
        phone.reads("jouw cijfer is 5")
        console.press("Ververs deze pagina").reads("1 van 6 mensen")
        console.press("Volgende").reads("Nog 5 mensen zonder cijfer").press("Toch sluiten")
        phone.page.locator("button.figure[value='1']").click()
        phone.reads("Je laatste cijfer was 5")
        phone.press("Ververs deze pagina").reads("Jouw cijfer: 5")
    with store.reading() as session:
        assert [spread.counts for spread in spreads(session, evening_id=evening_id).values()] == [
            (0, 0, 0, 0, 1)
        ]
