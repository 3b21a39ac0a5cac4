"""The outbox held back as a whole: a copy that was restored from a backup must not mail people again.

While the one row of MailHold is there, nothing goes except what visitors bring about after it began. It begins by a
command (`manage.py restored`, `manage.py mail --hold`), or when a worker starts and finds nobody has been active in
this database for longer than limits.mail.MAIL_HELD_AFTER_SILENCE. It ends when somebody releases it, at the desk or by
`manage.py mail --release`. docs/decisions/restored.md says why.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Count, Max, Q

from bookings import limits
from bookings.due_mail import due
from bookings.models import Draft, Event, MailHold, Message, WorkerBeat

# What a visitor brings about: their receipt, their link, the alert to staff. A copy that nobody visits has none.
ASKED_FOR = ("received", "new_link", "staff_alert")
SET_ASIDE = "It may have been sent already: it fell due before a backup was put back. Look, then send it here if it was not."

Why = MailHold.Why


@dataclass(frozen=True)
class Waiting:
    """What a hold keeps back, by kind. `before`: it fell due before a moment, so it may have been sent. `due`: the rest that
    would go now. `later` is how many are not due yet, and go in their own time.
    """

    before: Counter[str]
    due: Counter[str]
    later: int


def current() -> MailHold | None:
    """The hold, while there is one."""
    return MailHold.objects.first()


def state() -> str:
    """A line of /readyz: "ok", or "held"."""
    return "ok" if current() is None else "held"


def begin(why: Why, *, now: datetime) -> bool:
    """Hold the mail from now on. False if it was held already: then that hold stays as it is.

    But a restored backup may contain a hold from its own time, so with RESTORED it begins anew.
    """
    before, alive = current(), _last_sign_of_life(now)
    if before is not None and why != Why.RESTORED:
        return False
    if before is not None and before.alive_until is not None:
        alive = max(before.alive_until, alive or before.alive_until)
    values = {"at": now, "why": why, "alive_until": alive}
    MailHold.objects.update_or_create(pk=MailHold.ONLY, defaults=values)
    return True


def notice_silence(now: datetime) -> bool:
    """For a worker at its start, before it leaves a sign of life: hold the mail if this may be a restored copy.

    That is when there once was a worker, nobody has been active here for longer than
    limits.mail.MAIL_HELD_AFTER_SILENCE, and mails are due from before. True if it is held now.
    """
    beat = _last_beat(now)
    if beat is None or now - beat <= limits.mail.MAIL_HELD_AFTER_SILENCE:
        return False
    alive = _last_sign_of_life(now) or beat
    if now - alive <= limits.mail.MAIL_HELD_AFTER_SILENCE or alive - beat > limits.mail.SITE_WITHOUT_WORKER:
        return False
    return Message.objects.filter(due(now)).filter(created_at__lte=alive).exists() and begin(
        Why.SILENT, now=now
    )


def may_go(hold: MailHold) -> Q:
    """Which messages go even though the mail is held."""
    return Q(kind__in=ASKED_FOR, created_at__gte=hold.at)


def goes(hold: MailHold, message: Message) -> bool:
    """The same, for one message."""
    return message.kind in ASKED_FOR and message.created_at >= hold.at


def waiting(hold: MailHold, *, before: datetime | None = None, now: datetime) -> Waiting:
    """What waits. `before` is the moment up to which a mail may have been sent already (default: when the hold began)."""
    held = Message.objects.filter(due(now)).exclude(may_go(hold))
    old = _fell_due(hold, before or hold.at)
    return Waiting(
        before=_by_kind(held.filter(old)),
        due=_by_kind(held.exclude(old)),
        later=Message.objects.filter(state=Message.State.QUEUED).exclude(due(now)).count(),
    )


def set_aside(hold: MailHold, *, before: datetime | None = None, now: datetime) -> int:
    """Stop what may have been sent already from going by itself; return how many. Staff find them under "Held back"."""
    old = Message.objects.filter(due(now)).exclude(may_go(hold)).filter(_fell_due(hold, before or hold.at))
    return old.update(state=Message.State.WITHHELD, problem=SET_ASIDE, lease_until=None, leased_by="")


def release() -> bool:
    """End the hold: what waits goes at the worker's next look, if it is still true. False if there was none."""
    return MailHold.objects.all().delete()[0] > 0


def _fell_due(hold: MailHold, before: datetime) -> Q:
    """Queued before the hold and due by `before`: the site that ran on after the backup may have sent it."""
    return Q(created_at__lt=hold.at, not_before__lte=before)


def _by_kind(rows: models.QuerySet[Message]) -> Counter[str]:
    return Counter(dict(rows.order_by().values_list("kind").annotate(Count("pk"))))


def _last_beat(now: datetime) -> datetime | None:
    return _newest(WorkerBeat.objects.filter(at__lte=now, clock_off=None), "at")


def _last_sign_of_life(now: datetime) -> datetime | None:
    """When a worker was last alive here, or somebody did something here. Future times from a wrong clock do not count."""
    signs = (
        _last_beat(now),
        _newest(Event.objects.filter(at__lte=now), "at"),
        _newest(Message.objects.filter(created_at__lte=now), "created_at"),
        _newest(Draft.objects.filter(started_at__lte=now), "started_at"),
    )
    return max((sign for sign in signs if sign is not None), default=None)


def _newest(rows: models.QuerySet[Any], field: str) -> datetime | None:
    found: datetime | None = rows.aggregate(at=Max(field))["at"]
    return found
