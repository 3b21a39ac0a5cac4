from __future__ import annotations

from django.apps import AppConfig
from django.core.checks import Tags, register

from clinic import checks


class ClinicConfig(AppConfig):
    name = "clinic"
    verbose_name = "The project"

    def ready(self) -> None:
        register(checks.mail)
        register(checks.site_url)
        register(checks.link_lifetime, Tags.database)
