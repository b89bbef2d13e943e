"""A visitor with a browser's habits who inspects the house on every page."""

import re
from dataclasses import dataclass
from typing import Any

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser, LexborNode
from werkzeug.test import TestResponse

NO_LABEL_NEEDED = {"hidden", "submit", "button"}


@dataclass
class Page:
    """An answer, with its HTML read."""

    answer: TestResponse
    path: str

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def html(self) -> str:
        return self.answer.get_data(as_text=True)

    @property
    def tree(self) -> LexborHTMLParser:
        return LexborHTMLParser(self.html)

    @property
    def text(self) -> str:
        """What a person reads in the main part, white space folded."""
        main = self.tree.css_first("main")
        assert main is not None, f"{self.path} has no main part"
        return " ".join(main.text(separator=" ").split())

    @property
    def title(self) -> str:
        heading = self.tree.css_first("h1")
        assert heading is not None
        return " ".join(heading.text().split())

    def all(self, selector: str) -> list[LexborNode]:
        return self.tree.css(selector)

    def one(self, selector: str) -> LexborNode:
        found = self.tree.css(selector)
        assert len(found) == 1, f"{self.path}: {len(found)} × {selector}"
        return found[0]

    def values(self, form: str = "form[method=post]:not([action='/uitloggen'])") -> dict[str, Any]:
        """What a form holds before anything is typed."""
        found = self.all(form)
        assert found, f"{self.path} has no {form}"
        held: dict[str, Any] = {}
        for field in found[0].css("input, textarea, select"):
            name, kind = field.attributes.get("name"), field.attributes.get("type")
            if not name or kind == "file":
                continue
            if kind in ("radio", "checkbox") and "checked" not in field.attributes:
                continue
            if field.tag == "textarea":
                held[name] = (field.text() or "").removeprefix("\n")
            elif field.tag == "select":
                chosen = field.css_first("option[selected]") or field.css_first("option")
                held[name] = chosen.attributes.get("value") if chosen else ""
            else:
                held[name] = field.attributes.get("value") or ""
        return held


class Visitor:
    """One browser: keeps cookies, follows redirects, sends the token that the page gave."""

    def __init__(self, app: Flask, language: str = "nl") -> None:
        self.app = app
        self.browser: FlaskClient = app.test_client()
        self.browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
        self.token = ""

    def get(self, path: str, status: int = 200, **options: Any) -> Page:
        """Open a page, follow redirects, inspect it."""
        return self._read(self.browser.get(path, follow_redirects=True, **options), path, status)

    def post(self, path: str, data: dict[str, Any] | None = None, status: int = 200, **options: Any) -> Page:
        """Send a form with the token of the last page seen."""
        if not self.token:
            self.get("/inloggen")
        sent = {"csrf_token": self.token, **(data or {})}
        return self._read(self.browser.post(path, data=sent, follow_redirects=True, **options), path, status)

    def fill(self, path: str, answers: dict[str, Any], status: int = 200, form: str | None = None) -> Page:
        """Open a page, change what stands in its form, and send it where the form says."""
        page = self.get(path)
        selector = form or "form[method=post]:not([action='/uitloggen'])"
        held = page.values(selector) | answers
        where = page.all(selector)[0].attributes.get("action") or page.answer.request.path
        return self.post(where, held, status=status)

    def send_json(self, path: str, body: Any, **options: Any) -> TestResponse:
        """Send what a script would send."""
        return self.browser.post(path, json=body, **options)

    def raw(self, method: str, path: str, **options: Any) -> TestResponse:
        """Send anything, and look at the bare answer."""
        return self.browser.open(path, method=method, **options)

    def log_in(self, email: str, password: str = "een lang wachtwoord") -> "Visitor":
        """Log in as staff do."""
        page = self.fill("/inloggen", {"work_email": email, "password": password}, form="form#wachtwoord")
        assert page.answer.request.path != "/inloggen", page.text
        return self

    def _read(self, answer: TestResponse, path: str, status: int) -> Page:
        page = Page(answer, path)
        assert answer.status_code == status, f"{path}: {answer.status_code}\n{_clip(page)}"
        if (answer.content_type or "").startswith("text/html"):
            inspect(page)
            token = page.tree.css_first("input[name=csrf_token]")
            if token is not None:
                self.token = token.attributes.get("value") or ""
        return page


def _clip(page: Page) -> str:
    try:
        return page.text[:1500]
    except AssertionError:
        return page.html[:1500]


def inspect(page: Page) -> None:
    """Check what holds for every page of the house."""
    html, where = page.html, page.path
    html5lib.HTMLParser(strict=True).parse(html)
    tree = page.tree
    assert len(tree.css("h1")) == 1, f"{where}: {len(tree.css('h1'))} h1"
    language = tree.css_first("html").attributes.get("lang")
    assert language in ("nl", "en"), f"{where}: language {language}"
    title = tree.css_first("title").text()
    assert title.strip(" ·") not in ("", "Beslisavond"), f"{where}: no title"
    ids = [node.attributes["id"] for node in tree.css("[id]")]
    assert len(ids) == len(set(ids)), f"{where}: twice {sorted({i for i in ids if ids.count(i) > 1})}"
    labels = {node.attributes.get("for") for node in tree.css("label")}
    for field in tree.css("input, select, textarea"):
        kind = field.attributes.get("type") or "text"
        named = field.attributes.get("id") in labels or field.attributes.get("aria-label")
        assert kind in NO_LABEL_NEEDED or named, f"{where}: no label for {field.html}"
    for form in tree.css("form"):
        if (form.attributes.get("method") or "get").lower() == "post":
            assert form.css_first("input[name=csrf_token]"), f"{where}: no token in {form.html[:200]}"
    for reference in tree.css("[aria-describedby], [aria-labelledby]"):
        for kind in ("aria-describedby", "aria-labelledby"):
            for target in (reference.attributes.get(kind) or "").split():
                assert target in ids, f"{where}: {kind} points to nothing: {target}"
    assert not tree.css("[style], style, script:not([src])"), f"{where}: inline style or script"
    assert not re.search(r"<[^>]+\son[a-z]+\s*=", html), f"{where}: inline handler"
    for node in tree.css("[src], link[href], form[action]"):
        address = (
            node.attributes.get("src") or node.attributes.get("href") or node.attributes.get("action") or ""
        )
        assert not re.match(r"(https?:)?//", address), f"{where}: loads from elsewhere: {address}"
    for node in tree.css("img"):
        assert "alt" in node.attributes, f"{where}: image without words"
    assert "€ " not in html.replace("€\u00a0", ""), f"{where}: an amount that can break over lines"
    assert "Content-Security-Policy" in page.answer.headers
