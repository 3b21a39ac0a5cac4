"""Plans after a visit, read: which one counts, what the rules have against one, and which sessions are due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Max, Q, QuerySet

from bookings import plan_rules
from bookings.models import (
    Appointment,
    ConsultationRequest,
    ConsultationType,
    Event,
    Plan,
    PlanLine,
    PlanQuestion,
    VisitQuestion,
)
from bookings.plan_rules import Found, Proposed
from bookings.queries import visits
from bookings.queries.clinic import Clinic
from bookings.states import (
    AGAIN_FROM,
    OPEN,
    PLAN_TABLE,
    UNANSWERS,
    LineAnswer,
    PlanOutcome,
    PlanStatus,
    Status,
    Who,
)
from clinic.foundation import when
from content.models import Treatment


def visit_of(consultation: ConsultationRequest) -> Appointment | None:
    """The visit that a plan follows: the one that was booked, with its practitioner."""
    return visits.booked_last(consultation)


def who_treats(consultation: ConsultationRequest, plan: Plan) -> str:
    """The name of whom they have seen, if that person gives every session of the plan; else empty. Two statements."""
    visit, kinds = visit_of(consultation), {line.kind_id for line in plan.lines.all() if line.kind_id}
    if visit is None or not kinds or not visit.practitioner.is_active:
        return ""
    given = visit.practitioner.consultation_types.filter(pk__in=kinds).values_list("pk", flat=True)
    return visit.practitioner.name if set(given) == kinds else ""


def visit_day(consultation: ConsultationRequest, zone: ZoneInfo) -> date:
    """The day of that visit at the clinic; of a request that has none, the day on which it was made."""
    visit = visit_of(consultation)
    return when.local_day(visit.starts_at if visit else consultation.created_at, zone)


def plan_of(consultation: ConsultationRequest) -> Plan | None:
    """The newest plan that the client was sent, whatever became of it. Its lines and questions are loaded."""
    return _whole(Plan.objects.told().filter(request=consultation)).order_by("-number").first()


def newest(consultation: ConsultationRequest) -> int:
    """The key of that plan; 0 for none."""
    told = Plan.objects.told().filter(request=consultation).order_by("-number")
    return told.values_list("pk", flat=True).first() or 0


def said_to(plan: Plan) -> list[Event]:
    """When the client took back an answer to this plan, or wanted time to think, in order: one statement."""
    found = Event.objects.filter(request=plan.request_id, verb__in=UNANSWERS, facts__plan=plan.pk)
    return list(found.order_by("version"))


def numbered(consultation: ConsultationRequest, number: int) -> Plan | None:
    """The request's plan with this number, if the client was sent it."""
    return _whole(Plan.objects.told().filter(request=consultation, number=number)).first()


def draft_of(consultation: ConsultationRequest) -> Plan | None:
    """The plan that is being written."""
    return _whole(Plan.objects.filter(request=consultation, status=PlanStatus.DRAFT)).first()


def _whole(plans: QuerySet[Plan]) -> QuerySet[Plan]:
    return plans.prefetch_related("lines__kind", "lines__treatment", "questions__line")


_KEEP_A_DRAFT = [
    verb for verb, moves in PLAN_TABLE.items() if PlanStatus.DRAFT in moves.get(PlanStatus.DRAFT, ())
]


def was_touched(consultation: ConsultationRequest, version: int, writer: int | None, tab: str) -> bool:
    """Whether a plan of the request, or what is beside it, has changed since that version of the request, but for drafts
    that `writer` (the key of a member of staff) kept in the same `tab` of a browser.
    """
    about_plans = Q(verb__in=PLAN_TABLE) | Q(facts__took_back__in=list(PLAN_TABLE))
    since = Event.objects.filter(about_plans, request=consultation, version__gt=version)
    return any(
        event.verb not in _KEEP_A_DRAFT
        or (event.actor_kind, event.actor_id) != (Who.STAFF, writer)
        or not tab
        or event.facts.get("tab") != tab
        for event in since
    )


def wanted_to_know(consultation: ConsultationRequest) -> list[VisitQuestion]:
    """What the client had wanted to ask at the visit, in order."""
    return list(VisitQuestion.objects.filter(request=consultation))


def rules_against(
    lines: Iterable[Proposed], applies: Iterable[str], consultation: ConsultationRequest, place: Clinic
) -> list[Found]:
    """What the clinic's rules have against sending these lines to the request's client (bookings/plan_rules.py)."""
    visit = visit_of(consultation)
    kind = visit.consultation_type if visit else consultation.consultation_type
    return plan_rules.against(
        list(lines),
        applies=applies,
        after_consultation=not kind.is_session,
        think_days=place.rules.think_days,
    )


