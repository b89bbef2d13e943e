"""A full evening of the first release is upgraded: nothing is lost or otherwise, and old taps are known."""

import json
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from config import ROOT
from pb.core.errors import Broken
from pb.decide.actions import record_decision
from pb.decide.queries import item_decisions
from pb.decide.rules.panel_decides import Way
from pb.divide.actions import agree, confirm, propose
from pb.divide.queries import division
from pb.evening.actions.joining import device_sha256
from pb.evening.actions.scoring import Tap, take_positions
from pb.evening.queries import chain, evening_facts
from pb.evening.rules.chain import check_chain
from pb.evening.rules.score import ScoreRequest
from pb.migrate import behind, migrate
from pb.people.rules import Role
from pb.store.engine import Store
from support import old
from support.drills import Room, open_room
from support.neighbourhood import NOW

PHONES, PLANS = 25, 4


@dataclass
class Found:
    """What is otherwise after an upgrade."""

    events: int = 0
    rows: int = 0
    other_tables: tuple[str, ...] = ()
    other_answers: int = 0
    other_overtaken: int = 0
    unnamed_taps: int = 0
    chain_holds: bool = True
    same_result: bool = True

    def __str__(self) -> str:
        return (
            f"{self.events:,} events, {self.rows:,} rows: tables that changed {list(self.other_tables)},"
            f" {self.unnamed_taps} taps without their name, {self.other_answers} other answers"
            f" ({self.other_overtaken} more to taps that were overtaken),"
            f" chain {'holds' if self.chain_holds else 'BROKEN'},"
            f" result {'the same' if self.same_result else 'OTHER'}"
        )

    @property
    def good(self) -> bool:
        return (
            not self.other_tables and not self.other_answers and not self.unnamed_taps and self.chain_holds
            and self.same_result
        )  # fmt: skip


@pytest.fixture
def first_release(fresh_database: Callable[[], str], tmp_path: Path) -> Iterator[Callable[[int], "Held"]]:
    """Give a way to hold an evening with so many taps each, in a database of the first release."""
    made: list[Held] = []

    def make(taps: int) -> Held:
        made.append(_first_release(Store(fresh_database()), taps, tmp_path))
        return made[-1]

    yield make
    for held in made:
        held.room.store.engine.dispose()
        _drop(held.room.store.engine.url)


@pytest.fixture
def first_release_on_sqlite(tmp_path: Path) -> Iterator[Callable[[int], "Held"]]:
    """Give the same on SQLite; where something is broken on purpose, one database is enough."""
    made: list[Held] = []

    def make(taps: int) -> Held:
        store = Store(f"sqlite:///{tmp_path / 'new.db'}")
        migrate(store)
        made.append(_first_release(store, taps, tmp_path))
        return made[-1]

    yield make
    for held in made:
        held.room.store.engine.dispose()


@dataclass
class Held:
    """An evening as the first release left it."""

    room: Room
    receipts: dict[str, str]
    result: Any


@pytest.mark.parametrize(
    "taps", [pytest.param(5, id="fast"), pytest.param(52, id="full", marks=pytest.mark.drill)]
)
def test_an_upgrade_keeps_a_full_evening(first_release: Callable[[int], Held], taps: int) -> None:
    held = first_release(taps)
    found = _upgrade(held, ROOT / "migrations")
    print(f"{held.room.store.engine.dialect.name}: {found}")
    assert found.events >= PHONES * PLANS * taps
    assert found.good
    assert not behind(held.room.store)


def test_a_tap_that_was_overtaken_before_an_upgrade_gets_the_same_answer(
    first_release_on_sqlite: Callable[[int], Held],
) -> None:
    assert _upgrade(first_release_on_sqlite(3), ROOT / "migrations").other_overtaken == 0


def test_the_drill_sees_a_migration_that_forgets_taps(
    first_release_on_sqlite: Callable[[int], Held], tmp_path: Path
) -> None:
    found = _upgrade(first_release_on_sqlite(1), _changed(tmp_path, "    _name_taps_on_their_events()\n", ""))
    print(f"a migration that does not name taps: {found}")
    assert found.unnamed_taps > 0
    assert found.other_answers > 0


def test_the_drill_sees_a_migration_that_loses_scores(
    first_release_on_sqlite: Callable[[int], Held], tmp_path: Path
) -> None:
    loses = '    op.execute("DELETE FROM evening_score")\n    _name_taps_on_their_events()\n'
    found = _upgrade(
        first_release_on_sqlite(1), _changed(tmp_path, "    _name_taps_on_their_events()\n", loses)
    )
    print(f"a migration that loses scores: {found}")
    assert found.other_tables == ("evening_score",)


def _first_release(store: Store, taps: int, folder: Path) -> Held:
    room = open_room(store, phones=PHONES, plans=PLANS)
    _hold(room, taps)
    result = _result(store, room.evening_id)
    content = old.read_all(store)
    store.engine.dispose()
    room.store = Store(_empty_beside(room.url, folder))
    old.migrate_to(room.store, old.FIRST)
    receipts = old.write_down_as_before(room.store, content)
    return Held(room, {row["op"]: row["answer"] for row in receipts}, result)


def _hold(room: Room, taps: int) -> None:
    chance = random.Random(12)
    for plan in range(1, PLANS + 1):
        for _tap in range(taps):
            _tap_all(room, chance, lowest=plan)
        for _step in range(3 if plan < PLANS else 2):  # close, and on to the next plan or to deciding
            room.press()
    _decide_and_divide(room)


