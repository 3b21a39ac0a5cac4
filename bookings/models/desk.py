"""What staff keep for themselves: the clinic's tags, a person's own views of the worklist, and who is looking at what."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower


class Tag(models.Model):
    """A word that the desk may put on a request. Managers keep the list; one in use is switched off, never deleted.

    It is not encrypted and stands on the worklist, where a waiting room may read it. So nobody types tags freely.
    """

    name = models.CharField(
        max_length=30,
        help_text="A word or two that anybody in the room may read. Nothing about anybody’s health.",
    )
    is_active = models.BooleanField(
        "in use", default=True, help_text="Off: nobody can add it any more. Requests that have it keep it."
    )

    class Meta:
        ordering = [Lower("name")]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="a_tag_has_a_name_of_its_own",
                violation_error_message="There is a tag of this name already.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class SavedView(models.Model):
    """The worklist as one person likes to see it: a name, and the query of its address ("tab=new&flag=clinician")."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=500)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint("user", Lower("name"), name="a_person_has_one_view_of_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Presence(models.Model):
    """Somebody has a request open. Written at most once a minute, believed for a little longer, then nobody is there."""

    request = models.ForeignKey(
        "bookings.ConsultationRequest", on_delete=models.CASCADE, related_name="presences"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "user"], name="one_presence_a_person_and_request")
        ]
        indexes = [models.Index(fields=["at"], name="presences_by_time")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.request_id}"
