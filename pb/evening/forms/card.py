"""What is asked of whoever holds a card."""

from flask_babel import lazy_gettext as _
from wtforms import HiddenField

from pb.web.forms import Form, LineField, Needed


class CardForm(Form):
    """The typed code, in which a scanner may put all that the QR says; or the token of a scanned card."""

    code = LineField(_("De code op je kaart"), [Needed(_("Vul de code van je kaart in."))], most=300)
    token = HiddenField()
