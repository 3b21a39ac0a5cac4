"""Taking something back while a worker or the client reaches for it. Every function runs in a process of the crew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.contrib.auth.models import User

from bookings import in_hand
from bookings.models import ConsultationRequest, Undo
from bookings.workflow import reply, wait
from bookings.workflow.core import Actor, Origin
from bookings.workflow.undo import undo
from tests.factories import NOW
from tests.races import moves
from tests.races.crew import Seat
from tests.races.jobs import outcome_of

END = NOW + timedelta(minutes=3)
# Dee's clock is a moment behind the worker's: for her the wait is not over yet.
SOON = END - timedelta(milliseconds=1)


def confirmed(seat: Seat, starts: Sequence[tuple[int, datetime]]) -> list[int]:
    """A request for each numbered start, confirmed a moment ago; no other mail of it is left to go. Their keys."""
    keys = [key for _, key in moves.prepare(seat, "new", starts)]
    with _three_minutes():
        for key in keys:
            consultation = ConsultationRequest.objects.get(pk=key)
            reply.confirm(consultation, Origin(_dee(), NOW))
            consultation.messages.exclude(kind="confirmed").filter(not_before__lte=END).update(state="sent")
    return keys


def take_back_or_claim(seat: Seat, keys: Sequence[int]) -> list[str]:
    """Left: Dee takes back each. Right: a worker claims a mail. What came of it."""
    told = []
    for key in keys:
        consultation = ConsultationRequest.objects.get(pk=key)
        seat.both()
        if seat.is_left:
            told.append(outcome_of(partial(undo, consultation, Origin(_dee(), SOON))).what)
        else:
            told.append(
                "claimed" if in_hand.claim(now=END, worker=f"worker {seat.number}") else "nothing due"
            )
    return told


def take_back_or_see(seat: Seat, keys: Sequence[int]) -> list[str]:
    """Left: Dee takes back each. Right: Cleo's page was made from the confirmed request, and is about to be sent."""
    told = []
    for key in keys:
        consultation = ConsultationRequest.objects.get(pk=key)
        seat.both()
        if seat.is_left:
            told.append(outcome_of(partial(undo, consultation, Origin(_dee(), SOON))).what)
        else:
            with _three_minutes():
                told.append("seen" if wait.seen_by_client(consultation, SOON) else "made again")
    return told


def left_behind(keys: Sequence[int]) -> list[tuple[str, str, bool]]:
    """Of each request its status, the state of its confirmation, and whether it can still be taken back."""
    rows = []
    for key in keys:
        consultation = ConsultationRequest.objects.get(pk=key)
        mail = consultation.messages.get(kind="confirmed")
        state = "in hand" if mail.leased_by else mail.state
        rows.append((consultation.status, state, Undo.objects.filter(request=consultation).exists()))
    return rows


@contextmanager
def _three_minutes() -> Iterator[None]:
    """Mails wait here, as they do nowhere else in the races."""
    settings.UNDO_MINUTES = 3
    try:
        yield
    finally:
        settings.UNDO_MINUTES = 0


def _dee() -> Actor:
    return Actor.staff(User.objects.get(username="dee"))
