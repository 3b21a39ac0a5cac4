"""manage.py errorpages: draw, as files, the pages that the proxy shows while the site cannot answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.template import loader

from content.models import ClinicProfile

# deploy/nginx/clinic.conf names each of them.
PAGES = ("400", "404", "413", "503")


class Command(BaseCommand):
    help = (
        "Draws the pages that the proxy shows when it has to answer by itself, into the folder errors of STATIC_ROOT. "
        "Run it after collectstatic, and when the clinic's telephone number changes."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.STATIC_ROOT:
            raise CommandError("A trial has no proxy and no STATIC_ROOT. This is for MODE=production.")
        folder = Path(settings.STATIC_ROOT) / "errors"
        folder.mkdir(parents=True, exist_ok=True)
        known = {"frame": "bare.html", "clinic": ClinicProfile.current()}
        for name in PAGES:
            page = loader.render_to_string(f"{name}.html", known)
            (folder / f"{name}.html").write_text(page, encoding="utf-8")
        self.stdout.write(f"{len(PAGES)} pages in {folder}")
