"""What every page of the desk counts is found by an index, however many mails and visits there have been."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from bookings.models import Appointment, ConsultationRequest, Message
from tests import factories as make

pytestmark = pytest.mark.django_db


def plan(rows: QuerySet[Any]) -> str:
    """How the database would look for these rows.

    PostgreSQL reads a table of a few rows whole, or by any index that has them all, unless it must not.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
    return rows.order_by().explain()


@pytest.mark.parametrize(
    ("index", "rows"),
    [
        ("failed_messages", lambda: Message.objects.filter(state="failed").values("request")),
        (
            "booked_visits_by_start",
            lambda: Appointment.objects.filter(state="booked", starts_at__gt=make.NOW).values("starts_at"),
        ),
        (
            "requests_by_arrival",
            lambda: ConsultationRequest.objects.filter(created_at__gt=make.NOW - timedelta(days=7)),
        ),
        (
            "requests_by_status",
            lambda: ConsultationRequest.objects.filter(status="declined").values("status"),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_index_finds_it(index: str, rows: Any) -> None:
    assert index in plan(rows())
