"""What one press did to many requests at once, or to somebody's hours, so that it can be taken back as one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models


class Together(models.Model):
    """One press of a member of staff: the time that it blocked, the hours that it saved, and the requests that it changed.

    Each of those requests has its own Undo, which names this row. The clock deletes it once `until` is over.
    """

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    until = models.DateTimeField(help_text="When the mails go, and it is too late to take it back.")
    words = models.CharField(max_length=200, help_text="What it did, for the bar on top of the desk.")
    # Keys: of the time off that it made, and of the requests that it changed.
    time_off: models.JSONField[Any, Any] = models.JSONField(default=list)
    requests: models.JSONField[Any, Any] = models.JSONField(default=list)
    # Whose hours it saved, how they were before, and the digest of those that it saved (bookings/workflow/hours.py).
    hours: models.JSONField[Any, Any] = models.JSONField(default=dict, db_default={})

    class Meta:
        default_permissions = ()  # whoever pressed may take it back
        indexes = [models.Index(fields=["until"], name="togethers_by_end")]

    def __str__(self) -> str:
        return self.words
