"""Days and moments: what people type, what Dutch clocks show, what is stored in UTC."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from pb.core.errors import BadInput
from pb.core.text import clean_line

AMSTERDAM: Final = ZoneInfo("Europe/Amsterdam")
EARLIEST: Final = date(1900, 1, 1)
LATEST: Final = date(2100, 12, 31)

_MONTHS: Final = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip
_SHORT_MONTHS: Final = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_DUTCH: Final = re.compile(r"([0-9]{1,2})([-./])([0-9]{1,2})\2([0-9]{4})")
_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_IN_WORDS: Final = re.compile(r"([0-9]{1,2})[ -]([a-z]{3,9})\.?[ -]([0-9]{4})")
_SHORT_YEAR: Final = re.compile(r"([0-9]{1,2})([-./])([0-9]{1,2})\2([0-9]{2})")
_CLOCK: Final = re.compile(r"([0-9]{1,2})[:.u]([0-9]{2})(?: ?uur)?")


class DateEmpty(BadInput):
    code = "core.date-empty"


class DateNotADate(BadInput):
    code = "core.date-not-a-date"


class DateDoesNotExist(BadInput):
    """Refuse 31-02-2000."""

    code = "core.date-does-not-exist"


class DateAmbiguous(BadInput):
    """Refuse 01/02/2003: the first of February to one reader, the second of January to another."""

    code = "core.date-ambiguous"


class DateShortYear(BadInput):
    code = "core.date-short-year"


class DateFromSpreadsheet(BadInput):
    """Refuse 36526, which is how a spreadsheet counts days."""

    code = "core.date-from-spreadsheet"


class DateOutOfRange(BadInput):
    code = "core.date-out-of-range"


class DateClockUnreadable(BadInput):
    code = "core.date-clock-unreadable"


class DateHourSkipped(BadInput):
    """Refuse a time that the clock skips when summer time begins."""

    code = "core.date-hour-skipped"


class DateHourTwice(BadInput):
    """Refuse a time that the clock shows twice when summer time ends."""

    code = "core.date-hour-twice"


def parse_date(text: str, *, earliest: date = EARLIEST, latest: date = LATEST) -> date:
    """Read a day typed as dd-mm-jjjj, as jjjj-mm-dd (what a date field sends) or as 22 november 2026.

    Units: ``earliest`` and ``latest`` inclusive.
    Raises: a BadInput for a day that does not exist or can be read in two ways. Facts do not repeat
    what was typed, for it may be a date of birth.
    """
    typed = clean_line(text, most=40).lower()
    if not typed:
        raise DateEmpty()
    if iso := _ISO.fullmatch(typed):
        day = _day(iso[1], iso[2], iso[3])
    elif dutch := _DUTCH.fullmatch(typed):
        if dutch[2] == "/" and dutch[1].lstrip("0") != dutch[3].lstrip("0") and int(dutch[1]) <= 12:
            raise DateAmbiguous()
        day = _day(dutch[4], dutch[3], dutch[1])
    elif words := _IN_WORDS.fullmatch(typed):
        day = _day(words[3], _month(words[2]), words[1])
    else:
        raise _why_not(typed)
    if not earliest <= day <= latest:
        raise DateOutOfRange(earliest=earliest, latest=latest)
    return day


def date_plain(day: date) -> str:
    """Write a day for a file or a field: 22-11-2026."""
    if isinstance(day, datetime):
        raise TypeError("a moment has no day without a time zone: use amsterdam_date first")
    return f"{day.day:02}-{day.month:02}-{day.year:04}"


def parse_clock(text: str) -> time:
    """Read a time of day typed as 19:30, 19.30 or 19u30.

    Raises: DateClockUnreadable.
    """
    found = _CLOCK.fullmatch(clean_line(text, most=20).lower())
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise DateClockUnreadable()
    return time(int(found[1]), int(found[2]))


def amsterdam_time(moment: datetime) -> datetime:
    """Show a moment as Dutch clocks do.

    Raises: ValueError for a moment without a time zone.
    """
    return _aware(moment).astimezone(AMSTERDAM)


def amsterdam_date(moment: datetime) -> date:
    """Give the day that a Dutch calendar shows at a moment.

    Raises: ValueError for a moment without a time zone.
    """
    return amsterdam_time(moment).date()


def moment_of(day: date, clock: time, *, second_time: bool | None = None) -> datetime:
    """Give the moment, in UTC, at which Dutch clocks show this time on this day.

    ``second_time`` chooses between the two when the clock goes back; without it such a time is refused.
    Raises: DateHourSkipped, DateHourTwice.
    """
    if isinstance(day, datetime) or clock.tzinfo is not None:
        raise TypeError("a Dutch day and a Dutch time have no zone of their own")
    first = datetime.combine(day, clock.replace(fold=0), AMSTERDAM)
    second = first.replace(fold=1)
    if first.utcoffset() != second.utcoffset():
        # In the gap of spring the earlier reading has the smaller offset; in autumn the larger.
        if first.astimezone(UTC).astimezone(AMSTERDAM).replace(tzinfo=None) != first.replace(tzinfo=None):
            raise DateHourSkipped(day=day)
        if second_time is None:
            raise DateHourTwice(day=day)
    return (second if second_time else first).astimezone(UTC)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """Give the first moment of a Dutch day and of the next, in UTC: 23, 24 or 25 hours apart."""
    return moment_of(day, time()), moment_of(day + timedelta(days=1), time())


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError("a moment needs a time zone")
    return moment


def _day(year: str, month: str, day: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise DateDoesNotExist() from None


def _month(word: str) -> str:
    if word == "sept":
        word = "sep"
    for names in (_MONTHS, _SHORT_MONTHS):
        if word in names:
            return str(names.index(word) + 1)
    raise DateNotADate()


def _why_not(typed: str) -> BadInput:
    if short := _SHORT_YEAR.fullmatch(typed):
        return DateAmbiguous() if short[2] == "/" else DateShortYear()
    if re.fullmatch(r"[0-9]{5}(?:[.,][0-9]+)?", typed):
        return DateFromSpreadsheet()
    return DateNotADate()
