"""Choose how an evening goes before its doors open, and tell the room its Wi-Fi."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy.orm import Session

from pb.evening.actions.events import append, hold
from pb.evening.rules.agenda import (
    Choices,
    SheetClosed,
    check_before_doors,
    check_wifi_name,
    check_wifi_password,
)
from pb.evening.rules.steps import Stage
from pb.store import journal
from pb.store.journal import Actor


def choose(session: Session, *, evening_id: int, choices: Choices, who: Actor, now: datetime) -> None:
    """Choose how the evening goes; choosing the same again changes nothing. Raises: NotFound, DoorsOpen."""
    evening = hold(session, evening_id)
    changed = {name: made for name, made in asdict(choices).items() if getattr(evening, name) != made}
    if not changed:
        return
    check_before_doors(Stage(evening.stage))
    for name, made in changed.items():
        setattr(evening, name, made)
    append(session, evening, "settings", now, changed=changed)
    journal.note(
        session, at=now, who=who, what="evening settings changed", subject=f"evening {evening_id}", **changed
    )


def tell_wifi(
    session: Session, *, evening_id: int, name: str, password: str, who: Actor, now: datetime
) -> None:
    """Keep the Wi-Fi of the hall for the big screen, until the evening is over; both empty is none.

    Neither the events nor the journal hold what it is. Raises: SheetClosed, WifiNameWrong, WifiPasswordWrong.
    """
    evening = hold(session, evening_id)
    check_wifi_name(name, password)
    check_wifi_password(password)
    if (evening.wifi_name, evening.wifi_password) == (name, password):
        return
    if evening.stage == Stage.DONE.value:
        raise SheetClosed()
    evening.wifi_name, evening.wifi_password = name, password
    append(session, evening, "settings", now, changed={"wifi": bool(name)})
    journal.note(
        session, at=now, who=who, what="wifi told", subject=f"evening {evening_id}", known=bool(name)
    )
