"""What must be seen is seen: on a small phone, a projector and a tablet, with the longest words there are."""

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from pb.evening.tables import Evening
from pb.plans.rules.film import Film, Provider
from pb.store.engine import Store
from support.evenings import Asked
from support.neighbourhood import Neighbourhood
from support.room import Hall, Phone, open_hall
from support.visitor import Visitor

HOUSE = "http://house.test"
LONG = "Een heel groot en vrolijk feest voor alle buren van jong tot oud op het Visserijplein in mei"
FILMS = (
    Film(Provider.YOUTUBE, "www.youtube.com", "dQw4w9WgXcQ"),
    Film(Provider.PEERTUBE, "film.example", "1" * 22),
)
PHONE, TABLET, LAPTOP = (360, 640), (1024, 768), (1280, 800)
Look = Callable[..., Page]
ALIVE = "<script>addEventListener('message', () => parent.postMessage('here', '*'))</script>"
# What lies on a line of the page where the bar is, or below the edge of the window.
HIDDEN = """([selector, edge]) => {
  const bar = document.querySelector(edge)?.getBoundingClientRect();
  return [...document.querySelectorAll(selector)].filter((part) => {
    if (part.closest(edge) || part.querySelector("*") || !part.checkVisibility()) return false;
    if (part.closest("details:not([open]) > :not(summary), .hidden")) return false;
    const box = part.getBoundingClientRect();
    const floor = bar && box.left < bar.right && box.right > bar.left ? bar.top + 36 : innerHeight;
    return box.height > 0 && box.bottom > floor + 1;
  }).map((part) => part.textContent || part.tagName);
}"""

pytestmark = pytest.mark.browser


@pytest.fixture
def full(app: Flask, store: Store, place: Neighbourhood) -> Hall:
    """Give an evening whose first plan has a title of ninety letters, and two films."""
    if store.engine.dialect.name != "sqlite":
        pytest.skip("a page looks the same on every database")
    assert len(LONG) > 90
    titles = (LONG, "Repaircafé", "Zwemles voor moeders", "Buurtkeuken", "Straatfeest")
    asked = {title: Asked(film=film) for title, film in zip(titles, (*FILMS, None, None, None), strict=True)}
    return open_hall(app, store, place, asked=asked)


@pytest.fixture
def look(store: Store, chromium: Browser) -> Iterator[Look]:
    """Give a way to open a page of the house as somebody, on a screen of so many pixels."""
    if store.engine.dialect.name != "sqlite":
        pytest.skip("a page looks the same on every database")
    opened: list[BrowserContext] = []

    def show(who: Visitor, path: str, size: tuple[int, int], films: str | None = None) -> Page:
        def answer(route: Route) -> None:
            address = route.request.url
            if not address.startswith(HOUSE):
                route.fulfill(body=films, content_type="text/html") if films else route.abort()
                return
            if address.endswith("/stand") or "/stroom" in address:
                route.abort()
                return
            asked = route.request
            sent = {name: asked.headers[name] for name in ("content-type", "x-part") if name in asked.headers}
            reply = who.browser.open(
                address.removeprefix(HOUSE), method=asked.method, data=asked.post_data_buffer, headers=sent,
                follow_redirects=asked.method == "POST", buffered=True,
            )  # fmt: skip
            route.fulfill(status=reply.status_code, headers=dict(reply.headers), body=reply.get_data())

        opened.append(chromium.new_context(viewport={"width": size[0], "height": size[1]}, locale="nl-NL"))
        opened[-1].route("**/*", answer)
        page = opened[-1].new_page()
        page.clock.install()
        page.goto(HOUSE + path)
        return page

    yield show
    for context in opened:
        context.close()


def hidden(page: Page, selector: str, edge: str = ".press, form.next") -> list[str]:
    found: list[str] = page.evaluate(HIDDEN, [selector, edge])
    return found


def test_the_figures_and_what_became_of_a_tap_stand_on_one_small_phone(full: Hall, look: Look) -> None:
    full.bring_to("open 1", scores=())
    phone = Phone(full, 3)
    phone.tap(4)
    page = look(phone, f"{full.path}/stoel", PHONE)
    expect(page.locator(".state")).to_contain_text("Ontvangen")
    for width, height in (PHONE, (320, 568)):
        page.set_viewport_size({"width": width, "height": height})
        assert not hidden(page, "h1, .figure, .figure *, .state, .state *"), width
    assert page.locator(".figure").first.bounding_box()["height"] >= 44  # type: ignore[index]


def test_the_longest_wifi_password_stands_on_every_big_screen(full: Hall, look: Look) -> None:
    password = "Wachtwoord-" * 5 + "12345678"
    with full.store.writing() as session:
        session.execute(sa.update(Evening).values(wifi_name="W" * 32, wifi_password=password))
    full.bring_to("doors")
    page = look(Visitor(full.app), full.screen_path(), (1920, 1080))
    assert page.locator(".wifi b").last.inner_text() == password
    for width, height in ((1920, 1080), (1280, 720), TABLET):
        page.set_viewport_size({"width": width, "height": height})
        assert not hidden(page, "main *"), width
        assert page.evaluate("document.documentElement.scrollHeight") <= height


