"""What stands between Send and us: fields that nobody sees, speed, and how much one network or address may send."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.http import HttpRequest

from bookings import limits
from bookings.client.form import drafts
from bookings.client.form.drafts import OpenDraft
from bookings.client.form.questions import CheckForm
from bookings.queries.clinic import Clinic
from clinic.foundation import throttle, when
from clinic.foundation.addresses import mailbox
from clinic.foundation.network import client_address, network_of


def suspicion(form: CheckForm, draft: OpenDraft, now: datetime) -> str:
    """Which guard this trips: the field that nobody sees, or sending again at once after being told "too quick"."""
    if form.cleaned_data.get("website") or draft.data.trapped:
        return "honeypot"
    warned_at = draft.data.asked_to_look
    return "too_fast" if warned_at and now - warned_at < timedelta(seconds=limits.bots.REPEAT_SECONDS) else ""


def too_quick(draft: OpenDraft, form: CheckForm, now: datetime) -> bool:
    """Whether the client is to look once more. We never say "sent" to somebody whose request nobody will read."""
    warned_at = draft.data.asked_to_look
    if warned_at is None:
        quick = now - draft.row.started_at < timedelta(seconds=limits.bots.HUMAN_SECONDS)
    else:
        quick = now - warned_at < timedelta(seconds=limits.bots.LOOK_SECONDS)
    if quick:
        draft.data = replace(draft.data, asked_to_look=now, agreed=form.given())
        drafts.save(draft, now)
    return quick


def within_limits(request: HttpRequest, draft: OpenDraft, place: Clinic, now: datetime) -> bool:
    """Whether this draft may be sent. Each draft counts once, however often its time turns out to be taken."""
    rules = place.rules
    if draft.data.counted:
        return True
    network = network_of(client_address(request))
    with transaction.atomic():  # three statements, and one wait for the disk
        allowed = throttle.allow(
            "request-network", network, limit=rules.requests_per_network_hour, window=when.HOUR, now=now
        ) and throttle.allow(
            "request-address",
            mailbox(draft.data.email),
            limit=rules.requests_per_address_day,
            window=when.DAY,
            now=now,
        )
        if allowed:
            draft.data = replace(draft.data, counted=True)
            drafts.remember(draft)
    return allowed
