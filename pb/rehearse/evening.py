"""The walk of an evening: manager, facilitator and a room full of phones, each with own cookies."""

import re
import secrets
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from csv import reader
from dataclasses import dataclass, field
from datetime import date
from io import StringIO
from random import Random

from pb.core.dates import date_plain
from pb.rehearse.accounts import example_iban
from pb.rehearse.browser import Answer, Browser, UnexpectedAnswer
from pb.rehearse.reading import amounts_of, heading, own_form, step_of

AT_ONCE = 24
GIVES_NO_SCORE = 0.06
MOVES_LATER = 0.25


@dataclass(frozen=True)
class Logins:
    """Who plays the staff."""

    manager: str
    facilitator: str
    finance: str
    password: str


@dataclass
class Report:
    """What happened, and how long each step took. Units: seconds, cents."""

    steps: list[tuple[str, float]] = field(default_factory=list)
    score_seconds: list[float] = field(default_factory=list)
    decisions: list[tuple[str, str]] = field(default_factory=list)
    amounts: list[tuple[str, int]] = field(default_factory=list)
    decided_cents: int = 0
    csv_cents: int = 0
    csv_rows: int = 0
    xlsx_bytes: int = 0
    requests: int = 0
    evening_path: str = ""

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time a step."""
        began = time.perf_counter()
        yield
        self.steps.append((name, time.perf_counter() - began))


class Rehearsal:
    """One evening, played from the desk to the payment list."""

    def __init__(
        self,
        *,
        base_url: str,
        round_id: int,
        people: int,
        logins: Logins,
        seed: str,
        today: date,
        say: Callable[[str], None],
    ) -> None:
        self.base_url, self.round_id, self.people = base_url.rstrip("/"), round_id, people
        self.logins, self.today, self.say = logins, today, say
        self.chance = Random(seed)
        self.report = Report()
        self._browsers: list[Browser] = []
        self.manager = self.facilitator = self._browser()
        self.phones: list[Browser] = []

    def play(self) -> Report:
        """Play everything, in the order of the story. Raises: UnexpectedAnswer."""
        for name, part in (
            ("staff log in", self._log_in),
            (f"{self.people} seats filled from a list", self._fill_panel),
            ("evening planned", self._plan),
            ("doors opened and people checked in", self._let_in),
            ("phones joined with their cards", self._join),
            ("plans shown, scored and closed", self._score_all),
            ("decisions recorded", self._decide),
            ("money divided and confirmed by a second person", self._divide),
            ("payees entered and payment list made", self._pay),
        ):
            self.say(f"{name} …")
            with self.report.step(name):
                part()
        self.report.requests = sum(browser.requests for browser in self._browsers)
        return self.report

    def close(self) -> None:
        """Let all connections go."""
        for browser in self._browsers:
            browser.close()

    def _browser(self) -> Browser:
        self._browsers.append(Browser(self.base_url))
        return self._browsers[-1]

    def _log_in(self) -> None:
        self.manager = self._staff(self.logins.manager)
        self.facilitator = self._staff(self.logins.facilitator)

    def _staff(self, email: str) -> Browser:
        browser = self._browser()
        page = browser.open("/inloggen?next=/werk")
        form = next(one for one in page.page.forms if "work_email" in dict(one.fields))
        browser.send(form, page, {"work_email": email, "password": self.logins.password})
        return browser

    def _fill_panel(self) -> None:
        have = len(self._cards())
        if have >= self.people:
            return
        rows = [f"Proefstoel {number}" for number in range(have + 1, self.people + 1)]
        page = self.manager.open(f"/werk/ronde/{self.round_id}/panel/lijst")
        checked = self.manager.upload(
            own_form(page),
            page,
            name="file",
            file_name="panel.csv",
            content="\r\n".join(["naam", *rows]).encode("utf-8-sig"),
        )
        self.manager.send(own_form(checked), checked)

    def _cards(self) -> list[tuple[int, str]]:
        """Read seat numbers and typed codes from the printed cards."""
        found: list[tuple[int, str]] = []
        path = f"/werk/ronde/{self.round_id}/panel/kaarten"
        while path:
            page = self.manager.open(path)
            html = page.body.decode()
            numbers = re.findall(r"<h2>Stoel <b>(\d+)</b>", html)
            codes = re.findall(r'class="card-code">.*?<b>([0-9A-Z]{5} [0-9A-Z]{5})</b>', html)
            found += [(int(number), code) for number, code in zip(numbers, codes, strict=True)]
            path = next((link for link in page.page.links if "kaarten?van=" in link), "")
        return found

    def _plan(self) -> None:
        page = self.manager.open(f"/werk/ronde/{self.round_id}/avond/nieuw")
        answer = self.manager.send(
            own_form(page), page,
            {
                "name": "Repetitie", "held_on": date_plain(self.today), "place": "Oefenzaal",
                "lot_seed": "2-6-4-1-3",
            },
        )  # fmt: skip
        path = answer.url.removeprefix(self.base_url)
        if not re.fullmatch(r"/avond/\d+", path):
            raise UnexpectedAnswer(f"the evening was not planned: {answer.text[:400]}")
        self.report.evening_path = path

    def _let_in(self) -> None:
        self._next("open_doors-")
        coming = self._cards()[: self.people]
        page = self.facilitator.open(f"{self.report.evening_path}/deur")
        for number, _code in coming:
            page = self.facilitator.send(own_form(page), page, {"stoel": str(number), "doe": "in"})

    def _join(self) -> None:
        codes = [code for _number, code in self._cards()[: self.people]]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            self.phones = list(pool.map(self._sit_down, codes))

    def _sit_down(self, code: str) -> Browser:
        phone = self._browser()
        page = phone.open("/kaart")
        page = phone.send(page.form("/kaart"), page, {"code": code})
        seated = phone.send(page.form("klopt-dat"), page)
        if not seated.url.endswith("/stoel"):
            raise UnexpectedAnswer(f"a phone could not sit down: {seated.text[:300]}")
        return phone

    def _score_all(self) -> None:
        console = self._console()
        while step_of(console).startswith("show_plan"):
            self._next("show_plan-")
            self._next("open_scoring-")
            liked = self.chance.uniform(1.9, 4.6)
            positions = [self._positions(liked) for _phone in self.phones]
            with ThreadPoolExecutor(AT_ONCE) as pool:
                for seconds in pool.map(self._stand, self.phones, positions):
                    self.report.score_seconds += seconds
            self._next("close_scoring-")
            console = self._console()
        self._next("start_deciding-")

    def _positions(self, liked: float) -> list[int]:
        """Choose where somebody stands first, and where somebody moves; some do not answer."""
        if self.chance.random() < GIVES_NO_SCORE:
            return []
        first = min(5, max(1, round(self.chance.gauss(liked, 1.1))))
        moves = self.chance.random() < MOVES_LATER
        return [first, min(5, max(1, first + self.chance.choice((-1, 1))))] if moves else [first]

    def _stand(self, phone: Browser, positions: list[int]) -> list[float]:
        data = phone.open(f"{self.report.evening_path}/stoel").page.data
        taken = []
        for count, score in enumerate(positions, start=1):
            body: dict[str, object] = {
                "op": secrets.token_urlsafe(16), "n": int(data["data-n"]) + count,
                "item": int(data["data-item"]), "score": score, "v": int(data["data-v"]),
            }  # fmt: skip
            began = time.perf_counter()
            answer = phone.send_json(data["data-send"], body)
            taken.append(time.perf_counter() - began)
            # Sent twice, as a phone does that missed the answer: it must be the same answer.
            if phone.send_json(data["data-send"], body) != answer:
                raise UnexpectedAnswer("the same tap got another answer")
        return taken

    def _decide(self) -> None:
        console = self._console()
        while any("/beslis/" in form.action for form in console.page.forms):
            form = [one for one in console.page.forms if "/beslis/" in one.action][-1]
            title = heading(console)
            said = dict(form.fields)["yes"]
            self.report.decisions.append((title, said))
            console = self.facilitator.send(form, console)

    def _divide(self) -> None:
        console = self._console()
        console = self.facilitator.send(console.form("/verdeel"), console)
        self.facilitator.send([one for one in console.page.forms if "/akkoord" in one.action][-1], console)
        page = self.manager.open(f"{self.report.evening_path}/bevestig")
        outcome = self.manager.send(own_form(page), page)
        if not outcome.url.endswith("/uitslag"):
            raise UnexpectedAnswer(f"the division was not confirmed: {outcome.text[:300]}")
        self.report.amounts, self.report.decided_cents = amounts_of(page)

    def _pay(self) -> None:
        evening = self.report.evening_path.rsplit("/", 1)[1]
        order = f"/werk/avond/{evening}/betaallijst"
        page = self.manager.open(order)
        payees = sorted({link for link in page.page.links if re.fullmatch(rf"{order}/\d+", link)})
        for count, link in enumerate(payees, start=1):
            asked = self.manager.open(link)
            self.manager.send(
                own_form(asked), asked,
                {
                    "kind": "natuurlijk_persoon", "holder_name": f"Proefrekening {count}",
                    "iban": example_iban(count),
                },
            )  # fmt: skip
        finance = self._staff(self.logins.finance)
        page = finance.open(order)
        made = finance.send(own_form(page), page)
        csv_link = next(link for link in made.page.links if link.endswith(".csv"))
        xlsx_link = next(link for link in made.page.links if link.endswith(".xlsx"))
        rows = list(reader(StringIO(finance.open(csv_link).body.decode("utf-8-sig")), delimiter=";"))
        amount = rows[0].index("bedrag")
        paid = [row for row in rows[1:] if row[0] != "TRAILER" and row[amount]]
        self.report.csv_rows = len(paid)
        self.report.csv_cents = sum(int(row[amount].replace(",", "")) for row in paid)
        self.report.xlsx_bytes = len(finance.open(xlsx_link).body)

    def _console(self) -> Answer:
        return self.facilitator.open(f"{self.report.evening_path}/console")

    def _next(self, step: str) -> None:
        console = self._console()
        form = console.form("/volgende")
        if not dict(form.fields)["step"].startswith(step):
            raise UnexpectedAnswer(f"the button does {dict(form.fields)['step']}, not {step}")
        answer = self.facilitator.send(form, console)
        if "?vraag=" in answer.url:  # somebody gave no score: the console asks first
            self.facilitator.send(answer.form("/volgende"), answer)
