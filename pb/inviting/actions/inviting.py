"""Draw addresses and give each a letter; say that letters were sent; give a letter a new code."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Unpack

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.dates import amsterdam_date
from pb.core.errors import NotFound
from pb.inviting.actions.answering import hold_appeal
from pb.inviting.queries import waves
from pb.inviting.rules.codes import invitation_code, invitation_lookup
from pb.inviting.rules.letter import LetterReplaced
from pb.inviting.rules.waves import check_open
from pb.inviting.tables import Invitation, InvitationPerson
from pb.panel.actions import DrawTerms, hold_draw, written
from pb.panel.rules.origins import Origin
from pb.store import journal
from pb.store.journal import Actor


@dataclass(frozen=True, slots=True)
class Guest:
    """Whoever is invited: an address, or somebody of the network; empty text where nothing is known."""

    origin: Origin
    place: int | None = None
    name: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    address_key: str | None = field(default=None, repr=False)


def draw_letters(session: Session, *, key: bytes, **terms: Unpack[DrawTerms]) -> int:
    """Draw addresses from a kept list, make each a letter with a code, and give the draw's id.

    All letters of a draw are one wave, the next. The same list, seed and number again is the same draw.
    Raises: NoAppeal, LettersTooLate; the refusals of hold_draw.
    """
    held = hold_draw(session, what="letters drawn", **terms)
    if not held.is_new:
        return held.id
    round_id, now = terms["round_id"], terms["now"]
    check_open(hold_appeal(session, round_id), amsterdam_date(now))
    make_invitations(
        session,
        round_id=round_id,
        guests=[
            Guest(Origin.LOT, place, address=written(address), address_key=address.key)
            for place, address in enumerate(held.chosen, start=1)
        ],
        draw_id=held.id,
        wave=waves.highest_wave(session, round_id=round_id) + 1,
        key=key,
        who=terms["who"],
        now=now,
    )
    return held.id


def make_invitations(
    session: Session,
    *,
    round_id: int,
    guests: Sequence[Guest],
    draw_id: int | None,
    wave: int,
    key: bytes,
    who: Actor,
    now: datetime,
) -> list[int]:
    """Make an invitation for each guest, in this order, and give their ids; the round must be held."""
    if not guests:
        return []
    # A code is made from the invitation's id, which is not known yet.
    names = [f"new {round_id} {number}" for number in range(len(guests))]
    session.execute(
        sa.insert(Invitation),
        [
            {
                "round_id": round_id, "origin": guest.origin.value, "draw_id": draw_id, "place": guest.place,
                "wave": wave, "serial": 1, "code_hmac": name, "made_at": now,
                "made_by": who.id if who.kind == "account" else None,
            }
            for name, guest in zip(names, guests, strict=True)
        ],
    )  # fmt: skip
    new = sa.select(Invitation.code_hmac, Invitation.id).where(
        Invitation.round_id == round_id, Invitation.code_hmac.startswith("new ")
    )
    made = {name: one for name, one in session.execute(new)}  # noqa: C416
    ids = [made[name] for name in names]
    session.execute(sa.update(Invitation), [{"id": one, "code_hmac": _lookup(key, one, 1)} for one in ids])
    session.execute(
        sa.insert(InvitationPerson),
        [
            {
                "invitation_id": one, "name": guest.name, "email": guest.email, "phone": guest.phone,
                "address": guest.address, "address_key": guest.address_key,
            }
            for one, guest in zip(ids, guests, strict=True)
        ],
    )  # fmt: skip
    return ids


def mark_sent(
    session: Session, *, round_id: int, wave: int, was_sent: bool = True, who: Actor, now: datetime
) -> int:
    """Write down that the letters of a wave went to the post, or that they did not yet; give how many.

    What was written down before stays as it was.
    Raises: NotFound.
    """
    if wave < 1 or wave > waves.highest_wave(session, round_id=round_id):
        raise NotFound()
    of_wave = sa.and_(
        Invitation.round_id == round_id, Invitation.origin == Origin.LOT.value, Invitation.wave == wave
    )
    before = Invitation.sent_at.is_(None) if was_sent else Invitation.sent_at.is_not(None)
    ids = list(session.scalars(sa.select(Invitation.id).where(of_wave, before)))
    if ids:
        session.execute(
            sa.update(Invitation).where(of_wave, before).values(sent_at=now if was_sent else None),
            execution_options={"synchronize_session": False},
        )
        journal.note(
            session,
            at=now,
            who=who,
            what="letters sent" if was_sent else "letters not sent yet",
            subject=f"round {round_id}",
            wave=wave,
            letters=len(ids),
        )
    return len(ids)


def new_code(
    session: Session,
    *,
    round_id: int,
    invitation_id: int,
    replaces: int,
    key: bytes,
    who: Actor,
    now: datetime,
) -> int:
    """Give a letter a new code, and give its serial; the code of the old letter opens nothing any more.

    Somebody of the network then counts as not asked yet, so that the new code can be mailed.
    ``replaces`` is the serial that was seen: pressing twice makes one code.
    Raises: LetterReplaced when somebody made another code since; NotFound.
    """
    row = session.scalar(
        sa.select(Invitation)
        .where(Invitation.round_id == round_id, Invitation.id == invitation_id, Invitation.gone_at.is_(None))
        .with_for_update()
    )
    if row is None:
        raise NotFound()
    if row.serial == replaces + 1:
        return row.serial
    if row.serial != replaces:
        raise LetterReplaced()
    row.serial += 1
    row.code_hmac = _lookup(key, row.id, row.serial)
    if row.origin != Origin.LOT.value:
        row.sent_at = None
    journal.note(
        session,
        at=now,
        who=who,
        what="letter got a new code",
        subject=f"invitation {row.id}",
        round_id=round_id,
        serial=row.serial,
    )
    return row.serial


def _lookup(key: bytes, invitation_id: int, serial: int) -> str:
    return invitation_lookup(key, invitation_code(key, invitation_id, serial))
