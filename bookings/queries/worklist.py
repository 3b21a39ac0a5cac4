"""One page of the worklist: its rows in one statement, and what stands in each. Filters and tabs say which rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)

from bookings import limits, wording
from bookings.models import (
    Appointment,
    ConsultationRequest,
    ContactBy,
    Event,
    Message,
    SupportNeeds,
    WishWindow,
)
from bookings.queries import desk, first_day, off, presence
from bookings.queries.desk import Promise, Tab
from bookings.queries.json_rows import json_rows, sure
from bookings.states import LIVE, OPEN, Status
from clinic.foundation import when
from clinic.foundation.prepared import Prepared
from content.models import Concern

# Marks that a row shows; how many more there are stands after them. The request's page has all.
MARKS = 2
# What somebody is owed who is not only mailed, by the way that they chose.
TO_RING, TO_TEXT = "Call to make", "Text to send"
CONCERNS = 2


@dataclass(frozen=True)
class Row:
    """What stands in a row, whose cells are two lines each. `marks` are (style, words), the most pressing first."""

    pk: int
    version: int
    reference: str
    name: str
    status: str
    state: str
    arrived: str
    about: str
    marks: list[tuple[str, str]]
    more_marks: int
    asked: str
    asked_more: str
    phone: str  # to ring or text now; empty where nobody need
    by_text: bool
    promise: Promise
    owner: str
    looking: str

    @property
    def picked(self) -> str:
        """The request and the version that the page shows, as the tick box of the row sends it."""
        return f"{self.pk}.{self.version}"


Rows = QuerySet[ConsultationRequest]


def page(
    consultations: Rows,
    ordered: Callable[[Rows], Rows],
    first: int,
    number: int,
    now: datetime,
    since: datetime,
    zone: ZoneInfo,
) -> QuerySet[Any]:
    """So many rows of a query from `first` on, each with everything that its line shows: one statement.

    `since` is presence.shown_since(now). `ordered` puts rows into their order. `found` of each is how many the whole query
    holds. What the lines show is read for these rows alone, however many there are before and after them.
    """
    counted = (
        consultations.order_by().annotate(one=Value(1)).values("one").annotate(n=Count("pk")).values("n")
    )
    these = ordered(consultations).values("pk")[first : first + number]
    rows = ordered(ConsultationRequest.objects.filter(pk__in=these))
    found: QuerySet[Any] = _with_all(rows, now, since, zone).annotate(found=Subquery(counted))
    return found


def first_of_tab(tab: Tab, now: datetime, zone: ZoneInfo) -> list[Any]:
    """The first page of a tab in its own order, as it is opened most often: one statement, which is put together once."""
    return list(OF_TAB.models((now, presence.shown_since(now)), (tab, zone)))


def of_tab(given: tuple[datetime, datetime], fixed: tuple[Tab, ZoneInfo]) -> QuerySet[Any]:
    """What `page` makes of a tab without any filter."""
    (now, since), (tab, zone) = given, fixed
    whole = desk.with_visit(ConsultationRequest.objects.filter(desk.in_tab(tab)))
    size = limits.lists.WORKLIST_ROWS
    return page(whole, lambda rows: desk.in_order(desk.with_visit(rows), tab), 0, size, now, since, zone)


OF_TAB = Prepared(of_tab)


def _with_all(rows: Rows, now: datetime, since: datetime, zone: ZoneInfo) -> QuerySet[Any]:
    mine, pk = OuterRef("pk"), OuterRef("pk")
    occupying = Appointment.objects.filter(request=pk).occupying()
    last = Event.objects.filter(request=mine, version=OuterRef("version")).order_by()
    joined: QuerySet[Any] = rows.select_related("assigned_to", "wished_practitioner")
    whole: QuerySet[Any] = joined.only(*_COLUMNS).annotate(
        its_concerns=json_rows(Concern.objects.filter(requests=mine), "order", "name"),
        its_windows=json_rows(WishWindow.objects.filter(request=mine), "pk", "weekday", "part"),
        its_times=json_rows(occupying, "starts_at", "state", "is_offer", "held_until", "practitioner__name"),
        its_tags=json_rows(
            ConsultationRequest.tags.through.objects.filter(consultationrequest=mine), "tag__name"
        ),
        its_lookers=presence.lookers(since),
        its_course=first_day.beside(ConsultationRequest.objects.filter(follows=OuterRef("follows"))),
        last_verb=Subquery(last.values("verb")[:1]),
        to_ring=Exists(
            Message.objects.filter(request=mine, state=Message.State.TO_CALL, not_before__lte=now)
        ),
        mail_failed=Exists(Message.objects.filter(request=mine, state=Message.State.FAILED)),
        needs_support=Exists(SupportNeeds.objects.filter(request=mine)),
        is_in_doubt=Exists(off.in_doubt(now, zone).filter(request=mine)),
        has_time_in_doubt=Exists(off.times_in_doubt(now, zone).filter(request=mine)),
        same_person=ExpressionWrapper(_shared("mailbox") | _shared("phone_search"), BooleanField()),
    )
    return whole


# What `line` reads of a request and of what is joined to it; anything else would be one statement more for each row.
_COLUMNS = (
    *("reference", "status", "version", "created_at", "name", "phone", "contact_by", "phone_only"),
    *("urgent", "same_day_call", "needs_clinician", "calls_tried", "called_at", "wished_start"),
    *("promise_due_at", "promise_minutes_left", "offer_expires_at", "answer_due_at"),
    *("session_number", "due_on"),
    *("assigned_to__username", "assigned_to__first_name", "assigned_to__last_name"),
    "wished_practitioner__name",
)


def _shared(column: str) -> Q:
    """Whether another live request has the same in this column. Who gave no phone is not asked: many have none."""
    others = ConsultationRequest.objects.filter(**{column: OuterRef(column)}, status__in=LIVE)
    return ~Q(**{column: ""}) & Q(Exists(others.exclude(pk=OuterRef("pk"))))


def line(consultation: Any, reader: int, now: datetime, zone: ZoneInfo) -> Row:
    """A row of `page` in words. `reader` is who looks: they are not told that they are here."""
    marks = list(_marks(consultation))
    asked, more = _asked(consultation, now, zone)
    rings = consultation.status in OPEN and (
        consultation.urgent or consultation.same_day_call or consultation.mail_failed or consultation.to_ring
    )
    return Row(
        pk=consultation.pk,
        version=consultation.version,
        reference=consultation.reference,
        name=consultation.name,
        status=consultation.status,
        state=_STATES.get(consultation.status, consultation.state.words),
        arrived=_arrived(consultation.created_at, now, zone),
        about=_about(consultation),
        marks=marks[:MARKS],
        more_marks=len(marks[MARKS:]),
        asked=asked,
        asked_more=more,
        phone=consultation.phone if rings else "",
        by_text=consultation.wants_text and not consultation.must_be_rung,
        promise=_promise(consultation, now, zone),
        owner=_name(consultation.assigned_to) if consultation.assigned_to else "",
        looking=presence.words(consultation, reader),
    )


# A narrow column's words for some states.
_STATES = {Status.WAITING: "Waiting", Status.SUSPECTED: "Suspected", Status.NO_SHOW: "Did not come"}


def _name(user: Any) -> str:
    return str(user.get_full_name() or user.get_username())


def _arrived(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """'08:40' for today, 'Thu 19 Nov' before."""
    if when.same_day(moment, now, zone):
        return when.digits(moment, zone)
    return when.short(moment, zone).rsplit(" ", 1)[0]


def _about(consultation: Any) -> str:
    """'Ice pick, rolling, +5'."""
    names = [name.removesuffix(" scars") for _, name in sorted(consultation.its_concerns)]
    if not names:
        return "Not sure, or something else"
    rest = len(names) - CONCERNS
    shown = [names[0], *(name[:1].lower() + name[1:] for name in names[1:CONCERNS])]
    return ", ".join([*shown, *([f"+{rest}"] if rest > 0 else [])])


def _marks(consultation: Any) -> Any:
    """(style, words), the most pressing first; never the reason of a flag."""
    live = consultation.status in LIVE
    tags = sorted(name for (name,) in consultation.its_tags)
    told = live or consultation.status == Status.ATTENDED  # what a client says to the plan
    news = wording.of(consultation.last_verb).news if told and consultation.last_verb else ""
    raised = (
        (consultation.urgent, "urgent", "Urgent"),
        (consultation.same_day_call, "call", "Spoken with" if consultation.was_reached else "Call today"),
        (consultation.mail_failed and live, "bad", "Mail failed"),
        (consultation.to_ring, "bad missed", TO_TEXT if consultation.wants_text else TO_RING),
        (live and consultation.calls_tried, "bad missed", _tried(consultation.calls_tried)),
        (consultation.is_in_doubt, "off", "Visit in doubt"),
        (consultation.has_time_in_doubt, "off", "Time in doubt"),
        (news, "news", news),
        (consultation.needs_clinician, "clinician", "Clinician"),
        (live and consultation.needs_support, "need", "Support needed"),
        (live and consultation.same_person, "same", "Same person"),
    )
    yield from ((style, words) for flag, style, words in raised if flag)
    yield from (("tag", name) for name in tags)


def _tried(number: int) -> str:
    """'Rang twice, no answer'."""
    times = {1: "once", 2: "twice"}.get(number, f"{number} times")
    return f"Rang {times}, no answer"


# How to reach them, where it is not by mail.
_REACH = {ContactBy.PHONE: "phone first", ContactBy.TEXT: "text first"}


def _asked(consultation: Any, now: datetime, zone: ZoneInfo) -> tuple[str, str]:
    """The visit; else the offered times; else the wished time and whether it is held; else the first window."""
    times = sorted(consultation.its_times)
    booked = [row for row in times if row[1] == Appointment.State.BOOKED]
    if booked:
        proposed = [
            f"{when.short(sure(row[0]), zone)} proposed" for row in times if row[2] and row not in booked
        ]
        return when.short(sure(booked[0][0]), zone), ", ".join([*proposed, f"with {booked[0][4]}"])
    if consultation.status == Status.OFFERED:
        offered = [when.short(sure(row[0]), zone) for row in times if row[2]]
        return f"{len(offered)} time{'s' if len(offered) != 1 else ''} offered", ", ".join(offered)
    first = "phone only" if consultation.phone_only else _REACH.get(consultation.contact_by, "")
    reach = first if consultation.status in LIVE else ""
    if consultation.session_number and consultation.due_on:
        begins = first_day.read(consultation.its_course, zone).get(consultation.pk, consultation.due_on)
        return f"Visit {consultation.session_number} of a plan", f"from {when.date_words(begins)} on"
    if consultation.wished_start is None:
        windows = sorted(consultation.its_windows)  # by their keys
        shown = [_window(day, part) for _, day, part in windows[:1]]
        shown += [f"+{len(windows) - 1}"] if len(windows) > 1 else []
        return " ".join(shown) or "Any time", reach or "no time picked"
    held = next((row for row in times if not row[2] and row[3] and sure(row[3]) > now), None)
    wished = consultation.wished_practitioner
    parts = [held[4] if held else wished.name if wished else "anyone"]
    if consultation.status == Status.NEW:
        parts.append(f"held to {_near(sure(held[3]), now, zone)}" if held else "not held")
    parts += [reach] if reach else []
    return when.short(consultation.wished_start, zone), ", ".join(parts)


def _window(weekday: int | None, part: str) -> str:
    """'Thursday, evening'."""
    return str(WishWindow(weekday=weekday, part=part))


def _near(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """'13:05' for today, 'Thu 26 Nov 12:00' otherwise."""
    return when.digits(moment, zone) if when.same_day(moment, now, zone) else when.short(moment, zone)


def _promise(consultation: Any, now: datetime, zone: ZoneInfo) -> Promise:
    """As the request's page says it; but who must be rung now is to be rung now, whatever time is left."""
    if consultation.status == Status.NEW and consultation.must_be_rung:
        late = consultation.promise_due_at is not None and consultation.promise_due_at < now
        return Promise("over", "Call now", "overdue" if late else "today")
    if consultation.status == Status.OFFERED and consultation.offer_expires_at:
        return Promise("pause", "Offer ends", _near(consultation.offer_expires_at, now, zone))
    return desk.promise(consultation, now, zone)
