"""Closing time: five lines, each with the list of just what it counts."""

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
from bookings.desk_site import IN_DOUBT, VIEW, clinic_of, numbers_of
from bookings.queries import closing
from bookings.queries.clinic import Clinic
from bookings.queries.closing import CLINICIAN, FRONT_DESK, HOLD, OFFER, OVER, PROMISE, Closing
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
    found = closing.read(until, now)
    context = desk_site().each_context(request) | {
        "title": "Closing time",
        "until": when.short(until, profile.zone),
        "drawn_at": when.digits(now, profile.zone),
        "lines": lines(found, until, now, numbers_of(request).in_doubt),
    }
    return render(request, "admin/bookings/day/closing.html", context)


def lines(found: Closing, until: datetime, now: datetime, in_doubt: int) -> list[Line]:
    """In the order in which they hurt."""
    moment, before = (f"{one.astimezone(UTC):%Y-%m-%dT%H:%M}Z" for one in (until, now))
    owners = [
        Line(one.number, one.name or "nobody", _list(tab="new", assigned=one.key or "nobody"))
        for one in found.owners
    ]
    whom = [
        Line(found.for_clinician, "for a clinician", _list(tab="new", turn=CLINICIAN)),
        Line(found.for_desk, "for the front desk", _list(tab="new", turn=FRONT_DESK)),
    ]
    waiting = found.for_clinician + found.for_desk
    outbox = f"{reverse('admin:bookings_message_changelist')}?tab=failed"
    return [
        _promises(found, moment, before),
        *_visits(found, in_doubt, before),
        Line(
            waiting,
            _plural(waiting, "request waits for us", "requests wait for us"),
            _list(tab="new"),
            [("For whom", [part for part in whom if part.number]), ("Who has them", owners)]
            if waiting
            else [],
        ),
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
        Line(found.failed, _plural(found.failed, "mail did not arrive", "mails did not arrive"), outbox),
    ]


def _promises(found: Closing, moment: str, before: str) -> Line:
    """What is broken already is told from what would break."""
    already = Line(found.broken, "broken already", _list(tab="new", before=f"{PROMISE}@{before}"))
    to_break = Line(found.promises - found.broken, "to break", "")
    words = _plural(found.promises, "reply promise is broken by then", "reply promises are broken by then")
    url = _list(tab="new", before=f"{PROMISE}@{moment}")
    return Line(found.promises, words, url, [("", [already, to_break])] if found.broken else [])


def _visits(found: Closing, in_doubt: int, before: str) -> list[Line]:
    """What is to be settled with visits before anybody goes home."""
    doubt = _plural(in_doubt, "visit is in doubt", "visits are in doubt")
    over = _plural(found.unmarked, "visit is over and not marked", "visits are over and not marked")
    return [
        Line(in_doubt, doubt, _list(tab="all", flag=IN_DOUBT)),
        Line(found.unmarked, over, _list(tab="all", before=f"{OVER}@{before}")),
    ]


def _list(**asked: object) -> str:
    return f"{reverse('admin:bookings_consultationrequest_changelist')}?{urlencode(asked)}"


def _plural(number: int, one: str, many: str) -> str:
    return one if number == 1 else many


desk_site().add_page("closing/", page, "closing")
