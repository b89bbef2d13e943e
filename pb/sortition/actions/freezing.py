"""Freeze who can be drawn into a list with panels, publish it, or set it aside before its number comes."""

import hashlib
import hmac
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from threading import Lock
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, defer

from pb.core.canonical import sha256_of
from pb.core.dates import amsterdam_date
from pb.core.errors import BadInput, Broken, NotFound
from pb.core.mail import Letter
from pb.inviting import queries as inviting
from pb.inviting.actions.answering import hold_appeal
from pb.inviting.rules.appeal import Appeal
from pb.inviting.tables import Appeal as AppealRow
from pb.people.actions import post
from pb.sortition.lottery.drawing import Drawn, freeze, panels_advised, seat_invited
from pb.sortition.lottery.foreseeing import Prospect, foresee
from pb.sortition.queries import draws as queries
from pb.sortition.queries.pool import Candidates, candidates
from pb.sortition.rules.beacon import Beacon
from pb.sortition.rules.binding import Binding
from pb.sortition.rules.moments import Source, beacon_of, check_may_publish, check_may_set_aside
from pb.sortition.rules.pack import Terms
from pb.sortition.tables import BeaconReading, SeatDraw
from pb.store import journal
from pb.store.journal import Actor

_OUTLOOKS_KEPT: Final = 4


class CandidatesChanged(Broken):
    """Refuse to freeze another list than the one that was looked at."""

    code = "sortition.candidates-changed"


class AnswersStillOpen(BadInput):
    """Tell that people can still answer, and that freezing ends it; told, not raised. Facts: ``day``."""

    code = "sortition.answers-still-open"


class MatesLeftOut(BadInput):
    """Tell that people share an address with a fixed seat; told, not raised. Facts: ``count``."""

    code = "sortition.mates-left-out"


@dataclass(frozen=True, slots=True)
class Outlook:
    """Hold what somebody sees before freezing: how many people, their chances, and what to think about."""

    seen: str
    people: int
    fixed: int
    seats: int
    lowest: Fraction
    average: Fraction
    highest: Fraction
    without: int
    panels: int
    binding: Binding | None
    doubts: tuple[BadInput, ...]


@dataclass(frozen=True)
class Prepared:
    """Hold a draw that was computed and can be stored, as long as nobody said anything else meanwhile."""

    name: str
    seen: str
    source: Source
    beacon: Beacon
    drawn: Drawn
    seats: int
    people: int


def seen_of(found: Candidates) -> str:
    """Hash who can be drawn and what was asked, so that a change between looking and freezing is noticed."""
    whole, appeal = found.whole, found.appeal
    return sha256_of(
        [
            whole.seats,
            list(whole.features),
            [[target.feature, target.value, target.least, target.most] for target in whole.targets],
            [[person.id, list(person.values), person.household] for person in whole.people],
            [[person.id, list(person.values), person.household] for person in found.invited],
            ["none" if found.mode is None else found.mode.value, appeal.one_per_address],
        ]
    )


def look_ahead(found: Candidates, *, now: datetime) -> Outlook:
    """Foresee everybody's chance. Raises: what the engine refuses."""
    seated = seat_invited(found.whole, found.invited, found.mode)
    doubts = [*_of_appeal(found.appeal, now=now), *seated.doubts]
    if seated.address_mates:
        doubts.append(MatesLeftOut(count=len(seated.address_mates)))
    foreseen = _foreseen(seen_of(found), found)
    return replace(foreseen, doubts=(*doubts, *foreseen.doubts))


def doubt_key(doubt: BadInput) -> str:
    """Name a doubt, so that somebody can say of exactly this one: I know."""
    facts = "|".join(f"{name}={value}" for name, value in sorted(doubt.facts.items()))
    return hashlib.sha256(f"{doubt.code}|{facts}".encode()).hexdigest()[:16]


def prepare_draw(
    found: Candidates, *, name: str, source: Source, beacon: Beacon, card_key: bytes, panels: int
) -> Prepared:
    """Make the panels and both packs; takes seconds, so no transaction may be open. Raises: as the engine."""
    seated = seat_invited(found.whole, found.invited, found.mode)
    terms = Terms(
        panels=panels,
        seed=name,
        draw=name,
        mode="none" if found.mode is None else found.mode.value,
        household=found.appeal.one_per_address,
        salt_key=salt_key(card_key, name),
        beacon=beacon,
    )
    drawn = freeze(found.whole, seated, terms)
    return Prepared(
        name=name, seen=seen_of(found), source=source, beacon=beacon, drawn=drawn,
        seats=seated.pool.seats, people=len(seated.pool.people),
    )  # fmt: skip


def salt_key(card_key: bytes, name: str) -> str:
    """Make the secret of one draw from the key of the house; another draw has another."""
    return hmac.new(card_key, f"beslisavond:draw-salt:{name}".encode(), hashlib.sha256).hexdigest()


