"""What is stored: tables that equal their migrations, no cascades, journal and events without persons."""

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask

import pb.tables  # noqa: F401
from pb.evening.tables import Event
from pb.migrate import behind, migrate
from pb.panel.actions import add_invited, new_card
from pb.people.actions import add_account
from pb.people.rules import Role
from pb.people.tables import Account
from pb.store import engine as engines
from pb.store.base import Table
from pb.store.engine import Store
from pb.store.journal import JournalLine, lines
from support.evenings import Asked
from support.neighbourhood import NOW, Neighbourhood, email_of
from support.panel import address_list, draw, keep_addresses, key_of, somebody
from support.room import Hall, Phone, open_hall
from support.visitor import Visitor


@pytest.fixture
def empty(store: Store, tmp_path: Path) -> Iterator[Store]:
    """Give a database of the same kind in which nothing was ever made."""
    if store.engine.dialect.name == "sqlite":
        made = Store(f"sqlite:///{tmp_path / 'empty.db'}")
        yield made
        made.engine.dispose()
        return
    server = sa.create_engine(store.engine.url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(sa.text("CREATE DATABASE empty"))
    made = Store(store.engine.url.set(database="empty").render_as_string(hide_password=False))
    yield made
    made.engine.dispose()
    with server.connect() as connection:
        connection.execute(sa.text("DROP DATABASE empty WITH (FORCE)"))
    server.dispose()


def same_type(
    _context: object, _inspected: object, _meta: object, inspected: object, wanted: object
) -> bool | None:
    # SQLite keeps whole numbers of every size alike.
    return False if isinstance(inspected, sa.Integer) and isinstance(wanted, sa.Integer) else None


def differences(store: Store) -> list[object]:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": same_type})
        return list(compare_metadata(context, Table.metadata))


def test_an_empty_database_comes_to_what_the_tables_say_and_twice_is_once(empty: Store) -> None:
    assert behind(empty)
    migrate(empty)
    assert not behind(empty)
    assert differences(empty) == []
    migrate(empty)
    assert differences(empty) == []


def test_a_migrated_database_has_the_constraints_of_the_tables(store: Store) -> None:
    inspector = sa.inspect(store.engine)
    for table in Table.metadata.sorted_tables:
        wanted = {str(c.name) for c in table.constraints if isinstance(c, sa.CheckConstraint) and c.name}
        found = {str(check["name"]) for check in inspector.get_check_constraints(table.name)}
        assert wanted <= found, table.name


def test_nothing_is_ever_deleted_because_something_else_is() -> None:
    for table in Table.metadata.sorted_tables:
        for key in table.foreign_keys:
            assert (key.ondelete, key.onupdate) == ("RESTRICT", None), f"{table.name}.{key.parent.name}"


def test_a_seat_with_a_score_cannot_be_deleted(app: Flask, store: Store, place: Neighbourhood) -> None:
    hall = open_hall(app, store, place, moment="closed 1")
    for table in (
        "panel_seat",
        "plans_plan",
        "evening_item",
        "evening_evening",
        "people_account",
    ):
        with pytest.raises(sa.exc.IntegrityError), store.writing() as session:
            session.execute(sa.text(f"DELETE FROM {table}"))
    assert hall.moment() == "closed 1"


def test_money_is_whole_cents_and_moments_have_a_zone() -> None:
    for table in Table.metadata.sorted_tables:
        for column in table.columns:
            where = f"{table.name}.{column.name}"
            assert not isinstance(column.type, sa.Float | sa.Numeric) or isinstance(
                column.type, sa.Integer
            ), where
            if "cents" in column.name:
                assert isinstance(column.type, sa.BigInteger | sa.Integer), where
            if isinstance(column.type, sa.DateTime):
                assert column.type.timezone, where


def line(at: datetime) -> JournalLine:
    return JournalLine(at=at, actor_kind="x", what="x", subject="x", facts="{}")


def test_a_moment_without_a_zone_is_refused_and_comes_back_in_utc(store: Store) -> None:
    with pytest.raises(sa.exc.StatementError), store.writing() as session:
        session.add(
            JournalLine(at=NOW.replace(tzinfo=None), actor_kind="x", what="x", subject="x", facts="{}")
        )
    with store.writing() as session:
        there = NOW.astimezone(timezone(timedelta(hours=-7)))
        session.add(line(there))
    with store.reading() as session:
        [found] = lines(session)
        assert found.at == NOW
        assert found.at.utcoffset() == timedelta(0)


def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    def fail() -> None:
        with store.writing() as session:
            session.add(line(NOW))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with store.reading() as session:
        assert lines(session) == []


def test_what_reading_changes_is_never_stored(store: Store) -> None:
    with store.reading() as session:
        session.add(line(NOW))
        session.flush()
    with store.reading() as session:
        assert lines(session) == []


def test_sqlite_waits_for_the_disk_and_keeps_its_references(store: Store) -> None:
    if store.engine.dialect.name != "sqlite":
        with store.engine.connect() as connection:
            assert connection.exec_driver_sql("SHOW lock_timeout").scalar_one() == "10s"
        assert store.describe().startswith("PostgreSQL ")
        return
    with store.engine.connect() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}
    assert store.describe().startswith("SQLite 3.")


