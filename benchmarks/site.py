"""The site under load: gunicorn as `manage.py serve` starts it, with two sync workers, and the processor time they use."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.core.management import call_command

from benchmarks.server import FOLDER, ROOT
from tests.servers import free_port, running

WORKERS = 2
_NANOSECONDS = 1_000_000_000


@dataclass(frozen=True)
class Site:
    """A running site. Its database may be written to: it is a copy."""

    port: int
    database: str
    pid: int

    def workers(self) -> list[int]:
        """The process ids of its web processes."""
        return [int(pid) for pid in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()]

    def busy(self) -> float:
        """The processor time of its web processes until now, in seconds; the kernel counts nanoseconds."""
        threads = [thread for pid in self.workers() for thread in Path(f"/proc/{pid}/task").iterdir()]
        return sum(int((one / "schedstat").read_text().split()[0]) for one in threads) / _NANOSECONDS


def collect_files() -> None:
    """What production serves of our own files: collected and compressed, anew when one of them has changed."""
    digest = hashlib.sha256()
    for file in sorted(file for file in (ROOT / "static").rglob("*") if file.is_file()):
        digest.update(file.read_bytes())
    stamp = FOLDER / "static" / "of.txt"
    if not stamp.exists() or stamp.read_text() != digest.hexdigest():
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(digest.hexdigest())


@contextmanager
def serving(database: str) -> Iterator[Site]:
    """The site on this database, for as long as this lasts."""
    collect_files()
    port = free_port()
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "DATABASE_URL": database,
        "PORT": str(port),
        "WEB_WORKERS": str(WORKERS),
        "ACCESS_LOG": "no",
        "LOG_LEVEL": "warning",
    }
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "-c",
        "gunicorn.conf.py",
        "--threads",
        "1",
        "benchmarks.wsgi",
    ]
    # What it complains about; without it, nobody would know why a worker ended.
    with (
        (FOLDER / "gunicorn.log").open("a") as log,
        running(command, port, cwd=ROOT, env=environment, stderr=log) as process,
    ):
        yield Site(port, database, process.pid)
