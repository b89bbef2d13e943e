"""What can be seen without any computing: too few people, too few addresses, targets that do not add up."""

from typing import Final

from pb.core.errors import BadInput
from pb.sortition.rules.pool import Pool
from pb.sortition.rules.refusals import (
    LotteryPoolEmpty,
    LotterySeatsExceedHomes,
    LotterySeatsExceedPool,
    LotterySumsWrong,
    LotteryTooFew,
    LotteryValueShutOut,
)

# From fewer answers no number of letters follows.
ANSWERS_TO_COUNT_ON: Final = 5


def check_pool(pool: Pool, *, letters: int | None = None) -> tuple[BadInput, ...]:
    """Refuse a pool that cannot fill the targets; give what is only a doubt.

    ``letters`` is how many were sent; with it the refusal says how many more it takes.
    Raises: LotteryPoolEmpty, LotterySeatsExceedPool, LotterySeatsExceedHomes, LotteryTooFew,
    LotterySumsWrong.
    """
    people = len(pool.people)
    if not people:
        raise LotteryPoolEmpty()
    if pool.seats > people:
        raise LotterySeatsExceedPool(seats=pool.seats, people=people, short=pool.seats - people)
    homes = people - sum(len(ids) - 1 for ids in pool.households.values())
    if pool.seats > homes:
        raise LotterySeatsExceedHomes(seats=pool.seats, homes=homes)
    counts = {target.key: pool.count(*target.key) for target in pool.targets}
    short = [
        {
            "feature": target.feature, "value": target.value, "found": found, "needed": target.least,
            "short": target.least - found, "letters": letters_needed(letters, found, target.least),
        }
        for target in pool.targets
        if (found := counts[target.key]) < target.least
    ]  # fmt: skip
    if short:
        raise LotteryTooFew(values=tuple(short))
    for feature in pool.features:
        least = sum(target.least for target in pool.targets if target.feature == feature)
        most = sum(target.most for target in pool.targets if target.feature == feature)
        if not least <= pool.seats <= most:
            raise LotterySumsWrong(feature=feature, seats=pool.seats, least=least, most=most)
    return tuple(
        LotteryValueShutOut(value=target.value, people=counts[target.key])
        for target in pool.targets
        if target.most == 0 and counts[target.key]
    )


def letters_needed(sent: int | None, found: int, needed: int) -> int | None:
    """Estimate how many more letters bring enough people with a value, if they answer as before.

    None when nobody knows how many were sent, or too few with the value answered to say.
    """
    if sent is None or found < ANSWERS_TO_COUNT_ON:
        return None
    return -(-sent * (needed - found) // found)
