"""Drawing addresses by lot, so that anyone with the list and the seed draws the same."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from heapq import nsmallest
from typing import Final

from pb.core.canonical import sha256_of
from pb.core.errors import BadInput
from pb.core.lot import lot_key
from pb.panel.rules.address import Address

SEED_MOST: Final = 200
# Six to the tenth are sixty million lists: more than anybody tries until one pleases.
THROWS_LEAST: Final = 10
_BETWEEN_THROWS: Final = re.compile("[\\s\u00a0\\-\u2010-\u2015\u2212]+")


class DrawCountWrong(BadInput):
    """Refuse a draw of fewer than one address."""

    code = "panel.draw-count-wrong"


class DrawPoolTooSmall(BadInput):
    """Refuse to draw more addresses than there are. Facts: wanted, pool_size, seated, short."""

    code = "panel.draw-pool-too-small"


class DrawSeedWrong(BadInput):
    """Refuse a seed that is empty, too long, or would look the same written differently. Facts: ``most``."""

    code = "panel.draw-seed-wrong"


class DrawThrowsWrong(BadInput):
    """Refuse too few throws of a die, and figures that are on no die. Facts: ``least``, ``most``."""

    code = "panel.draw-throws-wrong"


@dataclass(frozen=True, slots=True)
class DrawResult:
    """Hold a draw with all that is needed to do it again.

    Shape: ``chosen`` and ``reserves`` in the order drawn. ``pool_sha256`` is over the sorted keys of the
    addresses drawn from; those in ``seated`` had a seat and were left out, their count only is kept.
    ``pool_sha256`` does cover addresses that were skipped, ``pool_size`` does not count them.
    """

    seed: str
    wanted: int
    pool_size: int
    pool_sha256: str
    seated: int
    chosen: tuple[Address, ...]
    reserves: tuple[Address, ...]


def draw_addresses(
    addresses: Iterable[Address],
    count: int,
    seed: str,
    *,
    reserves: int = 0,
    seated: Collection[str] = frozenset(),
    skipped: Collection[str] = frozenset(),
) -> DrawResult:
    """Draw addresses by lot; every dwelling has one ticket and the same chance.

    The order of the list does not count, and an address that comes or goes leaves the order of all others
    as it was. ``seated`` holds keys of addresses that have a seat; ``skipped`` of addresses that are passed
    over when their turn comes, so that the hash of the pool does not tell which they are. There are fewer
    ``reserves`` when the list runs out.
    Ties: none; keys differ.
    Raises: DrawCountWrong, DrawPoolTooSmall, DrawSeedWrong.
    """
    if count < 1 or reserves < 0:
        raise DrawCountWrong()
    check_seed(seed)
    by_key: dict[str, Address] = {}
    for address in addresses:
        key = address.key
        there = by_key.get(key)
        by_key[key] = address if there is None else min(there, address)
    have_seat = by_key.keys() & set(seated)
    pool = by_key.keys() - have_seat
    tickets = pool - set(skipped)
    if count > len(tickets):
        raise DrawPoolTooSmall(
            wanted=count, pool_size=len(tickets), seated=len(have_seat), short=count - len(tickets)
        )
    drawn = [by_key[key] for key in nsmallest(count + reserves, tickets, key=lambda key: lot_key(seed, key))]
    return DrawResult(
        seed=seed,
        wanted=count,
        pool_size=len(tickets),
        pool_sha256=pool_sha256(pool),
        seated=len(have_seat),
        chosen=tuple(drawn[:count]),
        reserves=tuple(drawn[count:]),
    )


def order_by_lot(keys: Iterable[str], seed: str) -> list[str]:
    """Put keys of addresses in the order in which this seed draws them; with it anyone checks a draw."""
    return sorted(set(keys), key=lambda key: lot_key(seed, key))


def pool_sha256(keys: Iterable[str]) -> str:
    """Hash a list of keys, whatever its order: sha256 of the canonical sorted list."""
    return sha256_of(sorted(set(keys)))


def read_throws(typed: str) -> str:
    """Read what was thrown with a die for a new draw, without what stands between.

    Older draws may have another seed; they are checked as they are. Raises: DrawThrowsWrong.
    """
    throws = _BETWEEN_THROWS.sub("", typed)
    if not THROWS_LEAST <= len(throws) <= SEED_MOST or not set(throws) <= set("123456"):
        raise DrawThrowsWrong(least=THROWS_LEAST, most=SEED_MOST)
    return throws


def check_seed(seed: str) -> None:
    """Refuse a seed that people could not copy exactly from paper.

    Raises: DrawSeedWrong, for anything but visible ASCII characters with single spaces between.
    """
    copied = " ".join(seed.split())
    if not seed or seed != copied or len(seed) > SEED_MOST or not (seed.isascii() and seed.isprintable()):
        raise DrawSeedWrong(most=SEED_MOST)
