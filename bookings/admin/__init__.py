"""Staff pages. Django imports this package as the app's admin module; each room registers its models on the desk's site."""

from __future__ import annotations

from bookings.admin import audit, day, outbox, schedule, signins, tags, users, workers, worklist
from bookings.admin.calendar import page as calendar

__all__ = [
    "audit",
    "calendar",
    "day",
    "outbox",
    "schedule",
    "signins",
    "tags",
    "users",
    "workers",
    "worklist",
]
