"""What reaches a log carries no query string, no link token, no e-mail address and no value from the database."""

from __future__ import annotations

import io
import json
import logging
import os
import re
import socket
import sqlite3
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ImproperlyConfigured
from django.db import DataError, IntegrityError, OperationalError, connection, transaction
from django.test import Client
from gunicorn.config import Config

from clinic.access_log import FORMATS, AccessLog
from clinic.foundation.limits.logs import TRACE_FRAMES
from clinic.logs import Json, Line, OutageFilter, PrivateFilter, mask
from clinic.traces import lines_of
from tests import work
from tests.factories import NOW
from tests.servers import free_port, running

WHO = "Cleo Marsh"
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
        (f"/consultations/diary/{TOKEN}.ics", "/consultations/diary/[token]"),
        ("/consultations/diary/abc.ics", "/consultations/diary/[token]"),
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
    """A logger with our filters and our lines, as settings.LOGGING has them."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    for each in (OutageFilter(), PrivateFilter()):
        handler.addFilter(each)
    handler.setFormatter(Line())
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


def fail_with(error: BaseException) -> None:
    raise error


@pytest.mark.parametrize(
    ("error", "end"),
    [
        (ValueError("Cleo Marsh takes isotretinoin"), "ValueError"),
        (KeyError("4 Larch Quay"), "KeyError"),
        (RuntimeError(f"no such link: {TOKEN[:20]}"), "RuntimeError"),
        (DataError('invalid input syntax for type integer: "Cleo Marsh"'), "django.db.utils.DataError"),
        (
            IntegrityError("Key (name)=(Cleo Marsh) already exists.\nDETAIL: Cleo"),
            "django.db.utils.IntegrityError",
        ),
        (FileNotFoundError(2, "No such file", "/media/cleo-marsh.jpg"), "FileNotFoundError: 2"),
        (AttributeError("'NoneType' object has no attribute 'to'"), None),
        (ImproperlyConfigured("STATIC_ROOT is no folder"), None),
        (sqlite3.IntegrityError("UNIQUE constraint failed: message.message_id"), None),
    ],
)
def test_a_traceback_keeps_its_end_and_not_the_words_of_its_exception(
    log: tuple[logging.Logger, io.StringIO], error: Exception, end: str | None
) -> None:
    logger, stream = log
    try:
        try:
            fail_with(error)
        except Exception as first:
            raise LookupError(WHO) from first
    except LookupError:
        logger.exception("Something failed")
    lines = stream.getvalue().splitlines()
    told_end = (
        end or f"{type(error).__module__.replace('builtins', '')}.{type(error).__name__}: {error}".lstrip(".")
    )
    # Each part with the last of its frames and the class, the first cause first.
    assert told_end in lines
    at = lines.index(told_end)
    assert "in fail_with" in lines[at - 2] and lines[at - 1].strip() == "raise error"
    assert lines[-1] == "LookupError"
    written = stream.getvalue()
    assert not any(word in written for word in ("Marsh", "isotretinoin", "Larch", TOKEN[:20], "DETAIL"))


def deep(left: int) -> None:
    if left:
        deep_too(left - 1)
    raise ValueError


def deep_too(left: int) -> None:
    deep(left)


def test_of_a_long_way_the_end_is_kept() -> None:
    try:
        deep(40)
    except ValueError as error:
        lines = lines_of(error).splitlines()
    assert sum(" in deep" in line for line in lines) == TRACE_FRAMES
    assert lines[1] == "  ..."
    assert lines[-1] == "ValueError"


@pytest.mark.django_db
def test_the_database_is_named_by_its_code_and_its_rule() -> None:
    Group.objects.create(name=WHO)
    try:
        with transaction.atomic():
            Group.objects.create(name=WHO)
    except IntegrityError as error:
        told = lines_of(error)
    assert "Cleo" not in told
    assert "auth_group" in told and "tests/project/test_logs.py" in told
    if connection.vendor == "postgresql":
        assert "psycopg2.errors.UniqueViolation: 23505, auth_group_name_key" in told


def test_a_record_is_one_line_and_its_traceback(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = log
    logger.warning("Not Found: %s", "/page\n2026-11-30T09:00:00.000Z INFO forged\x1b[2J\u202e")
    assert len(stream.getvalue().splitlines()) == 1
    assert r"/page\n2026" in stream.getvalue() and r"\x1b[2J\u202e" in stream.getvalue()


# --- while the database is away -------------------------------------------------------------------------------------------


def away(logger: logging.Logger) -> None:
    try:
        fail_with(OperationalError("connection refused\nIs the server running?"))
    except OperationalError:
        logger.exception("Service Unavailable: /costs/")


def test_an_outage_is_one_line_a_second(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = log
    with time_machine.travel(NOW, tick=False) as clock:
        for _ in range(50):
            away(logger)
        clock.shift(1)
        away(logger)
        logger.error("Something else")
        away(logger)
        clock.shift(-3600)  # a clock that is set back silences nobody
        away(logger)
    first, second, other, third = stream.getvalue().splitlines()
    words = "Service Unavailable: /costs/; django.db.utils.OperationalError: connection refused, "
    assert first.startswith(f"2026-11-30T09:00:00.000Z ERROR test - {words}at tests/project/test_logs.py:")
    assert first.endswith(" in fail_with")
    assert second.endswith("in fail_with; lines like this left out before it: 49")
    assert other == "2026-11-30T09:00:01.000Z ERROR test - Something else"
    assert third.endswith("; lines like this left out before it: 1")


@pytest.fixture
def console() -> Iterator[io.StringIO]:
    """What the site's own handler writes."""
    handlers = logging.getLogger().handlers
    own = next(h for h in handlers if isinstance(h, logging.StreamHandler) and h.filters)
    stream, own.stream = own.stream, io.StringIO()
    yield own.stream
    own.stream = stream


