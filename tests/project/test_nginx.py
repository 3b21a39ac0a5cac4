"""deploy/nginx: a real nginx in front of a real gunicorn keeps no token and no query, takes what the site takes, sends files
and pictures itself, and has our pages and headers for whatever it answers by itself.
"""

from __future__ import annotations

import gzip
import os
import re
import shutil
import socket
import ssl
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.template import loader

from clinic.foundation.limits.bodies import DESK_BODY_BYTES, PUBLIC_BODY_BYTES, UPLOAD_BODY_BYTES
from clinic.foundation.limits.waits import STATEMENT_TIME
from clinic.foundation.responses import PROXY_FILES
from clinic.headers import EVERYWHERE
from clinic.input import most_bytes
from content.management.commands.errorpages import PAGES
from tests.proxy import HOST, ROOT, SAMPLE, nginx
from tests.servers import PATIENCE, free_port, program, running

TOKEN = "AAAAAAAAB-QxyZ_9" * 3 + "qqqq"
DRAFT = "b1946ac92492d234"
SIZES = {"k": 1024, "m": 1024 * 1024}


# --- as it is written -----------------------------------------------------------------------------------------------------


def test_each_body_limit_is_what_the_site_takes() -> None:
    sizes = {
        place: int(number) * SIZES[unit]
        for place, number, unit in re.findall(
            r"location ([^{@]+?) \{\s+client_max_body_size (\d+)([km]);", SAMPLE
        )
    }
    upload, desk = settings.UPLOAD_PATHS[0], settings.DESK_PATH
    assert sizes == {desk: DESK_BODY_BYTES, f"~ ^{upload}$": UPLOAD_BODY_BYTES}
    assert len(settings.UPLOAD_PATHS) == 1
    assert re.findall(r"\n    client_max_body_size (\d+)k;", SAMPLE) == [str(PUBLIC_BODY_BYTES // 1024)]
    assert most_bytes("/admin/content/picture/7/change/") == UPLOAD_BODY_BYTES


def logged(uri: str) -> str:
    """What the sample's map makes of a path. Python spells a named group differently, and flags that begin later too."""
    for how, pattern, masked in re.findall(r'"~(\*?)\(\?s\)(.+?)"\s+"(.+?)";', SAMPLE):
        flags = re.DOTALL | (re.IGNORECASE if how else re.NOFLAG)
        if found := re.search(pattern.replace("(?<", "(?P<"), uri, flags):
            for name, text in found.groupdict().items():
                masked = masked.replace(f"${{{name}}}", text)
            return str(masked)
    return uri


@pytest.mark.parametrize("prefix", settings.TOKEN_PATHS)
def test_what_follows_an_address_that_opens_something_is_masked(prefix: str) -> None:
    assert logged(f"{prefix}short") == f"{prefix}[token]"
    assert logged(f"{prefix.title()}\n<{TOKEN}>/more") == f"{prefix.title()}[token]"
    assert logged(prefix) == prefix
    assert logged(f"/konsultations{prefix}{TOKEN}") == f"/konsultations{prefix}[token]"


@pytest.mark.parametrize(
    "path", ["/", "/articles/skin-tone-and-treatment-of-deep-acne-scars/", "/static/site.3f9a12bc41d0.css"]
)
def test_other_paths_are_logged_as_they_are(path: str) -> None:
    assert logged(path) == path


def test_every_page_that_nginx_shows_is_one_that_we_draw() -> None:
    assert {*re.findall(r"error_page .+ /static/errors/(\d+)\.html;", SAMPLE)} == {*PAGES}
    assert f"location {PROXY_FILES} {{" in SAMPLE


def test_nginx_waits_longer_than_a_statement_may_run() -> None:
    assert [int(n) for n in re.findall(r"proxy_read_timeout (\d+)s;", SAMPLE)] == [60]
    assert timedelta(seconds=60) > STATEMENT_TIME


# --- as it runs -----------------------------------------------------------------------------------------------------------


@dataclass
class Front:
    """Where nginx listens, where all logs are, and how to take the site away behind it."""

    plain: int
    tls: int
    folder: Path
    site: ExitStack

    def plain_ask(self, raw: str) -> str:
        with socket.create_connection(("127.0.0.1", self.plain), timeout=60) as wire:
            return _talk(wire, raw.encode())

    def ask(self, head: str, body: bytes = b"", name: str = HOST) -> str:
        """Send this over https; return the answer. `head` begins with the request line; the rest is added."""
        trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        lines = f"{head}\r\nHost: {name}\r\nConnection: close\r\nReferer: https://{name}/?d={DRAFT}\r\n"
        with (
            socket.create_connection(("127.0.0.1", self.tls), timeout=60) as wire,
            trusting.wrap_socket(wire, server_hostname=name) as safe,
        ):
            return _talk(safe, f"{lines}User-Agent: canary-agent\r\n\r\n".encode() + body)


def _talk(wire: socket.socket, sent: bytes) -> str:
    """Say it, and read the answer to its end: after a refusal nginx would wait some seconds for the body."""
    wire.sendall(sent)
    heard = b""
    while not _is_whole(heard) and (chunk := wire.recv(65536)):
        heard += chunk
    return heard.decode(errors="replace")


def _is_whole(heard: bytes) -> bool:
    head, _, body = heard.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
    return length is not None and len(body) == int(length[1])


def comes_to(file: Path, *words: str) -> None:
    """Wait until all of these are in this log: a line is written after the answer."""
    end = time.monotonic() + PATIENCE
    while not all(word in file.read_text() for word in words):
        assert time.monotonic() < end, (words, file.read_text())
        time.sleep(0.05)


def files(folder: Path) -> None:
    """What collectstatic, errorpages and an editor's upload leave."""
    (folder / "static" / "errors").mkdir(parents=True)
    for name in (PLAIN, HASHED):
        (folder / name).write_text(CSS)
        (folder / f"{name}.gz").write_bytes(gzip.compress(CSS.encode()))
    for page in PAGES:
        drawn = loader.render_to_string(f"{page}.html", {"frame": "bare.html"})
        (folder / "static" / "errors" / f"{page}.html").write_text(drawn)
    (folder / "media" / "pictures" / "0123456789abcdef").mkdir(parents=True)
    (folder / "media" / "pictures" / "0123456789abcdef" / "480.webp").write_bytes(b"RIFF a picture")


PLAIN, HASHED, CSS = "static/site.css", "static/site.3f9a12bc41d0.css", "main { margin: 0 }\n" * 30


def header(answer: str, name: str) -> list[str]:
    """Every value of this header: twice is once too often."""
    head = answer.partition("\r\n\r\n")[0]
    return re.findall(rf"(?im)^{name}: (.+?)\r?$", head)


def has_our_headers(answer: str) -> bool:
    [policy] = header(answer, "Content-Security-Policy")
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].items()
    ours = {" ".join([name, *(str(source) for source in sources)]) for name, sources in directives}
    return {part.strip() for part in policy.split(";")} == ours and all(
        header(answer, name) == [value] for name, value in EVERYWHERE.items()
    )


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    program("nginx")  # or nothing is tried
    folder = tmp_path_factory.mktemp("nginx")
    plain, tls, port = free_port(), free_port(), free_port()
    files(folder)
    environment = os.environ | {
        "PORT": str(port),
        "WEB_WORKERS": "1",
        "PROXY_HOPS": "1",
        "ALLOWED_HOSTS": HOST,
        "DJANGO_SETTINGS_MODULE": "tests.project.shell_settings",
        "DATABASE_URL": f"sqlite:///{folder / 'unused.sqlite3'}",
        "ENV_FILE": os.devnull,
    }
    gunicorn = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py"]
    with (folder / "site.log").open("wb") as log, ExitStack() as site:
        site.enter_context(running(gunicorn, port, cwd=ROOT, env=environment, stdout=log, stderr=log))
        with nginx(folder, plain=plain, tls=tls, hosts=[port]):
            yield Front(plain, tls, folder, site)


def test_bodies_are_taken_as_promised_and_arrive_with_a_length(front: Front) -> None:
    form = "Content-Type: application/x-www-form-urlencoded"
    chunked = f"POST /page/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n{form}"
    assert front.ask(chunked, b"3\r\na=b\r\n0\r\n\r\n").startswith(
        "HTTP/1.1 403 "
    )  # read: the form has no token
    full = f"POST /page/ HTTP/1.1\r\nContent-Length: {PUBLIC_BODY_BYTES}\r\n{form}"
    assert front.ask(full, b"a" * PUBLIC_BODY_BYTES).startswith("HTTP/1.1 403 ")
    for path, most in {
        "/page/": PUBLIC_BODY_BYTES,
        "/admin/login/": DESK_BODY_BYTES,
        "/admin/content/picture/add/": UPLOAD_BODY_BYTES,
        "/admin/content/picture/7/change/": UPLOAD_BODY_BYTES,
    }.items():
        refused = front.ask(f"POST {path}?q=keloid HTTP/1.1\r\nContent-Length: {most + 1}")
        assert refused.startswith("HTTP/1.1 413 ") and "<h1>This is too large</h1>" in refused
        assert has_our_headers(refused) and header(refused, "Cache-Control") == ["no-store"]


def test_http_leads_to_https_and_a_probe_gets_its_answer(front: Front) -> None:
    led = front.plain_ask(
        f"GET /preview/{TOKEN}?q=keloid HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n"
    )
    assert (
        led.startswith("HTTP/1.1 301 ")
        and f"\r\nLocation: https://{HOST}/preview/{TOKEN}?q=keloid\r\n" in led
    )
    assert front.plain_ask("GET /healthz HTTP/1.0\r\n\r\n").endswith("ok\n")
    with pytest.raises(ssl.SSLError):
        front.ask("GET /page/ HTTP/1.1", name="other.example.org")


def test_browsers_are_offered_http_2_and_no_old_tls(front: Front) -> None:
    offered = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    offered.check_hostname, offered.verify_mode = False, ssl.CERT_NONE
    offered.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection(("127.0.0.1", front.tls), timeout=60) as wire,
        offered.wrap_socket(wire, server_hostname=HOST) as safe,
    ):
        assert (safe.selected_alpn_protocol(), safe.version()) == ("h2", "TLSv1.3")
    assert set(re.findall(r"ssl_protocols (.+);", SAMPLE)) == {"TLSv1.2 TLSv1.3"}


