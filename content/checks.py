"""System checks of this app: what would show clients a wrong time, or an invented clinic. Each has an id and a hint."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import available_timezones

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Warning
from django.db import DatabaseError

from content.models import ClinicProfile

Apps = Sequence[AppConfig] | None


def zones_are_known(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """content.E001: without zone data no wall-clock time can become a moment."""
    if "Europe/London" in available_timezones():
        return []
    return [
        Error(
            "This machine knows no time zones.",
            hint="Install the Python package tzdata, which requirements.txt names.",
            id="content.E001",
        )
    ]


def clinic_zone(
    app_configs: Apps, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """content.E002: the stored zone must be one that this machine knows (zones are renamed and dropped).

    The zone is data, so this runs only when the database is asked for (`check --database default`, `migrate`).
    """
    if not databases:
        return []
    try:
        name = ClinicProfile.objects.values_list("time_zone", flat=True).first()
    except DatabaseError:  # before the first migration there are no tables yet
        return []
    if name is None or name in available_timezones():
        return []
    return [
        Error(
            f"The clinic's time zone {name!r} is unknown on this machine.",
            hint="Choose another in the admin's clinic profile, or update the Python package tzdata.",
            id="content.E002",
        )
    ]


def demonstration(
    app_configs: Apps, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """content.W003: clients read on every page that the clinic is invented, and search engines leave it out.

    Only for `check --deploy --database default`: it is data, and right for a trial.
    """
    if not databases:
        return []
    try:
        demo = ClinicProfile.objects.filter(demo=True).exists()
    except DatabaseError:  # before the first migration there are no tables yet
        return []
    if not demo:
        return []
    return [
        Warning(
            "The clinic is marked as a demonstration.",
            hint="Make its people, prices and pages your own, then untick it in the clinic's profile.",
            id="content.W003",
        )
    ]
