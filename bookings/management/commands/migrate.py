"""manage.py migrate: Django's own, and then the roles of staff. Only at its end do all rights exist."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS
from django.utils import timezone

from bookings.roles import grants


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        only_part = any(options[name] for name in ("app_label", "plan", "check_unapplied", "fake"))
        if only_part or options["database"] != DEFAULT_DB_ALIAS:
            return
        done = grants.give(timezone.now())
        if options["verbosity"] >= 1:
            for line in done:
                self.stdout.write(f"Role {line}.")
