"""The suite's own clock: it begins at the same moment whenever the tests run, and goes on like any clock.

The app in the process of the tests looks at it (see conftest.py), so what a test writes for that app may be a
fixed day. A server in a process of its own looks at the real clock: for it, count from ``real_today``.
"""

import time
from datetime import UTC, date, datetime, timedelta, tzinfo

from pb.core.dates import amsterdam_date

NOW = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
_began = time.monotonic()


class SuiteClock:
    """Stands where the app keeps ``datetime``."""

    def now(self, zone: tzinfo = UTC) -> datetime:
        return (NOW + timedelta(seconds=time.monotonic() - _began)).astimezone(zone)


def now() -> datetime:
    """Give the moment that it is for the app in this process."""
    return SuiteClock().now()


def today(days_ahead: int = 0) -> date:
    """Give the day that it is for the app in this process, or one some days later."""
    return amsterdam_date(now()) + timedelta(days=days_ahead)


def real_today(days_ahead: int = 0) -> date:
    """Give the day that it is for a server in a process of its own, or one some days later."""
    return amsterdam_date(datetime.now(UTC)) + timedelta(days=days_ahead)
