"""What migrations could not mend because an editor had changed the row: a person reads, mends and settles it."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User

from content.models import Correction


def settle(correction: Correction, *, by: User, now: datetime) -> bool:
    """Note that `by` has looked after it at `now` (UTC). False, and nothing written, if somebody had done so before."""
    return bool(
        Correction.objects.filter(pk=correction.pk, settled_at=None).update(settled_at=now, settled_by=by)
    )
