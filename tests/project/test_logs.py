"""What reaches a log carries no query string, no link token, no e-mail address and no value from the database."""

from __future__ import annotations

import io
import logging
import os
import socket
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from clinic.logs import PrivateFilter, mask
from tests.servers import free_port, running

TOKEN = "AAAAAAAAB-QxyZ_9" * 3 + "qqqq"
ROOT = Path(settings.BASE_DIR)


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("GET /page/?q=acne+scars HTTP/1.1", "GET /page/ HTTP/1.1"),
        ("Not Found: /search/?q=keloid", "Not Found: /search/"),
        (f"Not Found: /consultations/open/{TOKEN}/", "Not Found: /consultations/open/[token]"),
        (
            f"https://clinic.example/consultations/open/{TOKEN}/?a=b done",
            "https://clinic.example/consultations/open/[token] done",
        ),
        (f"Not Found: /consultations/open/<{TOKEN}>", "Not Found: /consultations/open/[token]>"),
        (f'Not Found: /consultations/open/ "{TOKEN}"', 'Not Found: /consultations/open/[token]"'),
        ("GET /preview/ 200", "GET /preview/ 200"),
        ("Not Found: /Consultations/Open//short/more", "Not Found: /Consultations/Open//[token]"),
        ("/calendar/abc.ics", "/calendar/[token]"),
        (f"/konsultations/opne/{TOKEN}", "/konsultations/opne/[token]"),
        ("mail to cleo+1@mail.example.org.", "mail to [address]."),
        ("DETAIL:  Key (email)=(x) already exists.", "DETAIL: [hidden]"),
        ("Invalid request from ip=203.0.113.9: bad", "Invalid request from ip=[hidden] bad"),
        ("Is it so? Yes.", "Is it so? Yes."),
        (
            "bookings.0007_requests_hold_their_times applied",
            "bookings.0007_requests_hold_their_times applied",
        ),
    ],
)
def test_mask(line: str, kept: str) -> None:
    assert mask(line) == kept


@pytest.fixture
def log() -> tuple[logging.Logger, io.StringIO]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(PrivateFilter())
    logger = logging.Logger("test")
    logger.addHandler(handler)
    return logger, stream


def test_arguments_and_tracebacks_are_masked_too(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = log
    logger.info("%s opened %s", "cleo@example.org", f"/consultations/open/{TOKEN}/")
    try:
        raise ValueError(f"cleo@example.org /consultations/open/{TOKEN}/?x=1")
    except ValueError:
        logger.exception("Failed for %(who)s", {"who": "cleo@example.org"})
    written = stream.getvalue()
    assert "ValueError" in written
    assert "Failed for [address]" in written
    assert "cleo@" not in written
    assert TOKEN not in written


def test_a_log_call_that_does_not_fit_fails_nobody(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = log
    logger.info("%d visits of %s", "cleo@example.org")
    assert "cleo@" not in stream.getvalue()


@pytest.mark.urls("tests.project.urls")
def test_a_failing_page_is_logged_without_what_it_was_asked(capfd: pytest.CaptureFixture[str]) -> None:
    handlers = logging.getLogger().handlers
    console = next(h for h in handlers if isinstance(h, logging.StreamHandler) and h.filters)
    stream, console.stream = console.stream, io.StringIO()
    try:
        Client(raise_request_exception=False).get("/fail/?q=keloid")
        written = console.stream.getvalue()
    finally:
        console.stream = stream
    assert "RuntimeError" in written
    assert "Internal Server Error: /fail/" in written
    assert not any(word in written for word in ("cleo@", "SecretToken", "keloid", "q=1"))


def test_gunicorn_logs_neither_query_nor_token_nor_address_of_the_client(tmp_path: Path) -> None:
    port = free_port()
    environment = os.environ | {
        "PORT": str(port),
        "WEB_WORKERS": "1",
        "DJANGO_SETTINGS_MODULE": "tests.project.shell_settings",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'unused.sqlite3'}",
        "ENV_FILE": os.devnull,
    }
    log_file = tmp_path / "log"
    command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py"]
    with (
        log_file.open("wb") as output,
        running(command, port, cwd=ROOT, env=environment, stdout=output, stderr=output),
    ):
        agent = {"User-Agent": "canary-agent", "Referer": "http://127.0.0.1/canary-referer"}
        for path in (f"/consultations/open/{TOKEN}/?q=keloid", "/page/?q=keloid"):
            request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=agent)
            try:
                urllib.request.urlopen(request, timeout=60).close()
            except urllib.error.HTTPError as error:
                error.close()
        with socket.create_connection(("127.0.0.1", port), timeout=60) as wire:
            wire.sendall(f"GET /consultations/open/{TOKEN}/ NONSENSE\r\n\r\n".encode())
            wire.recv(100)
    written = log_file.read_text()
    assert "GET /consultations/open/[token] 404" in written
    assert "GET /page/ 200" in written
    for private in (TOKEN, "keloid", "canary", "ip=127"):
        assert private not in written, written


@pytest.mark.parametrize(
    "path", ["a" * 4000, "/" * 4000, "/a" * 2000, "%41" * 1300, "a@" * 2000, "aA1" * 1300]
)
def test_a_long_address_is_masked_in_no_time(path: str) -> None:
    line = f"Not Found: /{path} for cleo@example.org"
    began = time.process_time()
    for _ in range(20):
        masked = mask(line)
    assert time.process_time() - began < 0.2  # 20 lines; each took up to 50 ms, for the square of its length
    assert "cleo@example.org" not in masked
