"""What is typed from paper."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, SelectField

from pb.core.errors import Broken
from pb.evening.rules.paper import Invalid, Mark, join_mark, read_mark
from pb.web.forms import Choice, Form, Needed, ReadField, Refuse, WholeField
from pb.web.say import say

REASONS = [
    Choice("", _("geldig")),
    Choice(Invalid.HALF.value, _("een half cijfer")),
    Choice(Invalid.TWO.value, _("twee kruisjes")),
    Choice(Invalid.EMPTY.value, _("niets ingevuld")),
    Choice(Invalid.UNREADABLE.value, _("onleesbaar")),
]


# For whom forms are printed.
EVERYONE, NO_PHONE = "alle", "zonder"


class MarkField(ReadField):
    """One key for one plan: a figure, or a letter for why there is none."""

    inputmode = "text"

    def read(self, typed: str) -> Mark | None:
        return read_mark(typed)

    def write(self, value: Any) -> str:
        return "" if value.score is None else str(value.score)


class PaperSeatForm(Form):
    """Which form lies on the table."""

    stoel = WholeField(_("Stoelnummer op het formulier"), [Needed(_("Vul het stoelnummer in."))])


class PaperForm(Form):
    """One seat's form: per plan a key, and a reason from the list for who wants no letters."""

    stoel = HiddenField()

    def mark_of(self, item_id: int) -> Any:
        """Give the field of a plan."""
        return self[f"plan_{item_id}"]

    def reason_of(self, item_id: int) -> Any:
        """Give the list of reasons of a plan."""
        return self[f"waarom_{item_id}"]

    def check(self) -> None:
        """Refuse a figure with a reason why there is none."""
        for name in list(self.data):
            if name.startswith("plan_"):
                self.marked(int(name.removeprefix("plan_")))

    def marked(self, item_id: int) -> Mark | None:
        """Give what was typed for a plan; None for nothing."""
        field = self.mark_of(item_id)
        try:
            return join_mark(field.data or None, self.reason_of(item_id).data or "")
        except Broken as error:
            raise Refuse(field, say(error)) from error


class SettleForm(Form):
    """What a third person reads on the paper."""

    item = HiddenField()
    seat = HiddenField()
    cijfer = MarkField(_("Wat staat er op het papier?"))
    waarom = SelectField(_("Ongeldig?"), choices=REASONS, default="")

    def marked(self) -> Mark | None:
        """Give what was typed; None for nothing."""
        try:
            return join_mark(self.cijfer.data or None, self.waarom.data or "")
        except Broken as error:
            raise Refuse(self.cijfer, say(error)) from error

    def check(self) -> None:
        """Ask for a figure, or a reason why there is none."""
        if self.marked() is None:
            raise Refuse(self.cijfer, _("Typ wat er op het papier staat, of kies waarom het ongeldig is."))


class FormsForm(Form):
    """Which forms are printed."""

    class Meta:
        csrf = False

    wie = SelectField(
        _("Voor wie?"),
        choices=[
            Choice(EVERYONE, _("Voor elke stoel")),
            Choice(NO_PHONE, _("Alleen wie geen telefoon gebruikt")),
        ],
        default=EVERYONE,
    )
    van = WholeField(_("Van stoel"))
    tot = WholeField(_("Tot en met stoel"))


def paper_form(positions: Mapping[int, int]) -> type[PaperForm]:
    """Make the form for these plans: agenda item id to place on the agenda."""
    fields: dict[str, Any] = {}
    for item_id, position in positions.items():
        fields[f"plan_{item_id}"] = MarkField(_("Cijfer voor plan %(n)s", n=position))
        fields[f"waarom_{item_id}"] = SelectField(
            _("Ongeldig? (plan %(n)s)", n=position), choices=REASONS, default=""
        )
    return type("PaperFormOfPlans", (PaperForm,), fields)
