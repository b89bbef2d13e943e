"""What nginx does for the site: TLS, files, patience with slow phones, silence about people."""

import gzip
import http.client
import re
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlencode

import pytest

from config import ROOT
from pb.evening.queries import evening_facts
from pb.evening.rules.steps import Stage
from pb.people.rules import Role
from pb.store.engine import Store
from support.evenings import hold_evening
from support.installation import NAME, Answer, Installation
from support.neighbourhood import PASSWORD, email_of, settle

SLOW = 50
FORM = "application/x-www-form-urlencoded"
LINE = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d ([A-Z]{3,10}|-) \d{3} \d+ bytes \d+\.\d{3} s "
    r"\(site (-|\d+\.\d{3})\)"
)


def test_nginx_finds_nothing_wrong_with_the_configuration(idle: Installation) -> None:
    done = subprocess.run(idle.nginx_command("-t"), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "syntax is ok" in done.stderr
    about_us = [
        line for line in done.stderr.splitlines() if "warn" in line and '"user" directive' not in line
    ]
    assert not about_us


def test_pages_come_through_with_cookies_that_only_travel_over_tls(machine: Installation) -> None:
    answer = machine.ask("GET", "/inloggen")
    assert answer.status == 200
    assert b"<h1" in answer.body
    cookies = answer.headers.get_all("Set-Cookie")
    assert cookies
    assert all("Secure" in cookie and "HttpOnly" in cookie for cookie in cookies)


@pytest.mark.parametrize("path", ["/inloggen", "/static/beslisavond.css", "/static/icon.svg", "/er-is-niets"])
def test_no_header_is_sent_twice(machine: Installation, path: str) -> None:
    headers = machine.ask("GET", path).headers
    for name in ("Content-Security-Policy", "X-Content-Type-Options", "Strict-Transport-Security"):
        assert len(headers.get_all(name, [])) == 1, name
    assert len(headers.get_all("Cache-Control")) == 1
    assert "/" not in headers["Server"]


def test_browsers_speak_http_2(machine: Installation) -> None:
    with machine.handshake(speaks=("h2", "http/1.1")) as browser:
        assert browser.selected_alpn_protocol() == "h2"
        assert browser.version() in ("TLSv1.2", "TLSv1.3")


def test_http_leads_to_https_and_never_to_another_host(machine: Installation) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", machine.ports["http"], timeout=10)
    connection.request("GET", "/kaart?x=1", headers={"Host": NAME})
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{NAME}/kaart?x=1")
    connection.close()
    connection.request("GET", "/kaart", headers={"Host": "evil.example"})
    with pytest.raises(ConnectionResetError):
        connection.getresponse()
    connection.close()


def test_another_name_gets_no_certificate_and_no_page(machine: Installation) -> None:
    with pytest.raises(ssl.SSLError):
        machine.handshake(name="evil.example").close()
    with pytest.raises((ConnectionResetError, http.client.RemoteDisconnected)):
        machine.ask("GET", "/", Host="evil.example")


def test_nobody_outside_says_who_asks(machine: Installation) -> None:
    told = machine.ask(
        "GET", "/werk", X_Forwarded_Proto="http", X_Forwarded_Host="evil.example", Forwarded="host=evil"
    )  # fmt: skip
    assert told.status == 302
    assert "evil" not in str(told.headers)
    assert told.headers["Strict-Transport-Security"]


def test_files_come_from_nginx_with_a_time_to_keep_them(machine: Installation) -> None:
    before = machine.log("site.log").count("/static/")
    sheet = machine.ask("GET", "/static/beslisavond.css", Accept_Encoding="gzip")
    font = next((ROOT / "static/fonts").glob("*.woff2")).name
    letters = machine.ask("GET", f"/static/fonts/{font}")
    script = machine.ask("GET", "/static/js/live.js", Accept_Encoding="gzip")
    after = machine.log("site.log").count("/static/")
    assert before == after, "the site was asked"
    assert gzip.decompress(sheet.body) == (ROOT / "static/beslisavond.css").read_bytes()
    assert gzip.decompress(script.body) == (ROOT / "static/js/live.js").read_bytes()
    assert "javascript" in script.headers["Content-Type"]
    assert sheet.headers["Cache-Control"] == "public, max-age=3600"
    assert letters.headers["Cache-Control"] == "public, max-age=2592000"
    again = machine.ask("GET", "/static/beslisavond.css", If_Modified_Since=sheet.headers["Last-Modified"])
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/static/../config.py",
        "/static/%2e%2e/config.py",
        "/static/fonts/../../config.py",
        "/static../config.py",
        "/deploy/nginx/nginx.conf",
        "/pauze.html",
        "/pauze-verstuurd.html",
    ],
)
def test_nothing_but_the_files_for_everyone_is_given_away(machine: Installation, path: str) -> None:
    assert machine.ask("GET", path).status in (400, 404)


