"""Others who wanted a time that has been given away: what is offered to them, all in one press, each by the verb `offer`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from bookings import limits, slot_text
from bookings.admin import slot_calls
from bookings.admin.case import Case
from bookings.admin.choices import Choices
from bookings.admin.slot_forms import read_slot
from bookings.admin.times import Time
from bookings.availability import Slot
from bookings.desk_site import clinic_of
from bookings.models import ConsultationRequest
from bookings.queries.rivals import Rival
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import WorkflowError
from clinic.foundation import press, when
from clinic.foundation.responses import SeeOther
from clinic.foundation.text import id_in


@dataclass(frozen=True)
class Row:
    """One of the others as the page prints them. `times` are the ones to tick, each with its value and whose it is."""

    rival: Rival
    times: list[Time]


def rows(known: Case) -> list[Row]:
    """The others of a request's page, with the times to offer them."""
    return [
        Row(
            rival,
            [
                Time(slot_text.of(slot), when.short(slot.start, known.zone), known.who(slot))
                for slot in rival.times
            ],
        )
        for rival in known.rivals
    ]


def offer_each(request: HttpRequest, consultation: ConsultationRequest, now: datetime) -> HttpResponse:
    """Offer the ticked times to each of the others, say of each what happened, and lead back to the request.

    Each is a change of its own: what is refused for one holds nobody else back.
    """
    user = cast(User, request.user)
    back = SeeOther(reverse("admin:bookings_consultationrequest_change", args=[consultation.pk]))
    if not press.keep_first(press.of(request, user), now):
        return back  # pressed twice: the first press has said it
    tried = 0
    for told in request.POST.getlist("rival")[: limits.lists.RIVALS]:
        key, version = (id_in(part) for part in (*told.split(), "", "")[:2])
        other = ConsultationRequest.objects.select_related("consultation_type").filter(pk=key).first()
        ticked = request.POST.getlist(f"for-{key}")[: limits.lists.TICKED_TIMES_READ]
        if other is None or not ticked:
            continue
        tried += 1
        choices = Choices(other, user, now, clinic_of(request))
        try:
            slots = [read_slot(value, choices.practitioners, choices.minutes) for value in ticked]
            origin = Origin(Actor.staff(user), now, version)
            data = {"slots": slots, "agreed": {}, "rival_to": consultation.pk}
            slot_calls.offer(other, origin, data)
        except (WorkflowError, ValidationError) as error:
            messages.warning(request, _line(other, f"nothing was offered. {_why(error)}"))
        else:
            by_phone = slot_calls.by_phone_words(other, "offered")
            messages.success(request, _line(other, f"offered {_times(slots, choices)}.{by_phone}"))
    if not tried:
        messages.warning(request, "Nothing was offered: no time was ticked.")
    return back


def _why(error: WorkflowError | ValidationError) -> str:
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)


def _line(other: ConsultationRequest, what: str) -> SafeString:
    url = reverse("admin:bookings_consultationrequest_change", args=[other.pk])
    return format_html('<span><a href="{}"><bdi dir="auto">{}</bdi></a>: {}</span>', url, other.name, what)


def _times(slots: list[Slot], choices: Choices) -> str:
    return " and ".join(when.short(slot.start, choices.clinic.zone) for slot in sorted(slots))
