"""A person at a real browser: clicks what is on the page, types, and every page is checked with axe."""

from __future__ import annotations

import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

PHONE = {"width": 360, "height": 740}
AXE = Axe()
# A page is the same on every database: journeys look at it with axe on one of them.
WITH_AXE = True


class Person:
    """One person with an own browser; what breaks on a page (script, console, axe) breaks the test."""

    def __init__(
        self, browser: Browser, base_url: str, *, size: dict[str, int] | None = None, language: str = "nl-NL",
        script: bool = True, checks: bool = True, axe: bool = True,
    ) -> None:  # fmt: skip
        self.context: BrowserContext = browser.new_context(
            viewport=size or PHONE, locale=language, java_script_enabled=script, base_url=base_url,
            reduced_motion="reduce",
        )  # fmt: skip
        self.page: Page = self.context.new_page()
        self.checks = checks and script
        self.axe = axe and WITH_AXE
        self.seen: set[str] = set()
        self.problems: list[str] = []
        self.asked_elsewhere: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        self.page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((base_url, "data:", "about:", "blob:"))
                else self.asked_elsewhere.append(request.url)
            ),
        )

    def go(self, path: str) -> Person:
        """Open an address."""
        self.page.goto(path)
        return self.look()

    def press(self, words: str) -> Person:
        """Press the button or link with these words, in the main part first."""
        pattern = re.compile(re.escape(words))
        # What Enter presses stands first in some forms, where nobody sees it.
        seen = self.page.locator(":not(.hidden)")
        inside = self.page.locator("main").get_by_role("button", name=pattern).and_(seen)
        target = inside if inside.count() else self.page.locator("main").get_by_role("link", name=pattern)
        if not target.count():
            target = self.page.get_by_role("button", name=pattern).or_(
                self.page.get_by_role("link", name=pattern)
            )
        target.first.click()
        self.page.wait_for_load_state()
        return self.look()

    def type(self, label: str, text: str) -> Person:
        """Type into the field with this label."""
        self.page.get_by_label(label, exact=False).first.fill(text)
        return self

    def choose(self, label: str) -> Person:
        """Choose the option with this label."""
        self.page.get_by_label(label, exact=False).first.check()
        return self

    def upload(self, label: str, name: str, content: bytes) -> Person:
        """Choose a file."""
        self.page.get_by_label(label, exact=False).first.set_input_files(
            {"name": name, "mimeType": "text/csv", "buffer": content}
        )
        return self

    def log_in(self, email: str, password: str) -> Person:
        """Log in as staff."""
        self.go("/inloggen").type("E-mailadres", "")
        self.page.locator("#work_email").fill(email)
        self.page.locator("#password").fill(password)
        return self.press("Log in")

    def reads(self, words: str) -> Person:
        """See these words in the main part, now or soon."""
        expect(self.page.locator("main")).to_contain_text(words, timeout=10_000)
        return self

    def look(self) -> Person:
        """Check the page that is open: accessible, no wider than the screen, nothing broken."""
        assert not self.problems, self.problems
        assert not self.asked_elsewhere, self.asked_elsewhere
        if not self.checks:
            return self
        where = re.sub(r"\d+|[0-9a-f]{20,}", "N", self.page.url) + self.page.title()
        if where in self.seen:
            return self
        self.seen.add(where)
        wide = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, f"{self.page.url} is {wide} px wider than the screen"
        if not self.axe:
            return self
        found = AXE.run(self.page)
        assert found.violations_count == 0, f"{self.page.url}\n{found.generate_report()}"
        return self

    def download(self, words: str, folder: Path) -> Path:
        """Press a link that gives a file."""
        with self.page.expect_download() as waiting:
            self.page.get_by_role("link", name=re.compile(re.escape(words))).first.click()
        file = folder / waiting.value.suggested_filename
        waiting.value.save_as(file)
        return file
