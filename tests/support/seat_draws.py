"""Draws of seats for tests, as far as somebody wants them: frozen, published, read, decided."""

from datetime import datetime, timedelta

from pb.core.mail import Letter
from pb.people.rules import Role
from pb.sortition.actions import deciding, freezing
from pb.sortition.queries import draws as queries
from pb.sortition.queries.pool import candidates
from pb.sortition.rules.moments import Source, announce
from pb.store.engine import Store
from support.neighbourhood import Neighbourhood
from support.panel import KEY
from support.today import now

PANELS = 40
VALUE = "5c5b9b2c" * 8
LETTER = Letter("De lijst ligt vast", "Kijk op de site.\n")


def long_ago() -> datetime:
    """Give a moment after which a whole draw fits before now."""
    return now().replace(microsecond=0) - timedelta(hours=4)


def prepare(
    store: Store, place: Neighbourhood, *, source: Source = Source.DRAND, began: datetime | None = None,
    ahead: timedelta = timedelta(hours=2), key: bytes = KEY, panels: int = PANELS,
) -> freezing.Prepared:  # fmt: skip
    """Compute a draw of everybody who said yes."""
    with store.reading() as session:
        found = candidates(session, round_id=place.round_id)
        name = queries.next_name(session, round_id=place.round_id)
    at = began or long_ago()
    beacon = announce(source, at + ahead, now=at)
    return freezing.prepare_draw(found, name=name, source=source, beacon=beacon, card_key=key, panels=panels)


def freeze_draw(store: Store, place: Neighbourhood, *, began: datetime | None = None, **how: object) -> int:
    """Freeze a draw, and give its id."""
    at = began or long_ago()
    prepared = prepare(store, place, began=at, **how)  # type: ignore[arg-type]
    with store.writing() as session:
        return freezing.store_draw(
            session, round_id=place.round_id, prepared=prepared, who=place.who(Role.AREA_MANAGER), now=at
        )


def publish(store: Store, place: Neighbourhood, draw_id: int, *, at: datetime | None = None) -> int:
    """Publish a draw, five minutes after long ago, and count who got a mail."""
    with store.writing() as session:
        return freezing.publish_draw(
            session, round_id=place.round_id, draw_id=draw_id, letter=LETTER,
            who=place.who(Role.AREA_MANAGER), now=at or long_ago() + timedelta(minutes=5),
        )  # fmt: skip


def read_number(
    store: Store, place: Neighbourhood, draw_id: int, role: Role, value: str = VALUE,
    at: datetime | None = None,
) -> bool:  # fmt: skip
    """Let somebody type the number, and say whether two people agree."""
    with store.writing() as session:
        return deciding.type_value(
            session, round_id=place.round_id, draw_id=draw_id, typed=value, who=place.who(role),
            now=at or now(),
        )  # fmt: skip


def decide(store: Store, place: Neighbourhood, draw_id: int, *, key: bytes = KEY) -> None:
    """Let the number decide."""
    with store.writing() as session:
        deciding.decide(
            session, round_id=place.round_id, draw_id=draw_id, card_key=key,
            who=place.who(Role.AREA_MANAGER), now=now(),
        )  # fmt: skip


def decided_draw(
    store: Store, place: Neighbourhood, *, value: str = VALUE, key: bytes = KEY, **how: object
) -> int:
    """Hold a whole draw, from freezing to seats, and give its id."""
    draw_id = freeze_draw(store, place, key=key, **how)  # type: ignore[arg-type]
    publish(store, place, draw_id)
    read_number(store, place, draw_id, Role.AREA_MANAGER, value)
    read_number(store, place, draw_id, Role.FACILITATOR, value)
    decide(store, place, draw_id, key=key)
    return draw_id
