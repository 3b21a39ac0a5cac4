"""manage.py testmail: one mail, made and handed over as all ours are."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from bookings.messages import envelope, render, server


class Command(BaseCommand):
    help = "Sends one test mail through the configured mail server, and says what it answered."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", help="who gets the test mail")

    def handle(self, *args: Any, address: str, **options: Any) -> None:
        if not settings.EMAIL_HOST:
            raise CommandError("No mail leaves this site: EMAIL_HOST is not set. Set it and try again.")
        try:
            to = envelope.recipient(address)
        except envelope.Unsendable as error:
            raise CommandError(f"{address} is not an e-mail address.") from error
        try:
            raw = render.trial(address, now=timezone.now()).raw
        except envelope.Unsendable as error:
            raise CommandError(
                "No mail can be made: DEFAULT_FROM_EMAIL, or the address in the clinic's profile, cannot be used."
            ) from error
        where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT} ({settings.EMAIL_SECURITY})"
        try:
            with server.Line() as line, line.mail(sender=envelope.sender(), to=to):
                line.hand_over(raw)
        except server.Unanswered as error:
            raise CommandError(f"{where}: {server.MAYBE}") from error
        except OSError as error:  # smtplib's exceptions are OSErrors
            raise CommandError(f"{where} did not take the mail: {type(error).__name__}: {error}") from error
        self.stdout.write(f"{where} took a test mail for {address}, from {envelope.sender()}.")
