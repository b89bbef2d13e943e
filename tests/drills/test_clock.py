"""The clock may lie: what came first is decided by the order of the chain, never by the time."""

import json
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import itsdangerous.timed
import pytest
from flask import Flask

from pb.core.errors import Broken
from pb.evening.actions import scoring
from pb.evening.actions.moving import press_next
from pb.evening.rules.score import ScoringClosed
from pb.people.rules import Role
from pb.store.engine import Store
from pb.web import clock
from support.drills import Body, compare, stored
from support.evenings import Asked
from support.neighbourhood import NOW, Neighbourhood
from support.room import Hall, Phone, open_hall

NIGHT = datetime(2026, 10, 25, 0, 59, 30, tzinfo=UTC)  # 2:59:30 in the Netherlands, half a minute before 2:00
LIES = {
    "a day ahead": (NOW, timedelta(days=1)),
    "a day back": (NOW, timedelta(days=-1)),
    "three hours back": (NOW, timedelta(hours=-3)),
    "the hour of 25 October that comes twice": (NIGHT, timedelta(minutes=1)),
    "a clock that takes that hour back itself": (NIGHT, timedelta(hours=-1)),
}
PHONES = 12
# A session that was signed later than now is refused as expired, by the library that signs it.


@dataclass
class LyingClock:
    """A clock that says what a drill wants, to every request and to every signature."""

    moment: datetime = NOW

    def now(self, zone: Any = None) -> datetime:
        return self.moment.astimezone(zone)

    def seconds(self) -> float:
        return self.moment.timestamp()


@dataclass
class Found:
    """What was done while the clock lied."""

    taps: int = 0
    refused: int = 0
    moved: int = 0
    pages: int = 0
    received: dict[str, Body] = field(default_factory=dict)


@pytest.fixture
def lying(monkeypatch: pytest.MonkeyPatch) -> LyingClock:
    """Give the clock that the site looks at."""
    made = LyingClock()
    monkeypatch.setattr(clock, "datetime", made)
    monkeypatch.setattr(itsdangerous.timed, "time", SimpleNamespace(time=made.seconds))
    return made


@pytest.fixture
def hall(app: Flask, store: Store, place: Neighbourhood) -> Hall:
    """Give an evening with a plan for every lie, its doors open and everybody in."""
    hall = open_hall(app, store, place, seats_wanted=PHONES, asked={lie: Asked() for lie in LIES})
    hall.press()
    hall.come_in(*range(1, PHONES + 1))
    return hall


@pytest.mark.parametrize(
    "times", [pytest.param(1, id="fast"), pytest.param(15, id="full", marks=pytest.mark.drill)]
)
def test_a_lying_clock_refuses_nothing_and_reorders_nothing(
    hall: Hall, lying: LyingClock, times: int
) -> None:
    found = _score_while_it_lies(hall, lying, times)
    there = stored(hall.store, hall.evening_id)
    count = compare(there, found.received, found.taps)
    print(
        f"{len(LIES)} lies, {found.taps} taps: {found.refused} refused, {found.moved} out of order,"
        f" {found.pages} pages shown; {count}"
    )
    assert (found.refused, found.moved) == (0, 0)
    assert count.good


def test_the_drill_sees_a_site_that_believes_its_clock(
    hall: Hall, lying: LyingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    take, latest = scoring._take, [NIGHT]

    def believe(chain: Any, standing: Any, answered: Any, tap: scoring.Tap) -> scoring.Answer | Broken:
        if tap.at < latest[0]:
            return ScoringClosed(score=None)
        latest[0] = tap.at
        return take(chain, standing, answered, tap)

    monkeypatch.setattr(scoring, "_take", believe)
    found = _score_while_it_lies(hall, lying, 1, phones=2)
    print(f"a site that believes its clock: {found.refused} of {found.taps} refused")
    assert found.refused > 0


@pytest.mark.parametrize("lie", ["a day ahead", "three hours back"])
def test_the_facilitator_stays_at_the_console_when_the_clock_lies(
    hall: Hall, lying: LyingClock, lie: str
) -> None:
    lying.moment, jump = LIES[lie]
    host = hall.staff()
    assert host.get(f"{hall.path}/console").answer.request.path == f"{hall.path}/console"
    lying.moment += jump
    page = host.get(f"{hall.path}/console")
    assert page.answer.request.path == f"{hall.path}/console", "logged out by the clock"
    before = hall.now_at().version
    host.fill(f"{hall.path}/console", {}, form="form.next")
    assert hall.now_at().version == before + 1


def _score_while_it_lies(hall: Hall, lying: LyingClock, times: int, *, phones: int = PHONES) -> Found:
    found = Found()
    chance = random.Random(25)
    tapping = [Phone(hall, number) for number in range(1, phones + 1)]
    order: list[str] = []
    for lie, (moment, jump) in LIES.items():
        lying.moment = moment
        _press(hall, lying)
        _press(hall, lying)
        for time in range(2 * times):
            # True at first, then a lie, and in the long drill now one and then the other.
            lies = time >= times if times < 5 else chance.random() < 0.5
            lying.moment = moment + (jump if lies else timedelta()) + timedelta(seconds=time)
            for phone in tapping:
                body = phone.message(chance.randint(1, 5))
                answer = phone.send_json(phone.score_path, body)
                found.taps += 1
                if answer.status_code == 200:
                    found.received[body["op"]] = json.loads(answer.text)
                    order.append(body["op"])
                else:
                    found.refused += 1
        lying.moment = moment + jump
        for phone in tapping[:3]:
            assert lie in phone.get(f"{hall.path}/stoel").text
            found.pages += 1
        _press(hall, lying)
    events = [facts["op"] for _seq, _kind, facts in stored(hall.store, hall.evening_id).events]
    found.moved = sum(one != other for one, other in zip(order, events, strict=True))
    return found


def _press(hall: Hall, lying: LyingClock) -> None:
    at = hall.now_at()
    assert at.next is not None
    with hall.store.writing() as session:
        press_next(
            session, evening_id=hall.evening_id, step=at.next.name, version=at.version,
            who=hall.place.who(Role.FACILITATOR), now=lying.moment,
        )  # fmt: skip
