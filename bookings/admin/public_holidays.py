"""Public holidays of the clinic's country, as rows to accept: those that are ticked become closures of their name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from bookings import limits, public_holidays
from bookings.admin.hours import ahead, counted, named
from bookings.admin.kept import warn_about
from bookings.desk_site import clinic_of
from bookings.models import Appointment, Closure
from bookings.public_holidays import Holiday
from bookings.queries import touched
from bookings.workflow import closures
from clinic.foundation import when
from clinic.foundation.responses import SeeOther
from content.models import ClinicProfile

ADD = "bookings.add_closure"


@dataclass(frozen=True)
class Row:
    """One holiday. `closed`: what it is closed for already; `hit`: what lies on it, counted, and `who` by name."""

    holiday: Holiday
    closed: str
    weekday_is_open: bool
    hit: str
    who: SafeString | str

    @property
    def value(self) -> str:
        return self.holiday.day.isoformat()

    @property
    def day(self) -> str:
        return f"{when.date_words(self.holiday.day)} {self.holiday.day.year}"

    @property
    def ticked(self) -> bool:
        """Beforehand: a day on which the clinic would be open, and nobody is booked."""
        return self.weekday_is_open and not self.hit and not self.closed


def page(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """The rows; a POST closes those that are ticked."""
    if not cast(User, request.user).has_perm(ADD):
        raise PermissionDenied
    clinic, now = clinic_of(request), timezone.now()
    first = when.local_day(now, clinic.zone)
    last = first + limits.deadlines.HOLIDAYS_AHEAD
    coming = public_holidays.between(first, last, country=clinic.country, part=clinic.part)
    if request.method == "POST":
        return _close(request, coming, clinic.zone, now)
    context = site.each_context(request) | {
        "title": "Public holidays",
        "opts": Closure._meta,
        "rows": _rows(coming, clinic, now),
        "place": _place(clinic),
        "known": public_holidays.known(clinic.country),
        "last": f"{when.date_words(last)} {last.year}",
    }
    return render(request, "admin/bookings/closure/holidays.html", context)


def soon(clinic: ClinicProfile, now: datetime) -> list[Row]:
    """The first few that are to come and not closed yet, for other pages to accept: two statements, none for no country."""
    first = when.local_day(now, clinic.zone)
    last = first + limits.deadlines.HOLIDAYS_SOON
    coming = public_holidays.between(first, last, country=clinic.country, part=clinic.part)
    rows = _rows(coming, clinic, now) if coming else []
    return [row for row in rows if row.weekday_is_open and not row.closed]


def _place(clinic: ClinicProfile) -> str:
    """'England, United Kingdom'."""
    parts = [clinic.get_part_display() if clinic.part else "", clinic.get_country_display()]
    return ", ".join(part for part in parts if part)


def _rows(coming: Sequence[Holiday], clinic: ClinicProfile, now: datetime) -> list[Row]:
    """The holidays with what is known of their days: two statements."""
    days = [one.day for one in coming]
    closed, taken = _closed(days), _taken(days, clinic.zone, now)
    open_on = {row.weekday for row in clinic.opening_hours.all()}
    return [
        Row(
            one,
            closed.get(one.day, ""),
            not open_on or one.day.weekday() in open_on,
            counted(taken[one.day]),
            named(taken[one.day], clinic.zone) if taken[one.day] else "",
        )
        for one in coming
    ]


def _closed(days: Sequence[date]) -> Mapping[date, str]:
    """By day: the closure that it lies in."""
    rows = Closure.objects.filter(last_day__gte=min(days), first_day__lte=max(days)) if days else ()
    spans = [(row.first_day, row.last_day, row.name) for row in rows]
    return {day: name for day in days for first, last, name in spans if first <= day <= last}


def _taken(days: Iterable[date], zone: ZoneInfo, now: datetime) -> Mapping[date, list[Appointment]]:
    """By day: booked visits and held times that are still to come."""
    found: dict[date, list[Appointment]] = defaultdict(list)
    for row in ahead(now, touched.on_days(days, zone)):
        found[when.local_day(row.starts_at, zone)].append(row)
    return found


def _close(request: HttpRequest, coming: Sequence[Holiday], zone: ZoneInfo, now: datetime) -> HttpResponse:
    ticked = set(request.POST.getlist("day"))
    made = closures.close((one.day, one.name) for one in coming if one.day.isoformat() in ticked)
    if made:
        lines = ((f"{when.date_words(row.first_day)} {row.first_day.year}", row.name) for row in made)
        names = format_html_join("", "<li>{} {}</li>", lines)
        days = "1 day is" if len(made) == 1 else f"{len(made)} days are"
        messages.success(request, format_html("{} closed:<ul>{}</ul>", days, names))
        hit = _taken([row.first_day for row in made], zone, now)
        warn_about(request, [row for rows in hit.values() for row in rows])
    else:
        messages.info(request, "No day was closed: none was ticked that is not closed already.")
    return SeeOther(reverse("admin:bookings_closure_changelist"))
