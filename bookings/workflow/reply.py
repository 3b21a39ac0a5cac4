"""Staff answer a request (assess, ask, offer, confirm, decline), and the client answers back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from bookings import decline_mails, limits, outbox
from bookings.availability import Slot
from bookings.models import Appointment, ConsultationRequest, Message, Note, WishWindow
from bookings.queries import any_practitioner, visits
from bookings.queries import slots as free
from bookings.states import DeclineReason, Status
from bookings.workflow import core, fee_text, times, visit_mail
from bookings.workflow.closing import close
from bookings.workflow.core import Change, Origin, add_advice, add_note, verb
from bookings.workflow.errors import Refused
from bookings.workflow.submission import Window
from bookings.workflow.visit import come_back_if_too_near


@verb
def assess(consultation: ConsultationRequest, origin: Origin) -> ConsultationRequest:
    """Tell the client that a clinician is looking at it. The promise goes on."""
    with core.change(consultation, "assess", origin) as change:
        outbox.withdraw(change.consultation, ["assessing"], now=origin.now, why="it is said once more")
        outbox.queue(change.consultation, "assessing", now=origin.now, not_before=change.mails_go)
    return change.consultation


@verb
def ask(
    consultation: ConsultationRequest, origin: Origin, *, question: str, about_health: bool = True
) -> ConsultationRequest:
    """Ask the client something. Frees any offer; the promise pauses until they answer.

    All of the desk reads a question that is not `about_health`, and its answer.
    """
    now = origin.now
    with core.change(consultation, "ask", origin) as change:
        place = change.clinic
        if change.before == Status.OFFERED:
            _free_times(change)
        _pause_promise(change)
        facts = visit_mail.of_question(change.consultation, place, now)
        due = datetime.fromisoformat(facts["answer_by"])
        change.set(answer_due_at=due)
        change.fact(keep_by=facts.get("keep_by"))
        note = add_note(change, Note.Kind.QUESTION, question, about_health=about_health)
        overtaken = ["assessing", "offered", outbox.TOLD_TOO]
        outbox.withdraw(change.consultation, overtaken, now=now, why="a question was asked")
        outbox.queue(
            change.consultation, "question", now=now, not_before=change.mails_go, note=note, facts=facts
        )
        outbox.queue(
            change.consultation,
            "answer_reminder",
            now=now,
            not_before=max(now + (due - now) / 2, due - limits.reminders.ANSWER_REMINDER_BEFORE),
            facts=facts,
        )
    return change.consultation


@verb
def answer(consultation: ConsultationRequest, origin: Origin, *, text: str) -> ConsultationRequest:
    """The client answers; the promise goes on with the time that was left. Who reads it, the question has said."""
    with core.change(consultation, "answer", origin) as change:
        asked = (
            change.consultation.notes.filter(kind=Note.Kind.QUESTION, taken_back_at=None).defer("body").last()
        )
        about_health = asked is None or asked.about_health
        add_note(change, Note.Kind.ANSWER, text, about_health=about_health)
        _resume_promise(change)
        outbox.withdraw(
            change.consultation, ["question", "answer_reminder"], now=origin.now, why="the client answered"
        )
    return change.consultation


@verb
def offer(
    consultation: ConsultationRequest,
    origin: Origin,
    *,
    slots: Sequence[Slot],
    note: str = "",
    open_minutes: int | None = None,
    although: Collection[str] = (),
    rival_to: int | None = None,
) -> ConsultationRequest:
    """Hold one to three times for the client to choose from, with one end. Replaces an earlier offer.

    The offer ends when the clinic has been open for `open_minutes` (by default those of the booking rules), or with its last
    time. A time that begins earlier is held until it begins.

    `although` has the codes of bookings/against.py that staff have agreed to. `rival_to` is the key of the request that was
    given the time which this one wanted too.

    Raises SlotTaken, SwitchedOff, Refused("count", "past", "closed" or "no_fee_text").
    """
    now = origin.now
    chosen = sorted(set(slots))
    if not 1 <= len(chosen) <= 3:
        raise Refused("count", "Choose one, two or three times to offer.")
    if chosen[0].start <= now:
        raise Refused("past", "Choose times that are still to come.")
    with core.change(consultation, "offer", origin) as change:
        until = times.offer_end(change, chosen, open_minutes)
        own = times.lock_all(change.consultation, [slot.practitioner_id for slot in chosen])
        terms = fee_text.agreed(change, times.agreed_before(change.consultation))
        held = times.hold_offer(change, own, chosen, until, although, terms=terms)
        change.set(offer_expires_at=until, hold_until=None, answer_due_at=None)
        change.set(promise_due_at=None, promise_minutes_left=None)
        change.fact(starts=[row.starts_at.isoformat() for row in held], until=until.isoformat())
        if rival_to is not None:
            change.fact(rival_to=rival_to)
        visit_mail.tell_offered(change, held, until, note=add_advice(change, note))
    return change.consultation


@verb
def ask_other_times(
    consultation: ConsultationRequest, origin: Origin, *, windows: Sequence[Window], text: str = ""
) -> ConsultationRequest:
    """None of the offered times suits: the offer is freed, the new windows replace the old wish, a new promise starts."""
    now = origin.now
    with core.change(consultation, "ask_other_times", origin) as change:
        _free_times(change)
        change.consultation.windows.all().delete()
        WishWindow.objects.bulk_create(
            [WishWindow(request=change.consultation, weekday=day, part=part) for day, part in windows]
        )
        change.set(
            wished_start=None,
            wished_practitioner=None,
            promise_due_at=change.clinic.promise_from(now),
            promise_minutes_left=None,
        )
        if text:
            add_note(change, Note.Kind.INFORMATION, text)
        outbox.withdraw(change.consultation, ["offered"], now=now, why="other times were asked for")
    return change.consultation


@verb
def accept(consultation: ConsultationRequest, origin: Origin, *, appointment_id: int) -> ConsultationRequest:
    """The client takes one of the offered times, on the terms it was offered on. Raises Refused("offer_over") when it is no
    longer held, SwitchedOff when somebody switched off or closed what it needs.
    """
    with core.change(consultation, "accept", origin) as change:
        own = times.lock_all(change.consultation)
        chosen = next((row for row in own if row.pk == appointment_id and row.is_offer), None)
        if chosen is None or not times.book_held(change, chosen):
            raise Refused("offer_over", "That time is no longer held for you. You can ask for other times.")
        times.refuse_off(change, chosen)
        times.release(own, keep=chosen)
        come_back_if_too_near(change, chosen)
        visit_mail.tell_confirmed(change, chosen, note=None)
    return change.consultation


@verb
def confirm(
    consultation: ConsultationRequest,
    origin: Origin,
    *,
    slot: Slot | None = None,
    note: str = "",
    although: Collection[str] = (),
) -> ConsultationRequest:
    """Book a time for the client: `slot`, or the time they asked for.

    What was held keeps its terms, any other time takes those of its kind. `although` has the codes of bookings/against.py
    that staff have agreed to. Raises SlotTaken, SwitchedOff, Refused("no_time",
    "past" or "no_fee_text").
    """
    with core.change(consultation, "confirm", origin) as change:
        fresh = change.consultation
        slot = slot or _wish(fresh, origin.now)
        if slot is None:
            raise Refused("no_time", "No time was asked for. Choose one.")
        if slot.start <= origin.now:
            raise Refused("past", "That time has passed. Choose another.")
        own = times.lock_all(fresh, [slot.practitioner_id])
        judged = times.refuse_closed(change, slot, although=times.agreed(own, slot, although))
        held = times.at(own, slot)
        if held is not None and times.book_held(
            change, held, although=judged, terms=fee_text.agreed(change, held.terms)
        ):
            times.release(own, keep=held)
            booked = held
        else:
            times.release(own)
            terms = fee_text.agreed(change, times.agreed_before(fresh))
            booked = times.occupy(change, slot, state=Appointment.State.BOOKED, terms=terms, although=judged)
        visit_mail.tell_confirmed(change, booked, note=add_advice(change, note))
    return change.consultation


@verb
def decline(
    consultation: ConsultationRequest, origin: Origin, *, reason: str, note: str = ""
) -> ConsultationRequest:
    """Say no, kindly and with a reason. The client reads `note` behind their link; nobody is told about spam.

    Raises Refused("pressing") for whoever must be rung today, if they are to hear nothing and no clinician decides it.
    """
    why = DeclineReason(reason)
    with core.change(consultation, "decline", origin) as change:
        silent = why in (DeclineReason.SPAM, DeclineReason.UNREACHABLE)
        if silent and change.consultation.is_pressing and not origin.actor.reads_health:
            raise Refused("pressing", "They must be reached today: a clinician decides what follows.")
        gone = None if why == DeclineReason.SPAM else visit_mail.untold_displacement(change.consultation)
        close(change)
        change.reason = why
        change.set(decline_reason=why)
        if gone is not None:
            visit_mail.tell_gone(change, gone)
        written = add_advice(change, note)
        if decline_mails.template(why):
            outbox.queue(
                change.consultation,
                "declined",
                now=origin.now,
                not_before=change.mails_go,
                facts={"reason": why.value},
                note=written,
            )
    return change.consultation


@verb
def lapse(consultation: ConsultationRequest, origin: Origin) -> ConsultationRequest:
    """The clock: an offer ran out, or a question stayed unanswered past its deadline and one reminder.

    Whoever had a visit that we took from them is not closed: see `take_up` in displacement.py. Raises Refused("not_due").
    """
    with core.change(consultation, "lapse", origin) as change:
        # The swap has already emptied the deadline of the fresh row, so ask the one that the caller read.
        if change.consultation.displaced_at is not None or not is_unanswered(consultation, origin.now):
            raise Refused("not_due", "It is not time to close this yet.")
        close(change)
        change.reason = "offer_ended" if change.before == Status.OFFERED else "no_answer"
        outbox.queue(change.consultation, "lapsed", now=origin.now, facts={"reason": change.reason})
    return change.consultation


def is_unanswered(consultation: ConsultationRequest, now: datetime) -> bool:
    """Has the offer, or the time for an answer, run out?"""
    if consultation.status == Status.OFFERED:
        return consultation.offer_expires_at is not None and consultation.offer_expires_at <= now
    if consultation.answer_due_at is None or consultation.answer_due_at > now:
        return False
    # Nobody's request is closed without a reminder: it must have gone at least a day ago, or have failed for good.
    states = Message.State
    reminder = consultation.messages.filter(kind="answer_reminder").order_by("-id").first()
    if reminder is None or reminder.state in (states.FAILED, states.DROPPED):
        return True
    return reminder.sent_at is not None and reminder.sent_at <= now - limits.reminders.LAPSE_AFTER_REMINDER


# --- shared -----------------------------------------------------------------------------------------------------------


def _free_times(change: Change) -> None:
    times.release(times.lock_all(change.consultation))
    change.set(hold_until=None)


def _pause_promise(change: Change) -> None:
    """Keep what is left of the promise, in opening minutes. During an offer none runs, so a whole one is kept."""
    consultation, place = change.consultation, change.clinic
    due = consultation.promise_due_at
    left = place.open_minutes(change.now, due) if due else place.rules.promise_minutes
    change.set(promise_due_at=None, promise_minutes_left=left)


def _resume_promise(change: Change) -> None:
    """A new promise: what was left, but never less than a quarter of a whole one."""
    consultation, place = change.consultation, change.clinic
    whole = place.rules.promise_minutes
    left = (
        whole
        if consultation.promise_minutes_left is None
        else max(consultation.promise_minutes_left, whole // 4)
    )
    due = place.deadline(place.after_open_minutes(change.now, left))
    change.set(promise_due_at=due, promise_minutes_left=None)


def _wish(consultation: ConsultationRequest, now: datetime) -> Slot | None:
    """The time that the client asked for: as it is held, or with whoever they chose, or with anyone who is free then."""
    held = consultation.appointments.held().filter(is_offer=False).order_by("-id").only(*times.SLOT).first()
    if held is not None:
        return times.slot_of(held)
    if consultation.wished_start is None:
        return None
    wanted = visits.wanted_by(consultation, consultation.wished_practitioner_id)
    if consultation.wished_practitioner_id is not None:
        return wanted.slot(consultation.wished_practitioner_id, consultation.wished_start)
    return any_practitioner.choose(free.free_at(wanted, consultation.wished_start, now=now), wanted.concerns)
