"""Draw seats by lot, and draw again to see that it comes out the same."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.panel import queries
from pb.panel.actions.filling import Newcomer, fill_seats, hold_round
from pb.panel.actions.lists import take_upload
from pb.panel.rules.address import Address
from pb.panel.rules.address_file import AddressFile
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


def draw_seats(
    session: Session,
    *,
    round_id: int,
    file: AddressFile,
    wanted: int,
    seed: str,
    pool_sha256: str,
    card_key: bytes,
    who: Actor,
    now: datetime,
) -> int:
    """Draw addresses from a kept list, give each a seat, and give the draw's id.

    Addresses drawn before in this round stay out. ``pool_sha256`` is the hash that people saw before they
    chose the seed. The same list, seed and number again is the same draw.
    Raises: SeedUsed, PanelChanged, UploadGone, PanelFull, DrawCountWrong, DrawPoolTooSmall, DrawSeedWrong.
    """
    hold_round(session, round_id)
    sha256 = file.source.sha256
    known = session.scalar(sa.select(Draw).where(Draw.round_id == round_id, Draw.seed == seed))
    if known is not None:
        if (known.file_sha256, known.wanted, known.pool_sha256) == (sha256, wanted, pool_sha256):
            return known.id
        raise SeedUsed()
    result = draw_addresses(
        file.addresses, wanted, seed, seated=queries.drawn_before(session, round_id=round_id)
    )
    if result.pool_sha256 != pool_sha256:
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
        pool_fixed_at=take_upload(session, round_id=round_id, kind=FileKind.ADDRESSES, file_sha256=sha256),
    )
    session.add(draw)
    session.flush()
    _keep_tickets(session, draw.id, round_id, file, result)
    fill_seats(
        session,
        round_id=round_id,
        draw_id=draw.id,
        card_key=card_key,
        who=who,
        now=now,
        newcomers=[
            Newcomer(Origin.LOT, address=written(address), address_key=address.key)
            for address in result.chosen
        ],
    )
    journal.note(
        session,
        at=now,
        who=who,
        what="seats drawn",
        subject=f"draw {draw.id}",
        round_id=round_id,
        wanted=wanted,
        pool_size=result.pool_size,
        left_out=result.seated,
        pool_sha256=result.pool_sha256,
        seed=seed,
    )
    return draw.id


def draw_again(session: Session, *, round_id: int, draw_id: int, file: AddressFile) -> DrawnAgain:
    """Draw from a file with the seed of a draw that was held; nothing is stored. Raises: NotFound."""
    held = queries.draw(session, round_id=round_id, draw_id=draw_id)
    before = queries.drawn_before(session, round_id=round_id, draw_id=draw_id)
    pool_size = len({address.key for address in file.addresses} - before)
    if pool_size < held.wanted:
        return DrawnAgain(same_pool=False, same_outcome=False, result=None)
    result = draw_addresses(file.addresses, held.wanted, held.seed, seated=before)
    same_pool = result.pool_sha256 == held.pool_sha256
    drawn = queries.drawn_keys(session, draw_id=draw_id)
    # Without tickets, once they are destroyed, the same pool and seed still leave one outcome only.
    same_outcome = [address.key for address in result.chosen] == drawn if drawn else same_pool
    return DrawnAgain(same_pool, same_outcome, result)


def written(address: Address) -> str:
    """Write an address on one line, as on a letter."""
    return f"{address.street_line}, {address.postcode} {address.town}"


def _keep_tickets(
    session: Session, draw_id: int, round_id: int, file: AddressFile, result: DrawResult
) -> None:
    before = queries.drawn_before(session, round_id=round_id)
    places = {address.key: place for place, address in enumerate(result.chosen, start=1)}
    pool = sorted({address.key for address in file.addresses} - before)
    session.execute(
        sa.insert(DrawTicket),
        [{"draw_id": draw_id, "address_key": key, "place": places.get(key)} for key in pool],
    )
