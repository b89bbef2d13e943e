"""What is asked to record a decision."""

from flask_babel import lazy_gettext as _

from pb.decide.rules.panel_decides import Way, check_decision
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
            Choice(Way.RULE.value, _("Met de cijfers")),
            Choice(Way.CONSENSUS.value, _("Samen eens geworden")),
            Choice(Way.MAJORITY.value, _("Met een meerderheid, na praten")),
        ],
        default=Way.RULE.value,
    )
    reason = LongTextField(_("Waarom?"), most=1000)
    minority_view = LongTextField(_("Wat vindt de minderheid? Wat heeft een nee nodig?"), most=1000)

    def __init__(self, *args: object, computed_yes: bool, **options: object) -> None:
        super().__init__(*args, **options)
        self.computed_yes = computed_yes

    def check(self) -> None:
        """Ask for a way and a reason where the panel differs from the scores."""
        choice = {"computed_yes": self.computed_yes, "yes": self.yes.data == "ja"}
        way = Way(self.way.data)
        ask_rules(self.way, lambda: check_decision(**choice, way=way, reason="staat hieronder"))
        ask_rules(self.reason, lambda: check_decision(**choice, way=way, reason=self.reason.data or ""))
