"""From files to a draw, and from a draw to files."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pb.core.errors import BadInput
from pb.sortition.lottery.drawing import seat_invited
from pb.sortition.rules.invited import (
    DRAWN,
    INVITED,
    NOMINEES_A_SEAT,
    SOURCE,
    Mode,
    Seated,
    refuse_in_both,
    targets_with_source,
)
from pb.sortition.rules.pool import Person, Pool, make_pool
from pb.sortition.rules.reading import TargetFile, read_people, read_targets
from pb.sortition.rules.refusals import (
    LotteryFileUnreadable,
    LotteryInvitedExceedSeats,
    LotteryModeWrong,
    LotteryNominatedShare,
    LotteryNumberWrong,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Hold what was asked on the command line, unread."""

    people: str
    features: str
    seats: str
    invited: str | None = None
    mode: str | None = None
    invited_seats: str | None = None
    household: tuple[str, ...] = ()


def read_draw(asked: Asked) -> tuple[Pool, Seated, tuple[BadInput, ...]]:
    """Read all files of a draw.

    Raises: FileRefused and every other refusal of reading and of invited people.
    """
    seats = read_number(asked.seats, "seats", most=100_000)
    if (asked.invited is None) != (asked.mode is None):
        raise LotteryModeWrong(needs="mode" if asked.mode is None else "invited")
    mode = None if asked.mode is None else Mode(asked.mode)
    targets = read_targets(_bytes(asked.features), file_name=Path(asked.features).name)
    homes = tuple(part for name in asked.household for part in name.split("+"))
    people = _people(asked.people, targets, homes, DRAWN)
    invited: tuple[Person, ...] = ()
    if asked.invited is not None:
        # Whoever has a seat already needs no address; whoever shares it with them cannot be drawn.
        invited = _people(asked.invited, targets, homes, INVITED)
        refuse_in_both(people, invited)
    told: tuple[BadInput, ...] = ()
    if mode is Mode.NOMINATED:
        targets, people, invited, told = _nominate(targets, people, invited, seats, asked.invited_seats)
    whole = make_pool(targets.features, targets.targets, people, seats)
    if mode is Mode.NOMINATED:
        return whole, seat_invited(whole, (), mode), told
    fixed = make_pool(targets.features, targets.targets, invited, seats).people
    return whole, seat_invited(whole, fixed, mode), told


def _people(file: str, targets: TargetFile, homes: Sequence[str], source: str) -> tuple[Person, ...]:
    given = {SOURCE: source} if SOURCE in targets.features else {}
    return read_people(_bytes(file), file_name=Path(file).name, targets=targets, household=homes, given=given)


def _nominate(
    targets: TargetFile,
    people: tuple[Person, ...],
    invited: tuple[Person, ...],
    seats: int,
    wanted: str | None,
) -> tuple[TargetFile, tuple[Person, ...], tuple[Person, ...], tuple[BadInput, ...]]:
    if SOURCE in targets.features:
        return targets, (*people, *invited), (), ()
    share = -(-len(invited) // NOMINEES_A_SEAT)
    if wanted is not None:
        share = read_number(wanted, "seats", most=len(invited))
    if share >= seats:
        raise LotteryInvitedExceedSeats(invited=share, seats=seats)
    told = LotteryNominatedShare(nominated=len(invited), seats=share)
    everybody = (
        *(replace(person, values=(*person.values, DRAWN)) for person in people),
        *(replace(person, values=(*person.values, INVITED)) for person in invited),
    )
    more = targets_with_source(targets.targets, seats=seats, nominated_seats=share)
    return TargetFile((*targets.features, SOURCE), more), everybody, (), (told,)


def read_number(typed: str, what: str, *, most: int) -> int:
    """Read a whole number of one or more.

    Raises: LotteryNumberWrong.
    """
    digits = typed.strip()
    if digits.isascii() and digits.isdigit() and len(digits) <= 9 and 1 <= int(digits) <= most:
        return int(digits)
    raise LotteryNumberWrong(what=what, found=typed[:20], most=most)


def write_whole(files: Sequence[tuple[Path, bytes]]) -> None:
    """Write files, each whole or not at all.

    Raises: LotteryFileUnreadable.
    """
    waiting: list[tuple[Path, Path]] = []
    try:
        for path, content in files:
            beside = path.with_name(f".{path.name}.{os.getpid()}")
            waiting.append((beside, path))
            beside.write_bytes(content)
        for beside, path in waiting:
            beside.replace(path)
    except OSError as error:
        raise LotteryFileUnreadable(file=error.filename, reason=error.strerror) from None
    finally:
        for beside, _ in waiting:
            beside.unlink(missing_ok=True)


def _bytes(file: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "geen naam van een bestand"
        raise LotteryFileUnreadable(file=file, reason=reason) from None
