"""The console in a real browser: by keyboard, without a network, and with a countdown that closes."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from pb.evening.queries import evening_facts
from pb.evening.rules.steps import Stage
from pb.people.rules import Role
from pb.store.engine import Store
from support.evenings import hold_evening
from support.neighbourhood import PASSWORD, email_of, settle
from support.person import Person
from support.server import serving

pytestmark = pytest.mark.browser


def test_a_facilitator_runs_a_plan_by_keyboard_loses_the_network_and_counts_down(
    chromium: Browser, store: Store, database_url: str, tmp_path: Path
) -> None:
    place = settle(store)
    evening_id = hold_evening(
        store, place, {"Moestuin": [None] * 6, "Zwemles": [None] * 6}, until=Stage.DOORS
    )

    def where() -> str:
        with store.reading() as session:
            at = evening_facts(session, evening_id=evening_id)
        return f"{at.current.scoring} {at.at_position}" if at.current else at.stage.value

    with serving(database_url, tmp_path) as base_url:
        host = Person(chromium, base_url, size={"width": 1280, "height": 800})
        host.log_in(email_of(Role.FACILITATOR), PASSWORD).go(f"/avond/{evening_id}/console")
        keys, page = host.page.keyboard, host.page

        keys.press("n")
        host.reads("uitleg").look()
        assert where() == "film 1"

        # Two fast presses are one step; a key that is held down is one press.
        expect(page.locator("#volgende-knop")).to_be_enabled()
        page.locator("#volgende-knop").dblclick()
        host.reads("praten en cijfers").look()
        assert where() == "open 1"

        keys.press("1")
        expect(page.locator("#beurt-1")).to_contain_text("1×")
        keys.press("1")
        expect(page.locator("#beurt-1")).to_contain_text("2×")
        page.locator("#terug-1").click()
        expect(page.locator("#beurt-1")).to_contain_text("1×")

        host.context.set_offline(True)
        keys.press("n")
        host.reads("Geen verbinding. Er is hier niets veranderd.")
        assert where() == "open 1"
        host.context.set_offline(False)
        expect(page.locator("#volgende-knop")).to_be_enabled()
        page.locator("#volgende-knop").focus()
        keys.press("Enter")
        host.reads("Nog 6 mensen zonder cijfer").look()
        assert where() == "open 1"
        expect(page.locator("#volgende-knop")).to_be_focused()
        page.get_by_role("link", name="Nee, nog even wachten").click()

        # Typing is not pressing.
        # The question is gone once the link has brought the console back, with all of its page.
        expect(page.get_by_role("link", name="Nee, nog even wachten")).to_have_count(0)
        page.locator("main").evaluate("main => main.insertAdjacentHTML('beforeend', '<input id=veld>')")
        page.locator("#veld").fill("")
        page.locator("#veld").press_sequentially("n12")
        assert page.locator("#veld").input_value() == "n12"
        assert where() == "open 1"
        page.reload()

        page.locator("#start-aftellen").click()
        host.reads("De zaal ziet: nog even.").look()
        expect(page.locator("[data-until]")).to_have_text(re.compile(r"^1[0-7]$"))
        expect(page.locator(".now")).to_contain_text("cijfers gesloten", timeout=25_000)
        assert where() == "closed 1"
