"""The start page for operators: the outbox and the worker."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import reverse

from bookings.desk_site import numbers_of
from bookings.queries import worker


def is_for(user: User) -> bool:
    """Whoever keeps the site running."""
    return user.has_perm("bookings.view_workerbeat")


def part(request: HttpRequest, now: datetime) -> dict[str, Any]:
    """One statement: the workers. That mails failed is counted for the rail."""
    found = worker.workers(now)
    return {
        "machine": {
            "failed": numbers_of(request).failed_messages,
            "failed_url": f"{reverse('admin:bookings_message_changelist')}?tab=failed",
            "worker": worker.notice(found) or _QUIET.get(found.state, ""),
            "is_well": found.state == "ok" and found.off is None,
            "worker_url": reverse("admin:bookings_workerbeat_changelist"),
        }
    }


_QUIET = {"ok": "The worker runs, and looks at the mails.", "never": "No worker was ever started here."}
