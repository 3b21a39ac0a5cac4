from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from clinic.first_password import path, read


class Command(BaseCommand):
    help = (
        "Makes the first account that may do everything, if there is none yet. The password comes from the environment "
        "variable FIRST_PASSWORD; with --trial one is made up, kept in var/first-password.txt and printed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--username", default=os.environ.get("FIRST_USER", "admin"))
        parser.add_argument("--email", default="")
        parser.add_argument("--trial", action="store_true", help="make up a password and keep it in a file")

    def handle(self, *args: Any, username: str, email: str, trial: bool, **options: Any) -> None:
        if trial and settings.PRODUCTION:
            raise CommandError(
                "--trial keeps a password in a file, and MODE is production. Set FIRST_PASSWORD instead."
            )
        users = get_user_model()._default_manager
        if users.filter(is_superuser=True).exists():
            known = read()
            self.stdout.write(
                f"Sign in as {known[0]} with {known[1]}" if known else "There is a first user already."
            )
            return
        password = secrets.token_urlsafe(12) if trial else os.environ.get("FIRST_PASSWORD", "")
        if not password:
            raise CommandError(
                "Set FIRST_PASSWORD in the environment (not on the command line, where others see it)."
            )
        user = get_user_model()(username=username, email=email, is_staff=True, is_superuser=True)
        try:
            validate_password(password, user)
            user.set_password(password)
            user.full_clean()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        user.save()
        if trial:
            _keep(path(), username, password)
            self.stdout.write(f"Sign in as {username} with {password}")
        else:
            self.stdout.write(f"{username} can sign in now.")


def _keep(file: Path, username: str, password: str) -> None:
    """Write the file so that only its owner can read it, from the first byte on."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        handle.write(f"{username}\n{password}\n")
