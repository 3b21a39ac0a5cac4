"""Free times come from hours, appointments, time off and closures, in five SQL statements however many there are."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.models import Appointment, Closure, TimeOff
from bookings.queries import slots as free
from bookings.queries.clinic import clinic
from bookings.queries.slots import Wanted
from tests.factories import (
    LONDON,
    NOW,
    at,
    concern,
    consultation_type,
    practitioner,
    profile,
    rules,
    submitted,
)

pytestmark = pytest.mark.django_db

DAY = date(2026, 12, 3)


@pytest.fixture(autouse=True)
def the_clinic() -> None:
    profile()
    practitioner()


def starts(day: date = DAY, days: int = 1) -> list[datetime]:
    found = free.slots(Wanted(kind=consultation_type()), now=NOW, first_day=day, days=days)
    return [slot.start for slot in found]


def test_a_day_of_free_times() -> None:
    assert starts()[0] == at(3, 9)
    assert starts()[-1] == at(3, 16, 30)
    assert len(starts()) == 31  # every quarter of an hour


def test_what_is_taken_is_not_offered() -> None:
    submitted(start=at(3, 10))
    assert {at(3, 9, 45), at(3, 10), at(3, 10, 15)}.isdisjoint(starts())
    assert {at(3, 9, 30), at(3, 10, 30)} <= set(starts())


def test_a_hold_that_ran_out_is_offered_again() -> None:
    consultation = submitted(start=at(3, 10))
    consultation.appointments.update(held_until=NOW)
    assert at(3, 10) in starts()


def test_buffers_keep_their_distance() -> None:
    kind = consultation_type(name="Long", minutes=60, buffer_before=15, buffer_after=15)
    practitioner().consultation_types.add(kind)
    submitted(start=at(3, 12))
    found = free.slots(Wanted(kind=kind), now=NOW, first_day=DAY, days=1)
    offered = {slot.start for slot in found}
    assert at(3, 10, 45) in offered, "ends 11:45, and its quarter of an hour ends at noon"
    assert at(3, 11) not in offered
    assert at(3, 12, 45) in offered
    assert at(3, 12, 30) not in offered


def test_time_off_and_closures() -> None:
    TimeOff.objects.create(practitioner=practitioner(), starts_at=at(3, 9), ends_at=at(3, 12))
    assert starts()[0] == at(3, 12)
    Closure.objects.create(first_day=DAY, last_day=DAY, name="Training")
    assert starts() == []
    assert starts(date(2026, 12, 4)) != []


def test_a_closure_until_further_notice_takes_no_page_down() -> None:
    Closure.objects.create(first_day=date(2026, 12, 4), last_day=date.max, name="Until further notice")
    assert starts(days=400) == starts()
    assert starts() != []
    # No opening hour is left from which a new time could be promised; better an early promise than none.
    rules(promise_minutes=30 * 480)
    assert clinic(NOW).promise_from(NOW) == NOW + timedelta(days=10)
    # A wish is answered before it, in hours that are left.
    assert submitted(start=at(3, 10)).promise_due_at == at(1, 13, 30)


def test_notice_and_horizon() -> None:
    rules(minimum_notice_hours=48, horizon_days=4)
    assert starts(date(2026, 11, 30), 3) == [
        start for start in starts(date(2026, 12, 2)) if start >= at(2, 9)
    ]
    assert starts(date(2026, 12, 4))
    assert starts(date(2026, 12, 7)) == []


def test_nobody_who_does_not_see_the_concern() -> None:
    keloid = concern("keloid")
    practitioner().concerns.add(concern("rolling"))
    kind = consultation_type()
    assert free.free_at(Wanted(kind=kind, concerns=("keloid",)), at(3, 10), now=NOW) == []
    bo = practitioner("Bo Quist")
    bo.concerns.add(keloid, concern("rolling"))
    both = free.free_at(Wanted(kind=kind, concerns=("rolling",)), at(3, 10), now=NOW)
    assert len(both) == 2
    found = free.free_at(
        Wanted(
            kind=kind,
            concerns=(
                "keloid",
                "rolling",
            ),
        ),
        at(3, 10),
        now=NOW,
    )
    assert [slot.practitioner_id for slot in found] == [bo.pk]


def test_five_statements_for_any_number_of_days_people_and_visits() -> None:
    for name in ("Bo Quist", "Cem Ay", "Dana Ek"):
        practitioner(name)
    consultation, kind = submitted(start=None), consultation_type()
    Appointment.objects.bulk_create(
        Appointment(
            request=consultation,
            practitioner=practitioner(),
            consultation_type=kind,
            starts_at=at(day, hour),
            ends_at=at(day, hour, 30),
            blocks_from=at(day, hour),
            blocks_until=at(day, hour, 30),
            state="held",
            held_until=at(31, 10),
            created_at=NOW,
        )
        for day in (1, 2, 3, 4)
        for hour in range(9, 17)
    )
    for days in (1, 14, 60):
        with CaptureQueriesContext(connection) as statements:
            free.slots(Wanted(kind=kind, concerns=("rolling",)), now=NOW, first_day=DAY, days=days)
        assert len(statements) <= 5, [statement["sql"] for statement in statements]


def test_the_nearest_three() -> None:
    submitted(start=at(3, 10))
    near = free.nearest(Wanted(kind=consultation_type()), at(3, 10), now=NOW)
    assert [slot.start for slot in near] == [at(3, 9, 15), at(3, 9, 30), at(3, 10, 30)]


def test_the_night_the_clocks_change_offers_nothing_that_does_not_exist() -> None:
    """28 March 2027: 01:00 to 02:00 does not exist in London."""
    rules(horizon_days=200, minimum_notice_hours=0)
    practitioner().working_hours.create(weekday=6, starts="00:00", ends="04:00", valid_from=date(2027, 1, 1))
    found = starts(date(2027, 3, 28))
    local = [start.astimezone(LONDON) for start in found]
    assert all(moment.hour != 1 for moment in local)
    assert all(
        later - earlier >= timedelta(minutes=15) for earlier, later in zip(found, found[1:], strict=False)
    )
    assert local
