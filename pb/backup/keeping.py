"""Which backups stay: all of the last day, and the last one of each day before that."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

NAME = "beslisavond-%Y%m%dT%H%M%SZ.backup"
_SHAPE = re.compile(r"beslisavond-\d{8}T\d{6}Z\.backup")
ALL_OF_THEM_FOR = timedelta(days=1)


def name_at(now: datetime) -> str:
    """Name a backup after the second in which it was made, in UTC."""
    return now.astimezone(UTC).strftime(NAME)


def made_at(name: str) -> datetime | None:
    """Read when a backup was made; None when it is not one that we named."""
    if not _SHAPE.fullmatch(name):
        return None
    try:
        return datetime.strptime(name, NAME).replace(tzinfo=UTC)
    except ValueError:
        return None


def too_old(names: Iterable[str], *, now: datetime, keep_days: int) -> list[str]:
    """Choose the backups that may go.

    Kept: every one of the last 24 hours, the last of each day (UTC) that is at most ``keep_days`` ago,
    everything from the future of this clock, and the newest of all, however old it is.
    """
    dated = sorted((moment, name) for name in names if (moment := made_at(name)) is not None)
    last_of_day = {moment.date(): name for moment, name in dated}
    kept = set(last_of_day.values())
    return [
        name
        for moment, name in dated[:-1]
        if moment < now - ALL_OF_THEM_FOR and (name not in kept or moment < now - timedelta(days=keep_days))
    ]