def proposed(
    name: str,
    treatment: Treatment | None,
    kind: ConsultationType | None,
    *,
    sessions: int,
    gap_days: int,
    wait_days: int,
) -> Proposed:
    """A line as the rules ask about it. What was typed by hand counts as a procedure that nothing is known of."""
    treatment = treatment or Treatment()
    return Proposed(
        name=name,
        at_home=treatment.at_home,
        is_medical_procedure=treatment.is_medical_procedure,
        waits_after_isotretinoin=treatment.waits_after_isotretinoin,
        waits_in_pregnancy=not treatment.at_home or bool(treatment.hold_in_pregnancy),
        allowed_with_keloids=treatment.allowed_with_keloids,
        cuts=treatment.cuts,
        sessions=sessions,
        gap_days=gap_days,
        least_gap=kind.interval_days if kind else 0,
        wait_days=wait_days,
    )


def kinds_of(treatments: Iterable[Treatment]) -> dict[int, list[ConsultationType]]:
    """The kinds of session in which each treatment is given, by its key: two statements."""
    rows = ConsultationType.objects.filter(
        purpose=ConsultationType.Purpose.SESSION, is_active=True, treatments__in=list(treatments)
    ).prefetch_related("treatments")
    found: dict[int, list[ConsultationType]] = {}
    for kind in rows.distinct():
        for treatment in kind.treatments.all():
            found.setdefault(treatment.pk, []).append(kind)
    return found


def free_to_follow(line: PlanLine) -> date | None:
    """The first day that the sessions of the line before it leave to this one; None if it follows none. One statement."""
    leader = line.after
    if leader is None:
        return None
    there = ConsultationRequest.objects.filter(session_of=leader).exclude(status=Status.WITHDRAWN)
    last = there.aggregate(last=Max("due_on"))["last"]
    return last + timedelta(days=leader.days_apart) if last else None


def session_days(line: PlanLine, plan: Plan, today: date, not_before: date | None = None) -> list[date]:
    """The first day on which each of the line's sessions may be: those that it takes at least.

    Never before tomorrow, nor before `not_before`; each as many days after the one before as the plan and the kind of
    session ask for.
    """
    kind = line.kind
    if kind is None:
        return []
    first = max(
        line.first_on(plan.visit_on, plan.think_days),
        plan.visit_on + timedelta(days=kind.cooling_off_days),
        today + timedelta(days=1),
        not_before or today,
    )
    gap = timedelta(days=line.days_apart)
    return [first + gap * number for number in range(line.sessions_from)]


def next_session(line: PlanLine, today: date, zone: ZoneInfo) -> tuple[int, date]:
    """The number and the first day of one more session of the line: after the last of those that are made, wherever that is
    booked, and tomorrow at the soonest. Two statements.
    """
    mine = ConsultationRequest.objects.filter(session_of=line)
    number = (mine.aggregate(last=Max("session_number"))["last"] or 0) + 1
    there = mine.exclude(status=Status.WITHDRAWN).exclude(created_at__lt=F("session_of__said_at"))
    rows = there.values_list("due_on", "appointments__starts_at", "appointments__state")
    days = [today + timedelta(days=1)]
    for due_on, starts_at, state in rows:
        booked = when.local_day(starts_at, zone) if state == Appointment.State.BOOKED else None
        if last := booked or due_on:
            days.append(last + timedelta(days=line.days_apart))
    return number, max(days)


@dataclass(frozen=True, slots=True)
class Course:
    """A line (`line`, by key) of which one more session may be made: its kind, its range, and how many are `made`."""

    line: int
    kind: str
    least: int
    most: int
    made: int


def courses_of(consultation: ConsultationRequest) -> list[Course]:
    """The lines of the request's plans that may take one more session than are made: one statement."""
    rows = may_take_more(consultation).select_related("kind").order_by("plan__number", "position")
    return [
        Course(row.pk, row.kind.name if row.kind else "", row.sessions_from, row.sessions_to, row.made)
        for row in rows
    ]


def may_take_more(consultation: ConsultationRequest) -> QuerySet[PlanLine, Any]:
    """Lines that the client said yes to, of a plan that still counts, with fewer sessions `made` than they may have."""
    # One that was cancelled is to be arranged again; one of an earlier yes is not.
    called_off = Q(sessions__status=Status.WITHDRAWN) | Q(sessions__created_at__lt=F("said_at"))
    return (
        PlanLine.objects.filter(
            plan__request=consultation,
            plan__status__in=(PlanStatus.ACCEPTED, PlanStatus.PART),
            said=LineAnswer.YES,
            kind__isnull=False,
        )
        .annotate(made=Count("sessions", filter=~called_off))
        .filter(made__lt=F("sessions_to"))
    )


