"""The camera at the door: in a real browser, with a card before a made-up camera."""

import base64
import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright

from config import ROOT, settings_from
from pb.app import build
from pb.people.rules import Role
from pb.store.engine import Store
from pb.web.qr import qr_svg
from support.browser import CHROMIUM, QUIET
from support.neighbourhood import PASSWORD, email_of, settle
from support.room import Hall, open_hall
from support.server import environment, serving

READER = ROOT / "static" / "vendor" / "qr"
WIDE, HIGH = 1280, 720
# How people hold a card: straight, askew, far away, in a dim room.
HELD = {
    "straight": (300, ""),
    "askew": (260, "transform:rotate(17deg) skewX(8deg)"),
    "far": (100, "filter:blur(.5px)"),
    "dim": (240, "transform:perspective(600px) rotateY(28deg);filter:brightness(.55) contrast(.6) blur(1px)"),
}
GREY = """async (png) => {
  const image = new Image();
  image.src = `data:image/png;base64,${png}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.width, image.height];
  const pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0);
  const data = pen.getImageData(0, 0, canvas.width, canvas.height).data;
  let text = "";
  for (let at = 0; at < data.length; at += 4) {
    text += String.fromCharCode(Math.round(0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2]));
  }
  return btoa(text);
}"""


def test_the_vendored_reader_is_the_one_that_was_published() -> None:
    told = dict(re.findall(r"sha256 of (\w+\.js): +([0-9a-f]{64})", (READER / "README.md").read_text()))
    assert set(told) == {"decode.js", "index.js"}
    for name, sha256 in told.items():
        assert hashlib.sha256((READER / name).read_bytes()).hexdigest() == sha256
    assert (READER / "LICENSE").is_file()
    assert (READER / "LICENSE-MIT").is_file()


def film(browser: Browser, text: str, width: int, style: str, path: Path) -> Path:
    """Film a card that says something, as a camera without colour would."""
    page = browser.new_page(viewport={"width": WIDE, "height": HIGH})
    page.set_content(
        f"<body style='margin:0;background:#5a5650'><div style='position:absolute;left:420px;top:180px;"
        f"width:{width * 1.7}px;background:#fff;padding:20px;{style}'>"
        f"<div style='width:{width}px'>{qr_svg(text, 'kaart')}</div><p>Stoel</p></div>"
    )
    grey = base64.b64decode(page.evaluate(GREY, base64.b64encode(page.screenshot()).decode()))
    page.close()
    still = b"FRAME\n" + grey + bytes([128]) * (WIDE * HIGH // 2)
    path.write_bytes(f"YUV4MPEG2 W{WIDE} H{HIGH} F10:1 Ip A1:1 C420jpeg\n".encode() + still * 5)
    return path


@pytest.fixture
def at_the_door(fresh_database: Callable[[], str], tmp_path: Path) -> Iterator[tuple[Hall, str]]:
    """Give an evening with open doors, on a real server."""
    url = fresh_database()
    store = Store(url)
    app = build(settings_from(environment(url, tmp_path)))
    app.extensions["store"].engine.dispose()
    app.extensions["store"] = store
    hall = open_hall(app, store, settle(store))
    hall.press()
    with serving(url, tmp_path) as base_url:
        yield hall, base_url
    store.engine.dispose()


@contextmanager
def scanning(playwright: Playwright, camera: Path, base_url: str, hall: Hall) -> Iterator[Page]:
    """Stand at the door with a phone whose camera sees a film; nothing may go wrong on the page."""
    options = [
        "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={camera}",
    ]  # fmt: skip
    with playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, *options]) as browser:
        page = browser.new_page(viewport={"width": 360, "height": 760}, locale="nl-NL")
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
        page.goto(f"{base_url}/inloggen?next={hall.path}/deur")
        page.fill("form#wachtwoord input[name=work_email]", email_of(Role.FACILITATOR))
        page.fill("form#wachtwoord input[name=password]", PASSWORD)
        page.click("form#wachtwoord button")
        yield page
        assert not [line for line in wrong if "422" not in line]


def said(page: Page) -> str:
    """Press the button, and give the sentence that the scanner says."""
    page.click("[data-scan]")
    return page.locator("#scan [role=status].good, #scan [role=status].bad").inner_text(timeout=120_000)


@pytest.mark.browser
@pytest.mark.slow
def test_a_card_before_the_camera_lets_somebody_in_however_it_is_held(
    at_the_door: tuple[Hall, str], tmp_path: Path, playwright: Playwright, chromium: Browser
) -> None:
    hall, base_url = at_the_door
    films = {
        number: film(
            chromium, f"{base_url}/kaart#{hall.card_token(number)}", *HELD[how], tmp_path / f"{how}.y4m"
        )
        for number, how in enumerate(HELD, start=1)
    }
    elsewhere = film(chromium, "https://elders.example/aanbieding", 300, "", tmp_path / "elsewhere.y4m")
    for number, camera in films.items():
        with scanning(playwright, camera, base_url, hall) as page:
            assert said(page) == f"Stoel {number} is binnen."
            page.locator(f"#stoel-{number}.inside").wait_for(state="attached")
    with scanning(playwright, elsewhere, base_url, hall) as page:
        assert "kaart" in said(page)
        page.click("#scan button")
        assert page.locator("video").evaluate("node => node.srcObject") is None
