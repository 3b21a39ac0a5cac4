"""The figures of requests, mails, workers, free times and failures for /metrics (clinic/metrics.py)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count
from prometheus_client.core import Metric

from bookings import limits, mail_hold
from bookings.messages import pulse
from bookings.models import ConsultationRequest, ConsultationType
from bookings.queries import slots, worker
from bookings.queries.clinic import zone
from bookings.queries.slots import Wanted
from bookings.states import Status
from clinic.foundation import failures, when
from clinic.metrics import gauge, gauges


def figures(now: datetime) -> Iterator[Metric]:
    """All of them, at `now`."""
    yield from _requests(now)
    yield from _mails(now)
    yield from _workers(now)
    yield from _times(now)
    what = "Failures since midnight, UTC: pages that ended with 500, and stumbles of the worker."
    yield gauges("errors_today", what, "where", failures.of_today(now).items())


def _requests(now: datetime) -> Iterator[Metric]:
    rows = ConsultationRequest.objects.order_by().values_list("status").annotate(number=Count("pk"))
    counted = dict(rows)
    by_state = [(status.value, counted.get(status.value, 0)) for status in Status]
    yield gauges("requests", "Requests by state.", "state", by_state)
    late = ConsultationRequest.objects.promised_before(now).count()
    yield gauge("requests_overdue", "New requests past their promised answer.", late)


def _mails(now: datetime) -> Iterator[Metric]:
    yield gauge("mails_due", "Mails that should go now.", pulse.mails_due(now))
    waits = pulse.mail_waits(now) or 0
    yield gauge("mail_waits_seconds", "How long the mail that has been due longest has waited.", waits)
    yield gauge("mails_failed", "Mails that did not arrive and wait for somebody.", pulse.mails_failed())
    yield gauge("mail_held", "1 while the mail is held.", mail_hold.current() is not None)


def _workers(now: datetime) -> Iterator[Metric]:
    yield gauge(
        "worker_ok", "1 while a worker lives and looks at the mails.", worker.workers(now).state == "ok"
    )
    look = pulse.last_tick(now)
    if look is not None:
        yield gauge("worker_last_look_seconds", "How long ago a worker last looked at what is due.", look)


def _times(now: datetime) -> Iterator[Metric]:
    """None for a kind of consultation means that clients find no time: the worst that can be wrong with a clinic's hours."""
    days = limits.times.TIMES_MOST_DAYS
    diary = slots.read(now=now, first_day=when.local_day(now, zone()), days=days)
    kinds = ConsultationType.objects.filter(is_active=True, purpose=ConsultationType.Purpose.CONSULTATION)
    found = [(str(kind.pk), len({slot.start for slot in diary.free(Wanted(kind=kind))})) for kind in kinds]
    yield gauges("free_times", f"Different times that clients find in the next {days} days.", "kind", found)
