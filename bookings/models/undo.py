"""What the last thing that staff did to a request can be taken back with, while its mail waits."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from bookings.models.history import Event
from bookings.models.request import ConsultationRequest
from bookings.models.together import Together


class Undo(models.Model):
    """One verb of staff that can still be taken back, at most one for each request (docs/decisions/undo.md).

    The next verb on the request deletes it, whoever calls it, and so does the clock once `until` is over.
    """

    request = models.OneToOneField(ConsultationRequest, on_delete=models.CASCADE, related_name="undo")
    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    until = models.DateTimeField(help_text="When the mail goes, and it is too late.")
    # The press that did it to many, if it was one.
    together = models.ForeignKey(
        Together, null=True, blank=True, on_delete=models.SET_NULL, related_name="undos"
    )
    # What it was like before (bookings/workflow/wait.py, Before): codes, ids and moments, never a word of anybody's.
    before: models.JSONField[Any, Any] = models.JSONField(default=dict)
    # When the client opened their page and so saw it. From then on it can no longer be taken back.
    seen_by_client_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()  # whoever may answer requests may take back what they have just done
        indexes = [models.Index(fields=["until"], name="undos_by_end")]

    def __str__(self) -> str:
        return f"Until {self.until:%H:%M}: {self.event}"
