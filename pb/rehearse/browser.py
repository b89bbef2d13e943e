"""A browser without a screen: keeps cookies, fills in the forms of a page, follows redirects."""

import json
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit
from uuid import uuid4


class UnexpectedAnswer(Exception):
    """Say that a page answered something else than a person would need."""


@dataclass
class Form:
    """A form of a page: where it goes, and what it holds before anybody types."""

    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)

    def filled(self, typed: dict[str, str]) -> list[tuple[str, str]]:
        """Give what is sent when this is typed into it."""
        return [(name, value) for name, value in self.fields if name not in typed] + list(typed.items())


class Page(HTMLParser):
    """The forms, links, words and data attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.words: list[str] = []
        self.links: list[str] = []
        self._textarea: str | None = None
        self._select: str | None = None
        self.data: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.data |= {name: value for name, value in found.items() if name.startswith("data-")}
        if tag == "a":
            self.links.append(found.get("href", ""))
        elif tag == "form":
            self.forms.append(Form(found.get("action", "")))
        elif self.forms:
            self._field(tag, found)

    def _field(self, tag: str, found: dict[str, str]) -> None:
        name, kind = found.get("name", ""), found.get("type", "text")
        fields = self.forms[-1].fields
        if tag == "input" and name and kind not in ("file", "submit"):
            if kind not in ("radio", "checkbox") or "checked" in found:
                fields.append((name, found.get("value", "")))
        elif tag == "textarea" and name:
            self._textarea = name
            fields.append((name, ""))
        elif tag == "select" and name:
            self._select = name
        elif tag == "option" and self._select and ("selected" in found or self._select not in dict(fields)):
            fields.append((self._select, found.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._textarea = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._textarea is not None and self.forms:
            name, held = self.forms[-1].fields[-1]
            self.forms[-1].fields[-1] = (name, held + data.removeprefix("\n"))
        self.words.append(data)


@dataclass
class Answer:
    """What came back, read as a page."""

    status: int
    url: str
    body: bytes

    @property
    def page(self) -> Page:
        """Read the HTML."""
        parser = Page()
        parser.feed(self.body.decode())
        return parser

    @property
    def text(self) -> str:
        """Give the words of the page, white space folded."""
        return " ".join(" ".join(self.page.words).split())

    def form(self, part_of_action: str) -> Form:
        """Find the form that goes to an address with this in it. Raises: UnexpectedAnswer."""
        for found in self.page.forms:
            if part_of_action in (found.action or self.url):
                return found
        raise UnexpectedAnswer(f"{self.url}: no form to {part_of_action}: {self.text[:300]}")


class Browser:
    """One person with own cookies."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url.rstrip("/")
        parts = urlsplit(self.base_url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._connection = kind(parts.hostname or "", parts.port, timeout=60)
        self._cookies: dict[str, str] = {}
        self.requests = 0

    def open(self, path: str) -> Answer:
        """Open a page, and follow where it leads. Raises: UnexpectedAnswer unless it is there."""
        return self._follow("GET", path, b"", {})

    def send(self, form: Form, page: Answer, typed: dict[str, str] | None = None) -> Answer:
        """Send a form of a page with something typed into it."""
        body = urlencode(form.filled(typed or {})).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._follow("POST", urljoin(page.url, form.action or page.url), body, headers)

    def upload(self, form: Form, page: Answer, *, name: str, file_name: str, content: bytes) -> Answer:
        """Send a form with a file."""
        edge = uuid4().hex
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
            for key, value in form.fields
        ]
        head = f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="{file_name}"\r\n'
        parts += [f"{head}Content-Type: text/csv\r\n\r\n".encode(), content, f"\r\n--{edge}--\r\n".encode()]
        headers = {"Content-Type": f"multipart/form-data; boundary={edge}"}
        return self._follow("POST", urljoin(page.url, form.action or page.url), b"".join(parts), headers)

    def send_json(self, path: str, body: dict[str, object]) -> dict[str, object]:
        """Send what the script of a page sends. Raises: UnexpectedAnswer unless it was stored."""
        sent = json.dumps(body).encode()
        response, content = self._ask("POST", path, sent, {"Content-Type": "application/json"})
        if response.status != 200:
            raise UnexpectedAnswer(f"{path}: {response.status} {content[:300]!r}")
        answer: dict[str, object] = json.loads(content)
        return answer

    def close(self) -> None:
        """Let the connection go; a browser that is opened again makes another."""
        self._connection.close()

    def _follow(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        response, content = self._ask(method, path, body, headers)
        for _step in range(5):
            if response.status not in (301, 302, 303):
                break
            path = urljoin(path, response.headers["Location"])
            response, content = self._ask("GET", path, b"", {})
        answer = Answer(response.status, path, content)
        if response.status != 200:
            words = re.sub(r"\s+", " ", answer.text)[:500]
            raise UnexpectedAnswer(f"{method} {path}: {response.status} {words}")
        return answer

    def _ask(
        self, method: str, path: str, body: bytes, headers: dict[str, str]
    ) -> tuple[HTTPResponse, bytes]:
        parts = urlsplit(path)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        sent = {"Accept-Language": "nl", **headers, **({"Cookie": cookies} if cookies else {})}
        self._connection.request(method, target, body or None, sent)
        response = self._connection.getresponse()
        content = response.read()
        for line in response.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(line).items():
                self._cookies[name] = morsel.value
        self.requests += 1
        return response, content
