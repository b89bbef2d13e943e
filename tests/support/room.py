"""The room on the evening itself: a hall that moves step by step, with phones that tap."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from pb.decide.actions import record_decision
from pb.decide.queries import item_decisions
from pb.decide.rules.panel_decides import Way
from pb.divide.actions import agree, amend, confirm, propose, take_back
from pb.divide.queries import division
from pb.evening import live
from pb.evening.actions.joining import check_in, sit_down
from pb.evening.actions.moving import press_next
from pb.evening.actions.planning import plan_evening
from pb.evening.queries import EveningFacts, evening_facts
from pb.panel.queries import card, seats
from pb.panel.rules.cards import card_code, card_token, token_text
from pb.people.rules import Role
from pb.store.base import Table
from pb.store.engine import Store
from support.evenings import Asked, put_plans, seat_panel
from support.neighbourhood import NOW, Neighbourhood, email_of
from support.panel import key_of
from support.visitor import Visitor

TITLES = ("Moestuin op het plein", "Repaircafé", "Zwemles voor moeders", "Buurtkeuken")
OTHER_TITLES = ("Straatfeest", "Regentonnen")
# Every moment of an evening with two plans, in the order in which it comes.
MOMENTS = (
    "prepared", "doors",
    "film 1", "open 1", "closed 1", "film 2", "open 2", "closed 2",
    "decide", "all decided", "divide", "done",
)  # fmt: skip
BEFORE_MONEY = MOMENTS[: MOMENTS.index("divide")]


@dataclass(frozen=True)
class Hall:
    """An evening in a made-up neighbourhood, with its plans and seats by number."""

    app: Flask
    store: Store
    place: Neighbourhood
    evening_id: int
    plan_ids: tuple[int, ...]
    seat_ids: tuple[int, ...]

    @property
    def path(self) -> str:
        return f"/avond/{self.evening_id}"

    def now_at(self) -> EveningFacts:
        """Look where the evening is."""
        with self.store.reading() as session:
            return evening_facts(session, evening_id=self.evening_id)

    def press(self, times: int = 1, by: Role = Role.FACILITATOR) -> EveningFacts:
        """Press the one button."""
        for _ in range(times):
            at = self.now_at()
            assert at.next is not None
            with self.store.writing() as session:
                press_next(
                    session, evening_id=self.evening_id, step=at.next.name, version=at.version,
                    who=self.place.who(by), now=NOW,
                )  # fmt: skip
        return self.now_at()

    def come_in(self, *numbers: int) -> None:
        """Let seats in at the door."""
        self._door(numbers, inside=True)

    def leave(self, *numbers: int) -> None:
        """Let seats go."""
        self._door(numbers, inside=False)

    def _door(self, numbers: tuple[int, ...], *, inside: bool) -> None:
        with self.store.writing() as session:
            for number in numbers:
                check_in(
                    session, evening_id=self.evening_id, seat_id=self.seat_ids[number - 1], inside=inside,
                    who=self.place.who(Role.FACILITATOR), now=NOW,
                )  # fmt: skip

    def bring_to(self, moment: str, scores: tuple[int, ...] = (5, 4, 4, 2, 5)) -> EveningFacts:
        """Go on to a moment of ``MOMENTS``; whoever is in the room gives the scores, seat 1 first."""
        for reached in MOMENTS[: MOMENTS.index(moment) + 1]:
            if reached in self._passed():
                continue
            self._step_to(reached, scores)
        return self.now_at()

    def _passed(self) -> tuple[str, ...]:
        return MOMENTS[: MOMENTS.index(self.moment()) + 1]

    def moment(self) -> str:
        """Name where the evening is."""
        at = self.now_at()
        if at.current is not None:
            return f"{at.current.scoring} {at.at_position}"
        if at.stage.value == "decide":
            with self.store.reading() as session:
                open_ones = [one for one in item_decisions(session, evening=at) if one.recorded is None]
            return "decide" if open_ones else "all decided"
        return at.stage.value

    def _step_to(self, moment: str, scores: tuple[int, ...]) -> None:
        if moment == "all decided":
            self.follow_scores()
        elif moment == "divide":
            self.divide()
        elif moment == "done":
            self.confirm()
        else:
            at = self.press()
            if moment == "doors":
                self.come_in(*range(1, len(self.seat_ids) + 1))
            if moment.startswith("open"):
                for number, score in enumerate(scores, start=1):
                    assert at.current is not None
                    Phone(self, number).tap(score)

    def follow_scores(self) -> None:
        """Record for every plan what the scores say."""
        with self.store.writing() as session:
            for one in item_decisions(session, evening=evening_facts(session, evening_id=self.evening_id)):
                record_decision(
                    session, evening_id=self.evening_id, position=one.item.position, yes=one.computed_yes,
                    way=Way.RULE, reason="", minority_view="", who=self.place.who(Role.FACILITATOR), now=NOW,
                )  # fmt: skip

    def divide(self, by: Role = Role.FACILITATOR) -> None:
        """Compute the division."""
        with self.store.writing() as session:
            propose(session, evening_id=self.evening_id, who=self.place.who(by), now=NOW)

    def shown_sha256(self) -> str:
        """Give the check number that is on the page."""
        with self.store.reading() as session:
            found = division(session, evening_id=self.evening_id)
        assert found is not None
        return found.sha256

    def agree(
        self,
        by: Role = Role.FACILITATOR,
        way: Way = Way.CONSENSUS,
        in_favour: int | None = None,
        against: int | None = None,
        shown: str | None = None,
    ) -> None:
        """Let the panel agree with what is shown."""
        shown = self.shown_sha256() if shown is None else shown
        with self.store.writing() as session:
            agree(
                session, evening_id=self.evening_id, shown_sha256=shown, way=way, who=self.place.who(by),
                now=NOW, in_favour=in_favour, against=against,
            )  # fmt: skip

    def amend(
        self,
        position: int,
        amount_cents: int,
        reason: str = "Het panel wil dit.",
        by: Role = Role.FACILITATOR,
        shown: str | None = None,
    ) -> None:
        """Settle another amount for a plan."""
        shown = self.shown_sha256() if shown is None else shown
        with self.store.writing() as session:
            amend(
                session, evening_id=self.evening_id, position=position, amount_cents=amount_cents,
                reason=reason, shown_sha256=shown, who=self.place.who(by), now=NOW,
            )  # fmt: skip

    def take_back(self, position: int, by: Role = Role.FACILITATOR, shown: str | None = None) -> None:
        """Let a plan have what the rule gives it again."""
        shown = self.shown_sha256() if shown is None else shown
        with self.store.writing() as session:
            take_back(
                session, evening_id=self.evening_id, position=position, shown_sha256=shown,
                who=self.place.who(by), now=NOW,
            )  # fmt: skip

    def confirm(self, by: Role = Role.OFFICER) -> None:
        """Let the panel agree, and a second person confirm what is shown."""
        self.agree()
        self.confirm_shown(by)

    def confirm_shown(self, by: Role = Role.OFFICER, shown: str | None = None) -> None:
        """Let somebody confirm what is on the page, or what is said to be."""
        shown = self.shown_sha256() if shown is None else shown
        with self.store.writing() as session:
            confirm(session, evening_id=self.evening_id, shown_sha256=shown, who=self.place.who(by), now=NOW)

    def staff(self, role: Role = Role.FACILITATOR, area: str = "wijk", language: str = "nl") -> Visitor:
        """Let somebody who works here log in."""
        return Visitor(self.app, language).log_in(email_of(role, area))

    def card_code(self, number: int) -> str:
        """Give the code that can be typed from a seat's card."""
        return card_code(key_of(self.app), self.seat_ids[number - 1], self._serial(number))

    def card_token(self, number: int) -> str:
        """Give the secret in the QR code of a seat's card."""
        return token_text(card_token(key_of(self.app), self.seat_ids[number - 1], self._serial(number)))

    def _serial(self, number: int) -> int:
        with self.store.reading() as session:
            return card(session, round_id=self.place.round_id, seat_id=self.seat_ids[number - 1]).serial

    def screen_path(self) -> str:
        """Give the address of the big screen, as the console links to it."""
        page = self.staff().get(f"{self.path}/console")
        return page.one("aside a[href*='/scherm/']").attributes["href"] or ""


