"""`manage.py check` says what would let the site start and then fail somebody, and what to do."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.staticfiles.finders import get_finders
from django.core.checks import CheckMessage
from django.db import OperationalError
from django.db.migrations.recorder import MigrationRecorder
from pytest_django import Settings

from clinic import checks, deploy_checks
from content import checks as content_checks
from tests import factories as make
from tests.project.test_settings import TRIAL, start


def collect(folder: Path, but: str = "") -> None:
    """As if `collectstatic` had put everything there, or all but one."""
    names = {name for finder in get_finders() for name, _ in finder.list([])} - {but}
    listed = {"version": "1.1", "hash": "", "paths": {name: name for name in names}}
    (folder / "staticfiles.json").write_text(json.dumps(listed))


def ids(messages: list[CheckMessage]) -> list[str | None]:
    assert all(message.hint for message in messages)
    return [message.id for message in messages]


def test_production_needs_a_mail_server_and_a_trial_does_not(settings: Settings) -> None:
    settings.EMAIL_HOST = ""
    settings.PRODUCTION = False
    assert ids(checks.mail(None)) == []
    settings.PRODUCTION = True
    assert ids(checks.mail(None)) == ["clinic.E001"]
    settings.EMAIL_HOST = "smtp.example.org"
    assert ids(checks.mail(None)) == []


@pytest.mark.parametrize(
    ("url", "hosts", "good"),
    [
        ("https://www.example.org", ["www.example.org"], True),
        ("https://www.example.org:8443", ["WWW.example.org"], True),
        ("https://www.example.org", [".example.org"], True),
        ("http://[::1]:8000", ["[::1]"], True),
        ("https://www.example.org", ["example.org"], False),
        ("www.example.org", ["www.example.org"], False),
        ("https://www.example.org/clinic", ["www.example.org"], False),
        ("ftp://www.example.org", ["www.example.org"], False),
    ],
)
def test_the_address_in_mails_is_one_that_we_answer_to(
    settings: Settings, url: str, hosts: list[str], good: bool
) -> None:
    settings.SITE_URL, settings.ALLOWED_HOSTS = url, hosts
    assert ids(checks.site_url(None)) == ([] if good else ["clinic.E003"])


def test_a_link_outlives_the_furthest_visit(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "_horizons", [])
    settings.LINK_DAYS = 30
    assert ids(checks.link_lifetime(None, databases=["default"])) == []
    checks.register_horizon(lambda: 30)
    assert ids(checks.link_lifetime(None, databases=["default"])) == []
    checks.register_horizon(lambda: 31)
    assert ids(checks.link_lifetime(None, databases=["default"])) == ["clinic.W004"]
    assert ids(checks.link_lifetime(None)) == []  # nobody asked for the database


def test_the_link_check_waits_for_the_first_migration(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_table() -> int:
        raise OperationalError("no such table")

    monkeypatch.setattr(checks, "_horizons", [no_table])
    assert ids(checks.link_lifetime(None, databases=["default"])) == []


# --- check --deploy ---------------------------------------------------------------------------------------------------


@pytest.fixture
def server(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A server as it should be."""
    settings.PRODUCTION, settings.PROXY_HOPS, settings.SECOND_FACTOR = True, 1, True
    settings.DEFAULT_FROM_EMAIL, settings.SECURITY_CONTACT = "desk@alder-row.internal", "tel:+441632960001"
    monkeypatch.setattr(deploy_checks, "connections", {"default": SimpleNamespace(vendor="postgresql")})
    settings.OPERATOR_EMAIL = "Bea <bea@alder-row.internal>"
    settings.EMAIL_HOST, settings.EMAIL_SECURITY = "smtp.alder-row.internal", "starttls"
    return settings


def message_of(messages: list[CheckMessage]) -> str:
    assert len(ids(messages)) == 1
    return messages[0].msg


def on_deploy() -> list[str | None]:
    found = [
        check(None)
        for check in (
            deploy_checks.proxies,
            deploy_checks.sender,
            deploy_checks.database_kind,
            deploy_checks.mail_in_clear,
            deploy_checks.operator,
            deploy_checks.second_factor,
        )
    ]
    return [name for messages in found for name in ids(messages)]


