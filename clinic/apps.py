from __future__ import annotations

from django.apps import AppConfig
from django.core.checks import Tags, register

from clinic import checks, deploy_checks


class ClinicConfig(AppConfig):
    name = "clinic"
    verbose_name = "The project"

    def ready(self) -> None:
        register(checks.mail)
        register(checks.site_url)
        register(checks.link_lifetime, Tags.database)
        register(deploy_checks.database_answers, Tags.database)
        register(deploy_checks.migrated, Tags.database, deploy=True)
        # In a plain `check` they would stop `migrate` and `collectstatic` on a new server, and annoy whoever tries the site.
        for check in (
            deploy_checks.proxies,
            deploy_checks.sender,
            deploy_checks.database_kind,
            deploy_checks.mail_in_clear,
            deploy_checks.collected_files,
        ):
            register(check, deploy=True)
