"""The page of the grid. A change of hours begins on a day; what held before stays. Who would be outside is said first, with
what is done with each (bookings/admin/block/answers.py)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from bookings import limits, typed_time, weekly_hours
from bookings.admin.block.answers import Answers, Outcome, Row, by_first_press, posted
from bookings.admin.hours import counted
from bookings.admin.typed_fields import day_words
from bookings.admin.week.form import WeekForm, like_monday, typed, without_times
from bookings.availability import WeeklyHours
from bookings.desk_site import CHANGES_WEEK, DECIDE, VIEW, DeskSite, clinic_of
from bookings.models import Appointment, Practitioner
from bookings.queries import hours, touched
from bookings.queries.clinic import Clinic
from bookings.queries.instead import Instead
from bookings.typed_time import NotATime
from bookings.weekly_hours import NONE, Period, Week
from bookings.workflow import together
from bookings.workflow.core import Actor
from bookings.workflow.errors import Refused
from clinic.foundation import press, when
from clinic.foundation.models import Press
from clinic.foundation.responses import SeeOther
from clinic.foundation.text import id_in

SEE = "bookings.view_workinghours"
# Monday to the other working days, or to every other day.
_COPIES = {"monday": range(1, 5), "every_day": range(1, 7)}


@dataclass
class Shown:
    """What the page shows of one practitioner. `hit`: who would be outside, once somebody has pressed "Save"."""

    person: Practitioner
    rows: list[WeeklyHours]
    now: datetime
    today: date
    form: WeekForm
    hit: Sequence[Appointment] = ()
    left_off: Press | None = None  # the first press of this page, which saved the hours and died
    answers: Answers | None = None  # what is done with each of them, for whoever may answer requests


def page(request: HttpRequest, practitioner_id: str) -> HttpResponse:
    """The grid; "save" saves it, every other button only fills it."""
    user = cast(User, request.user)
    if not user.has_perm(CHANGES_WEEK if request.method == "POST" else SEE):
        raise PermissionDenied
    person = Practitioner.objects.filter(pk=id_in(practitioner_id)).first()
    if person is None:
        raise Http404
    now = timezone.now()
    today, rows = when.local_day(now, clinic_of(request).zone), hours.of_one(person.pk)
    if request.method != "POST":
        form = WeekForm(initial=_opened(request, rows, today), today=today)
        return _answer(request, Shown(person, rows, now, today, form))
    filled = _filled(request, today)
    if filled is not None:
        return _answer(request, Shown(person, rows, now, today, WeekForm(initial=filled, today=today)))
    key = press.of(request, user)
    first = press.done(key)
    if first and not together.is_left_off(first, now):
        return _pressed_before(request, person, key, first.result)
    return _save(
        request, Shown(person, rows, now, today, WeekForm(request.POST, today=today), left_off=first)
    )


def _opened(request: HttpRequest, rows: Sequence[WeeklyHours], today: date) -> dict[str, Any]:
    """The week that holds on the asked day (`?from=2026-12-07`), and until when it does. By default that of today; of hours
    that hold for one day alone the week that comes after them, which is what people mean to change. `?none=2026-12-06`: no
    hours from today until then.
    """
    if last := _iso(request.GET.get("none", "")):
        return {"since": day_words(today), "last": day_words(max(last, today))}
    periods = weekly_hours.periods(rows, today)
    named = _iso(request.GET.get("from", ""))
    asked = max(today, named) if named else next(one.first for one in periods if one.last != one.first)
    period = next(one for one in reversed(periods) if one.first <= asked)
    return {"since": day_words(asked), "last": day_words(period.last) if period.last else ""} | typed(
        period.week
    )


def _iso(words: str) -> date | None:
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None


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
    """Save what hits nobody; otherwise ask first what is done with each, show what goes out, and then do all of it."""
    form, now, zone = shown.form, shown.now, clinic_of(request).zone
    if not form.is_valid():
        return _answer(request, shown)
    period = Period(form.cleaned_data["since"], form.cleaned_data["last"], form.week)
    after = weekly_hours.changed(shown.rows, period.week, period.first, period.last)
    if period.first > shown.today and set(after) == set(shown.rows) and not shown.left_off:
        return _nothing_changes(request, shown.person, period)
    if shown.left_off:
        shown.hit = hours.still_outside(shown.person.pk, posted(request.POST), after, now=now, zone=zone)
    else:
        shown.hit = hours.left_outside(shown.person.pk, shown.rows, after, now=now, zone=zone)
    do = request.POST.get("do", "save")
    # Whoever came to be outside since the page named them is named first, too.
    are_known = {str(row.pk) for row in shown.hit} <= set(request.POST.get("told", "").split())
    if not shown.hit or do == "quiet" and are_known:
        return _saved(request, shown, period, [])
    shown.answers = _answers(request, shown, after, now)
    if shown.answers is None or not (are_known and shown.answers.is_valid):
        return _answer(request, shown)
    if do == "see":
        return _answer(request, shown, "admin/bookings/week/mails.html")
    return _saved(request, shown, period, shown.answers.rows) if do == "tell" else _answer(request, shown)


def _answers(request: HttpRequest, shown: Shown, after: list[WeeklyHours], now: datetime) -> Answers | None:
    """What is done with everybody who is hit, with times inside the new hours; None for who may not answer requests."""
    if not cast(User, request.user).has_perms((VIEW, DECIDE)):
        return None
    rows = touched.among(
        Appointment.objects.filter(pk__in=[row.pk for row in shown.hit]),
        now,
        most=limits.lists.TOUCHED_AT_ONCE,
    )
    people = dict(Practitioner.objects.bookable().values_list("pk", "name"))
    place = Clinic(now, clinic_of(request))
    instead = Instead(rows, place, now, people, hours={shown.person.pk: after})
    return Answers(rows, instead, now, request.POST if "told" in request.POST else None)


def _saved(request: HttpRequest, shown: Shown, period: Period, rows: Sequence[Row]) -> HttpResponse:
    """Save the hours, then do what was chosen for each of the `rows`."""
    person, user, now = shown.person, cast(User, request.user), shown.now
    actor, words = Actor.staff(user, press.of(request, user)), f"Hours of {person} saved. {_days(period)}"
    try:
        if shown.left_off:
            made = together.go_on(shown.left_off, actor, now)
        else:
            made = together.save_hours(
                person,
                period.week,
                period.first,
                period.last,
                actor,
                now,
                today=shown.today,
                seen=request.POST.get("seen", ""),
                words=words,
            )
    except Refused as refusal:
        shown.form.add_error(None, ValidationError(refusal.message, code=refusal.code))
        shown.rows = hours.of_one(person.pk)
        return _answer(request, shown)
    except press.Twice:
        return _pressed_before(request, person, actor.press, "")
    answered = {row.key for row in rows}
    _tell(request, shown, period, [row for row in shown.hit if row.request_id not in answered])
    if rows and shown.answers:
        return _told(request, person, shown.answers.perform(actor, made))
    together.finish(made, actor, ())
    return SeeOther(reverse("admin:hours", args=[person.pk]))


def _told(request: HttpRequest, person: Practitioner, outcomes: list[Outcome]) -> HttpResponse:
    context = admin.site.each_context(request) | {"title": f"Hours of {person}: saved", "person": person}
    return render(request, "admin/bookings/week/done.html", context | {"outcomes": outcomes})


def _pressed_before(request: HttpRequest, person: Practitioner, key: str, result: str) -> HttpResponse:
    """The second press of a page does nothing, and says what the first one did. `result`: which Together it made."""
    if together.was_taken_back(result):
        messages.info(request, f"You have taken this back since: the hours of {person} are as they were.")
    elif request.POST.get("do") == "tell":
        return _told(request, person, by_first_press(request.POST, key))
    else:
        messages.info(request, f"Your first press has saved the hours of {person}.")
    return SeeOther(reverse("admin:hours", args=[person.pk]))


def _nothing_changes(request: HttpRequest, person: Practitioner, period: Period) -> HttpResponse:
    """A later first day of hours that hold already: the days before it keep them too, unless they are emptied."""
    url, before = reverse("admin:hours", args=[person.pk]), period.first - timedelta(days=1)
    words = (
        "Nothing is changed: {} works these hours already, and before {} too. To let them begin on that day, "
        '<a href="{}">have no hours until {}</a>.'
    )
    said = format_html(
        words, person, day_words(period.first), f"{url}?none={before:%Y-%m-%d}", day_words(before)
    )
    messages.warning(request, said)
    return SeeOther(url)


def _tell(request: HttpRequest, shown: Shown, period: Period, hit: Sequence[Appointment]) -> None:
    """Says what was saved and what holds until then, and notes it in the history of the practitioner."""
    person = shown.person
    words = f"{_days(period)}: {'; '.join(weekly_hours.lines(period.week)) or 'no hours'}."
    before = weekly_hours.lines(weekly_hours.week_on(shown.rows, period.first - timedelta(days=1)))
    stays = f" Until then as before: {'; '.join(before) or 'no hours'}." if period.first > shown.today else ""
    messages.success(request, f"The hours of {person} are saved. {words}{stays}")
    if hit:
        messages.warning(
            request,
            f"Outside them: {counted(hit)}. Booked visits stand under “Visits in doubt” until somebody moves, cancels or "
            "keeps them.",
        )
    site = cast(DeskSite, admin.site)
    site.get_model_admin(Practitioner).log_change(request, person, f"Hours {words}")


def _days(period: Period) -> str:
    if period.first == period.last:
        return f"On {day_words(period.first)} alone"
    until = f" until {day_words(period.last)}" if period.last else ""
    return f"From {day_words(period.first)}{until}"


def _carried(data: QueryDict) -> list[tuple[str, str]]:
    """What was typed into the grid, for the next page to bring along."""
    names = [name for name in data if name in ("since", "last", "seen", "told") or name.startswith("day")]
    return [(name, data.get(name, "")) for name in names]


def _answer(
    request: HttpRequest, shown: Shown, template: str = "admin/bookings/week/page.html"
) -> HttpResponse:
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
        "may_see": cast(User, request.user).has_perm(VIEW),
        "more": _more(shown),
        "waits": settings.UNDO_MINUTES,
        "told": " ".join(str(row.pk) for row in shown.hit),
        "hit_words": counted(shown.hit),
        "others": others,
        "may_change": cast(User, request.user).has_perm(CHANGES_WEEK),
        "has_none": not shown.rows,
    }
    if shown.answers is not None:
        context |= {
            "answers": shown.answers,
            "mails": list(shown.answers.mails()) if "mails" in template else (),
            "carried": _carried(request.POST),
        }
    return render(request, template, context)


def _more(shown: Shown) -> int:
    """How many clients are hit beside those with an answer of their own."""
    return len({row.request_id for row in shown.hit}) - len(shown.answers.rows) if shown.answers else 0


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
