"""Backups: made while people score, put back with one command, and checked both times."""

import json
import secrets
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from flask import Flask

from config import ROOT
from pb.backup.contents import BackupProblem, look_through
from pb.backup.keeping import made_at, name_at, too_old
from pb.cli import main
from pb.core.errors import Broken
from pb.decide.tables import Decision
from pb.divide.tables import DivisionLine, DivisionRecord
from pb.evening.actions.joining import sit_down
from pb.evening.actions.moving import press_next
from pb.evening.queries import chain, evening_facts
from pb.evening.rules.chain import check_chain
from pb.evening.rules.steps import Stage
from pb.evening.tables import Event, Score
from pb.migrate import migrate
from pb.panel.queries import seats
from pb.people.rules import Role
from pb.store.engine import Store
from support.evenings import hold_evening, take_place
from support.neighbourhood import NOW, Neighbourhood, settle
from support.room import open_hall
from support.server import environment, serving

WRITERS = 8
SECRETS = {"PB_SECRET_KEY": "geheim van de sessies " * 3, "PB_CARD_KEY": "geheim van de kaarten " * 3}


class Writer(threading.Thread):
    """Stands on one figure after the other, as fast as it goes."""

    def __init__(self, store: Store, phone: str, item: int, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.store, self.phone, self.item, self.stop = store, phone, item, stop
        self.written = 0
        self.problems: list[str] = []

    def run(self) -> None:
        while not self.stop.is_set():
            try:
                with self.store.writing() as session:
                    take_place(
                        session, 1, self.phone, item_id=self.item, scoring_version=1,
                        score=self.written % 5 + 1, now=NOW,
                    )  # fmt: skip
                self.written += 1
            except Broken as error:
                self.problems.append(str(error))


def run(url: str, folder: Path, *command: str) -> Result:
    """Run a command as an administrator does."""
    env = {"PB_DATABASE_URL": url, "PB_VAR": str(folder), **SECRETS}
    return CliRunner(env=env).invoke(main, list(command), catch_exceptions=False)


def open_scoring(store: Store) -> tuple[list[str], int]:
    """Hold an evening up to the scoring of its first plan; the phones' secrets and the plan on the agenda."""
    place = settle(store)
    evening_id = hold_evening(store, place, {"Moestuin": [None] * WRITERS}, until=Stage.DOORS)
    with store.writing() as session:
        for _step in range(2):
            evening = evening_facts(session, evening_id=evening_id)
            assert evening.next is not None
            press_next(
                session, evening_id=evening_id, step=evening.next.name, version=evening.version,
                who=place.who(Role.FACILITATOR), now=NOW,
            )  # fmt: skip
            session.flush()
            session.expire_all()
        phones = [
            sit_down(session, evening_id=evening_id, seat_id=seat.id, now=NOW)
            for seat in seats(session, round_id=place.round_id)
        ]
    return phones, evening.items[0].id


@pytest.fixture
def elsewhere(fresh_database: Callable[[], str], store: Store, tmp_path: Path) -> str:
    """Give a second database, empty and not even migrated."""
    if store.engine.dialect.name == "sqlite":
        return f"sqlite:///{tmp_path / 'elsewhere' / 'site.db'}"
    name = f"elsewhere_{secrets.token_hex(4)}"
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    return store.engine.url.set(database=name).render_as_string(hide_password=False)


@pytest.mark.parametrize(
    "times", [pytest.param(3, id="three"), pytest.param(30, id="thirty", marks=pytest.mark.drill)]
)
def test_backups_made_while_eight_people_write_all_come_back_whole(
    store: Store, tmp_path: Path, elsewhere: str, times: int
) -> None:
    phones, item = open_scoring(store)
    url = url_of(store)
    stop = threading.Event()
    writers = [Writer(store, phone, item, stop) for phone in phones]
    for writer in writers:
        writer.start()
    made, took, longest = [], 0.0, 0.0
    for number in range(times):
        time.sleep(0.2)
        file = tmp_path / f"{number}.backup"
        before = sum(writer.written for writer in writers)
        done = run(url, tmp_path, "backup", str(file))
        assert done.exit_code == 0, done.output
        made.append((file, before, sum(writer.written for writer in writers)))
    stop.set()
    for writer in writers:
        writer.join()
    assert [problem for writer in writers for problem in writer.problems] == []
    grew = [after - before for _file, before, after in made]
    assert all(count > 0 for count in grew), "nobody wrote during a backup"
    for file, before, after in made:
        start = time.monotonic()
        done = run(elsewhere, tmp_path, "restore", str(file), "--replace")
        took = time.monotonic() - start
        longest = max(longest, took)
        assert done.exit_code == 0, done.output
        back = Store(elsewhere)
        with back.reading() as session:
            lines = chain(session, evening_id=1)
            scored = [
                json.loads(facts)["op"]
                for facts in session.scalars(sa.select(Event.facts).where(Event.kind == "scored"))
            ]
            newest = session.scalar(sa.select(sa.func.max(Score.seq)))
        back.engine.dispose()
        assert check_chain(lines) == lines[-1].hash
        assert len(scored) == len(set(scored))
        # Everything that was answered before the backup began is in it, and a score never without its event.
        assert before <= len(scored) <= after + WRITERS
        assert newest == lines[-1].seq
    print(f"{times} backups, {sum(grew)} scores stored meanwhile; the slowest came back in {longest:.1f} s")
    assert longest < 60


def test_a_backup_holds_no_secret_and_only_its_owner_can_read_it(store: Store, tmp_path: Path) -> None:
    open_scoring(store)
    file = tmp_path / "een.backup"
    done = run(url_of(store), tmp_path, "backup", str(file))
    assert done.exit_code == 0, done.output
    assert "1 evenings" in done.output
    assert file.stat().st_mode & 0o777 == 0o600
    kept = file.read_bytes()
    assert not [secret for secret in SECRETS.values() if secret.encode() in kept]
    assert sorted(path.name for path in tmp_path.iterdir() if "een" in path.name) == ["een.backup"]


def test_a_backup_is_never_written_over_something(store: Store, tmp_path: Path) -> None:
    settle(store)
    url = url_of(store)
    file = tmp_path / "kostbaar"
    file.write_text("van iemand anders")
    done = run(url, tmp_path, "backup", str(file))
    assert (done.exit_code, file.read_text()) == (1, "van iemand anders")
    assert "there already" in done.output
    done = run(url, tmp_path, "backup", str(tmp_path / "er-is-niets" / "x"))
    assert done.exit_code == 1
    assert "No such file" in done.output


def test_what_holds_anything_is_not_replaced_unless_asked_and_then_kept(
    store: Store, tmp_path: Path, elsewhere: str
) -> None:
    file = tmp_path / "leeg.backup"
    url = url_of(store)
    assert run(url, tmp_path, "backup", str(file)).exit_code == 0
    other = Store(elsewhere if "sqlite" not in elsewhere else _with_folder(elsewhere))
    migrate(other)
    settle(other)
    other.engine.dispose()
    refused = run(elsewhere, tmp_path, "restore", str(file))
    assert refused.exit_code == 1
    assert "--replace" in refused.output
    assert accounts(elsewhere) > 0
    done = run(elsewhere, tmp_path, "restore", str(file), "--replace")
    assert done.exit_code == 0, done.output
    assert accounts(elsewhere) == 0
    kept = Path(done.output.split("lies in ")[1].split("\n")[0])
    assert kept.stat().st_mode & 0o077 == 0
    again = run(elsewhere, tmp_path, "restore", str(kept), "--replace")
    assert again.exit_code == 0, again.output
    assert accounts(elsewhere) > 0


def test_nothing_is_put_back_under_a_site_that_runs(
    store: Store, fresh_database: Callable[[], str], tmp_path: Path
) -> None:
    file = tmp_path / "een.backup"
    url = url_of(store)
    assert run(url, tmp_path, "backup", str(file)).exit_code == 0
    store.engine.dispose()
    with serving(url, tmp_path):
        for more in ([], ["--replace"]):
            done = run(url, tmp_path, "restore", str(file), *more)
            assert done.exit_code == 1
            assert "stop" in done.output
    done = run(url, tmp_path, "restore", str(file))
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("harm", ["cut", "empty", "text", "bits", "score", "newer"])
def test_a_backup_that_is_not_whole_is_refused_and_nothing_changes(tmp_path: Path, harm: str) -> None:
    url = f"sqlite:///{tmp_path / 'site.db'}"
    store = Store(url)
    migrate(store)
    phones, item = open_scoring(store)
    with store.writing() as session:
        for phone in phones:
            take_place(session, 1, phone, item_id=item, scoring_version=1, score=4)
    file = tmp_path / "een.backup"
    assert run(url, tmp_path, "backup", str(file)).exit_code == 0
    store.engine.dispose()
    spoil(file, harm)
    before = (tmp_path / "site.db").read_bytes()
    done = run(url, tmp_path, "restore", str(file), "--replace")
    assert done.exit_code == 1
    assert done.output.startswith("beslisavond: the backup was not put back: ")
    assert len(done.output.splitlines()) == 1
    assert (tmp_path / "site.db").read_bytes() == before
    assert not [path for path in tmp_path.iterdir() if "before" in path.name or "part" in path.name]


def spoil(file: Path, harm: str) -> None:
    whole = file.read_bytes()
    if harm == "cut":
        file.write_bytes(whole[: len(whole) // 2])
    elif harm == "empty":
        file.write_bytes(b"")
    elif harm == "text":
        file.write_text("dit is geen kopie")
    elif harm == "bits":
        file.write_bytes(whole[:8192] + secrets.token_bytes(8192) + whole[16384:])
    else:
        with sqlite3.connect(file) as connection:
            if harm == "score":
                connection.execute(
                    "UPDATE evening_event SET facts = replace(facts, '\"score\":4', '\"score\":1')"
                )
            else:
                connection.execute("UPDATE alembic_version SET version_num = 'morgen'")
        connection.close()


def test_a_damaged_database_is_put_aside_for_a_backup(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'site.db'}"
    store = Store(url)
    migrate(store)
    settle(store)
    file = tmp_path / "een.backup"
    assert run(url, tmp_path, "backup", str(file)).exit_code == 0
    store.engine.dispose()
    (tmp_path / "site.db").write_bytes(b"stuk" * 10_000)
    done = run(url, tmp_path, "backup", str(tmp_path / "twee.backup"))
    assert done.exit_code == 1
    assert run(url, tmp_path, "restore", str(file)).exit_code == 1
    done = run(url, tmp_path, "restore", str(file), "--replace")
    assert done.exit_code == 0, done.output
    assert accounts(url) > 0


def test_a_backup_of_the_other_kind_of_database_is_refused(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "een.backup"
    assert run(url_of(store), tmp_path, "backup", str(file)).exit_code == 0
    sqlite_here = store.engine.dialect.name == "sqlite"
    other = "postgresql+psycopg://nobody@/nothing" if sqlite_here else f"sqlite:///{tmp_path / 'x.db'}"
    done = run(other, tmp_path, "restore", str(file))
    assert done.exit_code == 1
    assert "PB_DATABASE_URL" in done.output


def test_into_a_folder_old_backups_go_and_files_of_others_stay(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    old = [name_at(datetime.now(UTC) - timedelta(days=40, hours=hours)) for hours in (1, 2)]
    for name in [*old, "van-iemand-anders.backup", "beslisavond-99999999T999999Z.backup"]:
        (folder / name).touch()
    url = url_of(store)
    done = run(url, tmp_path, "backup", str(folder), "--keep-days", "14")
    assert done.exit_code == 0, done.output
    left = {path.name for path in folder.iterdir()}
    assert {"van-iemand-anders.backup", "beslisavond-99999999T999999Z.backup"} < left
    assert not left & set(old)
    assert len(left) == 3


def test_all_of_the_last_day_and_the_last_of_each_day_stay() -> None:
    now = datetime(2026, 11, 26, 21, 0, tzinfo=UTC)
    names = [name_at(now - timedelta(minutes=15 * count)) for count in range(30 * 96)]
    gone = set(too_old(names, now=now, keep_days=14))
    stays = [moment for name in names if name not in gone and (moment := made_at(name))]
    assert len([moment for moment in stays if moment >= now - timedelta(days=1)]) == 97
    assert [moment for moment in stays if moment < now - timedelta(days=14)] == []
    days = {moment.date() for moment in stays}
    assert days == {(now - timedelta(days=back)).date() for back in range(15)}
    assert too_old(names[-1:], now=now, keep_days=1) == [], "the newest of all stays, however old"
    assert too_old([name_at(now + timedelta(days=3)), *names[:1]], now=now, keep_days=1) == []


def test_tidying_up_is_a_command(store: Store, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pb", "tidy"], cwd=ROOT, env=environment(url_of(store), tmp_path),
        capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "0 lists thrown away\n"), done.stderr


def url_of(store: Store) -> str:
    return store.engine.url.render_as_string(hide_password=False)


def accounts(url: str) -> int:
    store = Store(url)
    with store.reading() as session:
        count = session.execute(sa.text("SELECT count(*) FROM people_account")).scalar_one()
    store.engine.dispose()
    return int(count)


def _with_folder(url: str) -> str:
    Path(url.removeprefix("sqlite:///")).parent.mkdir(exist_ok=True)
    return url


def test_a_backup_of_rows_that_are_not_what_the_events_say_is_refused_and_says_which(
    app: Flask, store: Store, place: Neighbourhood, tmp_path: Path
) -> None:
    open_hall(app, store, place, moment="done")
    file, url = tmp_path / "een.backup", url_of(store)
    first = sa.select(sa.func.min(DivisionLine.plan_id)).scalar_subquery()
    for harm, told in (
        (sa.update(Score).where(Score.item_id == 1, Score.score == 2).values(score=5), "1 scores of plan 1"),
        (sa.delete(Score).where(Score.item_id == 2, Score.score == 5), "2 scores of plan 2"),
        (sa.update(Decision).where(Decision.plan_id == first).values(yes=False), "the decision about plan 1"),
        (
            sa.update(Decision).where(Decision.plan_id == first).values(computed='{"hist":[5]}'),
            "the decision",
        ),
        (
            sa.update(DivisionLine).values(
                amount_cents=sa.case(
                    (DivisionLine.plan_id == first, DivisionLine.amount_cents + 100_000),
                    else_=DivisionLine.amount_cents - 100_000,
                )
            ),
            "the amounts of plan 1 and 2",
        ),
        (
            sa.update(DivisionRecord).values(confirmed_at=None, confirmed_by=None),
            "the division that was shown",
        ),
    ):
        with store.writing() as session:
            session.execute(harm)
            with pytest.raises(BackupProblem, match=told):
                look_through(session.connection())
            session.rollback()
    assert run(url, tmp_path, "backup", str(file)).exit_code == 0
    file.unlink()
    with store.writing() as session:
        session.execute(harm)
    done = run(url, tmp_path, "backup", str(file))
    assert (done.exit_code, file.exists()) == (1, False)
    told = "beslisavond: no backup was made: evening 1: other than its events say: the division"
    assert done.output.startswith(told)
    assert len(done.output.splitlines()) == 1
