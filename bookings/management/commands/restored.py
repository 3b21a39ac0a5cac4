"""manage.py restored: this database is a copy that was put back from a backup."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.models import Session
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from bookings import feed, links, mail_hold
from bookings.models import Draft, WorkerBeat


class Command(BaseCommand):
    help = (
        "Say that this database was put back from a backup, before the site and the worker start: its mail is held, and no "
        "link, diary, session or unsent answer of then opens any more. Saying it twice does no harm."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        with transaction.atomic():
            mail_hold.begin(mail_hold.Why.RESTORED, now=now)
            hold = mail_hold.current()
            links_ended, clients = links.revoke_everything(now)
            diaries = feed.switch_all_off()
            staff = Session.objects.all().delete()[0]
            drafts = Draft.objects.all().delete()[0]
            WorkerBeat.objects.all().delete()
        assert hold is not None
        alive = (
            f"{hold.alive_until:%Y-%m-%d %H:%M} UTC" if hold.alive_until else "a moment that it does not tell"
        )
        waits = mail_hold.waiting(hold, now=now)
        self.stdout.write(f"This copy lived until {alive}.")
        self.stdout.write(
            f"Ended: links {links_ended}, sessions of clients {clients}, of staff {staff}, unsent requests {drafts}, "
            f"addresses of diaries {diaries}."
        )
        self.stdout.write(
            f"The mail is held. Due, and may have been sent already: {waits.before.total()}. `manage.py mail` lists them."
        )
