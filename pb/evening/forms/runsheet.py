"""What is asked on the run sheet of an evening."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, SelectField

from pb.evening.forms.lot import ThrowField
from pb.evening.rules.agenda import (
    MOST_MINUTES,
    Choices,
    MinutesOutOfRange,
    Reason,
    check_minutes,
    check_wifi_name,
    check_wifi_password,
)
from pb.web.forms import Choice, ChoiceField, Form, Needed, ReadField, WholeField, ask_rules
from pb.web.say import say


class InvolvedForm(Form):
    """Who is involved in which plan, and why; ``plan`` is an agenda item."""

    number = WholeField(_("Stoelnummer"), [Needed(_("Vul een stoelnummer in."))])
    plan = SelectField(_("Bij welk plan?"), coerce=str, validate_choice=False)
    reason = ChoiceField(
        _("Waarom?"),
        choices=[
            Choice(Reason.INTEREST.value, _("Heeft er zelf belang bij, of iemand dichtbij")),
            Choice(Reason.COACH.value, _("Is projectleider: heeft bij dit plan geholpen")),
            Choice(Reason.INITIATOR.value, _("Diende het plan zelf in")),
        ],
        default=Reason.INTEREST.value,
    )

    def offer(self, plans: Mapping[int, str]) -> None:
        """Offer these plans, by the id of their agenda item."""
        self.plan.choices = [Choice("", _("Kies een plan"))] + [
            Choice(str(item_id), title) for item_id, title in plans.items()
        ]


class SeedForm(Form):
    seed = ThrowField(_("Wat gooiden jullie?"), [Needed(_("Gooi met dobbelstenen en vul de ogen in."))])


class PutOnForm(Form):
    plan = SelectField(_("Welk plan komt erbij?"), coerce=str, validate_choice=False)


class ChoicesForm(Form):
    """What an evening chooses before anybody is in."""

    stickers = BooleanField(_("Na alle plannen een stickerronde: groen, oranje of rood"))
    spread_on_screen = BooleanField(_("Het grote scherm laat tijdens het praten zien hoe de cijfers liggen"))
    coaches_score = BooleanField(_("Een projectleider mag een cijfer geven aan een plan waar die bij hielp"))
    host_decides = BooleanField(_("Een tweede telefoon voor dezelfde stoel vraagt het eerst aan jou"))

    def choices(self) -> Choices:
        """Give what was ticked."""
        return Choices(
            stickers=self.stickers.data,
            spread_on_screen=self.spread_on_screen.data,
            coaches_score=self.coaches_score.data,
            host_decides=self.host_decides.data,
        )


class ExactField(ReadField):
    """Text in which every mark counts, such as a password; only spaces around it go."""

    def read(self, typed: str) -> str:
        return typed.strip()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; nothing is an empty text."""
        super().process_formdata(valuelist)
        self.data = self.data or ""


class WifiForm(Form):
    name = ExactField(_("Naam van de wifi"))
    password = ExactField(_("Wachtwoord"))

    def check(self) -> None:
        """Ask whether a phone could join this."""
        ask_rules(self.name, lambda: check_wifi_name(self.name.data, self.password.data))
        ask_rules(self.password, lambda: check_wifi_password(self.password.data))


@dataclass(frozen=True)
class TypedMinutes:
    """The minutes of a whole agenda as they were typed, per agenda item id, and what is wrong with them."""

    typed: Mapping[int, str]
    minutes: Mapping[int, int]
    wrong: Mapping[int, str]


def read_minutes(form: Mapping[str, str], item_ids: Sequence[int]) -> TypedMinutes:
    """Read the minutes of each plan; a field that was not sent stays what it was."""
    typed = {
        item_id: "".join(mark for mark in form[name][:40] if mark.isprintable())
        for item_id in item_ids
        if (name := f"minuten-{item_id}") in form
    }
    minutes: dict[int, int] = {}
    wrong: dict[int, str] = {}
    for item_id, text in typed.items():
        given = text.strip()
        try:
            if not (given.isascii() and given.isdigit() and len(given) <= 9):
                raise MinutesOutOfRange(most=MOST_MINUTES)
            check_minutes(int(given))
            minutes[item_id] = int(given)
        except MinutesOutOfRange as error:
            wrong[item_id] = str(say(error))
    return TypedMinutes(typed, minutes, wrong)
