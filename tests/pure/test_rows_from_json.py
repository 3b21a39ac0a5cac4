"""A row that came as JSON is the row that the database has: its times and days are no text."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from bookings.models import BookingRules, Closure, TimeOff
from bookings.queries.json_rows import row_of
from content.models import OpeningHours


def test_what_json_has_no_word_for_is_read_from_its_text() -> None:
    opens = row_of(OpeningHours, ("weekday", "opens"), (1, "09:30:00"))
    assert (opens.weekday, opens.opens) == (1, time(9, 30))
    assert row_of(Closure, ("first_day", "last_day"), ("2026-11-30", None)).first_day == date(2026, 11, 30)
    assert row_of(BookingRules, ("horizon_days", "alert_email"), (56, "")).horizon_days == 56


@pytest.mark.parametrize("text", ["2026-11-30T09:30:00+00:00", "2026-11-30 09:30:00"])
def test_a_moment_has_its_zone_on_both_databases(text: str) -> None:
    assert row_of(TimeOff, ("starts_at",), (text,)).starts_at == datetime(2026, 11, 30, 9, 30, tzinfo=UTC)


def test_a_column_too_few_is_an_error() -> None:
    with pytest.raises(ValueError, match="zip"):
        row_of(OpeningHours, ("weekday", "opens"), (1,))
