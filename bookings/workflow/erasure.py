"""Erasing a request: the person goes, and the bare line of what happened stays."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from bookings import links, outbox
from bookings.models import (
    Answers,
    Appointment,
    Consent,
    ConsultationRequest,
    Draft,
    Event,
    Message,
    Note,
    Plan,
    Presence,
    SupportNeeds,
    VisitQuestion,
    WishWindow,
)
from bookings.queries import plans
from bookings.states import LIVE, OPEN, TABLE, CancelReason, Status, Who
from bookings.workflow import core, times
from bookings.workflow.closing import close
from bookings.workflow.core import Actor, Origin, verb
from bookings.workflow.visit import cancel_visit
from clinic.foundation import sqlite

log = logging.getLogger(__name__)


@verb
def erase(consultation: ConsultationRequest, origin: Origin) -> ConsultationRequest:
    """Remove every personal word of a request. A live one is ended first, in the same transaction, and says so in its facts.

    What stays: reference, status, times, codes of verbs and events. Nobody is mailed: the address is gone. What was merged
    into it goes with it, and so do sessions of its plan for which no time is booked: those that are, and visits that took
    place, are erased by themselves.
    """
    with core.change(consultation, "erase", origin) as change:
        fresh = change.consultation
        if change.before == Status.CONFIRMED:
            visit = fresh.appointments.booked().select_related("consultation_type").get()
            why = CancelReason.CLIENT_REQUEST if origin.actor.kind == Who.CLIENT else CancelReason.OTHER
            cancel_visit(change, visit, why)
        elif change.before != fresh.status:
            close(change)
        times.lock_all(fresh)
        along = [
            *fresh.merged.filter(erased_at=None),
            *plans.sessions_of(fresh).filter(status__in=OPEN),
        ]  # read while the plan is there
        _empty([fresh.pk], origin.now)
        change.set(**_NOBODY, erased_at=origin.now)
        for one in along:
            erase(one, Origin(replace(origin.actor, press=""), origin.now))
        transaction.on_commit(lambda: _note_outside([fresh.reference]))
        transaction.on_commit(sqlite.truncate_log)
    return change.consultation


def erase_past(seen: Mapping[int, int], *, now: datetime) -> int:
    """The clock: erase these requests in one transaction, but for those that are left to the verb; return how many.

    `seen` gives the version of each, by its key, when it was found to be due: one that somebody has changed since is left
    alone, and so is one that somebody is changing now. Does the same as `erase`, in about twenty-five statements however
    many there are. No practitioner is locked: nobody else asks for a time that is past.
    """
    with transaction.atomic():
        mine = ConsultationRequest.objects.select_for_update(of=("self",), skip_locked=True)
        mine = mine.filter(~left_to_the_verb(now), pk__in=list(seen), erased_at=None)
        found = list(mine.order_by("pk").only("pk", "reference", "status", "version"))
        due = [consultation for consultation in found if consultation.version == seen[consultation.pk]]
        keys = [consultation.pk for consultation in due]
        _empty(keys, now)
        live = [consultation.pk for consultation in due if consultation.status in LIVE]
        Appointment.objects.occupying().filter(request__in=live).update(state=Appointment.State.RELEASED)
        for status in {consultation.state for consultation in due}:
            same = [consultation.pk for consultation in due if consultation.state == status]
            changes = _NOBODY | _ended(status, now)
            ConsultationRequest.objects.filter(pk__in=same).update(
                **changes, erased_at=now, version=F("version") + 1
            )
        Event.objects.bulk_create(_event(consultation, now) for consultation in due)
        transaction.on_commit(lambda: _note_outside([consultation.reference for consultation in due]))
    return len(due)


def _note_outside(references: Collection[str]) -> None:
    """Write it to the log, outside the database: whoever restores an older copy can tell from it whom to erase again.

    Not by their ids: in such a copy another request may get the same id.
    """
    for reference in references:
        log.info("Request %s was erased", reference)


def left_to_the_verb(now: datetime) -> Exists | Q:
    """A filter for requests: those that `erase` itself erases, one by one.

    They hold or have booked a time that is not over; or sessions of their plan go along, because no time is booked for them.
    """
    ahead = Exists(Appointment.objects.occupying().filter(request=OuterRef("pk"), ends_at__gt=now))
    sessions = ConsultationRequest.objects.filter(session_of__plan__request=OuterRef("pk"), status__in=OPEN)
    return ahead | Exists(sessions)


def _ended(status: Status, now: datetime) -> dict[str, Any]:
    """The fields that change when a live request is erased; none for one that had already ended."""
    if status not in LIVE:
        return {}
    over: dict[str, Any] = {
        "closed_at": now,
        "promise_due_at": None,
        "promise_minutes_left": None,
        "hold_until": None,
        "displaced_at": None,
    }
    over |= {"offer_expires_at": None, "answer_due_at": None, "status": _after(status)}
    return over | ({"cancel_reason": CancelReason.OTHER} if status == Status.CONFIRMED else {})


def _after(status: Status) -> Status:
    return TABLE["erase"].moves[status][0]


def _event(consultation: ConsultationRequest, now: datetime) -> Event:
    clock = Actor.clock()
    return Event(
        request=consultation,
        verb="erase",
        from_status=consultation.status,
        to_status=_after(consultation.state),
        version=consultation.version + 1,
        actor_kind=clock.kind,
        actor_label=clock.label,
        at=now,
        reason=CancelReason.OTHER if consultation.status == Status.CONFIRMED else "",
    )


# What the fields that say whose a request was are set to.
_NOBODY: dict[str, Any] = {
    "name": "Erased",
    "name_to_use": "",
    "email": "erased@invalid.invalid",
    "phone": "",
    "name_search": "",
    "email_search": "",
    "mailbox": "",
    "phone_search": "",
    "time_zone": "",
    "phone_only": False,
    "call_topic": "",
    "follow_up_on": None,
    "sleeps_until": None,
    "answers_digest": "",
    "needs_clinician": False,
    "same_day_call": False,
    "urgent": False,
}


def _empty(keys: Collection[int], now: datetime) -> None:
    """Delete everything beside the rows themselves that says who the clients of these requests (by key) were."""
    links.revoke_of(keys, now)
    ConsultationRequest.concerns.through.objects.filter(consultationrequest__in=keys).delete()
    ConsultationRequest.tags.through.objects.filter(consultationrequest__in=keys).delete()
    for rows in (WishWindow, Consent, Answers, SupportNeeds, VisitQuestion, Presence):
        rows.objects.filter(request__in=keys).delete()
    Plan.objects.filter(request__in=keys).only("pk").delete()
    # Read only the primary keys: notes that can no longer be decrypted must go as well.
    Note.objects.filter(request__in=keys).only("pk").delete()
    # By its id: sending may have been interrupted before the draft was marked.
    Draft.objects.filter(pk__in=ConsultationRequest.objects.filter(pk__in=keys).values("draft_id")).delete()
    mails = Message.objects.filter(request__in=keys)
    mails.filter(state__in=outbox.OWED).update(state=Message.State.DROPPED, problem="the request was erased")
    mails.update(to="erased@invalid.invalid", mailbox="", body="", facts={}, note=None)
