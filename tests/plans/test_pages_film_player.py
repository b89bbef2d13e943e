"""The player comes after a press, and only then the film's own site is asked for anything."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route

from pb.plans import actions
from pb.plans.rules.film import Film, Provider
from pb.store.engine import Store
from pb.store.journal import SYSTEM
from support.neighbourhood import NOW, Neighbourhood

HOUSE = "http://house.test"
FILM = Film(Provider.YOUTUBE, "www.youtube.com", "dQw4w9WgXcQ", 10)

pytestmark = pytest.mark.browser


@pytest.fixture
def asked() -> list[str]:
    """Give the list of addresses elsewhere that the page asked for."""
    return []


@pytest.fixture(params=[True, False], ids=["with-javascript", "without-javascript"])
def reader(request: pytest.FixtureRequest, app: Flask, asked: list[str], chromium: Browser) -> Iterator[Page]:
    """Give a phone that reaches our app, and notes what it asks elsewhere."""
    client = app.test_client()

    def answer(route: Route) -> None:
        address = route.request.url
        if not address.startswith(HOUSE):
            asked.append(f"{address} from {route.request.headers.get('referer', 'nobody')}")
            route.fulfill(body="<p>film</p>", content_type="text/html")
            return
        reply = client.get(address.removeprefix(HOUSE), buffered=True)
        route.fulfill(status=reply.status_code, headers=dict(reply.headers), body=reply.get_data())

    context = chromium.new_context(
        viewport={"width": 360, "height": 740}, java_script_enabled=request.param, locale="nl-NL"
    )
    context.route("**/*", answer)
    yield context.new_page()
    context.close()


def test_nothing_is_asked_elsewhere_until_somebody_presses_play(
    reader: Page, asked: list[str], store: Store, place: Neighbourhood, request: pytest.FixtureRequest
) -> None:
    with store.writing() as session:
        actions.add_ready_plan(
            session, round_id=place.round_id, title="Moestuin", want="", ask_cents=1, least_cents=0,
            source_ref=None, film=FILM, who=SYSTEM, now=NOW,
        )  # fmt: skip
    reader.goto(f"{HOUSE}/ronde/{place.round_id}/plan/1")
    reader.wait_for_load_state("networkidle")
    assert asked == []
    reader.get_by_text("Speel de film af (YouTube)").click()
    if "without-javascript" in request.node.name:
        reader.wait_for_url("https://www.youtube.com/**")
        assert asked == ["https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=10s from nobody"]
        return
    player = reader.locator(".film iframe")
    player.wait_for()
    for _moment in range(200):
        if asked:
            break
        reader.wait_for_timeout(50)
    assert asked == [
        f"https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?rel=0&start=10&autoplay=1 from {HOUSE}/"
    ]
    assert player.get_attribute("title") == "Film: Moestuin"
    assert urlsplit(reader.url).path.endswith("/plan/1")
    assert reader.evaluate("document.activeElement.tagName") == "IFRAME"
