"""What a helper at the door types, scans and taps."""

from flask_babel import lazy_gettext as _
from wtforms import HiddenField

from pb.web.forms import Form, LineField


class CheckInForm(Form):
    """A seat number, name or code that was typed or tapped; who leaves; or the text of a scanned card."""

    stoel = LineField(_("Naam, stoelnummer of code van de kaart"), most=300)
    doe = HiddenField(default="in")
    weg = HiddenField()
    kaart = HiddenField()


class StandForm(Form):
    """How one seat is to stand: its id, a colon, and the way."""

    staat = HiddenField()


class EveryoneForm(Form):
    """Everyone goes to the floor, or everyone without a phone; ``zeker`` answers a question."""

    wie = HiddenField()
    zeker = HiddenField()


class StopPhoneForm(Form):
    """The id of the seat whose phone is to stop."""

    stop = HiddenField()


class FreshCardForm(Form):
    """A new card for a seat: its id, a colon, and the serial of the card that was seen."""

    nieuw = HiddenField()
