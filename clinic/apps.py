from __future__ import annotations

from django.apps import AppConfig
from django.core.checks import Tags, register

from clinic import checks
from clinic.postgresql.checks import limits


class ClinicConfig(AppConfig):
    name = "clinic"
    verbose_name = "The project"

    def ready(self) -> None:
        register(checks.mail)
        register(checks.field_keys, Tags.security)
        register(checks.site_url)
        register(checks.private_files, Tags.security)
        register(checks.link_lifetime, Tags.database)
        # Not one of those that `migrate` runs before it begins: it would warn of what `migrate` is about to do.
        register(limits, Tags.database, deploy=True)
