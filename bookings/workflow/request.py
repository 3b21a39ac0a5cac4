"""A request is made, proved, added to, withdrawn; a suspected one is rescued or discarded."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from bookings import links, outbox, triage
from bookings.availability import Slot
from bookings.models import (
    Answers,
    Appointment,
    Consent,
    ConsultationRequest,
    ConsultationType,
    Note,
    WishWindow,
)
from bookings.queries.clinic import Clinic, clinic
from bookings.table import ASK_AGAIN_FROM, DeclineReason, Status, Who
from bookings.workflow import times, visit_mail
from bookings.workflow.core import Act, Actor, last_event, record, verb
from bookings.workflow.core import act as acting
from bookings.workflow.errors import DifferentAnswers, NotAllowed, Refused
from clinic.foundation.text import fold
from content.models import Concern, Page

# Letters and digits that are not mistaken for one another when read out on the phone.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_REFERENCE_LENGTH = 5

Window = tuple[int | None, str]


@dataclass(frozen=True)
class Submission:
    """Everything a client sends, validated by the forms. Times are UTC; the phone number is E.164 or empty."""

    draft_id: uuid.UUID
    consultation_type_id: int
    name: str
    email: str
    answers: dict[str, Any]
    practitioner_id: int | None = None  # None: any
    start: datetime | None = None
    windows: tuple[Window, ...] = ()  # (weekday or None for any, part of the day)
    name_to_use: str = ""
    phone: str = ""
    contact_by: str = "email"
    may_leave_message: bool = False
    time_zone: str = ""
    consents: tuple[tuple[str, str, bool], ...] = ()  # (kind, version, given)
    source_page_id: int | None = None
    follows_id: int | None = None
    concerns: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "concerns", tuple(sorted(self.answers.get("concerns", ()))))

    def digest(self) -> str:
        """A keyed digest of the content: tells "sent again" from "something else", and says nothing about the answers."""
        text = json.dumps(asdict(self), sort_keys=True, default=str)
        return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


# --- made -------------------------------------------------------------------------------------------------------------


@verb
def submit(
    submission: Submission, *, actor: Actor, now: datetime, suspicion: str = ""
) -> ConsultationRequest:
    """Make a request; hold the chosen time; queue the mail. Sending the same draft again returns the same request.

    `suspicion` names the bot guard that caught it: then nothing is held and nobody is told. Raises SlotTaken
    when the time has gone (nothing is stored), DifferentAnswers when something else was sent under this draft.
    """
    return _once(submission, lambda: _submit(submission, actor, now, suspicion))


def _submit(submission: Submission, actor: Actor, now: datetime, suspicion: str) -> ConsultationRequest:
    status = Status.SUSPECTED if suspicion else Status.NEW
    doing = _create(submission, "submit", status, actor, now, suspicion)
    if not suspicion:
        place = clinic(now)
        doing.change(promise_due_at=place.promise_from(now))
        hold = _hold_wish(doing, submission, place)
        _tell_received(doing, hold, place)
    doing.request.save()
    record(doing)
    return doing.request


@verb
def book(submission: Submission, *, actor: Actor, now: datetime) -> ConsultationRequest:
    """Staff, for someone on the phone: submit and confirm in one, with one mail. Raises SlotTaken, Refused."""
    return _once(submission, lambda: _book(submission, actor, now))


def _book(submission: Submission, actor: Actor, now: datetime) -> ConsultationRequest:
    if submission.start is None or submission.practitioner_id is None:
        raise Refused("no_time", "Choose a time and a practitioner.")
    doing = _create(submission, "book", Status.CONFIRMED, actor, now, "")
    times.lock([submission.practitioner_id])
    kind = doing.request.consultation_type
    slot = Slot(
        practitioner_id=submission.practitioner_id,
        start=submission.start,
        end=submission.start + timedelta(minutes=kind.minutes),
    )
    if slot.start <= now:
        raise Refused("past", "Choose a time that is still to come.")
    appointment = times.occupy(doing, slot, state=Appointment.State.BOOKED)
    visit_mail.tell_confirmed(doing, appointment, note=None)
    doing.request.save()
    record(doing)
    return doing.request


@verb
def ask_again(
    old: ConsultationRequest, submission: Submission, *, actor: Actor, now: datetime
) -> ConsultationRequest:
    """A new request that follows a closed one. Contact details come along in `submission`; no old health answers do.

    Raises NotAllowed when the old request is not closed, Refused when it was erased.
    """
    if old.status not in ASK_AGAIN_FROM:
        raise NotAllowed(old, last_event(old), now)
    if old.erased_at is not None or old.decline_reason == DeclineReason.UNDER_18:
        raise Refused("erased", "Please start a new request.")
    return submit(submission, actor=actor, now=now)


def _once(submission: Submission, make: Callable[[], ConsultationRequest]) -> ConsultationRequest:
    """Make the request in one transaction, or return the one that this draft has already become."""
    sent = _already_sent(submission)
    if sent is not None:
        return sent
    try:
        with transaction.atomic():
            return make()
    except IntegrityError:
        # The same draft was being sent at the same moment, and the other one won.
        sent = _already_sent(submission)
        if sent is None:
            raise
        return sent


def _already_sent(submission: Submission) -> ConsultationRequest | None:
    sent = ConsultationRequest.objects.filter(draft_id=submission.draft_id).first()
    if sent is not None and not hmac.compare_digest(sent.answers_digest, submission.digest()):
        raise DifferentAnswers(sent)
    return sent


def _create(
    submission: Submission, name: str, status: Status, actor: Actor, now: datetime, suspicion: str
) -> Act:
    """Write the request's rows. The caller adds times, mails and the event in the same transaction."""
    kind = ConsultationType.objects.get(pk=submission.consultation_type_id)
    found = triage.flags(
        applies=submission.answers.get("applies", ()),
        concerns=submission.concerns,
        text=submission.answers.get("anything_else", ""),
    )
    request = ConsultationRequest(
        reference=_new_reference(),
        status=status,
        created_at=now,
        draft_id=submission.draft_id,
        answers_digest=submission.digest(),
        consultation_type=kind,
        wished_practitioner_id=submission.practitioner_id,
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
        # A page that was deleted meanwhile is no reason to lose a request.
        source_page=Page.objects.filter(pk=submission.source_page_id or 0).first(),
        follows_id=submission.follows_id,
        suspicion=suspicion,
        **search_columns(submission.name, submission.email, submission.phone),
    )
    request.save(force_insert=True)
    request.concerns.set(Concern.objects.filter(code__in=submission.concerns))
    Answers.objects.create(request=request, data=submission.answers)
    WishWindow.objects.bulk_create(
        [WishWindow(request=request, weekday=day, part=part) for day, part in submission.windows]
    )
    Consent.objects.bulk_create(
        [
            Consent(request=request, kind=k, version=v, given=given, at=now)
            for k, v, given in submission.consents
        ]
    )
    return Act(request, name, actor, now, before="")


