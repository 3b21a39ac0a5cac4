"""manage.py backup FOLDER: the database and the uploaded pictures, as of now, beside the running site."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from clinic import backups


class Command(BaseCommand):
    help = "Make a backup of database and pictures in a new folder inside FOLDER, and say what is needed to put it back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="Where backups are kept. Made if it is not there.")
        parser.add_argument("--keep", type=int, metavar="DAYS", help="Then delete those that are older.")

    def handle(self, *args: Any, folder: Path, keep: int | None, **options: Any) -> None:
        now = timezone.now()
        if keep is not None and keep < 1:
            raise CommandError("--keep takes a number of days, from 1 on.")
        try:
            made = backups.make(folder, now=now)
            gone = backups.let_run_out(folder, kept=timedelta(days=keep), now=now) if keep else []
        except (backups.BackupRefused, OSError) as refused:
            raise CommandError(str(refused)) from refused
        contents = backups.read(made)
        pictures = sum(name.startswith(f"{backups.PICTURES}/") for name in contents.files)
        self.stdout.write(f"{made}: the database ({contents.database}) and {pictures} files of pictures.")
        self.stdout.write(
            f"Keep FIELD_KEYS apart from it (fingerprints {', '.join(contents.field_keys)}): without them it has no answers."
        )
        for old in gone:
            self.stdout.write(f"Deleted {old}.")
