"""The calendar's page: a day of everybody, a week of one or of a few, or the week of many in a line each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from bookings import limits, names, slot_text, timeline
from bookings.admin import whose_time
from bookings.admin.calendar import blocks, diary, everybody, move, unblock
from bookings.admin.calendar.blocks import Drawn, Looks, Pen
from bookings.admin.decide import may
from bookings.availability import stretches
from bookings.desk_site import BLOCK, DECIDE, UNBLOCK, VIEW, DeskSite, clinic_of
from bookings.models import Appointment
from bookings.queries import calendar as reads
from bookings.queries.calendar import Calendar, Column, Moving
from clinic.foundation import when
from clinic.foundation.text import id_in
from content.models import ClinicProfile

# Beyond these years other zones' calendars run out (slot_text.py).
_FIRST, _LAST = date(slot_text.YEARS[0], 1, 8), date(slot_text.YEARS[1], 12, 20)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for. `who` and `move` are keys, 0 for none; of people: "all", or who was not said."""

    on: date
    week: bool
    who: int
    move: int

    @property
    def first(self) -> date:
        return self.on - timedelta(days=self.on.weekday()) if self.week else self.on

    @property
    def days(self) -> int:
        return 7 if self.week else 1

    def url(self, **changes: Any) -> str:
        """The address of the calendar with these changes."""
        asked = replace(self, **changes)
        said = {
            "on": asked.on.isoformat(),
            "show": "week" if asked.week else "day",
            "who": asked.who or "all",
            "move": asked.move,
        }
        query = urlencode({name: value for name, value in said.items() if value})
        return f"{reverse('admin:calendar')}?{query}"


@dataclass(frozen=True, slots=True)
class Day:
    """A day with everybody's column. `anchor`: its id; `clocks`: what the clocks do this night, if anything."""

    date: date
    name: str
    anchor: str
    url: str
    is_today: bool
    people: list[Drawn]
    number: int
    clocks: str


@dataclass(frozen=True, slots=True)
class Hours:
    """The rows of the day: full hours from and until. `labels` are (class, words); `now` the classes of the line, if any."""

    first: int
    last: int
    labels: list[tuple[str, str]]
    now: str
    now_words: str


@may(VIEW)
def page(request: HttpRequest) -> HttpResponse:
    """GET shows; a POST moves a visit to the time of the pressed button, or removes a time off."""
    now, profile = timezone.now(), clinic_of(request)
    asked = _asked(request, now, profile)
    if request.method == "POST" and "remove" in request.POST:
        return unblock.press(request, asked.url())
    if request.method == "POST":
        return move.press(request, asked.url(move=0), lambda key: asked.url(move=key))
    user = cast(User, request.user)
    moving = move.begun(asked.move, now) if asked.move and user.has_perm(DECIDE) else None
    if moving and "on" not in request.GET:
        asked = replace(asked, on=when.local_day(moving.visit.starts_at, profile.zone))
    told = user.has_perm(BLOCK) or user.has_perm(UNBLOCK)
    calendar = reads.read(
        first=asked.first, days=asked.days, zone=profile.zone, now=now, reader=user.pk, labels=told
    )
    if "who" not in request.GET and moving is None:
        asked = replace(asked, who=next((one.pk for one in calendar.people if one.is_reader), 0))
        if not asked.who and "show" not in request.GET and everybody.is_crowded(calendar):
            # A week of so many is a summary: they begin with the day, which is a part of what was read.
            asked = replace(asked, week=False)
            calendar = replace(calendar, first=asked.first, days=asked.days)
    shown = _shown(calendar, asked, moving)
    looks = Looks(
        week=asked.week,
        decides=user.has_perm(DECIDE),
        blocks=whose_time.blocked_by(user),
        removes=whose_time.freed_by(user),
        moving=moving,
        called=_called(calendar.people),
        here=asked.url(move=0),
    )
    context = _drawn(calendar, shown, asked, looks, profile, user)
    site = cast(DeskSite, admin.site)
    return render(request, "admin/bookings/calendar/page.html", site.each_context(request) | context)


def _drawn(
    calendar: Calendar,
    shown: Sequence[Column],
    asked: Asked,
    looks: Looks,
    profile: ClinicProfile,
    user: User,
) -> dict[str, Any]:
    """What the page shows of these people's days."""
    visits, today = reads.visits_of(calendar, shown), when.local_day(calendar.now, calendar.zone)
    moved = [looks.moving.visit] if looks.moving else visits
    looks = replace(looks, past=reads.histories(calendar, moved if looks.decides else ()))
    pens = [blocks.pen(calendar, column, visits, looks) for column in shown]
    days = [_day(day, pens, visits, calendar, asked) for day in _dates(calendar, shown, profile)]
    hours = _hours(days, calendar)
    crowded = asked.week and everybody.is_crowded(calendar)
    in_lines = crowded and len(shown) > 1
    return {
        "title": _title(asked, today),
        "asked": asked,
        "looks": looks,
        "moving": looks.moving,
        "days": days if in_lines else [_within(day, hours) for day in days],
        "lines": everybody.week(days, {one.pk: asked.url(who=one.pk) for one in shown}) if in_lines else (),
        "hours": hours,
        "beside": [] if in_lines else list(_beside(days, hours)),
        "dense": _is_dense(days),
        "many": len(shown) > limits.times.WEEK_SHOWS_PEOPLE,
        "people": _people(calendar, asked, shown),
        "day_url": asked.url(week=False),
        "week_url": asked.url(week=True),
        "turns": _turns(asked, today),
        "sum": _sum(calendar, visits, days),
        "doubts": [row for row in visits if blocks.in_doubt(row, calendar.now)],
        "zone": when.zone_words(calendar.zone),
        "table": everybody.who_is_free(calendar, looks) if crowded else None,
        "block_url": reverse("admin:block") if looks.blocks.in_reach(calendar.people) else "",
        "diary_of": _diary_of(shown, user),
    }