# -- a database that somebody else keeps, or that is broken ------------------------------------------------


@pytest.fixture
def impatient(
    app: Flask, store: Store, place: Neighbourhood, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Flask]:
    """Give the app on the same database, but it waits only a moment for its turn."""
    monkeypatch.setattr(engines, "BUSY_TIMEOUT_MS", 200)
    app.extensions["store"] = Store(store.engine.url.render_as_string(hide_password=False))
    monkeypatch.setattr(app, "testing", False)
    yield app
    app.extensions["store"].engine.dispose()


def test_a_database_that_stays_locked_gives_a_plain_sentence_and_says_when_to_come_back(
    impatient: Flask, store: Store
) -> None:
    browser = impatient.test_client()
    page = Visitor(impatient).get("/inloggen")
    held = page.values("form#link") | {"email": "bewoner@post.example"}
    visitor = Visitor(impatient)
    visitor.get("/inloggen")
    held["csrf_token"] = visitor.token
    with store.writing() as session:
        # Keep what every write here needs: the whole file, or the table.
        on_sqlite = store.engine.dialect.name == "sqlite"
        lock = "SELECT 1" if on_sqlite else "LOCK TABLE people_login_link IN ACCESS EXCLUSIVE MODE"
        session.execute(sa.text(lock))
        answer = visitor.raw("POST", "/inloggen/stuur-link", data=held)
        asked = visitor.raw("POST", "/inloggen/stuur-link", data=held, headers={"Accept": "application/json"})
        assert browser.get("/").status_code == 200
    assert answer.status_code == asked.status_code == 503
    assert int(answer.headers["Retry-After"]) >= 1
    assert "even te druk" in answer.get_data(as_text=True)
    assert "Traceback" not in answer.get_data(as_text=True)
    assert "even te druk" in asked.get_json()["text"]
    assert visitor.raw("POST", "/inloggen/stuur-link", data=held).status_code == 302


def test_a_table_that_is_gone_gives_a_plain_page_and_no_stack_trace(impatient: Flask, store: Store) -> None:
    with store.writing() as session:
        session.execute(sa.text("ALTER TABLE rounds_rule_set RENAME TO elsewhere"))
    visitor = Visitor(impatient).log_in(email_of(Role.AREA_MANAGER))
    for headers in ({}, {"Accept": "application/json"}):
        answer = visitor.raw("GET", "/werk/ronde/1", headers=headers)
        text = answer.get_data(as_text=True)
        assert answer.status_code in (500, 503)
        assert "rounds_rule_set" not in text
        assert "Traceback" not in text
        assert "Er is niets" in text


def test_rules_that_cannot_be_read_any_more_give_a_plain_page(impatient: Flask, store: Store) -> None:
    with store.writing() as session:
        session.execute(sa.text("UPDATE rounds_rule_set SET rules = 'geen regels'"))
    visitor = Visitor(impatient).log_in(email_of(Role.AREA_MANAGER))
    answer = visitor.raw("GET", "/werk/ronde/1")
    assert answer.status_code == 500
    assert "Er ging bij ons iets mis" in answer.get_data(as_text=True)
    assert "JSON" not in answer.get_data(as_text=True)


def test_a_database_file_that_is_no_database_is_told_in_plain_words(
    impatient: Flask, store: Store, tmp_path: Path
) -> None:
    if store.engine.dialect.name != "sqlite":
        pytest.skip("a file of SQLite")
    impatient.extensions["store"].engine.dispose()
    (tmp_path / "no.db").write_bytes(b"this is no database" * 500)
    impatient.extensions["store"] = Store(f"sqlite:///{tmp_path / 'no.db'}")
    answer = impatient.test_client().get("/")
    assert answer.status_code in (500, 503)
    assert "Traceback" not in answer.get_data(as_text=True)


