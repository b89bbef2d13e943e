"""What is asked about seats: who did not come, how many make room, why a target gives way, whom to find."""

from typing import Any

from flask_babel import lazy_gettext as _

from pb.panel.rules.origins import read_seat_number
from pb.web.forms import Form, HiddenField, LineField, LongTextField, Needed, ReadField, Refuse, WholeField

EVENINGS_MOST = 20
REASON_LEAST = 10


class SeatNumbersField(ReadField):
    """Numbers of seats, with commas or spaces between them."""

    inputmode = "numeric"

    def read(self, typed: str) -> list[int]:
        return sorted({read_seat_number(one) for one in typed.replace(",", " ").replace(";", " ").split()})

    def write(self, value: Any) -> str:
        return ", ".join(str(one) for one in value)


class SearchForm(Form):
    words = LineField(_("Naam of stoelnummer"), most=120)


class NoShowForm(Form):
    numbers = SeatNumbersField(
        _("Nummers van de stoelen"), [Needed(_("Vul de nummers in, bijvoorbeeld 3, 12."))]
    )
    evening = WholeField(_("Welke avond?"), [Needed(_("Vul in welke avond, bijvoorbeeld 1."))])

    def check(self) -> None:
        if not 1 <= (self.evening.data or 0) <= EVENINGS_MOST:
            raise Refuse(self.evening, _("Vul in welke avond, bijvoorbeeld 1."))


class RotationForm(Form):
    newcomers = WholeField(_("Hoeveel nieuwkomers?"), [Needed(_("Vul een aantal in."))])

    def check(self) -> None:
        if not self.newcomers.data:
            raise Refuse(self.newcomers, _("Vul een aantal in, minstens 1."))


class ReplaceForm(Form):
    """``changes`` names the widening that was shown; then there has to be a reason."""

    changes = HiddenField()
    newcomers = HiddenField()
    reason = LongTextField(_("Waarom mag dit doel wijken?"), most=600)

    def check(self) -> None:
        if self.changes.data and len(self.reason.data or "") < REASON_LEAST:
            raise Refuse(self.reason, _("Schrijf in een paar woorden waarom. Iedereen kan dit lezen."))


class PersonSearchForm(Form):
    words = LineField(
        _("Naam, e-mailadres, telefoonnummer, adres of eigen code"),
        [Needed(_("Vul een naam, e-mailadres, telefoonnummer, adres of code in."))],
        most=254,
    )


class SureForm(Form):
    """A press that says: I am sure."""
