"""What the client's own page says is true to the minute, and names people as they are named."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bookings.models import Appointment, ConsultationRequest
from bookings.states import DeclineReason
from bookings.workflow import reply
from bookings.workflow.core import Actor, Origin
from tests import factories as make
from tests.client import walk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning"), pytest.mark.once]
MINE = "/consultations/mine/"


def offered(*starts: datetime) -> str:
    """The page after Dee offered these times; its words in one line."""
    consultation = make.submitted()
    reply.offer(
        consultation, Origin(Actor.staff(make.staff()), make.NOW), slots=[make.slot(at) for at in starts]
    )
    return walk.main(walk.signed_in(consultation).get(MINE))


def test_times_that_begin_after_the_offer_ends_are_all_kept_until_then() -> None:
    words = offered(make.at(3, 10), make.at(4, 10))
    assert "We keep both for you until Tuesday 1 December at 5pm." in words


def test_no_time_is_kept_beyond_its_own_beginning() -> None:
    words = offered(make.at(1, 10), make.at(1, 14), make.at(4, 10))
    assert "We keep each for you until it begins, and until Tuesday 1 December at 5pm at the latest." in words
    assert "all of them" not in words


def test_one_time_that_begins_soon_is_kept_until_it_begins() -> None:
    words = offered(make.at(1, 10))
    assert "We keep it for you until Tuesday 1 December at 10am." in words


def test_whoever_is_sent_to_help_reads_the_numbers_that_the_clinic_has_set() -> None:
    consultation = make.submitted()
    make.profile(emergency_number="112", advice_number="116 117")
    dee = Actor.staff(make.staff())
    reply.decline(
        consultation, Origin(dee, make.NOW), reason=DeclineReason.URGENT_SIGNPOST, note="See your GP today."
    )
    words = walk.main(walk.signed_in(consultation).get(MINE))
    assert "Call 116 117 for advice, or 112 in an emergency." in words


def test_staff_are_the_clinic() -> None:
    """Who of them it was stands at the desk."""
    consultation = make.submitted()
    dee = make.staff("admin", first_name="Dee", last_name="Hart")
    reply.ask(consultation, Origin(Actor.staff(dee), make.NOW), question="Do you still get spots?")
    words = walk.main(walk.signed_in(consultation).get(MINE))
    assert "The clinic asked you a question." in words
    assert "dmin" not in words and "Dee" not in words


def test_on_the_night_of_two_half_past_ones_the_page_says_which() -> None:
    consultation: ConsultationRequest = make.in_state("confirmed")
    start = datetime(2027, 10, 31, 1, 30, tzinfo=ZoneInfo("UTC"))  # the second half past one in London
    Appointment.objects.update(
        starts_at=start,
        ends_at=start + timedelta(minutes=30),
        blocks_from=start,
        blocks_until=start + timedelta(hours=1),
    )
    words = walk.main(walk.signed_in(consultation).get(MINE))
    assert "Sunday 31 October at 1:30am (after the clocks go back)" in words
