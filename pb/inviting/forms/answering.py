"""What is asked of whoever says yes: who they are, and the features of the round."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, Field
from wtforms.validators import StopValidation

from pb.core.errors import Broken
from pb.inviting.forms.words import in_language
from pb.inviting.rules.answering import Contact, EmailTwice, NameTwice, PhoneTwice, check_contact
from pb.inviting.rules.appeal import Appeal, Feature
from pb.panel.forms import ContactEmailField, NameField, PhoneField
from pb.panel.rules.contact import EMAIL_MOST, NAME_MOST
from pb.web.forms import Choice, ChoiceField, Form, HiddenField, LineField, Needed, Refuse, ask_rules
from pb.web.say import say

# What somebody else of the same letter gave.
TWICE = (EmailTwice, PhoneTwice, NameTwice)
RATHER_NOT = "zeg ik liever niet"


class Ticked:
    """Ask for a tick, and say why."""

    def __init__(self, message: Any) -> None:
        self.sentence = message

    def __call__(self, form: Any, field: Any) -> None:
        """Ask."""
        if not field.data:
            raise StopValidation(str(self.sentence))


class LetterForm(Form):
    """The code of a letter, in which a scanner may put all that the QR says."""

    code = LineField(_("Je briefcode"), [Needed(_("Typ je briefcode."))], most=300)


class OwnCodeForm(Form):
    code = LineField(_("Je eigen code"), [Needed(_("Typ je eigen code."))], most=300)


class AllAtOnce(Form):
    """A form that asks its rules also when a field is wrong, so that nobody is sent back twice."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field and the rules across fields."""
        right = super(Form, self).validate(extra_validators)
        return self._checked() and bool(right)


class PersonForm(AllAtOnce):
    """How to reach somebody: one way is enough."""

    name = NameField(_("Je naam"), [Needed(_("Typ je naam."))], most=NAME_MOST)
    phone = PhoneField(_("Je telefoonnummer"), most=60)
    email = ContactEmailField(_("Je e-mailadres"), most=EMAIL_MOST)

    def check(self) -> None:
        """Ask for one way to reach somebody."""
        if not (self.phone.errors or self.email.errors):
            ask_rules(self.phone, lambda: check_contact(self.person()))

    def person(self) -> Contact:
        """Give what was typed."""
        return Contact(self.name.data or "", self.email.data or "", self.phone.data or "")

    def say_twice(self, error: Broken) -> None:
        """Say at its field what somebody else of the letter gave already."""
        fields = {EmailTwice.code: self.email, PhoneTwice.code: self.phone, NameTwice.code: self.name}
        field = fields[error.code]
        field.errors = [*field.errors, say(error)]

    def fill_in(self, known: Contact) -> None:
        """Fill in what is known, where nothing was typed."""
        self.name.data, self.email.data = known.name, known.email
        # As people here write a number.
        abroad = not known.phone.startswith("+31")
        self.phone.data = known.phone if abroad else f"0{known.phone[3:]}"


class YouForm(PersonForm):
    """Whoever says yes: name, how to reach them, and old enough."""

    op = HiddenField()
    item = HiddenField()
    step = HiddenField()
    of_age = BooleanField(_("Je leeftijd"), [Ticked(_("Zet een vinkje als je oud genoeg bent."))])


class FeaturesForm(AllAtOnce):
    """The questions of a round; rather not is an answer as well. Made by ``features_form``."""

    asked: tuple[Feature, ...] = ()

    consent = BooleanField(_("Toestemming"))

    def question(self, feature: Feature) -> Field:
        """Give the field of a feature."""
        found: Field = self[f"k{feature.id}"]
        return found

    def check(self) -> None:
        """Ask for a clear yes before anything is kept of what somebody told, or may still tell."""
        told = (self.question(feature).data != RATHER_NOT for feature in self.asked)
        if any(told) and not self.consent.data:
            raise Refuse(
                self.consent,
                _("Zet hier een vinkje. Wil je dat niet? Kies dan bij elke vraag: zeg ik liever niet."),
            )

    def chosen(self) -> dict[int, int | None]:
        """Give per feature the value that was chosen; None for rather not."""
        return {
            feature.id: next(
                (value.id for value in feature.values if value.name == self.question(feature).data), None
            )
            for feature in self.asked
        }

    def fill_in(self, kept: Mapping[int, int | None]) -> None:
        """Choose what was chosen before; a question that is new stays open."""
        for feature in self.asked:
            if feature.id in kept:
                names = {value.id: value.name for value in feature.values}
                self.question(feature).data = names.get(kept[feature.id] or 0, RATHER_NOT)
        self.consent.data = any(value is not None for value in kept.values())


def features_form(appeal: Appeal, **options: Any) -> FeaturesForm:
    """Make the form with the questions of a round."""
    fields: dict[str, Any] = {"asked": appeal.features}
    for feature in appeal.features:
        # The words themselves are sent: a page that came back late shows people what they chose.
        names = [value.name for value in feature.values if value.name != RATHER_NOT]
        choices = [Choice(name, in_language(name)) for name in names]
        fields[f"k{feature.id}"] = ChoiceField(
            in_language(feature.question),
            choices=[*choices, Choice(RATHER_NOT, _("zeg ik liever niet"))],
        )
    made: FeaturesForm = type("AskedForm", (FeaturesForm,), fields)(**options)
    return made


class TakenForm(YouForm):
    """A yes or a no that staff hear by phone or read from paper."""

    channel = ChoiceField(
        _("Hoe kwam dit antwoord?"),
        choices=[Choice("phone", _("Aan de telefoon")), Choice("paper", _("Op papier"))],
        default="phone",
    )


class NetworkForm(Form):
    """Somebody of the network; the choices are given by the page."""

    person = ChoiceField(_("Wie uit het netwerk?"), name="wie")
