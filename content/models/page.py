"""Public texts with their own addresses, and the questions that people ask."""

from __future__ import annotations

from functools import lru_cache

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import get_script_prefix, get_urlconf, reverse

from content.models.matrix import Concern, Source, Treatment, new_public_id, validate_pairs
from content.models.person import Person

# Duty pages, by slug, that have a view of their own. The others share one.
OWN_ADDRESSES = {
    "consultations": "consultations",
    "costs": "costs",
    "faqs": "faqs",
    "guide": "guide",
    "team": "team",
    "treatments": "treatments",
}
# An article of this name would hide behind the address of the feed.
FEED_SLUG = "feed"


def validate_anchor(slug: str) -> None:
    """Refuse the name that the page's frame uses for its main part: no id may appear twice on /faqs/."""
    if slug == "main":
        raise ValidationError("The page itself uses this name. Choose another.", code="taken")


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
        "{{ recovery }} prints that part from the matrix and the treatments, "
        "and {{ picture waiting-room }} an uploaded picture.",
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
            # These two go for treatments, cells of the matrix and example plans as well.
            ("publish_page", "Can publish, schedule and unpublish content"),
            ("review_page", "Can approve content, or send it back, as a reviewer"),
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

    @property
    def is_about_health(self) -> bool:
        """Whether it makes statements about skin, so that readers are told when nobody has checked them."""
        return self.kind in HEALTH_KINDS

    def clean(self) -> None:
        """Raise ValidationError for an address that belongs to something else."""
        if self.kind == self.Kind.ARTICLE and self.slug == FEED_SLUG:
            raise ValidationError(
                {"slug": ValidationError("This address is the feed's.", code="address_taken")}
            )

    def get_absolute_url(self) -> str:
        return self.address_of(self.kind, self.slug)

    @staticmethod
    def address_of(kind: str, slug: str) -> str:
        """Where readers find the page of this kind and slug."""
        return _address(kind, slug, get_script_prefix(), get_urlconf())


@lru_cache(maxsize=2000)
def _address(kind: str, slug: str, prefix: str, urlconf: str | None) -> str:
    """Written once: a page prints some forty. `prefix` and `urlconf` are what else Django's `reverse` goes by."""
    if kind == Page.Kind.HOME:
        return reverse("content:home")
    if kind == Page.Kind.HUB:
        return reverse("content:concerns")
    if kind == Page.Kind.DUTY:
        name = OWN_ADDRESSES.get(slug)
        return reverse(f"content:{name}") if name else reverse("content:duty", args=[slug])
    return reverse(f"content:{kind}", args=[slug])


# A reviewer must approve these before they go live.
MEDICAL_KINDS = (Page.Kind.CONCERN, Page.Kind.TREATMENT)
# Wider: all texts about health, whose readers are told when nobody has checked them. The others are about the clinic: its
# rules, its people, its prices.
HEALTH_KINDS = (*MEDICAL_KINDS, Page.Kind.ARTICLE, Page.Kind.HUB)


class FormerSlug(models.Model):
    """An address that a page has had. Readers who still come to it are sent to where the page is now."""

    kind = models.CharField(max_length=12, choices=Page.Kind.choices)
    slug = models.SlugField(max_length=80)
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="former_slugs")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["kind", "slug"]
        verbose_name = "former address"
        verbose_name_plural = "former addresses"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "slug"],
                name="a_former_address_leads_to_one_page",
                violation_error_message="This address already leads to a page.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.slug}"


class FAQ(models.Model):
    """A question that people ask, with its answer. All of them stand on /faqs/, each under its own address there."""

    class Group(models.TextChoices):
        """The headings of /faqs/, in the order in which they stand there."""

        SCARS = "scars", "About scars and marks"
        CHOOSING = "choosing", "Choosing a treatment"
        HAVING = "having", "Having treatment"
        SAFETY = "safety", "Is it safe for me?"
        VISIT = "visit", "Cost and consultation"
        INFORMATION = "information", "Your information"

    SLUG_LENGTH = 100

    slug = models.SlugField(
        max_length=SLUG_LENGTH,
        unique=True,
        validators=[validate_anchor],
        help_text="Its address is /faqs/#slug. Left empty, it is made from the question. Links to it break when it changes.",
    )
    group = models.CharField(
        max_length=12, choices=Group.choices, help_text="The heading under which it stands."
    )
    question = models.CharField(max_length=200, unique=True)
    answer = models.TextField(help_text="Markdown, a few sentences.")
    pages = models.ManyToManyField(Page, blank=True, related_name="faqs", help_text="The pages that show it.")
    order = models.PositiveSmallIntegerField(default=0, help_text="Smaller numbers come first.")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["order", "question"]
        verbose_name = "question people ask"
        verbose_name_plural = "questions people ask"

    def __str__(self) -> str:
        return self.question

    def get_absolute_url(self) -> str:
        return f"{reverse('content:faqs')}#{self.slug}"
