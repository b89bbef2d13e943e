"""Writes that arrive at the same moment share a transaction, and none of them suffers for another."""

import threading
from collections.abc import Sequence

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.errors import Broken, NotFound
from pb.store.changes import mark
from pb.store.engine import Store
from pb.store.together import MOST_AT_ONCE, Together
from support.databases import create


class Notebook:
    """Writes down numbers, in one table; knows how many there were in each transaction."""

    def __init__(self, store: Store) -> None:
        self.batches: list[int] = []
        self.gate = threading.Event()
        self.gate.set()
        with store.writing() as session:
            session.execute(sa.text("CREATE TABLE notebook (number INTEGER PRIMARY KEY)"))

    def write(self, session: Session, numbers: Sequence[int]) -> list[int | Broken]:
        self.gate.wait(10)
        self.batches.append(len(numbers))
        answers: list[int | Broken] = []
        for number in numbers:
            if number < 0:
                answers.append(NotFound())
                continue
            session.execute(sa.text("INSERT INTO notebook VALUES (:number)"), {"number": number})
            answers.append(number)
        return answers


def stored(store: Store) -> set[int]:
    with store.reading() as session:
        return set(session.scalars(sa.text("SELECT number FROM notebook")))


def at_once(together: "Together[int, int]", store: Store, numbers: Sequence[int]) -> dict[int, object]:
    told: dict[int, object] = {}

    def write(number: int) -> None:
        try:
            told[number] = together.write(store, number)
        except Exception as error:
            told[number] = type(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def fail_after_marking(store: Store, topic: str) -> None:
    with store.writing() as session:
        mark(session, topic)
        raise ZeroDivisionError


def test_what_waits_is_written_in_one_transaction_and_each_gets_its_own_answer(store: Store) -> None:
    book = Notebook(store)
    together = Together(book.write)
    book.gate.clear()
    first = threading.Thread(target=together.write, args=(store, 0))
    first.start()
    waiting = threading.Timer(0.5, book.gate.set)
    waiting.start()
    told = at_once(together, store, range(1, 41))
    first.join()
    assert told == {number: number for number in range(1, 41)}
    assert stored(store) == set(range(41))
    assert len(book.batches) < 20
    assert max(book.batches) <= MOST_AT_ONCE


def test_a_broken_rule_of_one_says_nothing_about_the_others(store: Store) -> None:
    together = Together(Notebook(store).write)
    told = at_once(together, store, [1, -2, 3])
    assert told == {1: 1, -2: NotFound, 3: 3}
    assert stored(store) == {1, 3}


def test_a_write_that_the_database_refuses_does_not_take_the_others_with_it(store: Store) -> None:
    book = Notebook(store)
    together = Together(book.write)
    together.write(store, 5)
    book.gate.clear()
    first = threading.Thread(target=together.write, args=(store, 0))
    first.start()
    threading.Timer(0.3, book.gate.set).start()
    told = at_once(together, store, [4, 5, 6])
    first.join()
    assert told == {4: 4, 5: sa.exc.IntegrityError, 6: 6}
    assert stored(store) == {0, 4, 5, 6}


def test_nothing_is_answered_before_the_transaction_is_whole(store: Store) -> None:
    book = Notebook(store)
    seen: list[set[int]] = []

    def write_and_look(session: Session, numbers: Sequence[int]) -> list[int | Broken]:
        answers = book.write(session, numbers)
        seen.append(stored(store))
        return answers

    assert Together(write_and_look).write(store, 1) == 1
    assert seen == [set()]
    assert stored(store) == {1}


def test_what_was_stored_is_told_to_listeners_after_it_is_stored(store: Store) -> None:
    book = Notebook(store)
    heard: list[tuple[str, set[int]]] = []
    store.listen(lambda topic: heard.append((topic, stored(store))))
    with store.writing() as session:
        mark(session, "notebook 1")
        book.write(session, [7])
        assert heard == []
    assert heard == [("notebook 1", {7})]
    with pytest.raises(ZeroDivisionError):
        fail_after_marking(store, "notebook 1")
    assert len(heard) == 1


def test_another_server_hears_it_from_postgresql(postgresql: str) -> None:
    url = create(postgresql, "pb_heard")
    one, other = Store(url), Store(url)
    follower = other.follow()
    assert follower is not None
    with one.writing() as session:
        mark(session, "notebook 1")
    with pytest.raises(ZeroDivisionError):
        fail_after_marking(one, "notebook 2")
    deadline = threading.Event()
    heard: list[str] = []
    for _try in range(50):
        heard += follower.topics()
        if heard or deadline.wait(0.05):
            break
    assert heard == ["notebook 1"]
    follower.close()
    for made in (one, other):
        made.engine.dispose()
