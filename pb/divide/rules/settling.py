"""What the panel says of a division: it agrees, most of it agrees, or the rule stands as it was announced."""

from pb.core.errors import BadInput, Broken
from pb.decide.rules.panel_decides import Way


class NotAgreed(Broken):
    """Refuse to confirm what the panel has not spoken about yet."""

    code = "divide.not-agreed"


class NoMajority(BadInput):
    code = "divide.no-majority"


class MoreHandsThanPeople(BadInput):
    code = "divide.more-hands-than-people"


class ChangedByThePanel(Broken):
    """Refuse to say that the rule stands while amounts were changed by hand."""

    code = "divide.changed-by-the-panel"


class DividedMeanwhile(Broken):
    """Refuse to change a division that is not the one on the page."""

    code = "divide.divided-meanwhile"


def check_agreement(
    way: Way, in_favour: int | None, against: int | None, *, present: int, amended: bool
) -> None:
    """Refuse an agreement that is none. Units: people.

    Raises: NoMajority, MoreHandsThanPeople, ChangedByThePanel.
    """
    if way is Way.RULE and amended:
        raise ChangedByThePanel()
    if way is not Way.MAJORITY:
        return
    if in_favour is None or against is None or in_favour <= against:
        raise NoMajority()
    if in_favour + against > present:
        raise MoreHandsThanPeople(present=present)
