"""Time off removed where it is seen: in the calendar."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from bookings.admin import whose_time
from bookings.models import TimeOff
from bookings.workflow import time_off
from clinic.foundation.responses import SeeOther
from clinic.foundation.text import id_in


def press(request: HttpRequest, done: str) -> HttpResponse:
    """Remove the time off that was pressed (its key) and lead to `done`."""
    user, key = cast(User, request.user), id_in(request.POST["remove"])
    freed = whose_time.freed_by(user)
    others = TimeOff.objects.filter(pk=key).exclude(practitioner__user=user)
    if not freed or not freed.everybody and others.exists():
        raise PermissionDenied
    found = time_off.remove(key)
    if found is None:
        messages.info(request, "That block is gone already.")
        return SeeOther(done)
    label = found.label or "Time off"
    messages.success(request, f"Removed: {label}, {found.practitioner.name}. The times are free again.")
    return SeeOther(done)
