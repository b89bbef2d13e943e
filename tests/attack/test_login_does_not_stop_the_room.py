"""Strangers who try passwords do not keep the room from scoring, and cannot guess faster by hurrying."""

import threading
from collections.abc import Callable

import pytest

from pb.core.errors import TryAgainSoon
from pb.people import actions
from pb.people.rules import Role, TooManyTries
from pb.store.engine import Store
from support.neighbourhood import NOW, PASSWORD, Neighbourhood, email_of
from support.visitor import Visitor


def test_a_password_is_looked_at_outside_any_transaction(
    visitor: Visitor, place: Neighbourhood, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = []
    look: Callable[[str, str], bool] = actions._matches

    def look_while_somebody_writes(stored: str, password: str) -> bool:
        def write() -> None:
            with store.writing() as session:
                actions.add_area(session, name="Intussen", now=NOW)
            written.append(True)

        other = threading.Thread(target=write)
        other.start()
        other.join(timeout=3)
        return look(stored, password)

    monkeypatch.setattr(actions, "_matches", look_while_somebody_writes)
    visitor.log_in(email_of(Role.FACILITATOR))
    assert written == [True]


def test_few_passwords_are_looked_at_at_once_and_a_long_line_is_turned_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    busy, go_on = threading.Barrier(3), threading.Event()
    monkeypatch.setattr(actions, "_in_line", threading.BoundedSemaphore(3))
    monkeypatch.setattr(actions, "WAITS_SECONDS", 0.2)

    def slowly(_stored: str, _password: str) -> bool:
        busy.wait(timeout=5)
        go_on.wait(timeout=5)
        return False

    monkeypatch.setattr(actions, "_matches", slowly)
    waiting = [threading.Thread(target=actions.opened_hash, args=(None, "x")) for _ in range(2)]
    for thread in waiting:
        thread.start()
    busy.wait(timeout=5)
    # A third waits for its turn, but not for ever.
    with pytest.raises(TryAgainSoon):
        actions.opened_hash(None, "x")
    # Where the line is full, nobody waits at all.
    monkeypatch.setattr(actions, "WAITS_SECONDS", 60.0)
    assert actions._in_line.acquire(blocking=False)
    with pytest.raises(TryAgainSoon):
        actions.opened_hash(None, "x")
    go_on.set()
    for thread in waiting:
        thread.join()


def test_a_right_password_after_five_wrong_ones_at_once_is_refused(
    store: Store, place: Neighbourhood
) -> None:
    for _try in range(5):
        with store.writing() as session:
            assert actions.check_password(session, email=email_of(Role.ADMIN), opened=None, now=NOW) is None
    with pytest.raises(TooManyTries), store.writing() as session:
        actions.check_password(session, email=email_of(Role.ADMIN), opened="whatever", now=NOW)


def test_a_keyboard_that_types_an_accent_as_two_characters_logs_in(
    visitor: Visitor, place: Neighbourhood, store: Store
) -> None:
    with store.writing() as session:
        actions.add_account(
            session, email="e@wijk.example", name="", password="caf\u00e9 caf\u00e9 caf\u00e9", now=NOW
        )
    visitor.fill(
        "/inloggen",
        {"work_email": "e@wijk.example", "password": "cafe\u0301 cafe\u0301 cafe\u0301"},
        status=403,  # logged in, but without a role there is no desk
        form="form#wachtwoord",
    )


def test_a_wrong_password_is_still_wrong(visitor: Visitor, place: Neighbourhood) -> None:
    visitor.fill(
        "/inloggen",
        {"work_email": email_of(Role.ADMIN), "password": PASSWORD + "x"},
        status=422,
        form="form#wachtwoord",
    )
