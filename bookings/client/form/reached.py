"""By which ways a client hears from us, and what we have ready for the visit, in words for them."""

from __future__ import annotations

from bookings import answers
from bookings.fields import tidy
from bookings.models import ConsultationRequest
from clinic.foundation.crypto import opened


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


def support_of(consultation: ConsultationRequest) -> list[str]:
    """The support that they asked for, without what they wrote about it; nothing where no key opens it."""
    if not hasattr(consultation, "support_needs"):
        return []
    return answers.support_told((opened(consultation.support_needs, "data") or {}).get("support") or ())


def known_needs(consultation: ConsultationRequest, *, is_in_person: bool) -> str:
    """'a step-free way in and more time': of the support those that the visit itself has to allow for.

    For pages alone: no mail says what somebody needs.
    """
    wanted = {"step_free": "a step-free way in" if is_in_person else "", "longer": "more time"}
    return " and ".join(said for code, said in wanted.items() if said and consultation.needs(code))
