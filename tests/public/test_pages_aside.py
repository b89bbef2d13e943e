"""When an evening is over: what other rules would have given, and the scores for research."""

from pathlib import Path

import pytest
from flask import Flask

from pb.divide.cases.pabulib import read_election
from pb.divide.queries import DivisionFacts
from pb.evening.actions.planning import involve
from pb.evening.rules.steps import Stage
from pb.people.rules import Role
from pb.plans.rules.pabulib import read_pabulib, read_pabulib_votes
from pb.public.rules import Election, Project, TooFewRows, pabulib_text
from pb.store.engine import Store
from support.evenings import HELD_ON, Asked, confirm_shown, divided, hold_evening
from support.neighbourhood import NOW, Neighbourhood, email_of
from support.rich_evening import rich_evening
from support.room import Hall, Phone, open_hall
from support.visitor import Page, Visitor

ASKED = {"Moestuin": Asked(1_250_000, 400_000), "Muziek": Asked(900_000), "Zwemles": Asked(2_500_000)}
# Seats 1, 2 and 3 made the first plan; without their figures the second gets a yes.
SCORES = ((None, None, None, 4, 4, 4, 2, 5), (1, 1, 1, 4, 4, 5, 2, 4), (5, 5, 4, 4, 4, 4, 4, 1))


def held(app: Flask, store: Store, place: Neighbourhood, involved: tuple[int, ...] = (1, 2, 3)) -> Hall:
    """Hold an evening to the end; some seats are involved in the first plan."""
    hall = open_hall(app, store, place, asked=ASKED, seats_wanted=8)
    with store.writing() as session:
        for number in involved:
            involve(
                session, evening_id=hall.evening_id, position=1, seat_id=hall.seat_ids[number - 1],
                involved=True, who=place.who(Role.FACILITATOR), now=NOW,
            )  # fmt: skip
    hall.press()
    hall.come_in(*range(1, 9))
    phones = [Phone(hall, number) for number in range(1, 9)]
    for scores in SCORES:
        hall.press(2)
        for phone, score in zip(phones, scores, strict=True):
            if score is not None:
                phone.tap(score)
        hall.press()
    hall.press()
    hall.follow_scores()
    hall.divide()
    hall.confirm()
    return hall


def rows(page: Page, table: int) -> list[list[str]]:
    """Read a table of the page, a list per row."""
    found = page.all("table")[table]
    return [[" ".join(cell.text().split()) for cell in row.css("th, td")] for row in found.css("tr")]


def test_nobody_looks_aside_before_the_outcome_stands(
    visitor: Visitor, store: Store, place: Neighbourhood
) -> None:
    evening_id = hold_evening(store, place, {"Moestuin": [5, 5, 4, 4, 3, 5]}, until=Stage.DIVIDE)
    manager = visitor.log_in(email_of(Role.AREA_MANAGER))
    refused = manager.get(f"/avond/{evening_id}/anders", status=404)
    assert "De uitslag van deze avond staat nog niet vast." in refused.text
    assert manager.raw("GET", f"/avond/{evening_id}/uitslag.pb").status_code == 409
    with store.writing() as session:
        confirm_shown(session, place, evening_id)
    manager.get(f"/avond/{evening_id}/anders")
    assert manager.raw("GET", f"/avond/{evening_id}/uitslag.pb").status_code == 200


def test_when_it_is_over_the_same_scores_stand_beside_each_other_by_every_rule(
    app: Flask, store: Store, place: Neighbourhood, tmp_path: Path
) -> None:
    hall = held(app, store, place)
    officer = hall.staff(Role.OFFICER)
    page = officer.get(f"{hall.path}/anders")
    _stands_by_every_rule(page, divided(store, hall.evening_id))
    _turns_without_who_was_involved(page)
    # Worked by hand: 4 of 5 (3 needed): two; 4 of 8 (5 needed): one; 7 of 8 (5 needed): three.
    assert {row[0]: row[2] for row in rows(page, 2)[1:]} == {
        "1 Moestuin": "2",
        "2 Muziek": "1",
        "3 Zwemles": "3",
    }
    outcome = officer.get(f"{hall.path}/uitslag")
    assert outcome.all(f"a[href='{hall.path}/anders']")
    assert not outcome.all(f"a[href='{hall.path}/uitslag.pb']")
    assert "Alleen voor jou" not in Visitor(app).get(f"{hall.path}/uitslag").text
    researcher = hall.staff(Role.RESEARCHER)
    assert researcher.get(f"{hall.path}/uitslag").all(f"a[href='{hall.path}/uitslag.pb']")
    answer = researcher.raw("GET", f"{hall.path}/uitslag.pb")
    assert "attachment" in answer.headers["Content-Disposition"]
    _is_an_election(answer.data, tmp_path / "avond.pb")


