"""The walls in the code that a control takes down, to prove that a race without them is lost.

The walls in the database are constraints and triggers: see `without` in conftest.py.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from time import sleep
from typing import Any
from unittest.mock import patch

from bookings.availability import Slot
from bookings.models.appointment import AppointmentQuerySet
from bookings.models.request import RequestQuerySet
from bookings.queries import slots
from bookings.queries.clinic import Clinic
from bookings.queries.slots import Wanted
from bookings.workflow import times

# Locking the practitioners' rows; looking again, inside the transaction, whether the time is free; the swap on
# status and version.
LOCK, RECHECK, SWAP = "lock", "recheck", "swap"


@contextmanager
def missing(walls: Collection[str]) -> Iterator[None]:
    """Do without these, in this process."""
    with ExitStack() as down:
        if LOCK in walls:
            down.enter_context(patch.object(times, "lock", lambda *whom: None))
            # On an idle machine the gap between looking and writing is too short to be met by chance.
            down.enter_context(patch.object(AppointmentQuerySet, "exists", _looks_and_pauses))
        if RECHECK in walls:
            down.enter_context(patch.object(AppointmentQuerySet, "exists", lambda self: False))
            down.enter_context(patch.object(slots, "free_at", _anything_goes))
        if SWAP in walls:
            down.enter_context(patch.object(RequestQuerySet, "filter", _by_key_only))
        yield


def _anything_goes(
    wanted: Wanted, start: datetime, *, now: datetime, place: Clinic | None = None
) -> list[Slot]:
    assert wanted.practitioner_id is not None  # the races with this wall down name somebody
    return [wanted.slot(wanted.practitioner_id, start)]


_exists = AppointmentQuerySet.exists
_filter = RequestQuerySet.filter


def _looks_and_pauses(self: AppointmentQuerySet) -> bool:
    found = _exists(self)
    sleep(0.15)
    return found


def _by_key_only(self: RequestQuerySet, *args: Any, **kwargs: Any) -> RequestQuerySet:
    if "version" in kwargs:
        kwargs = {"pk": kwargs["pk"]}
    return _filter(self, *args, **kwargs)
