"""manage.py demo_content: load the shipped pages and the suitability matrix."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from content import demo


class Command(BaseCommand):
    help = "Loads the shipped pages and the suitability matrix. What exists already is left as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            counts = demo.load()
        except demo.DemoError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(", ".join(f"{kind}: {count} new" for kind, count in counts.items()))
