"""Whether the worker is there, to look at. What is wrong stands on every page of the desk; this one says since when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from bookings.models import WorkerBeat
from bookings.queries import worker
from clinic.foundation.admin.lists import ReadOnlyList

_STATES = {
    "ok": "Alive",
    "stuck": "Alive, and has not looked at the mails for more than five minutes",
    "silent": "Not heard of for more than five minutes",
    "clock": "Stopped: a clock is, or was, wrong",
}


@admin.register(WorkerBeat)
class WorkerBeatAdmin(ReadOnlyList):
    list_display = ("name", "state", "heard", "looked")
    list_display_links = None
    ordering = ("-at",)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return super().changelist_view(request, {"title": "Worker"} | (extra_context or {}))

    @admin.display(description="How it is")
    def state(self, row: WorkerBeat) -> str:
        return _STATES[worker.judged([(row.at, row.mails_at, row.clock_off)], timezone.now()).state]

    @admin.display(description="Last heard of", ordering="at")
    def heard(self, row: WorkerBeat) -> datetime:
        return row.at

    @admin.display(description="Last looked at the mails")
    def looked(self, row: WorkerBeat) -> datetime | None:
        return row.mails_at
