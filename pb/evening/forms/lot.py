"""What is asked about the lot."""

from typing import Any

from flask_babel import lazy_gettext as _

from pb.evening.rules.lot import SEED_MOST, read_seed
from pb.web.forms import Form, HiddenField, LineField, Needed


class ThrowField(LineField):
    """Throws with a die, or the words of another way of drawing; empty stays empty."""

    def __init__(self, label: Any = None, validators: Any = (), **options: Any) -> None:
        # Room for what is typed between the throws; the rule says what may be kept.
        super().__init__(label, validators, most=3 * SEED_MOST, **options)

    def read(self, typed: str) -> str:
        return read_seed(super().read(typed))


class LotForm(Form):
    """What the room threw; ``shown`` is what the page knew, so that an old page undoes no throw."""

    throw = ThrowField(_("Dobbelstenen"), [Needed(_("Gooi eerst, en vul de ogen in."))])
    shown = HiddenField()

    @property
    def changed(self) -> bool:
        """Say whether somebody typed another throw than the page showed."""
        typed = self.throw.raw_data[0].strip() if self.throw.raw_data else ""
        return bool(typed) and typed != (self.shown.data or "")
