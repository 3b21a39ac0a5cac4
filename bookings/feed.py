"""The secret address of a practitioner's feed: made, found again, replaced, switched off.

The token is random and is shown once; the database holds its digest. A new one closes the old one at once.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.conf import settings
from django.db.models import Q

from bookings import limits
from bookings.models import CalendarFeed, Practitioner


def renew(practitioner: Practitioner, now: datetime) -> str:
    """Make an address for this practitioner's feed, or a new one in place of theirs: the token, which is stored nowhere."""
    token = secrets.token_urlsafe(32)
    made = {"digest": _digest(token), "made_at": now, "read_at": None}
    CalendarFeed.objects.update_or_create(practitioner=practitioner, defaults=made)
    return token


def switch_off(practitioner: Practitioner) -> bool:
    """Close the address of this practitioner's feed; whether there was one."""
    return CalendarFeed.objects.filter(practitioner=practitioner).delete()[0] > 0


def switch_all_off() -> int:
    """Close every address (a restored copy, in which old ones would open again); returns how many there were."""
    return CalendarFeed.objects.all().delete()[0]


def of(practitioner: Practitioner) -> CalendarFeed | None:
    return CalendarFeed.objects.filter(practitioner=practitioner).first()


def find(token: str, now: datetime) -> Practitioner | None:
    """Whose feed this token opens: nobody's if it was replaced, or if the account of its practitioner was closed. Of
    somebody without an account it is nobody's once they are switched off.

    Notes about when it was asked for, once an hour at most.
    """
    works = Q(practitioner__user=None, practitioner__is_active=True) | Q(practitioner__user__is_active=True)
    feed = CalendarFeed.objects.filter(works, digest=_digest(token)).select_related("practitioner").first()
    if feed is None:
        return None
    if feed.read_at is None or now - feed.read_at >= limits.deadlines.FEED_READ_NOTED:
        CalendarFeed.objects.filter(pk=feed.pk, digest=feed.digest).update(read_at=now)
    return feed.practitioner


def address(token: str) -> str:
    """The full address to paste into a calendar app."""
    return f"{settings.SITE_URL}/consultations/diary/{token}.ics"


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
