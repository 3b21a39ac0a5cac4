"""Staff pages. Django imports this package as the app's admin module; each room registers its models on the desk's site."""

from __future__ import annotations

from bookings.admin import (
    audit,
    day,
    fee_texts,
    kinds,
    outbox,
    practitioners,
    request_limits,
    schedule,
    signins,
    start,
    tags,
    users,
    workers,
    worklist,
)
from bookings.admin.block import page as block
from bookings.admin.calendar import diary
from bookings.admin.calendar import page as calendar
from bookings.admin.week import page as week

__all__ = [
    "audit",
    "block",
    "calendar",
    "diary",
    "day",
    "fee_texts",
    "kinds",
    "outbox",
    "practitioners",
    "request_limits",
    "schedule",
    "signins",
    "start",
    "tags",
    "users",
    "week",
    "workers",
    "worklist",
]
