"""System checks: settings with which the site would start and then fail somebody. Each says what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.db import DatabaseError

from clinic import first_password
from clinic.foundation.sqlite import is_file, too_open

Apps = Sequence[AppConfig] | None

_horizons: list[Callable[[], int]] = []


def register_horizon(days: Callable[[], int]) -> None:
    """Tell the link check how many days ahead a visit can lie; `days()` may read the database."""
    _horizons.append(days)


def mail(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """clinic.E001: a clinic in production that sends no mail leaves every client without an answer."""
    if not settings.PRODUCTION or settings.EMAIL_HOST:
        return []
    return [
        Error(
            "No mail leaves this site: EMAIL_HOST is not set.",
            hint="Set EMAIL_HOST (and EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD), then try `manage.py testmail`.",
            id="clinic.E001",
        )
    ]


def site_url(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """clinic.E003: mails and calendar files carry SITE_URL, and a link to a host we refuse opens nothing."""
    parts = urlsplit(settings.SITE_URL)
    host = parts.hostname or ""
    hint = "Give the address that clients use, such as https://www.example.org, and name its host in ALLOWED_HOSTS."
    if parts.scheme not in ("http", "https") or not host or parts.path or parts.query or parts.fragment:
        return [Error("SITE_URL is not the address of a site.", hint=hint, id="clinic.E003")]
    allowed = [pattern.strip("[]").lower() for pattern in settings.ALLOWED_HOSTS]
    if "*" in allowed or host in allowed or any(p[:1] == "." and f".{host}".endswith(p) for p in allowed):
        return []
    return [Error("ALLOWED_HOSTS does not name the host of SITE_URL.", hint=hint, id="clinic.E003")]


def link_lifetime(
    app_configs: Apps, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """clinic.W004: a link that dies before the furthest visit leaves clients asking for a new one.

    The horizon is data, so this runs only when the database is asked for (`check --database default`, `migrate`).
    """
    if not databases:
        return []
    try:
        furthest = max((days() for days in _horizons), default=0)
    except DatabaseError:  # before the first migration there are no tables yet
        return []
    if furthest <= settings.LINK_DAYS:
        return []
    return [
        Warning(
            f"Client links live {settings.LINK_DAYS} days, but a visit can be booked {furthest} days ahead.",
            hint="Raise LINK_DAYS, or lower the booking horizon in the admin.",
            id="clinic.W004",
        )
    ]


def private_files(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """clinic.W030: names are readable in the database's file, as keys are in `.env`. Others may have accounts here."""
    database = settings.DATABASES["default"]
    files = [str(settings.ENV_FILE), str(first_password.path())]
    if database["ENGINE"].endswith("sqlite3") and is_file(str(database["NAME"])):
        files.append(str(database["NAME"]))
    return [
        Warning(
            f"Users other than its owner can open {path.name}.",
            hint=f"chmod 600 {path}",
            id="clinic.W030",
        )
        for path in too_open(files)
    ]
