"""Another time: for a booked visit up to the cut-off, and for the one wished for while nobody has answered.

Both choose from the free times of the same kind, on the same pages.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from bookings import links, slot_text
from bookings.availability import Slot
from bookings.client.attempts import get_or_post
from bookings.client.own.history import meanwhile
from bookings.client.own.page import can_change, fee_words, may_choose, may_move, show
from bookings.client.own.session import closed, session_of, wrong
from bookings.client.own.session import waiting as waiting_words
from bookings.client.own.status import PAUSED, visit_words
from bookings.client.own.verbs import conflicted, version_of
from bookings.client.times import search
from bookings.client.times.day import time_of
from bookings.client.times.filter import FilterForm
from bookings.client.times.table import table_of
from bookings.messages.visits import called
from bookings.models import Appointment, ConsultationRequest
from bookings.queries import session_rules
from bookings.queries.any_practitioner import ANYBODY
from bookings.queries.clinic import Clinic, clinic
from bookings.states import Status
from bookings.workflow import visit, wait, wish
from bookings.workflow.core import Actor, Origin, last_event
from bookings.workflow.errors import Conflict, Refused, SlotTaken
from clinic.foundation import money, when
from clinic.foundation.forms import CrispyForm
from clinic.foundation.responses import SeeOther

ME = Actor.client()


class MoveForm(CrispyForm):
    slot = forms.CharField(error_messages={"required": "Choose a time"})


@never_cache
@get_or_post
def move(request: HttpRequest) -> HttpResponse:
    """Free times for the same kind of consultation, and one of them to say yes to; POST moves the visit, or the wish."""
    now = timezone.now()
    session = session_of(request, now)
    if session is None:
        return closed(request)
    consultation = session.request
    booked = consultation.appointments.booked().select_related("practitioner", "consultation_type").first()
    is_wish = booked is None and may_choose(consultation)
    can_move = booked is not None and can_change(booked, now) and may_move(booked)
    if request.method != "POST" and not (is_wish or can_move):
        return SeeOther(reverse("client:mine"))
    verb = "choose-time" if is_wish else "reschedule"
    form = MoveForm(
        request.POST if request.method == "POST" else waiting_words(session, "reschedule"), auto_id="id_%s"
    )
    if request.method == "POST" and form.is_valid():
        try:
            _move(consultation, booked, form.cleaned_data["slot"], version_of(request), now)
            links.say_done(session)
            return SeeOther(reverse("client:mine"))
        except Conflict as conflict:
            return conflicted(request, conflict, verb, form, now)
        except SlotTaken:
            pass  # the page says so, with the nearest times
        except Refused as refusal:
            return show(request, consultation, now, problem=str(refusal), status=409)
    elif request.method == "POST" and (booked is not None or is_wish):
        again = wrong(request, session, "reschedule", form, request.get_full_path())
        if again is not None:
            return again
    if booked is None and not is_wish:
        return show(request, consultation, now, changed=meanwhile(last_event(consultation), now), status=409)
    response = _choose_again(request, consultation, booked, form, now)
    return response if wait.seen_by_client(consultation, now) else SeeOther(reverse("client:mine"))


def _move(
    consultation: ConsultationRequest, booked: Appointment | None, value: str, version: int, now: datetime
) -> None:
    """Say the verb for the chosen time; the verb finds out under its lock who "any practitioner" is.

    It is said for a time that is no longer free, too, so that a double click or a conflict is told apart from a taken time.
    """
    read = slot_text.read(value)
    if read is None:
        raise SlotTaken([])
    length = timedelta(minutes=booked.minutes if booked else consultation.consultation_type.minutes)
    slot = Slot(start=read[1], practitioner_id=read[0] or ANYBODY, end=read[1] + length)
    verb = wish.choose_time if booked is None and may_choose(consultation) else visit.reschedule
    verb(consultation, Origin(ME, now, version), slot=slot)


def _choose_again(
    request: HttpRequest,
    consultation: ConsultationRequest,
    booked: Appointment | None,
    form: MoveForm,
    now: datetime,
) -> HttpResponse:
    """The page with free times, or with the one that `?take=` names beside the time that they have or asked for, to say yes
    or no to.

    After a POST that came too late, with those nearest to the time that has gone.
    """
    place, query = clinic(now), _query(request, consultation, booked)
    late = request.method == "POST" and form.is_valid()
    asked = request.POST.get("slot", "") if late else request.GET.get("take", "")
    read = slot_text.read(asked)
    if read and not late and _is_theirs(read, consultation, booked):
        asked, read = "", None
    table = table_of(query, place=place, now=now, gone=read[1] if read else None)
    taking = read is not None and not late and table.has(read[1])
    form.places["slot"] = "id_slot" if table.soon else "days"
    known = _agreed(consultation, booked, place) if booked else _wished(consultation, place)
    context = known | {"form": form}
    if read and taking:
        hears = "" if booked else _hears(consultation, place, read[1], now)
        new = {"new": time_of(read[1], query, place.zone), "look": search.address(query), "hears": hears}
        return render(request, "bookings/client/own/move_check.html", context | new)
    context |= {
        "table": table,
        "filter": FilterForm(
            table, [consultation.consultation_type], currency=place.profile.currency, ask_zone=False
        ),
        "keeps": session_rules.kept_words(table.visits, consultation),
        "taken": late or bool(asked),
        "against": _against(booked, read[1], place) if booked and read and not late else "",
        "made_up": read is None,
        "look": search.address(query),
        "choose": f"?{search.address(query)}&take=",
    }
    return render(request, "bookings/client/own/move.html", context, status=409 if late else 200)


def _against(booked: Appointment, start: datetime, place: Clinic) -> str:
    """Why the rules do not let the visit move to this time, in a sentence; empty where they do."""
    kind = booked.consultation_type
    found = session_rules.against(booked.request, kind, start, place.zone, moved=booked)
    return session_rules.told(found, booked)


def _hears(consultation: ConsultationRequest, place: Clinic, start: datetime, now: datetime) -> str:
    """By when they hear from us about this time: not while we wait for their answer."""
    if consultation.status == Status.WAITING:
        return PAUSED
    return f"You hear from us by {when.moment(wish.promised(consultation, place, start, now), place.zone)}."


def _is_theirs(
    read: tuple[int | None, datetime], consultation: ConsultationRequest, booked: Appointment | None
) -> bool:
    """Whether it is the time that they have or asked for: they went back after choosing it, and nobody has taken it."""
    who, start = (
        (booked.practitioner_id, booked.starts_at)
        if booked
        else (consultation.wished_practitioner_id, consultation.wished_start)
    )
    return read[1] == start and read[0] in (None, who)


def _agreed(consultation: ConsultationRequest, booked: Appointment, place: Clinic) -> dict[str, object]:
    """What is booked, in words."""
    return {
        "consultation": consultation,
        "visit": when.moment(booked.starts_at, place.zone),
        "now_with": booked.practitioner.name,
        "stays": visit_words(booked, with_name=False),
        "fee": fee_words(booked, consultation),
        "called": (name := called(consultation.consultation_type)),
        "heading": f"Move your {name}",
        "do": f"Move my {name}",
    }


def _wished(consultation: ConsultationRequest, place: Clinic) -> dict[str, object]:
    """What they asked for, in words."""
    kind, start, who = (
        consultation.consultation_type,
        consultation.wished_start,
        consultation.wished_practitioner,
    )
    return {
        "is_wish": True,
        "consultation": consultation,
        "visit": when.moment(start, place.zone) if start else "",
        "now_with": who.name if who else "",
        "stays": f"{kind.get_mode_display().lower()}, {when.length(kind.minutes)}",
        "fee": money.words(kind.fee, place.profile.currency) if kind.fee else "",
        "called": called(kind),
        "heading": "Choose this time",
        "do": "Choose this time",
    }


def _query(
    request: HttpRequest, consultation: ConsultationRequest, booked: Appointment | None
) -> search.TimesQuery:
    """Which times to show: what the address asks for, else those of whoever the visit is, or was to be, with."""
    params, kind = request.GET.copy(), consultation.consultation_type
    params["type"], params["days"] = str(kind.pk), ""
    read = slot_text.read(request.POST.get("slot", "") or request.GET.get("take", ""))
    if read is not None:
        # A time is with whoever was asked for then; so are the nearest ones if it has gone.
        params["practitioner"] = str(read[0] or slot_text.ANY)
    who = booked.practitioner_id if booked else consultation.wished_practitioner_id
    params.setdefault("practitioner", str(who or slot_text.ANY))
    params.setdefault("zone", consultation.time_zone)
    concerns = [concern.code for concern in consultation.concerns.all()]
    try:
        return search.query_of(params, [kind], concerns, visit=booked)
    except search.Unclear:
        params["practitioner"], params["from"], params["day"] = slot_text.ANY, "", ""
        return search.query_of(params, [kind], concerns, visit=booked)
