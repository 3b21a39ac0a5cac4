"""What would let the site start and then fail somebody is said by `manage.py check`, with what to do."""

from __future__ import annotations

import pytest
from django.core.checks import CheckMessage
from django.db import OperationalError
from pytest_django import Settings

from clinic import checks


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
