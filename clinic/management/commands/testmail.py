from __future__ import annotations

from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email


class Command(BaseCommand):
    help = "Sends one test mail through the configured mail server, and says what it answered."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", help="who gets the test mail")

    def handle(self, *args: Any, address: str, **options: Any) -> None:
        if not settings.EMAIL_HOST:
            raise CommandError("No mail leaves this site: EMAIL_HOST is not set. Set it and try again.")
        try:
            validate_email(address)
        except ValidationError as error:
            raise CommandError(f"{address} is not an e-mail address.") from error
        server = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT} ({settings.EMAIL_SECURITY})"
        text = f"This mail was sent by {settings.SITE_URL} to test its mail server.\n"
        connection = get_connection()
        try:
            EmailMessage("Test", text, to=[address], connection=connection).send()
        except (SMTPException, OSError) as error:
            raise CommandError(f"{server} did not take the mail: {type(error).__name__}: {error}") from error
        finally:
            connection.close()  # Django leaves it open when the server refuses encryption
        self.stdout.write(f"{server} took a test mail for {address}, from {settings.DEFAULT_FROM_EMAIL}.")
