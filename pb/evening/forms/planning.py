"""What is asked to plan an evening."""

from flask_babel import lazy_gettext as _
from wtforms import SelectMultipleField, ValidationError
from wtforms.form import BaseForm

from pb.evening.forms.lot import ThrowField
from pb.evening.rules.steps import check_budget
from pb.web.forms import DayField, EuroField, Form, LineField, Needed, ask_rules


class PlansField(SelectMultipleField):
    """Plans that are ready; the list may have become shorter since the page was opened."""

    def pre_validate(self, form: BaseForm) -> None:
        """Say what happened to a plan that was chosen and is no longer in the list."""
        try:
            super().pre_validate(form)
        except ValidationError as error:
            told = _("Een plan dat je koos, is intussen ingetrokken. Kijk de lijst nog eens na.")
            raise ValidationError(told) from error


class EveningForm(Form):
    name = LineField(_("Hoe heet de avond?"), [Needed(_("Geef de avond een naam."))], most=120)
    held_on = DayField(_("Op welke dag?"), [Needed(_("Vul de dag in."))])
    place = LineField(_("Waar?"), [Needed(_("Vul in waar de avond is."))], most=120)
    budget_cents = EuroField(
        _("Hoeveel geld kan deze avond verdelen?"), [Needed(_("Vul in hoeveel de avond kan verdelen."))]
    )
    lot_seed = ThrowField(_("Code voor het lot"))
    plans = PlansField(_("Welke plannen komen aan de beurt?"), coerce=int)

    def __init__(self, *args: object, left_in_pot_cents: int, **options: object) -> None:
        super().__init__(*args, **options)
        self.left_in_pot_cents = left_in_pot_cents

    def check(self) -> None:
        """Ask whether the pot still has this much."""
        ask_rules(
            self.budget_cents,
            lambda: check_budget(
                budget_cents=self.budget_cents.data, left_in_pot_cents=self.left_in_pot_cents
            ),
        )
