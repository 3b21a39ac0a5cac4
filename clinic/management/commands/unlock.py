from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from clinic.foundation.signin import guard


class Command(BaseCommand):
    help = (
        "Lets somebody sign in although too many wrong passwords have closed their account: for a quarter of an hour each "
        "network has guesses of its own there. Also while somebody else goes on guessing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the user name, as it is typed to sign in")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        if not guard.is_name(name) or not User.objects.filter(username=name).exists():
            raise CommandError(f"Nobody is called {name[: guard.NAME_LENGTH]!r}. Capitals matter.")
        until = guard.unlock(name, timezone.now())
        self.stdout.write(f"{name} can sign in until {until:%H:%M} UTC.")