def _new_reference() -> str:
    while True:
        reference = "".join(secrets.choice(_ALPHABET) for _ in range(_REFERENCE_LENGTH))
        if not ConsultationRequest.objects.filter(reference=reference).exists():
            return reference


def search_columns(name: str, email: str, phone: str) -> dict[str, str]:
    """The folded copies that the desk's search reads: every part of the name begins after a space."""
    return {"name_search": f" {fold(name)}"[:140], "email_search": email.casefold(), "phone_search": phone}


# --- the wish and its hold --------------------------------------------------------------------------------------------


def _hold_wish(doing: Act, submission: Submission, place: Clinic) -> Appointment | None:
    """Hold the chosen time until the client opens the mail. Raises Overlap when it has gone.

    Past `holds_per_address` the wish is kept without a hold, so that nobody can fill the calendar with one address.
    """
    request = doing.request
    if submission.start is None:
        return None
    until = min(
        doing.now + timedelta(minutes=place.rules.unproved_hold_minutes), _last_hold(submission.start, place)
    )
    slot = times.pick(
        request.consultation_type,
        submission.start,
        practitioner_id=submission.practitioner_id,
        concerns=known_concerns(submission.concerns),
        now=doing.now,
    )
    if until <= doing.now or _holds_of(request, doing.now) >= place.rules.holds_per_address:
        return None
    appointment = times.occupy(doing, slot, state=Appointment.State.HELD, held_until=until)
    doing.change(hold_until=until)
    doing.fact(appointment=appointment.pk, start=slot.start.isoformat(), held_until=until.isoformat())
    return appointment


