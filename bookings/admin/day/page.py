"""The page of one day: GET shows it, each press on a line marks one visit and leads back to that line.

With JavaScript static/desk-day.js sends the same press and puts the line of the answered page in the place of the old one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from bookings.admin import mark_actions
from bookings.admin.day import own
from bookings.admin.day.sheet import Maker, Sheet, Visit, counted, to_have_ready
from bookings.admin.decide import may
from bookings.admin.way_back import way_back
from bookings.desk_site import BLOCK, DECIDE, READS_HEALTH, VIEW, DeskSite, clinic_of, numbers_of
from bookings.models import Appointment
from bookings.queries import calendar, day
from bookings.queries.calendar import Calendar, Column
from bookings.queries.day import Day
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import WorkflowError
from clinic.foundation import press, when
from clinic.foundation.responses import SeeOther
from clinic.foundation.text import id_in

EVERYONE = "all"
_YEARS = (2000, 2199)


@may(VIEW)
def page(request: HttpRequest) -> HttpResponse:
    """The sheet of ?on= (a day, else today) for ?who= (a practitioner by key; "all"; else the reader, if they practise)."""
    now = timezone.now()
    return _mark(request, now) if request.method == "POST" else _shown(request, now)


# --- a press ----------------------------------------------------------------------------------------------------------


@may(DECIDE)
def _mark(request: HttpRequest, now: datetime) -> HttpResponse:
    """Do what the button of a line says, here or on another page of the desk. Refused, it says why on top of the page."""
    user, visit = cast(User, request.user), id_in(request.POST.get("visit", ""))
    key = press.of(request, user)
    booked = Appointment.objects.booked().select_related("request").filter(pk=visit).first()
    back = way_back(request, f"{request.path}?{request.GET.urlencode()}")
    if press.done(key):
        return SeeOther(f"{back}#v{visit}")
    if booked is None:
        messages.error(
            request, "This visit has been moved or cancelled meanwhile. This is the day as it is now."
        )
        return SeeOther(back)
    try:
        mark_actions.press(booked.request, Origin(Actor.staff(user, key), now), request.POST.get("do", ""))
    except KeyError:
        raise Http404 from None
    except WorkflowError as refused:
        if not press.done(key):
            messages.error(request, f"{booked.request.name}: {refused}")
            return SeeOther(back)
    return SeeOther(f"{back}#v{visit}")


# --- the page ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tab:
    name: str
    query: str
    number: int
    here: bool


def _shown(request: HttpRequest, now: datetime) -> HttpResponse:
    user, zone, who = cast(User, request.user), clinic_of(request).zone, request.GET.get("who", "")
    today = when.local_day(now, zone)
    on = _day(request.GET.get("on", "")) or today
    found = calendar.read(first=on, days=1, zone=zone, now=now, reader=user.pk, labels=user.has_perm(BLOCK))
    chosen = _chosen(who, found)
    reasons = chosen is not None and user.has_perm(READS_HEALTH)
    read = day.read(
        found, who=chosen.pk if chosen else None, answers=reasons, unmarked=on == today, reader=user.pk
    )
    maker = own.maker(user, found, read, reasons=reasons)
    sheets = [maker.sheet(one, read.of(one.pk)) for one in ([chosen] if chosen else found.people)]
    visits = [visit for sheet in sheets for visit in sheet.visits]
    if reasons:
        own.keep_reading(user, visits, now)
    context = {
        "title": _title(on, today, chosen),
        "on": on,
        "is_today": on == today,
        "who": who,
        "days": _days(on, today, who),
        "tabs": _tabs(on, found, chosen),
        "closed": found.closed_on(on),
        "drawn_at": when.digits(now, zone),
        "printed_at": when.short(now, zone),
        "reasons": reasons and visits,
        "next": own.following(visits, now) if chosen else None,
    }
    context |= _sections(sheets, visits, chosen) | _earlier(request, read, maker, chosen)
    return render(request, "admin/bookings/day/day.html", desk_site().each_context(request) | context)


def _sections(sheets: Sequence[Sheet], visits: Sequence[Visit], chosen: Column | None) -> dict[str, Any]:
    """Who has something on this day, who has nothing, and what is said above all of them."""
    return {
        "sheets": [sheet for sheet in sheets if sheet.lines or chosen],
        "away": [sheet for sheet in sheets if not sheet.lines and not chosen],
        "counted": counted(visits),
        "ready": to_have_ready(visits),
    }


def _earlier(request: HttpRequest, read: Day, maker: Maker, chosen: Column | None) -> dict[str, Any]:
    """The visits of the days before that nobody has marked, or the reader today; the sheet of one person counts theirs
    alone.
    """
    yesterday, zone = maker.calendar.first - timedelta(days=1), maker.calendar.zone
    number = len(read.unmarked)
    if read.more:
        number = day.count_unmarked(maker.calendar, chosen.pk) if chosen else numbers_of(request).unmarked
    return {
        "unmarked": [maker.visit(row) for row in read.unmarked],
        "unmarked_number": number,
        "just_marked": [maker.visit(row) for row in read.just_marked],
        "is_yesterday": all(when.local_day(row.starts_at, zone) == yesterday for row in read.unmarked),
    }


def desk_site() -> DeskSite:
    """Where the pages of this room stand."""
    return cast(DeskSite, admin.site)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if _YEARS[0] <= found.year <= _YEARS[1] else None


def _chosen(who: str, found: Calendar) -> Column | None:
    """Whose day it is; None for everybody's. Without a word the reader's own, if they practise."""
    if who == EVERYONE:
        return None
    if who:
        return next((one for one in found.people if one.pk == id_in(who)), None)
    return next((one for one in found.people if one.is_reader), None)


def _title(on: date, today: date, chosen: Column | None) -> str:
    words = when.date_words(on) + ("" if on.year == today.year else f" {on.year}")
    return f"My {words}" if chosen and chosen.is_reader else words


def _query(on: date, who: str) -> str:
    return urlencode({"on": on.isoformat()} | ({"who": who} if who else {}))


def _days(on: date, today: date, who: str) -> list[Tab]:
    """The day before, today, and the day after."""
    one = timedelta(days=1)
    return [
        Tab(_short(on - one), _query(on - one, who), 0, here=False),
        Tab("Today", _query(today, who), 0, here=on == today),
        Tab(_short(on + one), _query(on + one, who), 0, here=False),
    ]


def _short(on: date) -> str:
    """'Mon 23'."""
    return f"{when.WEEKDAYS[on.weekday()][:3]} {on.day}"


def _tabs(on: date, found: Calendar, chosen: Column | None) -> list[Tab]:
    numbers = {one.pk: found.booked(one) for one in found.people}
    whole = Tab("Everyone", _query(on, EVERYONE), sum(numbers.values()), here=chosen is None)
    return [whole] + [
        Tab(one.name, _query(on, str(one.pk)), numbers[one.pk], here=one is chosen) for one in found.people
    ]


desk_site().add_page("day/", page, "day")
