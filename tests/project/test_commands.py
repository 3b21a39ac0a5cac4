"""The commands of somebody who sets the site up: the first user, a test mail, serving."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message as Mail
from email.policy import SMTP
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from pytest_django import Settings

from bookings.messages import render
from clinic import first_password
from content.models import ClinicProfile
from tests import factories as make

PATIENCE = 120  # seconds; the machine may be busy


def say(*command: str, **options: Any) -> str:
    out = StringIO()
    call_command(*command, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.BASE_DIR = tmp_path
    return tmp_path


@pytest.mark.django_db
def test_a_trial_makes_up_a_password_and_names_it_again(folder: Path) -> None:
    first = say("firstuser", trial=True)
    admin = User.objects.get()
    assert admin.is_superuser and admin.is_staff
    known = first_password.read()
    assert known and admin.check_password(known[1])
    assert known[1] in first
    assert (folder / "var" / "first-password.txt").stat().st_mode & 0o077 == 0
    assert say("firstuser", trial=True) == first
    assert User.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.once
def test_the_proxys_pages_name_the_clinics_telephone(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="STATIC_ROOT"):
        say("errorpages")
    settings.STATIC_ROOT = tmp_path
    ClinicProfile.objects.update_or_create(pk=1, defaults={"name": "A clinic", "phone": "01632 960001"})
    for _ in ("once", "drawn again"):
        assert "4 pages" in say("errorpages")
    page = (tmp_path / "errors" / "503.html").read_text()
    assert '<a href="tel:01632960001">01632 960001</a>' in page and "back in a moment" in page
    assert "01632" not in (tmp_path / "errors" / "413.html").read_text()


@pytest.mark.django_db
def test_a_password_that_was_changed_is_not_named(folder: Path) -> None:
    first = say("firstuser", trial=True)
    admin = User.objects.get()
    admin.set_password("Dee's own long password")
    admin.save()
    again = say("firstuser", trial=True)
    assert first not in again
    assert first_password.read() is None


@pytest.mark.django_db
def test_the_first_user_of_a_production_brings_a_password(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="MODE is production"):
        say("firstuser", trial=True)
    monkeypatch.delenv("FIRST_PASSWORD", raising=False)
    with pytest.raises(CommandError, match="FIRST_PASSWORD"):
        say("firstuser")
    monkeypatch.setenv("FIRST_PASSWORD", "password")
    with pytest.raises(CommandError, match="too short"):
        say("firstuser")
    assert not User.objects.exists()
    monkeypatch.setenv("FIRST_PASSWORD", "a long one for Dee")
    assert "Dee can sign in" in say("firstuser", username="Dee")
    assert User.objects.get().check_password("a long one for Dee")
    assert "already" in say("firstuser", username="Eve")
    assert not (folder / "var").exists()


class Kept(Message):
    """Keeps what it was sent, and what was said before it."""

    ADDED = ("X-Peer", "X-MailFrom", "X-RcptTo")

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[Mail] = []

    def handle_message(self, message: Mail) -> None:
        self.mails.append(message)


@pytest.fixture
def mail_server(settings: Settings) -> Iterator[Kept]:
    kept = Kept()
    controller = Controller(kept, hostname="127.0.0.1", port=_free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    settings.EMAIL_USE_TLS, settings.EMAIL_SECURITY = False, "none"
    yield kept
    controller.stop()


@pytest.mark.django_db
def test_a_test_mail_arrives_as_every_mail_of_ours_does(mail_server: Kept, settings: Settings) -> None:
    settings.DEFAULT_FROM_EMAIL = "Praxis <termine@müller.example>"
    consultation = make.submitted()
    make.profile(email="desk@müller.example")
    output = say("testmail", "cleo@müller.example")
    assert "took a test mail for cleo@müller.example, from termine@xn--mller-kva.example" in output
    [test] = mail_server.mails
    real = message_from_bytes(
        render.render(consultation.messages.get(kind="received"), now=make.NOW).raw, policy=SMTP
    )
    # The same headers, except those that the server adds, and the same parts in the same encodings.
    assert [name for name, _ in test.items() if name not in Kept.ADDED] == real.keys()
    for name in ("From", "Reply-To", "Auto-Submitted", "X-Auto-Response-Suppress"):
        assert test[name] == str(real[name]), name
    assert test["X-MailFrom"] == "termine@xn--mller-kva.example"
    assert test["To"] == test["X-RcptTo"] == "cleo@xn--mller-kva.example"
    parts = [(part.get_content_type(), part["Content-Transfer-Encoding"]) for part in test.walk()]
    assert parts == [(part.get_content_type(), part["Content-Transfer-Encoding"]) for part in real.walk()]


@pytest.mark.django_db
def test_a_sender_that_cannot_be_used_is_said(mail_server: Kept, settings: Settings) -> None:
    settings.DEFAULT_FROM_EMAIL = "nobody"
    with pytest.raises(CommandError, match="DEFAULT_FROM_EMAIL"):
        say("testmail", "cleo@example.org")


@pytest.mark.django_db
def test_a_server_that_refuses_encryption_gets_no_mail(mail_server: Kept, settings: Settings) -> None:
    settings.EMAIL_USE_TLS, settings.EMAIL_SECURITY = True, "starttls"
    with pytest.raises(CommandError, match="STARTTLS"):
        say("testmail", "cleo@example.org")
    assert mail_server.mails == []


@pytest.mark.django_db
def test_what_is_wrong_with_the_mail_server_is_said(mail_server: Kept, settings: Settings) -> None:
    settings.EMAIL_PORT = _free_port()
    with pytest.raises(CommandError, match="did not take the mail: ConnectionRefusedError"):
        say("testmail", "cleo@example.org")
    with pytest.raises(CommandError, match="not an e-mail address"):
        say("testmail", "cleo")
    settings.EMAIL_HOST = ""
    with pytest.raises(CommandError, match="EMAIL_HOST is not set"):
        say("testmail", "cleo@example.org")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# The worker of these tests is a stand-in: it says that it runs, and ends when it is told to or by itself.
WORKER = """
import pathlib, signal, sys, time
folder = pathlib.Path(__file__).parent
(folder / "worker-runs").touch()
def stop(*_):
    (folder / "worker-stopped").touch()
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
while not (folder / "worker-dies").exists():
    time.sleep(0.05)
