"""manage.py restore BACKUP: put a backup into an empty database, and hold its mail."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from clinic import backups


class Command(BaseCommand):
    help = (
        "Put a backup back: its database into an empty one, its pictures beside those that are there. Brings it to this "
        "version, then says `restored`: the mail is held, and no link or session of then opens. Stop site and worker first."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("backup", type=Path, help="The folder that `manage.py backup` made.")
        parser.add_argument(
            "--keys-are-lost", action="store_true", help="Although FIELD_KEYS lacks a key that it needs."
        )

    def handle(self, *args: Any, backup: Path, keys_are_lost: bool, **options: Any) -> None:
        try:
            contents = backups.check(backup, keys_are_lost=keys_are_lost)
            pictures = backups.put_back(backup, contents)
        except (backups.BackupRefused, OSError) as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(
            f"The database of {contents.made_at} is back, and {pictures} files of pictures came."
        )
        call_command("migrate", verbosity=0, stdout=self.stdout)
        call_command("restored", stdout=self.stdout)
        if settings.DATABASE_APP_ROLE:
            self.stdout.write(
                f"Now run `manage.py migrate` once as {settings.DATABASE_APP_ROLE}: it writes down its limits."
            )
        self.stdout.write("Now run `manage.py rotatekeys --check`, then start the site and the worker.")
