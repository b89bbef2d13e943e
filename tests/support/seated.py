"""A panel that was drawn, made by the engine itself, with made-up people."""

from dataclasses import dataclass, replace
from datetime import timedelta

from pb.panel.rules.origins import Origin
from pb.people.rules import Role
from pb.sortition.actions.seating import keep_reserves, seat_people
from pb.sortition.lottery.drawing import freeze, seat_invited
from pb.sortition.queries.pool import candidates
from pb.sortition.queries.steps import SeatNow, seats_now
from pb.sortition.rules.beacon import quicknet_round
from pb.sortition.rules.certificate import certificate
from pb.sortition.rules.pack import Terms
from pb.sortition.tables import SeatDraw
from pb.store.engine import Store
from support.inviting import ask, invite_yes
from support.neighbourhood import NOW, Neighbourhood
from support.panel import KEY

VALUE = "ab" * 32
BEACON = quicknet_round(33_000_000)


@dataclass(frozen=True)
class SeatedPanel:
    """Ids of what was made."""

    draw_id: int
    seats: list[SeatNow]
    answer_ids: list[int]

    def with_code(self, code: str) -> SeatNow:
        return next(seat for seat in self.seats if seat.code == code)


def seat_panel(
    store: Store, place: Neighbourhood, *, yes: int = 40, seats: int = 12, fixed: int = 0, panels: int = 10,
    reserves: int = 5, key: bytes = KEY,
) -> SeatedPanel:  # fmt: skip
    """Ask, let people say yes, draw, and seat them; the number was public before today."""
    ask(store, place, seats=seats)
    ids = invite_yes(store, place, yes, key=key)
    if fixed:
        ids += invite_yes(store, place, fixed, origin=Origin.INVITED, key=key)
    with store.writing() as session:
        found = candidates(session, round_id=place.round_id)
        seated = seat_invited(found.whole, found.invited, found.mode)
        terms = Terms(
            panels=panels, draw=f"panel-{place.round_id}-1", household=True, salt_key="zout",
            mode="none" if found.mode is None else found.mode.value, beacon=replace(BEACON),
        )  # fmt: skip
        drawn = freeze(found.whole, seated, terms)
        written = certificate(drawn.frozen.facts, BEACON, VALUE, published_at=BEACON.at - timedelta(hours=2))
        manager = place.who(Role.AREA_MANAGER)
        number = 3
        draw = SeatDraw(
            round_id=place.round_id, kind="first", seats=seated.pool.seats, panels=panels, source="drand",
            beacon_round=BEACON.round, beacon_at=BEACON.at, pack=drawn.frozen.public,
            pack_sha256=drawn.frozen.sha256, auditor=drawn.frozen.auditor, frozen_at=NOW,
            frozen_by=manager.id, published_at=BEACON.at - timedelta(hours=2), value=VALUE, number=number,
            decided_at=NOW, certificate=written,
        )  # fmt: skip
        session.add(draw)
        session.flush()
        panel = drawn.panels[number]
        chosen = {found.answer_ids[code]: draw.id for code in panel}
        chosen |= {found.answer_ids[person.id]: None for person in found.invited}
        seat_people(session, round_id=place.round_id, seated=chosen, card_key=key, who=manager, now=NOW)
        rest = [code for code in sorted(found.whole.by_id) if code not in panel]
        keep_reserves(session, round_id=place.round_id, draw_id=draw.id, codes=rest[:reserves])
        draw_id = draw.id
    with store.reading() as session:
        return SeatedPanel(draw_id, seats_now(session, round_id=place.round_id), ids)
