"""Deadlines lie in opening hours and on a full quarter of an hour: nobody has to answer by 6:53am on a Sunday."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.models import Closure
from bookings.queries.clinic import clinic
from bookings.workflow import intake, reply
from bookings.workflow.core import Actor, Origin
from clinic.foundation import when
from tests import factories as make
from tests.factories import CLIENT, LONDON, NOW, at

pytestmark = [pytest.mark.django_db, pytest.mark.once]
SUNDAY = datetime(2026, 12, 6, 6, 53, 7, tzinfo=LONDON)


def dee() -> Actor:
    return Actor.staff(make.staff())


def test_a_question_asked_on_a_sunday_may_be_answered_until_a_monday_morning() -> None:
    cleo = reply.ask(make.submitted(now=SUNDAY, start=at(15, 10)), Origin(dee(), SUNDAY), question="Spots?")
    assert cleo.answer_due_at == at(14, 9)
    assert cleo.messages.get(kind="question").facts["answer_by"] == at(14, 9).isoformat()


def test_a_question_asked_in_opening_hours_has_the_same_hour_a_week_later() -> None:
    now = at(1, 10, 53)
    cleo = reply.ask(make.submitted(start=at(15, 10)), Origin(dee(), now), question="Spots?")
    assert cleo.answer_due_at == at(8, 11)


def test_an_offer_ends_on_a_full_quarter() -> None:
    cleo = reply.offer(make.submitted(), Origin(dee(), at(1, 10, 53)), slots=[make.slot(at(10, 10))])
    assert cleo.offer_expires_at == at(3, 11)


def test_a_closed_day_is_no_day_to_answer_by() -> None:
    Closure.objects.create(first_day=at(8, 12).date(), last_day=at(9, 12).date())
    cleo = reply.ask(make.submitted(start=at(15, 10)), Origin(dee(), at(1, 10)), question="Spots?")
    assert cleo.answer_due_at == at(10, 9)


@pytest.mark.parametrize(
    ("now", "until", "by"),
    [
        (at(1, 9), at(1, 16, 30), at(1, 12, 45)),
        (at(1, 16, 30), at(2, 10), at(2, 9, 15)),
        (at(1, 12), at(1, 12, 14), at(1, 12, 7)),  # a full quarter would leave us nothing
        (at(1, 15), at(2, 9), at(1, 16)),
        (at(1, 16, 50), at(2, 9), at(1, 16, 55)),  # at closing time nobody could confirm it before it begins
        (at(1, 18), at(2, 9), None),
    ],
)
def test_a_question_leaves_us_opening_minutes_to_keep_the_time(
    now: datetime, until: datetime, by: datetime | None
) -> None:
    assert clinic(now, make.profile()).keep_by(now, until) == by


def test_a_proved_hold_ends_in_opening_hours_and_before_its_time_begins() -> None:
    friday = at(4, 16)
    near = make.submitted(now=friday, start=at(7, 9, 30))
    assert intake.prove(near, Origin(CLIENT, friday)).hold_until == at(7, 9, 30)
    far = make.submitted(now=friday, start=at(11, 9))
    assert intake.prove(far, Origin(CLIENT, friday)).hold_until == at(8, 16)


@given(st.integers(0, 8 * 24 * 60 * 60))
def test_whatever_the_moment_a_deadline_is_later_and_while_we_are_open(seconds: int) -> None:
    make.profile()
    moment = NOW + timedelta(seconds=seconds)
    due = clinic(NOW).deadline(moment)
    there = when.local(due, LONDON)
    assert due >= moment
    assert there.minute % 15 == there.second == there.microsecond == 0
    assert there.weekday() < 5 and 9 <= there.hour + there.minute / 60 <= 17


def test_a_clinic_that_never_opens_still_has_deadlines() -> None:
    make.profile().opening_hours.all().delete()
    assert clinic(NOW).deadline(SUNDAY) == datetime(2026, 12, 6, 7, tzinfo=ZoneInfo("UTC"))
