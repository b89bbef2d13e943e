"""A room to measure in: an evening with phones, on each kind of database."""

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from config import Settings, settings_from  # noqa: E402
from pb.app import build  # noqa: E402
from pb.evening.actions.joining import sit_down  # noqa: E402
from pb.evening.actions.moving import press_next  # noqa: E402
from pb.evening.queries import evening_facts  # noqa: E402
from pb.evening.rules.screen_key import screen_key  # noqa: E402
from pb.evening.rules.steps import Stage  # noqa: E402
from pb.evening.tables import Device  # noqa: E402
from pb.migrate import migrate  # noqa: E402
from pb.panel.actions import new_card  # noqa: E402
from pb.panel.queries import card, seats  # noqa: E402
from pb.panel.rules.cards import card_token, token_text  # noqa: E402
from pb.people.rules import Role  # noqa: E402
from pb.store.engine import Store  # noqa: E402
from support.databases import create, postgresql_server  # noqa: E402
from support.evenings import hold_evening  # noqa: E402
from support.neighbourhood import NOW, Neighbourhood, email_of, settle  # noqa: E402
from support.visitor import Visitor  # noqa: E402


@dataclass
class Room:
    """An evening whose first plan is open for scores, and the secrets of its phones."""

    url: str
    place: Neighbourhood
    evening_id: int
    item_id: int
    version: int
    tokens: list[str]
    taps: list[int] = field(default_factory=list)

    @property
    def score_path(self) -> str:
        """Give the path that a tap goes to."""
        return f"/avond/{self.evening_id}/cijfer"

    def next_n(self, phone: int) -> int:
        """Count the taps of a phone."""
        self.taps[phone] += 1
        return self.taps[phone]


def databases() -> Iterator[tuple[str, str]]:
    """Give an empty database of each kind, both waiting for the disk at each commit."""
    with tempfile.TemporaryDirectory() as folder:
        yield "SQLite", f"sqlite:///{folder}/bench.db"
    with postgresql_server(durable=True) as server:
        yield "PostgreSQL", create(server, "bench")


def open_room(url: str, *, phones: int, plans: int = 1, steps: int = 2) -> Room:
    """Bring an evening so many steps past the doors (two: its first plan is open), everybody inside."""
    store = Store(url)
    migrate(store)
    place = settle(store)
    agenda: dict[str, list[int | None]] = {
        f"Plan {number}": [None] * phones for number in range(1, plans + 1)
    }
    evening_id = hold_evening(store, place, agenda, until=Stage.DOORS)
    room = Room(url, place, evening_id, 0, 0, [], [0] * phones)
    for _step in range(steps):
        press(room, store)
    with store.writing() as session:
        item = evening_facts(session, evening_id=evening_id).items[0]
        room.item_id, room.version = item.id, item.scoring_version
        if steps:
            room.tokens = [
                sit_down(session, evening_id=evening_id, seat_id=seat.id, now=NOW)
                for seat in seats(session, round_id=place.round_id)
            ]
        else:
            session.execute(sa.update(Device).values(replaced_at=NOW))
    store.engine.dispose()
    return room


def press(room: Room, store: Store) -> None:
    """Press the one button."""
    with store.writing() as session:
        evening = evening_facts(session, evening_id=room.evening_id)
        assert evening.next is not None
        press_next(
            session, evening_id=room.evening_id, step=evening.next.name, version=evening.version,
            who=room.place.who(Role.FACILITATOR), now=NOW,
        )  # fmt: skip


def card_address(room: Room, folder: Path) -> str:
    """Make a new card for the first seat, and give the address of its QR."""
    key = _settings(room, folder).card_key.encode()
    store = Store(room.url)
    with store.writing() as session:
        seat = seats(session, round_id=room.place.round_id)[0]
        new_card(
            session, round_id=room.place.round_id, seat_id=seat.id, card_key=key,
            who=room.place.who(Role.AREA_MANAGER), now=NOW,
        )  # fmt: skip
        facts = card(session, round_id=room.place.round_id, seat_id=seat.id)
    store.engine.dispose()
    return "/kaart#" + token_text(card_token(key, seat.id, facts.serial))


def log_in(room: Room, folder: Path) -> str:
    """Log the facilitator in and give the cookie of the session; the secrets stay in the folder."""
    visitor = Visitor(build(_settings(room, folder)))
    visitor.log_in(email_of(Role.FACILITATOR))
    cookie = visitor.browser.get_cookie("pb")
    assert cookie is not None
    return f"pb={cookie.value}"


def screen_path(room: Room, folder: Path) -> str:
    """Give the path of the big screen."""
    key = screen_key(_settings(room, folder).card_key.encode(), room.evening_id)
    return f"/avond/{room.evening_id}/scherm/{key}"


def _settings(room: Room, folder: Path) -> Settings:
    return settings_from({"PB_VAR": str(folder), "PB_DATABASE_URL": room.url})
