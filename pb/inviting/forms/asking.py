"""What the area manager fills in: what is asked, features with answers and targets, key figures."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField

from pb.core.canonical import sha256_of
from pb.core.errors import BadInput
from pb.core.text import clean_line
from pb.inviting.rules import asking
from pb.inviting.rules.appeal import Asked, Mode
from pb.inviting.rules.asking import changed_promises
from pb.inviting.rules.asking_features import NAME_MOST, NewFeature, NewValue, refuse_reserved
from pb.inviting.rules.shares import TOLERANCE_DEFAULT, read_tolerance
from pb.panel.rules.contact import EMAIL_MOST, read_email, read_phone
from pb.web.forms import (
    Choice,
    ChoiceField,
    DayField,
    EuroField,
    FileField,
    Form,
    HiddenField,
    LineField,
    LongTextField,
    Needed,
    ReadField,
    WholeField,
    ask_rules,
)
from pb.web.say import say

FROZEN_FIELDS = ("seats", "mode", "network_seats", "one_per_address", "least_age", "answers_close_on")


class ShownPhoneField(LineField):
    """A phone number that stands in letters as it was typed."""

    inputmode = "tel"

    def read(self, typed: str) -> str:
        shown = clean_line(typed, most=self.most)
        read_phone(shown)
        return shown


class ShownEmailField(LineField):
    """An e-mail address that stands in letters."""

    inputmode = "email"

    def read(self, typed: str) -> str:
        return read_email(typed)


class AppealForm(Form):
    """What people read in their letter, and how the panel is made."""

    version = HiddenField(default="0")
    asks = LongTextField(
        _("Wat vraag je van mensen?"), [Needed(_("Schrijf op wat je van mensen vraagt."))], most=2000
    )
    meets = LongTextField(_("Wanneer en waar?"), [Needed(_("Schrijf op wanneer en waar het is."))], most=1000)
    takes = LineField(_("Hoeveel tijd kost het?"), [Needed(_("Schrijf op hoeveel tijd het kost."))], most=200)
    allowance_cents = EuroField(_("Welke vergoeding krijgt iemand?"), [Needed(_("Vul 0 in als er geen is."))])
    childcare = LongTextField(_("Is er kinderopvang? (mag leeg blijven)"), most=1000)
    phone = ShownPhoneField(_("Telefoonnummer voor vragen"), most=20)
    email = ShownEmailField(_("E-mailadres voor vragen"), most=EMAIL_MOST)
    least_age = WholeField(_("Vanaf welke leeftijd mag je meedoen?"), [Needed(_("Vul een leeftijd in."))])
    seats = WholeField(
        _("Hoeveel mensen komen er in het panel?"), [Needed(_("Vul in hoeveel mensen in het panel komen."))]
    )
    mode = ChoiceField(
        _("Hoe krijgen mensen uit het netwerk een plaats?"),
        # What each does to chances stands in templates/inviting/_modes.html.
        choices=[Choice(mode.value, mode.value) for mode in (Mode.NOMINATED, Mode.FIXED)],
        default=Mode.NOMINATED.value,
    )
    network_seats = WholeField(_("Hoeveel plaatsen zijn voor mensen uit het netwerk, als zij meeloten?"))
    one_per_address = ChoiceField(
        _("Hoeveel mensen van één adres kunnen in het panel komen?"),
        choices=[
            Choice("yes", _("Hoogstens één. Dan zitten er meer verschillende huizen in het panel.")),
            Choice("no", _("Ook meer dan één.")),
        ],
        default="yes",
    )
    answers_close_on = DayField(
        _("Tot en met welke dag kan iemand antwoorden?"), [Needed(_("Vul de laatste dag in."))]
    )
    delete_on = DayField(
        _("Op welke dag wissen we de gegevens?"), [Needed(_("Vul in wanneer de gegevens weggaan."))]
    )

    # A change that people must hear of: which one was read, and that they will be told.
    read = HiddenField()
    understood = BooleanField(_("Ik begrijp dat zij iets anders lazen, en vertel het hun."))

    def has_understood(self, before: Asked | None) -> bool:
        """Tell whether the tick is about the change that is typed now."""
        return bool(before and self.understood.data and self.read.data == self.mark(before))

    def ask_to_understand(self, before: Asked | None) -> None:
        """Ask for the tick about what is listed now, and nothing that was typed later."""
        seen, self.read.raw_data = self.read.data, None
        self.read.data = self.mark(before) if before else ""
        if seen == self.read.data:
            self.understood.errors = [_("Zet hier een vinkje, of haal de verandering weg.")]
        self.understood.data = False

    def mark(self, before: Asked) -> str:
        """Give a short mark of what changes."""
        asked = self.asked(before)
        names = changed_promises(before, asked)
        return sha256_of([[name, str(getattr(asked, name))] for name in names])[:16]

    def stand_still(self) -> None:
        """Leave out what can change no more."""
        for name in FROZEN_FIELDS:
            delattr(self, name)

    def check(self) -> None:
        """Ask the rules that need no calendar."""
        ask_rules(self.allowance_cents, lambda: asking.check_allowance(self.allowance_cents.data))
        ask_rules(self.phone, lambda: asking.check_reach(self.phone.data or "", self.email.data or ""))
        if "seats" in self:
            ask_rules(self.seats, lambda: asking.check_seats(self.seats.data))
            ask_rules(self.least_age, lambda: asking.check_age(self.least_age.data))
            ask_rules(
                self.network_seats,
                lambda: asking.check_network_seats(
                    Mode(self.mode.data), self._network_seats(), self.seats.data
                ),
            )
            ask_rules(
                self.delete_on,
                lambda: asking.check_delete(self.delete_on.data, self.answers_close_on.data),
            )

    def _network_seats(self) -> int:
        typed = self.network_seats.data
        return 0 if typed is None or self.mode.data == Mode.FIXED.value else int(typed)

    def asked(self, before: Asked | None) -> Asked:
        """Give what was typed; what stands still is as it was."""
        held: dict[str, Any] = {
            "asks": self.asks.data or "",
            "meets": self.meets.data or "",
            "takes": self.takes.data or "",
            "allowance_cents": self.allowance_cents.data,
            "childcare": self.childcare.data or "",
            "phone": self.phone.data or "",
            "email": self.email.data or "",
            "delete_on": self.delete_on.data,
        }
        if "seats" in self:
            held |= {
                "seats": self.seats.data,
                "mode": Mode(self.mode.data),
                "network_seats": self._network_seats(),
                "one_per_address": self.one_per_address.data == "yes",
                "least_age": self.least_age.data,
                "answers_close_on": self.answers_close_on.data,
            }
        elif before is not None:
            held |= {name: getattr(before, name) for name in FROZEN_FIELDS}
        return Asked(**held)

    def refused_day(self, today: date, before: Asked | None) -> bool:
        """Say at the last day that it has passed, unless it stood there already."""
        if "answers_close_on" not in self:
            return False
        stood = before.answers_close_on if before else None
        return said_at(
            self.answers_close_on, lambda: asking.check_close(self.answers_close_on.data, today, stood)
        )


class ToleranceField(ReadField):
    """How far a target may be off the share, in percentage points."""

    inputmode = "decimal"

    def read(self, typed: str) -> Fraction:
        return read_tolerance(typed)

    def write(self, value: Any) -> str:
        return f"{float(value * 100):g}".replace(".", ",")


class FeatureForm(Form):
    """A feature; its answers stand beside it in rows."""

    seen = HiddenField()
    name = LineField(_("Hoe noem je dit kenmerk?"), [Needed(_("Geef het kenmerk een naam."))], most=NAME_MOST)
    question = LineField(_("Wat vraag je?"), [Needed(_("Schrijf de vraag op."))], most=200)
    why = LineField(_("Waarvoor vraag je dit?"), [Needed(_("Schrijf op waarvoor je dit vraagt."))], most=300)
    source = LineField(_("Waar komen de aantallen vandaan? (mag leeg blijven)"), most=200)
    tolerance = ToleranceField(_("Hoeveel mag een doel afwijken van de wijk?"), default=TOLERANCE_DEFAULT)

    def check(self) -> None:
        """Refuse a name that the draw uses itself."""
        ask_rules(self.name, lambda: refuse_reserved(self.name.data or ""))

    def feature(self, values: tuple[NewValue, ...]) -> NewFeature:
        """Give what was typed as a feature."""
        return NewFeature(
            self.name.data or "",
            self.question.data or "",
            self.why.data or "",
            self.source.data or "",
            values,
        )


class ToleranceForm(Form):
    """Compute all targets again."""

    tolerance = ToleranceField(
        _("Hoeveel mag een doel afwijken van de wijk?"),
        [Needed(_("Vul een getal in, bijvoorbeeld 10."))],
        default=TOLERANCE_DEFAULT,
    )


class KerncijfersForm(Form):
    """A file of key figures, and which place of it."""

    file = FileField(_("Het bestand van het CBS"), [Needed(_("Kies eerst een bestand."))])
    place = LineField(_("Welke wijk of buurt?"), [Needed(_("Typ de naam of de code van de wijk."))], most=100)


def said_at(field: Any, rule: Callable[[], None]) -> bool:
    """Ask a rule, and say at a field what it refuses."""
    try:
        rule()
    except BadInput as broken:
        field.errors = [*field.errors, say(broken)]
        return True
    return False