def _asked(request: HttpRequest, now: datetime, profile: ClinicProfile) -> Asked:
    week = request.GET.get("show") != "day"
    try:
        on = date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        on = _usual_day(when.local_day(now, profile.zone), profile, week=week)
    return Asked(
        on=min(max(on, _FIRST), _LAST),
        week=week,
        who=id_in(request.GET.get("who", "")),
        move=id_in(request.GET.get("move", "")),
    )


def _usual_day(today: date, profile: ClinicProfile, *, week: bool) -> date:
    """Today. Of weeks it is the next one once no opening day is left in this: at weekends people look ahead."""
    opens = {row.weekday for row in profile.opening_hours.all()}
    is_over = week and opens and max(opens) < today.weekday()
    return today + timedelta(days=7 - today.weekday() if is_over else 0)


def _shown(calendar: Calendar, asked: Asked, moving: Moving | None) -> list[Column]:
    """Whoever is asked for; else everybody. While a visit moves in a week of many: whose it is."""
    named = [column for column in calendar.people if column.pk == asked.who]
    if not named and moving and asked.week and everybody.is_crowded(calendar):
        named = [column for column in calendar.people if column.pk == moving.visit.practitioner_id]
    return named or calendar.people


def _dates(calendar: Calendar, shown: Sequence[Column], profile: ClinicProfile) -> list[date]:
    """The days on which the clinic is open, somebody works or something is booked; of a week without any, its first five."""
    if calendar.days == 1:
        return calendar.dates
    open_days = {row.weekday for row in profile.opening_hours.all()}
    found = [
        day
        for day in calendar.dates
        if day.weekday() in open_days
        or any(stretches(day, column.hours) for column in shown)
        or any(
            timeline.place((one.start, one.end), day, calendar.zone)
            for column in shown
            for one in column.busy
        )
    ]
    return found or calendar.dates[:5]


def _day(
    day: date, pens: Sequence[Pen], visits: Sequence[Appointment], calendar: Calendar, asked: Asked
) -> Day:
    change = timeline.change(day, calendar.zone)
    booked = [row for row in visits if row.state == Appointment.State.BOOKED]
    return Day(
        date=day,
        name=blocks.short_day(day),
        anchor=f"day-{day.isoformat()}",
        url=asked.url(on=day, week=False, who=0),
        is_today=day == when.local_day(calendar.now, calendar.zone),
        people=[pen.day(day) for pen in pens],
        number=sum(1 for row in booked if when.local_day(row.starts_at, calendar.zone) == day),
        clocks=f"{change.words} {when.zone_words(calendar.zone)}." if change else "",
    )