def test_a_page_is_packed(machine: Installation) -> None:
    answer = machine.ask("GET", "/inloggen", Accept_Encoding="gzip")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert b"<h1" in gzip.decompress(answer.body)


def test_a_file_that_is_too_big_is_refused_by_the_site_in_words(machine: Installation) -> None:
    answer = machine.ask("POST", "/inloggen", b"x" * 600_000, Content_Type=FORM)
    assert answer.status == 413
    assert "te groot" in answer.body.decode()


# -- slow phones ---------------------------------------------------------------------------------------------


def heads(phone: ssl.SSLSocket) -> None:
    phone.sendall(f"GET /inloggen HTTP/1.1\r\nHost: {NAME}\r\nX-Slow: ".encode())


def bodies(phone: ssl.SSLSocket) -> None:
    kind = f"Content-Type: {FORM}\r\nContent-Length: 500"
    phone.sendall(f"POST /inloggen HTTP/1.1\r\nHost: {NAME}\r\n{kind}\r\n\r\n".encode())


@contextmanager
def dripping(machine: Installation, begin: Callable[[ssl.SSLSocket], None]) -> Iterator[list[ssl.SSLSocket]]:
    """Keep fifty phones busy that send a letter now and then."""
    phones = [machine.handshake() for _ in range(SLOW)]
    stop = threading.Event()

    def drip() -> None:
        while not stop.wait(0.5):
            for phone in phones:
                phone.sendall(b"a")

    thread = threading.Thread(target=drip, daemon=True)
    try:
        for phone in phones:
            begin(phone)
        thread.start()
        yield phones
    finally:
        stop.set()
        thread.join()
        for phone in phones:
            phone.close()


@pytest.mark.parametrize("begin", [heads, bodies])
def test_fifty_slow_phones_keep_nobody_waiting(
    machine: Installation, begin: Callable[[ssl.SSLSocket], None]
) -> None:
    machine.ask("GET", "/inloggen")
    with dripping(machine, begin):
        time.sleep(1.2)
        took = []
        for _ in range(20):
            start = time.monotonic()
            assert machine.ask("GET", "/inloggen").status == 200
            took.append(time.monotonic() - start)
    # Four threads and fifty phones: without nginx each of these would wait ten seconds.
    middle, worst = sorted(took)[10] * 1000, max(took) * 1000
    print(f"{SLOW} slow phones; others took {middle:.0f} ms, at most {worst:.0f} ms")
    assert max(took) < 8


def test_a_phone_that_reads_slowly_holds_no_thread(machine: Installation) -> None:
    phones = [machine.handshake() for _ in range(20)]
    try:
        for phone in phones:
            phone.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            phone.sendall(f"GET /inloggen HTTP/1.1\r\nHost: {NAME}\r\n\r\n".encode())
        start = time.monotonic()
        assert machine.ask("GET", "/inloggen").status == 200
        assert time.monotonic() - start < 8
    finally:
        for phone in phones:
            phone.close()


# -- what the logs say ---------------------------------------------------------------------------------------


def test_no_log_holds_an_address_a_path_or_a_name(machine: Installation) -> None:
    hidden = ("GEHEIM", "127.0.0.1", "naam@post.example", "Telefoon", "inloggen", "kaart", "referer")
    for path in ("/kaart?code=GEHEIM", "/inloggen?x=naam@post.example", "/static/GEHEIM", "//GEHEIM"):
        machine.ask("GET", path, User_Agent="Telefoon", Cookie="seat=GEHEIM", Referer="https://GEHEIM/")
    for half in (b"GEHEIM\r\n\r\n", b"GET /GEHEIM HTTP/9.9\r\n\r\n", b"GET /" + b"GEHEIM" * 9000):
        with machine.handshake(timeout=5) as phone, suppress(OSError):
            phone.sendall(half)
            phone.recv(4096)
    machine.stop_site()
    try:
        for path in ("/kaart?code=GEHEIM", "/avond/1/stroom?GEHEIM"):
            machine.ask("GET", path, Cookie="seat=GEHEIM")
    finally:
        machine.start_site()
    machine.ask("GET", "/inloggen")
    time.sleep(0.2)
    lines = machine.log("access.log").splitlines()
    assert len(lines) > 10
    assert [line for line in lines if not LINE.fullmatch(line)] == []
    told = machine.log("access.log") + machine.log("error.log") + machine.log("nginx.out")
    assert [word for word in hidden if word in told] == []


# -- while the site starts again -----------------------------------------------------------------------------


