"""What is asked to fill a panel: people, lists, a draw, cards."""

from fractions import Fraction
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField

from pb.core.errors import Broken
from pb.panel.rules.address_sieve import Uses
from pb.panel.rules.contact import EMAIL_MOST, NAME_MOST, read_email, read_name, read_phone
from pb.panel.rules.draw import read_throws
from pb.panel.rules.letters_needed import read_percentage
from pb.panel.rules.origins import SEAT_NUMBER_MOST, Origin, read_seat_number
from pb.panel.rules.people_file import InvitedPerson
from pb.web.forms import (
    Choice,
    ChoiceField,
    FileField,
    Form,
    HiddenField,
    LineField,
    Needed,
    ReadField,
    Refuse,
    WholeField,
)
from pb.web.say import say

ORIGINS_ASKED = [
    Choice(Origin.INVITED.value, _("Uit het netwerk")),
    Choice(Origin.AMBASSADOR.value, _("Als ambassadeur van een groep")),
    Choice(Origin.EXPERIENCE.value, _("Als ervaringsdeskundige")),
]


class NameField(LineField):
    """The name of a person."""

    def read(self, typed: str) -> str:
        return read_name(typed)


class ContactEmailField(LineField):
    """An e-mail address that may stay empty."""

    inputmode = "email"

    def read(self, typed: str) -> str:
        return read_email(typed)


class PhoneField(LineField):
    """A phone number that may stay empty."""

    inputmode = "tel"

    def read(self, typed: str) -> str:
        return read_phone(typed)


class PersonForm(Form):
    name = NameField(_("Naam"), [Needed(_("Vul de naam in."))], most=NAME_MOST)
    email = ContactEmailField(_("E-mailadres (mag leeg blijven)"), most=EMAIL_MOST)
    phone = PhoneField(_("Telefoonnummer (mag leeg blijven)"), most=60)
    origin = ChoiceField(
        _("Hoe komt deze persoon in het panel?"), choices=ORIGINS_ASKED, default=Origin.INVITED.value
    )
    somebody_else = BooleanField(_("Dit is iemand anders. Geef toch een eigen stoel."))

    def person(self) -> InvitedPerson:
        """Give what was typed as a person of a list."""
        return InvitedPerson(
            row=0,
            name=self.name.data or "",
            email=self.email.data or "",
            phone=self.phone.data or "",
            origin=Origin(self.origin.data),
        )


class RemoveForm(Form):
    was_there = ChoiceField(
        _("Was deze persoon al op een beslisavond?"),
        choices=[
            Choice("no", _("Nee. Wis de naam en de gegevens nu.")),
            Choice("yes", _("Ja. Bewaar de naam tot na de bezwaartermijn.")),
        ],
    )


class ListForm(Form):
    file = FileField(_("De lijst, als CSV"), [Needed(_("Kies eerst een bestand."))])


class ImportForm(Form):
    """The yes to a list; the ticked rows are left out."""

    highest_seen = HiddenField(default="0")


class ThrowsField(ReadField):
    """What was thrown with a die."""

    inputmode = "numeric"

    def read(self, typed: str) -> str:
        return read_throws(typed)

    def write(self, value: Any) -> str:
        """Write it as it is used."""
        return str(value)


class DrawForm(Form):
    pool_sha256 = HiddenField()
    wanted = WholeField(_("Hoeveel stoelen loot je?"), [Needed(_("Vul in hoeveel stoelen je loot."))])
    seed = ThrowsField(_("Lotnummer: de ogen die je gooide"), [Needed(_("Vul het lotnummer in."))])


class ChooseForm(Form):
    """Who of a list of addresses takes part; the neighbourhoods are ticked beside it."""

    uses = ChoiceField(_("Welke adressen doen mee?"), default=Uses.HOMES.value)
    status = ChoiceField(_("Ook adressen die niet in gebruik zijn?"), default="in-use")
    file = FileField(_("Adressen die geen brief willen, als CSV (mag leeg blijven)"))
    forget_opt_outs = BooleanField(_("Gebruik deze lijst niet meer"))


class RepeatForm(Form):
    """The files of a draw, to do it again."""

    file = FileField(_("De lijst, als CSV"), [Needed(_("Kies eerst een bestand."))])
    opt_outs = FileField(_("De lijst met afmeldingen van toen, als CSV"))


class PercentageField(ReadField):
    """A percentage, read as an exact fraction."""

    inputmode = "decimal"

    def read(self, typed: str) -> Fraction:
        return read_percentage(typed)

    def write(self, value: Any) -> str:
        """Write with a comma; percentages have at most four decimals."""
        return f"{float(value * 100):.4f}".rstrip("0").rstrip(".").replace(".", ",")


class LettersForm(Form):
    """How many answers to expect. Sent with GET, so no token; nothing is stored."""

    class Meta:
        csrf = False

    seats = WholeField(
        _("Hoeveel stoelen wil je vullen?"),
        [Needed(_("Vul in hoeveel stoelen je wilt vullen."))],
        name="stoelen",
    )
    response = PercentageField(
        _("Van de honderd brieven: hoeveel mensen zeggen ja?"),
        [Needed(_("Vul een percentage in, bijvoorbeeld 4,5."))],
        name="respons",
    )
    group_seats = WholeField(_("Hoeveel stoelen zijn voor die groep?"), name="groep-stoelen")
    group_share = PercentageField(_("Hoeveel procent van de adressen is van die groep?"), name="groep-deel")
    group_response = PercentageField(
        _("Van honderd brieven aan die groep: hoeveel zeggen ja?"), name="groep-respons"
    )

    def check(self) -> None:
        """Refuse no seats, and half a group."""
        if not 1 <= self.seats.data <= SEAT_NUMBER_MOST:
            raise Refuse(self.seats, _("Vul een getal in van 1 tot en met 9999."))
        group = (self.group_seats, self.group_share, self.group_response)
        if any(field.data for field in group):
            for field in group:
                if not field.data:
                    raise Refuse(field, _("Vul alle drie in, of laat alle drie leeg."))


class SeatNumberField(ReadField):
    """The number of a seat."""

    inputmode = "numeric"

    def read(self, typed: str) -> int:
        return read_seat_number(typed)


class CardsForm(Form):
    """Which cards to print; empty means from the first or to the last. Sent with GET, so no token."""

    class Meta:
        csrf = False

    first = SeatNumberField(_("Van stoel"), name="van")
    last = SeatNumberField(_("tot en met stoel"), name="tot")

    def check(self) -> None:
        """Refuse a range that runs backwards."""
        if self.first.data and self.last.data and self.first.data > self.last.data:
            raise Refuse(self.last, _("Dit getal is lager dan het eerste. Draai ze om."))


class NewCardForm(Form):
    replaces = HiddenField()


def say_at(field: Any, error: Broken) -> None:
    """Say at a field which rule an action found broken."""
    field.errors = [*field.errors, say(error)]
