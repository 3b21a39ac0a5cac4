"""Forms that are made to take long: each is answered in a tenth of a second of work, and nobody else waits for them."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from urllib.parse import urlencode

import pytest
from django.conf import settings

from bookings import limits
from bookings.states import Status
from clinic.foundation.limits.bodies import PUBLIC_BODY_BYTES
from tests import factories as make
from tests import work
from tests.client import walk

pytestmark = pytest.mark.once

FORM = "application/x-www-form-urlencoded"
MOST_SECONDS = 0.1  # of work, for one form, the page that answers it included
MARKS = "\u0301\u0323"


def full(**fields: str) -> bytes:
    """A form as large as is let in: `fields`, each made of its text again and again, as it is (not as "%CC%81")."""
    share = (PUBLIC_BODY_BYTES - 200) // len(fields)
    written = {name: text * ((share - 20) // len(text.encode())) for name, text in fields.items()}
    return "&".join(f"{name}={text}" for name, text in written.items()).encode()


def many(part: bytes) -> bytes:
    return b"&".join([part] * min(990, PUBLIC_BODY_BYTES // (len(part) + 1)))


PARTS = b'--x\r\nContent-Disposition: form-data; name="concerns"\r\n\r\nrolling\r\n' * 900 + b"--x--\r\n"
# Where it is sent, as what, and the form.
HOSTILE: dict[str, tuple[str, str, bytes]] = {
    "marks in a name": ("you", FORM, full(name=MARKS)),
    "marks in every field": ("you", FORM, full(name=MARKS, name_to_use=MARKS, email=MARKS, website=MARKS)),
    "marks in a text": ("before", FORM, full(anything_else="a" + MARKS, applies="none")),
    "letters that are eighteen": ("before", FORM, full(anything_else="\ufdfa")),
    "joiners": ("before", FORM, full(anything_else="\u0995\u200c")),
    "line ends": ("before", FORM, full(anything_else="\r")),
    "a long address": ("you", FORM, full(email="a@a.")),
    "answers by the hundred": ("about", FORM, many(b"concerns=rolling")),
    "parts by the hundred": ("about", "multipart/form-data; boundary=x", PARTS),
    "a thousand names": ("about", FORM, b"&".join(b"n%d=" % number for number in range(20_000))),
    "a long time": ("times", FORM, full(slot="any@2026-12-03T10:00Z", **{"from": "9", "days": "3"})),
    "the guide full of marks": ("guide", FORM, full(concerns=MARKS, applies=MARKS, skin=MARKS, adult="yes")),
    "an answer of marks": ("/consultations/mine/answer/", FORM, full(text=MARKS)),
    "a new link to marks": ("/consultations/new-link/", FORM, full(email=MARKS + "@example.org")),
}


def address(where: str, draft: str) -> str:
    if where.startswith("/"):
        return where
    return f"/consultations/request/{where}/" + ("" if where == "guide" else f"?d={draft}")


def test_a_hostile_form_is_answered_in_no_time() -> None:
    browser = walk.signed_in(make.in_state(Status.WAITING))
    draft = walk.to_check(browser)
    for name, (where, kind, body) in HOSTILE.items():
        assert PUBLIC_BODY_BYTES // 20 < len(body) <= PUBLIC_BODY_BYTES
        send = partial(browser.generic, "POST", address(where, draft), body, content_type=kind)
        response = work.within(MOST_SECONDS, send, name)
        assert response.status_code in (200, 303, 400, 409), (name, response.status_code)


# --- with four of them in flight ----------------------------------------------------------------------------------------


@contextmanager
def served(database_url: str) -> Iterator[str]:
    """gunicorn as it is configured, on the test database; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = os.environ | {
        "PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": database_url,
        "ACCESS_LOG": "no",
    }
    command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "--log-level", "error"]
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment)
    site = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{site}/healthz", timeout=10).close()
                break
            except OSError:
                time.sleep(0.1)
        yield site
    finally:
        process.terminate()
        process.wait(timeout=60)


def press_often(site: str, times: int, answered: list[int], stop: threading.Event) -> None:
    """A browser with a cookie and its token that asks for a new link to an address of nothing but marks."""
    page = f"{site}/consultations/new-link/"
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    found = re.search(
        r'name="csrfmiddlewaretoken" value="([^"]+)"', browser.open(page, timeout=60).read().decode()
    )
    assert found
    form = urlencode({"csrfmiddlewaretoken": found.group(1)}).encode() + b"&" + full(email=MARKS)
    for _ in range(times):
        if not stop.is_set():
            answered.append(browser.open(page, form, timeout=120).status)


def slowest(site: str, times: int) -> float:
    """How long each of so many looks at /healthz took, in seconds."""
    spent = []
    for _ in range(times):
        began = time.monotonic()
        urllib.request.urlopen(f"{site}/healthz", timeout=60).close()
        spent.append(time.monotonic() - began)
    return max(spent)


@pytest.mark.django_db(transaction=True)
def test_the_site_answers_while_four_of_them_are_in_flight(database_url: str) -> None:
    stop, answered = threading.Event(), list[int]()
    with served(database_url) as site:
        calm = slowest(site, 5)
        # Fewer than a network may send, so that none is refused unread.
        senders = [
            threading.Thread(
                target=press_often, args=(site, limits.floods.FORMS_PER_NETWORK // 5, answered, stop)
            )
            for _ in range(4)
        ]
        for sender in senders:
            sender.start()
        try:
            time.sleep(0.5)  # all four are under way
            busy = slowest(site, 10)
        finally:
            stop.set()
            for sender in senders:
                sender.join()
    assert set(answered) == {200}
    # The promise is a second. Where a calm site already takes long, it may take that much longer.
    assert busy < 1 + 5 * calm, (calm, busy)