def _stands_by_every_rule(page: Page, division: DivisionFacts) -> None:
    head, *body, foot = rows(page, 0)
    names = ["Gelijk vullen", "Zelfde percentage", "Van boven naar beneden", "Ieder een eigen deel"]
    assert head[2:] == names
    assert page.one(".aside > .announced strong").text().strip() == "Gelijk vullen"
    assert page.all("thead th.announced")[0].text().strip() == "Gelijk vullen"
    lines = [line for line in division.lines if line.decided_yes]
    assert [row[2] for row in body] == [_euros(line.amount_cents) for line in lines]
    assert foot[1] == _euros(division.total_cents)
    assert "‘Samen verdelen’ kan hier niet" in page.text


def _turns_without_who_was_involved(page: Page) -> None:
    assert "3 mensen tellen dan niet mee." in page.text
    without = {row[0]: row[1:] for row in rows(page, 1)[1:]}
    assert without["2 Muziek"][0] == "nee"
    assert without["2 Muziek"][1].startswith("€")
    assert page.all("table")[1].css("td.other")


def _is_an_election(content: bytes, file: Path) -> None:
    """Read it with both readers of the house; each row is somebody's own figures."""
    file.write_bytes(content)
    election = read_election(file)
    assert election.costs == {"1": 12_500, "2": 9_000, "3": 25_000}
    given = [[ballot.get(str(number)) for number in (1, 2, 3)] for ballot in election.ballots]
    assert sorted(map(str, given)) == sorted(str([row[seat] for row in SCORES]) for seat in range(8))
    assert not read_pabulib(content).warnings
    assert len(list(read_pabulib_votes(content))) == 8


def test_a_few_people_are_not_left_out_one_by_one(app: Flask, store: Store, place: Neighbourhood) -> None:
    hall = held(app, store, place, involved=(1, 2))
    page = hall.staff(Role.AREA_MANAGER).get(f"{hall.path}/anders")
    assert (
        "Er waren 2 betrokkenen die cijfers gaven. Met zo weinig mensen zou je zien wie wat gaf." in page.text
    )
    assert len(page.all("table")) == 2


def test_equal_shares_is_not_shown_when_people_stood_on_the_floor(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    hall = rich_evening(app, store, place)
    page = hall.staff(Role.AREA_MANAGER).get(f"{hall.path}/anders")
    assert "Ieder een eigen deel" not in rows(page, 0)[0]
    assert "‘Ieder een eigen deel’ kan hier niet: er stonden mensen op de vloer" in page.text
    text = hall.staff(Role.RESEARCHER).raw("GET", f"{hall.path}/uitslag.pb").text
    assert "#1: " in text
    assert "7 scores of people who stood on the floor" in text


def _election(rows: list[dict[int, int]], cost_cents: int = 100_000) -> Election:
    projects = [Project(number, f"Plan; “{number}”", cost_cents) for number in (1, 2)]
    return Election("Avond", "Gemeente", "Wijk", HELD_ON, 500_000, projects, rows, uncounted=0)


def test_the_order_of_the_rows_says_nothing_about_who_gave_them() -> None:
    given = [{1: 5, 2: 4}, {2: 1}, {1: 3}, {1: 5}, {1: 1, 2: 2}, {}]
    assert pabulib_text(_election(given)) == pabulib_text(_election(given[::-1]))
    assert pabulib_text(_election(given)).count("\n") == 21 + 4 + 2 + 5


def test_so_few_rows_that_each_is_a_person_are_not_given() -> None:
    with pytest.raises(TooFewRows):
        pabulib_text(_election([{1: 5}, {1: 4}, {1: 3}, {1: 1}, {}]))


def test_cents_are_written_as_other_programs_read_them() -> None:
    text = pabulib_text(_election([{1: 5}] * 5, cost_cents=1_800_050))
    assert "1;18000.50;5;25;" in text
    assert read_pabulib(text.encode()).projects[0].cost_cents == 1_800_050


def _euros(cents: int) -> str:
    return f"€ {cents // 100:,}".replace(",", ".") + (f",{cents % 100:02d}" if cents % 100 else "")
