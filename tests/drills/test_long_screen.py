"""The big screen goes on by itself: for six hours, after a sleep, and after the server started again."""

import time
from collections.abc import Callable

from playwright.sync_api import Browser, Page, expect

from pb.evening.rules.screen_key import screen_key
from support.drills import Open
from support.site import Serve

CARD_KEY = "a made-up key to make cards with"
HOURS = 6


def test_a_screen_follows_for_six_hours_through_a_sleep_and_a_restart(
    open_on_sqlite: Open, serve: Serve, chromium: Browser
) -> None:
    room = open_on_sqlite(phones=3, plans=3)
    server = serve(room.url, PB_CARD_KEY=CARD_KEY)
    context = chromium.new_context(
        base_url=f"http://127.0.0.1:{server.port}", viewport={"width": 1280, "height": 720}, locale="nl-NL"
    )
    page = context.new_page()
    asked: list[float] = []
    page.on("request", lambda request: asked.append(time.monotonic()))
    page.clock.install()
    page.goto(f"/avond/{room.evening_id}/scherm/{screen_key(CARD_KEY.encode(), room.evening_id)}")
    expect(page.locator("main")).to_contain_text("Plan 1 van 3")

    # Six hours, minute by minute: every timer of the page runs, and asks no more than it has to.
    page.wait_for_load_state("networkidle")
    before = len(asked)
    for _hour in range(HOURS):
        page.clock.run_for("01:00:00")
    print(f"{HOURS} hours of screen: {len(asked) - before} requests")
    assert len(asked) - before <= HOURS * 3600 / 20
    room.press()
    _until(page, lambda words: "Waar sta jij?" not in words)

    # A laptop that sleeps: hours pass at once, and the connection is gone when it wakes up.
    context.set_offline(True)
    page.clock.fast_forward("03:00:00")
    room.press()
    context.set_offline(False)
    _until(page, lambda words: "Plan 2 van 3" in words)

    server.kill()
    room.press()
    page.clock.run_for("00:02:00")
    server.start()
    _until(page, lambda words: "Waar sta jij?" in words)
    expect(page.locator(".offline")).to_be_hidden()
    context.close()


def _until(page: Page, seen: Callable[[str], bool]) -> None:
    """Let the clock of the page go on, two minutes at most, until it shows what it should.

    Its clock runs faster than answers come: what it asked needs some real time as well.
    """
    for _step in range(12):
        page.clock.run_for("00:00:10")
        time.sleep(0.2)
        if seen(page.locator("main").inner_text()):
            return
    raise AssertionError(page.locator("main").inner_text())
