"""Two people for money: who computed a division does not confirm it, and only what was shown counts."""

from collections.abc import Collection

from pb.core.errors import Broken


class ConfirmedByProposer(Broken):
    code = "divide.confirmed-by-proposer"
    status = 403


class OtherThanShown(Broken):
    """Refuse to confirm a division that is not the one on the page."""

    code = "divide.other-than-shown"


class AlreadyConfirmed(Broken):
    code = "divide.already-confirmed"


class NotDivided(Broken):
    code = "divide.not-divided"


def check_confirmation(
    *, made_by: Collection[int], confirmed_by: int, kept_sha256: str, shown_sha256: str
) -> None:
    """Refuse who computed or changed an amount, and refuse another division than the one that was shown.

    Raises: ConfirmedByProposer, OtherThanShown.
    """
    if confirmed_by in made_by:
        raise ConfirmedByProposer()
    if kept_sha256 != shown_sha256:
        raise OtherThanShown()
