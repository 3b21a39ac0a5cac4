"""Who looked at what: one entry each time, with no content."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Model, QuerySet

from clinic.foundation.limits.history import NOTED_ONCE
from clinic.foundation.models import AuditEntry


def seen(
    user: AbstractBaseUser, action: str, obj: Model | type[Model], now: datetime, **facts: str | int
) -> AuditEntry:
    """Note that `user` did `action` (a code such as "view" or "export") to `obj` at `now` (aware, UTC).

    A class means many of that kind. `facts` are codes, numbers and days: nothing that anybody wrote.
    """
    return AuditEntry.objects.create(
        at=now,
        who=user.get_username(),
        who_id=user.pk,
        action=action,
        object_label=obj._meta.label_lower,
        object_id="" if isinstance(obj, type) else str(obj.pk),
        facts=facts,
    )


def seen_each(
    user: AbstractBaseUser, action: str, model: type[Model], keys: Collection[int], now: datetime
) -> None:
    """The same for many rows that stand on one page. Who noted one of them less than an hour ago notes it once."""
    entries = AuditEntry.objects.filter(who_id=user.pk, at__gt=now - NOTED_ONCE, action=action)
    known = set(entries.filter(object_label=model._meta.label_lower).values_list("object_id", flat=True))
    new = [key for key in map(str, keys) if key not in known]
    AuditEntry.objects.bulk_create(
        AuditEntry(
            at=now,
            who=user.get_username(),
            who_id=user.pk,
            action=action,
            object_label=model._meta.label_lower,
            object_id=key,
        )
        for key in new
    )


def forget(keys: Collection[int]) -> int:
    """Remove these entries, whose time is up (bookings/queries/due.py); return how many. Nothing else removes any."""
    # A plain query set: the model's own refuses.
    return QuerySet(AuditEntry).filter(pk__in=keys).delete()[0]
