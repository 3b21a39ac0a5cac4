"""How long the clock takes for 10,000 requests that are due to be erased, of the kinds that there may be many of.

It works in batches, as the worker does; what one batch takes is how long somebody else may have to wait for these rows.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from benchmarks.place import Place
from benchmarks.rows import Row, row
from bookings import clock
from bookings.models import Answers, ConsultationRequest, ConsultationType, Event, Message, Note
from tests import world

NOW = datetime.now(UTC)
MANY = 10_000


def measure(place: Place) -> list[Row]:
    """Ended ones, then open ones that nobody answered."""
    with world.connected_to(place.copy("few")):
        return [
            *_measure("declined", "that led to no visit"),
            *_measure("new", "that stayed open"),
        ]


def _measure(status: str, what: str) -> list[Row]:
    _make(status, NOW - timedelta(days=400))
    batches, erased = [], 0
    while erased < MANY:
        begun = time.perf_counter()
        erased += clock.tick(NOW)["erased"]
        batches.append(time.perf_counter() - begun)
    return [
        row(f"forget {MANY} requests {what}", [sum(batches)], "s"),
        row("the longest look among them", [max(batches) * 1000], "ms"),
    ]


def _make(status: str, at: datetime) -> None:
    """Each with answers, a note, two mails and two events."""
    kind, _ = ConsultationType.objects.get_or_create(name="First consultation", defaults={"minutes": 30})
    consultations = ConsultationRequest.objects.bulk_create(
        ConsultationRequest(
            reference=f"{status[0]}{number}",
            status=status,
            version=2,
            created_at=at,
            closed_at=at if status == "declined" else None,
            consultation_type=kind,
            name="Cleo Marsh",
            email=f"cleo{number}@example.org",
            name_search=" cleo marsh",
            email_search=f"cleo{number}@example.org",
        )
        for number in range(MANY)
    )
    Answers.objects.bulk_create(
        Answers(request=consultation, data={"concerns": ["rolling"]}) for consultation in consultations
    )
    Note.objects.bulk_create(
        Note(request=consultation, kind="internal", body="Rang.", author_label="Dee", at=at)
        for consultation in consultations
    )
    for number in (1, 2):
        Message.objects.bulk_create(
            Message(
                request=consultation,
                kind="received",
                to=consultation.email,
                state="sent",
                sent_at=at,
                created_at=at,
                not_before=at,
                subject="",
                message_id=f"{consultation.reference}.{number}",
            )
            for consultation in consultations
        )
        Event.objects.bulk_create(
            Event(
                request=consultation,
                verb="submit",
                to_status="new",
                version=number,
                actor_kind="client",
                actor_label="The client",
                at=at,
            )
            for consultation in consultations
        )
