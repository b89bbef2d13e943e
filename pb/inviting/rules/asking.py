"""What a round may ask of people who may come into its panel, and what must stand fixed once it is frozen."""

from dataclasses import fields
from datetime import date, timedelta
from typing import Final

from pb.core.errors import BadInput, Broken
from pb.inviting.rules.appeal import Appeal, Asked, Mode

SEATS_LEAST: Final = 2
SEATS_MOST: Final = 500
AGE_LEAST: Final = 12
AGE_MOST: Final = 99
ALLOWANCE_MOST_CENTS: Final = 100_000
_ANSWERS_DAYS: Final = 28
_KEPT_DAYS: Final = 183
# Whoever is drawn is drawn by these; texts may still be made better.
_FROZEN: Final = ("seats", "mode", "network_seats", "one_per_address", "least_age", "answers_close_on")


class AppealFrozen(Broken):
    """Refuse to change what the draw stands on. Facts: none."""

    code = "inviting.appeal-frozen"


class PromiseChanged(Broken):
    """Ask before changing what people read already. Facts: ``names``; ``asked`` and ``yes``, people."""

    code = "inviting.promise-changed"
    status = 422


class AppealChanged(Broken):
    """Refuse a change of what somebody else changed meanwhile. Facts: ``names``, what they changed."""

    code = "inviting.appeal-changed"


class SeatsWrong(BadInput):
    """Refuse a number of seats. Facts: ``least``, ``most``."""

    code = "inviting.seats-wrong"


class NetworkSeatsWrong(BadInput):
    """Refuse seats for the network that leave nothing to draw. Facts: ``seats``."""

    code = "inviting.network-seats-wrong"


class AgeWrong(BadInput):
    """Refuse a least age. Facts: ``least``, ``most``."""

    code = "inviting.age-wrong"


class AllowanceWrong(BadInput):
    """Refuse an allowance that must be a mistake. Facts: ``most_cents``."""

    code = "inviting.allowance-wrong"


class ReachMissing(BadInput):
    """Ask for a phone number or an e-mail address: people must be able to ask something."""

    code = "inviting.reach-missing"


class CloseInPast(BadInput):
    """Refuse a last day to answer that has passed."""

    code = "inviting.close-in-past"


class DeleteTooEarly(BadInput):
    """Refuse to throw answers away before people can no longer give them."""

    code = "inviting.delete-too-early"


class DeleteLater(BadInput):
    """Refuse to keep names longer than who answered was told. Facts: ``promised_on``."""

    code = "inviting.delete-later"


def changed_promises(before: Asked, after: Asked) -> tuple[str, ...]:
    """Name what people counted on and is asked differently now, in the order of the page."""
    names = after.differs_from(before)
    # Seats set apart for nominated people say nothing where each of them has a seat.
    silent = ("asks", "phone", "email", *(("network_seats",) if after.mode is Mode.FIXED else ()))
    return tuple(name for name in names if name not in silent)


def asked_of(appeal: Appeal) -> Asked:
    """Give what a round asks now."""
    return Asked(**{one.name: getattr(appeal, one.name) for one in fields(Asked)})


def usually_asked(today: date) -> Asked:
    """Suggest what most rounds can begin with; texts and a phone number are for people to write."""
    close = today + timedelta(days=_ANSWERS_DAYS)
    return Asked(
        seats=40, mode=Mode.NOMINATED, network_seats=12, one_per_address=True, least_age=16, asks="",
        meets="", takes="", allowance_cents=0, childcare="", phone="", email="", answers_close_on=close,
        delete_on=close + timedelta(days=_KEPT_DAYS),
    )  # fmt: skip


def check_seats(seats: int) -> None:
    """Refuse too few or too many seats. Raises: SeatsWrong."""
    if not SEATS_LEAST <= seats <= SEATS_MOST:
        raise SeatsWrong(least=SEATS_LEAST, most=SEATS_MOST)


def check_network_seats(mode: Mode, network_seats: int, seats: int) -> None:
    """Refuse seats for the network that leave nothing to draw from letters. Raises: NetworkSeatsWrong."""
    if mode is Mode.NOMINATED and not 0 <= network_seats < seats:
        raise NetworkSeatsWrong(seats=seats)


def check_age(least_age: int) -> None:
    """Refuse an age that must be a mistake. Raises: AgeWrong."""
    if not AGE_LEAST <= least_age <= AGE_MOST:
        raise AgeWrong(least=AGE_LEAST, most=AGE_MOST)


def check_allowance(cents: int) -> None:
    """Refuse an allowance that must be a mistake. Raises: AllowanceWrong."""
    if not 0 <= cents <= ALLOWANCE_MOST_CENTS:
        raise AllowanceWrong(most_cents=ALLOWANCE_MOST_CENTS)


def check_reach(phone: str, email: str) -> None:
    """Ask for a way to ask questions. Raises: ReachMissing."""
    if not phone and not email:
        raise ReachMissing()


def check_close(answers_close_on: date, today: date, before: date | None) -> None:
    """Refuse a new last day that has passed; the one that stood may stay. Raises: CloseInPast."""
    if answers_close_on != before and answers_close_on < today:
        raise CloseInPast()


def check_delete(delete_on: date, answers_close_on: date) -> None:
    """Keep answers at least until they can no longer be given. Raises: DeleteTooEarly."""
    if delete_on <= answers_close_on:
        raise DeleteTooEarly()


def check_asked(asked: Asked) -> None:
    """Check everything that needs no calendar.

    Raises: SeatsWrong, NetworkSeatsWrong, AgeWrong, AllowanceWrong, ReachMissing, DeleteTooEarly.
    """
    check_seats(asked.seats)
    check_network_seats(asked.mode, asked.network_seats, asked.seats)
    check_age(asked.least_age)
    check_allowance(asked.allowance_cents)
    check_reach(asked.phone, asked.email)
    check_delete(asked.delete_on, asked.answers_close_on)


def refuse_what_is_frozen(before: Asked, after: Asked) -> None:
    """Refuse a change of what the draw stands on. Raises: AppealFrozen."""
    if set(after.differs_from(before)) & set(_FROZEN):
        raise AppealFrozen()


def keep_promise(before: date, after: date, *, anybody_answered: bool) -> None:
    """Refuse to keep names longer than people were told when they answered. Raises: DeleteLater."""
    if anybody_answered and after > before:
        raise DeleteLater(promised_on=before)