def test_while_the_site_starts_again_people_are_told_so_and_come_back(machine: Installation) -> None:
    machine.stop_site()
    try:
        looked = machine.ask("GET", "/avond/1/stoel")
        sent = machine.ask("POST", "/avond/1/volgende", b"a=b", Content_Type=FORM)
        tapped = machine.ask("POST", "/avond/1/cijfer", b"{}", Content_Type="application/json")
        sheet = machine.ask("GET", "/static/beslisavond.css")
        listening = machine.ask("GET", "/avond/1/stroom")
    finally:
        machine.start_site()
    assert (looked.status, sent.status, tapped.status, sheet.status) == (502, 502, 502, 200)
    assert "Je cijfers zijn veilig" in looked.body.decode()
    assert 'http-equiv="refresh"' in looked.body.decode()
    assert "niet aangekomen" in sent.body.decode()
    assert "refresh" not in sent.body.decode(), "a page that was sent must not be asked for again"
    for page in (looked, sent):
        assert page.headers["Retry-After"] == "5"
        assert page.headers["Cache-Control"] == "private, no-store"
        assert len(page.headers.get_all("Content-Security-Policy")) == 1
    # A browser that listens gives up for good on any other status.
    assert (listening.status, listening.headers["Content-Type"]) == (200, "text/event-stream")
    assert re.fullmatch(rb"retry: [2-5]000\n\n", listening.body)
    assert machine.ask("GET", "/inloggen").status == 200


@pytest.mark.parametrize("name", ["pauze.html", "pauze-verstuurd.html"])
def test_the_page_for_a_restart_is_short_plain_and_whole(name: str) -> None:
    text = (ROOT / "deploy/nginx" / name).read_text()
    assert '<html lang="nl">' in text
    assert text.count("<h1>") == 1
    assert not re.search(r"<script|style=|<style|https?://", text)
    for file in re.findall(r'(?:href|src)="/(static/[^"]+)"', text):
        assert (ROOT / file).is_file()
    words = re.sub(r"<[^>]+>", " ", text.split("<main")[1].split(">", 1)[1])
    for sentence in re.split(r"[.?!]", words):
        assert len(sentence.split()) <= 15, sentence


# -- listening -----------------------------------------------------------------------------------------------


def test_a_phone_hears_through_nginx_as_soon_as_it_is_said(machine: Installation) -> None:
    store = Store(machine.url)
    evening_id = hold_evening(store, settle(store), {"Moestuin": [None] * 5}, until=Stage.PREPARED)
    connection = machine.connect(timeout=30)
    try:
        connection.request("GET", f"/avond/{evening_id}/stroom", headers={"Accept": "text/event-stream"})
        answer = connection.getresponse()
        kind = answer.headers.get("Content-Type", "")
        assert (answer.status, kind.split(";")[0]) == (200, "text/event-stream")
        assert "Content-Encoding" not in answer.headers
        first = hear(answer)
        time.sleep(0.3)
        with store.reading() as session:
            evening = evening_facts(session, evening_id=evening_id)
        assert evening.next is not None
        visitor = OneBrowser(machine)
        visitor.log_in(email_of(Role.FACILITATOR))
        start = time.monotonic()
        visitor.press_next(evening_id, evening.next.name, evening.version)
        assert hear(answer) != first
        print(f"from pressing to hearing: {(time.monotonic() - start) * 1000:.0f} ms")
        assert time.monotonic() - start < 10
    finally:
        connection.close()
        store.engine.dispose()


def hear(answer: http.client.HTTPResponse) -> str:
    """Wait for what is said next."""
    while True:
        line = answer.readline().decode()
        assert line, "the stream ended"
        if line.startswith("data:"):
            return line


class OneBrowser:
    """A member of staff at a browser of their own, with nothing but forms."""

    def __init__(self, machine: Installation) -> None:
        self.machine = machine
        self.cookies: dict[str, str] = {}

    def log_in(self, email: str) -> None:
        token = self._token("/inloggen")
        self._post("/inloggen", csrf_token=token, work_email=email, password=PASSWORD)

    def press_next(self, evening_id: int, step: str, version: int) -> None:
        token = self._token(f"/avond/{evening_id}/console")
        self._post(f"/avond/{evening_id}/volgende", csrf_token=token, step=step, version=str(version))

    def _token(self, path: str) -> str:
        answer = self.machine.ask("GET", path, Cookie=self._held())
        self._keep(answer)
        found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', answer.body.decode())
        assert found, answer.status
        return found[1]

    def _post(self, path: str, **form: str) -> None:
        answer = self.machine.ask(
            "POST", path, urlencode(form).encode(), Cookie=self._held(),
            Content_Type=FORM, Referer=f"https://{NAME}{path}",
        )  # fmt: skip
        assert answer.status in (302, 303), answer.body.decode()
        self._keep(answer)

    def _keep(self, answer: Answer) -> None:
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value

    def _held(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())
