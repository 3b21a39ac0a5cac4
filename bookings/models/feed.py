"""A practitioner's own feed for their calendar app."""

from __future__ import annotations

from django.db import models

from bookings.models.schedule import Practitioner


class CalendarFeed(models.Model):
    """The secret address at which a practitioner's calendar app reads their visits (bookings/feed.py). No row: none."""

    practitioner = models.OneToOneField(Practitioner, on_delete=models.CASCADE, related_name="calendar_feed")
    digest = models.CharField(max_length=64, unique=True, help_text="Of the token, which is stored nowhere.")
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True, help_text="About when an app last asked.")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"Feed of {self.practitioner_id}"
