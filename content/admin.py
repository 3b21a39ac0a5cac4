"""Where editors keep the pages and the matrix. Everything works without JavaScript."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html

from clinic.foundation.plain import PLAIN, FreshAdmin, LabelledFormSet, Ticks
from content.forms import ClinicProfileForm, FAQForm, PageForm, TreatmentForm
from content.models import (
    FAQ,
    ClinicProfile,
    Concern,
    OpeningHours,
    Page,
    Person,
    Source,
    Suitability,
    Treatment,
)


class ScrollingTicks(Ticks):
    """Tick boxes in a box that scrolls: there are many sources."""

    def __init__(self) -> None:
        super().__init__({"class": "choices scroll-box"})


# Plain fields, and tick boxes for every pair of lists.
EDITING: dict[Any, dict[str, Any]] = PLAIN | {models.ManyToManyField: {"widget": ScrollingTicks}}


class OpeningHoursInline(admin.TabularInline):
    model = OpeningHours
    formset = LabelledFormSet
    extra = 1
    formfield_overrides = EDITING


@admin.register(ClinicProfile)
class ClinicProfileAdmin(FreshAdmin):
    """One row: the list leads straight to its form."""

    form = ClinicProfileForm
    inlines = (OpeningHoursInline,)
    fieldsets = (
        ("Who we are", {"fields": ("name", "short_name", "mail_name", "demo")}),
        ("How to reach us", {"fields": ("address", "phone", "email")}),
        ("Clock", {"fields": ("time_zone", "moves_visits")}),
        ("Money", {"fields": ("currency", "consultation_fee")}),
    )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            return super().changelist_view(request, extra_context)
        if ClinicProfile.objects.exists():
            return redirect("admin:content_clinicprofile_change", 1)
        return redirect("admin:content_clinicprofile_add")

    def save_model(
        self, request: HttpRequest, obj: ClinicProfile, form: forms.ModelForm[ClinicProfile], change: bool
    ) -> None:
        obj.pk = 1
        super().save_model(request, obj, form, change)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not ClinicProfile.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


@admin.register(Source)
class SourceAdmin(FreshAdmin):
    list_display = ("code", "title", "url")
    search_fields = ("code", "title")
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}


@admin.register(Person)
class PersonAdmin(FreshAdmin):
    list_display = ("name", "role", "register", "order")


class SuitabilityInline(admin.TabularInline):
    """Cells beside their concern or treatment; sources and review are on a cell's own form."""

    model = Suitability
    formset = LabelledFormSet
    extra = 1
    show_change_link = True
    fields = ("concern", "treatment", "score", "specialist_only", "reason_code", "reason")
    formfield_overrides = {models.TextField: {"widget": forms.Textarea(attrs={"rows": 2, "cols": 60})}}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Suitability]:
        return super().get_queryset(request).select_related("concern", "treatment")


@admin.register(Concern)
class ConcernAdmin(FreshAdmin):
    list_display = ("name", "code", "group", "tell", "order")
    list_filter = ("group",)
    inlines = (SuitabilityInline,)


@admin.register(Treatment)
class TreatmentAdmin(FreshAdmin):
    form = TreatmentForm
    list_display = (
        "name",
        "offered",
        "evidence",
        "pigment_risk",
        "price_from",
        "price_to",
        "price_reviewed_on",
        "order",
    )
    list_filter = ("offered", "evidence", "pigment_risk")
    formfield_overrides = EDITING
    inlines = (SuitabilityInline,)
    fieldsets = (
        (None, {"fields": ("name", "code", "short", "offered", "is_medical_procedure", "how", "order")}),
        ("Evidence", {"fields": ("evidence", "evidence_words", "sources")}),
        ("What to expect", {"fields": ("sessions", "session_length", "comfort", "downtime", "recovery")}),
        ("Risk", {"fields": ("main_risk", "pigment_risk")}),
        ("Price", {"fields": ("cost_basis", "price_from", "price_to", "price_reviewed_on")}),
    )


@admin.register(Suitability)
class SuitabilityAdmin(FreshAdmin):
    list_display = (
        "concern",
        "treatment",
        "score",
        "specialist_only",
        "reason_code",
        "reason",
        "reviewed_by",
        "reviewed_on",
    )
    list_display_links = ("concern", "treatment")
    list_filter = ("concern", "treatment", "score", "specialist_only", "reason_code")
    list_select_related = ("concern", "treatment", "reviewed_by")
    list_per_page = 200
    search_fields = ("reason",)
    formfield_overrides = EDITING


@admin.register(Page)
class PageAdmin(FreshAdmin):
    form = PageForm
    list_display = ("menu_title", "kind", "address", "checked_by", "checked_on", "review_due", "is_published")
    list_filter = ("kind", "is_published", "checked_by")
    list_select_related = ("checked_by",)
    search_fields = ("title", "summary", "body")
    formfield_overrides = EDITING
    readonly_fields = ("public_id", "updated_at")
    fieldsets = (
        (
            None,
            {"fields": ("kind", "slug", "title", "menu_title", "tell", "summary", "is_published", "order")},
        ),
        ("Text", {"fields": ("at_a_glance", "body")}),
        ("Drawing", {"fields": ("drawing", "drawing_alt", "caption")}),
        ("Rows of the matrix", {"fields": ("concerns", "treatments")}),
        (
            "Written and checked",
            {"fields": ("written_by", "checked_by", "checked_on", "review_due", "sources")},
        ),
        ("For the record", {"fields": ("public_id", "updated_at")}),
    )

    @admin.display(description="Address")
    def address(self, obj: Page) -> str:
        """A link to the page for readers, if they can open it."""
        url = obj.get_absolute_url()
        return format_html('<a href="{}">{}</a>', url, url) if obj.is_published else url

    def view_on_site(self, obj: Page) -> str:
        return obj.get_absolute_url() if obj.is_published else reverse("content:home")


@admin.register(FAQ)
class FAQAdmin(FreshAdmin):
    form = FAQForm
    list_display = ("question", "group", "order", "updated_at")
    list_filter = ("group",)
    search_fields = ("question", "answer")
    formfield_overrides = EDITING
    fields = ("question", "answer", "slug", "group", "order", "pages")
