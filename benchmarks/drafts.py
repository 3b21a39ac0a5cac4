"""Drafts of requests that are answered to the end, each with a time of its own: what a client has before pressing Send."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.utils import timezone

from benchmarks.load import ORIGIN, get, post
from bookings import consents, slot_text
from bookings.availability import Slot
from bookings.client.form import drafts, order
from bookings.client.form.draft_data import DraftData
from bookings.models import BookingRules, ConsultationType
from bookings.queries import slots
from bookings.queries.slots import Wanted
from content.models import Concern


class Draft(NamedTuple):
    """A draft, and what its browser sends: the secret as a cookie, from a network of its own."""

    key: str
    secret: str
    network: str

    def page(self, name: str) -> str:
        """The request for one of its pages."""
        path = f"/consultations/request/{name}/?d={self.key}"
        return get(path, Cookie=self._cookies(secrets.token_hex(16)), X_Forwarded_For=self.network)

    def sending(self) -> str:
        """The request that sends it."""
        token = secrets.token_hex(16)  # as long as a token of Django's
        return post(
            f"/consultations/request/check/?d={self.key}",
            urlencode({"csrfmiddlewaretoken": token, consents.HEALTH: consents.version(consents.HEALTH)}),
            Cookie=self._cookies(token),
            X_Forwarded_For=self.network,
            Origin=ORIGIN,
        )

    def _cookies(self, token: str) -> str:
        """What every browser has that has seen a page of its draft: the secret, and the token of its forms."""
        return f"{settings.DRAFT_COOKIE_NAME}={self.secret}; {settings.CSRF_COOKIE_NAME}={token}"


def made(number: int) -> list[Draft]:
    """So many, begun five minutes ago, in the database that is connected. Raises ValueError if it has too few free times."""
    now = timezone.now()
    kind = ConsultationType.objects.get(name="First consultation")
    concern = Concern.objects.values_list("code", flat=True)[0]
    free = list(_apart(Wanted(kind=kind, concerns=(concern,)), now))
    if len(free) < number:
        raise ValueError(f"{len(free)} free times, and {number} are needed")
    return [_draft(one, kind.pk, concern, slot, now) for one, slot in enumerate(free[:number])]


def _apart(wanted: Wanted, now: datetime) -> Iterator[Slot]:
    """Free times of everybody that do not touch each other, rests included."""
    rest = timedelta(minutes=wanted.kind.buffer_before + wanted.kind.buffer_after)
    days = BookingRules.current().horizon_days + 1
    until: dict[int, datetime] = {}
    for slot in slots.slots(wanted, now=now, first_day=now.date(), days=days):
        if slot.start >= until.get(slot.practitioner_id, now):
            until[slot.practitioner_id] = slot.end + rest
            yield slot


def _draft(number: int, kind_id: int, concern: str, slot: Slot, now: datetime) -> Draft:
    data = DraftData(
        adult="yes",
        concerns=[concern],
        areas=["face"],
        treatments=["no_preference"],
        applies=["none"],
        anything_else="It began when I was twenty, and it has not changed for some years.",
        name=f"Cleo Marsh {number}",
        email=f"cleo{number}@example.org",
        contact_by="email",
        type=kind_id,
        practitioner=slot.practitioner_id,
        slot=slot_text.of(slot),
        done=[step.name for step in order.STEPS],
    )
    secret = secrets.token_urlsafe(32)
    draft = drafts.start(secret, data, now - timedelta(minutes=5))
    return Draft(str(draft.row.pk), secret, f"10.{number // 250}.{number % 250}.7")
