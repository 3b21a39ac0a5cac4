"""What time alone brings about: holds that run out, requests that lapse, rows that have served.

`tick(now)` finds what is due and calls the verbs. It is idempotent and safe with several workers: a verb that another worker
said first is a Conflict, which here simply means "done".
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from bookings import links
from bookings.models import (
    Appointment,
    ClientLink,
    ClientSession,
    ConsultationRequest,
    Draft,
    Message,
    WorkerBeat,
)
from bookings.queries.clinic import zone
from bookings.queries.visits import clock_drift
from bookings.table import CLOSED, Status
from bookings.workflow import erasure, reply, request, visit
from bookings.workflow.core import Actor
from bookings.workflow.errors import WorkflowError
from clinic.foundation import press, throttle
from clinic.foundation.signin import guard

log = logging.getLogger(__name__)

# Kept this long, then gone (domain.md section 5, retention; the privacy page says the same).
SUSPECTED_DAYS = 30
UNCONVERTED_DAYS = 183
RECORD_DAYS = 8 * 365 + 2
# A sent mail's text is kept as long as somebody may ask "what did you write to me".
MESSAGE_BODY_DAYS = 183
_NOT_SENT = (Message.State.FAILED, Message.State.DROPPED, Message.State.WITHHELD)
# One tick does so much at a time, so that no worker is away from the mails for long.
BATCH = 200


def tick(now: datetime) -> dict[str, int]:
    """Do everything that is due at `now`; return how many of each."""
    return {
        "released": _say(request.release_time, _holds_over(now), now),
        "lapsed": _say(reply.lapse, _to_lapse(now), now),
        "erased": _say(erasure.erase, _to_erase(now), now),
        "suspected_purged": _purge_suspected(now),
        "rows_purged": _purge_rows(now),
    }


def keep_wall_clocks(now: datetime) -> int:
    """Put booked visits back to the wall-clock time that was agreed, where new zone data has moved it; return how many.

    Zone data is read once a process, so the worker does this when it starts. Whose clocks go forward is done latest first,
    the others earliest first: then nobody is moved onto a neighbour who is yet to move.
    """
    place = zone()
    rows = Appointment.objects.booked().filter(starts_at__gt=now, request__status=Status.CONFIRMED)
    drifted = [(by, row) for row in rows.select_related("request") if (by := clock_drift(row, place))]
    later = sorted(
        (row for by, row in drifted if by > timedelta(0)), key=lambda row: row.starts_at, reverse=True
    )
    earlier = sorted((row for by, row in drifted if by < timedelta(0)), key=lambda row: row.starts_at)
    return _say(visit.keep_time, [row.request for row in (*later, *earlier)], now)


def _say(verb: Callable[..., ConsultationRequest], due: list[ConsultationRequest], now: datetime) -> int:
    said = 0
    for row in due:
        try:
            verb(row, actor=Actor.clock(), now=now, version=row.version)
            said += 1
        except WorkflowError as error:
            log.info("The clock left request %s alone: %s", row.pk, type(error).__name__)
        except Exception as error:  # noqa: BLE001  (one broken row must not stop the clock for all the others)
            log.error("The clock failed at request %s: %s", row.pk, type(error).__name__)
    return said


def _holds_over(now: datetime) -> list[ConsultationRequest]:
    return list(
        ConsultationRequest.objects.filter(status=Status.NEW, hold_until__lte=now).order_by("pk")[:BATCH]
    )


def _to_lapse(now: datetime) -> list[ConsultationRequest]:
    due = ConsultationRequest.objects.filter(
        Q(status=Status.OFFERED, offer_expires_at__lte=now) | Q(status=Status.WAITING, answer_due_at__lte=now)
    ).order_by("pk")[:BATCH]
    return [row for row in due if reply.is_due_to_lapse(row, now)]


def _to_erase(now: datetime) -> list[ConsultationRequest]:
    """What led to no visit after half a year, a visit's record after eight: the times that the privacy page names."""
    no_visit = Q(status__in=(*CLOSED, Status.NO_SHOW), closed_at__lte=now - timedelta(days=UNCONVERTED_DAYS))
    visit = Q(status=Status.ATTENDED, closed_at__lte=now - timedelta(days=RECORD_DAYS))
    due = ConsultationRequest.objects.filter(no_visit | visit, erased_at__isnull=True)
    return list(due.order_by("pk")[:BATCH])


def _purge_suspected(now: datetime) -> int:
    """What a bot guard caught and nobody rescued goes as a whole: there is no history worth keeping."""
    old = ConsultationRequest.objects.filter(
        status=Status.SUSPECTED, created_at__lte=now - timedelta(days=SUSPECTED_DAYS)
    )
    keys = list(old.values_list("pk", flat=True)[:BATCH])
    ConsultationRequest.objects.filter(pk__in=keys, status=Status.SUSPECTED).delete()
    return len(keys)


def _purge_drafts(now: datetime) -> int:
    """Answers go when their time is over. Of a draft that was sent its id and its browser's digest stay for a day: whoever
    comes back to it is told that we have the request.
    """
    over = Draft.objects.filter(expires_at__lte=now)
    day = timedelta(days=settings.SENT_DRAFT_DAYS)
    # By its id: we may have been interrupted before the draft was marked as sent.
    sent = ConsultationRequest.objects.filter(
        draft_id__in=over.values("pk"), created_at__gt=now - day, erased_at=None
    )
    kept = list(sent.values_list("pk", "draft_id", "created_at"))
    for request_id, draft_id, sent_at in kept:
        Draft.objects.filter(pk=draft_id).update(data={}, sent_as=request_id, expires_at=sent_at + day)
    return len(kept) + over.delete()[0]


def _purge_rows(now: datetime) -> int:
    links.retire(now)
    gone = _purge_drafts(now)
    gone += ClientSession.objects.filter(ends_at__lte=now).delete()[0]
    gone += ClientLink.objects.filter(expires_at__lte=now - timedelta(days=UNCONVERTED_DAYS)).delete()[0]
    gone += WorkerBeat.objects.filter(at__lte=now - timedelta(days=1)).delete()[0]
    # A mail that was not sent has no sent_at, and its text goes as well.
    before = now - timedelta(days=MESSAGE_BODY_DAYS)
    ended = Q(sent_at=None, created_at__lte=before, state__in=_NOT_SENT)
    old = Message.objects.filter(Q(sent_at__lte=before) | ended)
    gone += old.exclude(subject="").update(body="", subject="")
    return gone + throttle.purge(now) + guard.purge(now) + press.purge(now)