def _hours(days: Sequence[Day], calendar: Calendar) -> Hours:
    """The rows that hold the working day and what stands within CALENDAR_BESIDE_MINUTES of it. What is booked at night would
    push the day out of sight: the page says it above the rows.
    """
    worked = [
        timeline.Place(start.hour * 60 + start.minute, (end.hour * 60 + end.minute) or timeline.DAY)
        for day in days
        for drawn in day.people
        for start, end in stretches(day.date, drawn.column.hours)
    ]
    beside = limits.times.CALENDAR_BESIDE_MINUTES
    opens = min((place.start for place in worked), default=beside) - beside
    closes = max((place.end for place in worked), default=timeline.DAY) + beside
    kept = worked + [
        block.place
        for day in days
        for drawn in day.people
        for block in drawn.blocks
        if block.kind not in ("out", "off", "closed")
        and opens <= block.place.start
        and block.place.end <= closes
    ]
    first, last = timeline.hours_shown(kept, limits.times.CALENDAR_HOURS)
    now = when.local(calendar.now, calendar.zone)
    minute = now.hour * 60 + now.minute
    is_shown = any(day.is_today for day in days) and first * 60 <= minute < last * 60
    line = timeline.Place(minute // timeline.STEP * timeline.STEP, timeline.DAY)
    return Hours(
        first,
        last,
        [
            (f"h{hour}", f"{hour:02}:00")
            for hour in range(first + 1, last)
            # The clock in the gutter would cover it.
            if not (is_shown and abs(hour * 60 - minute) < 20)
        ],
        " ".join(line.classes.split()[: 2 if minute % 60 >= timeline.STEP else 1]) if is_shown else "",
        f"{now:%H:%M}",
    )


def _beside(days: Sequence[Day], hours: Hours) -> Iterator[blocks.Block]:
    """What is booked or held outside the rows."""
    for day in days:
        for drawn in day.people:
            outside = (b for b in drawn.blocks if not b.place.within(hours.first * 60, hours.last * 60))
            yield from (block for block in outside if block.url)


def _within(day: Day, hours: Hours) -> Day:
    """The same day with what stands in the rows alone."""
    people = [replace(drawn, blocks=list(_clipped(drawn, hours))) for drawn in day.people]
    return replace(day, people=people)


def _clipped(drawn: Drawn, hours: Hours) -> Iterator[blocks.Block]:
    for block in drawn.blocks:
        place = block.place.within(hours.first * 60, hours.last * 60)
        if place:
            yield replace(block, place=place)


def _diary_of(shown: Sequence[Column], user: User) -> Column | None:
    """Whose diary the reader may have in a calendar app, of those shown: their own, or of one shown alone if they manage."""
    mine = [column for column in shown if column.is_reader]
    if not mine and len(shown) == 1 and user.has_perm(diary.MANAGES):
        return shown[0]
    return mine[0] if mine else None


def _is_dense(days: Sequence[Day]) -> bool:
    """Whether some visit is so short that a row of the usual height has no room for its line."""
    places = (block.place for day in days for drawn in day.people for block in drawn.blocks if block.url)
    return any(place.end - place.start < limits.times.CALENDAR_SHORT_MINUTES for place in places)


def _title(asked: Asked, today: date) -> str:
    words = when.date_words(asked.first)
    year = f" {asked.first.year}" if asked.first.year != today.year else ""
    return f"Week of {words.partition(' ')[2]}{year}" if asked.week else f"{words}{year}"


def _turns(asked: Asked, today: date) -> list[tuple[str, str, bool]]:
    """(words, address, whether it is here): to and fro in time."""
    step = timedelta(days=asked.days)
    back, on = max(asked.on - step, _FIRST), min(asked.on + step, _LAST)
    here = asked.first == (today - timedelta(days=today.weekday()) if asked.week else today)
    return [
        ("Earlier", asked.url(on=back), False),
        ("This week" if asked.week else "Today", asked.url(on=today), here),
        ("Later", asked.url(on=on), False),
    ]


def _called(people: Sequence[Column]) -> dict[int, str]:
    """What to call each practitioner where there is little room: their first name, where nobody shares it."""
    short = {column.pk: names.called(column.name) or column.name for column in people}
    twice = {word for word in short.values() if list(short.values()).count(word) > 1}
    whole = {column.pk: column.name for column in people}
    return {key: whole[key] if word in twice else word for key, word in short.items()}


def _people(calendar: Calendar, asked: Asked, shown: Sequence[Column]) -> list[tuple[str, str, bool]]:
    """(name, address, whether it is shown alone), with everybody first."""
    if len(calendar.people) < 2:
        return []
    alone = shown[0].pk if len(shown) == 1 else 0
    called = _called(calendar.people)
    links = [(called[column.pk], asked.url(who=column.pk), column.pk == alone) for column in calendar.people]
    return [("Everybody", asked.url(who=0), not alone), *links]


def _sum(calendar: Calendar, visits: Sequence[Appointment], days: Sequence[Day]) -> str:
    """'19 visits, 3 offers, 2 holds. Free: Imogen 10 h, Tomas 9 h 30 min.' Of one: 'Ana has 0 visits (everybody: 4).'"""
    held = [row for row in visits if row.state == Appointment.State.HELD]
    numbers = {
        "visit": len(visits) - len(held),
        "offered time": sum(1 for row in held if row.is_offer),
        "hold": sum(1 for row in held if not row.is_offer),
    }
    parts = [f"{n} {word}{'s' if n != 1 else ''}" for word, n in numbers.items() if n or word == "visit"]
    free: dict[int, int] = {}
    for day in days:
        for drawn in day.people:
            free[drawn.column.pk] = free.get(drawn.column.pk, 0) + drawn.free_minutes
    called = _called([drawn.column for day in days[:1] for drawn in day.people])
    spans = [f"{called[key]} {everybody.span(minutes)}" for key, minutes in free.items() if minutes]
    found = f"{', '.join(parts)}."
    if len(called) == 1 and len(calendar.people) > 1:
        # The number of one must not be read as that of the clinic.
        (name,) = called.values()
        found = f"{name} has {', '.join(parts)} (everybody: {sum(map(calendar.booked, calendar.people))})."
        spans = [everybody.span(minutes) for minutes in free.values() if minutes]
    if len(spans) > limits.times.WEEK_SHOWS_PEOPLE:
        return f"{found} {len(spans)} people have free time."
    return f"{found} Free: {', '.join(spans)}." if spans else found


cast(DeskSite, admin.site).add_page("calendar/", page, "calendar")
