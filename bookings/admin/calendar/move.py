"""A visit moved from the calendar: the button of a free time calls the same verb as the request's own page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from bookings.admin.actions import ACTIONS, IN_MOVE
from bookings.admin.choices import Choices
from bookings.admin.decide import may
from bookings.admin.slot_calls import by_phone_words
from bookings.admin.slot_forms import read_slot
from bookings.desk_site import DECIDE, clinic_of
from bookings.models import ConsultationRequest
from bookings.queries import calendar, session_rules
from bookings.queries.calendar import Moving
from bookings.states import Who, allowed_verbs
from bookings.workflow.core import Actor, Origin, last_event
from bookings.workflow.errors import NotAllowed, Refused, SlotTaken, WorkflowError
from clinic.foundation import press as presses
from clinic.foundation import when
from clinic.foundation.responses import SeeOther
from clinic.foundation.text import id_in

_MOVE = ACTIONS[IN_MOVE[0]]


def begun(key: int, now: datetime) -> Moving | None:
    """The visit of a request (by key), if staff may still move it."""
    found = calendar.moving(key)
    if found is None or found.visit.starts_at <= now:
        return None
    return found if _MOVE.verb in allowed_verbs(found.consultation.status, Who.STAFF) else None


@may(DECIDE)
def press(request: HttpRequest, done: str, again: Callable[[int], str]) -> HttpResponse:
    """Move the visit to the time of the pressed button ("12.3:5@2026-12-01T10:30Z": request, version, time).

    Leads to the address `done`; where nothing was moved, to that of `again` for the same request, which shows what is
    free now. A button shows only times with nothing against them (but that no
    consultation is on record, if that is noted on the visit): whatever is against one now is refused by the verb.
    """
    about, _, value = request.POST.get("to", "").partition(":")
    key, version = (id_in(part) for part in (*about.split("."), "", "")[:2])
    consultation = (
        ConsultationRequest.objects.select_related("consultation_type", "support_needs")
        .filter(pk=key)
        .first()
    )
    if consultation is None:
        messages.warning(request, "Press a time to move a visit. Nothing was changed.")
        return SeeOther(done)
    now, user = timezone.now(), cast(User, request.user)
    choices = Choices(consultation, user, now, clinic_of(request))
    token = presses.of(request, user)
    try:
        if _MOVE.verb not in allowed_verbs(consultation.status, Who.STAFF):
            raise NotAllowed(consultation, last_event(consultation), now)
        slot = read_slot(value, choices.practitioners, choices.minutes)
        noted = session_rules.noted(consultation.appointments.booked())
        data = {"slots": [slot], "note": "", "agreed": {slot: noted}}
        _MOVE.call(consultation, Origin(Actor.staff(user, token), now, version), data)
    except (WorkflowError, ValidationError) as error:
        if presses.done(token):  # by the first press of this page
            return SeeOther(done)
        messages.error(request, format_html("<strong>Nothing was moved.</strong> {}", _why(error)))
        return SeeOther(again(key) if isinstance(error, Refused | SlotTaken) else done)
    _say(request, consultation, slot.start)
    return SeeOther(done)


def _why(error: WorkflowError | ValidationError) -> str:
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)


def _say(request: HttpRequest, consultation: ConsultationRequest, start: datetime) -> None:
    """Say where it is now. The bar of what can be taken back says when its mail goes."""
    url = reverse("admin:bookings_consultationrequest_change", args=[consultation.pk])
    at = when.short(start, clinic_of(request).zone)
    words = '<strong>Moved to {}:</strong> <a href="{}"><bdi dir="auto">{}</bdi></a>.{}'
    by_phone = by_phone_words(consultation, _MOVE.mail)
    messages.success(request, format_html(words, at, url, consultation.name, by_phone))
