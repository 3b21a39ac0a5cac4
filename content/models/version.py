"""The versions of what is published, and the history of who did what to it. Written by content.publishing.verbs alone.

One table of versions for pages, treatments, cells of the matrix and example plans: what can be done to a draft of one can
be done to any. Every version, and every event, belongs to exactly one of them.
"""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.contrib.auth.models import User
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery

from clinic.foundation.models import HistoryLine
from clinic.foundation.written_once import WrittenOnce
from content.models.example_plans import ExamplePlan
from content.models.matrix import Suitability, Treatment
from content.models.page import Page
from content.models.person import Person

# What has versions. A cell is a Suitability, a plan an ExamplePlan.
Document = Page | Treatment | Suitability | ExamplePlan
# The fields of a version, and of an event, one of which names its document.
OF = ("page", "treatment", "cell", "plan")


def one_of_them() -> Q:
    """Exactly one of the fields of OF is filled."""
    return reduce(or_, (Q(**{f"{other}__isnull": other != name for other in OF}) for name in OF))


class VersionQuerySet(models.QuerySet["Version"]):
    def kept(self) -> VersionQuerySet:
        """Those that nobody has discarded."""
        return self.filter(discarded_at=None)

    def tips(self) -> VersionQuerySet:
        """The newest kept version of each document: what its editor opens. One statement."""
        same = reduce(or_, (Q(**{name: OuterRef(name)}) for name in OF))
        newest = Version.objects.kept().filter(same).order_by("-number")
        return self.filter(pk=Subquery(newest.values("pk")[:1]))

    def drafts(self) -> VersionQuerySet:
        """Tips that readers have not got: they stand beside the live version, or have none yet. One statement."""
        return self.tips().filter(
            live_page=None, live_treatment=None, live_suitability=None, live_exampleplan=None
        )

    def to_publish(self) -> VersionQuerySet:
        """Those with a publication ahead, soonest first."""
        return self.filter(publish_at__isnull=False).order_by("publish_at", "pk")

    def newer_than_live(self) -> VersionQuerySet:
        """Those that are newer than the version that readers have, or had last."""
        ahead = (
            Q(**{f"{name}__isnull": False})
            & (Q(**{f"{name}__live": None}) | Q(number__gt=F(f"{name}__live__number")))
            for name in OF
        )
        return self.filter(reduce(or_, ahead))

    def with_documents(self) -> VersionQuerySet:
        """Each with whatever it is a version of, without the words. In the same statement."""
        documents = (*OF, "cell__concern", "cell__treatment")
        return self.select_related(*documents).defer("data")


class Version(models.Model):
    """What a document says, as somebody saved it. Its words never change; what happens to it is dated beside them."""

    page = models.ForeignKey(Page, null=True, on_delete=models.CASCADE, related_name="versions")
    treatment = models.ForeignKey(Treatment, null=True, on_delete=models.CASCADE, related_name="versions")
    cell = models.ForeignKey(Suitability, null=True, on_delete=models.CASCADE, related_name="versions")
    plan = models.ForeignKey(ExamplePlan, null=True, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(help_text="1, 2, 3 ... in one document.")
    data = models.JSONField(help_text="A snapshot's data: content.publishing.snapshots and .facts.")
    note = models.CharField(max_length=200, blank=True, help_text="What is different, in a few words.")
    saved_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    saved_by_name = models.CharField(max_length=160, help_text="Stays when the account goes.")
    saved_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="approved_versions"
    )
    approved_at = models.DateTimeField(null=True)
    next_review = models.DateField(null=True, help_text="By when the reviewer wants to see it again.")
    sent_back_at = models.DateTimeField(
        null=True, help_text="When a reviewer gave it back to be mended. The word is in the event."
    )
    publish_at = models.DateTimeField(null=True, help_text="A publication ahead.")
    kept_back_at = models.DateTimeField(null=True, help_text="When its publication was due and was refused.")
    published_at = models.DateTimeField(null=True, help_text="When it last went live.")
    discarded_at = models.DateTimeField(null=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["-number", "-pk"]
        constraints = [
            models.CheckConstraint(condition=one_of_them(), name="a_version_is_of_one_document"),
            *(
                models.UniqueConstraint(
                    fields=[name, "number"], name=f"a_version_has_its_number_to_itself_in_a_{name}"
                )
                for name in OF
            ),
            *(
                models.UniqueConstraint(
                    fields=[name],
                    condition=Q(publish_at__isnull=False),
                    name=f"a_{name}_has_one_publication_ahead_at_most",
                )
                for name in OF
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
            models.CheckConstraint(
                condition=Q(sent_back_at=None) | Q(approved_at=None, publish_at=None),
                name="what_was_sent_back_is_neither_approved_nor_planned",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document}, version {self.number}"

    @property
    def document(self) -> Document:
        """What it is a version of."""
        return _document(self)


class PageEvent(HistoryLine):
    """One append-only line of a history: who did what to which version, when, and why against advice.

    Of any document: pages were the first, and the name has stayed.
    """

    page = models.ForeignKey(Page, null=True, on_delete=models.CASCADE, related_name="events")
    treatment = models.ForeignKey(Treatment, null=True, on_delete=models.CASCADE, related_name="events")
    cell = models.ForeignKey(Suitability, null=True, on_delete=models.CASCADE, related_name="events")
    plan = models.ForeignKey(ExamplePlan, null=True, on_delete=models.CASCADE, related_name="events")
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="events")
    verb = models.CharField(max_length=20)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=160, help_text="Stays when the account goes.")
    at = models.DateTimeField()
    planned_for = models.DateTimeField(null=True, help_text="Of a publication ahead: when.")
    # What stood in the way and was overridden, or kept the version back: [code, field, excerpt] each.
    problems = models.JSONField(default=list)
    reason = models.TextField(
        blank=True, help_text="Why problems were overridden, or what a reviewer said who sent it back."
    )

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=one_of_them(), name="an_event_is_of_one_document"),
            # Who published a text has to be known as long as it exists. What readers never had can be deleted.
            WrittenOnce(
                name="page_events_are_written_once",
                days=None,
                of=tuple(f"{name}_id" for name in OF),
                held="line.verb = 'publish'",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} by {self.by_name}"

    @property
    def document(self) -> Document:
        """What it happened to."""
        return _document(self)


def _document(row: Version | PageEvent) -> Document:
    document = row.page or row.treatment or row.cell or row.plan
    if document is None:
        raise ValueError("It is of no document.")
    return document
