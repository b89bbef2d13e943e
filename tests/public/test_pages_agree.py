"""Two pages never disagree: wherever an amount of an evening stands, it is the same amount."""

import json
import re
from datetime import timedelta

from pb.divide.actions import amend
from pb.evening.rules.steps import Stage
from pb.people.rules import Role
from pb.store.engine import Store
from support.evenings import Asked, confirm_shown, divided, hold_evening
from support.neighbourhood import NOW, Neighbourhood, email_of
from support.visitor import Page, Visitor

LONG = "Samen een groene en veilige speelplek maken op het plein achter de oude school in de wijk"
SCORES = {
    "Moestuin": [5, 5, 4, 4, 3, 5],
    LONG: [4, 4, 4, 5, 2, 4],
    "Repaircafé": [5, 4, 4, 5, 2, 4],
    "Kunst": [1, 2, 1, 2, 3, 1],
}
ASKED = {
    "Moestuin": Asked(1_250_000, 400_000),
    LONG: Asked(2_200_050, 1_500_000),
    "Repaircafé": Asked(950_000),
}
REASON = "Kan in twee fasen."
Amounts = dict[str, tuple[int, int]]


def test_every_page_and_file_shows_the_same_amounts_also_after_the_panel_changed_one(
    visitor: Visitor, store: Store, place: Neighbourhood
) -> None:
    evening_id = hold_evening(store, place, SCORES, asked=ASKED, budget_cents=3_000_000, until=Stage.DIVIDE)
    shown = divided(store, evening_id)
    position = [*SCORES].index("Moestuin") + 1
    with store.writing() as session:
        amend(
            session, evening_id=evening_id, position=position, amount_cents=500_000, reason=REASON,
            shown_sha256=shown.sha256, who=place.who(Role.FACILITATOR), now=NOW + timedelta(minutes=1),
        )  # fmt: skip
    manager = visitor.log_in(email_of(Role.AREA_MANAGER))
    before = manager.get(f"/avond/{evening_id}/bevestig")
    with store.writing() as session:
        confirm_shown(session, place, evening_id)
    division = divided(store, evening_id)
    stored = {line.plan.title: (line.computed_cents, line.amount_cents) for line in division.lines}
    assert sum(changed != computed for computed, changed in stored.values()) > 1
    assert stored["Moestuin"][1] == 500_000

    path = f"/avond/{evening_id}"
    places = {
        "confirm page, before": _table(before, ".amounts"),
        "confirm page": _table(manager.get(f"{path}/bevestig"), ".amounts"),
        "outcome": _table(manager.get(f"{path}/uitslag"), ".amounts"),
        "minutes": _table(manager.get(f"{path}/verslag"), "table"),
        "pages of plans": {
            line.plan.title: _own_page(manager.get(f"{path}/uitslag/plan/{line.plan.number}"))
            for line in division.lines
        },
        "uitslag.json": _file(manager, f"{path}/uitslag.json"),
        "uitvoer.json": _file(manager, f"{path}/uitvoer.json"),
        "other rules": _aside(manager.get(f"{path}/anders")) | {"Kunst": (0, 0)},
    }
    for name, found in places.items():
        assert found == stored, name
    decided = {title: amount for title, (_, amount) in stored.items() if amount}
    assert _got(manager.get(f"/ronde/{place.round_id}")) == decided
    assert REASON in manager.get(f"{path}/uitslag").text
    assert REASON in manager.get(f"{path}/uitslag/plan/1").text
    assert REASON in manager.get(f"{path}/verslag").text


def _cents(words: str) -> int:
    """Read an amount; a dash, a no or nothing at all is no money."""
    whole, _, part = re.sub(r"[^\d,]", "", words).partition(",")
    return int(whole or "0") * 100 + int(part or "0")


def _table(page: Page, selector: str) -> Amounts:
    """Read the columns of computed and decided amounts, by title."""
    for table in page.all(selector):
        head = [cell.text().strip() for cell in table.css("thead th")]
        if "Berekend" not in head:
            continue
        at = [head.index(name) for name in ("Berekend", "Besloten")]
        rows = [row.css("th, td") for row in table.css("tbody tr")]
        # On a phone what was computed stands small under what was decided.
        for small in table.css(".narrow"):
            small.decompose()
        return {
            title: (_cents(cells[at[0]].text()), _cents(cells[at[1]].text()))
            for cells in rows
            if (title := _title(cells[0].text())) in SCORES
        }
    raise AssertionError(f"{page.path} has no table of amounts")


def _title(words: str) -> str:
    """Find the title in a cell that may also hold its number and a reason."""
    folded = " ".join(words.split())
    return next((title for title in SCORES if title in folded), "")


def _own_page(page: Page) -> tuple[int, int]:
    names = [node.text() for node in page.all("dl dt")]
    amounts = dict(zip(names, (node.text() for node in page.all("dl dd")), strict=True))
    return _cents(amounts.get("Berekend", "")), _cents(amounts.get("Besloten", ""))


def _file(visitor: Visitor, path: str) -> Amounts:
    content = json.loads(visitor.raw("GET", path).data)
    result = content.get("division", content)["result"]
    return {
        title: (result["computed"].get(str(number), 0), result["amounts"].get(str(number), 0))
        for number, title in enumerate(SCORES, start=1)
    }


def _aside(page: Page) -> Amounts:
    head, *rows = [row.css("th, td") for row in page.all("table")[0].css("thead tr, tbody tr")]
    names = [cell.text().strip() for cell in head]
    at = [names.index(name) for name in ("Gelijk vullen", "Besloten")]
    return {_title(row[0].text()): (_cents(row[at[0]].text()), _cents(row[at[1]].text())) for row in rows}


def _got(page: Page) -> dict[str, int]:
    found = {}
    for item in page.all(".list li"):
        said = re.search(r"kreeg (€[^·]*)", item.text())
        if said:
            found[_title(item.text())] = _cents(said[1])
    return found
