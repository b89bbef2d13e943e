"""One picture of an evening for everybody who looks, read again only when a step was made."""

import dataclasses
import threading
from weakref import WeakKeyDictionary

from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session

from pb.evening.queries.evenings import EveningFacts, evening_facts, version_and_seq

MOST_KEPT = 50

_kept: WeakKeyDictionary[Engine | Connection, dict[int, EveningFacts]] = WeakKeyDictionary()
_lock = threading.Lock()


def evening_snapshot(session: Session, *, evening_id: int) -> EveningFacts | None:
    """Give an evening as it is since its last step; a whole room costs one reading of it.

    Only for surfaces that follow steps: what changes between steps (head of the chain, speaking turns) may be
    older. None when there is no such evening.
    """
    numbers = version_and_seq(session, evening_id=evening_id)
    if numbers is None:
        return None
    version, seq = numbers
    with _lock:
        of_this_store = _kept.setdefault(session.get_bind(), {})
        known = of_this_store.get(evening_id)
    if known is None or known.version != version:
        known = evening_facts(session, evening_id=evening_id)
        with _lock:
            if len(of_this_store) >= MOST_KEPT:
                of_this_store.clear()
            of_this_store[evening_id] = known
    return dataclasses.replace(known, seq=seq)
