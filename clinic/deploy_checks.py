"""System checks for `check --deploy`: what a server may be, but a clinic's hardly ever should. Each says what to do.

Anyone who has decided otherwise names the id in SILENCED_SYSTEM_CHECKS.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from email.utils import parseaddr
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import ManifestFilesMixin
from django.core.checks import CheckMessage, Error, Warning
from django.core.files.storage import storages
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor

Apps = Sequence[AppConfig] | None

# Nobody can have an address there (RFC 2606, RFC 6761).
_NOBODYS = re.compile(r"(^|[.@])(example\.(org|com|net)|example|test|invalid|localhost)$")
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
_SHOWN = 3


def proxies(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """clinic.W005: behind a proxy that is not counted, all clients share one address, and so one limit."""
    if not settings.PRODUCTION or settings.PROXY_HOPS:
        return []
    return [
        Warning(
            "PROXY_HOPS is 0: every visitor seems to come from the proxy, and http cannot be told from https.",
            hint="Set PROXY_HOPS to the number of your proxies, usually 1.",
            id="clinic.W005",
        )
    ]


def sender(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """clinic.W006: mails from an address that nobody can have are refused or thrown away."""
    contact = settings.SECURITY_CONTACT
    addresses = {
        "DEFAULT_FROM_EMAIL": parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
        "OPERATOR_EMAIL": parseaddr(settings.OPERATOR_EMAIL)[1],
        "SECURITY_CONTACT": contact.removeprefix("mailto:") if contact.startswith("mailto:") else "",
    }
    return [
        Warning(
            f"{name} is at a domain that nobody can have: {address}.",
            hint=f"Set {name} to an address of the clinic.",
            id="clinic.W006",
        )
        for name, address in addresses.items()
        if _NOBODYS.search(address.lower())
    ]


def database_kind(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """clinic.W007: SQLite keeps a clinic on one machine, and one writer at a time."""
    if not settings.PRODUCTION or connections[DEFAULT_DB_ALIAS].vendor != "sqlite":
        return []
    return [
        Warning(
            "The database is SQLite, which is for trying out.",
            hint="Set DATABASE_URL to a PostgreSQL database.",
            id="clinic.W007",
        )
    ]


def mail_in_clear(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """clinic.W008: without encryption anybody on the way can read the links that open requests, and our password."""
    host = settings.EMAIL_HOST
    if not settings.PRODUCTION or settings.EMAIL_SECURITY != "none" or not host or host in _THIS_MACHINE:
        return []
    return [
        Warning(
            f"EMAIL_SECURITY is none, and {host} is another machine: mails, links and the password go there in clear.",
            hint="Set EMAIL_SECURITY to starttls or tls.",
            id="clinic.W008",
        )
    ]


def operator(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """clinic.W010: a worker that has stopped says so at the desk, which nobody reads at night."""
    if not settings.PRODUCTION or settings.OPERATOR_EMAIL:
        return []
    return [
        Warning(
            "OPERATOR_EMAIL is not set: nobody is told when the worker stops, or a disk is full.",
            hint="Set it to the address of whoever runs the server, and let a timer run `manage.py doctor --mail`.",
            id="clinic.W010",
        )
    ]


def second_factor(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """clinic.W009: a password that was seen, guessed or used elsewhere opens every health answer."""
    if not settings.PRODUCTION or settings.SECOND_FACTOR:
        return []
    return [
        Warning(
            "SECOND_FACTOR is false: a password alone opens health answers and accounts.",
            hint="Set SECOND_FACTOR to true, or leave it out. Each person sets up a telephone at the next sign-in.",
            id="clinic.W009",
        )
    ]


def collected_files(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """clinic.E004: a file of ours that was not collected is not served, and pages appear unstyled."""
    try:
        storage = storages["staticfiles"]
        if not isinstance(storage, ManifestFilesMixin):
            return []  # a trial serves them from where they are
        known: set[str] = set(storage.hashed_files)
    except ValueError:  # the list of what was collected cannot be read
        known = set()
    ours = {name for finder in get_finders() for name, _ in finder.list([])}
    missing = sorted(ours - known)
    if not missing:
        return []
    named = ", ".join(missing[:_SHOWN]) + (" and others" if len(missing) > _SHOWN else "")
    return [
        Error(
            f"{len(missing)} of our own files are not collected in {settings.STATIC_ROOT}: {named}.",
            hint="Run `manage.py collectstatic --noinput`, then start the site anew.",
            id="clinic.E004",
        )
    ]


def database_answers(
    app_configs: Apps, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """clinic.E005: a database that is not there, or does not let us in. Only when the database is asked for."""
    if not databases:
        return []
    try:
        connections[DEFAULT_DB_ALIAS].ensure_connection()
    except DatabaseError as error:
        lines = str(error).strip().splitlines()
        return [
            Error(
                f"The database does not answer: {lines[0] if lines else type(error).__name__}",
                hint="Look at DATABASE_URL, and whether the server runs and takes this user.",
                id="clinic.E005",
            )
        ]
    return []


def migrated(app_configs: Apps, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """clinic.E006: tables that this version needs are missing. Only when the database is asked for."""
    if not databases:
        return []
    try:
        executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    except DatabaseError:  # clinic.E005 says so
        return []
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not waiting:
        return []
    return [
        Error(
            f"{len(waiting)} migrations of this version have not run, the first of {waiting[0][0].app_label}.",
            hint="Run `manage.py migrate`.",
            id="clinic.E006",
        )
    ]
