"""Corrections of what shipped that a migration could not make here, because somebody had edited the row."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def open(self) -> CorrectionQuerySet:
        """Those that nobody has settled, oldest first."""
        return self.filter(settled_at=None).order_by("made_at", "pk")


class Correction(models.Model):
    """One row that a person has to read. Made by migrations, settled by content.publishing.corrections alone."""

    subject = models.CharField(max_length=200, help_text="What staff read: Page: Chemical peels.")
    admin_path = models.CharField(max_length=200, help_text="Where to mend it, under /admin/.")
    why = models.TextField(help_text="What was wrong in what shipped, and what it should say.")
    made_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="settled_corrections"
    )

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_by=None) | Q(settled_at__isnull=False),
                name="whoever_settled_a_correction_did_so_at_a_time",
            ),
            # The page of what is due makes a link of it.
            models.CheckConstraint(
                condition=Q(admin_path__startswith="/admin/"), name="a_correction_leads_into_the_desk"
            ),
        ]

    def __str__(self) -> str:
        return self.subject
