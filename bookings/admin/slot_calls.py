"""How the chosen times of a form reach the verbs that take them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bookings.models import ConsultationRequest
from bookings.workflow import reply
from bookings.workflow.core import Origin

Data = Mapping[str, Any]


def offer(consultation: ConsultationRequest, origin: Origin, data: Data) -> ConsultationRequest:
    until = int(data["until"]) if data.get("until") else None
    return reply.offer(
        consultation,
        origin,
        slots=data["slots"],
        note=data.get("note", ""),
        open_minutes=until,
        although=although(data),
        rival_to=data.get("rival_to"),
    )


def although(data: Data) -> frozenset[str]:
    """What was said to be against the chosen times, and agreed to by pressing the button."""
    return frozenset().union(*data["agreed"].values())


def by_phone_words(consultation: ConsultationRequest, kind: str) -> str:
    """What a line about many adds for somebody to whom a mail of this kind is not sent; empty for most."""
    if consultation.barriers_to(kind):
        return " They are not mailed: it is a call to make."
    if consultation.wants_text:
        return " They chose texts: text them too."
    return " They chose calls: call them too." if consultation.hears_beside_mail else ""
