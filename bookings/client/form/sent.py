"""After sending: the reference, what happens next and by when, and one chance to correct the address. No health answers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from bookings.client import typed
from bookings.client.attempts import get_or_post
from bookings.client.form import drafts
from bookings.client.form.questions import AddressForm
from bookings.client.form.reached import support_of, ways
from bookings.client.phone_hours import opening
from bookings.client.times.words import in_zone, kind_words, zone_named
from bookings.models import ConsultationRequest, Practitioner, windows_in_words
from bookings.queries import any_practitioner
from bookings.queries.clinic import Clinic, clinic
from bookings.queries.slots import Wanted
from bookings.states import Status
from bookings.workflow.contact import correct_contact
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import WorkflowError
from clinic.foundation import when
from clinic.foundation.forms import button
from clinic.foundation.responses import SeeOther


@never_cache
@get_or_post
def sent(request: HttpRequest) -> HttpResponse:
    """The confirmation page. It can be opened for as long as the draft's answers are kept; then it names the reference for a
    day, and after that it says nothing about anybody.
    """
    now = timezone.now()
    draft = drafts.find(request, now)
    if draft is None or draft.sent_as is None or draft.sent_as.erased_at is not None:
        return _before(request, None)
    if draft.is_trace:
        return _before(request, draft.sent_as)
    form = _CorrectionForm(
        request.POST if request.method == "POST" else draft.data.typed_on("sent"),
        initial={"email": draft.sent_as.email},
        consultation=draft.sent_as,
    )
    if request.method == "POST":
        if form.is_valid():
            _correct(draft.sent_as, form.cleaned_data["email"])
            if "sent" in draft.data.typed:
                draft.data = draft.data.without_typed("sent")
                drafts.remember(draft)
            return SeeOther(drafts.address(reverse("client:sent"), draft))
        again = drafts.wrong(request, draft, "sent", form, now)
        if again is not None:
            return again
    shown = _shown(draft.sent_as, now)
    return render(
        request, "bookings/client/form/sent.html", shown | {"form": form, "section": "consultations"}
    )


class _CorrectionForm(AddressForm):
    """An address other than the one that we have."""

    def __init__(self, *args: Any, consultation: ConsultationRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.consultation = consultation

    def layout(self) -> list[Any]:
        return [*self.fields, button("Correct the address", css_class="quiet")]

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if _can_correct(self.consultation) and email == self.consultation.email:
            raise forms.ValidationError("That is the address we already have.", code="same")
        return email


def _before(request: HttpRequest, consultation: ConsultationRequest | None) -> HttpResponse:
    """What was sent is not shown any more. What somebody has just typed here comes back."""
    typed_lines = typed.words(AddressForm(request.POST)) if request.method == "POST" else []
    return render(
        request,
        "bookings/client/form/sent_before.html",
        {"consultation": consultation, "typed_lines": typed_lines},
    )


def _can_correct(consultation: ConsultationRequest) -> bool:
    return consultation.address_corrected_at is None and consultation.email_proved_at is None


def _correct(consultation: ConsultationRequest, email: str) -> None:
    if not _can_correct(consultation):
        return
    try:
        correct_contact(consultation, Origin(Actor.client(), timezone.now()), email=email)
    except WorkflowError:
        pass  # proved or corrected a moment ago: the page that follows shows what holds


def _shown(consultation: ConsultationRequest, now: datetime) -> dict[str, object]:
    place, kind = clinic(consultation.created_at), consultation.consultation_type
    caught = consultation.status == Status.SUSPECTED
    due = consultation.promise_due_at or place.promise_from(
        consultation.created_at, wish=consultation.wished_start
    )
    held_until = consultation.hold_until
    if caught and consultation.wished_start:
        half_hour = consultation.created_at + timedelta(minutes=place.rules.unproved_hold_minutes)
        held_until = min(half_hour, consultation.wished_start)
    if held_until and held_until <= now:
        held_until = None
    start, zone = consultation.wished_start, place.zone
    who = consultation.wished_practitioner or (_whose(consultation, now, place) if held_until else None)
    return {
        "consultation": consultation,
        "email": consultation.email,
        "can_correct": _can_correct(consultation),
        "corrected": consultation.address_corrected_at is not None,
        "due": when.moment(due, zone),
        "due_day": when.day(due, zone),
        "ways": ways(consultation),
        "visit": when.moment(start, zone) if start else "",
        "theirs": in_zone(start, zone_named(consultation.time_zone), zone) if start else "",
        "held": ("it begins" if held_until == start else when.moment(held_until, zone))
        if start and held_until
        else "",
        "held_short": _soon(held_until, now, zone) if start and held_until else "",
        "left": consultation.email_proved_at is None,
        "numbers": consultation.same_day_call or consultation.urgent,
        "kind_words": kind_words(kind, place.profile.currency),
        "in_person": kind.mode == kind.Mode.IN_PERSON,
        "by_video": kind.mode == kind.Mode.VIDEO,
        "who": who.name if who else "",
        "support": support_of(consultation),
        "opens": opening(now),
        "zone_words": when.zone_words(zone),
        "windows": windows_in_words((row.weekday, row.part) for row in consultation.windows.all()),
        "open": consultation.status in (Status.NEW, Status.SUSPECTED),
    }


def _whose(consultation: ConsultationRequest, now: datetime, place: Clinic) -> Practitioner | None:
    """Of a time that is held with whoever is free then: who that is. A request that is kept apart holds nothing, and its
    page says who it would be, so that the two look alike.
    """
    hold = consultation.appointments.held().select_related("practitioner").first()
    if hold or not consultation.wished_start:
        return hold.practitioner if hold else None
    concerns = tuple(consultation.concerns.values_list("code", flat=True))
    wanted = Wanted(kind=consultation.consultation_type, concerns=concerns)
    return any_practitioner.likely(wanted, consultation.wished_start, now=now, place=place)


def _soon(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """'9:30am' if that is today, else with the day."""
    same_day = when.same_day(at, now, zone)
    return when.clock(at, zone) if same_day else when.moment(at, zone)
