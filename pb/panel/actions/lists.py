"""Keep a checked list until somebody says yes, import it once, and forget what is old."""

import json
from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.canonical import canonical
from pb.core.sheet import Source
from pb.panel import queries
from pb.panel.actions.filling import hold_round
from pb.panel.actions.seats import add_invited
from pb.panel.rules.address_choice import Choice
from pb.panel.rules.keeping import UPLOAD_KEPT, FileKind, ListKnown, PanelChanged, UploadGone
from pb.panel.rules.people_file import PeopleFile, leave_out
from pb.panel.tables import Draw, DrawTicket, FileImport, Seat, SeatPerson, Upload
from pb.store import journal
from pb.store.journal import Actor


def keep_upload(
    session: Session,
    *,
    round_id: int,
    kind: FileKind,
    source: Source,
    content: bytes,
    who: Actor,
    now: datetime,
) -> None:
    """Keep a list that was checked until somebody says yes to it, for a day; the same list once.

    Raises: ListKnown for people that were imported before.
    """
    hold_round(session, round_id)
    imported_at = queries.imported_at(session, round_id=round_id, kind=kind, file_sha256=source.sha256)
    if imported_at is not None:
        raise ListKnown(imported_at=imported_at)
    forget_old_uploads(session, now=now)
    known = session.scalar(sa.select(Upload.id).where(_this_upload(round_id, kind, source.sha256)))
    if known is not None:
        return
    session.add(
        Upload(
            round_id=round_id,
            kind=kind.value,
            file_name=source.file_name,
            file_sha256=source.sha256,
            content=content,
            made_by=who.id,
            made_at=now,
        )
    )
    journal.note(
        session,
        at=now,
        who=who,
        what="list checked",
        subject=f"round {round_id}",
        kind=kind.value,
        rows=source.row_count,
        # Of a short list, whoever knows the hash can try which addresses are on it.
        file_sha256=None if kind is FileKind.OPT_OUTS else source.sha256,
    )


def keep_choice(
    session: Session, *, round_id: int, file_sha256: str, choice: Choice, who: Actor, now: datetime
) -> None:
    """Keep who of a kept list of addresses takes part; the same choice again changes nothing.

    Raises: UploadGone.
    """
    hold_round(session, round_id)
    this = _this_upload(round_id, FileKind.ADDRESSES, file_sha256)
    kept = session.scalar(sa.select(Upload).where(this))
    if kept is None:
        raise UploadGone()
    written = canonical(choice.to_json()).decode()
    if kept.choice == written:
        return
    kept.choice = written
    session.flush()
    _forget_unused_opt_outs(session, round_id)
    journal.note(
        session,
        at=now,
        who=who,
        what="addresses chosen",
        subject=f"round {round_id}",
        file_sha256=file_sha256,
        uses=choice.uses.value,
        in_use_only=choice.in_use_only,
        neighbourhoods=None if choice.neighbourhoods is None else list(choice.neighbourhoods),
        opt_outs=bool(choice.opt_outs_sha256),
    )


def import_people(
    session: Session,
    *,
    round_id: int,
    file: PeopleFile,
    left_out_rows: Collection[int],
    highest_seen: int,
    card_key: bytes,
    who: Actor,
    now: datetime,
) -> int | None:
    """Give the people of a kept list a seat, and give how many; None when that was done before.

    ``highest_seen`` is the highest seat number when somebody looked for people with two seats.
    Raises: UploadGone, PanelChanged, PanelFull.
    """
    hold_round(session, round_id)
    sha256 = file.source.sha256
    if queries.imported_at(session, round_id=round_id, kind=FileKind.PEOPLE, file_sha256=sha256) is not None:
        return None
    if queries.highest_number(session, round_id=round_id) != highest_seen:
        raise PanelChanged()
    take_upload(session, round_id=round_id, kind=FileKind.PEOPLE, file_sha256=sha256)
    people = leave_out(file, left_out_rows).people
    session.add(
        FileImport(
            round_id=round_id,
            kind=FileKind.PEOPLE.value,
            file_sha256=sha256,
            row_count=file.source.row_count,
            imported_at=now,
        )
    )
    add_invited(session, round_id=round_id, people=people, card_key=card_key, who=who, now=now)
    journal.note(
        session,
        at=now,
        who=who,
        what="list imported",
        subject=f"round {round_id}",
        file_sha256=sha256,
        rows=file.source.row_count,
        seats=len(people),
    )
    return len(people)


def take_upload(session: Session, *, round_id: int, kind: FileKind, file_sha256: str) -> datetime:
    """Use up a list that was kept, and give when it came in. Raises: UploadGone."""
    made_at = session.scalar(sa.select(Upload.made_at).where(_this_upload(round_id, kind, file_sha256)))
    if made_at is None:
        raise UploadGone()
    session.execute(sa.delete(Upload).where(_this_upload(round_id, kind, file_sha256)))
    return made_at


def forget_old_uploads(session: Session, *, now: datetime) -> int:
    """Throw away lists that waited for more than a day, in every round; give how many."""
    old = list(session.scalars(sa.select(Upload.id).where(Upload.made_at <= now - UPLOAD_KEPT)))
    if old:
        session.execute(sa.delete(Upload).where(Upload.id.in_(old)))
        journal.note(
            session, at=now, who=journal.SYSTEM, what="lists thrown away", subject="lists", lists=len(old)
        )
    return len(old)


def forget_persons(session: Session, *, round_id: int, who: Actor, now: datetime) -> int:
    """Destroy who sits where and which addresses were in a draw; give how many persons were forgotten.

    Seats, their origins and the proof of the draws stay.
    """
    hold_round(session, round_id)
    seat_ids = sa.select(Seat.id).where(Seat.round_id == round_id)
    draw_ids = sa.select(Draw.id).where(Draw.round_id == round_id)
    persons = list(session.scalars(sa.select(SeatPerson.seat_id).where(SeatPerson.seat_id.in_(seat_ids))))
    session.execute(sa.delete(SeatPerson).where(SeatPerson.seat_id.in_(seat_ids)))
    session.execute(sa.delete(DrawTicket).where(DrawTicket.draw_id.in_(draw_ids)))
    session.execute(sa.delete(Upload).where(Upload.round_id == round_id))
    journal.note(
        session, at=now, who=who, what="persons forgotten", subject=f"round {round_id}", persons=len(persons)
    )
    return len(persons)


def _forget_unused_opt_outs(session: Session, round_id: int) -> None:
    of_round = Upload.round_id == round_id
    choices = session.scalars(sa.select(Upload.choice).where(of_round, Upload.choice.is_not(None)))
    used = {Choice.from_json(json.loads(choice)).opt_outs_sha256 for choice in choices if choice}
    session.execute(
        sa.delete(Upload).where(
            of_round, Upload.kind == FileKind.OPT_OUTS.value, Upload.file_sha256.not_in(used)
        )
    )


def _this_upload(round_id: int, kind: FileKind, file_sha256: str) -> sa.ColumnElement[bool]:
    return sa.and_(Upload.round_id == round_id, Upload.kind == kind.value, Upload.file_sha256 == file_sha256)
