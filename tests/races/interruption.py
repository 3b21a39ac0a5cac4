"""A process that dies between saving a request and saying so. Runs in a process of the crew, returns plain data."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from datetime import datetime

import time_machine
from django.db import connections
from django.test import Client

from bookings.client.form import check
from bookings.models import ConsultationRequest, Draft
from bookings.workflow.submission import Submission
from tests.client import walk
from tests.factories import NOW, practitioner


@dataclass(frozen=True)
class Told:
    """What came of it: how the first sender ended, and the words of every page that was asked for afterwards."""

    died: bool
    marked: bool
    reference: str
    pages: tuple[str, ...]


def send_and_send_again() -> Told:
    """Answer everything, die while sending, and come back as the same browser."""
    with time_machine.travel(NOW, tick=False):
        browser = Client(HTTP_HOST="localhost")
        slot = f"{practitioner().pk}@2026-12-03T10:00Z"
        draft = walk.to_check(browser, times={"slot": slot})
        died = _dies_sending(browser, draft)
        marked = Draft.objects.get(pk=draft).sent_as_id is not None
        answers = (
            browser.get(f"/consultations/request/times/?d={draft}", follow=True),
            walk.answer(browser, draft, "times", slot=slot),
            walk.send(browser, draft),
            walk.send(browser, draft),
        )
        pages = (browser.get(one["Location"]) if one.status_code == 303 else one for one in answers)
        reference = ConsultationRequest.objects.get().reference
        return Told(died, marked, reference, tuple(walk.main(page) for page in pages))


def _dies_sending(browser: Client, draft: str) -> bool:
    """Send from a process of its own that is killed at that very point; return whether it was."""

    def submit_and_die(wanted: Submission, suspicion: str, now: datetime) -> ConsultationRequest:
        submit(wanted, suspicion, now)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("it lives on")

    submit = check._submit
    # No process may use another's connection.
    connections.close_all()
    child = os.fork()
    if child == 0:
        check._submit = submit_and_die
        try:
            walk.send(browser, draft)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