sys.exit(3)
"""
SERVE = """
import sys, django
from django.conf import settings
django.setup()
settings.BASE_DIR = sys.argv[1]
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", "serve", "--port", sys.argv[2]])
"""


ROOT = Path(__file__).resolve().parents[2]


def _shell(database: Path) -> dict[str, str]:
    """The environment of the project's shell alone, on this SQLite file."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.project.shell_settings",
        "DATABASE_URL": f"sqlite:///{database}",
    }


class Served:
    """`manage.py serve` in a folder where manage.py is the stand-in."""

    def __init__(self, folder: Path, port: int, database: Path) -> None:
        (folder / "manage.py").write_text(WORKER)
        (folder / "gunicorn.conf.py").symlink_to(ROOT / "gunicorn.conf.py")
        environment = _shell(database) | {"PYTHONPATH": str(ROOT), "WEB_WORKERS": "1"}
        self.folder, self.port = folder, port
        with (folder / "output").open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-c", SERVE, str(folder), str(port)],
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def output(self) -> str:
        return (self.folder / "output").read_text()

    def wait_until_it_runs(self) -> None:
        """Until the site answers, the worker runs, and serve has said so."""
        end = time.monotonic() + PATIENCE
        while "Ctrl-C" not in self.output or not (self.folder / "worker-runs").exists():
            assert self.process.poll() is None, self.output
            assert time.monotonic() < end, f"serve did not start:\n{self.output}"
            time.sleep(0.1)

    def port_is_free(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) != 0


@pytest.fixture(scope="module")
def shell_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file for all that is served here: nobody writes into it."""
    file = tmp_path_factory.mktemp("shell") / "shell.sqlite3"
    command = [sys.executable, "-m", "django", "migrate", "-v", "0"]
    subprocess.run(command, env=_shell(file), cwd=ROOT, check=True)
    return file


@pytest.fixture
def served(tmp_path: Path, shell_database: Path) -> Iterator[Served]:
    served = Served(tmp_path, _free_port(), shell_database)
    yield served
    if served.process.poll() is None:
        served.process.terminate()
        served.process.wait(PATIENCE)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_serve_says_where_and_stops_both(served: Served, how: signal.Signals) -> None:
    served.wait_until_it_runs()
    served.process.send_signal(how)
    assert served.process.wait(PATIENCE) == 0, served.output
    assert f"http://127.0.0.1:{served.port}/admin/" in served.output
    assert "Stopped." in served.output
    assert (served.folder / "worker-stopped").exists()
    assert served.port_is_free()


def test_serve_fails_when_the_worker_dies(served: Served) -> None:
    served.wait_until_it_runs()
    (served.folder / "worker-dies").touch()
    assert served.process.wait(PATIENCE) != 0
    assert "The worker ended by itself (code 3)" in served.output
    assert served.port_is_free()


def test_serve_refuses_a_port_that_is_taken() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(CommandError, match="is taken"):
            call_command("serve", port=other.getsockname()[1])
