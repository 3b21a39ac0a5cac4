from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from bookings.demo import clinic, requests
from content.files import load as content_files


class Command(BaseCommand):
    help = "Load the demonstration clinic, and requests of invented people. A second load changes nothing that exists."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--yes", action="store_true", help="Needed in production: yes, an invented clinic."
        )
        parser.add_argument(
            "--if-empty", action="store_true", help="Do nothing when somebody has worked here."
        )
        parser.add_argument(
            "--requests", type=number, default=0, metavar="N", help="Make this many requests as well."
        )
        parser.add_argument(
            "--seed",
            type=int,
            default=1,
            metavar="S",
            help="Other people for another number; the same for the same.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION and not options["yes"]:
            raise CommandError(
                "This would load an invented clinic, with people and prices that do not exist, and MODE is production. "
                "Say --yes if you want it as something to change. Nothing was loaded."
            )
        if options["if_empty"] and not clinic.is_empty():
            self.stdout.write("The database is in use: the demonstration clinic was left as it is.")
            return
        # All or nothing: a half-loaded clinic would look like one that somebody works in.
        with transaction.atomic():
            content_files.load()
            made = clinic.load()
            if options["requests"]:
                made["requests"] = _requests(options["requests"], options["seed"])
        for what, count in made.items():
            self.stdout.write(f"{count} {what} made.")


def _requests(count: int, seed: int) -> int:
    try:
        return requests.load(count, seed=seed, now=timezone.now())
    except requests.NotADemonstration as error:
        raise CommandError(
            "This clinic is no longer marked as a demonstration (The clinic, in the admin): invented people would stand "
            "among real ones. Nothing was loaded."
        ) from error


def number(text: str) -> int:
    """How many, 0 or more. Raises ValueError, which argparse tells, for what is none."""
    if int(text) < 0:
        raise ValueError
    return int(text)
