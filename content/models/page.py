"""Public texts with their own addresses, and the questions that people ask."""

from __future__ import annotations

import secrets
import string

from django.db import models
from django.urls import reverse

from content.models.matrix import Concern, Person, Source, Treatment, validate_pairs

# Duty pages, by slug, that have a view of their own. The others share one.
OWN_ADDRESSES = {"consultations": "consultations", "treatments": "treatments"}

_TOKEN_LETTERS = string.ascii_lowercase + string.digits


def new_public_id() -> str:
    """A random name for a page, 12 characters, so that a link can carry the page without a health word."""
    return "".join(secrets.choice(_TOKEN_LETTERS) for _ in range(12))


class PageQuerySet(models.QuerySet["Page"]):
    def published(self) -> PageQuerySet:
        """What readers can open."""
        return self.filter(is_published=True)


class Page(models.Model):
    """A public text with its own address. One page may cover several rows of the matrix."""

    class Kind(models.TextChoices):
        HOME = "home", "Home page"
        HUB = "hub", "Hub of all concerns"
        CONCERN = "concern", "Concern"
        TREATMENT = "treatment", "Treatment"
        ARTICLE = "article", "Article"
        DUTY = "duty", "Duty (consultations, privacy, urgent help ...)"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    slug = models.SlugField(max_length=80, help_text="The last part of the address.")
    public_id = models.CharField(
        max_length=12,
        unique=True,
        default=new_public_id,
        editable=False,
        help_text="Carries the page into a request without a health word in the address.",
    )
    title = models.CharField(max_length=160, help_text="The heading at the top.")
    menu_title = models.CharField(max_length=80, help_text="A shorter heading for lists and tiles.")
    tell = models.CharField(max_length=160, blank=True, help_text="The few words under its tile.")
    summary = models.TextField(help_text="One sentence. It opens the page and shows in search results.")
    body = models.TextField(
        blank=True,
        help_text="Markdown. On a line of its own, {{ may-help }}, {{ does-not-help }}, {{ matrix }} or "
        "{{ recovery }} prints that part from the matrix and the treatments.",
    )
    at_a_glance = models.JSONField(
        default=list,
        blank=True,
        validators=[validate_pairs],
        help_text="The facts in the panel. Left empty on a treatment page, they are taken from its treatments.",
    )
    drawing = models.SlugField(
        max_length=60, blank=True, help_text="The name of its drawing, for example ice-pick."
    )
    drawing_alt = models.TextField(blank=True, help_text="What a person who sees the drawing sees, in words.")
    caption = models.CharField(max_length=300, blank=True, help_text="One line under the drawing.")
    written_by = models.CharField(max_length=160, blank=True, help_text="For example: the Alder Row team.")
    checked_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="checked_pages"
    )
    checked_on = models.DateField(null=True, blank=True)
    review_due = models.DateField(null=True, blank=True, help_text="By when somebody must check it again.")
    concerns = models.ManyToManyField(
        Concern, blank=True, related_name="pages", help_text="The rows of the matrix that it covers."
    )
    treatments = models.ManyToManyField(
        Treatment, blank=True, related_name="pages", help_text="The treatments that it covers."
    )
    sources = models.ManyToManyField(Source, blank=True, related_name="pages")
    order = models.PositiveSmallIntegerField(default=0, help_text="Smaller numbers come first in lists.")
    # What readers see. Both are written by content.publishing alone.
    is_published = models.BooleanField(default=True, help_text="Readers can open it.")
    live = models.OneToOneField(
        "content.Version",
        null=True,
        editable=False,
        on_delete=models.RESTRICT,
        related_name="live_page",
        help_text="The version that this row says: none before the first publication.",
    )
    updated_at = models.DateTimeField(auto_now=True)

    objects = PageQuerySet.as_manager()

    class Meta:
        ordering = ["order", "menu_title"]
        permissions = [
            ("publish_page", "Can publish, schedule and unpublish pages"),
            ("review_page", "Can approve pages as a reviewer"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "slug"],
                name="a_page_has_its_address_to_itself",
                violation_error_message="Another page of this kind has this address.",
            )
        ]

    def __str__(self) -> str:
        return self.menu_title or self.title

    def get_absolute_url(self) -> str:
        if self.kind == self.Kind.HOME:
            return reverse("content:home")
        if self.kind == self.Kind.HUB:
            return reverse("content:concerns")
        if self.kind == self.Kind.DUTY:
            name = OWN_ADDRESSES.get(self.slug)
            return reverse(f"content:{name}") if name else reverse("content:duty", args=[self.slug])
        return reverse(f"content:{self.kind}", args=[self.slug])


class FAQ(models.Model):
    """A question that people ask, with its answer."""

    question = models.CharField(max_length=200, unique=True)
    answer = models.TextField(help_text="Markdown, a few sentences.")
    pages = models.ManyToManyField(Page, blank=True, related_name="faqs", help_text="The pages that show it.")
    order = models.PositiveSmallIntegerField(default=0, help_text="Smaller numbers come first.")

    class Meta:
        ordering = ["order", "question"]
        verbose_name = "question people ask"
        verbose_name_plural = "questions people ask"

    def __str__(self) -> str:
        return self.question
