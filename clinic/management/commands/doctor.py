"""manage.py doctor: says what is wrong, and mails it to the operator without the worker."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from clinic import doctor
from clinic.doctor import Finding
from clinic.foundation import limits

_WRONG, _NOT_MAILED = 1, 2


class Command(BaseCommand):
    help = (
        "Say in plain words what is wrong with settings, database, keys, disks, worker, mails and requests. Ends with 0 if "
        "nothing is, with 1 if something is, with 2 if the mail about it could not be sent."
    )
    requires_system_checks = ()  # what they find is among what it says

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--mail",
            action="store_true",
            help="Also write to OPERATOR_EMAIL when something is wrong, straight to the mail server, past the worker.",
        )
        parser.add_argument(
            "--remember",
            metavar="FILE",
            type=Path,
            help="With --mail: note there what was mailed: the same goes again after a day only.",
        )

    def handle(self, *args: Any, mail: bool, remember: Path | None, **options: Any) -> None:
        found = doctor.examine()
        for finding in found:
            self.stdout.write(f"{'ok   ' if not finding.wrong else 'WRONG'} {finding.name}")
            for sentence in finding.wrong:
                self.stdout.write(f"      {sentence}")
        wrong = [finding for finding in found if finding.wrong]
        if mail:
            _tell(wrong, remember)
        if wrong:
            raise CommandError(f"{_things(wrong)}.", returncode=_WRONG)
        self.stdout.write("All is well.")


def _things(wrong: list[Finding]) -> str:
    number = sum(len(finding.wrong) for finding in wrong)
    return "1 thing is wrong" if number == 1 else f"{number} things are wrong"


def _tell(wrong: list[Finding], remember: Path | None) -> None:
    """Mail what is news. Raises CommandError if it could not be sent: then something else must tell the operator."""
    names = "\n".join(finding.name for finding in wrong)
    if not _is_news(names, remember):
        return
    if not (settings.OPERATOR_EMAIL and settings.EMAIL_HOST):
        raise CommandError("Nobody was mailed: set OPERATOR_EMAIL and EMAIL_HOST.", returncode=_NOT_MAILED)
    host = urlsplit(settings.SITE_URL).hostname
    lines = [f"{finding.name}: {sentence}" for finding in wrong for sentence in finding.wrong]
    try:
        EmailMessage(
            subject=f"{_things(wrong)} at {host}" if wrong else f"All is well again at {host}",
            body="\n\n".join([*lines, "Said by `manage.py doctor --mail`."]),
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[settings.OPERATOR_EMAIL],
            headers={"Auto-Submitted": "auto-generated"},
        ).send()
    except OSError as error:  # smtplib's exceptions are OSErrors
        raise CommandError(
            f"{_things(wrong)}, and nobody was mailed: {settings.EMAIL_HOST} did not take it ({type(error).__name__}).",
            returncode=_NOT_MAILED,
        ) from error
    if remember:
        remember.write_text(names, encoding="utf-8")


def _is_news(names: str, remember: Path | None) -> bool:
    """Whether it differs from what was mailed last, or is as bad as it was a day ago. Without a note only bad news is."""
    if remember is None or not remember.exists():
        return bool(names)
    age = timedelta(seconds=timezone.now().timestamp() - remember.stat().st_mtime)
    return names != remember.read_text("utf-8") or bool(names) and age >= limits.server.TROUBLE_MAILED_AGAIN
