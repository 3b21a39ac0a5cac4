"""A double click, Back and send again, a retry after a lost answer: one request, one mail, one reference."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import IntegrityError

from bookings.models import ConsultationRequest, Message
from bookings.workflow import intake
from bookings.workflow.core import Origin
from bookings.workflow.errors import DifferentAnswers
from tests.factories import CLIENT, NOW, concern, practitioner, profile, submission

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_clinic() -> None:
    profile()
    concern()
    practitioner()


def test_sending_again_gives_the_same_request() -> None:
    what = submission()
    first = intake.submit(what, Origin(CLIENT, NOW))
    again = intake.submit(what, Origin(CLIENT, NOW))
    assert again.reference == first.reference
    assert ConsultationRequest.objects.count() == 1
    assert Message.objects.filter(kind="received").count() == 1
    assert first.events.count() == 1


def test_other_answers_under_the_same_draft_are_an_error() -> None:
    what = submission()
    first = intake.submit(what, Origin(CLIENT, NOW))
    with pytest.raises(DifferentAnswers) as caught:
        intake.submit(replace(what, name="Somebody Else"), Origin(CLIENT, NOW))
    assert caught.value.consultation == first
    first.refresh_from_db()
    assert first.name == "Cleo Marsh"


def test_another_draft_is_another_request_even_with_the_same_address() -> None:
    """Nothing of the old request is shown, filled in or changed (cal.com trusted the address)."""
    first = intake.submit(submission(email="cleo@example.org"), Origin(CLIENT, NOW))
    second = intake.submit(
        submission(email="cleo@example.org", name="Not Cleo", start=None), Origin(CLIENT, NOW)
    )
    assert first.reference != second.reference
    first.refresh_from_db()
    assert first.name == "Cleo Marsh"


def test_a_reference_that_another_request_has_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two requests of one moment drew the same, once in a race: the second was an error page, and its client lost it."""
    drawn = iter(["CLEAR", "CLEAR", "CLEAR", "DRAWN"])
    monkeypatch.setattr(intake, "new_reference", lambda: next(drawn))
    first = intake.submit(submission(start=None), Origin(CLIENT, NOW))
    second = intake.submit(submission(start=None), Origin(CLIENT, NOW))
    assert (first.reference, second.reference) == ("CLEAR", "DRAWN")
    assert Message.objects.filter(kind="received").count() == 2

    monkeypatch.setattr(intake, "new_reference", lambda: "CLEAR")
    with pytest.raises(IntegrityError):
        intake.submit(submission(start=None), Origin(CLIENT, NOW))


def test_what_a_guard_caught_is_kept_without_a_hold_or_a_mail() -> None:
    cleo = intake.submit(submission(), Origin(CLIENT, NOW), suspicion="honeypot")
    assert cleo.status == "suspected"
    assert not cleo.appointments.exists()
    assert not Message.objects.exists()
    assert cleo.promise_due_at is None
