"""A request by phone, typed while somebody is on the line. With a time it is booked at once, else it becomes new."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from bookings import answers as words_of
from bookings import consents
from bookings.admin.decide import SeeOther, may
from bookings.admin.forms import Choices, read_slot, slot_value
from bookings.availability import Slot
from bookings.desk_site import DECIDE, clinic_of
from bookings.fields import Email, Phone, area, e164
from bookings.models import (
    ConsultationRequest,
    ConsultationType,
    ContactBy,
    Practitioner,
    Weekday,
    WishWindow,
)
from bookings.queries import slots as free
from bookings.workflow import request as workflow
from bookings.workflow.core import Actor
from bookings.workflow.errors import DifferentAnswers, Refused, SlotTaken
from bookings.workflow.submission import Submission
from clinic.foundation import when
from clinic.foundation.plain import Ticks
from clinic.foundation.text import clean, id_in
from content.models import Concern

DAYS = 21


class PhoneForm(forms.Form):
    """What is asked on the phone. Raises nothing about times that have gone: the verb looks under a lock."""

    use_required_attribute = False

    draft = forms.UUIDField(widget=forms.HiddenInput)
    adult = forms.BooleanField(
        label="They say that they are 18 or over",
        error_messages={"required": "Ask first: we cannot see anybody under 18."},
    )
    agreed = forms.BooleanField(
        label="They agree that we use what they say about their skin and health to reply and plan a consultation",
        error_messages={"required": "Ask first: without it nothing may be kept."},
    )
    name = forms.CharField(label="Name", max_length=120, error_messages={"required": "Enter the name."})
    email = Email(
        label="E-mail",
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Enter the e-mail address."},
    )
    phone = Phone(
        label="Phone (optional)", widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"})
    )
    contact_by = forms.ChoiceField(label="Reach them by", choices=ContactBy.choices, initial=ContactBy.EMAIL)
    may_leave_message = forms.BooleanField(label="We may leave a message", required=False)
    kind = forms.ModelChoiceField(
        label="Kind of consultation",
        queryset=ConsultationType.objects.filter(is_active=True),
        empty_label=None,
    )
    concerns = forms.MultipleChoiceField(
        label="About",
        required=False,
        widget=Ticks,
    )
    anything_else = area(
        "What they say (optional)", hint="In their words. Kept with the health answers.", limit=2000
    )
    day = forms.TypedChoiceField(
        label="Day that suits",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "Any day"), *((str(value), name) for value, name in Weekday.choices)],
    )
    part = forms.ChoiceField(
        label="Part of the day", required=False, choices=WishWindow.Part.choices, initial="any"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.practitioners = dict(Practitioner.objects.bookable().values_list("pk", "name"))
        concerns = self.fields["concerns"]
        assert isinstance(concerns, forms.MultipleChoiceField)
        concerns.choices = [*Concern.objects.values_list("code", "name"), *words_of.BESIDE_CONCERNS.items()]
        kinds = self.fields["kind"]
        assert isinstance(kinds, forms.ModelChoiceField)
        first = ConsultationType.objects.filter(is_active=True).first()
        kinds.initial = first.pk if first else None

    @property
    def chosen(self) -> str:
        """The value of the chosen time, as posted; empty for none."""
        return str(self.data.get("slot", "")) if self.is_bound else ""

    def clean_name(self) -> str:
        return clean(self.cleaned_data["name"], limit=120)

    def clean(self) -> dict[str, Any] | None:
        kind = self.cleaned_data.get("kind")
        if kind is not None and self.chosen:
            choices = Choices(ConsultationRequest(), kind.minutes, self.practitioners)
            self.cleaned_data["slot"] = read_slot(self.chosen, choices)
        wanted = self.cleaned_data.get("contact_by")
        if wanted in (ContactBy.PHONE, ContactBy.TEXT) and not self.cleaned_data.get("phone"):
            self.add_error("phone", ValidationError("Enter the number to reach them by.", code="required"))
        return self.cleaned_data

    def submission(self) -> Submission:
        """What is handed to the verb. Call it on a valid form only."""
        data = self.cleaned_data
        slot: Slot | None = data.get("slot")
        return Submission(
            draft_id=data["draft"],
            consultation_type_id=data["kind"].pk,
            practitioner_id=slot.practitioner_id if slot else None,
            start=slot.start if slot else None,
            windows=() if slot else ((data["day"], data["part"] or "any"),),
            name=data["name"],
            email=data["email"],
            phone=e164(data["phone"]),
            contact_by=data["contact_by"],
            may_leave_message=data["may_leave_message"],
            answers={
                "concerns": data["concerns"],
                "areas": [],
                "treatments": [],
                "applies": [],
                "anything_else": data["anything_else"],
                "support": [],
                "support_note": "",
            },
            consents=((consents.HEALTH, consents.version(consents.HEALTH), True),),
        )


@may(DECIDE)
def page(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """The form; a POST makes the request. "Show free times" re-renders it with the times of the chosen kind."""
    now = timezone.now()
    if request.method != "POST":
        return _shown(request, site, PhoneForm(initial={"draft": uuid.uuid4()}), now)
    form = PhoneForm(request.POST)
    if "times" in request.POST:
        # Only looking: what is still missing is no error yet.
        return _shown(request, site, PhoneForm(initial=_typed(request)), now)
    if not form.is_valid():
        return _shown(request, site, form, now)
    actor, wanted = Actor.staff(cast(User, request.user)), form.submission()
    try:
        made = (workflow.book if wanted.start else workflow.submit)(wanted, actor=actor, now=now)
    except SlotTaken as error:
        return _shown(request, site, form, now, problem=str(error), nearest=error.nearest)
    except (Refused, DifferentAnswers) as error:
        return _shown(request, site, form, now, problem=str(error))
    done = (
        "Booked. They are told by e-mail."
        if wanted.start
        else "Kept as a new request. They are told by e-mail."
    )
    messages.success(request, done)
    return SeeOther(reverse("admin:bookings_consultationrequest_change", args=[made.pk]))


def _typed(request: HttpRequest) -> dict[str, Any]:
    typed: dict[str, Any] = dict(request.POST.items())
    return typed | {"concerns": request.POST.getlist("concerns")}


def _shown(
    request: HttpRequest,
    site: AdminSite,
    form: PhoneForm,
    now: datetime,
    *,
    problem: str = "",
    nearest: list[Slot] | None = None,
) -> HttpResponse:
    zone = clinic_of(request).zone
    kind = _kind(form)
    found: list[Slot] = []
    if kind is not None:
        found = free.slots(now=now, consultation_type=kind, first_day=when.local_day(now, zone), days=DAYS)
    days: dict[str, list[dict[str, Any]]] = {}
    for slot in found:
        there = when.local(slot.start, zone)
        days.setdefault(when.date_words(there.date()), []).append(_time(slot, f"{there:%H:%M}", form))
    context = site.each_context(request) | {
        "title": "New phone request",
        "form": form,
        "days": list(days.items()),
        "nearest": [_time(slot, when.short(slot.start, zone), form) for slot in nearest or []],
        "problem": problem,
        "kind": kind,
    }
    return render(
        request, "admin/bookings/consultationrequest/phone.html", context, status=409 if problem else 200
    )


def _kind(form: PhoneForm) -> ConsultationType | None:
    kinds = ConsultationType.objects.filter(is_active=True)
    return kinds.filter(pk=id_in(str(form["kind"].value() or ""))).first() or kinds.first()


def _time(slot: Slot, words: str, form: PhoneForm) -> dict[str, Any]:
    value = slot_value(slot)
    who = form.practitioners.get(slot.practitioner_id, "")
    return {"value": value, "when": words, "who": who, "chosen": value == form.chosen}
