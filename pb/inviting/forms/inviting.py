"""What is asked to draw letters, find one back, and invite people of the network."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField

from pb.inviting.rules.network import Home, NetworkPerson, home
from pb.panel.forms import ContactEmailField, DrawForm, NameField, PhoneField
from pb.panel.rules.address import (
    PLACE_NAME_MOST,
    HouseNumber,
    address_key,
    read_house_number,
    read_postcode,
)
from pb.panel.rules.contact import EMAIL_MOST, NAME_MOST
from pb.panel.rules.origins import Origin
from pb.panel.rules.people_file import InvitedPerson
from pb.web.forms import (
    Choice,
    ChoiceField,
    Form,
    HiddenField,
    LineField,
    Needed,
    ReadField,
    WholeField,
    ask_rules,
)

ORIGINS_INVITED = [
    Choice(Origin.INVITED.value, _("Uit het netwerk")),
    Choice(Origin.AMBASSADOR.value, _("Als ambassadeur van een groep")),
    Choice(Origin.EXPERIENCE.value, _("Als ervaringsdeskundige")),
]


class DrawLettersForm(DrawForm):
    """How many letters to draw, and the dice."""

    wanted = WholeField(_("Hoeveel brieven loot je?"), [Needed(_("Vul in hoeveel brieven je loot."))])


class PostcodeField(LineField):
    """A Dutch postcode that may stay empty."""

    def read(self, typed: str) -> str:
        return read_postcode(typed)


class HouseNumberField(ReadField):
    """A house number with its letter and addition."""

    def read(self, typed: str) -> HouseNumber:
        return read_house_number(typed)

    def write(self, value: Any) -> str:
        """Write as on an envelope."""
        return f"{value.number}{value.letter}{f'-{value.addition}' if value.addition else ''}"


class FindLetterForm(Form):
    """Which letter somebody has, by its address."""

    postcode = PostcodeField(_("Postcode"), [Needed(_("Vul de postcode in."))], most=40)
    number = HouseNumberField(_("Huisnummer"), [Needed(_("Vul het huisnummer in."))])

    def key(self) -> str:
        """Give the key of the dwelling."""
        return address_key(self.postcode.data or "", self.number.data)

    def number_key(self) -> str:
        """Give how the keys of all dwellings with this number begin, whatever stands behind it."""
        bare = HouseNumber(self.number.data.number, "", "")
        return address_key(self.postcode.data or "", bare).rstrip(":") + ":"

    def is_bare(self) -> bool:
        """Tell whether a number was typed without letter and addition."""
        return not (self.number.data.letter or self.number.data.addition)


class SentForm(Form):
    """The yes to letters that went to the post, or the other way round."""

    was_sent = HiddenField(default="yes")


class NewCodeForm(Form):
    replaces = HiddenField()


class TakeBackForm(Form):
    """The yes to taking back; nothing is asked."""


class InvitePersonForm(Form):
    """Somebody of the network; only the name is needed."""

    name = NameField(_("Naam"), [Needed(_("Vul de naam in."))], most=NAME_MOST)
    email = ContactEmailField(_("E-mailadres (mag leeg blijven)"), most=EMAIL_MOST)
    phone = PhoneField(_("Telefoonnummer (mag leeg blijven)"), most=60)
    origin = ChoiceField(_("Hoe ken je deze persoon?"), choices=ORIGINS_INVITED, default=Origin.INVITED.value)
    postcode = PostcodeField(_("Postcode"), most=40)
    number = HouseNumberField(_("Huisnummer"))
    street = LineField(_("Straat"), most=PLACE_NAME_MOST)
    town = LineField(_("Plaats"), most=PLACE_NAME_MOST)
    somebody_else = BooleanField(_("Dit is iemand anders. Nodig toch uit."))

    def check(self) -> None:
        """Ask the rules about the address."""
        ask_rules(self.postcode, self._check_home)

    def person(self) -> NetworkPerson:
        """Give what was typed as a person of a list."""
        person = InvitedPerson(
            row=0,
            name=self.name.data or "",
            email=self.email.data or "",
            phone=self.phone.data or "",
            origin=Origin(self.origin.data),
        )
        return NetworkPerson(person, self._home())

    def _check_home(self) -> None:
        self._home()

    def _home(self) -> Home:
        return home(self.street.data or "", self.number.data, self.postcode.data or "", self.town.data or "")


class ImportNetworkForm(Form):
    """The yes to a list; the ticked rows are left out."""

    invited_seen = HiddenField(default="0")
