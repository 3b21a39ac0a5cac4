"""manage.py retention: what is due to be forgotten, and what will be. Changes nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from bookings.queries import due

_FORM = "{:<32} {:>7}  {:<10}  {:<9}  {}"


class Command(BaseCommand):
    help = "Lists for each kind of row how many are due to go, and when the next will be. Removes nothing: the worker does."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(_FORM.format("", "due now", "oldest", "kept for", "next due"))
        for line in due.report(timezone.now()):
            days = line.kind.period.days
            kept = f"{days} day{'' if days == 1 else 's'}" if days else "its time"
            self.stdout.write(
                _FORM.format(line.kind.words, line.due, _day(line.oldest), kept, _day(line.next_due))
            )
        self.stdout.write("Days are UTC. The worker forgets what is due; this command changes nothing.")


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else "-"
