"""An evening by door, floor and paper in a real browser: one tap each, kept at once, also without script."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from config import settings_from
from pb.app import build
from pb.evening.queries import floor_counts, ways_of
from pb.people.rules import Role
from pb.store.engine import Store
from support.neighbourhood import PASSWORD, email_of, settle
from support.person import Person
from support.room import Hall, open_hall
from support.server import environment, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DESK = {"width": 1280, "height": 900}


@pytest.fixture
def evening(store: Store, database_url: str, tmp_path: Path) -> Iterator[tuple[Hall, str]]:
    """Give an evening with open doors on a real server."""
    app = build(settings_from(environment(database_url, tmp_path)))
    app.extensions["store"].engine.dispose()
    app.extensions["store"] = store
    hall = open_hall(app, store, settle(store))
    hall.press()
    with serving(database_url, tmp_path) as base_url:
        yield hall, base_url


def staff(
    browser: Browser, base_url: str, role: Role, *, size: dict[str, int] | None = None, script: bool = True
) -> Person:
    return Person(browser, base_url, size=size, script=script).log_in(email_of(role), PASSWORD)


def test_a_helper_a_walker_and_two_typists_hold_an_evening_without_a_phone(
    chromium: Browser, evening: tuple[Hall, str]
) -> None:
    hall, base_url = evening
    helper = staff(chromium, base_url, Role.FACILITATOR).go(f"{hall.path}/deur")
    for number in range(1, 6):
        helper.page.locator(f"#stoel-{number} button.guest").click()
        expect(helper.page.locator(f"#stoel-{number}.inside")).to_be_visible()
    # Typing filters, and Enter on the only one left lets that one in.
    helper.page.locator("#stoel").fill("stoel 6")
    expect(helper.page.locator(".guest-list > li:visible")).to_have_count(1)
    helper.page.locator("#stoel").press("Enter")
    expect(helper.page.locator(".said")).to_have_text("Stoel 6 is binnen.")
    helper.page.locator("#stoel-5 .stand button", has_text="papier").click()
    expect(helper.page.locator(".said")).to_have_text("Stoel 5 geeft cijfers op papier.")
    helper.look().press("Iedereen zonder telefoon").reads("Op de vloer gezet: 5.")

    hall.press(2)
    walker = staff(chromium, base_url, Role.FACILITATOR).go(f"{hall.path}/vloer")
    for button in ("5+", "5+", "5+", "1+", "5-", "4+"):
        walker.page.locator(f"button[value='{button}']").click()
    expect(walker.page.locator(".kept")).to_contain_text("Bewaard")
    walker.look().reads("4 van 5 mensen op de vloer geteld")
    assert counted(hall) == (1, 0, 0, 1, 2)
    for _ in range(3):
        walker.page.locator("button[value='3+']").click()
    expect(walker.page.locator(".kept.bad")).to_contain_text("te veel")
    assert counted(hall) == (1, 0, 0, 1, 2)

    for role in (Role.FACILITATOR, Role.AREA_MANAGER):
        typist = staff(chromium, base_url, role, size=DESK).go(f"{hall.path}/papier")
        typist.page.locator("#stoel").fill("5")
        typist.page.locator("#stoel").press("Enter")
        typist.reads("Formulier van stoel 5").look()
        # One key, and the button has the focus: Enter keeps it.
        typist.page.locator("input.key").press("4")
        typist.page.keyboard.press("Enter")
        typist.reads("Stoel 5 is bewaard.").look()
        typist.go(f"{hall.path}/papier/formulieren")
    with hall.store.reading() as session:
        first, _second = ways_of(session, evening_id=hall.evening_id).values()
    assert (first.floor.people, first.paper.counts) == (4, (0, 0, 0, 1, 0))


def test_the_same_goes_without_script(chromium: Browser, evening: tuple[Hall, str]) -> None:
    hall, base_url = evening
    helper = staff(chromium, base_url, Role.FACILITATOR, script=False).go(f"{hall.path}/deur")
    helper.type("Naam, stoelnummer of code", "stoel 2").press("Binnen").reads("Stoel 2 is binnen.")
    helper.page.locator("#stoel-2 .stand button", has_text="vloer").click()
    helper.reads("Stoel 2 staat op de vloer.")
    hall.press(2)
    helper.go(f"{hall.path}/vloer")
    helper.page.locator("button[value='5+']").click()
    helper.reads("De telling is bewaard.").reads("1 van 1 persoon")
    assert counted(hall) == (0, 0, 0, 0, 1)
    helper.page.locator("button[value='5+']").click()
    helper.reads("Je telde 2 mensen, maar er staat 1 persoon op de vloer")


def counted(hall: Hall) -> tuple[int, ...]:
    with hall.store.reading() as session:
        [found] = floor_counts(session, evening_id=hall.evening_id).values()
    return found.counts