def test_files_come_from_the_disk_compressed_and_are_kept_for_ever_under_a_name_with_a_digest(
    front: Front,
) -> None:
    for name, kept in ((PLAIN, "public, max-age=60"), (HASHED, "public, max-age=315360000, immutable")):
        answer = front.ask(f"GET /{name} HTTP/1.1")
        assert answer.startswith("HTTP/1.1 200 ") and answer.endswith(CSS)
        assert has_our_headers(answer) and header(answer, "Cache-Control") == [kept]
        small = front.ask(f"GET /{name} HTTP/1.1\r\nAccept-Encoding: gzip")
        assert header(small, "Content-Encoding") == ["gzip"] and header(small, "Vary") == ["Accept-Encoding"]
        assert header(small, "Content-Type") == ["text/css"]
    # What is not there, the site answers for: with its page, and once with each header.
    missing = front.ask("GET /static/site.ffffffffffff.css HTTP/1.1")
    assert missing.startswith("HTTP/1.1 404 ") and "<h1>Page not found</h1>" in missing
    assert has_our_headers(missing) and header(missing, "Cache-Control") == ["no-store"]
    refused = front.ask("POST /static/site.css HTTP/1.1\r\nContent-Length: 0")
    assert refused.startswith("HTTP/1.1 405 ") and "could not be read" in refused


