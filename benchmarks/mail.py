"""What a worker sends to a mail server on this machine, beside a bare loop of smtplib on one connection."""

from __future__ import annotations

import smtplib
import sys
import time
from collections.abc import Callable
from typing import NamedTuple

from django.test import override_settings
from django.utils import timezone

from benchmarks.load import NotMeasured
from benchmarks.place import Place
from benchmarks.rows import Goal, Row, ratio, row
from benchmarks.server import ROOT
from bookings import outbox
from bookings.messages import send
from bookings.models import ConsultationRequest, Message
from tests import world
from tests.servers import free_port, running

MAILS = 40  # a round


def measure(place: Place) -> list[Row]:
    """The same number of mails of the same size in turns; the server takes all and keeps none."""
    port = free_port()
    sink = ("-n", "-l", f"127.0.0.1:{port}", "-c", "aiosmtpd.handlers.Sink")
    server = [sys.executable, "-W", "ignore", "-m", "aiosmtpd", *sink]
    ours, bare = [], []
    with (
        running(server, port, cwd=ROOT),
        world.connected_to(place.copy("many")),
        override_settings(EMAIL_HOST="127.0.0.1", EMAIL_PORT=port, EMAIL_USE_TLS=False, EMAIL_RATE=0),
    ):
        send.beat_of_mails("bench", timezone.now())
        for number in range(place.rounds + 1):
            ours.append(_worker(number * MAILS))
            bare.append(_loop(port, _a_mail()))
    ours, bare = ours[1:], bare[1:]  # the first warms up
    return [
        ratio(
            "mails of a worker: a second against a bare smtplib loop",
            [one.rate for one in ours],
            [one.rate for one in bare],
            Goal(at_least=0.4, aim=0.7),
        ),
        ratio(
            "mails of a worker: CPU of the bare loop against it",
            [one.processor for one in bare],
            [one.processor for one in ours],
        ),
        row("mails of a worker", [one.rate for one in ours], "/s"),
        row("mails of a worker: CPU a mail", [one.processor for one in ours], "ms"),
    ]


class Sent(NamedTuple):
    """Mails a second, and milliseconds of the sender's processor time for each."""

    rate: float
    processor: float


def _timed(work: Callable[[], object]) -> Sent:
    begun, busy = time.perf_counter(), time.process_time()
    work()
    return Sent(MAILS / (time.perf_counter() - begun), (time.process_time() - busy) / MAILS * 1000)


def _worker(first: int) -> Sent:
    """The worker's own loop: it claims, writes, hands over and marks. Raises NotMeasured."""
    now = timezone.now()
    people = ConsultationRequest.objects.filter(status="attended", phone_only=False).order_by("pk")
    told = [outbox.queue(one, "new_link", now=now, by_staff=True) for one in people[first : first + MAILS]]
    taken = _timed(lambda: send.send_due(timezone.now, "bench", limit=MAILS))
    sent = Message.objects.filter(pk__in=[one.pk for one in told], state=Message.State.SENT).count()
    if sent != MAILS:
        raise NotMeasured(f"{MAILS} mails were due and {sent} were sent")
    return taken


def _a_mail() -> bytes:
    """The bytes of one that was just sent."""
    sent = Message.objects.filter(state=Message.State.SENT, kind="new_link").order_by("-sent_at")
    return str(sent[0].body).encode("ascii")


def _loop(port: int, mail: bytes) -> Sent:
    """The same number of mails on one connection, without anything around them."""

    def work() -> None:
        with smtplib.SMTP("127.0.0.1", port) as talk:
            for _ in range(MAILS):
                talk.sendmail("clinic@example.org", ["cleo@example.org"], mail)

    return _timed(work)
