"""A request is made, proved, withdrawn; a suspected one is rescued or discarded."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction

from bookings import outbox, triage
from bookings.models import (
    Answers,
    Appointment,
    Consent,
    ConsultationRequest,
    ConsultationType,
    Draft,
    Note,
    Practitioner,
    SupportNeeds,
    WishWindow,
)
from bookings.queries.client import kind_with, other_holds, sent_with
from bookings.queries.clinic import Clinic, clinic
from bookings.queries.off import Off
from bookings.queries.slots import Wanted
from bookings.states import ASK_AGAIN_FROM, DeclineReason, Status, Who
from bookings.workflow import core, fee_text, times, visit_mail
from bookings.workflow.closing import close
from bookings.workflow.core import Change, Origin, add_note, last_event, record, verb
from bookings.workflow.errors import DifferentAnswers, NotAllowed, Refused, RequestsClosed, SwitchedOff
from bookings.workflow.submission import Submission, search_columns
from content.models import Concern, Page

# Letters and digits that are not mistaken for one another when read out on the phone.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
REFERENCE_LENGTH = 5
# Five letters make 24 million references. With a million requests, one in twenty-four draws meets one that is taken; five in
# a row do so once in eight million.
REFERENCES_DRAWN = 5
_Row = TypeVar("_Row", bound=models.Model)

# --- made -------------------------------------------------------------------------------------------------------------


@verb
def submit(submission: Submission, origin: Origin, *, suspicion: str = "") -> ConsultationRequest:
    """Make a request; hold the chosen time; queue the mail. Sending the same draft again returns the same request.

    `suspicion` names the bot guard that caught it: then nothing is held and nobody is told. It is ignored where the
    answers call for a phone call today or for urgent help.

    Raises SlotTaken when the time has gone and SwitchedOff when it can no longer be had (nothing is stored),
    DifferentAnswers when something else was sent under this draft, and RequestsClosed for a client while the clinic
    takes no requests (the desk still may).
    """
    return _once(submission, lambda: _submit(submission, origin, suspicion))


def _submit(submission: Submission, origin: Origin, suspicion: str) -> ConsultationRequest:
    now = origin.now
    place = clinic(now)
    if origin.actor.kind == Who.CLIENT and place.shut and place.shut.to(_begun(submission)):
        raise RequestsClosed
    found = _flags(submission)
    if found.same_day or found.urgent:
        suspicion = ""  # better to let a robot in than to leave somebody without a call
    status = Status.SUSPECTED if suspicion else Status.NEW
    change = _create(submission, "submit", status, origin, suspicion)
    change.clinic = place  # it need not be read again
    is_session = change.consultation.consultation_type.purpose == ConsultationType.Purpose.SESSION
    if origin.actor.kind == Who.CLIENT and is_session:
        raise SwitchedOff([Off.TYPE], "That cannot be asked for here. Please choose again, or call us.")
    if not suspicion:
        change.set(promise_due_at=place.promise_from(now, wish=submission.start))
        if submission.start is None:
            times.refuse_wish(_wanted(change, submission), None)
        hold = _hold_wish(change, submission, place)
        _tell_received(change, hold, place)
        change.consultation.save(update_fields=sorted(change.changed))
    record(change)
    # So that whoever comes back to the draft is told that we have it.
    Draft.objects.filter(pk=submission.draft_id).update(sent_as=change.consultation)
    return change.consultation


def _begun(submission: Submission) -> datetime | None:
    """When the draft began that is sent; None for what came past the form."""
    drafts = Draft.objects.filter(pk=submission.draft_id).values_list("started_at", flat=True)
    return drafts.first()


@verb
def book(submission: Submission, origin: Origin, *, although: Collection[str] = ()) -> ConsultationRequest:
    """Staff, for someone on the phone: submit and confirm in one, with one mail. Raises SlotTaken, Refused.

    `although` has the codes of bookings/against.py that they have agreed to.
    """
    return _once(submission, lambda: _book(submission, origin, although))


def _book(submission: Submission, origin: Origin, although: Collection[str]) -> ConsultationRequest:
    if submission.start is None or submission.practitioner_id is None:
        raise Refused("no_time", "Choose a time and a practitioner.")
    change = _create(submission, "book", Status.CONFIRMED, origin, "")
    times.lock([submission.practitioner_id])
    slot = _wanted(change, submission).slot(submission.practitioner_id, submission.start)
    if slot.start <= origin.now:
        raise Refused("past", "Choose a time that is still to come.")
    judged = times.refuse_closed(change, slot, although=although)
    terms = fee_text.agreed(change)
    appointment = times.occupy(change, slot, state=Appointment.State.BOOKED, terms=terms, although=judged)
    visit_mail.tell_confirmed(change, appointment, note=None)
    change.consultation.save()
    record(change)
    return change.consultation


@verb
def ask_again(
    consultation: ConsultationRequest, origin: Origin, *, submission: Submission
) -> ConsultationRequest:
    """A new request that follows a closed one. Contact details come along in `submission`; old health answers never do.

    Raises NotAllowed when the old request is not closed, Refused when it was erased.
    """
    if consultation.status not in ASK_AGAIN_FROM:
        raise NotAllowed(consultation, last_event(consultation), origin.now)
    if consultation.erased_at is not None or consultation.decline_reason == DeclineReason.UNDER_18:
        raise Refused("erased", "Please start a new request.")
    return submit(submission, origin)


def _once(
    submission: Submission, make: Callable[[], ConsultationRequest], *, draws: int = REFERENCES_DRAWN
) -> ConsultationRequest:
    """Make the request in one transaction, or return the one that this draft has already become. `draws`: how often it is
    tried. Raises IntegrityError if each try broke a rule of the database.
    """
    sent = _already_sent(submission)
    if sent is not None:
        return sent
    try:
        with transaction.atomic():
            return make()
    except IntegrityError:
        if draws == 1:
            raise
    # Either the same draft was being sent at the same moment and the other one won, which is found now; or another request
    # has the reference that was drawn, and another is drawn.
    return _once(submission, make, draws=draws - 1)


def _already_sent(submission: Submission) -> ConsultationRequest | None:
    sent = sent_with(submission.draft_id)
    if sent is not None and not hmac.compare_digest(sent.answers_digest, submission.digest()):
        raise DifferentAnswers(sent)
    return sent


def _flags(submission: Submission) -> triage.Triage:
    return triage.flags(
        applies=submission.answers.get("applies", ()),
        concerns=submission.concerns,
        text=submission.answers.get("anything_else", ""),
    )


def _create(submission: Submission, name: str, status: Status, origin: Origin, suspicion: str) -> Change:
    """Write the request's rows. The caller adds times, mails and the event in the same transaction."""
    now = origin.now
    kind = kind_with(submission.consultation_type_id)
    if kind is None:
        raise ConsultationType.DoesNotExist
    found = _flags(submission)
    consultation = ConsultationRequest(
        reference=new_reference(),
        status=status,
        created_at=now,
        draft_id=submission.draft_id,
        answers_digest=submission.digest(),
        consultation_type=kind,
        wished_practitioner=_known(Practitioner, submission.practitioner_id),
        wished_start=submission.start,
        name=submission.name,
        name_to_use=submission.name_to_use,
        email=submission.email,
        phone=submission.phone,
        contact_by=submission.contact_by,
        may_leave_message=submission.may_leave_message,
        time_zone=submission.time_zone,
        needs_clinician=found.needs_clinician,
        same_day_call=found.same_day,
        urgent=found.urgent,
        # A page that was deleted meanwhile is no reason to lose a request. Nor is a practitioner, above.
        source_page=_known(Page, submission.source_page_id),
        follows_id=submission.follows_id,
        suspicion=suspicion,
        **search_columns(submission.name, submission.email, submission.phone),
    )
    consultation.save(force_insert=True)
    _keep_answers(consultation, submission.answers)
    _keep_choices(consultation, submission, now)
    return Change(consultation, name, origin, before="")


