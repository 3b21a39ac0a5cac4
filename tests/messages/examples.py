"""Messages as they come about in real life: by calling the verbs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bookings import outbox
from bookings.messages import send
from bookings.models import ConsultationRequest, Message
from bookings.states import DeclineReason, Status
from bookings.workflow import displacement, reply, visit
from bookings.workflow.core import Actor, Origin
from tests.factories import NOW, at, in_state, rules, slot, staff

ALERT = "alerts@example.org"
DECLINED = [reason.value for reason in DeclineReason if reason != DeclineReason.SPAM]
# Every mail there is: its kind, and for a declined one the reason.
EVERY = [
    "received", "prove_reminder", "assessing", "question", "answer_reminder", "offered", "confirmed", "changed",
    "displaced", "cancelled", "lapsed", "withdrawn", "new_link", "reminder_48h", "reminder_2h", "staff_alert",
    *(f"declined {reason}" for reason in DECLINED),
]  # fmt: skip

_STATE = {
    "question": Status.WAITING,
    "answer_reminder": Status.WAITING,
    "offered": Status.OFFERED,
    "confirmed": Status.CONFIRMED,
    "reminder_48h": Status.CONFIRMED,
    "reminder_2h": Status.CONFIRMED,
    "changed": Status.CONFIRMED,
    "displaced": Status.CONFIRMED,
    "cancelled": Status.CANCELLED,
    "lapsed": Status.LAPSED,
    "withdrawn": Status.WITHDRAWN,
}
NOTE = "The words that Dee wrote for Cleo alone"


def queued(what: str, *, proved: bool = False, **changes: Any) -> Message:
    """The newest queued message of this kind, with every verb called that leads to it. `what` is one of EVERY."""
    kind, _, reason = what.partition(" ")
    rules(alert_email=ALERT)
    dee = Actor.staff(staff())
    consultation = in_state(_STATE.get(kind, Status.NEW), **changes)
    if proved:
        ConsultationRequest.objects.filter(pk=consultation.pk).update(email_proved_at=NOW)
        consultation.refresh_from_db()
    if kind == "assessing":
        reply.assess(consultation, Origin(dee, NOW))
    if kind == "changed":
        visit.reschedule(consultation, Origin(dee, NOW), slot=slot(at(4, 11)))
    if kind == "displaced":
        displacement.displace(
            consultation, Origin(dee, NOW), slots=[slot(at(4, 11)), slot(at(7, 9))], note=NOTE
        )
    if kind == "declined":
        reply.decline(consultation, Origin(dee, NOW), reason=reason, note=NOTE)
    if kind == "new_link":
        outbox.queue(consultation, "new_link", now=NOW)
    return consultation.messages.filter(kind=kind).latest("id")


def only(message: Message) -> Message:
    """Leave this message alone in the outbox."""
    Message.objects.exclude(pk=message.pk).delete()
    return message


def deliver(now: datetime, limit: int = 50) -> int:
    """What a worker does at `now`."""
    return send.send_due(lambda: now, "worker-of-this-test", limit)


def due(message: Message) -> datetime:
    """The moment at which it goes."""
    return message.not_before + timedelta(seconds=1)