def store_draw(session: Session, *, round_id: int, prepared: Prepared, who: Actor, now: datetime) -> int:
    """Freeze: keep both packs, and let nobody answer any more. A second press gives the same draw.

    Raises: CandidatesChanged; NoAppeal.
    """
    hold_appeal(session, round_id)
    standing = queries.first_draw(session, round_id=round_id)
    if standing is not None:
        return standing.id
    same = prepared.seen == seen_of(candidates(session, round_id=round_id))
    if not same or prepared.name != queries.next_name(session, round_id=round_id):
        raise CandidatesChanged()
    beacon, frozen = prepared.beacon, prepared.drawn.frozen
    draw = SeatDraw(
        round_id=round_id,
        kind=queries.FIRST,
        seats=prepared.seats,
        panels=len(prepared.drawn.panels),
        source=prepared.source.value,
        beacon_round=beacon.round if prepared.source is Source.DRAND else None,
        beacon_at=beacon.at,
        pack=frozen.public,
        pack_sha256=frozen.sha256,
        auditor=frozen.auditor,
        frozen_at=now,
        frozen_by=who.id,
    )
    session.add(draw)
    session.get_one(AppealRow, round_id).frozen_at = now
    session.flush()
    _note(
        session, draw, who, now, "seat draw frozen", name=prepared.name, people=prepared.people,
        seats=prepared.seats, panels=draw.panels, sha256=frozen.sha256, source=draw.source,
        beacon_round=draw.beacon_round, beacon_at=beacon.at.isoformat(),
    )  # fmt: skip
    return draw.id


def publish_draw(
    session: Session, *, round_id: int, draw_id: int, letter: Letter, who: Actor, now: datetime
) -> int:
    """Publish a frozen list, tell everybody who said yes and left an address, and count them.

    A second press tells nobody twice. Raises: MomentPassed, DrawSetAside, NotFound.
    """
    draw = hold_draw(session, round_id=round_id, draw_id=draw_id)
    if draw.published_at is not None:
        return 0
    check_may_publish(beacon_of(Source(draw.source), draw.beacon_round, draw.beacon_at), now=now)
    draw.published_at = now
    told = _emails(session, round_id)
    for email in told:
        post(session, to_email=email, subject=letter.subject, body=letter.body, now=now)
    _note(session, draw, who, now, "seat draw published", sha256=draw.pack_sha256, told=len(told))
    return len(told)


def set_aside(
    session: Session, *, round_id: int, draw_id: int, reason: str, who: Actor, now: datetime
) -> None:
    """Set a draw aside before its number can be known; people can answer again, and a new one can be frozen.

    Raises: DrawStands, NotFound.
    """
    hold_appeal(session, round_id)
    draw = hold_draw(session, round_id=round_id, draw_id=draw_id)
    if draw.spare_at is not None:
        return
    was_read = draw.value is not None or session.scalar(
        sa.select(sa.exists().where(BeaconReading.draw_id == draw_id))
    )
    check_may_set_aside(
        source=Source(draw.source), published_at=draw.published_at, beacon_at=draw.beacon_at,
        was_read=bool(was_read), now=now,
    )  # fmt: skip
    draw.spare_at, draw.spare_reason = now, reason
    if draw.kind == queries.FIRST:
        session.get_one(AppealRow, round_id).frozen_at = None
    _note(session, draw, who, now, "seat draw set aside", sha256=draw.pack_sha256)


def hold_draw(session: Session, *, round_id: int, draw_id: int) -> SeatDraw:
    """Let one person at a time change a draw; its packs are not read. Raises: NotFound."""
    held = session.scalar(
        sa.select(SeatDraw)
        .where(SeatDraw.round_id == round_id, SeatDraw.id == draw_id)
        .options(defer(SeatDraw.pack), defer(SeatDraw.auditor), defer(SeatDraw.certificate))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if held is None:
        raise NotFound()
    return held


def _foreseen(seen: str, found: Candidates) -> Outlook:
    """Compute once for each list that somebody looks at; only these few figures are kept."""
    with _lock:
        if seen in _outlooks:
            return _outlooks[seen]
    seated = seat_invited(found.whole, found.invited, found.mode)
    prospect = foresee(seated.pool)
    made = Outlook(
        seen=seen, people=len(seated.pool.people), fixed=len(seated.seated), seats=found.whole.seats,
        lowest=prospect.chances.lowest, average=_average(prospect), highest=max(prospect.by_id.values()),
        without=sum(not chance for chance in prospect.by_id.values()),
        panels=panels_advised(prospect), binding=prospect.binding, doubts=prospect.doubts,
    )  # fmt: skip
    with _lock:
        _outlooks[seen] = made
        while len(_outlooks) > _OUTLOOKS_KEPT:
            _outlooks.popitem(last=False)
    return made


def _average(prospect: Prospect) -> Fraction:
    """Average over whoever can be drawn, as the lowest and the highest are."""
    able = sum(bool(chance) for chance in prospect.by_id.values())
    return Fraction(prospect.pool.seats, able) if able else Fraction(0)


_lock = Lock()
_outlooks: OrderedDict[str, Outlook] = OrderedDict()


def _of_appeal(appeal: Appeal, *, now: datetime) -> list[BadInput]:
    open_still = appeal.takes_answers_on(amsterdam_date(now))
    return [AnswersStillOpen(day=appeal.answers_close_on)] if open_still else []


def _emails(session: Session, round_id: int) -> list[str]:
    persons = inviting.persons(session, round_id=round_id)
    found: dict[str, str] = {}
    for answer in inviting.answers(session, round_id=round_id):
        email = persons[answer.id].email if answer.counts and answer.id in persons else ""
        if email:
            found.setdefault(email.lower(), email)
    return list(found.values())


def _note(session: Session, draw: SeatDraw, who: Actor, now: datetime, what: str, **facts: object) -> None:
    journal.note(
        session, at=now, who=who, what=what, subject=f"seat draw {draw.id}", round_id=draw.round_id, **facts
    )
