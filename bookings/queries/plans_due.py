"""What plans want of the desk: to be written, to be asked about no longer, and their visits to be arranged.

One rule for the start page, which counts, and for the worklist, which lists.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

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
from bookings.queries import desk, plans
from bookings.queries.json_rows import first, number, sure
from bookings.states import AGAIN_FROM, OPEN, Status


@dataclass(frozen=True)
class Wanted:
    """Something that a plan wants. `request` is that of the consultation.

    `at`: when the visit was, or by when the answer is promised. `due`: of a visit to arrange, the day from which it may be.
    """

    request: int
    client: str
    at: datetime | None = None
    due: date | None = None


@dataclass(frozen=True)
class Plans:
    """The first few of each, with how many there are: visits without a plan, requests with a question, visits to arrange."""

    unwritten: list[Wanted]
    unwritten_number: int
    asked: list[Wanted]
    asked_number: int
    to_arrange: list[Wanted]
    to_arrange_number: int


_FEW = limits.lists.START_FEW


def columns(reader: int, since: datetime) -> dict[str, Any]:
    """For `annotate` of the start page's statement; `found` reads them."""
    visits, questions = unwritten(reader, since), asked()
    whose = ("plan__request_id", "plan__request__name", "due_at")
    return {
        "its_unwritten": first(
            visits.order_by("starts_at", "pk"), _FEW, "request_id", "request__name", "starts_at"
        ),
        "unwritten_number": number(visits, "request"),
        "its_asked": first(questions.order_by("due_at", "pk"), 3 * _FEW, *whose),
        "asked_number": number(questions, "plan__request"),
        "its_plan_visits": first(to_arrange().order_by("due_on", "pk"), _FEW, "follows_id", "name", "due_on"),
        "plan_visits_number": number(to_arrange()),
    }


def found(row: Any) -> Plans:
    """What `columns` brought."""
    days = sorted(row.its_plan_visits, key=lambda one: one[2])
    return Plans(
        unwritten=_by_request(row.its_unwritten),
        unwritten_number=row.unwritten_number,
        asked=_by_request(row.its_asked),
        asked_number=row.asked_number,
        to_arrange=[Wanted(key, client, due=date.fromisoformat(day)) for key, client, day in days],
        to_arrange_number=row.plan_visits_number,
    )


def _by_request(rows: list[list[Any]]) -> list[Wanted]:
    """One for each request, the earliest first."""
    earliest: dict[int, Wanted] = {}
    for request, client, at in sorted(rows, key=lambda row: sure(row[2])):
        earliest.setdefault(request, Wanted(request, client, sure(at)))
    return list(earliest.values())[:_FEW]


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

# Visits of plans whose day has come near, and for which nobody has booked or offered a time; and those that lost theirs.
TO_ARRANGE = _MAY_WAIT & (Q(desk.AWAKE, status=Status.NEW) | plans.AGAIN)


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


def kinds_of_unbooked(requests: Collection[int]) -> dict[int, list[str]]:
    """The kinds of those sessions by the request of the consultation, each once, by their days: one statement."""
    rows = _UNBOOKED.filter(follows__in=requests).order_by("due_on", "pk")
    found: dict[int, list[str]] = {}
    for request, kind in rows.values_list("follows", "consultation_type__name"):
        kinds = found.setdefault(request or 0, [])
        if kind not in kinds:
            kinds.append(kind)
    return found


_UNBOOKED = ConsultationRequest.objects.filter(
    _MAY_WAIT, Q(status__in=OPEN) | plans.AGAIN, follows__isnull=False
)


def to_arrange() -> QuerySet[ConsultationRequest]:
    return ConsultationRequest.objects.filter(TO_ARRANGE)
