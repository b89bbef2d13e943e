"""Forget what was promised to be forgotten, for example from a timer at night."""

from datetime import datetime

from pb.sortition.actions.forgetting import due, forget_round
from pb.sortition.queries.mirror import EveningsCame
from pb.store import journal
from pb.store.engine import Store


def forget_what_is_due(store: Store, *, evenings: EveningsCame, now: datetime) -> int:
    """Forget the answers of every round whose day has come, and count the rounds; again changes nothing."""
    with store.reading() as session:
        rounds = due(session, now=now)
    done = 0
    for round_id in rounds:
        with store.writing() as session:
            forgotten = forget_round(
                session, round_id=round_id, evenings=evenings, who=journal.SYSTEM, now=now
            )
        done += forgotten is not None
    return done