def known_concerns(codes: tuple[str, ...] | list[str]) -> list[str]:
    """Those that are rows of the matrix; "not sure" and "something else" fit every practitioner."""
    return list(Concern.objects.filter(code__in=codes).values_list("code", flat=True))


def _last_hold(start: datetime, place: Clinic) -> datetime:
    """Once a time can no longer be offered to anybody, holding it protects nothing."""
    return start - timedelta(hours=place.rules.minimum_notice_hours)


def _holds_of(request: ConsultationRequest, now: datetime) -> int:
    """Other open requests of the same address that hold a time."""
    return (
        Appointment.objects.held()
        .filter(held_until__gt=now, is_offer=False, request__email_search=request.email_search)
        .exclude(request=request)
        .values("request")
        .distinct()
        .count()
    )


def _tell_received(doing: Act, hold: Appointment | None, place: Clinic) -> None:
    request, now = doing.request, doing.now
    facts = {
        "start": hold.starts_at.isoformat() if hold else None,
        "held_until": request.hold_until.isoformat() if hold and request.hold_until else None,
    }
    outbox.queue(request, "received", now=now, facts=facts)
    if hold is not None and request.hold_until is not None:
        outbox.queue(
            request, "prove_reminder", now=now, not_before=now + (request.hold_until - now) / 2, facts=facts
        )
    if place.rules.alert_email:
        outbox.queue(request, "staff_alert", now=now, to=place.rules.alert_email)


@verb
def prove(
    request: ConsultationRequest, *, actor: Actor, now: datetime, version: int | None = None
) -> ConsultationRequest:
    """The client opened their link: the address is theirs. A held time now stays until a working day after the
    promise.
    """
    with acting(request, "prove", actor=actor, now=now, version=version) as doing:
        fresh = doing.request
        held = next((row for row in times.lock_all(fresh) if (row.held_until or now) > now), None)
        if held is not None and _proved_holds_of(fresh, now) < clinic(now).rules.holds_per_address:
            place = clinic(now)
            promised = max(fresh.promise_due_at or now, now)
            # A working day is eight open hours.
            until = min(place.after_open_minutes(promised, 480), _last_hold(held.starts_at, place))
            if until > (held.held_until or now):
                held.held_until = until
                held.save(update_fields=["held_until"])
                doing.change(hold_until=until)
                doing.fact(held_until=until.isoformat())
        outbox.withdraw(fresh, ["prove_reminder"], now=now, why="the address is proved")
    return doing.request


def _proved_holds_of(request: ConsultationRequest, now: datetime) -> int:
    return (
        ConsultationRequest.objects.filter(
            email_search=request.email_search,
            status=Status.NEW,
            email_proved_at__isnull=False,
            hold_until__gt=now,
        )
        .exclude(pk=request.pk)
        .count()
    )


@verb
def release_time(
    request: ConsultationRequest, *, actor: Actor, now: datetime, version: int | None = None
) -> ConsultationRequest:
    """The clock: the hold is over. The wish stays, and the request stays new: the clinic's silence closes nothing."""
    with acting(request, "release_time", actor=actor, now=now, version=version) as doing:
        if doing.request.hold_until is None or doing.request.hold_until > now:
            raise Refused("still_held", "The time is still held.")
        times.lock_all(doing.request)
        times.release(doing.request)
        doing.change(hold_until=None)
        outbox.withdraw(doing.request, ["prove_reminder"], now=now, why="the hold is over")
    return doing.request


# --- added to, corrected, withdrawn -----------------------------------------------------------------------------------


@verb
def add_information(
    request: ConsultationRequest, *, actor: Actor, now: datetime, text: str, version: int | None = None
) -> ConsultationRequest:
    """Keep something more that the client says (or that staff heard on the phone)."""
    with acting(request, "add_information", actor=actor, now=now, version=version) as doing:
        add_note(doing, Note.Kind.INFORMATION, text)
    return doing.request


