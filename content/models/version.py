"""The versions of a page, and the history of who did what to it. Written by content.publishing.verbs alone."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery

from content.models.matrix import Person
from content.models.page import Page


class VersionQuerySet(models.QuerySet["Version"]):
    def kept(self) -> VersionQuerySet:
        """Those that nobody has discarded."""
        return self.filter(discarded_at=None)

    def tips(self) -> VersionQuerySet:
        """The newest kept version of each page: what its editor opens. One statement."""
        newest = Version.objects.kept().filter(page=OuterRef("page")).order_by("-number")
        return self.filter(pk=Subquery(newest.values("pk")[:1]))

    def drafts(self) -> VersionQuerySet:
        """Tips that readers have not got: they stand beside the live version, or have none yet. One statement."""
        return self.tips().filter(~Q(pk=F("page__live")) | Q(page__live=None))

    def to_publish(self) -> VersionQuerySet:
        """Those with a publication ahead, soonest first."""
        return self.filter(publish_at__isnull=False).order_by("publish_at", "pk")


class Version(models.Model):
    """What a page says, as somebody saved it. Its words never change; what happens to it is dated beside them."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(help_text="1, 2, 3 ... in one page.")
    data = models.JSONField(help_text="A Snapshot's data: content.publishing.snapshot.")
    note = models.CharField(max_length=200, blank=True, help_text="What is different, in a few words.")
    saved_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    saved_by_name = models.CharField(max_length=160, help_text="Stays when the account goes.")
    saved_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="approved_versions"
    )
    approved_at = models.DateTimeField(null=True)
    next_review = models.DateField(null=True, help_text="By when the reviewer wants to see the page again.")
    publish_at = models.DateTimeField(null=True, help_text="A publication ahead.")
    kept_back_at = models.DateTimeField(null=True, help_text="When its publication was due and was refused.")
    published_at = models.DateTimeField(null=True, help_text="When it last went live.")
    discarded_at = models.DateTimeField(null=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["page", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["page", "number"], name="a_version_has_its_number_to_itself_in_a_page"
            ),
            models.UniqueConstraint(
                fields=["page"],
                condition=Q(publish_at__isnull=False),
                name="a_page_has_one_publication_ahead_at_most",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None, approved_at=None, next_review=None)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="an_approval_says_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(publish_at=None) | Q(discarded_at=None, kept_back_at=None),
                name="a_publication_ahead_is_of_a_version_that_may_go_live",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.page}, version {self.number}"


class PageEvent(models.Model):
    """One append-only line of a page's history: who did what to which version, when, and why against advice."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="events")
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="events")
    verb = models.CharField(max_length=20)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=160, help_text="Stays when the account goes.")
    at = models.DateTimeField()
    planned_for = models.DateTimeField(null=True, help_text="Of a publication ahead: when.")
    # What stood in the way and was overridden, or kept the version back: [code, field, excerpt] each.
    problems = models.JSONField(default=list)
    reason = models.TextField(blank=True, help_text="Why problems were overridden.")

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.verb} by {self.by_name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("An event is append-only.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("An event is append-only.")
