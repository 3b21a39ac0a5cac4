"""Pictures that editors upload: kept in several sizes, with words for people who cannot see them."""

from __future__ import annotations

import re
import secrets

from django.db import models
from django.db.models import Q
from django.urls import reverse

# Where the storage keeps them, and what a folder of ours looks like (see `new_folder`): nothing else is looked for there.
PICTURES = "pictures"
FOLDER = re.compile(r"[0-9a-f]{16}")


def new_folder() -> str:
    """A random name for the place of a picture's files: its address says nothing, and changes with its content."""
    return secrets.token_hex(8)


class Picture(models.Model):
    """One picture. content/pictures/uploads.py makes its files, one for each width; they never change."""

    name = models.SlugField(
        max_length=60,
        unique=True,
        help_text="How a text calls it. A page prints the picture waiting-room at {{ picture waiting-room }}.",
    )
    alt = models.TextField(
        blank=True,
        verbose_name="alternative text",
        help_text="What somebody who sees the picture sees, in a sentence or two. Name the skin tone if skin is shown.",
    )
    decorative = models.BooleanField(
        default=False, help_text="It says nothing that the words beside it do not say: it is read to nobody."
    )
    caption = models.CharField(max_length=300, blank=True, help_text="One line under the picture.")
    shows_a_person = models.BooleanField(default=False, help_text="Somebody could be recognised in it.")
    consent = models.CharField(
        max_length=200,
        blank=True,
        help_text="If it shows a person: where their written consent to publish it is kept, and its date.",
    )
    folder = models.CharField(max_length=16, unique=True, default=new_folder, editable=False)
    widths = models.JSONField(default=list, editable=False)  # in pixels, ascending
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    uploaded_by = models.CharField(max_length=150, blank=True, editable=False)
    uploaded_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decorative=True, alt="") | (Q(decorative=False) & ~Q(alt="")),
                name="a_picture_has_alternative_text_or_is_decorative",
                violation_error_message="Say in words what the picture shows, or tick that it is decorative. Not both.",
            ),
            models.CheckConstraint(
                condition=Q(shows_a_person=False) | ~Q(consent=""),
                name="whoever_is_shown_has_agreed",
                violation_error_message="Say where the written consent of the person shown is kept.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def path(self, width: int) -> str:
        """Where the file of this width lies in the storage."""
        return f"{PICTURES}/{self.folder}/{width}.webp"

    def url(self, width: int) -> str:
        return reverse("content:picture", args=[self.folder, width])

    @property
    def src(self) -> str:
        """The middle size, for browsers that do not choose."""
        return self.url(self.widths[len(self.widths) // 2])

    @property
    def thumbnail(self) -> str:
        return self.url(self.widths[0])

    @property
    def srcset(self) -> str:
        """Every size with its width, for the browser to choose from."""
        return ", ".join(f"{self.url(width)} {width}w" for width in self.widths)
