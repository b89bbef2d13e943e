"""What drills begin and end with: a room full of people, and an honest count of what is stored."""

import json
import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from pb.evening.actions.joining import check_in, sit_down
from pb.evening.actions.moving import press_next
from pb.evening.actions.planning import plan_evening
from pb.evening.queries import chain, evening_facts
from pb.evening.rules.chain import check_chain
from pb.evening.tables import Event, Score
from pb.people.rules import Role
from pb.store.engine import Store
from support.evenings import Asked, put_plans, seat_panel
from support.neighbourhood import NOW, Neighbourhood, settle

Body = dict[str, Any]


@dataclass
class Room:
    """An evening whose first plan is open for scores, and the secret of each phone in it."""

    url: str
    store: Store
    place: Neighbourhood
    evening_id: int
    item: int
    v: int
    tokens: list[str]
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def path(self) -> str:
        return f"/avond/{self.evening_id}/cijfer"

    def tap(self, token: str, score: int | None = None) -> Body:
        """Write the next tap of a phone."""
        self.counts[token] += 1
        n = self.counts[token]
        figure = n % 5 + 1 if score is None else score
        return {"op": new_op(), "n": n, "item": self.item, "score": figure, "v": self.v}

    def press(self) -> None:
        """Press the one button, on another machine than the server."""
        with self.store.writing() as session:
            at = evening_facts(session, evening_id=self.evening_id)
            assert at.next is not None
            press_next(
                session, evening_id=self.evening_id, step=at.next.name, version=at.version,
                who=self.place.who(Role.FACILITATOR), now=NOW,
            )  # fmt: skip
        with self.store.reading() as session:
            current = evening_facts(session, evening_id=self.evening_id).current
        if current is not None:
            self.item, self.v = current.id, current.scoring_version


def new_op() -> str:
    """Name a tap."""
    return secrets.token_urlsafe(16)


def open_room(url: str | Store, *, phones: int, plans: int = 1) -> Room:
    """Bring an evening to its first open plan, with everybody in and everybody's phone bound."""
    store = url if isinstance(url, Store) else Store(url)
    place = settle(store)
    ids = put_plans(store, place, {f"Plan {number}": Asked() for number in range(1, plans + 1)})
    seat_ids = seat_panel(store, place, phones)
    host = place.who(Role.FACILITATOR)
    with store.writing() as session:
        evening_id = plan_evening(
            session, round_id=place.round_id, name="Beslisavond", held_on=NOW.date(), place="Buurthuis",
            budget_cents=5_000_000, lot_seed="3-5-1-6-2", plan_ids=list(ids.values()),
            who=place.who(Role.AREA_MANAGER), now=NOW,
        )  # fmt: skip
    room = Room(str(store.engine.url), store, place, evening_id, 0, 0, [])
    room.press()
    with store.writing() as session:
        for seat_id in seat_ids:
            check_in(session, evening_id=evening_id, seat_id=seat_id, inside=True, who=host, now=NOW)
            room.tokens.append(sit_down(session, evening_id=evening_id, seat_id=seat_id, now=NOW))
    room.press()
    room.press()
    room.url = store.engine.url.render_as_string(hide_password=False)
    return room


Open = Callable[..., Room]


@dataclass(frozen=True)
class Count:
    """What a drill found: how much was acknowledged, and what is not as it was acknowledged."""

    acknowledged: int
    lost: int
    double: int
    changed: int
    chain_holds: bool = True

    @property
    def good(self) -> bool:
        return self.acknowledged > 0 and not (self.lost or self.double or self.changed) and self.chain_holds

    def __str__(self) -> str:
        broken = "" if self.chain_holds else ", THE CHAIN IS BROKEN"
        return (
            f"{self.acknowledged:,} acknowledged, {self.lost} lost, {self.double} double,"
            f" {self.changed} changed{broken}"
        )


@dataclass
class Stored:
    """What the database holds of one evening's taps."""

    events: list[tuple[int, str, Body]]
    scores: dict[tuple[int, int], tuple[int | None, int]]
    chain_holds: bool


def stored(store: Store, evening_id: int) -> Stored:
    """Read every tap of an evening, and follow its chain."""
    with store.reading() as session:
        rows = session.execute(
            sa.select(Event.seq, Event.kind, Event.facts)
            .where(Event.evening_id == evening_id, Event.kind.in_(("scored", "overtaken")))
            .order_by(Event.seq)
        ).all()
        scores = {
            (row.item_id, row.seat_id): (row.score, row.seq) for row in session.scalars(sa.select(Score))
        }
        lines = chain(session, evening_id=evening_id)
        at = evening_facts(session, evening_id=evening_id)
    try:
        holds = check_chain(lines) == at.head and len(lines) == at.seq
    except Exception:
        holds = False
    return Stored([(seq, kind, json.loads(facts)) for seq, kind, facts in rows], scores, holds)


def compare(found: Stored, received: dict[str, Body], made: int | None = None) -> Count:
    """Hold what phones received against what is stored.

    ``made`` is how many times somebody tapped, where that is known: more taps than that are double.
    """
    named = Counter(facts["op"] for _seq, _kind, facts in found.events)
    by_op = {facts["op"]: (seq, kind, facts) for seq, kind, facts in reversed(found.events)}
    lost = [op for op in received if op not in by_op]
    changed = [op for op, answer in received.items() if op in by_op and not _fits(by_op[op], answer)]
    double = sum(times - 1 for times in named.values())
    if made is not None:
        double = max(double, len(found.events) - made)
    wrong_place = len(_last_places(found.events).items() ^ found.scores.items())
    return Count(len(received), len(lost), double, len(changed) + wrong_place, found.chain_holds)


def _fits(event: tuple[int, str, Body], answer: Body) -> bool:
    seq, kind, facts = event
    if (seq, facts["n"], facts["item"]) != (answer["seq"], answer["n"], answer["item"]):
        return False
    return kind == "overtaken" or facts["score"] == answer["score"]


def _last_places(events: Sequence[tuple[int, str, Body]]) -> dict[tuple[int, int], tuple[int | None, int]]:
    return {
        (facts["item"], facts["seat"]): (facts["score"], seq)
        for seq, kind, facts in events
        if kind == "scored"
    }
