from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from bookings import demo
from content.files import load as content_files


class Command(BaseCommand):
    help = "Load the demonstration clinic. A second load changes nothing that exists."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--yes", action="store_true", help="Needed in production: yes, an invented clinic."
        )
        parser.add_argument(
            "--if-empty", action="store_true", help="Do nothing when somebody has worked here."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION and not options["yes"]:
            raise CommandError(
                "This would load an invented clinic, with people and prices that do not exist, and MODE is production. "
                "Say --yes if you want it as something to change. Nothing was loaded."
            )
        if options["if_empty"] and not demo.is_empty():
            self.stdout.write("The database is in use: the demonstration clinic was left as it is.")
            return
        # All or nothing: a half-loaded clinic would look like one that somebody works in.
        with transaction.atomic():
            content_files.load()
            made = demo.load()
        for what, count in made.items():
            self.stdout.write(f"{count} {what} made.")
