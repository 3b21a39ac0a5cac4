"""manage.py doctor: what is wrong is said in plain words, and mailed to the operator past the worker, once."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import pytest
from cryptography.fernet import Fernet
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.utils import timezone
from pytest_django import Settings

from bookings import mail_hold, outbox
from bookings.messages import send
from bookings.models import MailHold, Message
from clinic import backups, doctor
from clinic.foundation.models import SignIn
from tests import factories as make
from tests.messages.sink import Sink

pytestmark = pytest.mark.django_db


class Usage(NamedTuple):
    """What a disk says of itself, in bytes."""

    total: int
    used: int
    free: int


@pytest.fixture(autouse=True)
def well(settings: Settings, sink: Sink) -> None:
    """A server on which nothing is wrong: a worker lives, the mail server answers. Of the settings other tests tell."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_SECURITY = "none"
    settings.OPERATOR_EMAIL = "bea@alder-row.internal"
    settings.SILENCED_SYSTEM_CHECKS = [*settings.SILENCED_SYSTEM_CHECKS, *_of_tests()]
    send.beat("worker", timezone.now())
    send.beat_of_mails("worker", timezone.now())


def _of_tests() -> list[str]:
    """What `check --deploy` says of the settings of the tests, which are those of a trial."""
    return [str(found.id) for found in run_checks(include_deployment_checks=True, databases=["default"])]


def told(**options: object) -> tuple[int, str]:
    """Its exit code, and all that it said."""
    out = StringIO()
    try:
        call_command("doctor", stdout=out, **options)
    except CommandError as error:
        return error.returncode, f"{out.getvalue()}{error}"
    return 0, out.getvalue()


def test_all_is_well() -> None:
    code, said = told()
    assert (code, said.splitlines()[-1]) == (0, "All is well.")
    for name in (
        "settings",
        "proxies",
        "keys",
        "disk",
        "backups",
        "clock",
        "worker",
        "mail server",
        "mails",
        "promises",
    ):
        assert f"ok    {name}\n" in said


def test_each_thing_that_is_wrong_has_its_sentence(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    make.profile(demo=True)
    late = make.submitted(now=now - timedelta(days=30))
    late.messages.update(state=Message.State.SENT)
    late.messages.filter(kind="received").update(state=Message.State.FAILED)
    outbox.queue(late, "assessing", now=now - timedelta(minutes=25))
    send.beat("worker", now - timedelta(minutes=6))
    send.beat_of_mails("worker", now - timedelta(minutes=6))
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    settings.EMAIL_PORT = 1  # nobody answers there
    settings.SILENCED_SYSTEM_CHECKS = []
    settings.PRODUCTION, settings.PROXY_HOPS = True, 0
    SignIn.objects.create(at=now, network="127.0.0.0/24", outcome=SignIn.Outcome.IN)
    monkeypatch.setattr(
        shutil, "disk_usage", lambda folder: Usage(100_000_000_000, 99_500_000_000, 500_000_000)
    )

    code, said = told()
    assert code == 1
    for sentence in (
        "The clinic is marked as a demonstration.",
        "PROXY_HOPS is 0: every visitor seems to come from the proxy",
        "Everybody seems to sign in from the proxy itself",
        "FIELD_KEYS do not open the newest answers.",
        "Little space is left on the disk of",
        "0.5 GB of 100 GB.",
        "The worker has not been heard of for more than five minutes.",
        "The mail server could not be reached (ConnectionRefusedError).",
        "A mail that should have gone has waited for 25 minutes.",
        "Mails that did not arrive: 1.",
        "Requests that are past their promised answer: 1.",
        "things are wrong.",
    ):
        assert sentence in said
    assert "cleo" not in said.lower()


def test_an_old_backup_or_none_is_said(settings: Settings, tmp_path: Path) -> None:
    settings.BACKUPS = tmp_path
    assert f"There is no backup in {tmp_path}" in told()[1]
    now = timezone.now()
    for age, sentence in (
        (timedelta(hours=28), "The newest backup in"),
        (timedelta(hours=20), "All is well."),
    ):
        made = tmp_path / f"clinic-{age.total_seconds():.0f}Z"
        made.mkdir()
        listed = backups.Contents((now - age).isoformat(), "sqlite", [], [], {})
        (made / backups.LIST).write_text(json.dumps(asdict(listed)))
        assert sentence in told()[1]


def test_a_hold_is_said_and_explains_why_mails_wait() -> None:
    consultation = make.submitted(start=None)
    outbox.queue(consultation, "assessing", now=timezone.now() - timedelta(hours=2))
    mail_hold.begin(MailHold.Why.BY_HAND, now=timezone.now())
    assert "The mail is held (Somebody held it)." in told()[1]
    assert "should have gone" not in told()[1]


def test_a_look_that_cannot_be_made_is_something_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks() -> list[str]:
        raise RuntimeError("cleo@example.org")

    def away() -> list[str]:
        raise DatabaseError("no route to cleo@example.org")

    monkeypatch.setitem(doctor._looks, "keys", breaks)
    monkeypatch.setitem(doctor._looks, "disk", away)
    code, said = told()
    assert code == 1
    assert "the look itself failed (RuntimeError)" in said
    assert "the database did not answer" in said
    assert "cleo" not in said


def test_the_operator_is_mailed_once_again_after_a_day_and_when_all_is_well(
    sink: Sink, tmp_path: Path
) -> None:
    note = tmp_path / "doctor"
    assert told(mail=True, remember=note)[0] == 0
    assert sink.taken == []

    mail_hold.begin(MailHold.Why.BY_HAND, now=timezone.now())
    assert [told(mail=True, remember=note)[0] for _ in range(2)] == [1, 1]
    [first] = sink.taken
    assert first.to == ["bea@alder-row.internal"]
    assert first.mail["Subject"] == "1 thing is wrong at 127.0.0.1"
    assert first.mail["Auto-Submitted"] == "auto-generated"
    assert "The mail is held" in first.mail.get_content()

    yesterday = timezone.now().timestamp() - 24 * 3600
    os.utime(note, (yesterday, yesterday))
    told(mail=True, remember=note)
    assert len(sink.taken) == 2

    MailHold.objects.all().delete()
    assert [told(mail=True, remember=note)[0] for _ in range(2)] == [0, 0]
    assert [one.mail["Subject"] for one in sink.taken[2:]] == ["All is well again at 127.0.0.1"]


def test_a_mail_that_cannot_be_sent_ends_with_2(settings: Settings, tmp_path: Path) -> None:
    settings.EMAIL_PORT = 1
    code, said = told(mail=True, remember=tmp_path / "doctor")
    assert (code, "nobody was mailed" in said) == (2, True)
    assert not (tmp_path / "doctor").exists()
    settings.OPERATOR_EMAIL = ""
    assert told(mail=True)[0] == 2
