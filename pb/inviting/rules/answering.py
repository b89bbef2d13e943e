"""When and how people can say yes or no, and what is refused."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from pb.core.errors import BadInput, Broken
from pb.inviting.rules.appeal import Appeal, Channel, Feature, Mode
from pb.panel.rules.origins import Origin

PEOPLE_MOST_PER_LETTER: Final = 6
# Whoever calls for a seventh is heard by somebody.
PEOPLE_MOST_BY_STAFF: Final = 12


@dataclass(frozen=True, slots=True)
class Contact:
    """Hold who somebody is and how to reach them; empty text where nothing is known."""

    name: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)


class NoAppeal(Broken):
    """Say that nothing is asked yet."""

    code = "inviting.no-appeal"


class InvitationGone(Broken):
    """Refuse a letter that was taken back. Facts: ``phone`` of the municipality, or empty."""

    code = "inviting.invitation-gone"


class AnswersClosed(Broken):
    """Refuse an answer after the last day. Facts: ``last_day``, ``phone``."""

    code = "inviting.answers-closed"


class AnswersFrozen(Broken):
    """Refuse an answer once the list of the draw is fixed. Facts: ``phone``."""

    code = "inviting.answers-frozen"


class AnsweredAlready(Broken):
    """Refuse a second answer to an invitation that is for one person."""

    code = "inviting.answered-already"


class AnsweredOnThisPhone(Broken):
    """Ask whether a second yes from one phone is somebody else's."""

    code = "inviting.answered-on-this-phone"


class LetterFull(Broken):
    """Refuse one more yes to a letter. Facts: ``people``, who said yes; ``phone`` to call, or empty."""

    code = "inviting.letter-full"


class SeatGiven(Broken):
    """Refuse a yes to a fixed seat that others have. Facts: ``phone``."""

    code = "inviting.seat-given"


class EmailTwice(BadInput):
    """Refuse an e-mail address that somebody else of the same letter gave."""

    code = "inviting.email-twice"


class PhoneTwice(BadInput):
    """Refuse a phone number that stands on the same letter already. Facts: ``phone`` to call, or empty."""

    code = "inviting.phone-twice"


class NameTwice(BadInput):
    """Refuse a name that stands on the same letter already. Facts: ``phone`` to call, or empty."""

    code = "inviting.name-twice"


class ContactNeeded(BadInput):
    """Refuse somebody whom nobody could reach."""

    code = "inviting.contact-needed"


class FeaturesChanged(Broken):
    """Refuse answers to other questions than are asked now."""

    code = "inviting.features-changed"


class AnswerWithdrawn(Broken):
    """Refuse to change the answer of somebody who stopped. Facts: ``phone``."""

    code = "inviting.answer-withdrawn"


def check_answering(appeal: Appeal, *, day: date, channel: Channel) -> None:
    """Check that people can still answer.

    What came on paper or by phone before the last day was over may be typed in until the list is fixed.
    Raises: AnswersFrozen, AnswersClosed.
    """
    if appeal.frozen_at is not None or appeal.deleted_at is not None:
        raise AnswersFrozen(phone=appeal.phone)
    if channel is Channel.PAGE and not appeal.takes_answers_on(day):
        raise AnswersClosed(last_day=appeal.answers_close_on, phone=appeal.phone)


def check_contact(person: Contact) -> None:
    """Check that there is a way to reach somebody. Raises: ContactNeeded."""
    if not person.email and not person.phone:
        raise ContactNeeded()


def check_room(appeal: Appeal, *, origin: Origin, yes: int, channel: Channel) -> None:
    """Check that one more may say yes to an invitation to which ``yes`` people did.

    Whoever holds a letter can use it; without an end one letter could fill the pool, and mail anybody.
    Raises: AnsweredAlready, LetterFull.
    """
    if is_for_one(origin):
        if yes:
            raise AnsweredAlready()
    elif channel is Channel.PAGE and yes >= PEOPLE_MOST_PER_LETTER:
        raise LetterFull(people=yes, phone=appeal.phone)
    elif yes >= PEOPLE_MOST_BY_STAFF:
        # Staff are who would be called.
        raise LetterFull(people=yes, phone="")


def check_seat(appeal: Appeal, *, origin: Origin, said_no: bool, promised: int, yes: int) -> None:
    """Check that a fixed seat is left for whoever says yes to it now.

    ``promised`` and ``yes`` count others of the network. A no gave the seat away; who did not answer yet
    only finds it taken when everybody's yes fills the panel.
    Raises: SeatGiven.
    """
    if has_fixed_seat(appeal, origin) and (promised if said_no else yes) >= appeal.seats:
        raise SeatGiven(phone=appeal.phone)


def check_once(person: Contact, others: Collection[Contact], *, known: Contact, call: str) -> None:
    """Check that nobody else of the letter gave this address, number or name; an empty one is fine.

    What stays as it is ``known`` is not asked again. ``call`` is the number of the municipality, or empty.
    Raises: EmailTwice, PhoneTwice, NameTwice.
    """
    if _stands_twice(person.email, known.email, (one.email for one in others)):
        raise EmailTwice()
    if _stands_twice(person.phone, known.phone, (one.phone for one in others)):
        raise PhoneTwice(phone=call)
    if _stands_twice(person.name, known.name, (one.name for one in others)):
        raise NameTwice(phone=call)


def _stands_twice(typed: str, known: str, others: Iterable[str]) -> bool:
    return typed != known and bool(_same(typed)) and _same(typed) in {_same(one) for one in others}


def _same(text: str) -> str:
    return " ".join(text.casefold().split())


def check_features(asked: Sequence[Feature], chosen: Mapping[int, int | None]) -> None:
    """Check that every feature was answered with one of its values, or None for rather not.

    Raises: FeaturesChanged.
    """
    values = {feature.id: {value.id for value in feature.values} | {None} for feature in asked}
    if set(chosen) != set(values) or any(chosen[feature] not in values[feature] for feature in values):
        raise FeaturesChanged()


def is_for_one(origin: Origin) -> bool:
    """Say whether an invitation is for one person: somebody of the network; a letter is for an address."""
    return origin is not Origin.LOT


def has_fixed_seat(appeal: Appeal, origin: Origin) -> bool:
    """Say whether a yes is a seat, without a draw."""
    return is_for_one(origin) and appeal.mode is Mode.FIXED
