"""The page on which a call is typed. With a time it is booked at once, else it becomes new.

Two buttons say which of the two is meant. Whatever else is pressed only looks, and loses nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.forms import Field
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from bookings import against, limits, slot_text, triage
from bookings.admin.decide import may
from bookings.admin.phone.form import PhoneForm
from bookings.admin.phone.times import agreed, times
from bookings.availability import Slot
from bookings.desk_site import DECIDE, clinic_of
from bookings.fields import Email, Name, Phone, e164
from bookings.models import ConsultationRequest, ConsultationType
from bookings.queries import fee_texts, same_person, why_not
from bookings.queries import slots as free
from bookings.queries.clinic import Clinic
from bookings.queries.same_person import Match, Same
from bookings.queries.slots import Wanted
from bookings.workflow import intake
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import DifferentAnswers, Refused, SlotTaken
from bookings.workflow.submission import search_columns
from clinic.foundation import when
from clinic.foundation.responses import SeeOther
from clinic.foundation.text import id_in

_LISTS = ("applies", "concerns", "support")


@dataclass(frozen=True)
class Problem:
    """Why nothing was kept, on top of the page; and the free times that are nearest to one that has gone."""

    words: str
    nearest: tuple[Slot, ...] = ()


@may(DECIDE)
def page(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """The form; "make" makes the request. Every other button shows it again with what was asked for.

    `?slot=` (a value of slot_text.py) and `?kind=` (a key) come from a free stretch of the calendar, and are ticked.
    """
    now = timezone.now()
    if request.method != "POST":
        return _shown(request, site, PhoneForm(initial=_begun(request)), now)
    if "make" not in request.POST:
        # Only looking: what is still missing is no error yet.
        return _shown(request, site, PhoneForm(initial=_typed(request)), now)
    if request.POST.get("other", "").strip():
        unseen = Problem("Look first at the time that you typed: it stands under “When”.")
        return _shown(request, site, PhoneForm(initial=_typed(request)), now, unseen)
    return _make(request, site, now)


def _make(request: HttpRequest, site: AdminSite, now: datetime) -> HttpResponse:
    """Book it or keep it, or say what is wrong; pressed twice it is made once."""
    form = PhoneForm(request.POST)
    problem = _problem(form, request, now) if form.is_valid() or form.cleaned_data.get("slot") else None
    if not form.is_valid() or problem:
        return _shown(request, site, form, now, problem)
    because = form.cleaned_data.get("because", "")
    wanted = form.submission()
    origin = Origin(Actor.staff(cast(User, request.user)), now, because=because)
    try:
        if wanted.start:
            made = intake.book(wanted, origin, although=agreed(request.POST, form.chosen))
        else:
            made = intake.submit(wanted, origin)
    except SlotTaken as error:
        return _shown(request, site, form, now, Problem(str(error), tuple(error.nearest)))
    except (Refused, DifferentAnswers) as error:
        return _shown(request, site, form, now, Problem(str(error)))
    return _made(request, made)


def _made(request: HttpRequest, made: ConsultationRequest) -> HttpResponse:
    """Say what was done, and what is still to be said on the phone; lead to the request."""
    done = "Booked." if made.wished_start else "Kept as a new request."
    told = "They are told by e-mail." if made.email else "They have no e-mail address, so tell them now."
    messages.success(request, f"{done} {told}")
    if made.urgent:
        messages.warning(
            request, f"This is urgent. Say it before they ring off. {clinic_of(request).call_words}"
        )
    return SeeOther(reverse("admin:bookings_consultationrequest_change", args=[made.pk]))


def _problem(form: PhoneForm, request: HttpRequest, now: datetime) -> Problem | None:
    """What is against the chosen time: it has gone, or the page did not show it yet."""
    slot: Slot | None = form.cleaned_data.get("slot")
    draft = form.cleaned_data.get("draft")
    if slot is None or slot.start <= now:
        return None
    if draft and ConsultationRequest.objects.filter(draft_id=draft).exists():  # pressed a moment ago
        return None
    wanted = _wanted(form, form.cleaned_data["kind"]).by(slot.practitioner_id)
    typed = {name: form[name].value() for name in ("name", "email", "phone")}
    reasons = why_not.why_not(slot, wanted, now=now, place=_place(request, now), client=_caller(typed))
    found = why_not.codes(reasons)
    if found & against.NEVER:
        gone = SlotTaken(free.nearest(wanted.by(None), slot.start, now=now))
        return Problem(str(gone), tuple(gone.nearest))
    if found - agreed(request.POST, form.chosen):
        return Problem("Look first at what is against this time: it stands under “When”.")
    return None


def _begun(request: HttpRequest) -> dict[str, Any]:
    """What an empty form starts from. What the address says and is no time or kind is left out when it is shown."""
    asked = {name: request.GET[name] for name in ("slot", "kind") if request.GET.get(name)}
    return {"draft": uuid.uuid4()} | asked


def _typed(request: HttpRequest) -> dict[str, Any]:
    """Everything as it was typed, with the name and the address of the request whose "use" was pressed."""
    typed: dict[str, Any] = dict(request.POST.items())
    typed |= {name: request.POST.getlist(name) for name in _LISTS}
    wanted = id_in(request.POST.get("use", ""))
    for match in _known(typed) if wanted else []:
        if match.consultation.pk == wanted and match.shared != (Same.NAME,):
            typed |= {"name": match.consultation.name, "email": match.consultation.email}
    return typed


def _known(typed: Mapping[str, Any]) -> list[Match]:
    """Requests of the same phone, name or address: one SQL statement, none while nothing is typed."""
    return same_person.matches(_caller(typed))


def _caller(typed: Mapping[str, Any]) -> ConsultationRequest:
    """Whoever rings, as far as it is typed, to find other requests of theirs by; it is not saved."""
    name = _read(Name(), typed.get("name"))
    email = _read(Email(required=False), typed.get("email"))
    phone = e164(_read(Phone(), typed.get("phone")))
    return ConsultationRequest(**search_columns(name, email, phone))


def _read(field: Field, value: Any) -> str:
    """What was typed, if it is what the field asks for."""
    try:
        return str(field.clean(value))
    except ValidationError:
        return ""


def _place(request: HttpRequest, now: datetime) -> Clinic:
    return Clinic(now, clinic_of(request))


def _wanted(form: PhoneForm, kind: ConsultationType) -> Wanted:
    ticked = form["concerns"].value() or ()
    return Wanted(kind=kind, concerns=tuple(code for code in form.about if code in ticked))


def _kind(form: PhoneForm) -> ConsultationType | None:
    kinds = ConsultationType.objects.filter(is_active=True)
    return kinds.filter(pk=id_in(str(form["kind"].value() or ""))).first() or kinds.first()


def _shown(
    request: HttpRequest, site: AdminSite, form: PhoneForm, now: datetime, problem: Problem | None = None
) -> HttpResponse:
    zone, kind = clinic_of(request).zone, _kind(form)
    typed = {name: form[name].value() for name in ("name", "email", "phone")}
    data = request.POST if request.method == "POST" else request.GET
    people = form.practitioners
    context = site.each_context(request) | {
        "title": "New phone request",
        "form": form,
        "kind": kind,
        "known": _known(typed),
        "looked": bool(data.get("look_up")),
        "flags": _flags(form),
        "call_words": clinic_of(request).call_words,
        "problem": problem.words if problem else "",
        "nearest": [
            (slot_text.of(slot), when.short(slot.start, zone), people.get(slot.practitioner_id, ""))
            for slot in (problem.nearest if problem else ())
        ],
        "no_time": form.chosen == "" and data.get("slot") == "",
    }
    place = _place(request, now)
    context["fee_missing"] = fee_texts.MISSING if fee_texts.is_missing(place, now) else ""
    if kind is not None:
        caller = _caller(typed)
        context["times"] = times(_wanted(form, kind), people, data, now=now, place=place, client=caller)
    status = 409 if problem else 200
    return render(request, "admin/bookings/consultationrequest/phone.html", context, status=status)


def _flags(form: PhoneForm) -> triage.Triage:
    """What arises from what is ticked and typed so far."""
    applies, concerns = (set(map(str, form[name].value() or ())) for name in ("applies", "concerns"))
    return triage.flags(
        applies, concerns, str(form["anything_else"].value() or "")[: limits.texts.QUESTION_CHARACTERS]
    )
