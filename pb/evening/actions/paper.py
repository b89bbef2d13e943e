"""Type figures from paper: two people type each form, and a third settles what differs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from pb.core.errors import NotFound
from pb.evening.actions.events import append, hold
from pb.evening.queries.paper import paper_entries, paper_places
from pb.evening.queries.people import seat_has_phone
from pb.evening.rules.floor import Way
from pb.evening.rules.paper import (
    Entry,
    Mark,
    NothingTyped,
    PaperPlace,
    check_paper,
    check_settler,
    differs,
    next_turn,
    what_counts,
)
from pb.evening.tables import AgendaItem, Evening, PaperEntry, Score
from pb.panel.queries import seat
from pb.store import journal
from pb.store.journal import Actor


@dataclass(frozen=True)
class Typed:
    """What became of a form: plans typed for the first time, plans that are right, plans that differ.

    ``right`` are agenda item ids: two people typed the same.
    """

    first: int
    right: frozenset[int]
    differs: int


def type_form(
    session: Session,
    *,
    evening_id: int,
    seat_id: int,
    marks: Mapping[int, Mark],
    who: Actor,
    now: datetime,
) -> Typed:
    """Type the paper of one seat, for some plans by agenda item id: all of it, or nothing.

    What two people typed the same counts at once; the room sees late paper when the pile of its plan is in.
    Raises: NotFound, NothingTyped, NotCheckedIn, and what ``check_paper`` and ``next_turn`` raise.
    """
    evening, account_id = hold(session, evening_id), _account(who)
    if not marks:
        raise NothingTyped()
    number = seat(session, round_id=evening.round_id, seat_id=seat_id).number
    places = paper_places(session, evening_id=evening_id, seat_id=seat_id)
    entries = paper_entries(session, evening_id=evening_id, seat_id=seat_id)
    done: dict[int, Sequence[Entry]] = {}
    for item_id, mark in sorted(marks.items(), key=lambda one: places[one[0]].position):
        place = places[item_id]
        check_paper(place)
        typed = entries.get((item_id, seat_id), [])
        turn = next_turn(typed, typed_by=account_id, number=number, position=place.position)
        done[item_id] = [*typed, Entry(turn, mark, account_id)]
        _keep(session, evening, (item_id, seat_id), done[item_id], place, now)
    _note(session, evening_id, "paper typed", seat_id, len(done), who, now)
    right = frozenset(
        item_id for item_id, entries_now in done.items() if what_counts(entries_now) is not None
    )
    apart = sum(1 for entries_now in done.values() if differs(entries_now))
    return Typed(first=len(done) - len(right) - apart, right=right, differs=apart)


def settle(
    session: Session,
    *,
    evening_id: int,
    item_id: int,
    seat_id: int,
    mark: Mark,
    who: Actor,
    now: datetime,
) -> None:
    """Let a third person say what stands on the paper.

    Raises: NotFound, NoDifference, SettlerTyped, and what ``check_paper`` raises.
    """
    evening, account_id = hold(session, evening_id), _account(who)
    places = paper_places(session, evening_id=evening_id, seat_id=seat_id)
    if item_id not in places:
        raise NotFound()
    entries = paper_entries(session, evening_id=evening_id, seat_id=seat_id).get((item_id, seat_id), [])
    check_settler(entries, typed_by=account_id)
    check_paper(places[item_id])
    settled = [*entries, Entry(3, mark, account_id)]
    _keep(session, evening, (item_id, seat_id), settled, places[item_id], now)
    _note(session, evening_id, "paper settled", seat_id, 1, who, now)


def _keep(
    session: Session,
    evening: Evening,
    which: tuple[int, int],
    entries: Sequence[Entry],
    place: PaperPlace,
    now: datetime,
) -> None:
    (item_id, seat_id), newest = which, entries[-1]
    session.add(
        PaperEntry(
            item_id=item_id,
            seat_id=seat_id,
            turn=newest.turn,
            score=newest.mark.score,
            invalid=newest.mark.invalid.value if newest.mark.invalid else "",
            typed_by=newest.typed_by,
            typed_at=now,
        )
    )
    mark = what_counts(entries)
    if mark is None:
        return
    if mark.score is None:
        why = mark.invalid.value if mark.invalid else ""
        append(session, evening, "paper_invalid", now, item=item_id, seat=seat_id, why=why)
        return
    seq = append(session, evening, "paper_scored", now, item=item_id, seat=seat_id, score=mark.score)
    row = session.get(Score, which)
    if place.went_home and (row is None or row.score is None):
        # Who gave a score and went home counts among those who may, like somebody with a phone.
        item = session.get_one(AgendaItem, item_id)
        item.may_score = (item.may_score or 0) + 1
    if row is None:
        row = Score(item_id=item_id, seat_id=seat_id)
        session.add(row)
    row.score, row.way, row.seq = mark.score, Way.PAPER.value, seq
    row.first_score = row.first_score or mark.score
    if seat_has_phone(session, evening_id=evening.id, seat_id=seat_id):
        # Its phone must show the score that counts.
        evening.version += 1
        evening.moved_at, evening.moved_by = now, newest.typed_by


def _account(who: Actor) -> int:
    if who.kind != "account" or who.id is None:
        raise NotFound()
    return who.id


def _note(
    session: Session, evening_id: int, what: str, seat_id: int, plans: int, who: Actor, now: datetime
) -> None:
    journal.note(
        session, at=now, who=who, what=what, subject=f"evening {evening_id}", seat_id=seat_id, plans=plans
    )
