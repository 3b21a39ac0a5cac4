"""What a filter of the worklist is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, QuerySet

from bookings.queries.lists import Lists


@dataclass(frozen=True)
class Around:
    """Who looks at which list, and when."""

    reader: User
    lists: Lists
    now: datetime
    zone: ZoneInfo


@dataclass(frozen=True)
class Option:
    """One value of a filter, its words, and which requests it leaves: asked for only where it is chosen."""

    code: str
    words: str
    where: Callable[[], Q]


def related(rows: QuerySet[Any], **where: Any) -> Q:
    return Q(Exists(rows.filter(request=OuterRef("pk"), **where)))
