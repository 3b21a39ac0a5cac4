"""What plans want of the desk: to be written, to be asked about no longer, and their visits to be arranged.

One rule for the start page, which counts, and for the worklist, which lists.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from bookings import limits
from bookings.models import (
    Appointment,
    ConsultationRequest,
    ConsultationType,
    Plan,
    PlanQuestion,
    Practitioner,
)
from bookings.queries import desk, first_day, plans
from bookings.queries.json_rows import first, number, sure
from bookings.states import AGAIN_FROM, OPEN, Status


@dataclass(frozen=True)
class Wanted:
    """Something that a plan wants. `request` is that of the consultation.

    `at`: when the visit was, or by when the answer is promised. `due`: of a visit to arrange, the day from which it may be.
    `question`: the key of what they asked. `status`: of a visit that is to be had again.
    """

    request: int
    client: str
    at: datetime | None = None
    due: date | None = None
    question: int = 0
    status: str = ""


@dataclass(frozen=True)
class Plans:
    """The first few of each, with how many there are: visits without a plan, requests with a question, visits to arrange;
    and those that lost their time, which nobody books before their client has been asked.
    """

    unwritten: list[Wanted]
    unwritten_number: int
    asked: list[Wanted]
    asked_number: int
    to_arrange: list[Wanted]
    to_arrange_number: int
    again: list[Wanted]
    again_number: int


_FEW = limits.lists.START_FEW


def columns(reader: int, since: datetime) -> dict[str, Any]:
    """For `annotate` of the start page's statement; `found` reads them."""
    visits, questions = unwritten(reader, since), asked()
    whose = ("plan__request_id", "plan__request__name", "due_at", "pk")
    next_due = to_arrange().order_by("due_on", "pk")
    around = ConsultationRequest.objects.filter(follows__in=next_due.values("follows")[:_FEW])
    return {
        "its_unwritten": first(
            visits.order_by("starts_at", "pk"), _FEW, "request_id", "request__name", "starts_at"
        ),
        "unwritten_number": number(visits, "request"),
        "its_asked": first(questions.order_by("due_at", "pk"), 3 * _FEW, *whose),
        "asked_number": number(questions, "plan__request"),
        "its_plan_visits": first(next_due, _FEW, "follows_id", "name", "due_on", "pk"),
        "its_courses": first_day.beside(around),
        "plan_visits_number": number(to_arrange()),
        "its_again": first(
            to_have_again().order_by("due_on", "pk"), _FEW, "follows_id", "name", "due_on", "status"
        ),
        "again_number": number(to_have_again()),
    }


def found(row: Any, zone: ZoneInfo) -> Plans:
    """What `columns` brought."""
    firsts = first_day.read(row.its_courses, zone)
    visits = [
        Wanted(request, client, due=firsts.get(key) or date.fromisoformat(day))
        for request, client, day, key in row.its_plan_visits
    ]
    return Plans(
        unwritten=_by_request(row.its_unwritten),
        unwritten_number=row.unwritten_number,
        asked=_by_request(row.its_asked),
        asked_number=row.asked_number,
        to_arrange=sorted(visits, key=lambda one: one.due or date.max),
        to_arrange_number=row.plan_visits_number,
        again=_again(row.its_again),
        again_number=row.again_number,
    )


def _by_request(rows: list[list[Any]]) -> list[Wanted]:
    """One for each request, the earliest first."""
    earliest: dict[int, Wanted] = {}
    for request, client, at, *question in sorted(rows, key=lambda row: sure(row[2])):
        earliest.setdefault(request, Wanted(request, client, sure(at), question=next(iter(question), 0)))
    return list(earliest.values())[:_FEW]


def _again(rows: list[list[Any]]) -> list[Wanted]:
    """One for each client, the earliest day first."""
    earliest: dict[int, Wanted] = {}
    for request, client, _, status in sorted(rows, key=lambda row: str(row[2])):
        earliest.setdefault(request, Wanted(request, client, status=status))
    return list(earliest.values())


