from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from clinic.foundation.models import SignIn
from clinic.foundation.signin import factor, guard


class Command(BaseCommand):
    help = (
        "Takes the second step away from somebody who has lost the telephone and the recovery codes: whatever is signed in "
        "by it ends, and at the next sign-in, with the password, they set up another one. Make sure who is asking."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the user name, as it is typed to sign in")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        user = User.objects.filter(username=name).first() if guard.is_name(name) else None
        if user is None:
            raise CommandError(f"Nobody is called {name[: guard.NAME_LENGTH]!r}. Capitals matter.")
        if not factor.remove(user):
            raise CommandError(f"{name} has no second step.")
        guard.note(None, user, SignIn.Outcome.RESET, timezone.now())
        self.stdout.write(
            f"The second step of {name} is gone. Whoever may read the log of sign-ins is told at their next sign-in."
        )
