"""Days and moments as Dutch people type them and as their clocks show them."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pb.core.dates import (
    AMSTERDAM,
    EARLIEST,
    LATEST,
    DateAmbiguous,
    DateClockUnreadable,
    DateDoesNotExist,
    DateEmpty,
    DateFromSpreadsheet,
    DateHourSkipped,
    DateHourTwice,
    DateNotADate,
    DateOutOfRange,
    DateShortYear,
    amsterdam_date,
    amsterdam_time,
    date_plain,
    day_bounds,
    moment_of,
    parse_clock,
    parse_date,
)
from pb.core.errors import BadInput
from pb.core.text import TextControlCharacter, TextTooLong

SUMMER_TIME_BEGINS = date(2026, 3, 29)
SUMMER_TIME_ENDS = date(2026, 10, 25)

sentences = Environment(
    loader=FileSystemLoader(Path(__file__).parents[2] / "templates"),
    extensions=["jinja2.ext.i18n"],
    undefined=StrictUndefined,
    autoescape=True,
)
sentences.filters["day"] = date_plain
sentences.install_null_translations(newstyle=True)  # type: ignore[attr-defined]


def sentence(broken: BadInput) -> str:
    room, what = broken.code.split(".")
    return sentences.get_template(f"{room}/broken/{what}.html").render(facts=broken.facts).strip()


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("22-11-2026", date(2026, 11, 22)),
        ("1-2-2003", date(2003, 2, 1)),
        ("01-02-2003", date(2003, 2, 1)),
        ("2026-11-22", date(2026, 11, 22)),
        ("22.11.2026", date(2026, 11, 22)),
        ("22/11/2026", date(2026, 11, 22)),
        ("03/03/2003", date(2003, 3, 3)),
        (" 22-11-2026\n", date(2026, 11, 22)),
        ("22 november 2026", date(2026, 11, 22)),
        ("1 Mrt. 2026", date(2026, 3, 1)),
        ("12-mrt-2026", date(2026, 3, 12)),
        ("29-02-2028", date(2028, 2, 29)),
    ],
)
def test_a_day_is_read_as_dutch_people_type_it(typed: str, day: date) -> None:
    assert parse_date(typed) == day


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("", DateEmpty),
        ("  ", DateEmpty),
        ("31-02-2000", DateDoesNotExist),
        ("2000-02-31", DateDoesNotExist),
        ("29-02-2027", DateDoesNotExist),
        ("00-01-2000", DateDoesNotExist),
        ("22-13-2026", DateDoesNotExist),
        ("31 april 2026", DateDoesNotExist),
        ("13/13/2026", DateDoesNotExist),
        ("11-22-2026", DateDoesNotExist),
        ("0000-01-01", DateDoesNotExist),
        ("01/02/03", DateAmbiguous),
        ("01/02/2003", DateAmbiguous),
        ("11/22/2026", DateAmbiguous),
        ("12/11/2026", DateAmbiguous),
        ("1-2-03", DateShortYear),
        ("22.11.26", DateShortYear),
        ("36526", DateFromSpreadsheet),
        ("36526.5", DateFromSpreadsheet),
        ("22-11-0026", DateOutOfRange),
        ("01-01-1896", DateOutOfRange),
        ("01-01-2101", DateOutOfRange),
        ("9999-12-31", DateOutOfRange),
        ("morgen", DateNotADate),
        ("12-mrt", DateNotADate),
        ("22 smarch 2026", DateNotADate),
        ("22-11", DateNotADate),
        ("22-11/2026", DateNotADate),
        ("٢٢-١١-٢٠٢٦", DateNotADate),
        ("２２-11-2026", DateNotADate),
        ("-1-2-2026", DateNotADate),
        ("2026-11-22T10:00", DateNotADate),
        ("22-11-20260", DateNotADate),
        ("1e3", DateNotADate),
        ("22-11-2026\x00", TextControlCharacter),
        ("2" * 5000, TextTooLong),
    ],
)
def test_a_day_that_is_not_sure_is_refused_with_the_fix(typed: str, refusal: type[BadInput]) -> None:
    with pytest.raises(refusal) as told:
        parse_date(typed)
    assert type(told.value) is refusal
    if told.value.code.startswith("core.date"):
        assert sentence(told.value).endswith(".")


def test_the_ends_of_a_range_may_be_chosen() -> None:
    day = date(2026, 11, 22)
    assert parse_date("22-11-2026", earliest=day, latest=day) == day
    for typed in ("21-11-2026", "23-11-2026"):
        with pytest.raises(DateOutOfRange):
            parse_date(typed, earliest=day, latest=day)


@given(st.dates(min_value=EARLIEST, max_value=LATEST))
def test_a_day_that_is_written_can_be_typed_again(day: date) -> None:
    assert parse_date(date_plain(day)) == day
    assert parse_date(day.isoformat()) == day


def test_a_moment_is_not_written_as_a_day() -> None:
    with pytest.raises(TypeError):
        date_plain(datetime(2026, 11, 22, tzinfo=UTC))


@pytest.mark.parametrize(
    ("typed", "clock"),
    [("19:30", time(19, 30)), ("9.05", time(9, 5)), ("19u30", time(19, 30)), ("00:00 uur", time(0, 0))],
)
def test_a_time_of_day_is_read_as_people_type_it(typed: str, clock: time) -> None:
    assert parse_clock(typed) == clock


@pytest.mark.parametrize("typed", ["", "24:00", "19:60", "19", "half acht", "1９:30", "19:30:00", "-1:00"])
def test_a_time_that_no_clock_shows_is_refused(typed: str) -> None:
    with pytest.raises(DateClockUnreadable) as told:
        parse_clock(typed)
    assert sentence(told.value).endswith(".")


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 22, 22, 59, tzinfo=UTC), date(2026, 11, 22)),
        (datetime(2026, 11, 22, 23, 0, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), date(2026, 7, 2)),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_the_day_turns_at_dutch_midnight(moment: datetime, day: date) -> None:
    assert amsterdam_date(moment) == day


def test_a_moment_without_a_zone_is_a_mistake_of_ours() -> None:
    for show in (amsterdam_date, amsterdam_time):
        with pytest.raises(ValueError, match="time zone"):
            show(datetime(2026, 11, 22, tzinfo=UTC).replace(tzinfo=None))


def test_half_past_two_does_not_exist_when_summer_time_begins() -> None:
    with pytest.raises(DateHourSkipped) as told:
        moment_of(SUMMER_TIME_BEGINS, time(2, 30))
    assert "29-03-2026" in sentence(told.value)
    with pytest.raises(DateHourSkipped):
        moment_of(SUMMER_TIME_BEGINS, time(2, 30), second_time=True)
    assert moment_of(SUMMER_TIME_BEGINS, time(3, 0)) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_half_past_two_comes_twice_when_summer_time_ends() -> None:
    with pytest.raises(DateHourTwice) as told:
        moment_of(SUMMER_TIME_ENDS, time(2, 30))
    assert "twee keer" in sentence(told.value)
    first = moment_of(SUMMER_TIME_ENDS, time(2, 30), second_time=False)
    second = moment_of(SUMMER_TIME_ENDS, time(2, 30), second_time=True)
    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert second - first == timedelta(hours=1)


@pytest.mark.parametrize(
    ("day", "hours"), [(SUMMER_TIME_BEGINS, 23), (SUMMER_TIME_ENDS, 25), (date(2026, 12, 31), 24)]
)
def test_a_day_lasts_as_long_as_the_clock_says(day: date, hours: int) -> None:
    start, end = day_bounds(day)
    assert end - start == timedelta(hours=hours)
    assert amsterdam_date(start) == day == amsterdam_date(end - timedelta(microseconds=1))
    assert amsterdam_date(end) == day + timedelta(days=1)


@given(st.integers(min_value=0, max_value=4_000_000_000))
def test_what_a_dutch_clock_shows_leads_back_to_the_moment(seconds: int) -> None:
    moment = datetime.fromtimestamp(seconds, tz=UTC)
    local = amsterdam_time(moment)
    assert local.tzinfo is AMSTERDAM
    wall = local.replace(tzinfo=None)
    assert moment_of(wall.date(), wall.time().replace(fold=0), second_time=bool(local.fold)) == moment


def test_a_time_with_a_zone_is_not_a_dutch_time() -> None:
    with pytest.raises(TypeError):
        moment_of(date(2026, 1, 1), time(12, tzinfo=UTC))