class Phone(Visitor):
    """A phone that stands for a seat."""

    def __init__(self, hall: Hall, number: int, language: str = "nl") -> None:
        super().__init__(hall.app, language)
        self.hall = hall
        self.n = 0
        with hall.store.writing() as session:
            secret = sit_down(session, evening_id=hall.evening_id, seat_id=hall.seat_ids[number - 1], now=NOW)
        self.browser.set_cookie("seat", secret)

    @property
    def score_path(self) -> str:
        return f"{self.hall.path}/cijfer"

    def message(self, figure: Any, **changes: Any) -> dict[str, Any]:
        """Write what the page's script would send, with changes; ... leaves a key out."""
        self.n += 1
        at = self.hall.now_at()
        item = at.current or at.items[-1]
        whole = {"op": new_op(), "n": self.n, "item": item.id, "score": figure, "v": item.scoring_version}
        return {name: value for name, value in (whole | changes).items() if value is not ...}

    def tap(self, figure: Any, **changes: Any) -> TestResponse:
        """Tap on a figure."""
        return self.send_json(self.score_path, self.message(figure, **changes))


def new_op() -> str:
    """Name a tap."""
    return secrets.token_urlsafe(16)


def open_hall(
    app: Flask,
    store: Store,
    place: Neighbourhood,
    *,
    plans: int = 2,
    seats_wanted: int = 6,
    asked: Mapping[str, Asked] | None = None,
    moment: str = "prepared",
    budget_cents: int = 2_000_000,
    titles: tuple[str, ...] = TITLES,
) -> Hall:
    """Prepare an evening about so many plans with so many seats, and bring it to a moment."""
    live.forget()
    wanted = asked or {title: Asked() for title in titles[:plans]}
    plan_ids = tuple(put_plans(store, place, wanted).values())
    seat_ids = tuple(seat_panel(store, place, seats_wanted, card_key=key_of(app))[:seats_wanted])
    with store.writing() as session:
        evening_id = plan_evening(
            session, round_id=place.round_id, name="Beslisavond", held_on=NOW.date(), place="Buurthuis",
            budget_cents=budget_cents, lot_seed="3-5-1-6-2", plan_ids=plan_ids,
            who=place.who(Role.AREA_MANAGER), now=NOW,
        )  # fmt: skip
    hall = Hall(app, store, place, evening_id, plan_ids, seat_ids)
    hall.bring_to(moment)
    return hall


def seat_numbers(hall: Hall) -> list[int]:
    """List the numbers of the seats that are there."""
    with hall.store.reading() as session:
        return [seat.number for seat in seats(session, round_id=hall.place.round_id)]


def everything(store: Store) -> dict[str, list[Any]]:
    """Read every row of every table, to see that a refusal changed nothing."""
    with store.reading() as session:
        return {
            table.name: sorted(map(repr, session.execute(sa.select(table)).all()))
            for table in Table.metadata.sorted_tables
        }


@contextmanager
def nothing_changes(store: Store) -> Iterator[None]:
    """See to it that what happens inside leaves every table as it was."""
    before = everything(store)
    yield
    after = everything(store)
    changed = [name for name in before if before[name] != after[name]]
    assert not changed, f"changed: {changed}"