def test_who_is_erased_is_gone_from_the_file_of_the_database_too(store: Store, place: Neighbourhood) -> None:
    if store.engine.dialect.name != "sqlite":
        pytest.skip("a file of SQLite")
    name = b"Zeldzame Naam Van Iemand"
    with store.writing() as session:
        account_id = add_account(session, email="weg@post.example", name=name.decode(), now=NOW)

    def stands_in_the_file() -> bool:
        with store.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return name in Path(store.engine.url.database or "").read_bytes()

    assert stands_in_the_file()
    with store.writing() as session:
        session.execute(sa.delete(Account).where(Account.id == account_id))
    assert not stands_in_the_file()


# -- what an evening leaves behind ---------------------------------------------------------------------------


@pytest.fixture
def told(app: Flask, store: Store, place: Neighbourhood) -> tuple[Hall, list[str]]:
    """Hold a whole evening through the pages where they make lines, and list every secret of it."""
    with store.writing() as session:
        maker = add_account(session, email="maakster@post.example", name="Maakster Voorbeeld", now=NOW)
        add_invited(
            session, round_id=place.round_id,
            people=[somebody(n, name=f"Geheime Naam {n}", phone=f"061234567{n}") for n in range(1, 7)],
            card_key=key_of(app), who=place.who(Role.AREA_MANAGER), now=NOW,
        )  # fmt: skip
    file = keep_addresses(store, place, address_list(12))
    draw(store, place, file, 1, "1-2-3")
    asked = {"Moestuin": Asked(initiator_id=maker), "Repaircafé": Asked()}
    hall = open_hall(app, store, place, asked=asked, seats_wanted=6)
    with store.writing() as session:
        new_card(
            session, round_id=place.round_id, seat_id=hall.seat_ids[0], card_key=key_of(app),
            who=place.who(Role.AREA_MANAGER), now=NOW,
        )  # fmt: skip
    secrets = [hall.card_code(n) for n in range(1, 7)] + [hall.card_token(n) for n in range(1, 7)]
    hall.bring_to("doors")
    visitor = Visitor(app)
    visitor.fill("/kaart", {"code": hall.card_code(1)}, form="form#kaart")
    visitor.post("/kaart/klopt-dat")
    cookie = visitor.browser.get_cookie("seat")
    assert cookie is not None
    secrets.append(cookie.value)
    hall.leave(2)
    hall.come_in(2)
    hall.bring_to("open 1")
    phone = Phone(hall, 3)
    phone.tap(4, n=2)
    phone.tap(1, n=1)
    hall.bring_to("done")
    visitor.fill("/inloggen", {"email": "bewoner@post.example"}, form="form#link")
    visitor.fill(
        "/inloggen", {"work_email": email_of(Role.ADMIN), "password": "niet dit wachtwoord"}, status=422,
        form="form#wachtwoord",
    )  # fmt: skip
    mail = hall.staff(Role.ADMIN).get("/beheer/outbox").text
    link = re.search(r"/inloggen/link\?t=(\S+)", mail)
    assert link
    secrets.append(link[1])
    visitor.fill(f"/inloggen/link?t={link[1]}", {})
    visitor.post("/uitloggen")
    return hall, secrets


def test_an_evening_leaves_these_lines_in_the_journal(told: tuple[Hall, list[str]]) -> None:
    hall, _secrets = told
    with hall.store.reading() as session:
        rows = session.scalars(sa.select(JournalLine).order_by(JournalLine.id))
        what = [row.what for row in rows]
    assert set(what) >= {
        "area added",
        "account added",
        "role given",
        "round made",
        "round opened",
        "plan brought in",
        "seats given",
        "card made",
        "evening planned",
        "open doors",
        "seat arrived",
        "seat left",
        "phone bound",
        "show plan",
        "open scoring",
        "close scoring",
        "start deciding",
        "decision recorded",
        "evening moved",
        "division computed",
        "division confirmed",
        "logged in",
        "logged out",
        "login link sent",
        "login refused",
    }
    assert what.count("open doors") == 1
    assert what.count("show plan") == what.count("close scoring") == what.count("decision recorded") == 2


