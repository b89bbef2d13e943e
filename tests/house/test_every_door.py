"""Nobody does what they may not: every door, everyone who knocks, in an evening that goes on."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask, url_for

from pb.evening.rules.dossier_key import dossier_key
from pb.grants.actions import enter_payee, make_batch
from pb.grants.rules.paying import PayeeKind
from pb.inviting.rules.network import read_network
from pb.inviting.tables import Answer, Feature, Invitation
from pb.inviting.views.network_list import EXAMPLE_NAME as NETWORK_EXAMPLE
from pb.panel.actions import keep_upload
from pb.panel.rules.keeping import FileKind
from pb.panel.rules.origins import Origin
from pb.panel.rules.people_file import read_people
from pb.people.actions import add_account
from pb.people.rules import Role
from pb.people.tables import Account
from pb.plans.actions import add_ready_plan
from pb.plans.tables import Plan
from pb.rounds.tables import Round
from pb.store.engine import Store
from pb.web.doors import NotYours, door_of
from support.evenings import Asked
from support.inviting import invite_yes
from support.neighbourhood import NOW, PASSWORD, Neighbourhood, email_of
from support.panel import address_list, draw, keep_addresses, key_of
from support.room import TITLES, Hall, Phone, open_hall
from support.seated import seat_panel as seat_drawn_panel
from support.visitor import Visitor

TABLE = Path(__file__).with_name("doors.txt")
COLUMNS = ("any", "coa", "fac", "man", "off", "fin", "res", "adm", "cal", "els", "pho", "ini")
ROLE_COLUMN = {
    Role.COACH: "coa",
    Role.FACILITATOR: "fac",
    Role.AREA_MANAGER: "man",
    Role.OFFICER: "off",
    Role.FINANCE: "fin",
    Role.RESEARCHER: "res",
    Role.ADMIN: "adm",
    Role.CALLER: "cal",
}
SIGNS = {"+", "log", ".", "?", "="}
# Together these moments make every page exist at least once.
MOMENTS = ("open 1", "divide", "done")
# They open every page at every moment; of the others one look at each is enough.
IN_THE_ROOM = (Role.FACILITATOR.value, "a phone", "a stranger")
INITIATOR = "initiatief@post.example"
ON_THE_DESK = ("plans.check", "plans.accept", "plans.decline", "plans.check_again")
# What a press on these does to others who knock later; they come last.
LAST = ("plans.withdraw", "panel.remove", "people.logout")


def table() -> dict[str, dict[str, str]]:
    """Read who may come in where."""
    rows = {}
    for line in TABLE.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            name, *signs = line.split()
            assert len(signs) == len(COLUMNS), line
            assert set(signs) <= SIGNS, line
            rows[name] = dict(zip(COLUMNS, signs, strict=True))
    return rows


@dataclass
class Knocker:
    """Somebody at the door, and the sign that the table has for each door."""

    who: str
    column: str
    visitor: Visitor
    here: str = ""

    def expected(self, row: dict[str, str]) -> str:
        sign = row[self.column]
        return row[self.here] if sign == "=" else sign


@dataclass(frozen=True)
class Street:
    """A hall with everything around it that a page can be about."""

    hall: Hall
    arguments: dict[str, Any]
    initiator_id: int


def test_every_door_of_the_site_stands_in_the_table_and_nothing_else(house: Flask) -> None:
    missing = set(house.view_functions) - set(table())
    gone = set(table()) - set(house.view_functions)
    assert not missing, f"say in {TABLE.name} who may enter: {sorted(missing)}"
    assert not gone, f"these are no doors any more: {sorted(gone)}"


def test_the_table_says_the_same_as_the_doors_themselves(house: Flask) -> None:
    for name, row in table().items():
        door = door_of(house, name)
        assert door is not None
        if door.kind == "staff":
            assert {role for role, column in ROLE_COLUMN.items() if row[column] == "+"} == set(door.roles), (
                name
            )
            assert (row["els"] == "=") == (door.area_of is None), name
            assert row["any"] == row["pho"] == "log", name
        if door.kind in ("public", "checked", "logged in"):
            assert door.why, name


def test_the_app_does_not_start_with_an_endpoint_without_a_door(tmp_path: Path) -> None:
    from pb.web.doors import guard, public

    app = Flask("open")
    public("files")(app.view_functions["static"])
    app.add_url_rule("/open", "open_end", lambda: "")
    with pytest.raises(RuntimeError, match="open_end"):
        guard(app)


def _street(app: Flask, store: Store, place: Neighbourhood) -> Street:
    with store.writing() as session:
        initiator_id = add_account(session, email=INITIATOR, name="", now=NOW)
        cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        session.get_one(Account, initiator_id).password_hash = cheap.hash(PASSWORD)
    asked = {TITLES[0]: Asked(initiator_id=initiator_id), TITLES[1]: Asked()}
    hall = open_hall(app, store, place, asked=asked)
    file = keep_addresses(store, place, address_list(20))
    draw_id = draw(store, place, file, 2, "1-2-3")
    waiting = keep_addresses(store, place, address_list(20, street="Andere straat"))
    raw = b"naam;e-mail;telefoon;herkomst\r\nVoorbeeld Nieuw;nieuw@post.example;;netwerk\r\n"
    people = read_people(raw, file_name="mensen.csv")
    with store.writing() as session:
        keep_upload(
            session, round_id=place.round_id, kind=FileKind.PEOPLE, source=people.source, content=raw,
            who=place.who(Role.AREA_MANAGER), now=NOW,
        )  # fmt: skip
        draft = add_ready_plan(
            session, round_id=place.round_id, title="Nog niet af", want="", ask_cents=100, least_cents=0,
            source_ref=None, who=place.who(Role.AREA_MANAGER), now=NOW, initiator_id=initiator_id,
        )  # fmt: skip
        session.get_one(Plan, draft).state = "draft"
        other_draft = _draft_round(session, place)
    _, silent = invite_yes(store, place, 2, origin=Origin.INVITED, said="no", key=key_of(app))
    with store.writing() as session:
        session.delete(session.get_one(Answer, silent))
    drawn = seat_drawn_panel(store, place, yes=24, seats=8)
    network = read_network(b"naam\r\nVoorbeeld Netwerk\r\n", file_name="netwerk.csv")
    with store.writing() as session:
        keep_upload(
            session, round_id=place.round_id, kind=FileKind.NETWORK, source=network.source,
            content=b"naam\r\nVoorbeeld Netwerk\r\n", who=place.who(Role.AREA_MANAGER), now=NOW,
        )  # fmt: skip
        feature_id = session.scalar(sa.select(sa.func.min(Feature.id)))
        letter_id = session.scalar(sa.select(sa.func.max(Invitation.id)))
    screen = hall.screen_path().rpartition("/")[2]
    arguments: dict[str, Any] = {
        "round_id": place.round_id,
        "evening_id": hall.evening_id,
        "plan_id": hall.plan_ids[0],
        "draft_id": draft,
        "draft_round": other_draft,
        "position": 1,
        "number": 1,
        "seat_id": hall.seat_ids[5],
        "draw_id": draw_id,
        "seat_draw": drawn.draw_id,
        "drawn_seat": drawn.seats[0].id,
        "answer_id": drawn.answer_ids[0],
        "invitation_id": letter_id,
        "from_network": 1,
        "feature_id": feature_id,
        "kind": "antwoord",
        "of": drawn.answer_ids[0],
        "wave": 1,
        "pile": 1,
        "network": network.source.sha256,
        "addresses": waiting.source.sha256,
        "people": people.source.sha256,
        "batch_id": 1,
        "request_id": 1,
        "turn": "x.y",
        "key": screen,
        "code": "nl",
        "name": "voorbeeld-mensen.csv",
        "filename": "beslisavond.css",
        "version": 1,
    }
    return Street(hall, arguments, initiator_id)


def _draft_round(session: Any, place: Neighbourhood) -> int:
    row = session.get_one(Round, place.round_id)
    columns = {
        column.key: getattr(row, column.key) for column in Round.__table__.columns if column.key != "id"
    }
    made = Round(**(columns | {"name": "Ronde in de maak", "state": "draft", "version": 1}))
    session.add(made)
    session.flush()
    return int(made.id)


def _pay(street: Street) -> None:
    """See to it that there is something to pay: an account number, and a list."""
    place, store = street.hall.place, street.hall.store
    with store.writing() as session:
        enter_payee(
            session, plan_id=street.hall.plan_ids[0], kind=next(iter(PayeeKind)), holder_name="Voorbeeld",
            iban="NL91ABNA0417164300", kvk_number="", version=0, by_finance=False, on_paper=True,
            who=place.who(Role.AREA_MANAGER), now=NOW,
        )  # fmt: skip
        street.arguments["batch_id"] = make_batch(
            session, evening_id=street.hall.evening_id, who=place.who(Role.FINANCE), now=NOW
        )


def _addresses(street: Street, name: str) -> list[tuple[str, str]]:
    """Give every way to knock at a door: method and address."""
    app = street.hall.app
    found = dict(street.arguments)
    if name.startswith("plans.") and name not in ON_THE_DESK:
        found["plan_id"] = found["draft_id"]
    if name in ("rounds.edit", "rounds.open_round"):
        found["round_id"] = found["draft_round"]
    if name.startswith("evening.dossier"):
        found["key"] = dossier_key(key_of(app), street.hall.evening_id)
    if name.startswith("sortition."):
        found["draw_id"], found["seat_id"] = found["seat_draw"], found["drawn_seat"]
    if name in ("inviting.take_back", "inviting.network_pdf"):
        found["invitation_id"] = found["from_network"]
    if name == "inviting.network_example":
        found["name"] = NETWORK_EXAMPLE
    lists = {"panel.confirm_people": "people", "inviting.confirm_network": "network"}
    found["file_sha256"] = found[lists.get(name, "addresses")]
    ways = []
    for rule in app.url_map.iter_rules(name):
        with app.test_request_context():
            path = url_for(name, **{part: found[part] for part in rule.arguments})
        ways += [(method, path) for method in sorted(rule.methods or ()) if method in ("GET", "POST")]
    return ways


def _knock(knocker: Knocker, method: str, path: str) -> str:
    """Knock, and say in a sign of the table what happened."""
    data = {"csrf_token": knocker.visitor.token} if method == "POST" else None
    answer = knocker.visitor.raw(method, path, data=data)
    where = f"{knocker.who}: {method} {path}"
    assert answer.status_code < 500, f"{where} gave {answer.status_code}"
    text = answer.get_data(as_text=True) if answer.status_code == 403 else ""
    answer.close()
    if answer.status_code == 404:
        return "?"
    if answer.status_code == 403:
        expired = ("Nog één keer versturen", "Send it once more")
        assert not any(said in text for said in expired), f"{where}: the form token was refused"
        # Any other refusal comes from a finer rule behind the door, with its own tests.
        return "." if any(said in text for said in ("niet bij jouw werk", "not part of your work")) else "+"
    to = answer.headers.get("Location", "")
    if (
        answer.status_code in (302, 303)
        and to.partition("?")[0].endswith("/inloggen")
        and path != "/inloggen"
    ):
        return "log"
    return "+"


def _everyone(street: Street) -> list[Knocker]:
    app = street.hall.app
    # Every page is opened in both languages this way: a sentence in English can break what Dutch does not.
    language = "en" if street.hall.store.engine.dialect.name == "postgresql" else "nl"
    found = [Knocker("a stranger", "any", Visitor(app, language))]
    for role, column in ROLE_COLUMN.items():
        found.append(Knocker(role.value, column, Visitor(app, language).log_in(email_of(role))))
        if role is Role.ADMIN:
            continue  # an admin is one of the whole house
        elsewhere = Visitor(app, language).log_in(email_of(role, "andere-wijk"))
        found.append(Knocker(f"{role.value} elsewhere", "els", elsewhere, column))
    initiator = Visitor(app, language)
    held = initiator.get("/inloggen").values("form#wachtwoord")
    initiator.raw("POST", "/inloggen", data=held | {"work_email": INITIATOR, "password": PASSWORD})
    found.append(Knocker("the initiator", "ini", initiator))
    for knocker in found:
        knocker.visitor.get("/inloggen")
    return found


def _phone(street: Street) -> Knocker:
    phone = Phone(street.hall, 6)
    phone.get("/inloggen")
    return Knocker("a phone", "pho", phone)


def test_everyone_sees_what_the_table_says_and_nothing_else(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    """In the middle of the evening everybody tries every door; at the other moments who may come in."""
    street = _street(app, store, place)
    rows, knockers = table(), _everyone(street)
    entered: set[tuple[str, str]] = set()
    wanted: set[tuple[str, str]] = set()
    for moment in MOMENTS:
        street.hall.bring_to(moment)
        if moment != MOMENTS[0]:
            # What an evening does, changes nothing on the road to a panel.
            rows = {
                name: row for name, row in rows.items() if not name.startswith(("inviting.", "sortition."))
            }
        if moment == "open 1":
            knockers.append(_phone(street))
        if moment == "done":
            _pay(street)
        for knocker in knockers:
            seen_enough = set() if knocker.who in IN_THE_ROOM else entered
            for name in [name for name in rows if (knocker.who, name) not in seen_enough]:
                expected = knocker.expected(rows[name])
                for method, path in _addresses(street, name):
                    if expected == "+" and method == "GET":
                        wanted.add((knocker.who, name))
                        seen = _knock(knocker, method, path)
                        assert seen in ("+", "?"), f"{knocker.who} at {name} ({moment}): {seen}"
                        entered |= {(knocker.who, name)} if seen == "+" else set()
                    elif expected != "+" and moment == "open 1":
                        seen = _knock(knocker, method, path)
                        assert seen == expected, f"{knocker.who} at {method} {path}: {seen}, not {expected}"
    never = sorted(wanted - entered)
    assert not never, f"came in at no moment: {never}"


@pytest.mark.parametrize("moment", ["open 1", "decide", "done"])
def test_everyone_may_press_their_buttons_with_nothing_filled_in_and_nothing_breaks(
    app: Flask, store: Store, place: Neighbourhood, moment: str
) -> None:
    street = _street(app, store, place)
    street.hall.bring_to("open 1")
    phone = _phone(street)
    street.hall.bring_to(moment)
    if moment == "done":
        _pay(street)
    rows = table()
    knockers = [*_everyone(street), phone]
    for name in sorted(rows, key=lambda name: (LAST.index(name) + 1 if name in LAST else 0, name)):
        for knocker in knockers:
            for method, path in _addresses(street, name):
                if method == "POST" and knocker.expected(rows[name]) == "+":
                    seen = _knock(knocker, method, path)
                    assert seen in ("+", "?"), f"{knocker.who} may not press {name}: {seen}"


def test_two_refusals_of_staff_without_the_role_look_alike(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    hall = open_hall(app, store, place)
    stranger_here = hall.staff(Role.COACH, "andere-wijk")
    there = stranger_here.get(f"{hall.path}/console", status=404)
    nowhere = stranger_here.get("/avond/999999/console", status=404)
    assert there.text == nowhere.text
    assert NotYours.status == 403
    with store.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Round)) == 1