@pytest.mark.urls("tests.project.urls")
def test_many_pages_without_a_database_write_one_line(console: io.StringIO) -> None:
    with time_machine.travel(NOW - timedelta(days=1), tick=False):
        for _ in range(20):
            assert Client(raise_request_exception=False).get("/no-database/").status_code == 503
    assert len(console.getvalue().splitlines()) == 1


def test_a_log_call_that_does_not_fit_fails_nobody(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = log
    logger.info("%d visits of %s", "cleo@example.org")
    assert "cleo@" not in stream.getvalue()


@pytest.mark.urls("tests.project.urls")
def test_a_failing_page_is_logged_without_what_it_was_asked(console: io.StringIO) -> None:
    Client(raise_request_exception=False).get("/fail/?q=keloid")
    written = console.getvalue()
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
        for path in (f"/consultations/open/{TOKEN}/?q=keloid", "/page/?q=keloid", "/page/%0A200%20OK/"):
            request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=agent)
            try:
                urllib.request.urlopen(request, timeout=60).close()
            except urllib.error.HTTPError as error:
                error.close()
        for path in ("/healthz", "/page/"):
            request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", method="HEAD")
            with urllib.request.urlopen(request, timeout=60) as answer:
                assert int(answer.headers["Content-Length"]) > 0 and answer.read() == b""
        with socket.create_connection(("127.0.0.1", port), timeout=60) as wire:
            wire.sendall(f"GET /consultations/open/{TOKEN}/ NONSENSE\r\n\r\n".encode())
            wire.recv(100)
    written = log_file.read_text()
    unlike = [
        line
        for line in written.splitlines()
        if not re.match(r"\d{4}-\d\d-\d\dT[\d:.]{12}Z [A-Z0-9a-f]", line)
    ]
    assert not unlike
    assert "no-body" not in written  # what gunicorn warns of when HEAD gets one
    # A line says when, which request, and what came of it.
    start = r"(?m)^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z [0-9a-f]{8} GET "
    assert re.search(start + r"/consultations/open/\[token\] 404 \d+ bytes \d+ ms$", written), written
    assert re.search(start + "/page/ 200 ", written)
    assert re.search(start + r"/page/\\n200 OK/ 200 ", written)  # nobody forges a second line
    for private in (TOKEN, "keloid", "canary", "ip=127"):
        assert private not in written, written


def test_json_is_one_object_a_line_with_the_same_left_out(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = log
    logger.handlers[0].setFormatter(Json())
    try:
        raise ValueError("cleo@example.org")
    except ValueError:
        logger.exception("Page /page/?q=keloid for %s", "cleo@example.org")
    logger.info("Zoë's “answer”\nand more")
    first, second = map(json.loads, stream.getvalue().splitlines())
    assert first["message"] == "Page /page/ for [address]"
    assert (first["level"], first["request"], first["trace"].splitlines()[-1]) == ("ERROR", "-", "ValueError")
    assert second["message"] == "Zoë's “answer”\\nand more" and "trace" not in second
    assert "keloid" not in stream.getvalue()


@pytest.mark.parametrize(("log_format", "is_json"), [("line", False), ("json", True)])
def test_gunicorns_lines_are_json_too(
    log_format: str, is_json: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    config = Config()
    config.set("accesslog", "-")
    config.set("access_log_format", FORMATS[log_format])
    environ = {"PATH_INFO": '/a"b/', "QUERY_STRING": "q=keloid", "REQUEST_METHOD": "GET"}
    answer = SimpleNamespace(status="200 OK", sent=12, headers=[])
    AccessLog(config).access(answer, SimpleNamespace(headers=[]), environ, timedelta(milliseconds=7))
    line = capsys.readouterr().out.strip()
    assert "keloid" not in line
    if is_json:
        entry = json.loads(line)
        assert (entry["path"], entry["status"], entry["bytes"], entry["ms"]) == ('/a"b/', "200", 12, 7)
    else:
        assert line.endswith('- GET /a"b/ 200 12 bytes 7 ms')


@pytest.mark.parametrize(
    "path", ["a" * 4000, "/" * 4000, "/a" * 2000, "%41" * 1300, "a@" * 2000, "aA1" * 1300]
)
def test_a_long_address_is_masked_in_no_time(path: str) -> None:
    line = f"Not Found: /{path} for cleo@example.org"
    # Of 20 lines each took up to 50 ms, for the square of its length.
    masked = work.within(0.2, lambda: [mask(line) for _ in range(20)])[-1]
    assert "cleo@example.org" not in masked
