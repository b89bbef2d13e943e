"""What is asked to record a decision."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField

from pb.decide.rules.panel_decides import Way, check_decision, check_minority
from pb.web.forms import Choice, ChoiceField, Form, LongTextField, ask_rules


class DecisionForm(Form):
    yes = ChoiceField(
        _("Wat beslist het panel?"),
        choices=[
            Choice("ja", _("Ja, dit plan krijgt geld")),
            Choice("nee", _("Nee, dit plan krijgt geen geld")),
        ],
    )
    way = ChoiceField(
        _("Hoe is dat beslist?"),
        choices=[
            Choice(Way.RULE.value, _("Zoals de cijfers zeggen")),
            Choice(Way.CONSENSUS.value, _("Iedereen is het eens, na praten")),
            Choice(Way.MAJORITY.value, _("Met een meerderheid, na praten")),
        ],
    )
    reason = LongTextField(_("Waarom?"), most=1000)
    minority_view = LongTextField(_("Wat vindt de minderheid?"), most=1000)
    no_minority_view = BooleanField(_("Er was geen minderheidsstandpunt"))

    def __init__(self, *args: object, computed_yes: bool, **options: object) -> None:
        super().__init__(*args, **options)
        self.computed_yes = computed_yes

    def check(self) -> None:
        """Ask for a way and a reason where the panel differs, and for the minority where there is one."""
        choice = {"computed_yes": self.computed_yes, "yes": self.yes.data == "ja"}
        way = Way(self.way.data)
        view, none = self.minority_view.data or "", bool(self.no_minority_view.data)
        ask_rules(self.way, lambda: check_decision(**choice, way=way, reason="staat hieronder"))
        ask_rules(self.reason, lambda: check_decision(**choice, way=way, reason=self.reason.data or ""))
        ask_rules(self.minority_view, lambda: check_minority(way=way, minority_view=view, none_given=none))
