"""The day it is in the Netherlands: what the app calls today, at any hour that the tests run."""

from datetime import UTC, date, datetime, timedelta

from pb.core.dates import amsterdam_date


def today(days_ahead: int = 0) -> date:
    """Give the day of now, or one some days later."""
    return amsterdam_date(datetime.now(UTC)) + timedelta(days=days_ahead)
