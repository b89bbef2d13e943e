"""Forms: fields that read what Dutch people type, and say at the field what is wrong with it."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from unicodedata import category

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import Field, HiddenField, RadioField
from wtforms.fields.choices import SelectChoice as Choice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, StopValidation
from wtforms.widgets import TextArea, TextInput

from pb.core.dates import date_plain, parse_date
from pb.core.errors import Broken
from pb.core.money import euros_plain, parse_euros
from pb.core.text import clean_line, clean_text
from pb.web.say import say

__all__ = [
    "Choice",
    "ChoiceField",
    "DayField",
    "EuroField",
    "FileField",
    "Form",
    "HiddenField",
    "LineField",
    "LongTextField",
    "Needed",
    "ReadField",
]


class Form(FlaskForm):  # type: ignore[misc]
    """A form of ours; ``check`` is where a form asks its room's rules about several fields at once."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, then the rules across fields."""
        return bool(super().validate(extra_validators)) and self._checked()

    def check(self) -> None:
        """Ask the rules; raise Refuse to say something at a field."""

    def _checked(self) -> bool:
        try:
            self.check()
        except Refuse as refusal:
            refusal.field.errors = [*refusal.field.errors, refusal.sentence]
            return False
        return True


class Refuse(Exception):
    """Say at one field of a form which rule it breaks."""

    def __init__(self, field: Field, sentence: str) -> None:
        super().__init__(str(sentence))
        self.field = field
        self.sentence = sentence


class Needed(InputRequired):
    """Ask for an answer, in words of the field's own when given."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__()
        self.sentence = message or _("Vul dit in.")

    def __call__(self, form: Any, field: Any) -> None:
        """Ask, unless the field already says what is wrong with the answer."""
        if field.data in (None, "") and not field.errors:
            raise StopValidation(str(self.sentence))


class ReadField(Field):
    """A field whose text is read by a rule; what was typed always comes back as it was typed."""

    widget: Any = TextInput()
    inputmode = "text"

    def __init__(self, label: Any = None, validators: Sequence[Any] = (), **options: Any) -> None:
        super().__init__(label, list(validators), **options)

    def read(self, typed: str) -> Any:
        """Turn what was typed into a value; may raise Broken."""
        raise NotImplementedError

    def write(self, value: Any) -> str:
        """Turn a stored value into what a person would type."""
        return str(value)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; a broken rule becomes the sentence at this field."""
        self.data = None
        typed = valuelist[0] if valuelist else ""
        if not typed.strip():
            self.data = "" if isinstance(self, LineField) else None
            return
        try:
            self.data = self.read(typed)
        except Broken as error:
            raise ValueError(say(error)) from error

    def _value(self) -> str:
        if self.raw_data:
            # A page cannot hold control characters; all else comes back as it was typed.
            return "".join(mark for mark in str(self.raw_data[0]) if _may_stand_on_a_page(mark))
        return "" if self.data is None else self.write(self.data)


class EuroField(ReadField):
    """An amount in euros, read into whole cents."""

    inputmode = "decimal"

    def read(self, typed: str) -> int:
        return parse_euros(typed)

    def write(self, value: Any) -> str:
        return euros_plain(int(value)).removesuffix(",00")


class DayField(ReadField):
    """A date as day-month-year."""

    inputmode = "numeric"

    def read(self, typed: str) -> date:
        return parse_date(typed)

    def write(self, value: Any) -> str:
        return date_plain(value)


class WholeField(ReadField):
    """A whole number."""

    inputmode = "numeric"

    def read(self, typed: str) -> int:
        text = typed.strip()
        if not (text.isascii() and text.isdigit() and len(text) <= 9):
            raise ValueError(_("Vul een heel getal in, bijvoorbeeld 12."))
        return int(text)


class LineField(ReadField):
    """One line of text, cleaned, of at most so many characters."""

    def __init__(
        self, label: Any = None, validators: Sequence[Any] = (), *, most: int, **options: Any
    ) -> None:
        super().__init__(label, validators, **options)
        self.most = most

    def read(self, typed: str) -> str:
        return clean_line(typed, most=self.most)


class LongTextField(LineField):
    """Several lines of text."""

    widget: Any = TextArea()

    def read(self, typed: str) -> str:
        return clean_text(typed, most=self.most)


class ChoiceField(RadioField):
    """One of a few choices, as radio buttons; another value than these is refused in plain words."""

    def pre_validate(self, form: Any) -> None:
        if self.data not in {value for value, *_rest in self.iter_choices()}:
            raise StopValidation(_("Kies een van de mogelijkheden."))


def ask_rules(field: Field, rule: Callable[[], None]) -> None:
    """Ask a rule; a broken one is said at this field."""
    try:
        rule()
    except Broken as error:
        raise Refuse(field, say(error)) from error


def _may_stand_on_a_page(mark: str) -> bool:
    return mark in "\t\r\n" or category(mark) not in ("Cc", "Cs", "Cn")
