"""What a client wants to ask at their visit: chosen or written beforehand, and settled by whoever sees them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from bookings.models.request import ConsultationRequest
from clinic.foundation.crypto import SEALED_WORDS, EncryptedTextField, opened


class VisitQuestion(models.Model):
    """One question, encrypted: it may say something about their health. The client reads it
    again behind the link of the plan (bookings/client/plan/) and nowhere else.

    It is not what the desk asks a client while a request is open: that is a Note.
    """

    class State(models.TextChoices):
        OPEN = "open", "Open"
        ANSWERED = "answered", "Answered"
        PUT_OFF = "put_off", "Put off"

    request = models.ForeignKey(ConsultationRequest, on_delete=models.CASCADE, related_name="visit_questions")
    body = EncryptedTextField()
    reply = EncryptedTextField(
        blank=True, default="", db_default="", help_text="What was answered in writing, if it was."
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    asked_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True, help_text="When it was answered or put off.")

    class Meta:
        ordering = ["asked_at", "id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", settled_at__isnull=True)
                | Q(~Q(state="open"), settled_at__isnull=False),
                name="a_settled_question_has_its_moment",
            )
        ]

    def __str__(self) -> str:
        return f"{self.state} question of {self.request_id}"

    @property
    def words(self) -> str:
        """What it says, for people to read; or that it could not be opened, where no key opens it."""
        body: str | None = opened(self, "body")
        return SEALED_WORDS if body is None else body

    @property
    def answer(self) -> str:
        """What was answered in writing, likewise; empty if nothing was."""
        reply: str | None = opened(self, "reply")
        return SEALED_WORDS if reply is None else reply

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN
