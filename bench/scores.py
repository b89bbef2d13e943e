"""How many positions a second the app stores, beside a bare Flask view that does one upsert and a commit.

Both run in this process on the same kind of SQLite file with the same settings; what counts is the ratio.
"""

import secrets
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from flask import Flask, jsonify, request

from config import settings_from
from pb import demo
from pb.app import build
from pb.evening.actions.joining import sit_down
from pb.evening.actions.moving import press_next
from pb.evening.queries import evening_facts
from pb.migrate import migrate
from pb.people.queries import person_by_email
from pb.store.engine import Store
from pb.store.journal import account

TAPS = 600


def run() -> None:
    """Measure both, one after the other and twice, and print the ratio of the best of each."""
    with tempfile.TemporaryDirectory() as folder:
        ours, bare = _ours(Path(folder)), _bare(Path(folder))
        rates = {"ours": 0.0, "bare": 0.0}
        for _time in range(2):
            for name, tap in (("ours", ours), ("bare", bare)):
                began = time.perf_counter()
                for _tap in range(TAPS):
                    tap()
                rates[name] = max(rates[name], TAPS / (time.perf_counter() - began))
    print("scores: one request after another, SQLite, synchronous=FULL")
    print(f"  the score endpoint {rates['ours']:.0f} a second, a bare upsert {rates['bare']:.0f} a second")
    print(f"  ratio {rates['ours'] / rates['bare']:.2f}\n")


def _ours(folder: Path) -> Callable[[], None]:
    settings = settings_from({"PB_VAR": str(folder)})
    store = Store(settings.database_url)
    migrate(store)
    now = datetime.now(UTC)
    with store.writing() as session:
        demo.fill(session, settings=settings, now=now)
        host = person_by_email(session, email=demo.STAFF[1][0])
        for _step in range(2):
            session.expire_all()
            evening = evening_facts(session, evening_id=1)
            press_next(
                session, evening_id=1, step=evening.next.name, version=evening.version,
                who=account(host.account_id), now=now,
            )  # fmt: skip
            session.flush()
        tokens = [sit_down(session, evening_id=1, seat_id=seat, now=now) for seat in range(1, 31)]
    app = build(settings)
    clients = [app.test_client() for _token in tokens]
    for client, token in zip(clients, tokens, strict=True):
        client.set_cookie("seat", token)
    count = 0

    def tap() -> None:
        nonlocal count
        count += 1
        body = {"op": secrets.token_urlsafe(16), "n": count, "item": 1, "score": count % 5 + 1, "v": 1}
        answer = clients[count % len(clients)].post("/avond/1/cijfer", json=body)
        if answer.status_code != 200:
            raise RuntimeError(answer.text)

    return tap


def _bare(folder: Path) -> Callable[[], None]:
    app = Flask(__name__)
    store = Store(f"sqlite:///{folder / 'bare.db'}")
    with store.engine.execution_options(writing=True).begin() as connection:
        connection.exec_driver_sql("CREATE TABLE score (seat INTEGER PRIMARY KEY, score INTEGER)")

    @app.post("/score")
    def score() -> object:
        body = request.get_json()
        with store.engine.execution_options(writing=True).begin() as connection:
            connection.execute(
                sa.text(
                    "INSERT INTO score VALUES (:seat, :score) ON CONFLICT (seat) DO UPDATE SET score = :score"
                ),
                body,
            )
        return jsonify(ok=True)

    client = app.test_client()
    count = 0

    def tap() -> None:
        nonlocal count
        count += 1
        client.post("/score", json={"seat": count % 30, "score": count % 5 + 1})

    return tap
