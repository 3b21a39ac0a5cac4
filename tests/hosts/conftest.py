"""Two web hosts and two workers, as on four machines: each a process group with folders of its own, and in common one
PostgreSQL behind PgBouncer, the folder of pictures and the keys. nginx is in front of the hosts. Started once.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.models import User
from django.core.management import call_command
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from content.models import Source
from content.publishing import verbs
from content.publishing.edit import Edit
from tests import factories, world
from tests.hosts.browser import Browser
from tests.messages.sink import Sink, listening
from tests.pooler import pooler
from tests.proxy import HOST, ROOT, nginx
from tests.publishing import documents
from tests.servers import PATIENCE, free_port, until_it_listens

PASSWORD = "correct horse battery"
LEASE = 2  # seconds, after which the other worker takes a mail over
WEB = ("-m", "gunicorn", "-c", "gunicorn.conf.py")
WORKER = ("manage.py", "worker", "--interval", "0.2", "--lease", str(LEASE))


@dataclass
class Machine:
    """A process group with folders of its own. `port` is a web host's."""

    folder: Path
    process: subprocess.Popen[bytes]
    port: int = 0

    def tell(self, what: signal.Signals) -> None:
        """Send it to the whole group, which may be gone."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, what)

    def die(self) -> None:
        self.tell(signal.SIGKILL)
        self.process.wait(PATIENCE)

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()


@dataclass
class Clinic:
    """What a test has in hand: the machines, the mail server, and browsers."""

    tls: int
    sink: Sink
    front: Path
    hosts: list[Machine] = field(default_factory=list)
    workers: list[Machine] = field(default_factory=list)

    def browser(self) -> Browser:
        return Browser(self.tls)


def in_common(database: str, smtp: int, media: Path) -> dict[str, str]:
    """What the `.env` of every machine says."""
    return {
        "DJANGO_SETTINGS_MODULE": "clinic.settings",
        "MODE": "production",
        "SECOND_FACTOR": "false",
        "DATABASE_URL": database,
        "MEDIA_ROOT": str(media),
        **{name: os.environ[name] for name in ("SECRET_KEY", "FIELD_KEYS", "LINK_KEY", "PATH")},
        "SITE_URL": f"https://{HOST}",
        "ALLOWED_HOSTS": HOST,
        "PROXY_HOPS": "1",
        "PROXY_SERVES_PICTURES": "true",
        "WEB_WORKERS": "1",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(smtp),
        "EMAIL_SECURITY": "none",
        "EMAIL_RATE": "0",
        "UNDO_MINUTES": "0",
        "ENV_FILE": os.devnull,
    }


def started(folder: Path, words: tuple[str, ...], shared: dict[str, str], port: int = 0) -> Machine:
    """A machine of its own: nothing but what `shared` names is the same for two of them."""
    own = {name: folder / name.lower() for name in ("HOME", "TMPDIR", "STATIC_ROOT")}
    for place in own.values():
        place.mkdir(parents=True)
    environment = shared | {name: str(place) for name, place in own.items()}
    if port:
        environment["PORT"] = str(port)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, *words],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return Machine(folder, process, port)


def arrange() -> None:
    """Ana practises, Dee may do everything, and one article is out."""
    factories.profile()
    factories.rules(horizon_days=60)
    factories.concern()
    factories.practitioner()
    dee = factories.staff("Dee Hart", is_superuser=True)
    User.objects.filter(pk=dee.pk).update(password=Argon2PasswordHasher().encode(PASSWORD, "a-salt-of-tests"))
    Source.objects.create(code="NHSA", title="NHS", url="https://www.nhs.uk/")
    now = timezone.now()
    checked_again = timezone.localdate() + timedelta(days=300)
    article = documents.page_snapshot(sources=("NHSA",), review_due=checked_again)
    page = verbs.add_page(Edit(documents.as_ed(), now), article)
    verbs.publish(page, Edit(documents.as_ed(), now, 1))


@pytest.fixture(scope="module")
def database(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A database of our own: what tests write into it is there for every process at once."""
    given, server = world.given(), os.environ["DATABASE_URL"]
    with (
        world.fresh(
            server, tmp_path_factory.mktemp("database"), "hosts", given.empty if given else ""
        ) as url,
        world.connected_to(url),
        django_db_blocker.unblock(),
    ):
        if not given:
            call_command("migrate", verbosity=0)
        arrange()
        yield url


@pytest.fixture(scope="module")
def clinic(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    folder = tmp_path_factory.mktemp("machines")
    with ExitStack() as stack:
        opened = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="clinic-pooler-")))
        opened.chmod(0o755)  # PgBouncer is somebody else
        pooled = stack.enter_context(pooler(database, opened, connections=20))
        sink = stack.enter_context(listening())
        front = folder / "front"
        (front / "media").mkdir(parents=True)
        shared = in_common(pooled, sink.port, front / "media")
        made = Clinic(free_port(), sink, front)
        for name in ("one", "two"):
            made.hosts.append(started(folder / name, WEB, shared, free_port()))
            stack.callback(made.hosts[-1].die)
            made.workers.append(started(folder / f"worker-{name}", WORKER, shared))
            stack.callback(made.workers[-1].die)
        for host in made.hosts:
            until_it_listens(host.process, host.port)
        ports = [host.port for host in made.hosts]
        stack.enter_context(nginx(front, plain=free_port(), tls=made.tls, hosts=ports))
        yield made
    for machine in (*made.hosts, *made.workers):
        assert "Traceback" not in machine.log, machine.log
