"""A day and a time as somebody types them: read forgivingly, refused in a sentence that says what to type."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.typed_time import NotATime, clock, day, read
from clinic.foundation import when
from tests.pure import reference

LONDON = ZoneInfo("Europe/London")
# A Tuesday.
NOW = datetime(2026, 11, 24, 9, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "typed",
    [
        "Tue 1 Dec 13:00",
        "tuesday 1 december 13:00",
        "1 Dec 13:00",
        "13:00 1 Dec",
        "Dec 1 13:00",
        "December 1st at 1pm",
        "Tuesday 1 December at 1pm",
        "Tue 1 Dec, 13.00",
        "1/12 13:00",
        "01/12/2026 13:00",
        "1.12. 13:00",
        "1.12.26 13.00",
        "2026-12-01 13:00",
        "2026-12-01T13:00",
        "  TUE   1   DEC   1:00 pm ",
        "Tue 1 Dec 13h00",
        "Tue 1 Dec 2026 13:00",
        "the 1st of December, 1 pm",
    ],
)
def test_one_time_in_many_hands(typed: str) -> None:
    assert read(typed, LONDON, NOW) == datetime(2026, 12, 1, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("today 16:00", datetime(2026, 11, 24, 16, tzinfo=UTC)),
        ("tomorrow 9.30", datetime(2026, 11, 25, 9, 30, tzinfo=UTC)),
        ("tomorrow 7.15pm", datetime(2026, 11, 25, 19, 15, tzinfo=UTC)),
        ("Tue 16:00", datetime(2026, 11, 24, 16, tzinfo=UTC)),
        ("Monday 16:00", datetime(2026, 11, 30, 16, tzinfo=UTC)),
        (
            "24 Nov 08:00",
            datetime(2026, 11, 24, 8, tzinfo=UTC),
        ),  # this morning: it has passed, and the page says so
        ("29 Feb 10:07", datetime(2028, 2, 29, 10, 7, tzinfo=UTC)),
        ("1 May 10:00", datetime(2027, 5, 1, 9, tzinfo=UTC)),  # summer time; more than half a year ago
        ("Thu 1 July 10:00", datetime(2027, 7, 1, 9, tzinfo=UTC)),  # this year's was a Wednesday
        ("23 Nov 2027 08:00", datetime(2027, 11, 23, 8, tzinfo=UTC)),
        ("23 Nov 2026 08:00", datetime(2026, 11, 23, 8, tzinfo=UTC)),  # past, and meant so
        ("Fri 4 Dec midday", datetime(2026, 12, 4, 12, tzinfo=UTC)),
        ("Fri 4 Dec 12am", datetime(2026, 12, 4, 0, tzinfo=UTC)),
        ("31 Oct 2027 01:30", datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),  # comes twice: the first
    ],
)
def test_days_without_a_date_or_a_year_are_the_next_ones(typed: str, meant: datetime) -> None:
    assert read(typed, LONDON, NOW) == meant


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Add the time"),
        ("Tue 1 Dec", "Add the time"),
        ("next blue moon", "“next blue moon” was not understood. Type a day and a time"),
        ("13:00", "Add the day"),
        ("Tue 1 Dec 25:00", "25:00 is not a time"),
        ("Tue 1 Dec 13:60", "13:60 is not a time"),
        ("Tue 1 Dec 13pm", "13pm is not a time"),
        ("Wed 1 Dec 13:00", "1 December is a Tuesday. Which day is meant?"),
        ("31 Nov 13:00", "There is no day 31 nov."),
        ("1/13 13:00", "There is no day 1/13."),
        ("Tue 1 Dec 13:00 with Bo", "“with bo” was not understood"),
        ("next week some time 13:00", "Add the day"),
        ("28 Mar 2027 01:30", "The clocks go forward then: there is no 01:30 on Sunday 28 March."),
        (
            "23 Nov 08:00",
            "Monday 23 November 2026 is past. If it is meant, or another year, type the year too.",
        ),
        ("Mon 23 Nov 08:00", "Monday 23 November 2026 is past."),
        ("Sat 23 Nov 08:00", "Monday 23 November 2026 is past."),  # next year's is a Tuesday
        ("1 July 08:00", "Wednesday 1 July 2026 is past."),
        ("yesterday 13:00", "Monday 23 November 2026 is past."),
        ("9" * 400, "Type a day and a time, for example"),
        ("1 Jan 0001 00:00", "There is no day 1 jan 0001."),
        ("31/12/9999 23:59", "There is no day 31/12/9999."),
    ],
)
def test_what_is_none_is_refused_in_words(typed: str, says: str) -> None:
    with pytest.raises(NotATime) as refused:
        read(typed, LONDON, NOW)
    assert says in str(refused.value)


@pytest.mark.parametrize("key", ["Pacific/Auckland", "Europe/London", "America/New_York"])
@pytest.mark.parametrize(
    "typed", ["1 Jan 0001 00:00", "31 Dec 9999 23:59", "1.1.1999 1.30", "2200-01-01 10:00"]
)
def test_a_year_that_no_form_carries_is_refused_in_every_zone(typed: str, key: str) -> None:
    with pytest.raises(NotATime, match="There is no day"):
        read(typed, ZoneInfo(key), NOW)


@reference.PROPERTY
@given(st.text(max_size=70))
def test_whatever_is_typed_is_a_moment_or_a_sentence(typed: str) -> None:
    try:
        assert read(typed, LONDON, NOW).tzinfo is UTC
    except NotATime as refused:
        assert str(refused).endswith((".", "?"))


@reference.PROPERTY
@given(st.integers(0, 360 * 24 * 4 - 1), st.sampled_from(reference.ZONES))
def test_what_the_desk_writes_is_read_as_what_it_means(quarters: int, key: str) -> None:
    zone = ZoneInfo(key)
    moment = NOW.replace(minute=15) + when.MINUTE * 15 * quarters
    if when.comes_twice(moment, zone):
        return
    assert read(when.short(moment, zone), zone, NOW) == moment


# --- a time alone, a day alone ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *((typed, time(9)) for typed in ("9", "09", "9:00", "9.00", "0900", "900", " 9 am ", "09h00")),
        *((typed, time(13, 30)) for typed in ("13:30", "13.30", "1330", "1.30pm", "1:30 PM", "13 30")),
        *((typed, time(0)) for typed in ("00:00", "24:00", "24", "midnight", "0", "12am")),
        *((typed, time(12)) for typed in ("noon", "12", "12pm")),
    ],
)
def test_a_time_of_day_alone(typed: str, meant: time) -> None:
    assert clock(typed) == meant


@pytest.mark.parametrize(
    "typed", ["", "25", "9:60", "nine", "13pm", "24:30", "9-17", "09:00:00", "９:x", "1" * 5000]
)
def test_what_is_no_time_of_day(typed: str) -> None:
    with pytest.raises(NotATime, match="is not a time"):
        clock(typed)


@pytest.mark.parametrize("typed", ["Mon 7 Dec", "7/12", "7 December 2026", "2026-12-07", "monday 7.12."])
def test_a_day_alone(typed: str) -> None:
    assert day(typed, date(2026, 11, 30)) == date(2026, 12, 7)


@pytest.mark.parametrize("typed", ["", "Tue 7 Dec", "7 Dec 13:00", "soon", "31 Feb", "x" * 5000])
def test_what_is_no_day(typed: str) -> None:
    with pytest.raises(NotATime):
        day(typed, date(2026, 11, 30))


def test_in_january_last_november_is_past_and_next_november_needs_its_year() -> None:
    with pytest.raises(NotATime, match="Friday 20 November 2026 is past"):
        day("20 Nov", date(2027, 1, 5))
    assert day("20 Nov 2027", date(2027, 1, 5)) == date(2027, 11, 20)
