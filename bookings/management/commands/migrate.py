"""manage.py migrate: Django's own, then what needs all of it: the triggers behind the public pages' edition, the roles of
staff, the rights of the site's role.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS, connection
from django.utils import timezone

from bookings.roles import grants
from clinic.postgresql import rights
from content.ready import triggers


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        only_part = any(options[name] for name in ("app_label", "plan", "check_unapplied", "fake"))
        if only_part or options["database"] != DEFAULT_DB_ALIAS:
            return
        triggers.install(connection)
        done = grants.give(timezone.now())
        if settings.DATABASE_APP_ROLE and connection.vendor == "postgresql":
            rights.give(connection, settings.DATABASE_APP_ROLE)
        if options["verbosity"] >= 1:
            for line in done:
                self.stdout.write(f"Role {line}.")
