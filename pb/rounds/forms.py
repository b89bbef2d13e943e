"""What is asked to make a round and to open it."""

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, SelectField
from wtforms.validators import DataRequired

from pb.rounds.rules import Call, Majority, Preset, check_calendar, check_cap, check_pot
from pb.web.forms import (
    Choice,
    ChoiceField,
    DayField,
    EuroField,
    Form,
    LineField,
    LongTextField,
    Needed,
    ask_rules,
)


class RoundForm(Form):
    version = HiddenField(default="1")
    area_id = SelectField(_("Voor welke wijk?"), [DataRequired(_("Kies een wijk."))], coerce=int)
    name = LineField(_("Hoe heet de ronde?"), [Needed(_("Geef de ronde een naam."))], most=120)
    summary = LongTextField(_("Waar gaat het over, in een paar zinnen?"), most=1000)
    pot_cents = EuroField(_("Hoeveel geld zit er in de pot?"), [Needed(_("Vul het bedrag van de pot in."))])
    cap_cents = EuroField(
        _("Hoeveel kan een plan hoogstens krijgen?"), [Needed(_("Vul het maximum per plan in."))]
    )
    plans_open_on = DayField(_("Plannen maken kan vanaf"), [Needed(_("Vul de eerste dag in."))])
    plans_close_on = DayField(_("Plannen maken kan tot en met"), [Needed(_("Vul de laatste dag in."))])
    residents_decide = LongTextField(
        _("Waarover beslissen bewoners?"), [Needed(_("Schrijf op waarover bewoners beslissen."))], most=2000
    )
    residents_do_not_decide = LongTextField(
        _("Waarover beslissen bewoners níét?"),
        [Needed(_("Schrijf ook op waarover bewoners niet beslissen."))],
        most=2000,
    )

    def check(self) -> None:
        """Ask the rules about pot, cap and calendar."""
        ask_rules(self.pot_cents, lambda: check_pot(self.pot_cents.data))
        ask_rules(self.cap_cents, lambda: check_cap(self.cap_cents.data, self.pot_cents.data))
        ask_rules(
            self.plans_close_on, lambda: check_calendar(self.plans_open_on.data, self.plans_close_on.data)
        )

    def call(self) -> Call:
        """Give what was typed as a call."""
        return Call(
            pot_cents=self.pot_cents.data,
            cap_cents=self.cap_cents.data,
            plans_open_on=self.plans_open_on.data,
            plans_close_on=self.plans_close_on.data,
            residents_decide=self.residents_decide.data,
            residents_do_not_decide=self.residents_do_not_decide.data,
        )


class RulesForm(Form):
    """The choices that freeze with the rules; the first of each is the default."""

    version = HiddenField(default="1")
    majority = ChoiceField(
        _("Wanneer krijgt een plan een ja?"),
        choices=[
            Choice(Majority.MORE_THAN_HALF.value, _("Als meer dan de helft een 4 of een 5 geeft")),
            Choice(Majority.TWO_THIRDS.value, _("Als twee derde of meer een 4 of een 5 geeft")),
        ],
        default=Majority.MORE_THAN_HALF.value,
    )
    preset = ChoiceField(
        _("Hoe verdelen we de pot?"),
        # Their names, words and pictures stand in templates/rounds/_presets.html.
        choices=[Choice(preset.value, preset.value) for preset in Preset],
        default=Preset.EQUAL.value,
    )


class NewRulesForm(RulesForm):
    reason = LongTextField(
        _("Waarom veranderen de regels?"),
        [Needed(_("Schrijf op waarom. Iedereen kan dit lezen."))],
        most=1000,
    )