def test_the_stickers_of_sixteen_plans_with_long_names_stand_on_one_screen(
    app: Flask, store: Store, place: Neighbourhood, look: Look
) -> None:
    names = [f"{number}. {LONG}"[:90] for number in range(1, 17)]
    hall = open_hall(app, store, place, asked={name: Asked() for name in names})
    hall.bring_to("doors")
    with store.writing() as session:
        session.execute(sa.update(Evening).values(stickers=True, stage="stickers"))
    page = look(Visitor(app), hall.screen_path(), (1920, 1080))
    for width, height in ((1920, 1080), (1280, 720)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollHeight") <= height
    numbers = [node.bounding_box() for node in page.locator(".sticker-room b").all()]
    assert len({round(box["height"]) for box in numbers if box}) == 1, "each number stands on one line"


def test_nothing_on_the_console_lies_behind_the_one_button(full: Hall, look: Look) -> None:
    with full.store.writing() as session:
        session.execute(sa.update(Evening).values(stickers=True, lot_seed=""))
    host, path = full.staff(), f"{full.path}/console"
    for moment in ("film 1", "open 1", "stickers", "all decided"):
        if moment == "stickers":
            full.press(14)
        elif moment == "all decided":
            full.press()
            full.follow_scores()
        else:
            full.bring_to(moment)
        page = look(host, path, LAPTOP)
        for size in (LAPTOP, TABLET, (360, 740)):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            page.evaluate("scrollTo(0, 0)")
            if size[0] > 1000 and moment not in ("stickers", "all decided"):
                assert not hidden(page, ".now *"), (moment, size)
            page.evaluate("document.querySelector('.now').scrollIntoView({block: 'end'})")
            assert not hidden(page, ".now *"), (moment, size)
        if moment == "film 1":
            with full.store.writing() as session:
                session.execute(sa.update(Evening).values(lot_seed="3-5-1-6-2"))


def test_a_film_that_does_not_come_makes_room_for_the_plan_in_words(full: Hall, look: Look) -> None:
    full.bring_to("film 1")
    screen = Visitor(full.app)
    page = look(screen, full.screen_path(), (1280, 720))
    words, film = page.locator("[data-film-instead]"), page.locator(".film")
    page.context.set_offline(True)
    page.locator(".play").click()
    expect(words).to_contain_text("De film komt niet binnen")
    expect(words).to_contain_text(f"{LONG}, voor de buurt.")
    expect(film).to_be_hidden()
    page.context.set_offline(False)
    expect(film).to_be_visible()
    page.locator(".play").click()
    page.clock.run_for(5000)
    expect(words).to_be_hidden()
    page.clock.run_for(2000)
    expect(words).to_be_visible()
    page.locator("[data-film-back]").click()
    expect(film).to_be_visible()


def test_a_film_that_plays_is_left_alone_and_of_a_silent_player_nothing_is_taken_away(
    full: Hall, look: Look
) -> None:
    full.bring_to("film 1")
    playing = look(Visitor(full.app), full.screen_path(), (1280, 720), films=ALIVE)
    playing.locator(".play").click()
    playing.frame_locator("iframe").locator("script").wait_for(state="attached")
    playing.clock.run_for(1000)
    playing.wait_for_timeout(100)
    playing.clock.run_for(9000)
    expect(playing.locator("[data-film-instead]")).to_be_hidden()
    full.bring_to("film 2")
    silent = look(Visitor(full.app), full.screen_path(), (1280, 720), films="<p>film</p>")
    silent.locator(".play").click()
    silent.clock.run_for(7000)
    expect(silent.locator("[data-film-silent]")).to_contain_text("Zie je geen film?")
    expect(silent.locator(".film")).to_be_visible()


def test_on_the_console_enter_keeps_a_throw_and_the_one_button_takes_it_along(full: Hall, look: Look) -> None:
    with full.store.writing() as session:
        session.execute(sa.update(Evening).values(lot_seed=""))
    full.bring_to("doors")
    page = look(full.staff(), f"{full.path}/console", PHONE)
    field, told = page.locator("#throw"), page.locator(".lot .wrong")
    field.fill("3 5")
    page.locator("#volgende-knop").click()
    expect(told).to_contain_text("minstens 5 worpen")
    expect(field).to_be_focused()
    expect(field).to_have_value("3 5")
    assert full.moment() == "doors"
    field.fill("3 5 1 6 2")
    field.press("Enter")
    expect(page.locator("#het-lot")).to_have_text("Het lot: 3-5-1-6-2")
    assert full.moment() == "doors"
    page.locator("#andere-worp summary").click()
    field.fill("6 5 4 3 2")
    page.locator("#volgende-knop").click()
    expect(page.locator("h1")).to_have_text(LONG)
    assert full.now_at().lot_seed == "6-5-4-3-2"
