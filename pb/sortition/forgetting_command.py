"""Forget what was promised to be forgotten, for example from a timer at night."""

from datetime import datetime

from pb.sortition.actions.forgetting import due, forget_round, forget_seats, seats_due
from pb.sortition.queries.mirror import EveningsCame, EveningsToCome
from pb.store import journal
from pb.store.engine import Store


def forget_what_is_due(
    store: Store, *, evenings: EveningsCame, to_come: EveningsToCome, now: datetime
) -> int:
    """Forget the answers of every round whose day has come, and count the rounds; again changes nothing.

    Who has a seat goes the day after the last evening.
    """
    with store.reading() as session:
        rounds = due(session, now=now)
    done = 0
    for round_id in rounds:
        with store.writing() as session:
            forgotten = forget_round(
                session, round_id=round_id, evenings=evenings, who=journal.SYSTEM, now=now
            )
        done += forgotten is not None
    with store.reading() as session:
        over = seats_due(session, came=evenings, to_come=to_come, now=now)
    for round_id in over:
        with store.writing() as session:
            forget_seats(session, round_id=round_id, who=journal.SYSTEM, now=now)
    return done
