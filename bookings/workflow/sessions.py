"""The sessions of a plan: visits to arrange, which sleep until their day comes near."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import replace as replace_fields
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from bookings import limits, outbox
from bookings.availability import Slot
from bookings.models import (
    Appointment,
    ConsultationRequest,
    Note,
    Plan,
    PlanLine,
    Practitioner,
    SupportNeeds,
    WishWindow,
)
from bookings.queries import plans, taking_back
from bookings.states import AGAIN_FROM, LIVE, OPEN, PlanStatus, Status
from bookings.workflow import core, desk, reply, times, together, visit
from bookings.workflow.closing import close
from bookings.workflow.core import Actor, Change, Origin, record, verb
from bookings.workflow.errors import Refused, WorkflowError
from bookings.workflow.intake import REFERENCES_DRAWN, new_reference
from bookings.workflow.submission import Window
from clinic.foundation import when
from clinic.foundation.crypto import opened

# Whose the session is: as it stands in the request of the consultation.
_CONTACT = (
    "name", "name_to_use", "email", "phone", "contact_by", "may_leave_message", "phone_only", "time_zone",
    "email_proved_at", "name_search", "email_search", "phone_search", "mailbox",
)  # fmt: skip


def plan_sessions(change: Change, plan: Plan, lines: Collection[PlanLine]) -> list[ConsultationRequest]:
    """Make a visit to arrange for each session that these accepted lines take at least; return them.

    Inside the caller's change of the request that the plan belongs to. Nobody is mailed of it.
    """
    today = when.local_day(change.now, change.clinic.zone)
    who, given = _whose(change)
    made: list[ConsultationRequest] = []
    for line in _leaders_first(lines):
        days = plans.session_days(line, plan, today, not_before=plans.free_to_follow(line))
        for number, day in enumerate(days, 1):
            made.append(_plan_session(change, line, who if line.kind_id in given else None, number, day))
    return made


def wish(
    change: Change, made: Collection[ConsultationRequest], windows: Sequence[Window], about_times: str
) -> None:
    """Keep with each of these visits when it would suit the client, as a request keeps it, and their line on that: it is
    not about health, so all of the desk reads it.
    """
    WishWindow.objects.bulk_create(
        WishWindow(request=session, weekday=day, part=part) for session in made for day, part in windows
    )
    for session in made if about_times else ():
        Note.objects.create(
            request=session,
            kind=Note.Kind.INFORMATION,
            body=about_times,
            about_health=False,
            author_label=change.actor.label,
            author_id=change.actor.id,
            at=change.now,
        )


def _whose(change: Change) -> tuple[Practitioner | None, set[int]]:
    """Whom the client has seen, and the kinds of session that they give: others they leave to somebody else."""
    visit = plans.visit_of(change.consultation)
    who = visit.practitioner if visit else change.consultation.wished_practitioner
    return who, set(who.consultation_types.values_list("pk", flat=True)) if who else set()


@verb
def add_session(consultation: ConsultationRequest, origin: Origin, *, line: int) -> ConsultationRequest:
    """One more session of a line (by key) that the client said yes to, within the range that they said yes to: a visit to
    arrange, after all that are made. Nobody is mailed. Raises Refused("line") for a line that takes none.
    """
    with core.change(consultation, "add_session", origin) as change:
        row = plans.may_take_more(change.consultation).filter(pk=line).select_related("kind").first()
        if row is None:
            raise Refused(
                "line", "Every visit that they said yes to is there, or the plan has been replaced."
            )
        who, given = _whose(change)
        number, day = plans.next_session(
            row, when.local_day(change.now, change.clinic.zone), change.clinic.zone
        )
        session = _plan_session(change, row, who if row.kind_id in given else None, number, day)
        _carry_wish(row, session)
        change.fact(plan=row.plan_id, sessions=[session.pk])
    return change.consultation


def _leaders_first(lines: Collection[PlanLine]) -> list[PlanLine]:
    """Each after the one that it follows, so that its days can count from that one's."""
    waiting, ordered = list(lines), []
    while waiting:
        keys = {line.pk for line in waiting}
        # A plan whose lines follow each other in a ring is not sent; if one ever was, they come as they stand.
        ready = [line for line in waiting if line.after_id not in keys] or waiting
        ordered += ready
        waiting = [line for line in waiting if line not in ready]
    return ordered


