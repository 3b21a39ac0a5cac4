"""manage.py mail: whether the mail is held, what waits, and what to do about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from bookings import mail_hold
from bookings.messages.kinds import KINDS
from bookings.models import MailHold
from bookings.queries.clinic import zone
from clinic.foundation import when


class Command(BaseCommand):
    help = "Say whether the mail is held, and what waits. With an option: hold it, set old ones aside, release it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--hold", action="store_true", help="Send nothing but what visitors ask for.")
        parser.add_argument(
            "--set-aside",
            action="store_true",
            help="Keep from going by itself what may have been sent already: what fell due before the mail was held.",
        )
        parser.add_argument(
            "--before",
            metavar="TIME",
            help="What fell due before this moment instead, on the clinic's clock: '2026-11-30 09:00'.",
        )
        parser.add_argument("--release", action="store_true", help="Send what waits, as far as it is true.")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        before = _moment(options["before"])
        if options["hold"]:
            mail_hold.begin(mail_hold.Why.BY_HAND, now=now)
        hold = mail_hold.current()
        if hold is None:
            if options["set_aside"] or options["release"]:
                raise CommandError("The mail is not held.")
            self.stdout.write("The mail is not held.")
            return
        if options["set_aside"]:
            count = mail_hold.set_aside(hold, before=before, now=now)
            self.stdout.write(f"Set aside: {count}. The desk finds them in the outbox under 'Held back'.")
        if options["release"]:
            mail_hold.release()
            self.stdout.write("The mail is released. What waits goes with the next look of the worker.")
            return
        self._tell(hold, before, now)

    def _tell(self, hold: MailHold, before: datetime | None, now: datetime) -> None:
        place, waits = zone(), mail_hold.waiting(hold, before=before, now=now)
        self.stdout.write(f"The mail is held since {when.short(hold.at, place)}: {hold}.")
        if hold.alive_until:
            self.stdout.write(f"The last sign of life before it: {when.short(hold.alive_until, place)}.")
        until = when.short(before or hold.at, place)
        self.stdout.write(f"Fell due before {until}, so it may have been sent: {waits.before.total()}")
        for kind, count in sorted(waits.before.items()):
            self.stdout.write(f"  {count:5}  {KINDS[kind].words if kind in KINDS else kind}")
        self.stdout.write(f"Due, and not sent before: {waits.due.total()}")
        for kind, count in sorted(waits.due.items()):
            self.stdout.write(f"  {count:5}  {KINDS[kind].words if kind in KINDS else kind}")
        self.stdout.write(f"Not due yet: {waits.later}")


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{text!r} is no moment. Write it as '2026-11-30 09:00'.") from None
    return when.utc(read) if read.tzinfo else when.instant(read, zone())