def _keep_choices(consultation: ConsultationRequest, submission: Submission, now: datetime) -> None:
    """What it is about, which times would suit, and what was agreed to."""
    known = Concern.objects.filter(code__in=submission.concerns)
    consultation.concerns.add(*known.values_list("pk", flat=True))
    WishWindow.objects.bulk_create(
        [WishWindow(request=consultation, weekday=day, part=part) for day, part in submission.windows]
    )
    Consent.objects.bulk_create(
        [
            Consent(request=consultation, kind=k, version=v, given=given, at=now)
            for k, v, given in submission.consents
        ]
    )


def _known(model: type[_Row], key: int | None) -> _Row | None:
    """The row with this key, if there still is one."""
    return model._default_manager.filter(pk=key).first() if key else None


def _keep_answers(consultation: ConsultationRequest, answers: Mapping[str, Any]) -> None:
    """The health answers in one row; the support they need, if any, in another: all of the desk reads that."""
    support = {key: answers[key] for key in ("support", "support_note") if answers.get(key)}
    health = {key: value for key, value in answers.items() if not key.startswith("support")}
    Answers.objects.create(request=consultation, data=health)
    if support:
        SupportNeeds.objects.create(request=consultation, data=support)


def new_reference() -> str:
    """Drawn at random. The column is unique: two that are drawn at the same moment are told apart only there (`_once`)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(REFERENCE_LENGTH))


# --- the wish and its hold --------------------------------------------------------------------------------------------


def _hold_wish(change: Change, submission: Submission, place: Clinic) -> Appointment | None:
    """Hold the chosen time until the client opens the mail. Raises Overlap when it has gone.

    Beyond `holds_per_address` the wish is kept without a hold, so that nobody can fill the calendar from one address.
    """
    consultation = change.consultation
    if submission.start is None:
        return None
    until = min(change.now + timedelta(minutes=place.rules.unproved_hold_minutes), submission.start)
    times.lock_mailbox(consultation.mailbox)
    wanted = _wanted(change, submission)
    slot = times.pick(wanted, submission.start, place, now=change.now)
    if until <= change.now or other_holds(consultation, change.now) >= place.rules.holds_per_address:
        return None
    appointment = times.occupy(change, slot, state=Appointment.State.HELD, held_until=until, wanted=wanted)
    change.set(hold_until=until)
    change.fact(appointment=appointment.pk, start=slot.start.isoformat(), held_until=until.isoformat())
    return appointment


def _wanted(change: Change, submission: Submission) -> Wanted:
    return Wanted(
        kind=change.consultation.consultation_type,
        practitioner_id=submission.practitioner_id,
        concerns=submission.concerns,
    )


def _tell_received(change: Change, hold: Appointment | None, place: Clinic) -> None:
    consultation, now = change.consultation, change.now
    facts = hold_facts(consultation, hold, place)
    # With a rescue it is staff who have decided that this is a person.
    by_staff = change.actor.kind == Who.STAFF
    reminders = []
    if hold is not None and consultation.hold_until is not None:
        halfway = now + (consultation.hold_until - now) / 2
        reminders = [outbox.Reminder("prove_reminder", halfway, facts)]
    outbox.queue(
        consultation,
        "received",
        now=now,
        not_before=change.mails_go,
        facts=facts,
        by_staff=by_staff,
        reminders=reminders,
    )
    if place.rules.alert_email:
        outbox.queue(consultation, "staff_alert", now=now, to=place.rules.alert_email)


def hold_facts(
    consultation: ConsultationRequest, hold: Appointment | None, place: Clinic
) -> dict[str, str | None]:
    """What the first mail says of a held time: when it is, until when it is held, and until when once the link is opened."""
    until, promised = consultation.hold_until, consultation.promise_due_at
    kept = place.hold_until(hold.starts_at, promised) if hold and promised else None
    return {
        "start": hold.starts_at.isoformat() if hold else None,
        "held_until": until.isoformat() if hold and until else None,
        "kept_until": kept.isoformat() if kept else None,
    }


@verb
def prove(consultation: ConsultationRequest, origin: Origin) -> ConsultationRequest:
    """The client opened their link: the address is theirs. A held time now stays until a working day after the
    promise.
    """
    now = origin.now
    with core.change(consultation, "prove", origin) as change:
        fresh = change.consultation
        held = next((row for row in times.lock_all(fresh) if (row.held_until or now) > now), None)
        if held is not None and _proved_holds_of(fresh, now) < change.clinic.rules.holds_per_address:
            until = change.clinic.hold_until(held.starts_at, max(fresh.promise_due_at or now, now))
            if until > (held.held_until or now):
                held.held_until = until
                held.save(update_fields=["held_until"])
                change.set(hold_until=until)
                change.fact(held_until=until.isoformat())
        outbox.withdraw(fresh, ["prove_reminder"], now=now, why="the address is proved")
    return change.consultation


def _proved_holds_of(consultation: ConsultationRequest, now: datetime) -> int:
    return (
        ConsultationRequest.objects.filter(
            mailbox=consultation.mailbox,
            status=Status.NEW,
            email_proved_at__isnull=False,
            hold_until__gt=now,
        )
        .exclude(pk=consultation.pk)
        .count()
    )


@verb
def release_time(consultation: ConsultationRequest, origin: Origin) -> ConsultationRequest:
    """The hold is over, or staff cannot keep the time. The wish stays, and the request stays new: the clinic's silence
    closes nothing. Nobody is mailed. Raises Refused("still_held" by the clock, or "nothing").
    """
    with core.change(consultation, "release_time", origin) as change:
        until = change.consultation.hold_until
        if until is None:
            raise Refused("nothing", "No time is held any more.")
        if origin.actor.kind == Who.CLOCK and until > origin.now:
            raise Refused("still_held", "The time is still held.")
        times.release(times.lock_all(change.consultation))
        change.set(hold_until=None)
        outbox.withdraw(change.consultation, ["prove_reminder"], now=origin.now, why="the hold is over")
    return change.consultation


# --- withdrawn --------------------------------------------------------------------------------------------------------


@verb
def withdraw(consultation: ConsultationRequest, origin: Origin, *, text: str = "") -> ConsultationRequest:
    """The client no longer wants this. Frees every time it holds."""
    with core.change(consultation, "withdraw", origin) as change:
        close(change)
        if text:
            add_note(change, Note.Kind.REASON, text)
        outbox.queue(change.consultation, "withdrawn", now=origin.now)
    return change.consultation


# --- suspected --------------------------------------------------------------------------------------------------------


@verb
def rescue(consultation: ConsultationRequest, origin: Origin) -> ConsultationRequest:
    """A person after all: the promise starts now and the received mail goes out. Nothing is held."""
    with core.change(consultation, "rescue", origin) as change:
        place = clinic(origin.now)
        change.set(promise_due_at=place.promise_from(origin.now), suspicion="")
        _tell_received(change, None, place)
    return change.consultation


@verb
def discard(consultation: ConsultationRequest, origin: Origin) -> ConsultationRequest:
    """A bot: closed as spam, nobody is told."""
    with core.change(consultation, "discard", origin) as change:
        change.reason = DeclineReason.SPAM
        change.set(decline_reason=DeclineReason.SPAM, closed_at=origin.now)
    return change.consultation
