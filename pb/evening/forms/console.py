"""What the console sends."""

from flask_babel import lazy_gettext as _
from wtforms import HiddenField

from pb.evening.rules.reopening import check_reason
from pb.web.forms import Form, LongTextField, Needed, WholeField, ask_rules


class StepForm(Form):
    """A press on a button: which step it named, at which version of the evening.

    ``seen`` says that whoever presses was told who is still missing.
    """

    step = HiddenField()
    version = HiddenField()
    seen = HiddenField()

    def known_version(self) -> int:
        """Give the version that the page was made for; 0, which no evening has, for anything else."""
        typed = self.version.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


class ReopeningForm(Form):
    reason = LongTextField(
        _("Waarom moet dit plan opnieuw open?"), [Needed(_("Schrijf op waarom."))], most=1000
    )

    def check(self) -> None:
        """Ask whether there is a reason."""
        ask_rules(self.reason, lambda: _asked(self.reason.data or ""))


class StickerCountForm(Form):
    """Stickers of people without a phone, for one plan."""

    green = WholeField(_("eens"), [Needed(_("Vul een getal in; 0 mag ook."))])
    orange = WholeField(_("onder voorwaarde"), [Needed(_("Vul een getal in; 0 mag ook."))])
    red = WholeField(_("nee"), [Needed(_("Vul een getal in; 0 mag ook."))])


def _asked(reason: str) -> None:
    check_reason(reason)
