"""What is asked to freeze a draw, to read its public number or practise that, and to set it aside."""

from datetime import datetime

from flask_babel import lazy_gettext as _
from wtforms import HiddenField

from pb.core.dates import moment_of, parse_clock
from pb.sortition.rules.beacon import Beacon
from pb.sortition.rules.moments import Source, announce
from pb.web.clock import now
from pb.web.forms import (
    Choice,
    ChoiceField,
    DayField,
    Form,
    LineField,
    LongTextField,
    Needed,
    ReadField,
    ask_rules,
)


class ClockField(ReadField):
    """A time of day, as 20.00."""

    inputmode = "numeric"

    def read(self, typed: str) -> object:
        return parse_clock(typed)

    def write(self, value: object) -> str:
        return f"{value:%H.%M}"


class FreezeForm(Form):
    """The moment and the source of the number; doubts are ticked beside it."""

    seen = HiddenField()
    source = ChoiceField(
        _("Welk getal beslist?"),
        choices=[
            Choice(Source.DRAND.value, _("Een openbaar getal van internet (drand)")),
            Choice(Source.DICE.value, _("Acht dobbelstenen op een bijeenkomst")),
        ],
        default=Source.DRAND.value,
    )
    day = DayField(_("Op welke dag komt het getal?"), [Needed(_("Vul de dag in."))])
    clock = ClockField(_("Hoe laat?"), [Needed(_("Vul de tijd in, bijvoorbeeld 20.00."))])

    beacon: Beacon

    def check(self) -> None:
        """Ask whether the moment leaves people time to see the list."""
        ask_rules(self.clock, self._announce)

    def _announce(self) -> None:
        moment: datetime = moment_of(self.day.data, self.clock.data)
        self.beacon = announce(Source(self.source.data), moment, now=now())


class ValueForm(Form):
    """The public number as one person reads it."""

    value = LineField(_("Het getal"), [Needed(_("Vul het getal in."))], most=1000)


class PractiseForm(Form):
    """Eight throws as two people type them, for practice."""

    first = LineField(_("Persoon 1 typt"), [Needed(_("Vul de acht ogen in."))], most=100)
    second = LineField(_("Persoon 2 typt"), [Needed(_("Vul de acht ogen in."))], most=100)


class AsideForm(Form):
    """Why a draw is set aside; everyone can read it."""

    reason = LongTextField(
        _("Waarom leg je deze loting opzij?"), [Needed(_("Schrijf op waarom."))], most=1000
    )
