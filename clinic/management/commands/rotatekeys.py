from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from clinic.foundation import rotation
from clinic.foundation.rotation import Place


class Command(BaseCommand):
    help = (
        "Write every encrypted value under the first of FIELD_KEYS, while the site goes on. Ends with 1 if a value is left "
        "that needs another key, or that none of them opens."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check",
            action="store_true",
            help="Change nothing: say how many values are under which key. Ends with 1 unless all are under the first.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        left = self._check() if options["check"] else self._rewrite()
        if left:
            sys.exit(1)

    def _rewrite(self) -> int:
        came_to = rotation.rewrite(self._name)
        self.stdout.write(
            f"Values written under the first key: {came_to.rewritten}. Under it before: {came_to.already}."
        )
        if came_to.busy:
            self.stderr.write(f"In use, and still under an older key: {came_to.busy}. Run this again.")
        self._sum_up(came_to.unreadable)
        return came_to.busy + came_to.unreadable

    def _check(self) -> int:
        found = rotation.count(self._name)
        for number in range(len(settings.FIELD_KEYS)):
            place = "the first key" if number == 0 else f"key {number + 1}"
            self.stdout.write(f"Values under {place} of FIELD_KEYS: {found.by_key[number]}")
        self._sum_up(found.unreadable)
        if found.older:
            self.stderr.write(f"Need a key behind the first: {found.older}. Run rotatekeys.")
        elif not found.unreadable:
            self.stdout.write("No value needs a key other than the first.")
        return found.older + found.unreadable

    def _name(self, place: Place) -> None:
        self.stderr.write(f"Opens with none of FIELD_KEYS: {place}")

    def _sum_up(self, unreadable: int) -> None:
        if unreadable:
            self.stderr.write(
                f"Open with none of FIELD_KEYS, and left as they are: {unreadable}. Find the key that wrote them."
            )
