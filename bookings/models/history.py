"""What happened to a request: a line for each change, and the free text that belongs to it."""

from __future__ import annotations

from typing import Any

from django.db import models

from bookings.models.request import ConsultationRequest
from bookings.states import Who
from clinic.foundation.crypto import SEALED_WORDS, EncryptedTextField, opened
from clinic.foundation.limits.history import WRITTEN_ONCE_DAYS
from clinic.foundation.models import HistoryLine
from clinic.foundation.written_once import WrittenOnce


class Event(HistoryLine):
    """One line of a request's history. Append-only: it can be neither changed nor deleted.

    `facts` holds codes, ids and times only; free text lives in Note.
    """

    # Names of staff (bookings/clock.py).
    forgotten = ("actor_label", "actor_id")

    request = models.ForeignKey(ConsultationRequest, on_delete=models.CASCADE, related_name="events")
    verb = models.CharField(max_length=20)
    from_status = models.CharField(max_length=12, blank=True)
    to_status = models.CharField(max_length=12)
    version = models.PositiveIntegerField()
    actor_kind = models.CharField(max_length=8, choices=[(w.value, w.value) for w in Who])
    actor_id = models.PositiveBigIntegerField(null=True, blank=True)
    actor_label = models.CharField(max_length=120)
    at = models.DateTimeField()
    reason = models.CharField(max_length=20, blank=True)
    facts: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["request", "version"], name="one_event_a_version"),
            # The history of a request that was never anything but suspected goes with it.
            WrittenOnce(
                name="events_are_written_once",
                days=WRITTEN_ONCE_DAYS,
                of=("request_id",),
                held="line.to_status <> 'suspected'",
            ),
        ]
        # The clock looks for old ones every time.
        indexes = [models.Index(fields=["at"], name="events_by_time")]

    def __str__(self) -> str:
        return f"{self.verb} by {self.actor_label}"


class Note(models.Model):
    """Free text about a request: encrypted, erasable, never in an event."""

    class Kind(models.TextChoices):
        INTERNAL = "internal", "Internal note"
        QUESTION = "question", "Question to the client"
        ANSWER = "answer", "Answer from the client"
        ADVICE = "advice", "Personal note to the client"
        INFORMATION = "information", "More from the client"
        REASON = "reason", "The client's reason"

    request = models.ForeignKey(ConsultationRequest, on_delete=models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    body = EncryptedTextField()
    # Hidden from whoever may not read health answers, unless somebody has said that it is not about health.
    about_health = models.BooleanField(default=True)
    author_label = models.CharField(max_length=120)
    author_id = models.PositiveBigIntegerField(null=True, blank=True)
    at = models.DateTimeField()
    # What it came with was taken back before the client saw it: they never read it.
    taken_back_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.kind} of {self.request_id}"

    @property
    def words(self) -> str:
        """What it says, for people to read; or that it could not be opened, where no key opens it."""
        body: str | None = opened(self, "body")
        return SEALED_WORDS if body is None else body
