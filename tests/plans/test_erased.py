"""The clock erases a request with a plan: visits of it that nobody booked go along, as with the verb."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings import clock, limits
from bookings.models import ConsultationRequest, Event
from bookings.workflow import erasure, plan_answer
from bookings.workflow.core import Origin
from clinic.foundation.models import AuditEntry
from clinic.foundation.written_once import lifted
from tests.factories import CLIENT, NOW
from tests.plans.writing import DAY, THEN, sent

pytestmark = pytest.mark.django_db


def test_visits_of_a_plan_that_nobody_booked_go_along_with_it() -> None:
    """By themselves they would stay for half a year more."""
    cleo, plan = sent()
    keys = plan.lines.values_list("pk", flat=True)
    cleo = plan_answer.accept_plan(cleo, Origin(CLIENT, THEN), plan=plan.pk, lines=keys)
    ended = NOW + timedelta(days=limits.retention.RECORD_DAYS + 30)
    visits = ConsultationRequest.objects.exclude(session_number=None)
    visits.update(sleeps_until=ended + DAY, promise_due_at=None)  # so that none is due by itself
    with lifted(Event, AuditEntry):
        assert erasure.erase_past({cleo.pk: cleo.version}, now=ended) == 0
        assert clock.tick(ended)["erased"] == 1
    assert set(ConsultationRequest.objects.values_list("name", "status")) == {
        ("Erased", "attended"),
        ("Erased", "withdrawn"),
    }
