"""The fee in writing: what clients are told about it before they agree, as rows with the day from which each holds."""

from __future__ import annotations

from datetime import date

from django.db import models


class FeeText(models.Model):
    """Holds from `valid_from` in the clinic's zone, until the day of the next one. Mails carry it.

    A visit keeps the row that held when it was offered or booked, so a row whose day has come stays as it is: what
    follows is a later row (`is_fixed`).
    """

    valid_from = models.DateField(
        "from",
        unique=True,
        error_messages={
            "unique": "A text already begins on that day. Choose another day, or change that one."
        },
        help_text="It holds from this day on, until the next one begins.",
    )
    text = models.TextField(
        "what clients are told",
        max_length=1500,  # as much as somebody reads in a mail
        help_text="What a visit costs, when it is paid, and what a late cancellation costs. Mails carry it, so nothing "
        "about anybody's health or treatment.",
    )

    class Meta:
        ordering = ["-valid_from"]
        verbose_name = "fee text"

    def __str__(self) -> str:
        return f"The fee text from {self.valid_from:%-d %B %Y}"

    def is_fixed(self, today: date) -> bool:
        """Whether its day has come, so that somebody may have agreed to it."""
        return self.valid_from <= today

    @property
    def paragraphs(self) -> list[str]:
        """Its lines that say something."""
        return [line.strip() for line in self.text.splitlines() if line.strip()]