def sessions_of(consultation: ConsultationRequest) -> QuerySet[ConsultationRequest]:
    """The sessions that came of the request's plans, in order, each with its line and kind."""
    rows = ConsultationRequest.objects.filter(session_of__plan__request=consultation)
    return (
        rows.select_related(
            "session_of__plan", "session_of__after__kind", "consultation_type", "wished_practitioner"
        )
        .prefetch_related("appointments")
        .order_by("session_of__plan__number", "session_of__position", "session_number")
    )


def unbooked(consultation: ConsultationRequest) -> QuerySet[ConsultationRequest]:
    """Those of them for which no time is booked, or no longer."""
    return sessions_of(consultation).filter(Q(status__in=OPEN) | AGAIN)


# Sessions whose time was cancelled or ran out, although the yes that they came of stands. One from before that yes was said
# went with an earlier one.
AGAIN = Q(
    status__in=AGAIN_FROM,
    session_of__said=LineAnswer.YES,
    session_of__plan__status__in=(PlanStatus.ACCEPTED, PlanStatus.PART),
    created_at__gte=F("session_of__said_at"),
)


def may_be_had_again(session: ConsultationRequest, was: str = "") -> bool:
    """Whether a session's client may ask for it once more: it was cancelled, missed or ran out, and their yes stands.

    `was`: its state, where a verb has changed it already.
    """
    line = session.session_of
    if line is None or line.said_at is None or (was or session.status) not in (*AGAIN_FROM, Status.NO_SHOW):
        return False
    stands = line.said == LineAnswer.YES and line.plan.status in (PlanStatus.ACCEPTED, PlanStatus.PART)
    return stands and session.erased_at is None and session.created_at >= line.said_at


def yes_is_gone(session: ConsultationRequest) -> bool:
    """Whether the yes that this visit came of was taken back, also if another has been said since."""
    line = session.session_of
    return line is not None and (line.said_at is None or session.created_at < line.said_at)


def went_with_its_yes(session: ConsultationRequest, cancelled: Event | None) -> bool:
    """Whether its client cancelled it by taking back their yes: one press did both. A statement where the yes is gone."""
    if cancelled is None or not yes_is_gone(session):
        return False
    pressed = Event.objects.filter(request=session.follows_id, at=cancelled.at)
    return any(session.pk in event.facts.get("sessions", ()) for event in pressed)


def of_one_plan(consultation: ConsultationRequest) -> QuerySet[ConsultationRequest]:
    """The other requests of one course: the consultation and the sessions of its plans, as far as they have its mailbox."""
    first = consultation.follows_id if consultation.session_number else consultation.pk
    found = ConsultationRequest.objects.filter(mailbox=consultation.mailbox, erased_at=None)
    course = Q(pk=first) | Q(follows=first, session_number__isnull=False)
    return found.filter(course).exclude(Q(pk=consultation.pk) | Q(mailbox=""))


def asked(consultation: ConsultationRequest) -> list[PlanQuestion]:
    """Questions about any plan of this request that nobody has answered, an earlier one too; the oldest first."""
    return list(open_questions().filter(plan__request=consultation))


def asked_about(consultation: ConsultationRequest) -> list[PlanQuestion]:
    """What the client asked about any plan of this request, answered or not; the one promised first at the top."""
    found = PlanQuestion.objects.filter(plan__request=consultation).select_related("line")
    return list(found.order_by("due_at", "pk"))


def asked_before(plan: Plan) -> list[PlanQuestion]:
    """What the client asked about the plans before this one, in the order of asking."""
    found = PlanQuestion.objects.filter(plan__request=plan.request_id, plan__number__lt=plan.number)
    return list(found.select_related("line").order_by("pk"))


def open_questions(now: datetime | None = None) -> QuerySet[PlanQuestion]:
    """Questions about plans that nobody has answered, the one promised first at the top; with `now`, those overdue."""
    found = PlanQuestion.objects.filter(replied_at=None, plan__request__erased_at=None)
    found = found if now is None else found.filter(due_at__lt=now)
    return found.select_related("plan__request", "line").order_by("due_at", "pk")


def run_out(today: date, most: int) -> list[ConsultationRequest]:
    """Requests whose plan nobody has answered by its last day: at most so many."""
    over = Plan.objects.filter(
        status=PlanStatus.SENT, outcome=PlanOutcome.SUITS, valid_until__lt=today
    ).select_related("request")
    return [plan.request for plan in over.order_by("valid_until", "pk")[:most]]
