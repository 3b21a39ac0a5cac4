"""A body that is too large is refused before anything reads it: by kind of address, with or without a page behind it."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client

from clinic.foundation.limits.bodies import DESK_BODY_BYTES, PUBLIC_BODY_BYTES, UPLOAD_BODY_BYTES
from clinic.foundation.limits.pictures import PICTURE_BYTES
from clinic.input import most_bytes
from tests import factories as make

pytestmark = pytest.mark.urls("tests.project.urls")
MB = 1024 * 1024
FORM = "application/x-www-form-urlencoded"
UPLOAD = "/admin/content/picture/add/"


class Line:
    """A body that goes on as long as it is read, and tells how much of it was."""

    def __init__(self, begins: bytes = b"") -> None:
        self.begins, self.taken = begins, 0

    def read(self, size: int = -1) -> bytes:
        assert size >= 0, "somebody reads until the end"
        self.taken += size
        return self.begins.ljust(size, b"a")[:size]

    readline = read


def send(path: str, length: int, *, method: str = "POST", kind: str = FORM, line: Line | None = None) -> Any:
    head: dict[str, Any] = {"wsgi.input": line or Line(), "CONTENT_LENGTH": str(length)}
    return Client(raise_request_exception=False).generic(method, path, b"x", content_type=kind, **head)


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/page/", PUBLIC_BODY_BYTES),
        ("/no-such-page/", PUBLIC_BODY_BYTES),
        ("/consultations/request/before/", PUBLIC_BODY_BYTES),
        ("/guide/", PUBLIC_BODY_BYTES),
        ("/admin/content/faq/3/change/", DESK_BODY_BYTES),
        ("/admin/login/", DESK_BODY_BYTES),
        ("/admin/no/such/page/", DESK_BODY_BYTES),
        (UPLOAD, UPLOAD_BODY_BYTES),
        ("/admin/content/picture/7/change/", UPLOAD_BODY_BYTES),
        ("/admin/content/picture/7/change/more", DESK_BODY_BYTES),
        ("//admin/content/picture/add/", PUBLIC_BODY_BYTES),
    ],
)
def test_each_kind_of_address_has_its_limit(path: str, most: int) -> None:
    assert most_bytes(path) == most


def test_the_limits_are_what_is_promised() -> None:
    assert (PUBLIC_BODY_BYTES, DESK_BODY_BYTES) == (256 * 1024, 2 * MB)
    assert (
        UPLOAD_BODY_BYTES >= PICTURE_BYTES + 1000
    )  # a picture as large as is allowed, and the form around it
    # Nothing that is allowed below an upload is ever put on a disk, or refused by Django in words of its own.
    assert DESK_BODY_BYTES < settings.FILE_UPLOAD_MAX_MEMORY_SIZE
    assert DESK_BODY_BYTES < settings.DATA_UPLOAD_MAX_MEMORY_SIZE


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "GET"])
@pytest.mark.parametrize("kind", [FORM, "multipart/form-data; boundary=x", "application/json"])
@pytest.mark.parametrize("path", ["/page/", "/no-such-page/", "/healthz", "/static/site.css"])
def test_200_megabytes_are_refused_wherever_they_go(path: str, kind: str, method: str) -> None:
    line = Line(b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n')
    response = send(path, 200 * MB, method=method, kind=kind, line=line)
    assert response.status_code == 413
    assert line.taken <= 4 * PUBLIC_BODY_BYTES  # thrown away, so that the sender hears the answer
    assert "You sent more than we can take at once" in response.content.decode()


@pytest.mark.parametrize(
    ("path", "length"), [("/page/", PUBLIC_BODY_BYTES), ("/no-such-page/", PUBLIC_BODY_BYTES)]
)
def test_one_byte_decides(path: str, length: int) -> None:
    assert send(path, length).status_code in (200, 404)
    assert send(path, length + 1).status_code == 413


def test_the_answer_carries_every_header() -> None:
    response = send("/consultations/mine/answer/", 200 * MB)
    assert response.status_code == 413
    assert "default-src 'none'" in response["Content-Security-Policy"]
    for header in (
        "Permissions-Policy",
        "Cross-Origin-Opener-Policy",
        "X-Content-Type-Options",
        "X-Frame-Options",
    ):
        assert header in response
    assert response["Cache-Control"] == "no-store"


def test_nothing_is_read_where_no_page_is() -> None:
    line = Line(b"name=%00")
    assert send("/no-such-page/", PUBLIC_BODY_BYTES, line=line).status_code == 404
    assert line.taken == 0


@pytest.mark.parametrize(
    ("length", "status"),
    [("", 200), ("0", 200), ("-5", 400), ("many", 400), ("1e9", 400), ("٣", 400), ("9" * 5000, 413)],
)
def test_a_length_that_is_no_number_reads_nothing(length: str, status: int) -> None:
    line = Line()
    head: dict[str, Any] = {"wsgi.input": line, "CONTENT_LENGTH": length}
    visitor = Client(raise_request_exception=False)
    assert visitor.generic("POST", "/page/", b"x", content_type=FORM, **head).status_code == status
    assert line.taken <= (4 * PUBLIC_BODY_BYTES if status == 413 else 0)


def test_a_body_without_a_length_is_not_read() -> None:
    line = Line()
    head: dict[str, Any] = {"wsgi.input": line, "CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"}
    assert Client().generic("POST", "/page/", b"x", content_type=FORM, **head).status_code == 411
    assert line.taken == 0


@pytest.mark.urls("clinic.urls")
@pytest.mark.django_db
def test_only_staff_upload() -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
    line, dee = Line(head), Client(raise_request_exception=False)
    refused = send(UPLOAD, 10 * MB, kind="multipart/form-data; boundary=x", line=line)
    assert refused["Location"] == f"/admin/login/?{urlencode({'next': UPLOAD, 'lost': 'upload'})}"
    told = dee.get(refused["Location"]).content.decode()
    assert "please choose the picture again" in told
    assert "the words that you typed beside it were not kept either" in told and "Back button" in told
    assert line.taken <= 4 * DESK_BODY_BYTES
    dee.force_login(make.staff("Dee Hart", "content.add_picture"))
    body = head + b"a" * (3 * MB) + b"\r\n--x--\r\n"
    read = dee.generic("POST", UPLOAD, body, content_type="multipart/form-data; boundary=x")
    assert read.status_code == 200
    assert "Choose a picture: a JPEG, PNG or WebP file." in read.content.decode()


# --- a real server ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    """gunicorn as it is configured, without a database: its port, and the folder that it would spool to."""
    folder = tmp_path_factory.mktemp("spool")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = os.environ | {
        "PORT": str(port),
        "WEB_WORKERS": "1",
        "DJANGO_SETTINGS_MODULE": "tests.project.shell_settings",
        "DATABASE_URL": f"sqlite:///{folder / 'unused.sqlite3'}",
        "ENV_FILE": os.devnull,
        "TMPDIR": str(folder),
        "ACCESS_LOG": "no",
    }
    command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "--log-level", "error"]
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment)
    try:
        for _ in range(300):
            with socket.socket() as probe:
                probe.settimeout(0.2)
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port, folder
    finally:
        process.terminate()
        process.wait(timeout=30)


def test_a_form_that_is_a_little_too_large_hears_why(server: tuple[int, Path]) -> None:
    port, _ = server
    wire = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    wire.request("POST", "/page/", b"name=" + b"a" * (2 * PUBLIC_BODY_BYTES), {"Content-Type": FORM})
    answer = wire.getresponse()
    assert answer.status == 413
    assert b"This is too large" in answer.read()
    # The line is clean: the next request is answered on it.
    wire.request("GET", "/page/")
    assert wire.getresponse().status == 200
    wire.close()


def test_200_megabytes_end_with_the_answer_and_leave_nothing_on_the_disk(server: tuple[int, Path]) -> None:
    port, folder = server
    before = set(folder.iterdir())
    with socket.create_connection(("127.0.0.1", port), timeout=60) as wire:
        head = f"POST /page/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: {200 * MB}\r\n"
        wire.sendall((head + "Content-Type: multipart/form-data; boundary=x\r\n\r\n").encode())
        wire.sendall(b'--x\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\n')
        wire.sendall(b"a" * (4 * PUBLIC_BODY_BYTES))
        wire.shutdown(socket.SHUT_WR)  # gunicorn would wait five seconds for the rest
        heard = b""
        while chunk := wire.recv(65536):
            heard += chunk
    assert heard.startswith(b"HTTP/1.1 413 ")
    assert b"Content-Security-Policy: " in heard and b"This is too large" in heard
    assert set(folder.iterdir()) == before


def test_a_chunked_body_is_refused_and_the_line_closed(server: tuple[int, Path]) -> None:
    port, _ = server
    with socket.create_connection(("127.0.0.1", port), timeout=60) as wire:
        head = "POST /page/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
        wire.sendall((head + f"Content-Type: {FORM}\r\n\r\n").encode() + b"5\r\nname=\r\n0\r\n\r\n")
        assert wire.recv(65536).startswith(b"HTTP/1.1 411 ")
