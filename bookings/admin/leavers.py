"""Somebody leaves: what they have done here, which keeps their name, and the account that is closed."""

from __future__ import annotations

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User

from bookings.models import ConsultationRequest, Event, Note
from bookings.states import Who
from clinic.foundation.models import AuditEntry, SignIn
from clinic.foundation.signin import factor
from content.models import Correction, PageEvent, Version


def stays(user: User) -> list[str]:
    """What the history has of theirs, in words: '3 notes'. Empty for somebody who has done nothing."""
    done = (
        (LogEntry.objects.filter(user=user), "saved form", "saved forms"),
        (
            Event.objects.filter(actor_kind=Who.STAFF, actor_id=user.pk),
            "line in the history of requests",
            "lines in the history of requests",
        ),
        (Note.objects.filter(author_id=user.pk), "note", "notes"),
        (
            Version.objects.filter(saved_by=user),
            "saved version on the website",
            "saved versions on the website",
        ),
        (
            PageEvent.objects.filter(by=user),
            "line in the history of the website",
            "lines in the history of the website",
        ),
        (Correction.objects.filter(settled_by=user), "settled correction", "settled corrections"),
        (
            AuditEntry.objects.filter(who_id=user.pk),
            "record of what they have read",
            "records of what they have read",
        ),
        (
            SignIn.objects.filter(who=user.get_username(), outcome=SignIn.Outcome.IN),
            "line in the log of sign-ins",
            "lines in the log of sign-ins",
        ),
    )
    counted = ((rows.count(), one, many) for rows, one, many in done)
    return [f"{number} {one if number == 1 else many}" for number, one, many in counted if number]


def has_worked(user: User) -> bool:
    """Whether the account must stay because history or open work is in its name."""
    return user.last_login is not None or bool(stays(user)) or assigned(user) > 0


def assigned(user: User) -> int:
    """How many open requests they look after."""
    return ConsultationRequest.objects.open().filter(assigned_to=user).count()


def is_closed(user: User) -> bool:
    rights = user.is_active or user.is_staff or user.is_superuser or user.has_usable_password()
    return not rights and not user.groups.exists() and not user.user_permissions.exists()


def close(user: User) -> None:
    """Nobody signs in with it any more, and it may do nothing. The names stay. Call it within a transaction."""
    user.is_active = user.is_staff = user.is_superuser = False
    user.email = ""
    user.set_unusable_password()
    user.save()
    user.groups.clear()
    user.user_permissions.clear()
    factor.remove(user)
