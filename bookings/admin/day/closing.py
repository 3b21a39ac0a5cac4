"""Closing time: what must be done before anybody goes home and what can wait, each line with the list of what it counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from bookings.admin.day.page import desk_site
from bookings.admin.decide import may
from bookings.desk_site import (
    COME_BACK,
    IN_DOUBT,
    TIMES_IN_DOUBT,
    TO_CALL,
    VIEW,
    clinic_of,
    numbers_of,
)
from bookings.queries import closing, rail
from bookings.queries.clinic import Clinic
from bookings.queries.closing import CALL, CLINICIAN, FRONT_DESK, HOLD, OFFER, OVER, PROMISE, Closing
from clinic.foundation import when


@dataclass(frozen=True, slots=True)
class Line:
    """A number, what it counts and the list of it; `splits` are ways to part it: what each goes by, and its parts, which
    have lists of their own.
    """

    number: int
    words: str
    url: str
    splits: list[tuple[str, list[Line]]] = field(default_factory=list)


@may(VIEW)
def page(request: HttpRequest) -> HttpResponse:
    now, profile = timezone.now(), clinic_of(request)
    until = closing.morning(Clinic(now, profile), now)
    must, may_wait = lines(closing.read(until, now), until, now, numbers_of(request))
    is_tomorrow = when.local_day(until, profile.zone) == when.local_day(now, profile.zone) + when.DAY
    context = desk_site().each_context(request) | {
        "title": "Closing time",
        "until": when.short(until, profile.zone),
        "night": "tomorrow" if is_tomorrow else when.short(until, profile.zone),
        "drawn_at": when.digits(now, profile.zone),
        "must": must,
        "may_wait": may_wait,
        "left": [f"{line.number} {line.words}" for line in must if line.number],
    }
    return render(request, "admin/bookings/day/closing.html", context)


def lines(
    found: Closing, until: datetime, now: datetime, counts: rail.Counts
) -> tuple[list[Line], list[Line]]:
    """What must be done today, calls first and then in the order in which it hurts; and what can wait."""
    moment, before = (f"{one.astimezone(UTC):%Y-%m-%dT%H:%M}Z" for one in (until, now))
    outbox = f"{reverse('admin:bookings_message_changelist')}?tab=failed"
    failed = counts.failed_messages
    must = [
        _calls(found, counts.to_ring, before),
        _promises(found, moment, before),
        _flagged(IN_DOUBT, counts.in_doubt, "visit is in doubt", "visits are in doubt"),
        _flagged(
            TIMES_IN_DOUBT,
            counts.times_in_doubt,
            "request has a time in doubt",
            "requests have a time in doubt",
        ),
        Line(
            found.unmarked,
            _plural(found.unmarked, "visit is over and not marked", "visits are over and not marked"),
            _list(tab="all", before=f"{OVER}@{before}"),
        ),
        _flagged(COME_BACK, counts.come_back, "request comes back today", "requests come back today"),
        Line(failed, _plural(failed, "mail did not arrive", "mails did not arrive"), outbox),
    ]
    may_wait = [
        _waiting(found),
        Line(
            found.offers,
            _plural(found.offers, "offer ends", "offers end"),
            _list(tab="all", before=f"{OFFER}@{moment}"),
        ),
        Line(
            found.holds,
            _plural(found.holds, "hold ends", "holds end"),
            _list(tab="all", before=f"{HOLD}@{moment}"),
        ),
    ]
    return must, may_wait


def _flagged(flag: str, number: int, one: str, many: str) -> Line:
    """A line of the menu, and its list."""
    return Line(number, _plural(number, one, many), _list(tab="all", flag=flag))


def _calls(found: Closing, number: int, before: str) -> Line:
    """All calls, as the menu counts them; those that must happen now have a list of their own."""
    at_once = Line(found.calls, "must happen now", _list(tab="all", before=f"{CALL}@{before}"))
    words, url = _plural(number, "call to make", "calls to make"), _list(tab="all", flag=TO_CALL)
    return Line(number, words, url, [("Of them", [at_once])] if found.calls else [])


def _waiting(found: Closing) -> Line:
    owners = [
        Line(one.number, one.name or "nobody", _list(tab="new", assigned=one.key or "nobody"))
        for one in found.owners
    ]
    whom = [
        Line(found.for_clinician, "for a clinician", _list(tab="new", turn=CLINICIAN)),
        Line(found.for_desk, "for the front desk", _list(tab="new", turn=FRONT_DESK)),
    ]
    waiting = found.for_clinician + found.for_desk
    words = _plural(waiting, "request waits for us", "requests wait for us")
    parts = [("For whom", [part for part in whom if part.number]), ("Who has them", owners)]
    return Line(waiting, words, _list(tab="new"), parts if waiting else [])


def _promises(found: Closing, moment: str, before: str) -> Line:
    """What is broken already is told from what would break."""
    already = Line(found.broken, "broken already", _list(tab="new", before=f"{PROMISE}@{before}"))
    to_break = Line(found.promises - found.broken, "to break", "")
    words = _plural(found.promises, "reply promise is broken by then", "reply promises are broken by then")
    url = _list(tab="new", before=f"{PROMISE}@{moment}")
    return Line(found.promises, words, url, [("", [already, to_break])] if found.broken else [])


def _list(**asked: object) -> str:
    return f"{reverse('admin:bookings_consultationrequest_changelist')}?{urlencode(asked)}"


def _plural(number: int, one: str, many: str) -> str:
    return one if number == 1 else many


desk_site().add_page("closing/", page, "closing")