def test_a_picture_is_sent_by_nginx_only_when_the_site_says_so(front: Front) -> None:
    address = "pictures/0123456789abcdef/480.webp"
    sent = front.ask(f"GET /{address} HTTP/1.1")
    assert sent.startswith("HTTP/1.1 200 ") and sent.endswith("RIFF a picture")
    assert has_our_headers(sent) and header(sent, "Content-Type") == ["image/webp"]
    assert header(sent, "Cache-Control") == ["public, max-age=86400"]
    assert not header(sent, "X-Accel-Redirect")
    guessed = front.ask(f"GET {PROXY_FILES}{address} HTTP/1.1")
    assert guessed.startswith("HTTP/1.1 404 ") and "<h1>Page not found</h1>" in guessed
    assert has_our_headers(guessed)


def test_nginx_compresses_no_page_by_itself(front: Front) -> None:
    """Debian's own configuration would: the site decides, since what a form says beside its token must not be (BREACH)."""
    page = front.ask("GET /page/a-page-of-more-than-twenty-bytes/ HTTP/1.1\r\nAccept-Encoding: gzip")
    assert page.startswith("HTTP/1.1 200 ") and not header(page, "Content-Encoding")


def test_a_number_leads_through_both_logs(front: Front) -> None:
    answer = front.ask("GET /fail/ HTTP/1.1\r\nX-Request-ID: 00000000")
    number = re.search(r"(?i)x-request-id: (\w{8})\r\n", answer)
    assert number and number[1] != "00000000" and f"<strong>{number[1]}</strong>" in answer
    comes_to(front.folder / "site.log", f"Z {number[1]} GET /fail/ 500 ")
    comes_to(front.folder / "clinic.log", f" {number[1]} GET /fail/ 500 ")


