"""What is typed while somebody walks along the figures on the floor."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import HiddenField

from pb.evening.rules.floor import Counts, five, read_count
from pb.web.forms import Form, ReadField


class HeadsField(ReadField):
    """How many people stand on one figure; nothing typed is nobody."""

    inputmode = "numeric"

    def read(self, typed: str) -> int:
        return read_count(typed)


class FloorForm(Form):
    """A head count per figure, for the plan that was on the page."""

    item = HiddenField()
    stap = HiddenField()
    heads_1 = HeadsField(_("Op de 1"))
    heads_2 = HeadsField(_("Op de 2"))
    heads_3 = HeadsField(_("Op de 3"))
    heads_4 = HeadsField(_("Op de 4"))
    heads_5 = HeadsField(_("Op de 5"))

    @property
    def heads(self) -> list[HeadsField]:
        """Give the five fields, for 1 to 5."""
        return [self[f"heads_{figure}"] for figure in range(1, 6)]

    @property
    def counts(self) -> Counts:
        """Give what was counted, with the step of the button that was pressed."""
        counts = [field.data or 0 for field in self.heads]
        figure, sign = self._step()
        if figure:
            counts[figure - 1] = max(counts[figure - 1] + sign, 0)
        return five(counts)

    def _step(self) -> tuple[int, int]:
        pressed: Any = self.stap.data or ""
        if len(pressed) == 2 and pressed[0] in "12345" and pressed[1] in "+-":
            return int(pressed[0]), 1 if pressed[1] == "+" else -1
        return 0, 0
