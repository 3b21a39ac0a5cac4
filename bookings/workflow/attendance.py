"""The day of a visit: the client is here, is late, came or did not come, and whatever was marked by mistake.

Nobody is mailed. When each may be called: bookings/queries/marks.py.
"""

from __future__ import annotations

from datetime import datetime

from bookings import limits, outbox
from bookings.models import Appointment, ConsultationRequest, Note
from bookings.queries import marks
from bookings.workflow import core, times
from bookings.workflow.core import Change, Origin, add_note, verb
from bookings.workflow.errors import Refused
from bookings.workflow.visit import visit_of

_OTHER = ("other", "This has been marked otherwise meanwhile, and that stands.")


@verb
def arrive(consultation: ConsultationRequest, origin: Origin) -> ConsultationRequest:
    """The client is here and waits. Raises Refused: "day", "here" already, or "phone" where nobody arrives."""
    with core.change(consultation, "arrive", origin) as change:
        visit = _to_mark(change)
        visit.arrived_at = change.now
        visit.save(update_fields=["arrived_at"])
    return change.consultation


@verb
def late(
    consultation: ConsultationRequest, origin: Origin, *, minutes: int | None = None, word: str = ""
) -> ConsultationRequest:
    """The client will be late, by so many minutes if they said. `word` is kept as a note that all of the desk reads.

    Said once more it replaces what was said before. Raises Refused: "day", "here", "over", or "minutes" out of bounds.
    """
    with core.change(consultation, "late", origin) as change:
        visit = _to_mark(change)
        if minutes is not None and not 0 < minutes <= limits.deadlines.LATE_MINUTES:
            raise Refused("minutes", f"Enter 1 to {limits.deadlines.LATE_MINUTES} minutes.")
        visit.late_at, visit.late_minutes = change.now, minutes
        visit.save(update_fields=["late_at", "late_minutes"])
        change.fact(minutes=minutes)
        if word:
            add_note(change, Note.Kind.INTERNAL, word, about_health=False)
    return change.consultation


@verb
def expect(
    consultation: ConsultationRequest, origin: Origin, *, marked: datetime | None = None
) -> ConsultationRequest:
    """The client is not here, or not late, after all: takes back what was marked last.

    `marked` is the moment (UTC) of the mark that their page showed; None takes whatever is last. Raises Refused: "nothing",
    or "other" where that mark is not the last any more.
    """
    with core.change(consultation, "expect", origin) as change:
        visit = _to_mark(change)
        if marked not in (None, marks.last(visit)):
            raise Refused(*_OTHER)
        if visit.arrived_at is not None:
            visit.arrived_at, changed = None, ["arrived_at"]
        else:
            visit.late_at, visit.late_minutes, changed = None, None, ["late_at", "late_minutes"]
        visit.save(update_fields=changed)
    return change.consultation


@verb
def attend(consultation: ConsultationRequest, origin: Origin) -> ConsultationRequest:
    """The client came. From 15 minutes before the start."""
    with core.change(consultation, "attend", origin) as change:
        _begun(change)
    return change.consultation


@verb
def miss(consultation: ConsultationRequest, origin: Origin) -> ConsultationRequest:
    """The client did not come. From 15 minutes before the start."""
    with core.change(consultation, "miss", origin) as change:
        _begun(change)
    return change.consultation


@verb
def correct(consultation: ConsultationRequest, origin: Origin) -> ConsultationRequest:
    """Attended and did-not-attend were mixed up: anybody may correct it on the day of the visit; later a
    manager, or whoever marked it last, on the day on which they did."""
    with core.change(consultation, "correct", origin) as change:
        _refuse_after_a_plan(change)
        _refuse(change, visit_of(change))
    return change.consultation


@verb
def unmark(consultation: ConsultationRequest, origin: Origin, *, marked: str = "") -> ConsultationRequest:
    """Marked by mistake: the visit is booked again, and nobody has marked it. By whom and when: as `correct`.

    `marked` is the status that their page showed, if it must still be that one: Refused("other") otherwise. Its reminders
    stay dropped, for they were due before it could be marked; so does another time that was proposed.
    """
    with core.change(consultation, "unmark", origin) as change:
        _refuse_after_a_plan(change)
        _refuse(change, visit_of(change))
        if marked not in ("", change.before):
            raise Refused(*_OTHER)
        change.set(closed_at=None)
    return change.consultation


def _to_mark(change: Change) -> Appointment:
    """The visit, with its practitioner locked, if this verb may mark it now. Raises Refused."""
    times.lock_all(change.consultation)
    visit = visit_of(change)
    _refuse(change, visit)
    return visit


def _refuse(change: Change, visit: Appointment) -> None:
    actor, now, zone = change.actor, change.now, change.clinic.zone
    found = marks.against(change.verb, visit, now, zone, corrects=actor.is_manager)
    if found and found[0] == "late" and marks.may_correct(visit, actor.id, now, zone):
        return
    if found:
        raise Refused(*found)


def _refuse_after_a_plan(change: Change) -> None:
    if change.consultation.plans.told().exists():
        raise Refused(
            "plan", "A plan was sent after this visit, so somebody came. It stays marked as attended."
        )


def _begun(change: Change) -> None:
    visit = visit_of(change)
    _refuse(change, visit)
    # Another time that was proposed for it is nobody's any more.
    times.release(times.lock_all(change.consultation), keep=visit)
    done_with = ["reminder_48h", "reminder_2h", "move_proposed"]
    outbox.withdraw(change.consultation, done_with, now=change.now, why="the visit has begun")
    change.set(closed_at=change.now)
