"""What may stop somebody from taking a seat with a card."""

from pb.core.errors import BadInput, Broken


class NoSeatHere(Broken):
    """Send somebody whose phone has no seat on this evening back to the card."""

    code = "evening.no-seat-here"
    status = 404


class NotThisEvening(BadInput):
    """Refuse a card that is a real one, but of another evening."""

    code = "evening.not-this-evening"


class AlreadyAnswered(Broken):
    """Refuse to answer a phone's request twice in two ways. Facts: ``granted``."""

    code = "evening.already-answered"


class TabletUsed(Broken):
    """Refuse a second figure from one turn at the tablet: each turn begins with a card."""

    code = "evening.tablet-used"


class TooManyCodes(Broken):
    """Let nobody guess codes; a scanned card goes on working."""

    code = "evening.too-many-codes"
    status = 429


class PhoneSits(Broken):
    """Refuse a seat at the tablet that has a phone: only the host stops a phone. Facts: ``number``."""

    code = "evening.phone-sits"


class TurnOver(Broken):
    """Refuse a figure from a turn at the tablet that began too long ago."""

    code = "evening.turn-over"