def unwritten(reader: int, since: datetime) -> QuerySet[Appointment]:
    """Consultations that began since then (UTC), to which the client came, and after which no plan was sent.

    For whoever practises (`reader`, a key of the staff) their own; for everybody else all of them.
    """
    practising = Practitioner.objects.filter(user=reader, is_active=True)
    sent = Plan.objects.told().filter(request=OuterRef("request"))
    return Appointment.objects.booked().filter(
        ~Exists(sent),
        ~Q(Exists(practising)) | Q(practitioner__in=practising),
        starts_at__gte=since,
        consultation_type__purpose=ConsultationType.Purpose.CONSULTATION,
        request__status=Status.ATTENDED,
        request__erased_at=None,
    )


def asked() -> QuerySet[PlanQuestion]:
    """Questions about plans that nobody has answered."""
    return PlanQuestion.objects.filter(replied_at=None, plan__request__erased_at=None)


def to_write(reader: int, since: datetime) -> Q:
    """Requests with a visit that is `unwritten`."""
    return Q(Exists(unwritten(reader, since).filter(request=OuterRef("pk"))))


def to_answer() -> Q:
    """Requests whose client asked about their plan and has no answer yet."""
    return Q(Exists(asked().filter(plan__request=OuterRef("pk"))))


# Said beside what they wait for, so that the database reads their own index (`sessions_to_arrange`): the rest of it asks for
# the plan, which no index knows.
_MAY_WAIT = Q(session_of__isnull=False, erased_at=None, status__in=(*OPEN, *AGAIN_FROM))

# Visits of plans whose day has come near, and for which nobody has booked or offered a time.
TO_ARRANGE = _MAY_WAIT & Q(desk.AWAKE, status=Status.NEW)
# And those that lost theirs: their client is asked before one of them is booked.
TO_HAVE_AGAIN = _MAY_WAIT & plans.AGAIN


def unbooked() -> QuerySet[ConsultationRequest, Any]:
    """Every session of a plan that is not booked, asleep or not, by the request of the consultation: `follows` with its
    reference, name and phone, the `number` of them that wait for a time, how many more are to be had `again` (nobody books
    these before the client asks), and `due`, the first day of the next that waits. The next due first.
    """
    rows = _UNBOOKED.order_by().values("follows", "follows__reference", "follows__name", "follows__phone")
    again = Count("pk", filter=Q(status__in=AGAIN_FROM))
    waits = Q(status__in=OPEN)
    due = Coalesce(Min("due_on", filter=waits), Min("due_on"))
    return rows.annotate(number=Count("pk", filter=waits), again=again, due=due).order_by("due", "follows")


@dataclass
class Unbooked:
    """Of one client: the kinds of those sessions, each once, by their days; and the first day of the next, which is later
    than the plan has it where a visit before it is booked so late.
    """

    kinds: list[str]
    due: date | None = None


def more_of_unbooked(requests: Collection[int], zone: ZoneInfo) -> dict[int, Unbooked]:
    """The same sessions by the request of the consultation: two statements."""
    rows = _UNBOOKED.filter(follows__in=requests).order_by("due_on", "pk")
    firsts = first_day.within(ConsultationRequest.objects.filter(follows__in=requests), zone)
    found: dict[int, Unbooked] = {}
    waiting: dict[int, list[date]] = {}
    for request, key, status, kind in rows.values_list("follows", "pk", "status", "consultation_type__name"):
        one = found.setdefault(request or 0, Unbooked([]))
        if kind not in one.kinds:
            one.kinds.append(kind)
        if status in OPEN and key in firsts:
            waiting.setdefault(request or 0, []).append(firsts[key])
    for request, days in waiting.items():
        found[request].due = min(days)
    return found


_UNBOOKED = ConsultationRequest.objects.filter(
    _MAY_WAIT, Q(status__in=OPEN) | plans.AGAIN, follows__isnull=False
)


def to_arrange() -> QuerySet[ConsultationRequest]:
    return ConsultationRequest.objects.filter(TO_ARRANGE)


def to_have_again() -> QuerySet[ConsultationRequest]:
    return ConsultationRequest.objects.filter(TO_HAVE_AGAIN)
