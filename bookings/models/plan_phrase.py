"""Sentences that practitioners put into plans with one press: the clinic keeps them, and none is about anybody."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from bookings import limits
from bookings.answers import APPLIES, NONE_APPLY, NOT_SURE

# What may be ticked of somebody at the visit (bookings/admin/plan/forms.py).
MARKS = [(code, words) for code, words in APPLIES.items() if code not in (NOT_SURE, NONE_APPLY, "in_person")]


class PhrasePlace(models.TextChoices):
    """The part of a plan that a phrase is for: the name of the form's field, or what was advised against."""

    FIRST = "first", "What has to happen first"
    CAN = "can", "What it can do"
    CANNOT = "cannot", "What it cannot do"
    AGAINST = "against", "Advised against, and why"


class PlanPhrase(models.Model):
    """One sentence or two. One with `only_if` is offered only where that is ticked of the client at the visit."""

    place = models.CharField("for", max_length=10, choices=PhrasePlace)
    name = models.CharField(
        "what is advised against",
        max_length=limits.plans.LINE_NAME_CHARACTERS,
        blank=True,
        help_text="Only for what is advised against: “A strong peel”. The words below say why.",
    )
    words = models.TextField(
        max_length=limits.plans.PHRASE_CHARACTERS,
        help_text="As the client reads it: plain words, true of everybody to whom it is offered. Nothing about one person.",
    )
    only_if = models.CharField(
        "only if this applies",
        max_length=20,
        blank=True,
        choices=MARKS,
        help_text="Offered only where this is ticked of the client. Empty: always.",
    )
    is_active = models.BooleanField("in use", default=True, help_text="Off: it is not offered any more.")

    class Meta:
        ordering = ["place", "pk"]
        verbose_name = "phrase for plans"
        verbose_name_plural = "phrases for plans"
        constraints = [
            models.CheckConstraint(
                condition=Q(place="against", name__gt="") | Q(~Q(place="against"), name=""),
                name="a_phrase_names_what_is_advised_against_and_nothing_else",
                violation_error_message="Say what is advised against, and only there.",
            )
        ]

    def clean(self) -> None:
        """Raises ValidationError beside the name."""
        if (self.place == PhrasePlace.AGAINST) != bool(self.name):
            raise ValidationError(
                {"name": _NO_NAME if self.name else "Say what is advised against: the words below say why."}
            )

    def __str__(self) -> str:
        words = f"{self.name}: {self.words}" if self.name else self.words
        return words if len(words) <= _SHOWN else f"{words[:_SHOWN].rstrip()}…"


_NO_NAME = "Leave this empty: it is only for what is advised against."
# As much of it as a list shows, in characters: about a line.
_SHOWN = 90
