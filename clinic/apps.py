from __future__ import annotations

from django.apps import AppConfig
from django.core.checks import Tags, register

from clinic import checks, deploy_checks
from clinic.postgresql.checks import limits, ownership


class ClinicConfig(AppConfig):
    name = "clinic"
    verbose_name = "The project"

    def ready(self) -> None:
        register(checks.mail)
        register(checks.site_url)
        register(checks.private_files, Tags.security)
        register(checks.link_lifetime, Tags.database)
        # Not one of the checks that `migrate` runs before it begins: it would warn of what `migrate` is about to do.
        register(limits, Tags.database, deploy=True)
        register(ownership, Tags.database, deploy=True)
        register(deploy_checks.database_answers, Tags.database)
        register(deploy_checks.migrated, Tags.database, deploy=True)
        # In a plain `check` they would stop `migrate` and `collectstatic` on a new server, and annoy whoever tries the site.
        for check in (
            deploy_checks.proxies,
            deploy_checks.sender,
            deploy_checks.database_kind,
            deploy_checks.mail_in_clear,
            deploy_checks.operator,
            deploy_checks.second_factor,
            deploy_checks.collected_files,
        ):
            register(check, deploy=True)