@verb
def correct_contact(
    request: ConsultationRequest,
    *,
    actor: Actor,
    now: datetime,
    version: int | None = None,
    email: str | None = None,
    phone: str | None = None,
    name: str | None = None,
) -> ConsultationRequest:
    """Change how the client is reached. A new address ends every old link, must be proved, and gets its own mail.

    A client may correct the address once, before it is proved; staff always. Raises Refused("once").
    """
    with acting(request, "correct_contact", actor=actor, now=now, version=version) as doing:
        fresh = doing.request
        moved = email is not None and email != fresh.email
        if actor.kind == Who.CLIENT and (fresh.address_corrected_at or fresh.email_proved_at):
            raise Refused("once", "The address can be changed here once. Please call us to change it again.")
        doing.change(
            name=name if name is not None else fresh.name,
            email=email if email is not None else fresh.email,
            phone=phone if phone is not None else fresh.phone,
        )
        doing.change(**search_columns(fresh.name, fresh.email, fresh.phone))
        doing.fact(address=moved)
        if moved:
            doing.change(email_proved_at=None, address_corrected_at=now)
            _tell_new_address(doing)
    return doing.request


def _tell_new_address(doing: Act) -> None:
    """Old links die, unsent mails to the old address are withdrawn, and the new address is told what holds now."""
    request, now = doing.request, doing.now
    links.revoke_all(request, now)
    pending = list(request.messages.filter(state="queued").exclude(kind="staff_alert"))
    outbox.withdraw(request, None, now=now, why="the address changed")
    for message in pending:
        outbox.queue(
            request,
            message.kind,
            now=now,
            not_before=message.not_before,
            facts=message.facts,
            note=message.note,
        )
    kinds = {message.kind for message in pending}
    if not kinds & {"received", "offered", "confirmed", "changed"}:
        first = request.status == Status.NEW and doing.actor.kind == Who.CLIENT
        outbox.queue(request, "received" if first else "new_link", now=now, facts=_hold_facts(request))


def _hold_facts(request: ConsultationRequest) -> dict[str, str | None]:
    held = request.appointments.held().filter(is_offer=False).first()
    return {
        "start": held.starts_at.isoformat() if held else None,
        "held_until": request.hold_until.isoformat() if held and request.hold_until else None,
    }


@verb
def withdraw(
    request: ConsultationRequest,
    *,
    actor: Actor,
    now: datetime,
    version: int | None = None,
    reason_text: str = "",
) -> ConsultationRequest:
    """The client no longer wants this. Frees every time it holds."""
    with acting(request, "withdraw", actor=actor, now=now, version=version) as doing:
        close(doing)
        if reason_text:
            add_note(doing, Note.Kind.REASON, reason_text)
        outbox.queue(doing.request, "withdrawn", now=now)
    return doing.request


# --- suspected --------------------------------------------------------------------------------------------------------


@verb
def rescue(
    request: ConsultationRequest, *, actor: Actor, now: datetime, version: int | None = None
) -> ConsultationRequest:
    """A person after all: the promise starts now and the received mail goes out. Nothing is held."""
    with acting(request, "rescue", actor=actor, now=now, version=version) as doing:
        place = clinic(now)
        doing.change(promise_due_at=place.promise_from(now), suspicion="")
        _tell_received(doing, None, place)
    return doing.request


@verb
def discard(
    request: ConsultationRequest, *, actor: Actor, now: datetime, version: int | None = None
) -> ConsultationRequest:
    """A bot: closed as spam, nobody is told."""
    with acting(request, "discard", actor=actor, now=now, version=version) as doing:
        doing.reason = DeclineReason.SPAM
        doing.change(decline_reason=DeclineReason.SPAM, closed_at=now)
    return doing.request


# --- shared by the verbs ----------------------------------------------------------------------------------------------


def add_note(doing: Act, kind: str, text: str) -> Note:
    """Keep free text in a row of its own, encrypted."""
    return Note.objects.create(
        request=doing.request,
        kind=kind,
        body=text,
        author_label=doing.actor.label,
        author_id=doing.actor.id,
        at=doing.now,
    )


def close(doing: Act) -> None:
    """What every closing verb owes: all times freed, no promise left, no unsent mail that is no longer true."""
    times.lock_all(doing.request)
    times.release(doing.request)
    doing.change(closed_at=doing.now, promise_due_at=None, promise_minutes_left=None, hold_until=None)
    outbox.withdraw(doing.request, None, now=doing.now, why="the request was closed")