def _plan_session(
    change: Change, line: PlanLine, who: Practitioner | None, number: int, due_on: date
) -> ConsultationRequest:
    parent, now = change.consultation, change.now
    assert line.kind is not None  # a line without a kind has no sessions
    near = _near(due_on, change)
    session = _written(
        **{name: getattr(parent, name) for name in _CONTACT},
        created_at=now,
        consultation_type=line.kind,
        wished_practitioner=who,
        follows=parent,
        session_of=line,
        session_number=number,
        due_on=due_on,
        sleeps_until=None if near <= now else near,
        promise_due_at=change.clinic.promise_from(now) if near <= now else None,
    )
    _carry_needs(parent, session)
    made = Change(session, "plan_session", Origin(change.actor, now), before="")
    made.fact(plan=line.plan_id, number=number, due_on=due_on.isoformat())
    record(made)
    return session


def _carry_needs(parent: ConsultationRequest, session: ConsultationRequest) -> None:
    """What they need for a visit, an interpreter or a step-free way, they need for this one too. What no key opens stays
    with the consultation alone.
    """
    row = getattr(parent, "support_needs", None)
    data = opened(row, "data") if row is not None else None
    if data:
        SupportNeeds.objects.create(request=session, data=data)


def _carry_wish(line: PlanLine, session: ConsultationRequest) -> None:
    """When the visits before it would have suited them, this one would too. Those of an earlier yes say nothing of this."""
    before = ConsultationRequest.objects.filter(
        session_of=line, created_at__gte=line.said_at or session.created_at
    )
    last = before.exclude(pk=session.pk).order_by("session_number", "pk").last()
    if last is None:
        return
    windows = last.windows.values_list("weekday", "part")
    WishWindow.objects.bulk_create(
        WishWindow(request=session, weekday=day, part=part) for day, part in windows
    )
    notes = last.notes.filter(kind=Note.Kind.INFORMATION, about_health=False, taken_back_at=None)
    for note in notes.filter(at=last.created_at):
        note.pk, note.request, note.at = None, session, session.created_at
        note.save(force_insert=True)


def _written(*, draws: int = REFERENCES_DRAWN, **values: Any) -> ConsultationRequest:
    """The row, with a reference that no other has: drawn again while another request has it."""
    try:
        with transaction.atomic():
            return ConsultationRequest.objects.create(
                reference=new_reference(), status=Status.NEW, draft_id=uuid.uuid4(), **values
            )
    except IntegrityError:
        if draws == 1:
            raise
    return _written(draws=draws - 1, **values)


def _near(due_on: date, change: Change) -> datetime:
    """When the day has come near enough for the desk to arrange it."""
    return when.day_bounds(due_on, change.clinic.zone)[0] - limits.deadlines.SESSION_NEAR


@verb
def wake(consultation: ConsultationRequest, origin: Origin) -> ConsultationRequest:
    """The clock: the day of a session has come near, so the reply promise starts. Raises Refused("asleep" or "awake")."""
    with core.change(consultation, "wake", origin) as change:
        until = change.consultation.sleeps_until
        if until is None:
            raise Refused("awake", "It does not sleep.")
        if until > change.now:
            raise Refused("asleep", "Its day is still far ahead.")
        change.set(sleeps_until=None, promise_due_at=change.clinic.promise_from(change.now))
    return change.consultation


@verb
def call_off(consultation: ConsultationRequest, origin: Origin) -> ConsultationRequest:
    """A session that is not booked, or no longer, is not to be: its plan was replaced, or staff and client have spoken.

    Nobody is mailed. Raises Refused("no_session") for any other request.
    """
    with core.change(consultation, "call_off", origin) as change:
        if change.consultation.session_number is None:
            raise Refused("no_session", "Only sessions of a plan are called off.")
        if change.before in OPEN:  # of one that was cancelled the mail may still be owed
            close(change)
        change.set(sleeps_until=None)
    return change.consultation


def replace(change: Change, plan: Plan) -> None:
    """The client has said yes to this plan: what an earlier one led to and nobody has booked is called off."""
    old = ConsultationRequest.objects.filter(
        session_of__plan__request=change.consultation,
        session_of__plan__status=PlanStatus.SUPERSEDED,
        status__in=OPEN,
    ).exclude(session_of__plan=plan)
    # Locked first, so that one which somebody books at this moment is seen as booked, and stays.
    for session in old.select_for_update(of=("self",)).order_by("pk"):
        call_off(session, Origin(change.actor, change.now))


