"""By which ways a client hears from us, in words for them."""

from __future__ import annotations

from bookings.fields import tidy
from bookings.models import ConsultationRequest


def ways(consultation: ConsultationRequest) -> str:
    """'We email you the details, and text you on 07700 900982.' Empty where a mail is all there is."""
    number = tidy(consultation.phone) or consultation.phone
    if consultation.phone_only and number:
        return f"We call you on {number}."
    if not consultation.hears_beside_mail:
        return ""
    if consultation.wants_text:
        return f"We email you the details, and text you on {number}."
    return f"We email you the details, and call you on {number}."
