"""What console, screen, phones and the page of the evening show once a later room has the floor.

The evening knows its stages; deciding and dividing come later in the house and hang their own panes
here, so that the evening never looks ahead.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from pb.evening.queries import EveningFacts
from pb.evening.rules.steps import Stage


class Surface(StrEnum):
    """Where people look."""

    CONSOLE = "console"
    SCREEN = "screen"
    PHONE = "phone"
    DESK = "desk"


Pane = Callable[[Session, EveningFacts, int | None], dict[str, Any]]
_panes: dict[tuple[Stage, Surface], tuple[str, Pane]] = {}


def hang(stage: Stage, surface: Surface, template: str) -> Callable[[Pane], Pane]:
    """Let a room show its own template during a stage; the pane gives the facts for it.

    A pane is called with the session, the evening and, on a phone, the seat.
    """

    def keep(pane: Pane) -> Pane:
        _panes[stage, surface] = (template, pane)
        return pane

    return keep


def pane_for(stage: Stage, surface: Surface) -> tuple[str, Pane] | None:
    """Find what a later room shows here."""
    return _panes.get((stage, surface))
