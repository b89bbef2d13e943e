"""Whatever comes of dividing, in whichever way: every page that shows it stands."""

import pytest
from flask import Flask

from pb.divide.actions import hand_in, propose
from pb.divide.queries import division_exists
from pb.evening.queries import evening_facts
from pb.evening.rules.steps import Stage
from pb.people.rules import Role
from pb.rounds.rules import Preset
from pb.store.engine import Store
from support.evenings import Asked, divided, hold_evening, seat_panel
from support.neighbourhood import NOW, Neighbourhood
from support.panel import key_of
from support.room import Hall, Phone
from support.together import settle_with
from support.visitor import Visitor

WELL, BADLY = (5, 4, 4, 5, 4), (1, 1, 2, 1, 1)
Wanted = dict[str, tuple[int, int, tuple[int, ...]]]
# The pot; what each plan asks, needs at least and is scored; whether the first plan gets nothing after all.
STATES: dict[str, tuple[int, Wanted, bool]] = {
    "all plans are full": (900_000, {"Kas": (300_000, 0, WELL), "Bank": (50_000, 0, WELL)}, False),
    "one plan has all, nothing is left": (100_000, {"Schuur": (300_000, 0, WELL)}, False),
    "nothing fits": (
        100_000, {"Brug": (300_000, 200_000, WELL), "Poort": (300_000, 200_000, WELL)}, False,
    ),
    "no plan has a yes": (100_000, {"Hek": (300_000, 0, BADLY)}, False),
    "the rest is full": (301_000, {"Pad": (300_000, 0, WELL), "Pomp": (300_000, 0, WELL)}, True),
}  # fmt: skip


@pytest.mark.parametrize("preset", Preset)
def test_in_every_way_to_divide_every_page_stands_whatever_comes_of_it(
    app: Flask, store: Store, preset: Preset
) -> None:
    if store.engine.dialect.name != "sqlite":
        pytest.skip("a page looks the same on every database")
    place = settle_with(store, preset)
    host = Visitor(app).log_in("area-manager@wijk.example")
    for pot_cents, wanted, first_gets_nothing in STATES.values():
        hall = computed(app, store, place, pot_cents, wanted)
        if first_gets_nothing:
            hall.amend(1, 0)
        phone, numbers = Phone(hall, 1), [item.plan.number for item in hall.now_at().items]
        console = host.get(f"{hall.path}/console")
        screen = console.one("aside a[href*='/scherm/']").attributes["href"] or ""
        confirm = host.get(f"{hall.path}/bevestig")
        # The first evening's plans have the same place and number; later ones go by both.
        told = [f"nummer {number}" for place, number in enumerate(numbers, start=1) if place != number]
        for page in console, confirm:
            assert all(words in page.one(".amount-list, .amounts").text() for words in told)
            assert bool(told) == ("nummer " in page.one(".amount-list, .amounts").text())
        for stage in Stage.DIVIDE, Stage.DONE:
            # Whoever said yes without money, and whoever said no, say so in the same words everywhere.
            shown = [host.get(screen).text, phone.get(f"{hall.path}/stoel").text]
            if stage is Stage.DONE:
                shown.append(host.get(f"{hall.path}/uitslag").text)
            for line in divided(store, hall.evening_id).lines:
                words = "ja, geen geld" if line.decided_yes else "nee"
                assert line.amount_cents or all(words in text for text in shown)
            if stage is Stage.DIVIDE:
                hall.confirm()
        host.get(f"{hall.path}/uitslag/plan/{hall.now_at().items[-1].plan.number}")


def computed(app: Flask, store: Store, place: Neighbourhood, pot_cents: int, wanted: Wanted) -> Hall:
    """Hold an evening until its amounts are computed; where people divide, they give all plans something."""
    evening_id = hold_evening(
        store, place, {title: scores for title, (_, _, scores) in wanted.items()}, budget_cents=pot_cents,
        asked={title: Asked(asks, least) for title, (asks, least, _) in wanted.items()},
        until=Stage.DIVIDE, card_key=key_of(app),
    )  # fmt: skip
    seat_ids = tuple(seat_panel(store, place, len(WELL), card_key=key_of(app)))
    with store.writing() as session:
        items = evening_facts(session, evening_id=evening_id).items
        if not division_exists(session, evening_id=evening_id):
            each = pot_cents // len(items) // 100 * 100
            for seat_id in seat_ids:
                hand_in(
                    session, evening_id=evening_id, seat_id=seat_id, who=place.who(Role.FACILITATOR), now=NOW,
                    shares={item.plan.id: min(each, item.plan.ask_cents) for item in items},
                )  # fmt: skip
            propose(session, evening_id=evening_id, who=place.who(Role.FACILITATOR), now=NOW, close_own=True)
    return Hall(app, store, place, evening_id, tuple(item.plan.id for item in items), seat_ids)
