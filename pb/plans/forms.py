"""What is asked to make a plan, one question a page, and to check one."""

from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _
from wtforms import HiddenField

from pb.people.forms import EmailField
from pb.plans.rules.amounts import (
    AskAbovePot,
    AskNothing,
    LeastAboveAsk,
    LeastAboveCap,
    LeastBelowZero,
    check_amounts,
)
from pb.plans.rules.film import Film, film_page_url, read_film_link
from pb.plans.rules.plan import (
    ANSWER_CHARACTERS_MOST,
    TITLE_CHARACTERS_MOST,
    ApplicantType,
    Question,
    check_title,
)
from pb.plans.rules.states import (
    DeclineWithoutAlternative,
    DeclineWithoutReason,
    check_decline,
)
from pb.web.forms import Choice, ChoiceField, EuroField, Form, LineField, LongTextField, ReadField, Refuse
from pb.web.say import say

KINDS = [
    Choice(ApplicantType.RESIDENT.value, _("Ik, als bewoner")),
    Choice(ApplicantType.GROUP.value, _("Een groep bewoners")),
    Choice(ApplicantType.FOUNDATION.value, _("Een stichting")),
    Choice(ApplicantType.ASSOCIATION.value, _("Een vereniging")),
    Choice(ApplicantType.COMPANY.value, _("Een bedrijf")),
    Choice(ApplicantType.PUBLIC_BODY.value, _("Een school, de gemeente of een andere overheid")),
]


class TitleField(LineField):
    """The name of a plan."""

    def read(self, typed: str) -> str:
        return check_title(typed)


class FilmField(ReadField):
    """A link to a film, read into which film it means; nothing is fetched."""

    inputmode = "url"

    def read(self, typed: str) -> Film:
        return read_film_link(typed, current_app.config["PB"].peertube_hosts)

    def write(self, value: Any) -> str:
        return film_page_url(value)


class KindField(ChoiceField):
    """Who asks; nobody chosen yet is an answer that may wait."""

    def pre_validate(self, form: Any) -> None:
        if self.data:
            super().pre_validate(form)


class StepForm(Form):
    """One page of the walk; ``seen`` marks the answers that stood there when it was opened."""

    seen = HiddenField()

    def answers(self) -> dict[str, object]:
        """Give what was typed, as it is kept; empty text is empty, another answer that waits is None."""
        raise NotImplementedError


class TitleForm(StepForm):
    title = TitleField(_("Hoe heet je plan?"), most=TITLE_CHARACTERS_MOST)
    want = LongTextField(_("Wat wil je doen, en voor wie?"), most=ANSWER_CHARACTERS_MOST[Question.WANT])
    leaves_now = False

    def answers(self) -> dict[str, object]:
        return {"title": self.title.data or "", "want": self.want.data or ""}

    def check(self) -> None:
        """Ask for a name, except from somebody who goes on later."""
        if not self.title.data and not self.leaves_now:
            raise Refuse(self.title, _("Geef je plan een naam. Je mag hem later nog veranderen."))


class CanDoForm(StepForm):
    can_do = LongTextField(_("Wat doen jij en anderen zelf?"), most=ANSWER_CHARACTERS_MOST[Question.CAN_DO])

    def answers(self) -> dict[str, object]:
        return {"can_do": self.can_do.data or ""}


class NeedForm(StepForm):
    need = LongTextField(_("Waar is het geld voor?"), most=ANSWER_CHARACTERS_MOST[Question.NEED])
    ask_cents = EuroField(_("Hoeveel geld vraag je?"))
    least_cents = EuroField(_("Met welk bedrag lukt het nog net?"))
    applicant_kind = KindField(_("Wie vraagt het geld aan?"), choices=KINDS)
    cap_cents = 0
    pot_cents = 0

    def answers(self) -> dict[str, object]:
        """Give what was typed; no least amount beside an amount means that every amount helps."""
        ask_cents, least_cents = self.ask_cents.data, self.least_cents.data
        if ask_cents is not None and least_cents is None:
            least_cents = 0
        kind = ApplicantType(self.applicant_kind.data) if self.applicant_kind.data else None
        return {
            "need": self.need.data or "", "ask_cents": ask_cents, "least_cents": least_cents,
            "applicant_kind": kind,
        }  # fmt: skip

    def check(self) -> None:
        """Ask the rules about the amounts, each at its own field."""
        if self.ask_cents.data is None:
            return
        try:
            check_amounts(
                ask_cents=self.ask_cents.data, least_cents=self.least_cents.data or 0,
                cap_cents=self.cap_cents, pot_cents=self.pot_cents,
            )  # fmt: skip
        except (AskNothing, AskAbovePot) as error:
            raise Refuse(self.ask_cents, say(error)) from error
        except (LeastBelowZero, LeastAboveAsk, LeastAboveCap) as error:
            raise Refuse(self.least_cents, say(error)) from error


class FilmForm(StepForm):
    film = FilmField(_("De link naar je film"))

    def answers(self) -> dict[str, object]:
        return {"film": self.film.data}


STEP_FORMS: dict[int, type[StepForm]] = {1: TitleForm, 2: CanDoForm, 3: NeedForm, 4: FilmForm}


class DeclineForm(Form):
    version = HiddenField()
    reason = LongTextField(_("Waarom kan dit plan niet?"), most=1000)
    alternative = LongTextField(_("Wat kan de initiatiefnemer wel doen?"), most=1000)

    def check(self) -> None:
        """Ask for a reason and for an alternative."""
        reason, alternative = self.reason.data or "", self.alternative.data or ""
        try:
            check_decline(reason=reason, alternative=alternative)
        except DeclineWithoutReason as error:
            raise Refuse(self.reason, say(error)) from error
        except DeclineWithoutAlternative as error:
            raise Refuse(self.alternative, say(error)) from error


class PaperForm(Form):
    email = EmailField(_("E-mailadres van de initiatiefnemer"), most=254)
