"""manage.py loadcontent [FOLDER]: load pages, treatments and the rest from files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from content.files import load
from content.files.formats import FileError


class Command(BaseCommand):
    help = (
        "Loads content from a folder that exportcontent has written, or the shipped clinic. "
        "What exists already is left as it is."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folder", nargs="?", type=Path, default=load.SHIPPED, help="Default: the shipped clinic."
        )

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            counts = load.load(folder)
        except FileError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(", ".join(f"{words}: {count} new" for words, count in counts.items()))
