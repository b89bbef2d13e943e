"""Let writes that arrive at the same moment share one transaction: a full room waits for one fsync."""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.errors import Broken, TryAgainSoon
from pb.store.engine import BUSY_TIMEOUT_MS, Store

Ask = TypeVar("Ask")
Answer = TypeVar("Answer")
MOST_AT_ONCE = 64


class _Waiting(Generic[Ask, Answer]):
    """One write that waits for its answer, or for its turn to write for all who wait."""

    def __init__(self, ask: Ask) -> None:
        self.ask = ask
        self.answer: Answer | Broken | None = None
        self.failure: BaseException | None = None
        self.leads = False
        self.awake = threading.Event()


class Together(Generic[Ask, Answer]):
    """Run whatever waits in one transaction: all of it is stored before the first is answered.

    ``run`` gets the writes in order of arrival and gives an answer, or the rule that was broken, for each;
    a broken rule of one write says nothing about the others.
    """

    def __init__(self, run: Callable[[Session, Sequence[Ask]], list[Answer | Broken]]) -> None:
        self._run = run
        self._queue: deque[_Waiting[Ask, Answer]] = deque()
        self._lock = threading.Lock()
        self._busy = False

    def write(self, store: Store, ask: Ask) -> Answer:
        """Store this, together with whatever else waits, and answer once it is stored.

        Raises: the rule that was broken; TryAgainSoon when others keep the database too long.
        """
        mine: _Waiting[Ask, Answer] = _Waiting(ask)
        with self._lock:
            self._queue.append(mine)
            if not self._busy:
                self._busy = mine.leads = True
        if not mine.leads:
            self._wait(mine)
        if mine.leads:
            try:
                self._write_some(store)
            finally:
                self._pass_on()
        if mine.failure is not None:
            raise mine.failure
        if isinstance(mine.answer, Broken):
            raise mine.answer
        assert mine.answer is not None  # noqa: S101
        return mine.answer

    def _wait(self, mine: _Waiting[Ask, Answer]) -> None:
        if mine.awake.wait(BUSY_TIMEOUT_MS / 1000):
            return
        with self._lock:
            if mine in self._queue and not mine.leads:
                # Nothing of it was stored, nor will be.
                self._queue.remove(mine)
                raise TryAgainSoon()
        # It is being written at this very moment; the database's own patience ends that.
        mine.awake.wait()

    def _pass_on(self) -> None:
        """Let whoever waits longest write for all who wait now."""
        with self._lock:
            if not self._queue:
                self._busy = False
                return
            following = self._queue[0]
            following.leads = True
        following.awake.set()

    def _write_some(self, store: Store) -> None:
        with self._lock:
            some = [self._queue.popleft() for _ in range(min(len(self._queue), MOST_AT_ONCE))]
        try:
            self._store(store, some)
        except (sa.exc.OperationalError, TryAgainSoon) as error:
            self._fail(some, error)
        except Exception as error:
            if len(some) == 1:
                self._fail(some, error)
                return
            # One write that cannot be stored must not take the others with it.
            for one in some:
                try:
                    self._store(store, [one])
                except Exception as own:
                    self._fail([one], own)

    def _store(self, store: Store, some: Sequence[_Waiting[Ask, Answer]]) -> None:
        with store.writing() as session:
            answers = self._run(session, [one.ask for one in some])
        for one, answer in zip(some, answers, strict=True):
            one.answer = answer
            one.awake.set()

    @staticmethod
    def _fail(some: Sequence[_Waiting[Ask, Answer]], error: BaseException) -> None:
        for one in some:
            one.failure = error
            one.awake.set()
