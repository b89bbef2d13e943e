"""Now and then what was answered is taken back: the answer goes out, and its transaction does not."""

import itertools
from collections.abc import Sequence
from typing import Any

from pb.store.together import Together

_count = itertools.count(1)
_store = Together._store


def _answer_and_take_back(self: Any, store: Any, some: Sequence[Any]) -> None:
    if next(_count) % 10:
        _store(self, store, some)
        return
    with store._in_turn(), store._writing() as session:
        answers = self._run(session, [one.ask for one in some])
        session.rollback()
    for one, answer in zip(some, answers, strict=True):
        one.answer, one.done = answer, True


Together._store = _answer_and_take_back

from wsgi import app  # noqa: E402, F401
