"""The desk's reads: tabs, search, one line of the worklist in words."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import reduce
from operator import and_
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import (
    Case,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce

from bookings import limits
from bookings.models import Appointment, ConsultationRequest, Message, windows_in_words
from bookings.queries import off
from bookings.states import CLOSED, OPEN, Status
from clinic.foundation import when
from clinic.foundation.has_word import HasWord
from clinic.foundation.prepared import Prepared
from clinic.foundation.text import name_words, searchable

SETTLED = (Status.ATTENDED, Status.NO_SHOW)


# --- tabs -------------------------------------------------------------------------------------------------------------


# Not a session of a plan whose day is still far ahead: that waits for nobody (docs/states.md, Plans).
AWAKE = Q(sleeps_until=None)


class Tab(StrEnum):
    """The tabs of the worklist, in order; the first is the default. Visits stand on the day sheet and in the calendar."""

    OPEN = "open"
    NEW = "new"
    WAITING = "waiting"
    OFFERED = "offered"
    CLOSED = "closed"
    SUSPECTED = "suspected"

    @property
    def words(self) -> str:
        named = {Tab.OPEN: "All open", Tab.WAITING: "Waiting for client", Tab.SUSPECTED: "Suspected spam"}
        return named.get(self, self.value.capitalize())


def with_visit(consultations: QuerySet[ConsultationRequest]) -> QuerySet[ConsultationRequest]:
    """The same requests, each with `visit_at`: when its booked visit begins, or None."""
    booked = Appointment.objects.booked().filter(request=OuterRef("pk")).order_by().values("starts_at")[:1]
    return consultations.annotate(visit_at=Subquery(booked))


def in_tab(tab: Tab) -> Q:
    """Which requests belong to a tab."""
    match tab:
        case Tab.OPEN:
            return Q(AWAKE, status__in=OPEN)
        case Tab.NEW:
            return Q(AWAKE, status=Status.NEW)
        case Tab.WAITING | Tab.OFFERED | Tab.SUSPECTED:
            return Q(status=tab.value)
        case Tab.CLOSED:
            return Q(status__in=(*CLOSED, *SETTLED))


def unmarked(now: datetime, zone: ZoneInfo) -> Q:
    """Of `with_visit`: booked visits from earlier days that nobody has marked as attended or missed."""
    midnight, _ = when.day_bounds(when.local_day(now, zone), zone)
    return Q(status=Status.CONFIRMED, visit_at__lt=midnight)


def in_doubt(now: datetime, zone: ZoneInfo) -> Q:
    """Requests with a booked visit in doubt."""
    return Q(pk__in=off.in_doubt(now, zone).order_by().values("request"))


def times_in_doubt(now: datetime, zone: ZoneInfo) -> Q:
    """Requests with an offered or held time that can no longer be booked."""
    return Q(pk__in=off.times_in_doubt(now, zone).order_by().values("request"))


def to_ring(now: datetime) -> Q:
    """Requests with a call to make: something is owed by now to somebody who is not to be mailed."""
    owed = Message.objects.filter(request=OuterRef("pk"), state=Message.State.TO_CALL, not_before__lte=now)
    return Q(Exists(owed))


def to_call(now: datetime) -> Q:
    """Requests whose client is to be rung: pressing and not spoken with yet, or something is owed to them by phone."""
    cannot_wait = ConsultationRequest.objects.filter(pressing())
    owed = Message.objects.filter(state=Message.State.TO_CALL, not_before__lte=now, request__isnull=False)
    # Two short lists of keys, each by an index; as one condition it would be asked of every request there is.
    keys = cannot_wait.order_by().values("pk").union(owed.order_by().values("request"))
    return Q(pk__in=keys)


def pressing() -> Q:
    """Open requests that are urgent or to be called the same day, whom nobody has spoken with yet."""
    spoken = Q(called_at__isnull=False, calls_tried=0)
    return Q(Q(urgent=True) | Q(same_day_call=True), ~spoken, status__in=OPEN)


def to_come_back(today: date) -> Q:
    """Requests that somebody meant to come back to, today (the clinic's own day) or before."""
    return Q(follow_up_on__lte=today)


def first_to_answer(reader: int, this: int) -> list[tuple[int, str]]:
    """Key and name of the first new requests, in the order of the list: those that a member of staff (by key) or nobody has,
    and one (by key) whoever has it. One statement.
    """
    return list(TO_ANSWER.rows((reader, this), limits.lists.NEXT_IN_LIST_ROWS))


def to_answer(given: tuple[int, int], most: int) -> QuerySet[Any, Any]:
    reader, this = given
    free = Q(assigned_to=None) | Q(assigned_to=reader) | Q(pk=this)
    new = ConsultationRequest.objects.filter(free, in_tab(Tab.NEW))
    return in_order(new, Tab.NEW).values_list("pk", "name")[:most]


TO_ANSWER = Prepared(to_answer)  # asked after every answer


def in_order(consultations: QuerySet[ConsultationRequest], tab: Tab | None) -> QuerySet[ConsultationRequest]:
    """In the order in which to do them: urgent, calls today, then by promise, by deadline; closed ones newest first."""
    deadline = Coalesce("offer_expires_at", "answer_due_at", output_field=DateTimeField()).asc(
        nulls_last=True
    )
    match tab:
        case Tab.OPEN | Tab.NEW:
            pressing = Case(When(urgent=True, then=0), When(same_day_call=True, then=1), default=2)
            return consultations.order_by(pressing, F("promise_due_at").asc(nulls_last=True), deadline, "pk")
        case Tab.WAITING | Tab.OFFERED:
            return consultations.order_by(deadline, "pk")
        case Tab.CLOSED:
            return consultations.order_by(F("closed_at").desc(nulls_last=True), "-pk")
        case _:
            return consultations.order_by("-created_at", "-pk")


def in_doubt_among(consultations: Collection[ConsultationRequest], now: datetime, zone: ZoneInfo) -> set[int]:
    """Which of these requests (keys) have a booked visit in doubt."""
    theirs = [consultation.pk for consultation in consultations if consultation.status == Status.CONFIRMED]
    if not theirs:
        return set()
    return set(off.in_doubt(now, zone).filter(request__in=theirs).values_list("request_id", flat=True))


# --- search -----------------------------------------------------------------------------------------------------------


def matching(term: str) -> Q:
    """Requests that `term` may mean: the beginning of each part of a name (with its own apostrophes and hyphens, others or
    none), of an e-mail address, a reference, or a phone number in any spacing (with or without its country)."""
    term = searchable(term)
    if not term:
        return Q()
    found = Q(reference=term.upper()) | Q(email_search__startswith=term.lower())
    words = name_words(term)
    if words:
        found |= reduce(and_, (Q(HasWord(F("name_search"), word)) for word in words))
    digits = phone_digits(term)
    return found | Q(phone_search__contains=digits) if digits else found


def phone_digits(term: str) -> str:
    """What a typed phone number and a stored one ("+441632960001") share; empty if the term is not a phone number.

    "01632 960 001", "+44 (0)1632 960001", "0044 1632960001" and "960001" all find the same person.
    """
    if not re.fullmatch(r"[\d\s()+./-]{4,}", term):
        return ""
    digits = re.sub(r"\D", "", term.replace("(0)", ""))
    return digits.lstrip("0") if len(digits) >= 4 else ""


# --- one line of the worklist -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Promise:
    """The age column: `level` is over, soon, pause or later; it never relies on colour alone."""

    level: str
    words: str
    more: str = ""


def promise(consultation: ConsultationRequest, now: datetime, zone: ZoneInfo) -> Promise:
    """How long the client still has to wait, or what we are waiting for, in words."""
    if consultation.status == Status.OFFERED and consultation.offer_expires_at:
        return Promise("pause", f"Offer ends {near(consultation.offer_expires_at, now, zone)}")
    if consultation.status == Status.WAITING:
        left = (
            f"Paused, {_span(consultation.promise_minutes_left)} left"
            if consultation.promise_minutes_left is not None
            else "Paused"
        )
        by = f"answer by {near(consultation.answer_due_at, now, zone)}" if consultation.answer_due_at else ""
        return Promise("pause", left, by)
    if consultation.status == Status.NEW and consultation.promise_due_at:
        return _running(consultation.promise_due_at, now, zone)
    return Promise("later", "Not started" if consultation.status == Status.SUSPECTED else "Answered")


def _running(due: datetime, now: datetime, zone: ZoneInfo) -> Promise:
    if due < now:
        late = int((now - due).total_seconds() // 60)
        return Promise("over", f"Overdue {_span(late)}", f"due {near(due, now, zone)}")
    if due - now <= limits.deadlines.PROMISE_SOON:
        left = int((due - now).total_seconds() // 60)
        return Promise("soon", f"{_span(left)} left", f"due {near(due, now, zone)}")
    left = int((due - now).total_seconds() // 60)
    return Promise("later", f"{_span(left)} left", f"due {near(due, now, zone)}")


def _span(minutes: int) -> str:
    """'12 min', '1 h 8 min', '7 h', '3 days': minutes only where they matter, so that a column of the worklist holds it."""
    if minutes >= 48 * 60:
        return f"{minutes // (24 * 60)} days"
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} h"] if hours else []
    if rest and hours < 3 or not hours:
        parts.append(f"{rest} min")
    return " ".join(parts)


def arrived(consultation: ConsultationRequest, now: datetime, zone: ZoneInfo) -> str:
    """'arrived today 09:05'."""
    return f"arrived {near(consultation.created_at, now, zone)}"


def near(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """'today 13:05', or 'Thu 26 Nov 12:00'."""
    is_today = when.same_day(moment, now, zone)
    return f"today {when.digits(moment, zone)}" if is_today else when.short(moment, zone)


@dataclass(frozen=True)
class WishLine:
    """The "asked for" column."""

    words: str
    more: str = ""


def asked_for(consultation: ConsultationRequest, now: datetime, zone: ZoneInfo) -> WishLine:
    """The visit, the offered times, the wished time and its hold, or the windows (both prefetched)."""
    appointments = list(consultation.appointments.all())
    booked = next((a for a in appointments if a.state == Appointment.State.BOOKED), None)
    if booked is not None:
        other = next((a for a in appointments if a.is_offer and is_live_hold(a, now)), None)
        asked = f"; {when.short(other.starts_at, zone)} proposed" if other else ""
        return WishLine(when.short(booked.starts_at, zone), f"with {booked.practitioner.name}{asked}")
    if consultation.status == Status.OFFERED:
        number = sum(1 for a in appointments if a.is_offer and a.state == Appointment.State.HELD)
        return WishLine(f"{number} time{'s' if number != 1 else ''} offered")
    if consultation.wished_start is not None:
        held = next((a for a in appointments if is_live_hold(a, now) and not a.is_offer), None)
        wished = consultation.wished_practitioner
        who = held.practitioner.name if held else wished.name if wished else "anyone"
        hold = (
            f", held until {near(held.held_until, now, zone)}" if held and held.held_until else ", not held"
        )
        return WishLine(
            when.short(consultation.wished_start, zone),
            who + (hold if consultation.status == Status.NEW else ""),
        )
    windows = "; ".join(windows_in_words((row.weekday, row.part) for row in consultation.windows.all()))
    return WishLine(windows or "Any time", "no time chosen")


def is_live_hold(appointment: Appointment, now: datetime) -> bool:
    """Held, and the hold has not run out."""
    held = appointment.state == Appointment.State.HELD
    return held and appointment.held_until is not None and appointment.held_until > now
