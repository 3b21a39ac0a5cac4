"""How many requests the site takes a day, or none for a while: rows with a first and a last day."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class RequestLimit(models.Model):
    """From `first_day` until `last_day` in the clinic's zone, at most `a_day` new requests from the site; 0 is a pause.

    Who has begun a request before may still send it, and staff take requests on the phone as ever
    (bookings/queries/door.py).
    """

    first_day = models.DateField("from")
    last_day = models.DateField("until", null=True, blank=True, help_text="This day counts. Empty: open.")
    a_day = models.PositiveSmallIntegerField(
        "requests a day",
        help_text="As many new requests as you can answer well. 0 is a pause: nobody can begin one.",
    )
    words = models.TextField(
        "what people read then",
        blank=True,
        help_text="Why, in plain words. When the form opens again, and whom to call, stands there anyway.",
    )
    # Since when the days and the number are these: a change shuts nobody out who began before it.
    holds_since = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["first_day", "id"]
        verbose_name = "limit on requests"
        verbose_name_plural = "limits on requests"
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__isnull=True) | Q(last_day__gte=F("first_day")),
                name="a_limit_on_requests_holds_for_a_day_or_more",
                violation_error_message="The last day must not be before the first.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.a_day} a day" if self.a_day else "Pause"
