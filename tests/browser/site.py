"""The real thing: `manage.py serve` (gunicorn and the worker) on a database of its own, with the demonstration clinic."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import forks, world
from tests.browser import moments
from tests.messages.sink import Sink

ROOT = Path(__file__).resolve().parent.parent.parent
PASSWORD = "correct horse battery"  # of everybody on the staff
_SET_UP = f"""
from django.contrib.auth.models import Group, User
from content.models import ClinicProfile, Person
ClinicProfile.objects.update(time_zone="{moments.ZONE.key}")
dee = User.objects.create_user("dee", password="{PASSWORD}", first_name="Dee", last_name="Okafor", is_staff=True)
dee.groups.set(Group.objects.filter(name__in=["Front desk", "Practitioners"]))
assert dee.groups.count() == 2
User.objects.create_superuser("ana", password="{PASSWORD}", first_name="Ana")
ed = User.objects.create_user("ed", password="{PASSWORD}", first_name="Ed", last_name="Moss", is_staff=True)
ed.groups.set(Group.objects.filter(name="Editors"))
rhea = User.objects.create_user("rhea", password="{PASSWORD}", first_name="Rhea", last_name="Lund", is_staff=True)
rhea.groups.set(Group.objects.filter(name="Reviewers"))
fay = User.objects.create_user("fay", password="{PASSWORD}", first_name="Fay", last_name="Winter", is_staff=True)
fay.groups.set(Group.objects.filter(name="Editors"))
Person.objects.filter(slug="imogen-farrow").update(account=rhea)
"""


@dataclass(frozen=True)
class Site:
    """A running site, its mail server, what it wrote to its log, and the environment of its processes."""

    url: str
    sink: Sink
    log_file: Path
    environment: dict[str, str]

    @property
    def log(self) -> str:
        return self.log_file.read_text()

    def make(self, rows: str) -> None:
        """Make what this Python makes. It runs beside the site, as a command would."""
        self.manage("shell", "--verbosity", "0", "-c", rows)

    def manage(self, *words: str) -> None:
        forks.manage(*words, only=self.environment, said=self.log_file.with_name("manage.log"))


@contextmanager
def fresh_database(folder: Path) -> Iterator[str]:
    """The URL of a database: on the server of DATABASE_URL if that is PostgreSQL, else a SQLite file.

    It holds the demonstration clinic if there is a world to copy it from, and else nothing.
    """
    given = world.given()
    server = os.environ.get("DATABASE_URL", "")
    with world.fresh(server, folder, "browser", given.clinic if given else "") as url:
        yield url


@contextmanager
def serving(
    database_url: str, sink: Sink, folder: Path, *, requests: int = 0, also: str = "", **variables: str
) -> Iterator[Site]:
    """Set the clinic up as `make run` does, where it is morning, add the staff, and serve until the end.

    Any traceback in the log fails.
    `requests` are made as well, and whatever the Python in `also` makes; `variables` of the environment are set beside ours.
    """
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    media = folder / "media"
    # The rows of the shipped pictures are in the copied database; their files are not.
    shutil.copytree(ROOT / "content" / "demo" / "pictures", media / "pictures", dirs_exist_ok=True)
    environment = _environment(database_url, url, sink.port) | {"MEDIA_ROOT": str(media)} | variables
    site = Site(url, sink, folder / "site.log", environment)
    if not world.given():
        site.manage("migrate", "--verbosity", "0")
        site.manage("demo")
    site.make(_SET_UP)
    if requests:
        site.manage("demo", "--requests", str(requests))
    if also:
        site.make(also)
    with site.log_file.open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", str(port)],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_until_ready(site, server)
        yield site
        assert server.poll() is None, f"The server ended by itself:\n{site.log}"
    finally:
        server.terminate()
        server.wait(120)  # the machine may be busy
    assert "Traceback" not in site.log, site.log
    assert "Internal Server Error" not in site.log, site.log


def _environment(database_url: str, url: str, smtp_port: int) -> dict[str, str]:
    """None of this machine's settings but the path: the site is what these variables say."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
    return kept | {
        "ENV_FILE": os.devnull,
        "DJANGO_SETTINGS_MODULE": "clinic.settings",
        "DATABASE_URL": database_url,
        "SITE_URL": url,
        "SECRET_KEY": secrets.token_urlsafe(60),
        "LINK_KEY": secrets.token_urlsafe(48),
        "FIELD_KEYS": os.environ["FIELD_KEYS"],
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(smtp_port),
        "EMAIL_SECURITY": "none",
        "EMAIL_RATE": "0",
        "UNDO_MINUTES": "0",
        "PYTHONUNBUFFERED": "1",
        "WEB_WORKERS": "1",  # with four threads, for the two or three people of a test
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(site: Site, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        assert server.poll() is None, f"The server did not start:\n{site.log}"
        try:
            with urllib.request.urlopen(f"{site.url}/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise AssertionError(f"The site was not ready in time:\n{site.log}")
