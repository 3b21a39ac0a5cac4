from __future__ import annotations

from django.apps import AppConfig
from django.core.checks import Tags, register


class ContentConfig(AppConfig):
    name = "content"
    verbose_name = "Pages and treatments"

    def ready(self) -> None:
        # The checks read models, which are not ready any earlier.
        from content import checks  # noqa: PLC0415  (models are not ready any earlier)

        register(checks.zones_are_known)
        register(checks.clinic_zone, Tags.database)
        register(checks.demonstration, Tags.database, deploy=True)
