"""What can be wrong with the worker, the mails and the requests: looks of `manage.py doctor` (clinic/doctor.py)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Min
from django.utils import timezone

from bookings import limits, machine_clock, mail_hold
from bookings.messages import pulse, server
from bookings.models import ConsultationRequest
from bookings.queries import fee_texts
from bookings.queries import worker as workers
from bookings.queries.clinic import clinic


def worker(now: datetime) -> Iterator[str]:
    """Whether one lives, and looks at the mails."""
    found = workers.workers(now)
    if found.state == "never":
        yield "No worker was ever started here, so no mail goes out: start `manage.py worker`."
    elif said := workers.notice(found):
        yield said


def clock() -> Iterator[str]:
    """Whether the clock of this machine agrees with the database's."""
    state = machine_clock.state(timezone.now)
    if state != "ok":
        yield f"The clock of this machine is {state}. Let the network set it."


def mails(now: datetime) -> Iterator[str]:
    """What waits longer than it should, what is held, what did not arrive."""
    hold = mail_hold.current()
    if hold is not None:
        yield f"The mail is held ({hold}). Release it at the desk, or by `manage.py mail`."
    waits = timedelta(seconds=pulse.mail_waits(now) or 0)
    if waits > limits.mail.MAIL_WAITS_LONG and hold is None:
        yield f"A mail that should have gone has waited for {machine_clock.span(waits)}."
    failed = pulse.mails_failed()
    if failed:
        yield f"Mails that did not arrive: {failed}. They are under “Needs you” in the desk's outbox."


def mail_server() -> Iterator[str]:
    """Whether it can be reached and lets us in. Sends nothing. A trial without a server has nothing to ask."""
    if not settings.EMAIL_HOST:
        return
    try:
        with server.Line() as line:
            line.open()
    except OSError as error:  # smtplib's exceptions are OSErrors
        yield server.explain(error)[1]


def fee_in_writing(now: datetime) -> Iterator[str]:
    """Whether the desk can offer and book, where the clinic wants the fee in writing."""
    if fee_texts.is_missing(clinic(now), now):
        yield fee_texts.MISSING


def promises(now: datetime) -> Iterator[str]:
    """How many clients wait for longer than the clinic promised: a desk that nobody sits at, or nobody tells."""
    late = ConsultationRequest.objects.promised_before(now)
    number, since = late.aggregate(number=Count("pk"), since=Min("promise_due_at")).values()
    if number:
        yield (
            f"Requests that are past their promised answer: {number}. The oldest should have had it by "
            f"{since:%a %d %b %Y %H:%M} UTC."
        )
