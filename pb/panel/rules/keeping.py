"""What holds for a panel that several people work on: lists kept for a day, seats, cards, draws."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from pb.core.errors import BadInput, Broken
from pb.panel.rules.origins import SEAT_NUMBER_MOST

UPLOAD_KEPT: Final = timedelta(days=1)


class FileKind(StrEnum):
    """Name what a file holds."""

    PEOPLE = "people"
    NETWORK = "network"
    ADDRESSES = "addresses"
    OPT_OUTS = "opt-outs"


class UploadGone(Broken):
    """Say that a list was used, thrown away after a day, or never there: all look the same."""

    code = "panel.upload-gone"
    status = 410


class ListKnown(Broken):
    """Refuse a list that was imported before. Facts: ``imported_at``."""

    code = "panel.list-known"


class PanelChanged(Broken):
    """Refuse what was decided by looking at a panel or a list that changed since."""

    code = "panel.panel-changed"


class PanelFull(BadInput):
    """Refuse more seats than there are numbers. Facts: ``most``."""

    code = "panel.panel-full"


class CardReplaced(Broken):
    """Refuse to replace a card that somebody else replaced in the meantime. Facts: ``number``."""

    code = "panel.card-replaced"


class CardNotYours(Broken):
    """Refuse to show a card to who did not just make it. Facts: ``number``."""

    code = "panel.card-not-yours"
    status = 403


class SeedUsed(BadInput):
    """Refuse a seed of an earlier draw: who knows it knows what comes next."""

    code = "panel.seed-used"


def check_room(highest_given: int, wanted: int) -> None:
    """Refuse more new seats than there are numbers left.

    Raises: PanelFull.
    """
    if highest_given + wanted > SEAT_NUMBER_MOST:
        raise PanelFull(most=SEAT_NUMBER_MOST)


def is_kept(made_at: datetime, now: datetime) -> bool:
    """Tell whether an uploaded list is young enough to be used."""
    return now < made_at + UPLOAD_KEPT
