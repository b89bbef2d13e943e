"""What is asked to record a decision."""

from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, Field

from pb.decide.rules.panel_decides import Way, check_decision, check_minority
from pb.web.forms import Choice, ChoiceField, Form, LongTextField, Refuse, ask_rules


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

    def validate(self, extra_validators: Any = None) -> bool:
        """Check all of it, so that everything that is missing is said at once."""
        if super().validate(extra_validators):
            return True
        if self.way.errors and not self.yes.errors:
            for refusal in self._refusals(Way.CONSENSUS):
                _say_at(refusal)
        return False

    def check(self) -> None:
        """Ask for a way and a reason where the panel differs, and for the minority where there is one."""
        refusals = self._refusals(Way(self.way.data))
        for refusal in refusals[1:]:
            _say_at(refusal)
        if refusals:
            raise refusals[0]

    def _refusals(self, way: Way) -> list[Refuse]:
        choice = {"computed_yes": self.computed_yes, "yes": self.yes.data == "ja"}
        view, none = self.minority_view.data or "", bool(self.no_minority_view.data)
        # A way that does not go with this answer is one thing to mend, a reason that is not there another.
        given = Way.CONSENSUS if way is Way.RULE else way
        asked: list[tuple[Field, Callable[[], None]]] = [
            (self.way, lambda: check_decision(**choice, way=way, reason="staat hieronder")),
            (self.reason, lambda: check_decision(**choice, way=given, reason=self.reason.data or "")),
            (self.minority_view, lambda: check_minority(way=way, minority_view=view, none_given=none)),
        ]
        found = []
        for field, rule in asked:
            try:
                ask_rules(field, rule)
            except Refuse as refusal:
                found.append(refusal)
        return found


def _say_at(refusal: Refuse) -> None:
    if not refusal.field.errors:
        refusal.field.errors = [refusal.sentence]
