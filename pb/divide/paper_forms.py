"""What is typed to divide the pot: on a phone without script, and from paper."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField
from wtforms.validators import Optional

from pb.core.errors import BadInput
from pb.core.money import (
    MoneyAmbiguous,
    MoneyForeign,
    MoneyNotAnAmount,
    MoneyTooManyDecimals,
    parse_euros,
)
from pb.divide.rules.own import EURO_CENTS
from pb.web.forms import Form, Needed, ReadField, WholeField

# What these say explains how cents are typed; here they are not.
_ABOUT_CENTS = (MoneyAmbiguous, MoneyForeign, MoneyNotAnAmount, MoneyTooManyDecimals)


class NotWholeEuros(BadInput):
    code = "divide.not-whole-euros"


class WholeEurosField(ReadField):
    """An amount in whole euros, read into cents; nothing typed is nothing given."""

    inputmode = "numeric"

    def read(self, typed: str) -> int:
        try:
            cents = parse_euros(typed)
        except _ABOUT_CENTS as error:
            raise NotWholeEuros() from error
        if cents % EURO_CENTS:
            raise NotWholeEuros()
        return cents

    def write(self, value: Any) -> str:
        return f"{value // EURO_CENTS:,}".replace(",", ".")


class OwnForm(Form):
    """What one seat gives, per plan; ``instead`` is the number of what it may replace."""

    instead = WholeField("", [Optional()])

    def amount_of(self, plan_id: int) -> Any:
        """Give the field of a plan."""
        return self[f"plan_{plan_id}"]

    def typed(self, plan_id: int) -> str:
        """Give what stands in the field of a plan."""
        return str(self.amount_of(plan_id)._value()) if f"plan_{plan_id}" in self else ""

    def errors_at(self, plan_id: int) -> tuple[str, ...]:
        """Give what is wrong with the amount of a plan."""
        return tuple(self.amount_of(plan_id).errors) if f"plan_{plan_id}" in self else ()

    def shares(self) -> dict[int, int]:
        """Give the amounts that can be read, in cents per plan id."""
        return {
            int(name.removeprefix("plan_")): cents
            for name, cents in self.data.items()
            if name.startswith("plan_") and cents and not self[name].errors
        }


class OwnPaperForm(OwnForm):
    """The same from one seat's paper, with the sum that people wrote on it; a tick keeps a wrong one."""

    stoel = HiddenField()
    samen = WholeEurosField(_("Samen, zoals het op het papier staat"), [
        Needed(_("Typ wat er op het papier bij ‘samen’ staat. Staat er niets? Tel de bedragen zelf op.")),
    ])  # fmt: skip
    added_up_wrong = BooleanField(_("Het papier is fout opgeteld. Bewaar de bedragen zoals ze er staan"))


def own_form(titles: Mapping[int, str], *, paper: bool = False) -> Any:
    """Make the form for these plans: plan id to title."""
    fields = {f"plan_{plan_id}": WholeEurosField(title) for plan_id, title in titles.items()}
    return type("OwnFormOfPlans", (OwnPaperForm if paper else OwnForm,), fields)
