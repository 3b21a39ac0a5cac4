"""The page of the grid. A change of hours begins on a day; what held before stays. Who would be outside is said first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from bookings import typed_time, weekly_hours
from bookings.admin.hours import counted
from bookings.admin.typed_fields import day_words
from bookings.admin.week.form import WeekForm, like_monday, typed, without_times
from bookings.availability import WeeklyHours
from bookings.desk_site import DeskSite, clinic_of
from bookings.models import Appointment, Practitioner
from bookings.queries import hours
from bookings.typed_time import NotATime
from bookings.weekly_hours import NONE, Period, Week
from bookings.workflow import hours as workflow
from bookings.workflow.errors import Refused
from clinic.foundation import when
from clinic.foundation.responses import SeeOther
from clinic.foundation.text import id_in

SEE, CHANGE = "bookings.view_workinghours", "bookings.change_workinghours"
# Monday to the other working days, or to every other day.
_COPIES = {"monday": range(1, 5), "every_day": range(1, 7)}


@dataclass
class Shown:
    """What the page shows of one practitioner. `hit`: who would be outside, once somebody has pressed "Save"."""

    person: Practitioner
    rows: list[WeeklyHours]
    today: date
    form: WeekForm
    hit: Sequence[Appointment] = ()


def page(request: HttpRequest, practitioner_id: str) -> HttpResponse:
    """The grid; "save" saves it, every other button only fills it."""
    user = cast(User, request.user)
    if not user.has_perm(CHANGE if request.method == "POST" else SEE):
        raise PermissionDenied
    person = Practitioner.objects.filter(pk=id_in(practitioner_id)).first()
    if person is None:
        raise Http404
    today = when.local_day(timezone.now(), clinic_of(request).zone)
    rows = hours.of_one(person.pk)
    if request.method != "POST":
        return _answer(
            request, Shown(person, rows, today, WeekForm(initial=_opened(request, rows, today), today=today))
        )
    filled = _filled(request, today)
    if filled is not None:
        return _answer(request, Shown(person, rows, today, WeekForm(initial=filled, today=today)))
    return _save(request, Shown(person, rows, today, WeekForm(request.POST, today=today)))


def _opened(request: HttpRequest, rows: Sequence[WeeklyHours], today: date) -> dict[str, Any]:
    """The week that holds on the asked day (`?from=2026-12-07`), by default today, and until when it does."""
    try:
        asked = max(today, date.fromisoformat(request.GET.get("from", "")))
    except ValueError:
        asked = today
    period = next(one for one in reversed(weekly_hours.periods(rows, today)) if one.first <= asked)
    return {"since": day_words(asked), "last": day_words(period.last) if period.last else ""} | typed(
        period.week
    )


def _filled(request: HttpRequest, today: date) -> dict[str, Any] | None:
    """What the boxes hold after a button that only fills them; None for any other."""
    do, data = request.POST.get("do"), {name: request.POST.get(name, "") for name in request.POST}
    if do in _COPIES:
        return like_monday(data, _COPIES[do])
    if do == "clear":
        return without_times(data)
    if do == "like":
        return without_times(data) | typed(_week_of(id_in(data.get("like", "")), _day_of(data, today)))
    return None


def _week_of(practitioner_id: int, day: date) -> Week:
    """The week that somebody works on `day`."""
    return weekly_hours.week_on(hours.of_one(practitioner_id), day)


def _day_of(data: dict[str, Any], today: date) -> date:
    try:
        return typed_time.day(data.get("since", ""), today)
    except NotATime:
        return today


def _save(request: HttpRequest, shown: Shown) -> HttpResponse:
    form, now, zone = shown.form, timezone.now(), clinic_of(request).zone
    if not form.is_valid():
        return _answer(request, shown)
    first, last = form.cleaned_data["since"], form.cleaned_data["last"]
    after = weekly_hours.changed(shown.rows, form.week, first, last)
    hit = hours.left_outside(shown.person.pk, shown.rows, after, now=now, zone=zone)
    # Whoever came to be outside since the page named them is named first, too.
    if not {str(row.pk) for row in hit} <= set(request.POST.get("told", "").split()):
        shown.hit = hit
        return _answer(request, shown)
    try:
        workflow.change(
            shown.person, form.week, first, last, today=shown.today, seen=request.POST.get("seen", "")
        )
    except Refused as refusal:
        form.add_error(None, ValidationError(refusal.message, code=refusal.code))
        shown.rows = hours.of_one(shown.person.pk)
        return _answer(request, shown)
    _tell(request, shown.person, Period(first, last, form.week), hit)
    return SeeOther(reverse("admin:hours", args=[shown.person.pk]))


def _tell(request: HttpRequest, person: Practitioner, period: Period, hit: Sequence[Appointment]) -> None:
    """Says what was saved, and notes it in the history of the practitioner."""
    words = f"{_days(period)}: {'; '.join(weekly_hours.lines(period.week)) or 'no hours'}."
    messages.success(request, f"The hours of {person} are saved. {words}")
    if hit:
        messages.warning(
            request,
            f"Outside them: {counted(hit)}. Booked visits stand under “Visits in doubt” until somebody moves, cancels or "
            "keeps them.",
        )
    site = cast(DeskSite, admin.site)
    site.get_model_admin(Practitioner).log_change(request, person, f"Hours {words}")


def _days(period: Period) -> str:
    until = f" until {day_words(period.last)}" if period.last else ""
    return f"From {day_words(period.first)}{until}"


def _answer(request: HttpRequest, shown: Shown) -> HttpResponse:
    others = Practitioner.objects.exclude(pk=shown.person.pk).filter(working_hours__isnull=False).distinct()
    context = admin.site.each_context(request) | {
        "title": f"Hours of {shown.person}",
        "person": shown.person,
        "form": shown.form,
        "seen": hours.digest(shown.rows),
        "periods": [
            (_days(one), weekly_hours.lines(one.week), f"{one.first:%Y-%m-%d}")
            for one in weekly_hours.periods(shown.rows, shown.today)
        ],
        "hit": [(row, when.short(row.starts_at, clinic_of(request).zone)) for row in shown.hit],
        "told": " ".join(str(row.pk) for row in shown.hit),
        "hit_words": counted(shown.hit),
        "others": others,
        "may_change": cast(User, request.user).has_perm(CHANGE),
        "has_none": not shown.rows,
    }
    return render(request, "admin/bookings/week/page.html", context)


def summary(rows: Sequence[WeeklyHours], today: date) -> list[tuple[str, str]]:
    """For other pages: when each week holds, and its lines in one; nothing for somebody without hours."""
    found = weekly_hours.periods(rows, today)
    if all(one.week == NONE for one in found):
        return []
    tomorrow = today + timedelta(days=1)
    return [
        (
            "" if one.first < tomorrow and one.last is None else _days(one),
            "; ".join(weekly_hours.lines(one.week)),
        )
        for one in found
    ]


cast(DeskSite, admin.site).add_page("hours/<practitioner_id>/", page, "hours")
