"""manage.py exportcontent FOLDER: write all content as files that loadcontent reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from content.files import export


class Command(BaseCommand):
    help = "Writes pages, treatments, the matrix and the rest as Markdown, YAML and CSV that loadcontent reads again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="Must be empty, or not be there yet.")
        parser.add_argument("--overwrite", action="store_true", help="Replace an earlier export.")

    def handle(self, *args: Any, folder: Path, overwrite: bool, **options: Any) -> None:
        try:
            count = export.write(folder, overwrite=overwrite)
        except export.ExportRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as error:
            raise CommandError(f"{folder} cannot be written: {error}") from error
        self.stdout.write(f"{count} files in {folder}")