def test_a_server_as_it_should_be_hears_nothing(server: Settings) -> None:
    assert on_deploy() == []


@pytest.mark.parametrize(
    ("changes", "heard"),
    [
        ({"PROXY_HOPS": 0}, ["clinic.W005"]),
        ({"DEFAULT_FROM_EMAIL": "appointments@example.org"}, ["clinic.W006"]),
        ({"DEFAULT_FROM_EMAIL": "Clinic <desk@mail.Example.COM>"}, ["clinic.W006"]),
        ({"DEFAULT_FROM_EMAIL": "desk@clinic.test"}, ["clinic.W006"]),
        ({"DEFAULT_FROM_EMAIL": "desk@my-example.org"}, []),
        ({"SECURITY_CONTACT": "mailto:safe@example.org"}, ["clinic.W006"]),
        ({"SECURITY_CONTACT": "https://example.org/report"}, []),
        ({"EMAIL_SECURITY": "none"}, ["clinic.W008"]),
        ({"OPERATOR_EMAIL": ""}, ["clinic.W010"]),
        ({"OPERATOR_EMAIL": "Bea <bea@example.org>"}, ["clinic.W006"]),
        ({"SECOND_FACTOR": False}, ["clinic.W009"]),
        ({"EMAIL_SECURITY": "none", "EMAIL_HOST": "localhost"}, []),  # nobody is on the way
    ],
)
def test_what_a_server_hardly_ever_should_be_is_said(
    server: Settings, changes: dict[str, object], heard: list[str]
) -> None:
    for name, value in changes.items():
        setattr(server, name, value)
    assert on_deploy() == heard


def test_sqlite_is_for_trying_out(server: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deploy_checks, "connections", {"default": SimpleNamespace(vendor="sqlite")})
    assert on_deploy() == ["clinic.W007"]
    server.PRODUCTION = False
    assert on_deploy() == []


def test_files_that_were_not_collected_are_found(settings: Settings, tmp_path: Path) -> None:
    assert deploy_checks.collected_files(None) == []  # a trial serves them where they lie
    in_production = {"BACKEND": "clinic.static_files.CollectedFiles"}
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"staticfiles": in_production}
    assert ids(deploy_checks.collected_files(None)) == ["clinic.E004"]
    collect(tmp_path)
    settings.STORAGES = settings.STORAGES | {"staticfiles": in_production}  # as a new process reads it
    assert deploy_checks.collected_files(None) == []
    collect(tmp_path, but="site.css")  # an update brought it, and nobody collected
    settings.STORAGES = settings.STORAGES | {"staticfiles": in_production}
    assert "site.css" in message_of(deploy_checks.collected_files(None))
    (tmp_path / "staticfiles.json").write_text("half a li")
    settings.STORAGES = settings.STORAGES | {"staticfiles": in_production}
    assert ids(deploy_checks.collected_files(None)) == ["clinic.E004"]


def test_a_missing_database_is_found_without_its_password() -> None:
    away = TRIAL | {"DATABASE_URL": "postgresql://dee:s3cret@127.0.0.1:9/none"}
    answer = start(away, "manage.py", "check", "--database", "default")
    assert answer.returncode != 0
    assert "clinic.E005" in answer.stderr and "s3cret" not in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.django_db
def test_a_database_that_answers_is_fine_and_one_that_was_not_migrated_is_not() -> None:
    for check in (deploy_checks.database_answers, deploy_checks.migrated):
        assert check(None, databases=["default"]) == []
        assert check(None) == []  # nobody asked for the database
    MigrationRecorder.Migration.objects.filter(app="foundation").latest("name").delete()
    assert ids(deploy_checks.migrated(None, databases=["default"])) == ["clinic.E006"]


@pytest.mark.django_db
def test_a_demonstration_is_said() -> None:
    make.profile(demo=True)
    assert ids(content_checks.demonstration(None, databases=["default"])) == ["content.W003"]
    assert content_checks.demonstration(None) == []
    make.profile(demo=False)
    assert content_checks.demonstration(None, databases=["default"]) == []
