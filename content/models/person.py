"""Who works here, as the public sees them."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import models
from django.urls import reverse

from clinic.foundation import names
from content.models.picture import Picture


class Person(models.Model):
    """A member of the clinic as the public sees them."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120, help_text="With title, for example: Dr Ana Lind.")
    role = models.CharField(max_length=120, help_text="For example: Dermatologist.")
    register = models.CharField(
        max_length=200, blank=True, help_text="Which register lists them, with their number."
    )
    text = models.TextField(blank=True, help_text="Two or three plain sentences: what they do here.")
    portrait = models.ForeignKey(
        Picture,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="people",
        help_text="A picture of them, uploaded under Pictures. Without one the site draws their initials.",
    )
    order = models.PositiveSmallIntegerField(default=0, help_text="Smaller numbers come first.")
    account = models.OneToOneField(
        User,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="person",
        help_text="Who signs in as this person. A reviewer approves under this name.",
    )

    class Meta:
        ordering = ["order", "name"]
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return f"{self.name}, {self.role}"

    def get_absolute_url(self) -> str:
        """Their entry on the page of the team."""
        return f"{reverse('content:team')}#{self.anchor}"

    @property
    def anchor(self) -> str:
        """The id of their entry. The prefix keeps it apart from the headings of an editor's text."""
        return f"person-{self.slug}"

    @property
    def initials(self) -> str:
        """Of the first and the last name, without a title: IF for Dr Imogen Farrow."""
        return names.initials(self.name)

    @property
    def first_sentence(self) -> str:
        """What they do here, for places where all of the text would be too much."""
        words = self.text.split()
        ends = (n for n, word in enumerate(words, 1) if word.endswith(".") and not names.is_title(word))
        return " ".join(words[: next(ends, None)]).rstrip(".") + "."
