"""Example plans: what a few treatments would cost together, worked out from the prices of the treatments."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from content.models.matrix import Treatment
from content.models.published import Published


class ExamplePlanQuerySet(models.QuerySet["ExamplePlan"]):
    def published(self) -> ExamplePlanQuerySet:
        """What readers may be told of. One whose sum cannot be worked out is left out later: content.display.costs."""
        return self.filter(is_published=True)


class ExamplePlan(Published):
    """A plan that somebody could be given, for the page of costs. Its sums are never stored."""

    title = models.CharField(
        max_length=120, unique=True, help_text="For example: Two deep scars, lifted one by one."
    )
    for_whom = models.CharField(
        max_length=200, help_text="Whom it could be for, in one plain sentence. It is an example, not advice."
    )
    note = models.TextField(
        blank=True, help_text="What else to know, for example what wears off. No offers and no deadlines."
    )
    order = models.PositiveSmallIntegerField(default=0, help_text="Smaller numbers come first.")

    objects = ExamplePlanQuerySet.as_manager()

    class Meta:
        ordering = ["order", "title"]

    def __str__(self) -> str:
        return self.title


class ExamplePlanLine(models.Model):
    """One treatment of an example plan, and how many times its price is paid."""

    plan = models.ForeignKey(ExamplePlan, on_delete=models.CASCADE, related_name="lines")
    # A plan from which a treatment had quietly gone would show too low a sum.
    treatment = models.ForeignKey(Treatment, on_delete=models.PROTECT, related_name="example_lines")
    times_from = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1)],
        help_text="How many visits, scars or syringes at least.",
    )
    times_to = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1)], help_text="And at most. The same number if it is certain."
    )
    note = models.CharField(max_length=160, blank=True, help_text="For example: 6 weeks apart.")

    class Meta:
        ordering = ["pk"]
        verbose_name = "treatment of the plan"
        verbose_name_plural = "treatments of the plan"
        constraints = [
            models.CheckConstraint(
                condition=Q(times_from__gte=1, times_to__gte=F("times_from")),
                name="an_example_counts_upwards_from_one",
                violation_error_message="The higher number must not be below the lower one.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.treatment.name}, {self.times_from} to {self.times_to}"