def test_no_log_holds_a_token_or_a_query(front: Front) -> None:
    """The last one: it takes the site away in the end, since nginx has most to say about that."""
    addresses = [
        f"/consultations/open/{TOKEN}/",
        f"/preview/{TOKEN}",
        f"/consultations/request/check/?d={DRAFT}",
        f"/calendar/{TOKEN}.ics",
        "/search/?q=keloid",
        "/admin/bookings/consultationrequest/?q=Marsh",
        f"/konsultations/opne/{TOKEN}",
        f"/%63onsultations//open/%0A%3C{TOKEN}%3E",
    ]
    for address in addresses:
        front.ask(f"GET {address} HTTP/1.1")
        front.ask(f"POST {address} HTTP/1.1\r\nContent-Length: {20 * SIZES['m']}")
    for nonsense in (
        f"GET /preview/{TOKEN} NONSENSE\r\n\r\n",
        f"GET /preview/{TOKEN} HTTP/1.1\r\n: x\r\n\r\n",
    ):
        front.plain_ask(nonsense)
    front.site.close()
    for address in addresses:
        away = front.ask(f"GET {address} HTTP/1.1")
        assert away.startswith("HTTP/1.1 503 ") and "The site cannot answer just now." in away
        assert has_our_headers(away) and header(away, "Retry-After") == ["30"]
    posted = front.ask("POST /page/ HTTP/1.1\r\nContent-Length: 3", b"a=b")
    assert posted.startswith("HTTP/1.1 503 ") and "Sending the same form twice does no harm." in posted
    shutil.rmtree(front.folder / "static" / "errors")  # as long as nobody has drawn them
    bare = front.ask("GET /page/ HTTP/1.1")
    assert bare.startswith("HTTP/1.1 503 ") and bare.endswith("wait a minute and try again.\n")
    assert has_our_headers(bare)
    secrets = (TOKEN, TOKEN[:16], DRAFT, "keloid", "Marsh", "canary")
    comes_to(front.folder / "control", *secrets, "127.0.0.1")  # what nginx writes by itself
    comes_to(front.folder / "clinic.log", " GET /consultations/open/[token] 503 ", " GET /search/ 503 ")
    logs = {path.name: path.read_text() for path in front.folder.glob("*.log")}
    assert len(logs) == 4  # ours, the site's, and the two that Debian's nginx has
    for name, text in logs.items():
        assert not [secret for secret in secrets if secret in text], name
    assert "127.0.0.1" not in logs["clinic.log"]
    assert " GET /consultations/open/[token] 404 " in logs["clinic.log"]
    assert " GET /search/ 503 " in logs["clinic.log"]
    assert " GET /admin/bookings/consultationrequest/ " in logs["site.log"]
