"""What the client's own page says is true to the minute, and names people as they are named."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bookings.messages.render import compose
from bookings.models import Appointment, ConsultationRequest
from bookings.states import DeclineReason
from bookings.workflow import intake, reply, wish
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


def test_while_we_ask_page_and_mails_say_first_by_when_to_answer_to_keep_the_time() -> None:
    near = intake.prove(make.submitted(start=make.at(1, 15)), Origin(make.CLIENT, make.NOW))
    cleo = reply.ask(near, Origin(Actor.staff(make.staff()), make.NOW), question="Do you come by car?")
    browser = walk.signed_in(cleo)
    keep = "To keep Tuesday 1 December at 3pm, answer by Monday 30 November at 4pm."
    later = "After that we can still read your answer until Monday 7 December at 9am."
    words = walk.main(browser.get(MINE))
    assert f"{keep} {later} Our reply time is paused until you answer. " in words
    assert "We hold it for you. It is not booked until we confirm it." in words
    for message in cleo.messages.filter(kind__in=["question", "answer_reminder"]):
        assert f"{keep}\n\n{later}" in compose(message, now=make.NOW, has_note=True).text
        late = compose(message, now=make.at(1, 9), has_note=True).text
        assert "Please answer by Monday 7 December at 9am." in late and "To keep" not in late
    value = f"{make.practitioner().pk}@2026-12-09T11:00Z"
    check = walk.main(browser.get(f"{MINE}reschedule/?take={value}"))
    assert "Our reply time is paused until you answer." in check and "You hear from us" not in check
    wish.choose_time(cleo, Origin(make.CLIENT, make.NOW), slot=make.slot(make.at(9, 11)))
    keep = "To keep Wednesday 9 December at 11am, answer by Monday 30 November at 5pm."
    assert keep in walk.main(browser.get(MINE))


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
