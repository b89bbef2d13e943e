"""The one place where a request looks at the clock."""

from datetime import UTC, date, datetime

from flask import g, has_request_context

from pb.core.dates import amsterdam_date


def now() -> datetime:
    """Give the moment that this request came in, the same during the whole request.

    Units: UTC.
    """
    if not has_request_context():
        return datetime.now(UTC)
    if "now" not in g:
        g.now = datetime.now(UTC)
    moment: datetime = g.now
    return moment


def today() -> date:
    """Give the date in the Netherlands."""
    return amsterdam_date(now())