def test_every_line_says_who_and_about_what(told: tuple[Hall, list[str]]) -> None:
    hall, _secrets = told
    with hall.store.reading() as session:
        for row in session.scalars(sa.select(JournalLine)):
            assert row.actor_kind in ("account", "seat", "system", "visitor")
            assert (row.actor_id is not None) == (row.actor_kind in ("account", "seat")), row.what
            assert re.fullmatch(
                r"(area|account|round|plan|evening|seat|draw|panel) \d+|login", row.subject
            ), row.subject
            assert isinstance(json.loads(row.facts), dict)


def test_no_line_and_no_event_names_a_person_or_holds_a_secret(told: tuple[Hall, list[str]]) -> None:
    hall, secrets = told
    with hall.store.reading() as session:
        kept = [f"{row.what} {row.subject} {row.facts}" for row in session.scalars(sa.select(JournalLine))]
        kept += [f"{row.kind} {row.facts}" for row in session.scalars(sa.select(Event))]
    text = "\n".join(kept)
    for secret in [*secrets, *(code.replace("-", "") for code in secrets if len(code) == 11)]:
        assert secret not in text
    iban = "NL91ABNA0417164300"
    for word in (
        "Geheime Naam",
        "Maakster",
        "@",
        ".example",
        "Voorbeeldstraat",
        "061234567",
        "1234 AB",
        iban,
    ):
        assert word not in text, word
    assert "Proef" not in text


def test_events_name_seats_and_plans_by_number_only(told: tuple[Hall, list[str]]) -> None:
    hall, _secrets = told
    with hall.store.reading() as session:
        events = [
            (row.kind, json.loads(row.facts)) for row in session.scalars(sa.select(Event).order_by(Event.seq))
        ]
    allowed = {
        "planned": {"plans", "budget_cents", "lot_seed", "rules_sha256"},
        "doors_opened": set(),
        "arrived": {"seat"},
        "left": {"seat"},
        "phone_bound": {"seat", "replaces"},
        "plan_shown": {"item", "plan"},
        "scoring_opened": {"item", "v"},
        "scoring_closed": {"item", "v", "present"},
        "scored": {"item", "seat", "score", "op", "n", "v"},
        "overtaken": {"item", "seat", "score", "op", "n", "v", "stands"},
        "stage": {"to"},
        "decided": {"plan", "yes", "computed_yes", "way", "hist"},
        "divided": {"sha256", "total_cents", "leftover_cents"},
        "agreed": {"sha256", "way", "in_favour", "against"},
        "confirmed": {"sha256"},
    }
    sometimes = {
        "involved": {"item", "seat", "reason"},
        "not_involved": {"item", "seat"},
        "agenda": {"items", "seed"},
        "settings": {"changed"},
        "way": {"seat", "way"},
        "floor_counted": {"item", "counts"},
        "paper_scored": {"item", "seat", "score"},
        "paper_invalid": {"item", "seat", "why"},
        "tablet_scored": {"item", "seat", "score", "op", "v"},
        "stickers_opened": set(),
        "sticker": {"item", "seat", "colour"},
        "stickers_counted": {"item", "green", "orange", "red"},
        "undone": {"step"},
        "lot_seed_set": {"lot_seed"},
        "decision_withdrawn": {"plan"},
        "reopening_asked": {"item"},
        "reopening_refused": {"item"},
        "reopened": {"item", "v"},
        "phone_ended": {"seat"},
        "phone_asked": {"seat", "number"},
        "phone_granted": {"seat", "number"},
        "phone_refused": {"seat", "number"},
        "own_opened": set(),
        "own_division": {"seat", "n", "way", "shares"},
        "amended": {"plan", "amount_cents"},
        "amendment_undone": {"plan"},
    }
    for kind, facts in events:
        assert set(facts) == (allowed | sometimes)[kind], kind
    assert {kind for kind, _facts in events} >= set(allowed)


def test_the_journal_page_goes_back_page_by_page_and_survives_any_number(
    told: tuple[Hall, list[str]],
) -> None:
    hall, _secrets = told
    admin = hall.staff(Role.ADMIN)
    page = admin.get("/beheer/logboek")
    assert "evening planned" in page.text or "division confirmed" in page.text
    for before in ("0", "-1", str(2**63), "9" * 50):
        admin.get(f"/beheer/logboek?voor={before}", status=404)
    for before in ("1", "x", "50"):
        admin.get(f"/beheer/logboek?voor={before}")