def take_back(
    change: Change, plan: Plan, lines: Collection[PlanLine]
) -> tuple[list[int], list[dict[str, Any]]]:
    """The client takes back their yes to these lines: their visits are called off, or cancelled if they are booked.

    Inside the caller's change of the request that the plan belongs to. Returns the keys of the visits, and of those that
    were booked the facts that their mails would have had: the caller's mail tells of all. Raises Refused with the codes of
    bookings/queries/taking_back.py.
    """
    rows = ConsultationRequest.objects.filter(session_of__in=lines).order_by("pk")
    # Requests before practitioners, each in one order: whoever books one of them at this moment is first, or waits.
    list(rows.select_for_update(of=("self",)).values_list("pk"))
    times.lock([], Appointment.objects.occupying().filter(request__in=rows))
    found = list(rows.prefetch_related("appointments"))
    today = when.local_day(change.now, change.clinic.zone)
    if why := taking_back.against(plan, found, today, change.now):
        raise Refused(why, taking_back.WORDS[why])
    live = [session for session in found if session.status in LIVE]
    origin = Origin(_unpressed(Origin(change.actor, change.now)), change.now)
    cancelled: list[dict[str, Any]] = []
    for session in live:
        if session.status == Status.CONFIRMED:
            visit.cancel(session, origin)
            cancelled += _untell(session, change.now)
        else:
            call_off(session, origin)
    return [session.pk for session in live], cancelled


def _untell(session: ConsultationRequest, now: datetime) -> list[dict[str, Any]]:
    """Drop the mail that this visit is cancelled, and return its facts. Nothing of one that the client was never told of."""
    owed = session.messages.filter(kind="cancelled", state__in=outbox.OWED).order_by("-pk").first()
    if owed is None:
        return []
    outbox.withdraw(session, ["cancelled"], now=now, why="one mail tells of all that is cancelled")
    told = {name: owed.facts[name] for name in ("appointment", "sequence")}
    return [] if owed.facts.get("untold") else [told]


class NotBooked(WorkflowError):
    """One of several sessions could not be booked, so none is. `session` is the one, `why` what `confirm` raised."""

    def __init__(self, session: ConsultationRequest, why: WorkflowError) -> None:
        self.session = session
        self.why = why
        super().__init__(str(why))


@verb
def book_all(
    chosen: Sequence[tuple[ConsultationRequest, Slot]], origin: Origin, *, words: str = ""
) -> list[ConsultationRequest]:
    """Book these times for these sessions, all or none; return the sessions as they are then.

    The version of each is what its page showed. Each is told by a mail of its own, with its file for the calendar. Several
    are taken back as one (together.py): `words` say on top of the desk what was done. Raises NotBooked, and press.Twice for
    the second press of the same page.
    """
    with transaction.atomic():
        # Requests before practitioners, each in one order, as every verb locks them.
        keys = sorted(session.pk for session, _ in chosen)
        mine = ConsultationRequest.objects.select_for_update(of=("self",)).filter(pk__in=keys)
        list(mine.order_by("pk").values_list("pk"))
        times.lock({slot.practitioner_id for _, slot in chosen})
        if len(chosen) < 2:
            return [_booked(session, slot, origin) for session, slot in chosen]
        made = together.begin(origin.actor, origin.now, words=words)
        as_one = replace_fields(origin, together=made.pk)
        booked = [_booked(session, slot, as_one) for session, slot in chosen]
        together.finish(made, origin.actor, keys)
        return booked


def _unpressed(origin: Origin) -> Actor:
    """The same actor, for a step of what one press does."""
    return replace_fields(origin.actor, press="")


def _booked(session: ConsultationRequest, slot: Slot, origin: Origin) -> ConsultationRequest:
    try:
        if session.status in AGAIN_FROM:  # its time was cancelled: it is as new before it has another
            session = desk.reopen(
                session, replace_fields(origin, version=session.version, actor=_unpressed(origin))
            )
        return reply.confirm(session, replace_fields(origin, version=session.version), slot=slot)
    except WorkflowError as why:
        raise NotBooked(session, why) from why
