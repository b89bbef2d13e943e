"""Draw addresses by lot, give them seats, and draw again to see that it comes out the same."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NotRequired, TypedDict, Unpack

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.panel import queries
from pb.panel.actions.filling import Newcomer, fill_seats, hold_round
from pb.panel.actions.lists import take_upload
from pb.panel.rules.address import Address
from pb.panel.rules.address_choice import Choice, NeighbourhoodMissing, Selection, choose_addresses
from pb.panel.rules.address_file import AddressFile
from pb.panel.rules.address_opt_out import OptOuts
from pb.panel.rules.draw import DrawResult, draw_addresses
from pb.panel.rules.keeping import FileKind, PanelChanged, SeedUsed
from pb.panel.rules.origins import Origin
from pb.panel.tables import Draw, DrawTicket
from pb.store import journal
from pb.store.journal import Actor


@dataclass(frozen=True, slots=True)
class DrawnAgain:
    """Say whether a file gives the same pool and the same outcome as a draw that was held."""

    same_pool: bool
    same_outcome: bool
    result: DrawResult | None


@dataclass(frozen=True, slots=True)
class HeldDraw:
    """A draw that stands, with its addresses in the order drawn.

    ``is_new`` is false when the same list, number and seed were drawn before: then everybody has theirs.
    """

    id: int
    chosen: tuple[Address, ...] = field(repr=False)
    is_new: bool


class DrawTerms(TypedDict):
    """Hold what every draw of addresses is held with, whatever those addresses get."""

    round_id: int
    file: AddressFile
    wanted: int
    seed: str
    pool_sha256: str
    who: Actor
    now: datetime
    selection: NotRequired[Selection | None]


def hold_draw(
    session: Session,
    *,
    round_id: int,
    file: AddressFile,
    wanted: int,
    seed: str,
    pool_sha256: str,
    what: str,
    who: Actor,
    now: datetime,
    selection: Selection | None = None,
) -> HeldDraw:
    """Draw addresses from a kept list and keep which; what they get, the caller decides.

    Addresses drawn before in this round stay out. ``pool_sha256`` is the hash that people saw before they
    chose the seed: that of the selection, or without one of the addresses. Only what is drawn is kept. The
    same list, seed and number again is the same draw. ``what`` is the line in the journal.
    Raises: SeedUsed, PanelChanged, UploadGone, DrawCountWrong, DrawPoolTooSmall, DrawSeedWrong.
    """
    hold_round(session, round_id)
    sha256 = file.source.sha256
    known = _drawn_with(session, round_id=round_id, seed=seed)
    if known is not None:
        if (known.file_sha256, known.wanted, known.shown_sha256) == (sha256, wanted, pool_sha256):
            return HeldDraw(known.id, (), is_new=False)
        raise SeedUsed()
    result, shown_sha256 = _draw(session, round_id, file, selection, wanted, seed)
    if shown_sha256 != pool_sha256:
        raise PanelChanged()
    draw = Draw(
        round_id=round_id,
        seed=seed,
        wanted=wanted,
        pool_size=result.pool_size,
        left_out=result.seated,
        pool_sha256=result.pool_sha256,
        file_sha256=sha256,
        drawn_at=now,
        drawn_by=who.id,
        pool_fixed_at=_take_lists(session, round_id, sha256, selection),
        published=selection.published if selection is not None else None,
    )
    session.add(draw)
    session.flush()
    session.execute(
        sa.insert(DrawTicket),
        [
            {"draw_id": draw.id, "address_key": address.key, "place": place}
            for place, address in enumerate(result.chosen, start=1)
        ],
    )
    journal.note(
        session,
        at=now,
        who=who,
        what=what,
        subject=f"draw {draw.id}",
        round_id=round_id,
        wanted=wanted,
        pool_size=result.pool_size,
        left_out=result.seated,
        pool_sha256=result.pool_sha256,
        shown_sha256=shown_sha256,
        seed=seed,
    )
    return HeldDraw(draw.id, result.chosen, is_new=True)


def draw_seats(session: Session, *, card_key: bytes, **terms: Unpack[DrawTerms]) -> int:
    """Hold a draw, give each address a seat at once, and give the draw's id.

    Raises: PanelFull; the refusals of hold_draw.
    """
    held = hold_draw(session, what="seats drawn", **terms)
    if held.is_new:
        fill_seats(
            session,
            round_id=terms["round_id"],
            draw_id=held.id,
            card_key=card_key,
            who=terms["who"],
            now=terms["now"],
            newcomers=[
                Newcomer(Origin.LOT, address=written(address), address_key=address.key)
                for address in held.chosen
            ],
        )
    return held.id


def draw_again(
    session: Session, *, round_id: int, draw_id: int, file: AddressFile, opt_outs: OptOuts | None = None
) -> DrawnAgain:
    """Draw from a file with the seed of a draw that was held; nothing is stored.

    The file must have been read as the draw chose; ``opt_outs`` are the addresses that got no letter.
    Raises: NotFound.
    """
    held = queries.draw(session, round_id=round_id, draw_id=draw_id)
    before = queries.drawn_before(session, round_id=round_id, draw_id=draw_id)
    try:
        selection = choose_addresses(
            file, Choice.from_published(held.published), opt_outs=opt_outs, drawn_before=before
        )
    except NeighbourhoodMissing:
        return DrawnAgain(same_pool=False, same_outcome=False, result=None)
    if selection.steps.tickets < held.wanted:
        return DrawnAgain(same_pool=False, same_outcome=False, result=None)
    result = draw_addresses(
        selection.addresses, held.wanted, held.seed, seated=selection.seated, skipped=selection.skipped
    )
    # Who got no letter is not in the hash of the pool, but how many they were is known.
    same_pool = (result.pool_sha256, result.pool_size) == (held.pool_sha256, held.pool_size)
    drawn = queries.drawn_keys(session, draw_id=draw_id)
    # Without tickets, once they are destroyed, the same pool and seed still leave one outcome only.
    same_outcome = [address.key for address in result.chosen] == drawn if drawn else same_pool
    return DrawnAgain(same_pool, same_outcome, result)


def written(address: Address) -> str:
    """Write an address on one line, as on a letter."""
    return f"{address.street_line}, {address.postcode} {address.town}"


def _draw(
    session: Session,
    round_id: int,
    file: AddressFile,
    selection: Selection | None,
    wanted: int,
    seed: str,
) -> tuple[DrawResult, str]:
    """Draw, and give with the result the hash that had to be seen before."""
    before = queries.drawn_before(session, round_id=round_id)
    if selection is None:
        result = draw_addresses(file.addresses, wanted, seed, seated=before)
        return result, result.pool_sha256
    if not selection.still_holds(file, before):
        raise PanelChanged()
    result = draw_addresses(
        selection.addresses, wanted, seed, seated=selection.seated, skipped=selection.skipped
    )
    return result, selection.sha256


def _take_lists(session: Session, round_id: int, file_sha256: str, selection: Selection | None) -> datetime:
    """Use up the lists of a draw, and give when the last of them came in. Raises: UploadGone."""
    fixed_at = take_upload(session, round_id=round_id, kind=FileKind.ADDRESSES, file_sha256=file_sha256)
    if selection is None or not (opt_outs := selection.choice.opt_outs_sha256):
        return fixed_at
    return max(
        fixed_at, take_upload(session, round_id=round_id, kind=FileKind.OPT_OUTS, file_sha256=opt_outs)
    )


def _drawn_with(session: Session, *, round_id: int, seed: str) -> queries.DrawFacts | None:
    return next((held for held in queries.draws(session, round_id=round_id) if held.seed == seed), None)
