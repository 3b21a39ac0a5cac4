"""Erasing a request: the person goes, the bare line of what happened stays."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction

from bookings import links
from bookings.models import Answers, Draft, Note
from bookings.models import ConsultationRequest as Request
from bookings.table import CancelReason, Status, Who
from bookings.workflow import times
from bookings.workflow.closing import close
from bookings.workflow.core import Actor, verb
from bookings.workflow.core import act as acting
from bookings.workflow.visit import cancel_visit

log = logging.getLogger(__name__)


@verb
def erase(request: Request, *, actor: Actor, now: datetime, version: int | None = None) -> Request:
    """Remove every personal word of a request. A live one is ended first, in the same transaction, and says so in its facts.

    What stays: reference, status, times, codes of verbs and events. Nobody is mailed: the address is gone.
    """
    with acting(request, "erase", actor=actor, now=now, version=version) as doing:
        fresh = doing.request
        if doing.before == Status.CONFIRMED:
            visit = fresh.appointments.booked().select_related("consultation_type").get()
            why = CancelReason.CLIENT_REQUEST if actor.kind == Who.CLIENT else CancelReason.OTHER
            cancel_visit(doing, visit, why)
        elif doing.before != fresh.status:
            close(doing)
        times.lock_all(fresh)
        _empty(fresh, now)
        doing.change(
            name="Erased",
            name_to_use="",
            email="erased@invalid.invalid",
            phone="",
            name_search="",
            email_search="",
            mailbox="",
            phone_search="",
            time_zone="",
            tags="",
            answers_digest="",
            needs_clinician=False,
            same_day_call=False,
            urgent=False,
            erased_at=now,
        )
        # Outside of the database, for whoever puts back an older copy of it (docs/operations.md, Backups). Not by its id: in
        # such a copy another request may get the same.
        transaction.on_commit(lambda: log.info("Request %s was erased", fresh.reference))
    return doing.request


def _empty(request: Request, now: datetime) -> None:
    links.revoke_all(request, now)
    request.client_sessions.all().delete()
    request.concerns.clear()
    request.windows.all().delete()
    request.consents.all().delete()
    # Only the keys are read: what no key opens any more must go as well.
    Note.objects.filter(request=request).only("pk").delete()
    # By its id: sending may have been interrupted before the draft was marked.
    Draft.objects.filter(pk=request.draft_id).delete()
    Answers.objects.filter(request=request).delete()
    request.messages.exclude(state="queued").update(
        to="erased@invalid.invalid", mailbox="", body="", facts={}, note=None
    )
    request.messages.filter(state="queued").update(
        to="erased@invalid.invalid",
        mailbox="",
        body="",
        facts={},
        note=None,
        state="dropped",
        problem="the request was erased",
    )