def _tap_all(room: Room, chance: random.Random, *, lowest: int) -> None:
    with room.store.writing() as session:
        asked = []
        for token in room.tokens:
            body = room.tap(token, chance.randint(lowest, 5))
            # Now and then one that was overtaken on its way, or that takes a figure back.
            if chance.random() < 0.05:
                body["n"] = 1
            elif chance.random() < 0.05:
                body["score"] = None
            asked.append(Tap(room.evening_id, device_sha256(token), ScoreRequest(**body), NOW))
        assert not [one for one in take_positions(session, asked) if isinstance(one, Broken)]


def _decide_and_divide(room: Room) -> None:
    host, area_manager = room.place.who(Role.FACILITATOR), room.place.who(Role.AREA_MANAGER)
    with room.store.writing() as session:
        for one in item_decisions(session, evening=evening_facts(session, evening_id=room.evening_id)):
            record_decision(
                session, evening_id=room.evening_id, position=one.item.position, yes=one.computed_yes,
                way=Way.RULE, reason="", minority_view="", who=host, now=NOW,
            )  # fmt: skip
    with room.store.writing() as session:
        propose(session, evening_id=room.evening_id, who=host, now=NOW)
    with room.store.writing() as session:
        shown = division(session, evening_id=room.evening_id)
        assert shown is not None
        agree(
            session,
            evening_id=room.evening_id,
            shown_sha256=shown.sha256,
            way=Way.CONSENSUS,
            who=host,
            now=NOW,
        )
        confirm(session, evening_id=room.evening_id, shown_sha256=shown.sha256, who=area_manager, now=NOW)


def _result(store: Store, evening_id: int) -> Any:
    with store.reading() as session:
        evening = evening_facts(session, evening_id=evening_id)
        decided = item_decisions(session, evening=evening)
        divided = division(session, evening_id=evening_id)
        assert divided is not None
        return (
            [(one.item.plan, one.outcome, one.computed_yes, one.recorded) for one in decided],
            # The first release did not write down that the panel agreed.
            replace(divided, agreement=None),
        )


def _upgrade(held: Held, migrations: Path) -> Found:
    store, evening_id = held.room.store, held.room.evening_id
    columns = old.old_columns(store)
    del columns["evening_receipt"]
    before = old.read_all(store, columns)
    old.migrate_to(store, "head", migrations)
    after = old.read_all(store, columns)
    found = Found(len(before["evening_event"]), sum(len(rows) for rows in before.values()))
    found.other_tables = tuple(name for name in before if before[name] != after[name])
    with store.reading() as session:
        lines = chain(session, evening_id=evening_id)
        found.chain_holds = check_chain(lines) == before["evening_evening"][0]["head"]
    with store.engine.connect() as connection:
        named = connection.execute(
            sa.text("SELECT facts, op FROM evening_event WHERE kind IN ('scored', 'overtaken')")
        )
        found.unnamed_taps = sum(json.loads(facts)["op"] != op for facts, op in named)
    found.same_result = repr(_result(store, evening_id)) == repr(held.result)
    for op, answer in _answers_again(held, after).items():
        before_it = json.loads(held.receipts[op])
        if answer != before_it and before_it["status"] == "overtaken":
            found.other_overtaken += 1
        else:
            found.other_answers += answer != before_it
    return found


def _answers_again(held: Held, after: old.Content) -> dict[str, Any]:
    """Send every tap of the evening once more."""
    tokens = {row["seat_id"]: row["token_sha256"] for row in after["evening_device"]}
    taps = []
    for event in after["evening_event"]:
        if event["kind"] in ("scored", "overtaken"):
            facts = json.loads(event["facts"])
            request = ScoreRequest(facts["op"], facts["n"], facts["item"], facts["score"], v=1)
            taps.append(Tap(held.room.evening_id, tokens[facts["seat"]], request, NOW))
    answers: dict[str, Any] = {}
    for start in range(0, len(taps), 60):
        some = taps[start : start + 60]
        with held.room.store.writing() as session:
            again = take_positions(session, some)
        answers |= {tap.request.op: answer for tap, answer in zip(some, again, strict=True)}
    return answers


def _changed(folder: Path, text: str, by: str) -> Path:
    """Give our migrations with one thing changed."""
    copy = folder / "migrations"
    shutil.copytree(ROOT / "migrations", copy, ignore=shutil.ignore_patterns("__pycache__"))
    file = copy / "versions/0002_the_room.py"
    source = file.read_text()
    assert text in source
    file.write_text(source.replace(text, by, 1))
    return copy


def _empty_beside(url: str, folder: Path) -> str:
    there = sa.make_url(url)
    if there.get_backend_name() == "sqlite":
        return f"sqlite:///{folder / 'old.db'}"
    name = f"{there.database}_old"
    _on_server(there, f'CREATE DATABASE "{name}" TEMPLATE template0')
    return there.set(database=name).render_as_string(hide_password=False)


def _drop(there: sa.URL) -> None:
    if there.get_backend_name() != "sqlite":
        _on_server(there, f'DROP DATABASE IF EXISTS "{there.database}" WITH (FORCE)')


def _on_server(there: sa.URL, statement: str) -> None:
    server = sa.create_engine(there.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(sa.text(statement))
    server.dispose()
