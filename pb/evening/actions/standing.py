"""Where phones and their seats stand, read for many at once and written back at once."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.evening.actions.events import Chain
from pb.evening.rules.score import Place
from pb.evening.rules.steps import Scoring
from pb.evening.tables import AgendaItem, Device, Evening, Involvement, Presence, Score
from pb.panel.tables import Seat
from pb.store.rows import WHOLE, write_rows


@dataclass
class PhoneState:
    """A phone, the seat it stands for, and its highest tap number."""

    device_id: int
    seat_id: int
    replaced: bool
    present: bool
    way: str
    last_n: int


@dataclass
class Position:
    """Where a seat stands on a plan, and whether this plan takes its figures."""

    item_id: int
    seat_id: int
    involved: bool
    is_open: bool
    version: int
    score: int | None
    first: int | None
    seq: int
    moved: bool = False

    def move(self, score: int | None, seq: int) -> None:
        """Stand somewhere else, or nowhere."""
        self.score, self.seq, self.moved = score, seq, True
        if self.first is None:
            self.first = score


class Standing:
    """What is known of these phones, kept up to date while their taps are taken one by one."""

    def __init__(self, phones: dict[str, PhoneState], positions: dict[tuple[int, int], Position]) -> None:
        self._phones = phones
        self._positions = positions
        self._last_n = {phone.device_id: phone.last_n for phone in phones.values()}

    def phone(self, device_sha256: str) -> PhoneState | None:
        """Find a phone."""
        return self._phones.get(device_sha256)

    def position(self, phone: PhoneState, item_id: int) -> Position | None:
        """Find where the seat of a phone stands on a plan of this evening."""
        return self._positions.get((item_id, phone.seat_id))

    def place(self, phone: PhoneState, position: Position) -> Place:
        """Put together what decides whether this phone may stand here."""
        return Place(
            replaced=phone.replaced, present=phone.present, way=phone.way, involved=position.involved,
            is_open=position.is_open, version=position.version, score=position.score,
        )  # fmt: skip

    def moved(self) -> list[Position]:
        """Give the positions that changed."""
        return [position for position in self._positions.values() if position.moved]

    def counted(self) -> list[PhoneState]:
        """Give the phones whose tap number went up."""
        return [phone for phone in self._phones.values() if phone.last_n != self._last_n[phone.device_id]]


_STANDING = (
    sa.select(
        Device.token_sha256, Device.id, Device.seat_id, Device.replaced_at, Device.last_n,
        Presence.arrived_at, Presence.left_at, Presence.way,
        AgendaItem.id, AgendaItem.scoring, AgendaItem.scoring_version,
        Involvement.reason, Score.score, Score.first_score, Score.seq, Evening.coaches_score,
    )
    .join(Seat, Seat.id == Device.seat_id)
    .join(Evening, Evening.id == Device.evening_id)
    .outerjoin(
        Presence, sa.and_(Presence.evening_id == Device.evening_id, Presence.seat_id == Device.seat_id)
    )
    .outerjoin(
        AgendaItem,
        sa.and_(
            AgendaItem.evening_id == Device.evening_id,
            AgendaItem.id.in_(sa.bindparam("items", expanding=True)),
        ),
    )
    .outerjoin(
        Involvement,
        sa.and_(Involvement.item_id == AgendaItem.id, Involvement.seat_id == Device.seat_id),
    )
    .outerjoin(Score, sa.and_(Score.item_id == AgendaItem.id, Score.seat_id == Device.seat_id))
    .where(
        Device.evening_id == sa.bindparam("evening"),
        Device.token_sha256.in_(sa.bindparam("devices", expanding=True)),
        Seat.gone_at.is_(None),
    )
)  # fmt: skip


def where_they_stand(
    session: Session, *, evening_id: int, devices: Sequence[str], item_ids: Collection[int]
) -> Standing:
    """Read all that decides whether these phones may stand on a figure for these plans, in one query."""
    phones: dict[str, PhoneState] = {}
    positions: dict[tuple[int, int], Position] = {}
    # Outer joins: what is not there comes as None, which the columns' types do not say.
    rows: Iterable[Any] = session.connection().execute(
        _STANDING, {"evening": evening_id, "devices": list(set(devices)), "items": list(item_ids)}
    )
    for (
        token, device_id, seat_id, replaced_at, last_n, arrived_at, left_at, way,
        item_id, scoring, version, reason, score, first, seq, coaches_score,
    ) in rows:  # fmt: skip
        present = arrived_at is not None and left_at is None
        phones.setdefault(
            token, PhoneState(device_id, seat_id, replaced_at is not None, present, way or "phone", last_n)
        )
        if item_id is None:
            continue
        involved = reason is not None and not (reason == "coach" and coaches_score)
        is_open = scoring == Scoring.OPEN.value
        positions.setdefault(
            (item_id, seat_id),
            Position(item_id, seat_id, involved, is_open, version, score, first, seq or 0),
        )
    return Standing(phones, positions)


def write_down(session: Session, chain: Chain, standing: Standing) -> None:
    """Write the events, the positions that moved, and how far each phone counted."""
    chain.write(session)
    connection = session.connection()
    moved = [
        {"item": one.item_id, "seat": one.seat_id, "score": one.score, "first": one.first, "seq": one.seq}
        for one in standing.moved()
    ]
    write_rows(connection, _UPSERT, _POSITION, moved)
    counted = [{"device": one.device_id, "n": one.last_n} for one in standing.counted()]
    write_rows(connection, _COUNT, _COUNTED, counted)


# Both databases know these forms. Without WHERE, SQLite would read ON as part of the query before it.
_UPSERT = (
    "INSERT INTO evening_score (item_id, seat_id, score, first_score, seq)"
    " SELECT column1, column2, column3, column4, column5 FROM ({rows}) AS moved WHERE true"
    " ON CONFLICT (item_id, seat_id) DO UPDATE SET score = excluded.score,"
    " first_score = excluded.first_score, seq = excluded.seq, way = 'phone'"
)
_POSITION = (("item", WHOLE), ("seat", WHOLE), ("score", WHOLE), ("first", WHOLE), ("seq", WHOLE))
_COUNT = (
    "UPDATE evening_device SET last_n = counted.column2 FROM ({rows}) AS counted"
    " WHERE evening_device.id = counted.column1"
)
_COUNTED = (("device", WHOLE), ("n", WHOLE))
