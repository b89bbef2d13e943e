"""What is asked to log in."""

from flask_babel import lazy_gettext as _
from wtforms import PasswordField
from wtforms.validators import Length

from pb.people.rules import LONGEST_PASSWORD, check_email
from pb.web.forms import Form, LineField, Needed


class EmailField(LineField):
    """An e-mail address."""

    inputmode = "email"

    def read(self, typed: str) -> str:
        return check_email(typed)


class LinkForm(Form):
    email = EmailField(_("Je e-mailadres"), [Needed(_("Vul je e-mailadres in."))], most=254)


class PasswordForm(Form):
    work_email = LineField(_("E-mailadres"), [Needed(_("Vul je e-mailadres in."))], most=254)
    password = PasswordField(
        _("Wachtwoord"), [Needed(_("Vul je wachtwoord in.")), Length(max=LONGEST_PASSWORD)]
    )
