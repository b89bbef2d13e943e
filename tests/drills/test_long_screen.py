"""The big screen goes on by itself: for six hours, after a sleep, and after the server started again."""

import time

from playwright.sync_api import Browser, expect

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
    page.clock.run_for("00:00:10")
    expect(page.locator("main")).not_to_contain_text("Waar sta jij?")

    # A laptop that sleeps: hours pass at once, and the connection is gone when it wakes up.
    context.set_offline(True)
    page.clock.fast_forward("03:00:00")
    room.press()
    context.set_offline(False)
    page.clock.run_for("00:01:00")
    expect(page.locator("main")).to_contain_text("Plan 2 van 3")

    server.kill()
    room.press()
    page.clock.run_for("00:02:00")
    server.start()
    page.clock.run_for("00:02:00")
    expect(page.locator("main")).to_contain_text("Waar sta jij?")
    expect(page.locator(".offline")).to_be_hidden()
    context.close()
