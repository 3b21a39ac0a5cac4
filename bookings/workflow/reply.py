"""Staff answer a request (assess, ask, offer, confirm, decline), and the client answers back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bookings import limits, outbox
from bookings.availability import Slot
from bookings.models import Appointment, Message, Note, WishWindow
from bookings.models import ConsultationRequest as Request
from bookings.queries import slots as free
from bookings.queries import visits
from bookings.queries.clinic import clinic
from bookings.table import DeclineReason, Status
from bookings.workflow import times, visit_mail
from bookings.workflow.closing import close
from bookings.workflow.core import Act, Actor, add_note, verb
from bookings.workflow.core import act as acting
from bookings.workflow.errors import Refused
from bookings.workflow.submission import Window


@verb
def assess(request: Request, *, actor: Actor, now: datetime, version: int | None = None) -> Request:
    """Tell the client that a clinician is looking at it. The promise goes on."""
    with acting(request, "assess", actor=actor, now=now, version=version) as doing:
        outbox.queue(doing.request, "assessing", now=now)
    return doing.request


@verb
def ask(
    request: Request, *, actor: Actor, now: datetime, question: str, version: int | None = None
) -> Request:
    """Ask the client something. Frees any offer; the promise pauses until they answer."""
    with acting(request, "ask", actor=actor, now=now, version=version) as doing:
        place = clinic(now)
        if doing.before == Status.OFFERED:
            _free_times(doing)
        _pause_promise(doing)
        due = place.answer_end(now)
        doing.change(answer_due_at=due)
        note = add_note(doing, Note.Kind.QUESTION, question)
        outbox.queue(doing.request, "question", now=now, note=note, facts={"answer_by": due.isoformat()})
        outbox.queue(
            doing.request,
            "answer_reminder",
            now=now,
            not_before=max(now + (due - now) / 2, due - limits.ANSWER_REMINDER_BEFORE),
            facts={"answer_by": due.isoformat()},
        )
    return doing.request


@verb
def answer(
    request: Request, *, actor: Actor, now: datetime, text: str, version: int | None = None
) -> Request:
    """The client answers; the promise goes on with the time that was left."""
    with acting(request, "answer", actor=actor, now=now, version=version) as doing:
        add_note(doing, Note.Kind.ANSWER, text)
        _resume_promise(doing)
        outbox.withdraw(doing.request, ["question", "answer_reminder"], now=now, why="the client answered")
    return doing.request


@verb
def offer(
    request: Request,
    *,
    actor: Actor,
    now: datetime,
    slots: Sequence[Slot],
    note: str = "",
    expires_at: datetime | None = None,
    version: int | None = None,
) -> Request:
    """Hold one to three times for the client to choose from, with one end. Replaces an earlier offer.

    `expires_at` (UTC) is by default so many opening minutes ahead. A time that begins earlier is held until it
    begins, and the offer ends with its last time. Raises SlotTaken, SwitchedOff, Refused("count", "past" or "closed").
    """
    chosen = sorted(set(slots))
    if not 1 <= len(chosen) <= 3:
        raise Refused("count", "Choose one, two or three times to offer.")
    if chosen[0].start <= now:
        raise Refused("past", "Choose times that are still to come.")
    with acting(request, "offer", actor=actor, now=now, version=version) as doing:
        place = clinic(now)
        until = expires_at or place.offer_end(now)
        until = min(until, chosen[-1].start)
        if until <= now:
            raise Refused("past", "The end of the offer must still be to come.")
        times.lock_all(doing.request, [slot.practitioner_id for slot in chosen])
        judged = {slot: times.refuse_closed(doing, slot) for slot in chosen}
        times.release(doing.request)
        held = [
            times.occupy(
                doing,
                slot,
                state=Appointment.State.HELD,
                held_until=min(until, slot.start),
                is_offer=True,
                although=judged[slot],
            )
            for slot in chosen
        ]
        doing.change(
            offer_expires_at=until,
            promise_due_at=None,
            promise_minutes_left=None,
            hold_until=None,
            answer_due_at=None,
        )
        doing.fact(starts=[row.starts_at.isoformat() for row in held], until=until.isoformat())
        outbox.withdraw(doing.request, None, now=now, why="newer times were offered")
        outbox.queue(
            doing.request,
            "offered",
            now=now,
            note=add_note(doing, Note.Kind.ADVICE, note) if note else None,
            facts={"appointments": [row.pk for row in held], "until": until.isoformat()},
        )
    return doing.request


@verb
def ask_other_times(
    request: Request,
    *,
    actor: Actor,
    now: datetime,
    windows: Sequence[Window],
    text: str = "",
    version: int | None = None,
) -> Request:
    """None of the offered times suits: the offer is freed, the new windows replace the old wish, a new promise starts."""
    with acting(request, "ask_other_times", actor=actor, now=now, version=version) as doing:
        _free_times(doing)
        doing.request.windows.all().delete()
        WishWindow.objects.bulk_create(
            [WishWindow(request=doing.request, weekday=day, part=part) for day, part in windows]
        )
        doing.change(
            wished_start=None,
            wished_practitioner=None,
            promise_due_at=clinic(now).promise_from(now),
            promise_minutes_left=None,
        )
        if text:
            add_note(doing, Note.Kind.INFORMATION, text)
        outbox.withdraw(doing.request, ["offered"], now=now, why="other times were asked for")
    return doing.request


@verb
def accept(
    request: Request, *, actor: Actor, now: datetime, appointment_id: int, version: int | None = None
) -> Request:
    """The client takes one of the offered times, on the terms it was offered on. Raises Refused("offer_over") when it is no
    longer held, SwitchedOff when somebody switched off or closed what it needs.
    """
    with acting(request, "accept", actor=actor, now=now, version=version) as doing:
        own = times.lock_all(doing.request)
        chosen = next((row for row in own if row.pk == appointment_id and row.is_offer), None)
        if chosen is None or not times.book_held(doing, chosen):
            raise Refused("offer_over", "That time is no longer held for you. You can ask for other times.")
        times.refuse_off(doing, chosen)
        times.release(doing.request, keep=chosen)
        visit_mail.tell_confirmed(doing, chosen, note=None)
    return doing.request


@verb
def confirm(
    request: Request,
    *,
    actor: Actor,
    now: datetime,
    slot: Slot | None = None,
    note: str = "",
    version: int | None = None,
) -> Request:
    """Book a time for the client: `slot`, or the time they asked for.

    What was held keeps its terms, any other time takes those of its kind. Raises SlotTaken, SwitchedOff, Refused("no_time"
    or "past").
    """
    with acting(request, "confirm", actor=actor, now=now, version=version) as doing:
        fresh = doing.request
        slot = slot or _wish(fresh, now)
        if slot is None:
            raise Refused("no_time", "No time was asked for. Choose one.")
        if slot.start <= now:
            raise Refused("past", "That time has passed. Choose another.")
        own = times.lock_all(fresh, [slot.practitioner_id])
        judged = times.refuse_closed(doing, slot)
        held = next(
            (
                row
                for row in own
                if row.starts_at == slot.start and row.practitioner_id == slot.practitioner_id
            ),
            None,
        )
        if held is not None and times.book_held(doing, held):
            times.release(fresh, keep=held)
            held.stands_although = " ".join(judged)
            held.save(update_fields=["stands_although"])
            booked = held
        else:
            times.release(fresh)
            booked = times.occupy(doing, slot, state=Appointment.State.BOOKED, although=judged)
        visit_mail.tell_confirmed(
            doing, booked, note=add_note(doing, Note.Kind.ADVICE, note) if note else None
        )
    return doing.request


@verb
def decline(
    request: Request,
    *,
    actor: Actor,
    now: datetime,
    reason: str,
    note: str = "",
    version: int | None = None,
) -> Request:
    """Say no, kindly and with a reason. `note` is read by the client behind their link; spam is told nobody."""
    why = DeclineReason(reason)
    with acting(request, "decline", actor=actor, now=now, version=version) as doing:
        close(doing)
        doing.reason = why
        doing.change(decline_reason=why)
        written = add_note(doing, Note.Kind.ADVICE, note) if note else None
        if why != DeclineReason.SPAM:
            outbox.queue(doing.request, "declined", now=now, facts={"reason": why.value}, note=written)
    return doing.request


@verb
def lapse(request: Request, *, actor: Actor, now: datetime, version: int | None = None) -> Request:
    """The clock: an offer ran out, or a question stayed unanswered past its deadline and one reminder.

    Raises Refused("not_due").
    """
    with acting(request, "lapse", actor=actor, now=now, version=version) as doing:
        # The swap has already emptied the deadline, so the one the caller saw is asked.
        if not is_due_to_lapse(request, now):
            raise Refused("not_due", "It is not time to close this yet.")
        close(doing)
        doing.reason = "offer_ended" if doing.before == Status.OFFERED else "no_answer"
        outbox.queue(doing.request, "lapsed", now=now, facts={"reason": doing.reason})
    return doing.request


def is_due_to_lapse(request: Request, now: datetime) -> bool:
    """Has the offer, or the time for an answer, run out?"""
    if request.status == Status.OFFERED:
        return request.offer_expires_at is not None and request.offer_expires_at <= now
    if request.answer_due_at is None or request.answer_due_at > now:
        return False
    # Nobody is closed out without a reminder: it must have gone at least a day ago, or be beyond sending.
    states = Message.State
    reminder = request.messages.filter(kind="answer_reminder").order_by("-id").first()
    if reminder is None or reminder.state in (states.FAILED, states.DROPPED):
        return True
    return reminder.sent_at is not None and reminder.sent_at <= now - limits.LAPSE_AFTER_REMINDER


# --- shared -----------------------------------------------------------------------------------------------------------


def _free_times(doing: Act) -> None:
    times.lock_all(doing.request)
    times.release(doing.request)
    doing.change(hold_until=None)


def _pause_promise(doing: Act) -> None:
    """Keep what is left of the promise, in opening minutes. From an offer, where none runs, a whole one is kept."""
    request, place = doing.request, clinic(doing.now)
    due = request.promise_due_at
    left = place.open_minutes(doing.now, due) if due else place.rules.promise_minutes
    doing.change(promise_due_at=None, promise_minutes_left=left)


def _resume_promise(doing: Act) -> None:
    """A new promise: what was left, and never less than a quarter of a whole one."""
    request, place = doing.request, clinic(doing.now)
    whole = place.rules.promise_minutes
    left = whole if request.promise_minutes_left is None else max(request.promise_minutes_left, whole // 4)
    doing.change(promise_due_at=place.after_open_minutes(doing.now, left), promise_minutes_left=None)


def _wish(request: Request, now: datetime) -> Slot | None:
    """The time that the client asked for: as it is held, or with whoever they chose, or with anyone who is free then."""
    held = request.appointments.held().filter(is_offer=False).order_by("-id").first()
    if held is not None:
        return times.slot_of(held)
    if request.wished_start is None:
        return None
    wanted = visits.wanted_by(request, request.wished_practitioner_id)
    if request.wished_practitioner_id is not None:
        return wanted.slot(request.wished_practitioner_id, request.wished_start)
    return free.whose(free.free_at(wanted, request.wished_start, now=now))
