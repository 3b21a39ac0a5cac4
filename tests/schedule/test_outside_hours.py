"""A visit that lies outside changed hours is in doubt: the database's answer is that of `is_inside`."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta

import pytest

from bookings.availability import WeeklyHours, is_inside
from bookings.models import WorkingHours
from bookings.queries import off
from bookings.queries.off import Off
from bookings.states import Status
from bookings.workflow import visit
from bookings.workflow.core import Actor, Origin
from tests import factories as make

pytestmark = pytest.mark.django_db
EDGES = [time(0), time(9), time(10, 15), time(13), time(17), time(20)]


def _some_hours(dice: random.Random) -> list[WeeklyHours]:
    found = []
    for _ in range(dice.randint(0, 4)):
        starts, ends = sorted(dice.sample(EDGES, 2))
        if starts == time(0) and dice.random() < 0.7:
            starts, ends = ends, time(0)
        valid_from = date(2026, 11, 1) if dice.random() < 0.8 else date(2026, 12, 4)
        until = None if dice.random() < 0.8 else date(2026, 12, 31)
        found.append(WeeklyHours(3, starts, ends, valid_from, until))
    return found


def _some_visit(dice: random.Random) -> tuple[datetime, datetime]:
    start = make.at(dice.choice([3, 3, 10]), 0) + timedelta(minutes=15 * dice.randint(0, 95))
    return start, start + timedelta(minutes=dice.choice([15, 30, 60, 480]))


def test_the_database_says_the_same_as_the_rule() -> None:
    """Overlapping, touching and overnight stretches, visits up to and over midnight; always the same dice."""
    dice = random.Random(12)
    consultation = make.in_state(Status.CONFIRMED)
    ana, row = make.practitioner(), consultation.appointments.booked()
    told = []
    for _ in range(150):
        hours, (start, end) = _some_hours(dice), _some_visit(dice)
        WorkingHours.objects.all().delete()
        WorkingHours.objects.bulk_create(
            WorkingHours(
                practitioner=ana,
                weekday=one.weekday,
                starts=one.starts,
                ends=one.ends,
                valid_from=one.valid_from,
                valid_until=one.valid_until,
            )
            for one in hours
        )
        row.update(starts_at=start, ends_at=end, blocks_from=start, blocks_until=end)
        outside = off.against([row.get().pk], make.LONDON) != {}
        assert outside is not is_inside(start, end, hours, make.LONDON), (hours, start, end)
        told.append(outside)
    assert 20 < sum(told) < 130


def test_it_is_in_doubt_until_somebody_lets_it_stand() -> None:
    consultation = make.in_state(Status.CONFIRMED)
    WorkingHours.objects.filter(weekday=3).update(starts=time(11))
    doubtful = off.in_doubt(make.NOW, make.LONDON)
    assert [row.request for row in doubtful] == [consultation]
    assert list(off.against([row.pk for row in doubtful], make.LONDON).values()) == [[Off.HOURS]]
    visit.let_stand(consultation, Origin(Actor.staff(make.staff()), make.NOW))
    assert not off.in_doubt(make.NOW, make.LONDON).exists()
