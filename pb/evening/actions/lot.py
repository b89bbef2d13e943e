"""Keep what the room threw for the lot."""

from datetime import datetime

from sqlalchemy.orm import Session

from pb.evening.actions.events import append, hold
from pb.evening.actions.moving import agenda
from pb.evening.rules.lot import check_throw_again, read_seed
from pb.store import journal
from pb.store.journal import Actor


def throw_lot(session: Session, *, evening_id: int, typed: str, who: Actor, now: datetime) -> None:
    """Keep a throw for the lot, in place of an earlier one; the same again changes nothing.

    Raises: SeedMissing, SeedUnclear, LotSettled, NotFound.
    """
    evening = hold(session, evening_id)
    seed = read_seed(typed)
    if seed == evening.lot_seed:
        return
    check_throw_again(scored_versions=sum(item.scoring_version for item in agenda(session, evening_id)))
    evening.lot_seed = seed
    append(session, evening, "lot_seed_set", now, lot_seed=seed)
    journal.note(session, at=now, who=who, what="lot thrown", subject=f"evening {evening_id}", lot_seed=seed)
