"""What is asked to change an amount, to say that the panel agrees, and to divide on paper."""

from flask_babel import lazy_gettext as _
from wtforms.validators import ValidationError

from pb.core.text import has_letters
from pb.decide.rules.panel_decides import Way
from pb.divide.rules.refusing import ReasonMissing
from pb.web.forms import Choice, ChoiceField, EuroField, Form, LongTextField, Needed, WholeField
from pb.web.say import say


class AmendForm(Form):
    """Another amount for one plan, with the reason that everybody can read; a console holds one per plan."""

    amount_cents = EuroField(_("Nieuw bedrag"), [Needed(_("Vul het nieuwe bedrag in."))])
    reason = LongTextField(_("Waarom verandert het panel dit?"), most=1000)

    @staticmethod
    def prefix_for(position: int) -> str:
        """Name the fields of the plan at a place on the agenda."""
        return f"plan-{position}-"

    def validate_reason(self, field: LongTextField) -> None:
        """Ask for a reason in words, also when the amount is wrong too."""
        if not has_letters(field.data or ""):
            raise ValidationError(say(ReasonMissing()))


class AgreeForm(Form):
    """What the panel says of the division on the screen."""

    way = ChoiceField(
        _("Wat zegt het panel?"),
        choices=[
            Choice(Way.CONSENSUS.value, _("We zijn het eens")),
            Choice(Way.MAJORITY.value, _("De meeste mensen zijn voor")),
            Choice(Way.RULE.value, _("We worden het niet eens: de afgesproken regel geldt")),
        ],
        default=Way.CONSENSUS.value,
    )
    in_favour = WholeField(_("Mensen voor"))
    against = WholeField(_("Mensen tegen"))
