"""Time off removed where it is seen: in the calendar."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from bookings.admin.decide import may
from bookings.desk_site import UNBLOCK
from bookings.workflow import time_off
from clinic.foundation.responses import SeeOther
from clinic.foundation.text import id_in


@may(UNBLOCK)
def press(request: HttpRequest, done: str) -> HttpResponse:
    """Remove the time off that was pressed (its key) and lead to `done`."""
    found = time_off.remove(id_in(request.POST["remove"]))
    if found is None:
        messages.info(request, "That block is gone already.")
        return SeeOther(done)
    label = found.label or "Time off"
    messages.success(request, f"Removed: {label}, {found.practitioner.name}. The times are free again.")
    return SeeOther(done)
