"""Drawing anew for people who withdrew: whoever stays keeps the seat, and the targets stay the same."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from pb.core.errors import BadInput
from pb.sortition.lottery.drawing import Drawn, freeze
from pb.sortition.rules.invited import seat_first
from pb.sortition.rules.pack import Terms
from pb.sortition.rules.pool import Person, Pool
from pb.sortition.rules.refusals import (
    LotteryConfirmedUnknown,
    LotteryPoolEmpty,
    LotteryReplacementFails,
    LotterySeatsExceedHomes,
    LotterySeatsExceedPool,
    LotterySumsWrong,
    LotteryTargetsContradict,
    LotteryTooFew,
)

_FAILS: Final = (
    LotteryPoolEmpty, LotterySeatsExceedHomes, LotterySeatsExceedPool, LotterySumsWrong,
    LotteryTargetsContradict, LotteryTooFew,
)  # fmt: skip


def replace_withdrawn(
    whole: Pool,
    confirmed: Sequence[str],
    drawn: Collection[str],
    terms: Terms,
    *,
    invited: Sequence[Person] = (),
) -> Drawn:
    """Draw for the empty seats, among whoever was not drawn before and has no seat at their address.

    ``confirmed`` holds the ids of people who stay, invited ones included; ``drawn`` of all who were ever
    drawn. ``terms`` names the seed that was announced, how many panels to make, and the draw that it follows
    from: a list without that is refused by whoever checks it.
    Raises: LotteryConfirmedUnknown; LotteryReplacementFails, with the targets that fail and by how much.
    """
    known = {**whole.by_id, **{person.id: person for person in invited}}
    unknown = sorted(set(confirmed) - known.keys())
    if unknown:
        raise LotteryConfirmedUnknown(ids=tuple(unknown[:5]))
    stay = [known[one] for one in sorted(set(confirmed))]
    left = whole.without({*drawn, *confirmed, *(person.id for person in invited)})
    seated = seat_first(left, stay)
    terms = replace(terms, mode="replacement", household=terms.household)
    try:
        return freeze(whole, seated, terms)
    except _FAILS as failed:
        raise _told(failed, seated.pool) from failed


def _told(failed: BadInput, pool: Pool) -> BadInput:
    values = failed.facts["values"] if isinstance(failed, LotteryTooFew) else ()
    changes = failed.facts["changes"] if isinstance(failed, LotteryTargetsContradict) else ()
    return LotteryReplacementFails(places=pool.seats, people=len(pool.people), values=values, changes=changes)
